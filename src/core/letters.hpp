// Case and accents of letters of all scripts (Unicode), by utf8proc.
#pragma once

#include <string>

namespace gpsync::core::letters {

// The small letter of a capital one; every other character is itself.
char32_t to_small(char32_t c);

// Appends a character without case and without the difference between the ways to write it (full case folding
// of the compatibility decomposition: "Ǆ" is "dž", "ß" is "ss", "é" is "e" and the accent), in UTF-8.
void append_without_case(std::string& out, char32_t c);

// Whether it stands for nothing but is put on the letter before.
bool is_mark(char32_t c);

// The letter below accents and other marks; the character itself where there are none.
char32_t without_marks(char32_t c);

// The letters of ASCII that a Latin letter is written with where there is nothing else: "É" is "E", "ß" is
// "ss", "Ø" is "O". Empty for any other character, and for ASCII.
std::string in_ascii(char32_t c);

}  // namespace gpsync::core::letters
