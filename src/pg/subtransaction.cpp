#include "pg/subtransaction.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "utils/resowner.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::detail {

ErrorData* try_in_subtransaction(void (*trampoline)(void*), void* closure) {
    MemoryContext context = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    ErrorData* volatile error = nullptr;

    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(context);
    PG_TRY();
    {
        trampoline(closure);
        ReleaseCurrentSubTransaction();
    }
    PG_CATCH();
    {
        MemoryContextSwitchTo(context);
        error = CopyErrorData();
        FlushErrorState();
        RollbackAndReleaseCurrentSubTransaction();
    }
    PG_END_TRY();
    MemoryContextSwitchTo(context);
    CurrentResourceOwner = owner;
    return error;
}

}  // namespace gpsync::pg::detail
