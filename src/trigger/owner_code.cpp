#include "trigger/owner_code.h"

namespace gpsync {

bool owner_code_running = false;

void raise_write_by_owner_code(Relation relation) {
    ereport(ERROR, (errcode(ERRCODE_TRIGGERED_ACTION_EXCEPTION),
                    errmsg("a trigger fired by gpsync's bookkeeping must not write table \"%s\"",
                           RelationGetRelationName(relation)),
                    errdetail("Such a write is a new change for every row that is marked as synchronised, "
                              "and its own mark would be one more."),
                    errhint("Let the trigger leave updates alone that change nothing but sync_status and "
                            "last_sync_timestamp, or do not ENABLE it ALWAYS or REPLICA."),
                    errtable(relation)));
    pg_unreachable();
}

}  // namespace gpsync
