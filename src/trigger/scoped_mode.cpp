#include "trigger/scoped_mode.h"

#include "pg/attachment.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

void at_subtransaction_end(SubXactEvent event, SubTransactionId ended, SubTransactionId, void* mode) {
    if (event == SUBXACT_EVENT_ABORT_SUB && ended == static_cast<ScopedMode*>(mode)->began_in)
        static_cast<ScopedMode*>(mode)->end();
}

void at_transaction_end(XactEvent event, void* mode) {
    if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
        static_cast<ScopedMode*>(mode)->end();
}

}  // namespace

void ScopedMode::begin() {
    if (!registered) {
        RegisterXactCallback(at_transaction_end, this);
        RegisterSubXactCallback(at_subtransaction_end, this);
        registered = true;
    }
    began_in = GetCurrentSubTransactionId();
}

Oid require_attached_root(Oid relation, const char* hint) {
    const Oid root = pg::attached_root(relation);
    if (!OidIsValid(root))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("table \"%s\" is not attached", get_rel_name(relation)), errhint("%s", hint)));
    return root;
}

}  // namespace gpsync
