#include "rules.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace gpsync::emulator {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_unreserved(char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// RFC 3986: characters a URI reference may hold, percent signs only in front of two hex digits.
bool is_uri_reference(std::string_view text) {
    constexpr std::string_view kReserved = ":/?#[]@!$&'()*+,;=";
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
            i += 2;
        } else if (!is_unreserved(text[i]) && kReserved.find(text[i]) == std::string_view::npos) {
            return false;
        }
    }
    return !text.empty();
}

int hex_value(char c) {
    return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

// Whether encoded is text with some characters percent-encoded, reserved ones always.
bool encodes(std::string_view encoded, std::string_view text) {
    size_t at = 0;
    for (const char c : text) {
        if (at >= encoded.size()) return false;
        if (encoded[at] == '%') {
            if (at + 2 >= encoded.size() || !is_hex(encoded[at + 1]) || !is_hex(encoded[at + 2]))
                return false;
            if (static_cast<char>(hex_value(encoded[at + 1]) * 16 + hex_value(encoded[at + 2])) != c)
                return false;
            at += 3;
        } else {
            if (encoded[at] != c || c == '/' || c == ',') return false;
            ++at;
        }
    }
    return at == encoded.size();
}

// A number of exactly length digits at text[at], or -1.
int digits(std::string_view text, size_t at, size_t length) {
    if (at + length > text.size()) return -1;
    int value = 0;
    for (size_t i = at; i < at + length; ++i) {
        if (!is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// The offset at the end of an RFC 3339 time, in minutes: Z, +hh:mm or -hh:mm.
std::optional<int> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const int hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::string missing(std::string_view name) {
    return "attribute \"" + std::string(name) + "\" is missing or empty";
}

// What the CloudEvents specification says of the attributes.
std::string check_cloudevents(const Event& event) {
    if (event[kSpecversion] != "1.0") return "specversion is not \"1.0\"";
    if (event[kId].empty()) return missing("id");
    if (event[kType].empty()) return missing("type");
    if (event[kSource].empty()) return missing("source");
    if (!is_uri_reference(event[kSource])) return "source is no URI reference";
    if (event[kSubject].data() && event[kSubject].empty()) return missing("subject");
    if (event[kTime].data() && !parse_time(event[kTime])) return "time is not RFC 3339";
    if (event[kDatacontenttype].data() && event[kDatacontenttype].find('/') == std::string_view::npos)
        return "datacontenttype is no media type";
    if (event[kDataschema].data() &&
        (!is_uri_reference(event[kDataschema]) || event[kDataschema].find(':') == std::string_view::npos))
        return "dataschema is no absolute URI";
    return {};
}

std::optional<EventType> parse_type(std::string_view text) {
    if (text == "gpsync.row.inserted") return EventType::Inserted;
    if (text == "gpsync.row.updated") return EventType::Updated;
    if (text == "gpsync.row.deleted") return EventType::Deleted;
    if (text == "gpsync.table.truncated") return EventType::Truncated;
    return std::nullopt;
}

// id, sequence, time and type as gpsync's wire format has them.
std::string check_place(Event& event) {
    const auto position = core::parse_sequence(event[kId]);
    const auto commit_time = core::parse_commit_time(event[kId]);
    if (!position || !commit_time) return "id is not LSN-ordinal-time in 16, 8 and 16 hex digits";
    if (position->ordinal == 0) return "the ordinal in id counts from 1";
    if (event[kSequence] != event[kId].substr(0, core::kSequenceLength))
        return "sequence is not the front of id";
    if (event[kTime].empty()) return missing("time");
    if (parse_time(event[kTime]) != commit_time) return "time is not the commit time in id";
    if (event[kDatacontenttype] != "application/json") return "datacontenttype is not application/json";
    const bool is_own = event[kType].starts_with("gpsync.") && event[kType] != "gpsync.status.changed" &&
                        !event[kType].starts_with("gpsync.ops.");
    const auto type = event[kTopic].data() && !is_own ? EventType::Topic : parse_type(event[kType]);
    if (!type) return "type is none of gpsync's";
    event.position = *position;
    event.commit_time = *commit_time;
    event.type = *type;
    return {};
}

// subject = schema.table/key, the key's parts percent-encoded and joined by ','.
bool subject_fits(const Event& event) {
    std::string_view subject = event[kSubject];
    const size_t slash = subject.find('/');
    const std::string table = std::string(event.schema) + "." + std::string(event.table);
    if (!encodes(subject.substr(0, slash), table)) return false;
    if (slash == std::string_view::npos) return event.key.empty();
    subject.remove_prefix(slash + 1);
    for (size_t i = 0; i < event.key.size(); ++i) {
        const bool last = i + 1 == event.key.size();
        const size_t end = last ? subject.size() : subject.find(',');
        if (end == std::string_view::npos || !encodes(subject.substr(0, end), event.key[i].second))
            return false;
        subject.remove_prefix(last ? end : end + 1);
    }
    return true;
}

bool is_request_id(std::string_view text) {
    if (text.size() != 36) return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return text[14] == '8' && std::string_view("89ab").find(text[19]) != std::string_view::npos;
}

std::string check_topic(Event& event) {
    event.table = event[kTopic];
    if (event[kTopic].empty()) return missing("topic");
    if (event[kSubject].empty()) return missing("subject");
    if (!is_request_id(event[kRequestid])) return "requestid is no UUID of version 8";
    if (!event.has_data) return "data is missing";
    if (event[kType] == "gpsync.status.changed")
        return event[kPartitionkey] == event[kSubject] ? "" : "partitionkey is not the subject";
    std::string_view key = event[kPartitionkey];
    if (!key.starts_with(event[kTopic])) return "partitionkey does not begin with the topic";
    key.remove_prefix(event[kTopic].size());
    if (key.empty()) return event[kSubject] == event[kTopic] ? "" : "subject is not the topic";
    return key.front() == '/' && encodes(key.substr(1), event[kSubject])
               ? ""
               : "partitionkey does not fit subject";
}

std::string check_data(const Event& event) {
    if (!event.has_data) return "data is missing";
    if (event.schema.empty() || event.table.empty()) return "data.schema or data.table is missing";
    if (!event.has_xid) return "data.xid is missing";
    if (event[kSubject].empty()) return missing("subject");
    if (event[kPartitionkey] != event[kSubject]) return "partitionkey is not the subject";
    if (!subject_fits(event)) return "subject does not fit data.schema, data.table and data.key";
    if (event.type == EventType::Truncated) return event.row_json.empty() ? "" : "a truncation with a row";
    if (event.key_json.empty()) return "data.key is missing";
    if (event.type == EventType::Deleted) {
        if (!event.row_json.empty()) return "a deleted row with data.row";
        return event.has_revision ? "a deleted row with data.revision" : "";
    }
    return event.row_json.empty() ? "data.row is missing" : "";
}

}  // namespace

bool is_attribute_name(std::string_view name) {
    // data_base64 is no attribute but a member the format allows; the scanner refuses it with a reason of its
    // own.
    if (name == "data_base64") return true;
    return !name.empty() && std::all_of(name.begin(), name.end(),
                                        [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); });
}

bool is_bookkeeping_column(std::string_view name) {
    return name == "sync_status" || name == "sync_revision" || name == "last_sync_timestamp";
}

std::optional<int64_t> parse_time(std::string_view text) {
    using namespace std::chrono;
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    const int day = digits(text, 8, 2), month_number = digits(text, 5, 2), year_number = digits(text, 0, 4);
    if (year_number < 0 || month_number < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    const year_month_day date{year{year_number}, month{static_cast<unsigned>(month_number)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;

    size_t at = 19;
    int64_t micros = 0;
    if (text[at] == '.') {
        const size_t start = ++at;
        for (int64_t unit = 100000; at < text.size() && is_digit(text[at]); ++at, unit /= 10)
            micros += (text[at] - '0') * unit;
        if (at == start) return std::nullopt;
    }
    const auto offset = parse_offset(text.substr(at));
    if (!offset) return std::nullopt;
    const int64_t days = sys_days{date}.time_since_epoch().count();
    return (((days * 24 + hour) * 60 + minute - *offset) * 60 + second) * 1000000 + micros;
}

std::string make_subject(std::string_view schema, std::string_view table, const std::vector<Part>& key) {
    const auto append = [](std::string& out, std::string_view text) {
        constexpr char kHex[] = "0123456789ABCDEF";
        for (const char c : text) {
            if (is_unreserved(c)) {
                out += c;
            } else {
                const auto byte = static_cast<unsigned char>(c);
                out += {'%', kHex[byte >> 4], kHex[byte & 15]};
            }
        }
    };
    std::string subject;
    append(subject, schema);
    subject += '.';
    append(subject, table);
    char separator = '/';
    for (const auto& [name, value] : key) {
        subject += separator;
        append(subject, value);
        separator = ',';
    }
    return subject;
}

std::string check_event(Event& event) {
    if (std::string reason = check_cloudevents(event); !reason.empty()) return reason;
    if (std::string reason = check_place(event); !reason.empty()) return reason;
    return event.type == EventType::Topic ? check_topic(event) : check_data(event);
}

}  // namespace gpsync::emulator
