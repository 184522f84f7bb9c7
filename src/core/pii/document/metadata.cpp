#include "core/pii/document/metadata.hpp"

#include <algorithm>

#include "core/hex.hpp"
#include "core/json_writer.hpp"
#include "core/pii/document/json_text_source.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/protect/crypto.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kDeepest = 32, kMostPaths = 1000, kLongestPath = 1024, kMostIdentifiers = 32,
                 kLongestIdentifier = 64;

// Names whose values stand for a token, a request or a provision, never a person or a card.
bool is_identifier_name(std::string_view name) {
    static constexpr std::string_view kNames[] = {"tokenuniquereference",
                                                  "panuniquereference",
                                                  "tokenreferenceid",
                                                  "paymentaccountreference",
                                                  "par",
                                                  "tokenrequestorid",
                                                  "vprovisionedtokenid",
                                                  "vpanenrollmentid",
                                                  "panenrollmentid",
                                                  "panreferenceid",
                                                  "primaryaccountidentifier",
                                                  "deviceaccountidentifier",
                                                  "provisionid",
                                                  "tokenid",
                                                  "correlationid",
                                                  "requestid",
                                                  "conversationid",
                                                  "walletid",
                                                  "tokenserviceprovider",
                                                  "eventtype",
                                                  "schemaversion",
                                                  "partnerid"};
    const std::string normal = normalized_name(name);
    return std::find(std::begin(kNames), std::end(kNames), normal) != std::end(kNames);
}

bool identifier_like(std::string_view value) {
    return !value.empty() && value.size() <= kLongestIdentifier &&
           std::all_of(value.begin(), value.end(), [](char c) {
               return (class_of(c) & (kDigit | kUpper | kLower)) != 0 ||
                      std::string_view("-_.:").find(c) != std::string_view::npos;
           });
}

const char* type_of(Event event) {
    switch (event) {
        case Event::kBeginObject:
            return "object";
        case Event::kBeginArray:
            return "array";
        case Event::kString:
            return "string";
        case Event::kNumber:
            return "number";
        case Event::kNull:
            return "null";
        default:
            return "boolean";
    }
}

void append_member(HeapBuffer& out, std::string_view name, size_t value) {
    out.append(',');
    append_json_string(out, name);
    out.append(':');
    append_integer(out, value);
}

void append_map(HeapBuffer& out, std::string_view name, const std::map<std::string, std::string>& map) {
    append_json_string(out, name);
    out.append(":{");
    bool first = true;
    for (const auto& [key, value] : map) {
        if (!first) out.append(',');
        first = false;
        append_json_string(out, key);
        out.append(':');
        append_json_string(out, value);
    }
    out.append('}');
}

}  // namespace

MetadataExtractor::MetadataExtractor() : scrubber_(Policy::payments(), nullptr, Mode::kScrub) {}

void MetadataExtractor::begin_document() {
    scrubber_.begin_document();
    levels_.clear();
    path_ = "$";
    member_.clear();
    name_.clear();
    schema_.clear();
    identifiers_.clear();
    depth_ = members_ = elements_ = string_bytes_ = 0;
    truncated_ = false;
}

void MetadataExtractor::note(const char* type) {
    if (!levels_.empty() && levels_.back().array) {
        ++elements_;
        member_ = "[]";
    }
    if (levels_.size() > kDeepest || path_.size() + member_.size() > kLongestPath ||
        (schema_.size() >= kMostPaths && !schema_.contains(path_ + member_))) {
        truncated_ = true;
        return;
    }
    std::string& types = schema_[path_ + member_];
    if (types.empty()) {
        types = type;
    } else if (types.find(type) == std::string::npos) {
        // Types in one order, whatever the document's.
        static constexpr std::string_view kTypes[] = {"array",  "boolean", "null",
                                                      "number", "object",  "string"};
        std::string both;
        for (std::string_view one : kTypes)
            if (one == type || types.find(one) != std::string::npos)
                both += (both.empty() ? "" : "|") + std::string(one);
        types = both;
    }
}

void MetadataExtractor::begin_container(bool array) {
    note(array ? "array" : "object");
    levels_.push_back({array, path_.size()});
    if (levels_.size() <= kDeepest) path_ += member_;
    member_.clear();
    name_.clear();
    depth_ = std::max(depth_, levels_.size());
}

void MetadataExtractor::end_container() {
    path_.resize(levels_.back().path_size);
    levels_.pop_back();
}

void MetadataExtractor::add_name(std::string_view name) {
    ++members_;
    name_ = name;
    member_ = '.' + name_;
}

void MetadataExtractor::add_value(Event event, Verdict verdict, std::string_view text) {
    note(type_of(event));
    if (event == Event::kString) string_bytes_ += text.size();
    note_identifier(text, verdict);
}

void MetadataExtractor::note_identifier(std::string_view value, Verdict verdict) {
    if (verdict != Verdict::kKeep || identifiers_.size() >= kMostIdentifiers || !identifier_like(value))
        return;
    if (!name_.empty() && is_identifier_name(name_)) identifiers_.emplace(name_, value);
}

Status MetadataExtractor::write(std::string& json) {
    std::string lines;
    for (const auto& [path, type] : schema_) lines.append(path).append(1, ' ').append(type).append(1, '\n');
    (void)scrubber_.give_back();
    const auto digest = sha256(lines);
    if (!digest) return Status::out_of_memory();
    std::string hex_digest;
    hex::append(hex_digest, {reinterpret_cast<const char*>(digest->data()), digest->size()}, hex::kLower);
    HeapBuffer out;
    out.append('{');
    append_map(out, "schema", schema_);
    out.append(",\"schema_hash\":\"" + hex_digest + '"');
    if (truncated_) out.append(",\"schema_truncated\":true");
    append_member(out, "depth", depth_);
    append_member(out, "members", members_);
    append_member(out, "elements", elements_);
    append_member(out, "string_bytes", string_bytes_);
    out.append(',');
    append_map(out, "identifiers", identifiers_);
    out.append('}');
    json.assign(out.view());
    return {};
}

Status MetadataExtractor::json_text(std::string_view text, std::string& json) {
    begin_document();
    JsonTextSource source(text);
    const Visited visited = visit(source, scrubber_, *this);
    if (!scrubber_.status().ok()) return scrubber_.status();
    if (visited != Visited::kAll) return Status::error(Code::kInvalid, "text is not JSON");
    return write(json);
}

}  // namespace gpsync::core::pii
