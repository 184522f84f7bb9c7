// The forms that values of one kind have, as far as a name needs them to believe the value.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

// What a folded text consists of.
struct TextShape {
    size_t digits = 0, letters = 0, unspaced = 0, spaces = 0, other = 0, upper = 0, lower = 0;
    // ASCII, and letters of scripts with blanks
    size_t words() const { return digits + letters; }
    // of all scripts
    size_t all_letters() const { return letters + unspaced; }
};
TextShape shape_of(std::string_view text);

// What forms and configurations hold instead of a value: "n/a", "{{first_name}}".
bool is_placeholder(std::string_view text);
// What a form asks for a value with: "Enter your name".
bool is_prompt(std::string_view text);
// How systems answer about a CVV or a PIN without revealing it.
// What a form says of a value that it does not take: "is too short", "must contain a digit".
bool is_validation_message(std::string_view text);
// ISO 6166: the number of a security, with its check digit.
bool is_isin(std::string_view text);
bool is_outcome(std::string_view text);
// A day, a month and a year of this century, in digits or with the month's name: "31.12.2028", "Dec 31,
// 2028".
bool is_whole_date(const TextShape& shape, std::string_view text);
// One with marks between its parts: when a document is from, or until when it is valid, not its number.
bool is_date_of_document(std::string_view text);
// YYYYMMDD of this century, or an epoch time in seconds or milliseconds of 2010 to 2059.
bool is_date_number(std::string_view text);
// MM/YY, MM/YYYY, MMYY, YYMM, YYYY-MM, YYMMDD, a month, a year; a full date or an epoch is some other expiry.
bool is_card_expiry(const TextShape& shape, std::string_view text);
// Only those of them that nothing else looks like: MM/YY, MM/YYYY, YYYY-MM, MMYY.
bool is_month_and_year(std::string_view text);
// Digits of track data, or an encrypted track; not the title of a piece of music.
bool is_track(const TextShape& shape, std::string_view text);
// Hex or base64 of at least so many characters.
bool is_coded(const TextShape& shape, std::string_view text, size_t least);
// Behind the letters from begin on.
inline size_t word_end(std::string_view text, size_t begin) {
    while (begin < text.size() && is_letter(text[begin])) ++begin;
    return begin;
}
// "John's iPhone", "iPhone von Anna", "Johns Tablet": a word that no device has in its name. "SM-G991B",
// "POS-12", "Ingenico Lane 3000" are models and hosts.
bool names_an_owner(std::string_view text);
// What no program says of a device: it has a word for one that somebody has ("phone", "Pixel"), says whose it
// is ("Anna's"), or has letters beyond ASCII.
bool may_be_owned(std::string_view text);
// "Pooja's iPad", "Tyrones-MacBook": a device and, in the genitive, whose it is.
bool is_device_of_somebody(std::string_view text);
// "acct_1032D82eZvKYlo2C", "0015g00000XyZabAAB", "arn:aws:…": a service's own identifier of an account, as no
// bank writes a number.
bool is_service_id(std::string_view text);
// "orders-queue", "root-span", "postgresql", "API": of a queue, a program, a level of membership.
bool is_name_of_a_thing(std::string_view text);
// "Hotel Maria", "St. Anna": one of several words is one for a thing, a place, a company.
bool has_word_of_things(std::string_view text);
// At least so many words as persons write their names, none of them a company's; or a few letters of Han,
// kana, Hangul.
bool is_persons_name(const TextShape& shape, std::string_view text, size_t least_words);
// "von", "de la": what stands in persons' names in lower case, a word of it.
bool is_name_particle(std::string_view word);
bool is_url(std::string_view text);
// What an address of a machine looks like: "0.0.0.0:80", "0x7f12", "broadcast".
bool is_of_machine(std::string_view text);
// A postal code, or words of which one begins with a capital; not a URL, a path, or an enumeration's value.
bool is_place(const TextShape& shape, std::string_view text);
// A latitude or longitude in degrees, to a kilometre or better: "48.86", "-122.4194".
bool is_coordinate(std::string_view text);
bool is_postal_code(const TextShape& shape, std::string_view text);
// One word of so many letters of both cases and digits that nobody guesses it.
bool is_opaque_token(const TextShape& shape, std::string_view text);
// Not a word: digits, symbols or capitals are in it.
bool is_secret(const TextShape& shape, std::string_view text);
// 2026-01-02, also with a time behind it, as ISO 8601 and RFC 3339 write it.
bool is_date_or_time(std::string_view text);

}  // namespace gpsync::core::pii
