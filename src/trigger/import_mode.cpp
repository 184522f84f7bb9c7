#include "trigger/import_mode.h"

#include "machine/cache.h"
#include "pg/attachment.h"
#include "trigger/row_stamp.h"
#include "trigger/scoped_mode.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/origin.h"
#include "utils/fmgrprotos.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

int64_t importing_revision = 0;
StampedUpdate next_stamped_update;

namespace {

Oid import_root = InvalidOid;
// Where triggers of the import's own statements run. What those triggers write has deeper ones.
int import_depth = 0;
// The relation that was asked for last, a partition maybe, and whether it belongs to import_root.
Oid last_relation = InvalidOid;
bool last_belongs = false;
bool row_was_stamped = false;
// What the session's origin was, while the import has another one.
std::optional<RepOriginId> origin_before;

ScopedMode mode = {[] { end_import(); }};

int trigger_depth() {
    return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, Datum{0}));
}

bool belongs(Relation relation) {
    const Oid oid = RelationGetRelid(relation);
    if (oid == last_relation) return last_belongs;
    Oid root = InvalidOid;
    pg::server_call([&] { root = pg::attached_root(oid); });
    last_relation = oid;
    last_belongs = root == import_root;
    return last_belongs;
}

bool is_import_row(const StampLayout& layout, Relation relation, HeapTuple tuple) {
    return row_revision(layout, tuple, RelationGetDescr(relation)) == importing_revision && belongs(relation);
}

}  // namespace

void begin_import(Oid relation, int64_t revision, bool unseen) {
    import_root = require_attached_root(relation, "SELECT gpsync.attach(...) comes first.");
    import_depth = trigger_depth() + 1;
    mode.begin();
    Assert(revision % 8 == kImportRemainder || revision % 8 == kRevertRemainder);
    last_relation = InvalidOid;
    row_was_stamped = false;
    importing_revision = revision;
    if (!unseen) return;
    origin_before = replorigin_session_origin;
    replorigin_session_origin = DoNotReplicateId;
}

void end_import() noexcept {
    importing_revision = 0;
    next_stamped_update = {};
    if (!origin_before) return;
    replorigin_session_origin = *origin_before;
    origin_before.reset();
}

bool keep_import_stamp(const StampLayout& layout, Relation relation, HeapTuple tuple) {
    // An UPDATE by a trigger (of the table's owner, or of a table in step) leaves the revision in the row.
    row_was_stamped = trigger_depth() == import_depth && is_import_row(layout, relation, tuple);
    return row_was_stamped;
}

bool take_import_row() noexcept {
    return importing_revision != 0 && std::exchange(row_was_stamped, false);
}

bool admit_import_row(const StampLayout& layout, Relation relation, HeapTuple tuple, std::string_view machine,
                      std::string_view state) {
    return importing_revision != 0 && is_import_row(layout, relation, tuple) && state.data() != nullptr &&
           require_machine(machine).find(state) != core::kNoState;
}

}  // namespace gpsync
