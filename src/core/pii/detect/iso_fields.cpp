#include "core/pii/detect/iso_fields.hpp"

#include <algorithm>

#include "core/pii/names/payment_fields.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::string_view kField = "<field ";
constexpr size_t npos = std::string_view::npos;

struct Field {
    unsigned number = 0;  // 0: it is none
    size_t begin = 0, end = 0;
};

// The value of an attribute of a tag, which begins at a position; empty for none.
std::string_view attribute(std::string_view tag, std::string_view name) {
    const size_t at = tag.find(name);
    if (at == npos || at + name.size() >= tag.size()) return {};
    const char quote = tag[at + name.size()];
    if (quote != '"' && quote != '\'') return {};
    const std::string_view rest = tag.substr(at + name.size() + 1);
    return rest.substr(0, std::min(rest.find(quote), rest.size()));
}

Field field_at(std::string_view text, size_t at) {
    constexpr size_t kLongestTag = 400, kLongestNumber = 3;
    const std::string_view rest = text.substr(at, kLongestTag);
    const size_t close = rest.find('>');
    if (close == npos) return {};
    const std::string_view tag = rest.substr(0, close);
    std::string_view id = attribute(tag, " id=");
    if (id.empty()) id = attribute(tag, " number=");
    if (id.empty() || id.size() > kLongestNumber || !std::all_of(id.begin(), id.end(), is_digit)) return {};
    std::string_view value = attribute(tag, " value=");
    if (value.empty() && !tag.ends_with('/')) {
        value = rest.substr(close + 1);
        value = value.substr(0, std::min(value.find('<'), value.size()));
    }
    const auto begin = static_cast<size_t>(value.data() - text.data());
    return value.empty() ? Field{} : Field{static_cast<unsigned>(number_of(id)), begin, begin + value.size()};
}

bool fits_alone(Detector detector, std::string_view value) {
    constexpr size_t kBlock = 16, kShortestTrack = 20;
    if (detector == Detector::kTrack) return value.size() >= kShortestTrack;
    return detector == Detector::kPin && value.size() >= kBlock &&
           std::all_of(value.begin(), value.end(), is_hex);
}

}  // namespace

void find_iso_fields(std::string_view text, const std::function<bool(const NamedPair&)>& take) {
    const size_t first = text.find(kField);
    const bool message = first != npos && text.find(kField, first + 1) != npos;
    for (size_t at = first; at != npos; at = text.find(kField, at + 1)) {
        const Field field = field_at(text, at);
        const Detector detector = detector_of_element(field.number);
        if (detector == Detector::kNone || detector == Detector::kCryptogram) continue;
        const std::string_view value = text.substr(field.begin, field.end - field.begin);
        if (!fits_field(detector, value) || !(message || fits_alone(detector, value))) continue;
        if (!take({field.begin, field.end, detector, Doubt::kNone})) return;
    }
}

}  // namespace gpsync::core::pii
