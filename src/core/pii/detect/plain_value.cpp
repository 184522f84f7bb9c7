#include "core/pii/base64.hpp"
#include "core/pii/detect/iban_registry.hpp"
#include "core/pii/detect/plain_text.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/names/name_words.hpp"
#include "core/pii/text.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

bool may_be_hex_track(std::string_view hex);  // scan_track.cpp

namespace {

// 2026-11-22, 2026-11-22T06:11:37.917466Z
bool is_iso_time(std::string_view text) {
    return is_date(text) || end_of_timestamp(text, 0) == text.size();
}

// Lower-case hex of the length of a digest or a trace id; an IBAN is none.
bool is_digest(std::string_view text) {
    if (text.size() % 8 != 0 || (is_letter(text[0]) && is_letter(text[1]) && end_of_iban(text, 0) != 0))
        return false;
    uint8_t seen = 0;
    for (char c : text) {
        const uint8_t c_class = class_of(c);
        if ((c_class & (kDigit | kHexLetter)) == 0 || (c_class & kUpper) != 0) return false;
        seen |= c_class;
    }
    if ((seen & kLower) == 0 || (seen & kDigit) == 0 || begins_with_emv_tag(text) != nullptr ||
        may_be_hex_track(text))
        return false;
    // Nor a card number padded with f, nor a track with d in it.
    const size_t letter = text.find_first_not_of("0123456789");
    return letter < 12 ||
           (text[letter] != 'd' && text.find_first_not_of('f', letter) != std::string_view::npos);
}

// "tok_123456", "M123456": a word and a number too short to be found by its form. Not where the word may say
// what the number is.
bool is_identifier(std::string_view text) {
    constexpr size_t kMostDigits = 7, kCnpj = 14;  // a CNPJ may have letters
    size_t letters = 0;
    WordHash hash;
    for (; letters < text.size() && (class_of(text[letters]) & (kUpper | kLower)) != 0; ++letters)
        hash.add(to_lower(text[letters]));
    if (letters == 0 || text.size() == kCnpj || may_be_word(hash.value())) return false;
    const char mark = letters < text.size() ? text[letters] : '\0';
    size_t digits = letters + (mark == '_' || mark == '-' ? 1 : 0);
    if (text.size() - digits > kMostDigits) return false;
    for (; digits < text.size(); ++digits)
        if (!is_digit(text[digits])) return false;
    return text.size() < kLongRun || !begins_like_text(text);
}

// Shorter than the national ids that digits alone make.
bool is_short_number(std::string_view text) {
    if (text.size() > 9) return false;
    for (char c : text)
        if (!is_digit(c)) return false;
    return true;
}

}  // namespace

bool is_plain_value(std::string_view text) {
    if (text.size() < 6 || text.size() > 128) return false;
    if (text.size() < kShortText && is_identifier(text)) return true;
    if (text.size() == kUuidSize && text[8] == '-' && begins_with_uuid(text)) return true;
    if (text[4] == '-' && is_iso_time(text)) return true;
    return text.size() >= 16 ? is_digest(text) : is_short_number(text);
}

}  // namespace gpsync::core::pii
