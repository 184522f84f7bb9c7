#include "topics.h"

#include "core/request_id.hpp"
#include "decoder.h"
#include "pg/event_message.h"
#include "pg/pg_buffer.h"
#include "pg/revert_message.h"
#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/rmgr.h"
#include "replication/message.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

using core::EventMessage;

bool is_taken(const Decoder& decoder, std::string_view topic) {
    ListCell* cell;
    foreach (cell, decoder.options.topics)
        if (topic == static_cast<const char*>(lfirst(cell))) return true;
    return false;
}

// An error says of which event it is, and how to get past it; never its key, nor what is in it.
struct ErrorContext {
    Decoder& decoder;
    std::string_view topic;
    ErrorContextCallback callback;

    static void describe(void* argument) {
        const auto& self = *static_cast<ErrorContext*>(argument);
        errcontext("event of topic \"%.*s\"; gpsync.skip_change(stream, '%X/%X', %u, reason) leaves it out",
                   static_cast<int>(self.topic.size()), self.topic.data(),
                   static_cast<uint32>(self.decoder.commit_lsn >> 32),
                   static_cast<uint32>(self.decoder.commit_lsn), self.decoder.ordinal);
    }
};

[[noreturn]] void raise_unreadable() {
    ereport(ERROR,
            (errcode(ERRCODE_DATA_CORRUPTED),
             errmsg("a message of prefix \"%s\" in the WAL cannot be read", core::kEventMessagePrefix),
             errhint("A later version of gpsync may have written it: install gpsync_decoder of the version "
                     "that library gpsync is of.")));
    pg_unreachable();
}

// Server errors only: nothing here has a destructor.
void write(Decoder& decoder, XLogRecPtr lsn, const std::optional<EventMessage>& message, bool skipped) {
    const std::string_view unknown = "?";
    ErrorContext context{decoder, message ? message->topic : unknown, {}};
    context.callback = {error_context_stack, ErrorContext::describe, &context};
    error_context_stack = &context.callback;
    TopicChange change{message.value_or(EventMessage{}), lsn};
    if (!message) change.message.topic = unknown;
    if (skipped)
        decoder.format->topics->skip(decoder, change);
    else if (!message)
        raise_unreadable();
    else
        decoder.format->topics->event(decoder, change);
    error_context_stack = context.callback.previous;
}

// The texts of an event in UTF-8, as far as its envelope has them percent-encoded.
std::string_view partition_key_of(Decoder& decoder, const EventMessage& message) {
    if (message.key_kind == EventMessage::Key::kRow) return message.key;
    core::ByteBuffer& key = decoder.subject_key;
    key.size = 0;
    core::append_topic_partition_key(key, message.topic, pg::to_utf8(message.key));
    return key.view();
}

void append(Decoder& decoder, const TopicChange& change, std::string_view type, std::string_view subject,
            std::string_view partition_key, std::string_view data) {
    char request_id[core::kRequestIdLength];
    core::write_request_id(request_id,
                           {change.lsn, change.message.xid, core::topic_hash(change.message.topic)});
    core::ByteBuffer& out = decoder.output.begin_event();
    core::append_topic_event(out, decoder.transaction,
                             {decoder.ordinal,
                              decoder.relations.source,
                              type,
                              change.message.topic,
                              subject,
                              partition_key,
                              {request_id, sizeof request_id},
                              data});
    decoder.output.end_event();
}

void write_event(Decoder& decoder, const TopicChange& change) {
    const EventMessage& message = change.message;
    if (decoder.output.to_utf8 && (!pg::has_utf8_form(message.key) || !pg::has_utf8_form(message.data)))
        pg::raise_no_utf8_form();
    append(decoder, change, message.type, message.key.empty() ? message.topic : message.key,
           partition_key_of(decoder, message), message.data);
}

// Of the key nothing is shown: it may be what cannot be written.
void write_skipped_event(Decoder& decoder, const TopicChange& change) {
    const std::string_view topic = change.message.topic;
    append(decoder, change, core::skipped_type(), topic, topic, {});
}

// A prefix in the WAL has its NUL.
template <size_t kSize>
std::string_view with_end(const char (&prefix)[kSize]) {
    return {prefix, kSize};
}

}  // namespace

const TopicFormat kTopicFormat = {write_event, write_skipped_event};

bool is_own_message(XLogReaderState* reader) {
    if (XLogRecGetRmid(reader) != RM_LOGICALMSG_ID) [[likely]]
        return false;
    const auto* message = reinterpret_cast<const xl_logical_message*>(XLogRecGetData(reader));
    const std::string_view prefix(message->message, message->prefix_size);
    return prefix == with_end(core::kEventMessagePrefix) || prefix == with_end(pg::kRevertMessagePrefix);
}

void take_topic_event(Decoder& decoder, XLogRecPtr lsn, std::string_view content) {
    if (decoder.options.topics == NIL) return;
    std::optional<EventMessage> message = core::parse_event_message(content);
    if (message && !is_taken(decoder, message->topic)) return;
    write(decoder, lsn, message, is_skipped(decoder));
}

}  // namespace gpsync::decoder
