#include "scanner.hpp"

#define RAPIDJSON_SSE2
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "rules.hpp"

namespace gpsync::emulator {
namespace {

constexpr unsigned kParseFlags = rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

enum class Kind : uint8_t { Null, Bool, Number, String };

// Members of data.
enum class Member : uint8_t {
    Schema,
    Table,
    Key,
    Revision,
    Xid,
    Row,
    Old,
    Unchanged,
    Cascade,
    RestartIdentity,
    Reverts,
    Unknown
};

constexpr std::string_view kAttributeNames[] = {
    "specversion",     "id",         "source",   "type",         "subject", "time",
    "datacontenttype", "dataschema", "sequence", "partitionkey", "topic",   "requestid"};
constexpr std::string_view kMemberNames[] = {"schema", "table", "key",       "revision", "xid",
                                             "row",    "old",   "unchanged", "cascade",  "restart_identity",
                                             "reverts"};

template <typename Names>
size_t find_name(const Names& names, std::string_view name) {
    return static_cast<size_t>(std::find(std::begin(names), std::end(names), name) - std::begin(names));
}

template <typename Integer>
std::optional<Integer> parse_integer(std::string_view text) {
    Integer value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// How deep a value lies. Deeper ones (inside a column's value) are only passed over.
enum Depth { kOutside, kBatch, kEvent, kData, kMember };

class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
  public:
    Handler(rapidjson::InsituStringStream& stream, std::string_view body, std::vector<Event>& events)
        : stream_(stream), body_(body), events_(events) {}

    bool Null() { return scalar(Kind::Null, "null"); }
    bool Bool(bool value) { return scalar(Kind::Bool, value ? "true" : "false"); }
    bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
        return scalar(Kind::Number, {text, length});
    }
    bool String(const char* text, rapidjson::SizeType length, bool) {
        return scalar(Kind::String, {text, length});
    }
    bool Key(const char* text, rapidjson::SizeType length, bool);
    bool StartObject() { return open(true); }
    bool StartArray() { return open(false); }
    bool EndObject(rapidjson::SizeType) { return close(); }
    bool EndArray(rapidjson::SizeType) { return close(); }

    size_t count() const { return count_; }
    const std::string& error() const { return error_; }

  private:
    bool fail(std::string reason) {
        error_ = std::move(reason);
        return false;
    }
    Event& event() { return events_[count_ - 1]; }
    size_t offset() const { return stream_.Tell(); }
    // Inside the data of an event of a topic, which may be anything.
    bool is_free() { return depth_ >= kData && event()[kTopic].data() != nullptr; }
    std::string_view raw_from(size_t start) const { return body_.substr(start, offset() - start); }

    bool open(bool object);
    bool open_event();
    bool open_member(bool object);
    bool close();
    bool attribute_key(std::string_view name);
    bool scalar(Kind kind, std::string_view text);
    bool attribute(Kind kind, std::string_view text);
    bool member(Kind kind, std::string_view text);
    bool part(Kind kind, std::string_view text);

    rapidjson::InsituStringStream& stream_;
    std::string_view body_;
    std::vector<Event>& events_;
    size_t count_ = 0;
    int depth_ = kOutside;
    unsigned seen_ = 0;  // bits of the attributes this event had
    size_t attribute_ = 0;
    std::string_view attribute_name_;
    Member member_ = Member::Unknown;
    std::string_view part_name_;
    size_t event_start_ = 0, member_start_ = 0, value_start_ = 0;
    std::string error_;
};

constexpr size_t kDataAttribute = kAttributes + 1;

bool Handler::Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view name(text, length);
    if (depth_ == kEvent) return attribute_key(name);
    if (is_free()) return true;
    if (depth_ == kData) {
        member_ = static_cast<Member>(find_name(kMemberNames, name));
        return member_ != Member::Unknown || fail("data has an unknown member \"" + std::string(name) + "\"");
    }
    if (depth_ == kMember) {
        part_name_ = name;
        if (member_ == Member::Row && is_bookkeeping_column(name))
            return fail("row holds the bookkeeping column \"" + std::string(name) + "\"");
    }
    return true;
}

bool Handler::attribute_key(std::string_view name) {
    attribute_name_ = name;
    attribute_ = name == "data" ? kDataAttribute : find_name(kAttributeNames, name);
    if (attribute_ == kExtension) {
        if (!is_attribute_name(name))
            return fail("attribute name \"" + std::string(name) + "\" has other characters than a-z and 0-9");
        return true;
    }
    const unsigned bit = 1U << attribute_;
    if (seen_ & bit) return fail("attribute \"" + std::string(name) + "\" occurs twice");
    seen_ |= bit;
    return true;
}

bool Handler::open(bool object) {
    const bool opens_free_data =
        depth_ == kEvent && attribute_ == kDataAttribute && event()[kTopic].data() != nullptr;
    if (opens_free_data || is_free()) {
        event().has_data = true;
        ++depth_;
        return true;
    }
    switch (depth_) {
        case kOutside:
            if (object) return fail("a batch is a JSON array");
            break;
        case kBatch:
            if (!object) return fail("an event is a JSON object");
            return open_event();
        case kEvent:
            if (attribute_ != kDataAttribute)
                return fail("attribute \"" + std::string(attribute_name_) + "\" is an object or an array");
            if (!object) return fail("data is not an object");
            event().has_data = true;
            break;
        case kData:
            return open_member(object);
        case kMember:
            value_start_ = offset() - 1;
            break;
        default:
            break;
    }
    ++depth_;
    return true;
}

bool Handler::open_event() {
    if (count_ == events_.size()) events_.emplace_back();
    ++count_;
    event().clear();
    event_start_ = offset() - 1;
    seen_ = 0;
    ++depth_;
    return true;
}

bool Handler::open_member(bool object) {
    const bool wants_object = member_ == Member::Key || member_ == Member::Row || member_ == Member::Old;
    if (object ? !wants_object : member_ != Member::Unchanged)
        return fail("data." + std::string(kMemberNames[static_cast<size_t>(member_)]) +
                    " has the wrong type");
    member_start_ = offset() - 1;
    ++depth_;
    return true;
}

bool Handler::close() {
    if (is_free()) {
        --depth_;
        return true;
    }
    --depth_;
    if (depth_ == kBatch) event().raw = raw_from(event_start_);
    if (depth_ == kMember)
        return part(Kind::Number, raw_from(value_start_));  // a nested value counts as raw text
    if (depth_ == kData) {
        if (member_ == Member::Key) event().key_json = raw_from(member_start_);
        if (member_ == Member::Row) event().row_json = raw_from(member_start_);
        if (member_ == Member::Old) event().old_json = raw_from(member_start_);
    }
    return true;
}

bool Handler::scalar(Kind kind, std::string_view text) {
    if (depth_ > kEvent && is_free()) return true;
    switch (depth_) {
        case kOutside:
            return fail("a batch is a JSON array");
        case kBatch:
            return fail("an event is a JSON object");
        case kEvent:
            return attribute(kind, text);
        case kData:
            return member(kind, text);
        case kMember:
            return part(kind, text);
        default:
            return true;
    }
}

bool Handler::attribute(Kind kind, std::string_view text) {
    if (attribute_ == kDataAttribute && event()[kTopic].data() != nullptr) {
        event().has_data = true;
        return true;
    }
    if (kind == Kind::Null) return true;  // JSON null: the attribute is not set
    const std::string name(attribute_name_);
    if (attribute_ == kDataAttribute) return fail("data is not an object");
    if (attribute_ == kExtension) {
        if (kind == Kind::Number && !parse_integer<int32_t>(text))
            return fail("attribute \"" + name + "\" is a number but no 32-bit integer");
        if (name == "data_base64") return fail("data_base64 is not what gpsync sends");
        return true;
    }
    if (kind != Kind::String) return fail("attribute \"" + name + "\" is not a string");
    event().attributes[attribute_] = text;
    return true;
}

bool Handler::member(Kind kind, std::string_view text) {
    const bool string = member_ == Member::Schema || member_ == Member::Table || member_ == Member::Reverts;
    const bool number = member_ == Member::Revision || member_ == Member::Xid;
    const bool boolean = member_ == Member::Cascade || member_ == Member::RestartIdentity;
    const bool fits = (string && kind == Kind::String) || (number && kind == Kind::Number) ||
                      (boolean && kind == Kind::Bool);
    if (!fits)
        return fail("data." + std::string(kMemberNames[static_cast<size_t>(member_)]) +
                    " has the wrong type");
    if (member_ == Member::Schema) event().schema = text;
    if (member_ == Member::Table) event().table = text;
    if (member_ == Member::Xid) event().has_xid = true;
    if (member_ == Member::Revision) {
        const auto revision = parse_integer<int64_t>(text);
        if (!revision) return fail("data.revision is no 64-bit integer");
        event().revision = *revision;
        event().has_revision = true;
    }
    return true;
}

bool Handler::part(Kind kind, std::string_view text) {
    if (member_ == Member::Key) event().key.emplace_back(part_name_, text);
    if (member_ == Member::Old) event().old.emplace_back(part_name_, text);
    if (member_ == Member::Unchanged) {
        if (kind != Kind::String) return fail("data.unchanged holds something else than column names");
        event().unchanged.push_back(text);
    }
    return true;
}

}  // namespace

Refusal scan_batch(std::string& scratch, std::string_view body, std::vector<Event>& events) {
    // An embedded NUL would end the in-place reader early.
    if (scratch.find('\0') != std::string::npos) return {-1, "the body is not JSON: it holds a zero byte"};
    rapidjson::InsituStringStream stream(scratch.data());
    rapidjson::Reader reader;
    Handler handler(stream, body, events);
    const auto result = reader.Parse<kParseFlags>(stream, handler);
    events.resize(handler.count());
    if (!result.IsError()) return {};
    if (!handler.error().empty()) return {static_cast<int>(handler.count()) - 1, handler.error()};
    return {-1, std::string("the body is not JSON: ") + rapidjson::GetParseError_En(result.Code()) +
                    " at byte " + std::to_string(result.Offset())};
}

}  // namespace gpsync::emulator
