// IBAN (ISO 13616).
#include "core/pii/detect/iban_registry.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

// "IBANDE89…"
bool starts_with_iban(std::string_view word) {
    return to_lower(word[0]) == 'i' && to_lower(word[1]) == 'b' && to_lower(word[2]) == 'a' &&
           to_lower(word[3]) == 'n';
}

}  // namespace

bool scan_iban(Scan& scan, size_t token) {
    constexpr size_t kLongestIban = 34;
    const Token& t = scan.tokens[token];
    const uint32_t begin = t.begin + (t.size() >= 8 && starts_with_iban(scan.word(token)) ? 4 : 0);
    if (t.end - begin < 4 || !is_digit(scan.text[begin + 2]) || !is_digit(scan.text[begin + 3])) return false;
    char iban[kLongestIban] = {to_upper(scan.text[begin]), to_upper(scan.text[begin + 1])};
    const IbanFormat* format = find_iban_format(iban[0], iban[1]);
    if (format == nullptr) return false;
    size_t size = 0;
    uint32_t at = begin;
    while (size < format->length) {
        const char c = scan.at(at);
        if ((class_of(c) & (kDigit | kUpper | kLower)) != 0) {
            iban[size++] = to_upper(c);
        } else if ((c != ' ' && c != '-' && c != '.' && c != '+') || !is_word(scan.at(at + 1))) {
            return false;
        }
        ++at;
    }
    if (is_word(scan.at(at)) || !iban_valid({iban, size})) return false;
    scan.report(begin, at, Detector::kIban);
    return true;
}

}  // namespace gpsync::core::pii
