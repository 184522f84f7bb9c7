// What is asked of each word or number of a text before the function that decides is called: false is sure.
#pragma once

#include <cstddef>
#include <string_view>

namespace gpsync::core::pii {

// For secret_before_verb(): whether the first two letters are those of a word that it knows; of most words
// they are not.
inline bool may_be_verb(std::string_view word) {
    constexpr size_t kLongest = 6, kPassword = 8;
    if (word.size() < 2 || (word.size() > kLongest && word.size() != kPassword)) return false;
    switch ((word[0] | 0x20) << 8 | (word[1] | 0x20)) {
        case 'i' << 8 | 's':
        case 'w' << 8 | 'a':
        case 'e' << 8 | 's':
        case 't' << 8 | 'o':
        case 'l' << 8 | 'a':
        case 'j' << 8 | 'e':
        case 'b' << 8 | 'y':
        case 'p' << 8 | 'a':
            return true;
        default:
            return false;
    }
}

// For code_behind(): whether " is " or " as " is there.
inline bool may_be_in_front_of_name(std::string_view text, size_t end) {
    constexpr size_t kShortest = 8;
    return end + kShortest < text.size() && text[end] == ' ' && text[end + 3] == ' ' &&
           (text[end + 2] | 0x20) == 's' && ((text[end + 1] | 0x20) == 'i' || (text[end + 1] | 0x20) == 'a');
}

}  // namespace gpsync::core::pii
