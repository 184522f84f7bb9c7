#include "trigger/loading.h"

#include "machine/cache.h"
#include "pg/attachment.h"
#include "pg/text.h"
#include "trigger/scoped_mode.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "miscadmin.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// The attached table that load_row() loads into; InvalidOid: none. One row's worth: the first that passes
// clears it, so that what a user's trigger inserts on top is checked.
Oid loading = InvalidOid;
// An error of the INSERT may be caught: then its subtransaction ends, and the permission with it.
ScopedMode mode = {[] { loading = InvalidOid; }};

// REQUIRES: nothing with a destructor alive.
void begin_load(Oid relation) {
    loading = require_attached_root(relation, "Nothing checks its rows: use INSERT.");
    mode.begin();
}

}  // namespace

bool admit_loaded_row(const TriggerData& data, std::string_view state) {
    if (!OidIsValid(loading)) return false;
    Oid root = InvalidOid;
    pg::server_call([&] { root = pg::attached_root(RelationGetRelid(data.tg_relation)); });
    if (root != loading) return false;
    if (state.data() == nullptr ||
        require_machine(data.tg_trigger->tgargs[pg::kMachineArgument]).find(state) == core::kNoState)
        return false;
    loading = InvalidOid;
    const std::string text(state);
    pg::server_call([&] {
        ereport(LOG, (errmsg("a row was loaded into table \"%s\" in state \"%s\" by role \"%s\"",
                             RelationGetRelationName(data.tg_relation), text.c_str(),
                             GetUserNameFromId(GetUserId(), true))));
    });
    return true;
}

}  // namespace gpsync

// begin_load(relation regclass) -> void
GPSYNC_FUNCTION(gpsync_begin_load) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] { gpsync::begin_load(PG_GETARG_OID(0)); });
        PG_RETURN_VOID();
    });
}

// end_load() -> void
GPSYNC_FUNCTION(gpsync_end_load) {
    return gpsync::pg::guarded([]() -> Datum {
        gpsync::loading = InvalidOid;
        PG_RETURN_VOID();
    });
}
