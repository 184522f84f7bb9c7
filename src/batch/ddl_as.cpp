// A command that defines something of a user's (a trigger on a table, a table of before-images) runs as that
// user, in the restricted context, whoever calls.
#include "pg/as_owner.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/spi.h"
#include "utils/builtins.h"
GPSYNC_SERVER_HEADERS_END

// ddl_as(role oid, command text) -> void
GPSYNC_FUNCTION(gpsync_ddl_as) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] {
            const char* command = text_to_cstring(PG_GETARG_TEXT_PP(1));
            gpsync::pg::as_owner(PG_GETARG_OID(0), [&] {
                SPI_connect();
                if (SPI_execute(command, false, 0) != SPI_OK_UTILITY)
                    elog(ERROR, "not a command: %s", command);
                SPI_finish();
            });
        });
        PG_RETURN_VOID();
    });
}
