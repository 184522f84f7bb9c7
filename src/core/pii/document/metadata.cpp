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

constexpr size_t kDeepest = kDeepestMetadata, kMostPaths = kMostMetadataPaths,
                 kLongestPath = kLongestMetadataPath, kMostIdentifiers = kMostMetadataIdentifiers;

// A value is copied only where its name and its form together show that it is no PII: the form has no room
// for an account, a telephone number, a name or an id of a person.
enum class IdentifierForm : uint8_t {
    kMastercard,  // MDES: DWSPMC or the like, and hex digits
    kVisa,        // VTS: 32 hex digits
    kAccount,     // EMVCo's payment account reference: 29 capitals and digits
    kRequestor,   // EMVCo's token requestor id: 11 digits, of which the first three name the network
};

struct IdentifierName {
    std::string_view name;
    IdentifierForm form;
};
constexpr IdentifierName kIdentifierNames[] = {{"tokenuniquereference", IdentifierForm::kMastercard},
                                               {"panuniquereference", IdentifierForm::kMastercard},
                                               {"primaryaccountidentifier", IdentifierForm::kMastercard},
                                               {"deviceaccountidentifier", IdentifierForm::kMastercard},
                                               {"vprovisionedtokenid", IdentifierForm::kVisa},
                                               {"vpanenrollmentid", IdentifierForm::kVisa},
                                               {"panenrollmentid", IdentifierForm::kVisa},
                                               {"paymentaccountreference", IdentifierForm::kAccount},
                                               {"par", IdentifierForm::kAccount},
                                               {"tokenrequestorid", IdentifierForm::kRequestor},
                                               {"trid", IdentifierForm::kRequestor}};
// Of these a UUID is copied, and of those above, too.
constexpr std::string_view kUuidNames[] = {"tokenreferenceid", "panreferenceid", "provisionid",    "tokenid",
                                           "correlationid",    "requestid",      "conversationid", "walletid",
                                           "partnerid",        "messageid",      "eventid",        "traceid"};

bool all_of_classes(std::string_view text, uint8_t classes) {
    return std::all_of(text.begin(), text.end(), [classes](char c) { return (class_of(c) & classes) != 0; });
}

// Of RFC 9562's versions 4, 7 and 8; the others have a MAC address or are the digest of a name.
bool is_random_uuid(std::string_view text) {
    if (text.size() != 36 || std::string_view("478").find(text[14]) == std::string_view::npos) return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return std::string_view("89abAB").find(text[19]) != std::string_view::npos;
}

bool has_form(IdentifierForm form, std::string_view value) {
    switch (form) {
        case IdentifierForm::kMastercard: {
            // The first letter says token (D) or card (F), then who asked for it, then the network.
            const size_t network = value.substr(0, 8).find("MC");
            if (network == std::string_view::npos || (value[0] != 'D' && value[0] != 'F')) return false;
            const std::string_view digits = value.substr(network + 2);
            return all_of_classes(value.substr(0, network), kUpper) && digits.size() >= 10 &&
                   digits.size() <= 46 && std::all_of(digits.begin(), digits.end(), is_hex);
        }
        case IdentifierForm::kVisa:
            return value.size() == 32 && std::all_of(value.begin(), value.end(), is_hex) &&
                   !all_of_classes(value, kDigit);
        case IdentifierForm::kAccount:
            return value.size() == 29 && all_of_classes(value, kUpper | kDigit) &&
                   !all_of_classes(value, kDigit);
        case IdentifierForm::kRequestor:
            return value.size() == 11 && all_of_classes(value, kDigit) &&
                   (value.starts_with("400") || value.starts_with("500") || value.starts_with("501"));
    }
    return false;
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

bool is_metadata_identifier(std::string_view name, std::string_view value) {
    const std::string normal = normalized_name(name);
    for (const IdentifierName& known : kIdentifierNames)
        if (known.name == normal) return is_random_uuid(value) || has_form(known.form, value);
    return is_random_uuid(value) &&
           std::find(std::begin(kUuidNames), std::end(kUuidNames), normal) != std::end(kUuidNames);
}

bool may_be_metadata_identifier(std::string_view value) {
    switch (value.size()) {
        case 11:
        case 29:
        case 32:
        case 36:
            return true;
        default:
            return value.size() >= 12 && (value[0] == 'D' || value[0] == 'F');
    }
}

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
    if (verdict != Verdict::kKeep || identifiers_.size() >= kMostIdentifiers || name_.empty()) return;
    if (is_metadata_identifier(name_, value)) identifiers_.emplace(name_, value);
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
