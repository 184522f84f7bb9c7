// What operational events (extension/parts/ops_events.sql) need of C++: whether and by whom they are sent,
// and the message in the WAL. None of it waits for another transaction.
#include "emit/ops_event.h"

#include "core/event_message.hpp"
#include "pg/event_message.h"
#include "pg/guard.h"
#include "pg/lock_tag.h"
#include "pg/own_table.h"
#include "pg/pg_buffer.h"
#include "pg/stream_topics.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "access/xlog.h"
#include "storage/lmgr.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

constexpr int kDefaultSeconds = 300, kMostSeconds = 24 * 3600;
int notify_seconds = kDefaultSeconds;

// Streams leave out what commits with an origin of theirs, and the time of a snapshot cannot see what others
// have sent since.
bool transaction_may_send() {
    return !RecoveryInProgress() && !XactReadOnly && !IsInParallelMode() &&
           XactIsoLevel == XACT_READ_COMMITTED && replorigin_session_origin == InvalidRepOriginId;
}

// drop_stream() keeps those who emit away until its transaction ends (extension/parts/topics.sql).
bool streams_are_free() {
    return ConditionalLockRelationOid(pg::require_own_table(pg::kStreamTable), RowExclusiveLock);
}

LOCKTAG ops_event_tag(FunctionCallInfo fcinfo) {
    std::string name(pg::text_view(PG_GETARG_DATUM(0)));
    name.append("/").append(pg::text_view(PG_GETARG_DATUM(1)));
    return pg::lock_tag(pg::LockClass::kOpsEvent, name);
}

// REQUIRES: nothing with a destructor alive.
void write(FunctionCallInfo fcinfo) {
    core::EventMessage message;
    message.topic = pg::text_view(PG_GETARG_DATUM(0));
    message.type = pg::text_view(PG_GETARG_DATUM(1));
    message.key = pg::text_view(PG_GETARG_DATUM(2));
    message.key_kind = message.key.empty() ? core::EventMessage::Key::kNone : core::EventMessage::Key::kText;
    Jsonb* data = PG_GETARG_JSONB_P(3);
    message.data = JsonbToCString(nullptr, &data->root, static_cast<int>(VARSIZE(data)));
    if (message.type.size() > core::kMostTypeBytes || message.key.size() > core::kMostKeyBytes ||
        message.data.size() > core::kMostDataBytes)
        elog(ERROR, "an operational event is too large");
    core::ByteBuffer content = pg::make_buffer(CurrentMemoryContext, message.data.size() + 1024);
    (void)pg::write_event_message(content, message);
}

}  // namespace

void define_ops_event_setting() {
    DefineCustomIntVariable(
        "gpsync.notify_interval", "How long operational events of one kind are summed up after one was sent.",
        "The first goes out at once, those of this time after it as one message with their count.",
        &notify_seconds, kDefaultSeconds, 1, kMostSeconds, PGC_SIGHUP, GUC_UNIT_S, nullptr, nullptr, nullptr);
}

}  // namespace gpsync

// may_send_ops_events() -> boolean
GPSYNC_FUNCTION(gpsync_may_send_ops_events) {
    return gpsync::pg::guarded([&]() -> Datum {
        bool may = false;
        gpsync::pg::server_call([&] { may = gpsync::transaction_may_send() && gpsync::streams_are_free(); });
        PG_RETURN_BOOL(may);
    });
}

// try_lock_ops_event(event text, subject text) -> boolean: until the transaction ends
GPSYNC_FUNCTION(gpsync_try_lock_ops_event) {
    return gpsync::pg::guarded([&]() -> Datum {
        const LOCKTAG tag = gpsync::ops_event_tag(fcinfo);
        bool locked = false;
        gpsync::pg::server_call(
            [&] { locked = LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL; });
        PG_RETURN_BOOL(locked);
    });
}

// emit_ops_event(topic text, type text, key text, data jsonb) -> boolean
GPSYNC_FUNCTION(gpsync_emit_ops_event) {
    return gpsync::pg::guarded([&]() -> Datum {
        std::string topic;
        gpsync::pg::server_call([&] { topic = gpsync::pg::text_view(PG_GETARG_DATUM(0)); });
        if (!XLogLogicalInfoActive() || !gpsync::pg::topic_is_taken(topic)) PG_RETURN_BOOL(false);
        gpsync::pg::server_call([&] { gpsync::write(fcinfo); });
        PG_RETURN_BOOL(true);
    });
}
