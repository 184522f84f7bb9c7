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

namespace {

// What people write between the groups of an IBAN, of any size.
bool between_groups(char c) {
    return c == ' ' || c == '-' || c == '.' || c == '+' || c == '_' || c == '/' || c == '\t' || c == '\r' ||
           c == '\n';
}

// The next letter or digit from at on, over at most two separators; the text's size if there is none.
uint32_t next_character(const Scan& scan, uint32_t at) {
    for (uint32_t skipped = 0; skipped <= 2; ++skipped, ++at) {
        if ((class_of(scan.at(at)) & (kDigit | kUpper | kLower)) != 0) return at;
        if (!between_groups(scan.at(at))) break;
    }
    return static_cast<uint32_t>(scan.text.size());
}

}  // namespace

bool scan_iban(Scan& scan, size_t token) {
    constexpr size_t kLongestIban = 34;
    const Token& t = scan.tokens[token];
    const uint32_t begin = t.begin + (t.size() >= 6 && starts_with_iban(scan.word(token)) ? 4 : 0);
    char iban[kLongestIban] = {to_upper(scan.text[begin]), to_upper(scan.at(begin + 1))};
    // "DE 89 3704 …"
    uint32_t at = next_character(scan, begin + 2);
    if (!is_digit(scan.at(at))) return false;
    const IbanFormat* format = find_iban_format(iban[0], iban[1]);
    if (format == nullptr) return false;
    for (size_t size = 2; size < format->length; ++size) {
        const uint32_t next = size == 2 ? at : next_character(scan, at);
        if (next >= scan.text.size()) return false;
        iban[size] = to_upper(scan.text[next]);
        at = next + 1;
    }
    if (is_word(scan.at(at)) || !iban_valid({iban, format->length})) return false;
    scan.report(begin, at, Detector::kIban);
    return true;
}

}  // namespace gpsync::core::pii
