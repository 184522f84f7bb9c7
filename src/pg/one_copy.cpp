#include "pg/one_copy.h"

namespace gpsync::pg {

bool claim_library(const char* name) {
    static char copy;  // its address distinguishes copies
    void** holder = find_rendezvous_variable(psprintf("%s library", name));
    if (*holder == nullptr) {
        *holder = &copy;
        return true;
    }
    if (*holder != &copy)
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("library \"%s\" is loaded already, from another file", name),
                 errdetail("One process can have one copy of it."),
                 errhint("Name the same file everywhere: in shared_preload_libraries, LOAD, functions and "
                         "replication slots. Then reconnect.")));
    return false;
}

}  // namespace gpsync::pg
