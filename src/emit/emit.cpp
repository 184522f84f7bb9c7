// emit(): an event of a topic as a message in the WAL, scrubbed before it gets there.
#include <algorithm>

#include "core/nearest_name.hpp"
#include "core/request_id.hpp"
#include "pg/event_message.h"
#include "pg/json/render.h"
#include "pg/pg_buffer.h"
#include "pg/stream_topics.h"
#include "pg/text.h"
#include "pii/document.h"
#include "pii/session_cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/detoast.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "utils/jsonb.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using core::EventMessage;
using core::pii::Mode;
using pg::Error;
using pg::Sqlstate;

enum { kType, kData, kKey, kTopic };

// A document's binary form may be larger than its text, but not by more than this: a digit and a comma have
// twelve bytes.
constexpr size_t kMostBinaryBytes = 8 * core::kMostDataBytes;
// Of the numbers of a document, as text, before it is scrubbed: what scrubbing has to read is bounded, too.
constexpr size_t kMostNumberBytes = 8 * core::kMostDataBytes;

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

void refuse_nulls(FunctionCallInfo fcinfo) {
    if (!PG_ARGISNULL(kType) && !PG_ARGISNULL(kData) && !PG_ARGISNULL(kTopic)) [[likely]]
        return;
    throw Error(Sqlstate::kNullValue, "type, data and topic of an event cannot be NULL")
        .hint("An event without content has the data '{}'.");
}

// What rolls back, or never is decoded, must not be accepted.
void refuse_no_writing() {
    if (RecoveryInProgress())
        throw Error(Sqlstate::kReadOnlyTransaction, "cannot execute emit() during recovery")
            .hint("Emit on the primary.");
    if (XactReadOnly)
        throw Error(Sqlstate::kReadOnlyTransaction, "cannot execute emit() in a read-only transaction");
    if (IsInParallelMode())
        throw Error(Sqlstate::kNotInPrerequisiteState, "cannot execute emit() during a parallel operation");
    if (!XLogLogicalInfoActive())
        throw Error(Sqlstate::kNotInPrerequisiteState, "emit() needs wal_level \"logical\"")
            .hint("ALTER SYSTEM SET wal_level = logical; then restart the server.");
}

// The name that was found good last: most events of a session have it.
template <size_t kMost>
struct GoodName {
    char text[kMost];
    size_t length = 0;
    bool is(std::string_view name) const { return length > 0 && name == std::string_view(text, length); }
    void note(std::string_view name) {
        std::memcpy(text, name.data(), name.size());
        length = name.size();
    }
};

void check_type(std::string_view type) {
    static GoodName<core::kMostTypeBytes> good;
    if (good.is(type)) [[likely]]
        return;
    if (!core::is_event_type(type))
        throw Error(Sqlstate::kInvalidParameter, "invalid type of an event")
            .detail("A type is 1 to " + std::to_string(core::kMostTypeBytes) +
                    " letters, digits and . _ - : / +, and begins with a letter or a digit.")
            .hint("For example com.example.acl.checked.");
    if (type.starts_with(core::kOwnTypePrefix))
        throw Error(Sqlstate::kInvalidParameter, "invalid type of an event: " + quoted(type))
            .detail("Types that begin with " + quoted(core::kOwnTypePrefix) + " are gpsync's own.");
    // A name that has PII in it is refused, not scrubbed: it would not be the caller's any more.
    if (text_has_pii(type))
        throw Error(Sqlstate::kInvalidParameter, "the type of an event looks like personal data");
    good.note(type);
}

// A topic that may hold personal data is not shown.
[[noreturn]] void refuse_unknown_topic(std::string_view topic) {
    const bool hidden = text_has_pii(topic);
    const auto& known = pg::taken_topics();
    const std::string create =
        "SELECT gpsync.create_stream('audit', endpoints => '{...}', publication => NULL, topics => '{" +
        (hidden ? std::string("...") : std::string(topic)) + "}')";
    throw Error(Sqlstate::kUndefinedObject,
                hidden ? "no stream takes the topic" : "no stream takes topic " + quoted(topic))
        .detail("The event would be delivered to nobody.")
        .hint(known.empty()
                  ? create
                  : core::unknown_name_hint(topic, "topics",
                                            std::vector<std::string_view>(known.begin(), known.end())));
}

struct GoodTopic : GoodName<core::kMostTopicBytes> {
    uint16_t hash = 0;
};

// Gives the topic's hash.
uint16_t check_topic_name(std::string_view topic) {
    static GoodTopic good;
    if (good.is(topic)) [[likely]]
        return good.hash;
    if (!core::is_topic(topic))
        throw Error(Sqlstate::kInvalidParameter, "invalid topic").detail(std::string(core::kTopicRule));
    if (topic.starts_with(core::kOwnTypePrefix))
        throw Error(Sqlstate::kInvalidParameter,
                    text_has_pii(topic) ? "invalid topic" : "invalid topic: " + quoted(topic))
            .detail("Topics that begin with " + quoted(core::kOwnTypePrefix) + " are gpsync's own.");
    good.note(topic);
    return good.hash = core::topic_hash(topic);
}

uint16_t check_topic(std::string_view topic) {
    const uint16_t hash = check_topic_name(topic);
    if (!pg::topic_is_taken(topic)) [[unlikely]]
        refuse_unknown_topic(topic);
    return hash;
}

void check_key(std::string_view key) {
    const bool printable = std::none_of(
        key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (key.empty() || key.size() > core::kMostKeyBytes || !printable)
        throw Error(Sqlstate::kInvalidParameter, "invalid key of an event")
            .detail("A key is 1 to " + std::to_string(core::kMostKeyBytes) +
                    " bytes without control characters.")
            .hint("An event without a key has NULL.");
    if (text_has_pii(key))
        throw Error(Sqlstate::kInvalidParameter, "the key of an event looks like personal data")
            .detail("A key is in the event's subject, in the WAL and in the books; it is not scrubbed.")
            .hint("Give an id of your own, or a token: gpsync.tokenize().");
}

[[noreturn]] void refuse_size() {
    throw Error(Sqlstate::kLimitExceeded, "the data of an event is too large")
        .detail("The limit is " + std::to_string(core::kMostDataBytes) + " bytes of JSON.")
        .hint("Store the document in a table, and emit its key.");
}

// A number of a few bytes may have 131,072 digits, so what the document becomes is bounded while it is
// written. How much is reserved says nothing: a string reserves more than it needs.
void grow_within_limit(core::ByteBuffer* buffer, size_t min_capacity) {
    if (buffer->size > core::kMostDataBytes) refuse_size();
    pg::grow_in_context(buffer, min_capacity);
}

// The scrubbed document as JSON text.
std::string_view scrubbed_json(const Jsonb* document) {
    static core::ByteBuffer json;
    core::ByteBuffer& out = json;
    core::pii::Scrubber& scrubber = pure_scrubber(Mode::kScrub);
    const OneDocument one(scrubber);
    const auto changed = jsonb_scrubber().scrub(scrubber, document);
    const auto* scrubbed = changed ? reinterpret_cast<const Jsonb*>(changed->data()) : document;
    pg::server_call([&] {
        pg::reuse_buffer(out);
        out.grow = &grow_within_limit;
        pg::append_jsonb(out, scrubbed);
    });
    if (out.size > core::kMostDataBytes) refuse_size();
    return out.view();
}

constexpr std::string_view kNoRequestId = "00000000-0000-8000-8000-000000000000";

// {"requestId": "<UUID>", "status": "ACCEPTED"}, of which only the id differs from call to call.
struct Answer {
    char* document;
    size_t length, id_offset;
};

Answer make_answer_pattern() {
    const std::string text = R"({"requestId":")" + std::string(kNoRequestId) + R"(","status":"ACCEPTED"})";
    Answer answer{};
    pg::server_call([&] {
        MemoryContext before = MemoryContextSwitchTo(TopMemoryContext);
        answer.document = DatumGetPointer(DirectFunctionCall1(jsonb_in, CStringGetDatum(text.c_str())));
        MemoryContextSwitchTo(before);
    });
    answer.length = VARSIZE(answer.document);
    answer.id_offset = std::string_view(answer.document, answer.length).find(kNoRequestId);
    return answer;
}

Datum make_answer(const core::RequestId& id) {
    static const Answer pattern = make_answer_pattern();
    auto* answer = static_cast<char*>(palloc(pattern.length));  // nothing with a destructor is alive
    std::memcpy(answer, pattern.document, pattern.length);
    core::write_request_id(answer + pattern.id_offset, id);
    return PointerGetDatum(answer);
}

// REQUIRES: nothing with a destructor alive.
core::RequestId write(EventMessage& message, uint16_t topic_hash) {
    static core::ByteBuffer content;
    pg::reuse_buffer(content);
    const XLogRecPtr lsn = pg::write_event_message(content, message);
    return {lsn, message.xid, topic_hash};
}

Datum emit(FunctionCallInfo fcinfo) {
    refuse_nulls(fcinfo);
    refuse_no_writing();
    EventMessage message;
    if (toast_raw_datum_size(PG_GETARG_DATUM(kData)) > kMostBinaryBytes) refuse_size();
    message.type = pg::text_view(PG_GETARG_DATUM(kType));
    message.topic = pg::text_view(PG_GETARG_DATUM(kTopic));
    if (!PG_ARGISNULL(kKey)) {
        message.key = pg::text_view(PG_GETARG_DATUM(kKey));
        message.key_kind = EventMessage::Key::kText;
    }
    const Jsonb* document = PG_GETARG_JSONB_P(kData);
    if (pg::jsonb_numbers_exceed(document, kMostNumberBytes)) refuse_size();
    check_type(message.type);
    const uint16_t topic_hash = check_topic(message.topic);
    if (message.key_kind == EventMessage::Key::kText) check_key(message.key);
    message.data = scrubbed_json(document);
    return make_answer(write(message, topic_hash));
}

}  // namespace

}  // namespace gpsync

// emit(type text, data jsonb, key text, topic text) -> jsonb
GPSYNC_FUNCTION(gpsync_emit) {
    return gpsync::pg::guarded([&] { return gpsync::emit(fcinfo); });
}
