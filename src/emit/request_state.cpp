// What a request's id says, with the WAL and the transaction's state, for request_status().
#include "emit/wal_search.h"
#include "pg/guard.h"

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

enum class Fate : uint8_t { kForgotten, kRunning, kAborted, kCommitted };

// The server's own judgement; it asks for a snapshot.
Fate fate_of(uint64 xid) {
    LOCAL_FCINFO(call, 1);
    FmgrInfo function;
    fmgr_info(F_PG_XACT_STATUS, &function);
    InitFunctionCallInfoData(*call, &function, 1, InvalidOid, nullptr, nullptr);
    call->args[0] = {FullTransactionIdGetDatum(FullTransactionIdFromU64(xid)), false};
    const Datum status = pg_xact_status(call);
    if (call->isnull) return Fate::kForgotten;
    const char* word = TextDatumGetCString(status);
    if (std::strcmp(word, "committed") == 0) return Fate::kCommitted;
    return std::strcmp(word, "aborted") == 0 ? Fate::kAborted : Fate::kRunning;
}

struct Answer {
    const char* state = "UNKNOWN";
    const char* topic = nullptr;
    XLogRecPtr message = InvalidXLogRecPtr, commit = InvalidXLogRecPtr, commit_end = InvalidXLogRecPtr;
};

Answer answer_to(const RequestId& request) {
    Answer answer;
    answer.message = request.lsn;
    if (request.lsn > GetFlushRecPtr(nullptr)) XLogFlush(request.lsn);
    // The fate first: a transaction that is committed then has its commit record in the WAL.
    const Fate fate = fate_of(request.xid);
    const RequestInWal found = search_wal(request, fate == Fate::kCommitted);
    if (found.message == WalFinding::kOther) return answer;
    answer.topic = found.topic;
    switch (fate) {
        case Fate::kForgotten:
            return answer;
        case Fate::kRunning:
            answer.state = "IN PROGRESS";
            return answer;
        case Fate::kAborted:
            answer.state = "ABORTED";
            return answer;
        case Fate::kCommitted:
            break;
    }
    answer.commit = found.commit;
    answer.commit_end = found.commit_end;
    // An asynchronous commit that is not flushed yet may still be lost.
    answer.state = found.searched_all && found.commit == InvalidXLogRecPtr ? "IN PROGRESS" : "COMMITTED";
    return answer;
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
    Datum values[] = {CStringGetTextDatum(answer.state),
                      answer.topic != nullptr ? CStringGetTextDatum(answer.topic) : Datum(0),
                      LSNGetDatum(answer.message), LSNGetDatum(answer.commit),
                      LSNGetDatum(answer.commit_end)};
    bool nulls[] = {false, answer.topic == nullptr, answer.message == InvalidXLogRecPtr,
                    answer.commit == InvalidXLogRecPtr, answer.commit_end == InvalidXLogRecPtr};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls));
}

}  // namespace

}  // namespace gpsync

// request_state(request uuid) -> (state text, topic text, message_lsn, commit_lsn, commit_end pg_lsn)
GPSYNC_FUNCTION(gpsync_request_state) {
    return gpsync::pg::guarded([&] { return gpsync::request_state(fcinfo); });
}
