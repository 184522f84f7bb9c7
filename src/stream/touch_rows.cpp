// Marks the rows of a table that may not have been delivered PENDING again, for recreate_stream(). It is an
// ordinary UPDATE, so the owner's triggers fire: it runs with the owner's rights, in a restricted context,
// and not with those of whoever called.
#include "pg/as_owner.h"
#include "pg/guard.h"
#include "pg/relation_name.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// REQUIRES (all): nothing with a destructor alive.
Oid owner_of(Oid relation) {
    const Oid owner = pg::owner_of(relation);
    if (!OidIsValid(owner))
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation with OID %u does not exist", relation)));
    return owner;
}

uint64 update_pending(Oid relation) {
    const char* table = pg::rows_of(relation);
    // Booked rows are not touched: COMPLETED and FAILED say that every endpoint has answered for this
    // revision.
    const char* update = psprintf(
        "UPDATE %s SET sync_status = 'PENDING' WHERE sync_status OPERATOR(pg_catalog.=) 'PENDING'", table);
    SPI_connect();
    if (SPI_execute(update, false, 0) != SPI_OK_UPDATE) elog(ERROR, "could not touch the rows of %s", table);
    const uint64 count = SPI_processed;
    SPI_finish();
    return count;
}

uint64 touch_as_owner(Oid relation) {
    uint64 count = 0;
    if (pg::weakest_owner(relation) != owner_of(relation)) pg::raise_several_owners(relation);
    pg::as_owner(owner_of(relation), [&] {
        // A policy that hides rows from the owner too must be an error, not rows left out.
        pg::set_local("row_security", "off");
        count = update_pending(relation);
    });
    return count;
}

}  // namespace

}  // namespace gpsync

// touch_pending_rows(relation regclass) -> bigint
GPSYNC_FUNCTION(gpsync_touch_pending_rows) {
    return gpsync::pg::guarded(
        [&]() -> Datum { PG_RETURN_INT64(static_cast<int64>(gpsync::touch_as_owner(PG_GETARG_OID(0)))); });
}
