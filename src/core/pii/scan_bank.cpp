// IBAN (ISO 13616).
#include "core/pii/iban_registry.hpp"
#include "core/pii/scan.hpp"

namespace gpsync::core::pii {

bool scan_iban(Scan& scan, size_t token) {
    constexpr size_t kLongestIban = 34;
    const Token& t = scan.tokens[token];
    if (t.size() < 4 || !is_digit(scan.text[t.begin + 2]) || !is_digit(scan.text[t.begin + 3])) return false;
    char iban[kLongestIban] = {to_upper(scan.text[t.begin]), to_upper(scan.text[t.begin + 1])};
    const IbanFormat* format = find_iban_format(iban[0], iban[1]);
    if (format == nullptr) return false;
    size_t size = 0;
    uint32_t at = t.begin;
    while (size < format->length) {
        const char c = scan.at(at);
        if ((class_of(c) & (kDigit | kUpper | kLower)) != 0) {
            iban[size++] = to_upper(c);
        } else if ((c != ' ' && c != '-' && c != '.') || !is_word(scan.at(at + 1))) {
            return false;
        }
        ++at;
    }
    if (is_word(scan.at(at)) || !iban_valid({iban, size})) return false;
    scan.report(t.begin, at, Detector::kIban);
    return true;
}

}  // namespace gpsync::core::pii
