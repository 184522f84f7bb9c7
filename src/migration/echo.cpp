#include "migration/echo.h"

#include "pg/compat/message.h"
#include "pg/echo_message.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlog.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

void write_echo_message(int64 revision, const char* endpoints) {
    if (!pg::is_import_revision(revision, GetXLogInsertRecPtr()))
        elog(ERROR, "revision %lld is not of a chunk of an import", static_cast<long long>(revision));
    const char* message = psprintf("%lld %s", static_cast<long long>(revision), endpoints);
    pg::compat::log_message(pg::kEchoMessagePrefix, message, strlen(message), true);
}

}  // namespace gpsync::migration
