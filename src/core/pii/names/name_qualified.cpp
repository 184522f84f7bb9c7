#include "core/pii/names/name_qualified.hpp"

#include <algorithm>

#include "core/pii/names/vocabulary.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// "q3_name", as Jotform numbers its questions.
std::string_view without_question(std::string_view name) {
    if (name.size() < 4 || name[0] != 'q' || !is_digit(name[1])) return name;
    const size_t end = name.find_first_not_of("0123456789", 1);
    return end != std::string_view::npos && name[end] == '_' && end + 1 < name.size() ? name.substr(end + 1)
                                                                                      : name;
}

}  // namespace

std::string_view without_annotation(std::string_view name) {
    name = without_question(name);
    constexpr std::string_view kMark = "@odata.";
    const size_t at = name.find('@');
    if (at == std::string_view::npos || name.size() < at + kMark.size()) return name;
    for (size_t i = 0; i < kMark.size(); ++i)
        if (to_lower(name[at + i]) != kMark[i]) return name;
    const std::string_view term = name.substr(at + kMark.size());
    for (std::string_view known : {"bind", "type", "id", "context", "etag", "count", "nextLink", "editLink",
                                   "readLink", "navigationLink", "associationLink", "deltaLink",
                                   "mediaContentType", "mediaReadLink", "mediaEditLink", "mediaEtag"})
        if (term == known) return name.substr(0, at);
    return term.ends_with(".FormattedValue") || term.ends_with(".lookuplogicalname") ||
                   term.ends_with(".associatednavigationproperty")
               ? name.substr(0, at)
               : name;
}

uint32_t flags_of_wrapper(std::string_view name) {
    constexpr size_t kLongest = 2;
    if (name == "#cdata-section") return kSuffix | kValue;
    if (name.empty() || name.size() > kLongest) return 0;
    if (name == "M") return kPassThrough;
    for (std::string_view value : {"$", "_", "#", "$t", "@", "S", "SS", "NS"})
        if (name == value) return kSuffix | kValue;
    return 0;
}

namespace {

struct Attribute {
    std::string_view oid, name;
};
// X.520, RFC 4519, RFC 2798, RFC 4524, RFC 2985, RFC 3739, SCHAC 1.5. A common name may be a program's, too.
constexpr Attribute kAttributes[] = {{"2.5.4.3", "displayname"},
                                     {"2.5.4.4", "surname"},
                                     {"2.5.4.7", "locality"},
                                     {"2.5.4.9", "street"},
                                     {"2.5.4.16", "postaladdress"},
                                     {"2.5.4.17", "postalcode"},
                                     {"2.5.4.18", "pobox"},
                                     {"2.5.4.20", "telephonenumber"},
                                     {"2.5.4.23", "faxnumber"},
                                     {"2.5.4.42", "givenname"},
                                     {"0.9.2342.19200300.100.1.3", "email"},
                                     {"0.9.2342.19200300.100.1.20", "homephone"},
                                     {"0.9.2342.19200300.100.1.39", "homeaddress"},
                                     {"0.9.2342.19200300.100.1.41", "mobilephone"},
                                     {"1.2.840.113549.1.9.1", "email"},
                                     {"1.3.6.1.4.1.25178.1.2.3", "dateofbirth"},
                                     {"1.3.6.1.4.1.25178.1.2.4", "placeofbirth"},
                                     {"1.3.6.1.4.1.25178.1.2.15", "nationalid"},
                                     {"1.3.6.1.5.5.7.9.1", "dateofbirth"},
                                     {"1.3.6.1.5.5.7.9.2", "placeofbirth"},
                                     {"2.16.840.1.113730.3.1.241", "displayname"}};

bool begins_ignoring_case(std::string_view text, std::string_view lower) {
    return text.size() > lower.size() && equals_ignoring_case(text.substr(0, lower.size()), lower);
}

}  // namespace

std::string_view attribute_of_oid(std::string_view name) {
    for (std::string_view scheme : {"urn:oid:", "oid:"}) {
        if (!begins_ignoring_case(name, scheme)) continue;
        for (const Attribute& attribute : kAttributes)
            if (name.substr(scheme.size()) == attribute.oid) return attribute.name;
    }
    return {};
}

std::string_view last_part_of_uri(std::string_view name) {
    const size_t namespace_end = name.starts_with('{') ? name.find('}') : std::string_view::npos;
    const bool braces = namespace_end != std::string_view::npos && namespace_end > 1;
    if (!braces && name.find("://") == std::string_view::npos && !begins_ignoring_case(name, "urn:"))
        return name;
    std::string_view rest = name;
    while (!rest.empty() && !is_word(rest.back()) && static_cast<unsigned char>(rest.back()) < 0x80)
        rest.remove_suffix(1);
    const size_t separator = braces ? namespace_end : rest.find_last_of("/:#?=");
    if (separator == std::string_view::npos || separator + 1 >= rest.size()) return name;
    const std::string_view part = rest.substr(separator + 1);
    return part == "sn" ? "surname" : part;  // of LDAP; elsewhere a serial number
}

bool is_of_claim(std::string_view uri) {
    return uri.find("/claims/") != std::string_view::npos ||
           uri.find("attribute-def:") != std::string_view::npos ||
           uri.find("/identity/") != std::string_view::npos;
}

std::string_view xml_prefix(std::string_view name) {
    constexpr size_t kLongest = 20;
    const size_t colon = name.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > kLongest || colon + 1 >= name.size())
        return {};
    const auto in_name = [](char c) {
        return is_word(c) || c == '_' || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    };
    if (is_digit(name[0]) || is_digit(name[colon + 1])) return {};
    const bool both = std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(colon), in_name) &&
                      std::all_of(name.begin() + static_cast<std::ptrdiff_t>(colon) + 1, name.end(), in_name);
    return both ? name.substr(0, colon) : std::string_view();
}

bool is_known_prefix(std::string_view prefix) {
    for (std::string_view known : {"schema", "soap", "ns", "vcard", "dc", "xs", "xml", "tns", "custom"})
        if (equals_ignoring_case(prefix, known)) return true;
    return false;
}

NameSteps::NameSteps(std::string_view name) : name_(name) {
    const auto separates = [](char c) {
        return c == '.' || c == '/' || c == '[' || c == ']' || c == ':' || c == '>' || c == '\'' || c == '"';
    };
    size_t end = name.size();
    while (end > 0 && count_ < kMost) {
        if (separates(name[end - 1])) {
            --end;
            continue;
        }
        size_t begin = end;
        bool letters = false;
        for (; begin > 0 && !separates(name[begin - 1]); --begin)
            letters |= is_letter(name[begin - 1]) || static_cast<unsigned char>(name[begin - 1]) >= 0x80;
        if (letters) steps_[count_++] = name.substr(begin, end - begin);
        end = begin;
    }
    std::reverse(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(count_));
}

}  // namespace gpsync::core::pii
