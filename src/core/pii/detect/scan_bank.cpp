// IBAN (ISO 13616).
#include <algorithm>

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
size_t next_character(std::string_view text, size_t at) {
    for (size_t end = std::min(at + 3, text.size()); at < end; ++at) {
        if ((class_of(text[at]) & (kDigit | kUpper | kLower)) != 0) return at;
        if (!between_groups(text[at])) break;
    }
    return text.size();
}

}  // namespace

size_t end_of_iban(std::string_view text, size_t begin) {
    constexpr size_t kLongestIban = 34;
    if (text.size() - begin < 2) return 0;
    char iban[kLongestIban] = {to_upper(text[begin]), to_upper(text[begin + 1])};
    // "DE 89 3704 …"
    size_t at = next_character(text, begin + 2);
    if (at == text.size() || !is_digit(text[at])) return 0;
    const IbanFormat* format = find_iban_format(iban[0], iban[1]);
    if (format == nullptr) return 0;
    for (size_t size = 2; size < format->length; ++size) {
        const size_t next = size == 2 ? at : next_character(text, at);
        if (next >= text.size()) return 0;
        iban[size] = to_upper(text[next]);
        at = next + 1;
    }
    const bool ends = at == text.size() || !is_word(text[at]);
    return ends && iban_valid({iban, format->length}) ? at : 0;
}

bool scan_iban(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    const uint32_t begin = t.begin + (t.size() >= 6 && starts_with_iban(scan.word(token)) ? 4 : 0);
    const size_t end = end_of_iban(scan.text, begin);
    if (end == 0) return false;
    scan.report(begin, static_cast<uint32_t>(end), Detector::kIban);
    return true;
}

}  // namespace gpsync::core::pii
