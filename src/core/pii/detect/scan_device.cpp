// IMEI (3GPP TS 23.003) and vehicle identification numbers (ISO 3779).
#include <algorithm>

#include "core/pii/checksums.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kSomethingElse = kOrder | kReference | kHash | kVersion | kTime | kIdentifier;

// Reporting body identifiers of the GSMA that begin real IMEIs.
bool known_body(std::string_view imei) {
    for (std::string_view body : {"01", "10", "30", "33", "35", "44", "45", "49", "50", "51", "52", "53",
                                  "54", "86", "91", "98", "99"})
        if (imei.starts_with(body)) return true;
    return false;
}

}  // namespace

bool scan_device(Scan& scan, size_t token, const DigitGroups& g) {
    const size_t groups = g.sizes[0] == 15 ? 1 : g.sizes_are({2, 6, 6, 1}) && g.same_separators(4) ? 4 : 0;
    if (groups == 0 || scan.context.number) return false;
    const std::string_view digits = g.first(groups);
    if (!luhn_valid(digits) || !known_body(digits)) return false;
    if (groups == 1 ? scan.fastened(token) : scan.part_of_word(token, g.separators[1])) return false;
    if (scan.spared(kSomethingElse, token, g.begins[0], g.ends[groups - 1])) return false;
    scan.report(g.begins[0], g.ends[groups - 1], Detector::kImei);
    return true;
}

bool scan_vin(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (t.size() != 17 || t.digits < 5 || t.digits > 15 || (t.classes & (kLower | kOtherLetter)) != 0 ||
        (scan.part_of_word(token, '\0') && !scan.named(Detector::kVin, token)))
        return false;
    const std::string_view vin = scan.word(token);
    // The serial number ends in digits; by value it also has to have letters in the manufacturer's part.
    if (!std::all_of(vin.begin() + 13, vin.end(), is_digit)) return false;
    const bool named = scan.named(Detector::kVin, token);
    const bool maker = std::any_of(vin.begin(), vin.begin() + 3, is_letter);
    if (!named && (!maker || scan.spared(kSomethingElse, token, t.begin, t.end))) return false;
    if (!vin_check_valid(vin) && !(named && vin.find_first_of("IOQ") == std::string_view::npos)) return false;
    scan.report(t.begin, t.end, Detector::kVin);
    return true;
}

}  // namespace gpsync::core::pii
