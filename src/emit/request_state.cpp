// What a request's id says, with the WAL and the transaction's state, for request_status(); and what the
// calls that end a stream ask of the WAL.
#include "core/event_message.hpp"
#include "emit/wal_search.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "funcapi.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/pg_lsn.h"
#include "utils/uuid.h"
#include "utils/xid8.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using core::RequestId;

// A UUID that cannot be of a request: of another kind, or from beyond this server's WAL.
std::optional<RequestId> plausible_request(const pg_uuid_t* uuid) {
    core::RequestIdBytes bytes;
    std::memcpy(bytes.data(), uuid->data, bytes.size());
    const std::optional<RequestId> request = core::unpack_request_id(bytes);
    if (!request || !TransactionIdIsNormal(static_cast<TransactionId>(request->xid)) ||
        request->xid >= U64FromFullTransactionId(ReadNextFullTransactionId()) ||
        request->lsn <= SizeOfXLogLongPHD || request->lsn > GetXLogInsertRecPtr())
        return std::nullopt;
    return request;
}

enum class Outcome : uint8_t { kForgotten, kRunning, kAborted, kCommitted };

// The server's own judgement; it asks for a snapshot.
Outcome outcome_of(uint64 xid) {
    LOCAL_FCINFO(call, 1);
    FmgrInfo function;
    fmgr_info(F_PG_XACT_STATUS, &function);
    InitFunctionCallInfoData(*call, &function, 1, InvalidOid, nullptr, nullptr);
    call->args[0] = {FullTransactionIdGetDatum(FullTransactionIdFromU64(xid)), false};
    const Datum status = pg_xact_status(call);
    if (call->isnull) return Outcome::kForgotten;
    const char* word = TextDatumGetCString(status);
    if (std::strcmp(word, "committed") == 0) return Outcome::kCommitted;
    return std::strcmp(word, "aborted") == 0 ? Outcome::kAborted : Outcome::kRunning;
}

// An asynchronous commit (synchronous_commit = off) may still be lost until it is flushed, and what was
// called committed must not be. So it is flushed here. The server keeps one LSN for 32 transactions, the
// latest: a commit that is flushed long since may flush a later one, and only waits for that.
void make_commit_durable(uint64 xid) {
    const XLogRecPtr lsn = TransactionIdGetCommitLSN(static_cast<TransactionId>(xid));
    if (lsn > GetFlushRecPtr(nullptr)) XLogFlush(lsn);
}

struct Answer {
    const char* state = "UNKNOWN";
    CommitInWal commit;
};

Answer answer_to(const RequestId& request) {
    if (request.lsn > GetFlushRecPtr(nullptr)) XLogFlush(request.lsn);
    const Outcome outcome = outcome_of(request.xid);
    const WalFinding message = find_message(request);
    if (message == WalFinding::kOther) return {};
    switch (outcome) {
        case Outcome::kForgotten:
            return {};
        case Outcome::kRunning:
            return {"IN PROGRESS", {}};
        case Outcome::kAborted:
            return {"ABORTED", {}};
        case Outcome::kCommitted:
            break;
    }
    if (message == WalFinding::kGone) return {"COMMITTED", {}};
    make_commit_durable(request.xid);
    return {"COMMITTED", find_commit(request)};
}

Datum request_state(FunctionCallInfo fcinfo) {
    TupleDesc descriptor = nullptr;
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    if (RecoveryInProgress())
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("recovery is in progress"),
                        errhint("Ask the primary.")));
    const std::optional<RequestId> request = plausible_request(PG_GETARG_UUID_P(0));
    const Answer answer = request ? answer_to(*request) : Answer{};
    const RequestId id = request.value_or(RequestId{});
    const bool not_committed = answer.commit.end == InvalidXLogRecPtr;
    Datum values[] = {CStringGetTextDatum(answer.state),
                      LSNGetDatum(id.lsn),
                      FullTransactionIdGetDatum(FullTransactionIdFromU64(id.xid)),
                      Int32GetDatum(id.topic_hash),
                      LSNGetDatum(answer.commit.begin),
                      LSNGetDatum(answer.commit.end)};
    bool nulls[] = {false, !request, !request, !request, not_committed, not_committed};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls));
}

Datum xid_of_request(FunctionCallInfo fcinfo) {
    core::RequestIdBytes bytes;
    std::memcpy(bytes.data(), PG_GETARG_UUID_P(0)->data, bytes.size());
    const std::optional<RequestId> request = core::unpack_request_id(bytes);
    if (!request) PG_RETURN_NULL();
    return FullTransactionIdGetDatum(FullTransactionIdFromU64(request->xid));
}

}  // namespace

}  // namespace gpsync

// request_state(request uuid) -> (state text, message_lsn pg_lsn, xid xid8, topic_hash integer, commit_lsn,
// commit_end pg_lsn)
GPSYNC_FUNCTION(gpsync_request_state) {
    return gpsync::pg::guarded([&] { return gpsync::request_state(fcinfo); });
}

// request_xid(request uuid) -> xid8
GPSYNC_FUNCTION(gpsync_request_xid) {
    return gpsync::pg::guarded([&] { return gpsync::xid_of_request(fcinfo); });
}

// open_emitters(from_lsn pg_lsn, at_lsn pg_lsn) -> xid8[]
GPSYNC_FUNCTION(gpsync_open_emitters) {
    return gpsync::pg::guarded([&]() -> Datum {
        ArrayType* xids = gpsync::open_emitters(PG_GETARG_LSN(0), PG_GETARG_LSN(1));
        if (xids == nullptr) PG_RETURN_NULL();
        PG_RETURN_ARRAYTYPE_P(xids);
    });
}

// topic_hash(topic text) -> integer
GPSYNC_FUNCTION(gpsync_topic_hash) {
    return gpsync::pg::guarded([&]() -> Datum {
        PG_RETURN_INT32(gpsync::core::topic_hash(gpsync::pg::text_view(PG_GETARG_DATUM(0))));
    });
}

// is_topic(topic text) -> boolean
GPSYNC_FUNCTION(gpsync_is_topic) {
    return gpsync::pg::guarded([&]() -> Datum {
        PG_RETURN_BOOL(gpsync::core::is_topic(gpsync::pg::text_view(PG_GETARG_DATUM(0))));
    });
}
