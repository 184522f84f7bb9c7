// What is asked of each word or number of a text before the function that decides is called: false is sure.
#pragma once

#include <cstddef>
#include <string_view>

namespace gpsync::core::pii {

// For secret_before_verb(): whether the first two letters and the length are those of a word that it knows;
// of most words they are not. The letters are also in kBeginnings of plain_text.cpp.
inline bool may_be_verb(std::string_view word) {
    const auto begins_with = [word](char first, char second) {
        return (word[0] | 0x20) == first && (word[1] | 0x20) == second;
    };
    switch (word.size()) {
        case 2:
            return begins_with('i', 's') || begins_with('e', 's') || begins_with('t', 'o') ||
                   begins_with('b', 'y');
        case 3:
            return begins_with('w', 'a') || begins_with('e', 's') || begins_with('i', 's');
        case 4:
            return begins_with('j', 'e');
        case 6:
            return begins_with('l', 'a');
        case 8:
            return begins_with('p', 'a');
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
