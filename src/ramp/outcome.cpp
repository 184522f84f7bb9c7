// record_outcome(): counts at once, whatever becomes of the transaction, as nextval() does. It is not
// nextval() itself: that would be what lastval() gives to the application from then on, after a crash a
// counter would be up to 32 ahead, and a read-only transaction could not count.
#include "pg/guard.h"
#include "pg/text.h"
#include "ramp/cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/generic_xlog.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/xlog.h"
#include "catalog/pg_class.h"
#include "commands/sequence.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::ramp {

namespace {

// What is on the page of a FormData_pg_sequence_data: without the padding behind it.
constexpr size_t kSequenceBytes = offsetof(FormData_pg_sequence_data, is_called) + sizeof(bool);

// The one row of a sequence; nullptr where the page is none of a sequence.
Form_pg_sequence_data sequence_row(Page page) {
    if (PageIsNew(page) || PageGetMaxOffsetNumber(page) != FirstOffsetNumber) return nullptr;
    ItemId item = PageGetItemId(page, FirstOffsetNumber);
    if (!ItemIdIsNormal(item)) return nullptr;
    auto* header = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, item));
    if (ItemIdGetLength(item) < header->t_hoff + kSequenceBytes) return nullptr;
    return reinterpret_cast<Form_pg_sequence_data>(reinterpret_cast<char*>(header) + header->t_hoff);
}

// The page's exclusive lock makes it one count; generic WAL makes it durable, on standbys too.
bool advance(Relation sequence) {
    Buffer buffer = ReadBuffer(sequence, 0);
    LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
    GenericXLogState* state = GenericXLogStart(sequence);
    Form_pg_sequence_data row = sequence_row(GenericXLogRegisterBuffer(state, buffer, 0));
    if (row != nullptr) {
        ++row->last_value;
        row->is_called = true;
        GenericXLogFinish(state);
    } else {
        GenericXLogAbort(state);
    }
    UnlockReleaseBuffer(buffer);
    return row != nullptr;
}

// The lock is given back at once: drop_ramp() waits for no transaction that has counted. REQUIRES: nothing
// with a destructor alive.
bool count(Oid counter) {
    Relation sequence = OidIsValid(counter) ? try_relation_open(counter, AccessShareLock) : nullptr;
    if (sequence == nullptr) return false;
    const bool counted = sequence->rd_rel->relkind == RELKIND_SEQUENCE && advance(sequence);
    relation_close(sequence, AccessShareLock);
    return counted;
}

Datum record_outcome(FunctionCallInfo fcinfo) {
    if (RecoveryInProgress())
        throw pg::Error(pg::Sqlstate::kReadOnlyTransaction, "cannot execute record_outcome() during recovery")
            .hint("Record outcomes on the primary.");
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) return BoolGetDatum(false);
    const Ramp* ramp = find_ramp(pg::text_view(PG_GETARG_DATUM(0)));
    if (ramp == nullptr) return BoolGetDatum(false);
    return BoolGetDatum(count(PG_GETARG_BOOL(1) ? ramp->ok_counter : ramp->failed_counter));
}

}  // namespace

}  // namespace gpsync::ramp

// record_outcome(ramp text, ok boolean) -> boolean
GPSYNC_FUNCTION(gpsync_record_outcome) {
    return gpsync::pg::guarded([&] { return gpsync::ramp::record_outcome(fcinfo); });
}
