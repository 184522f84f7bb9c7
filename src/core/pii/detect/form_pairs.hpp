// The members of a form in a text: "firstName=Joe&lastName=Doe", alone or behind the '?' of a URL.
#pragma once

#include <algorithm>
#include <string_view>

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

// Calls take(key, begin, end) with each key and where its value is, until it returns false; that only ends
// the pair: "next=lastName=Doe" is a form in a member of a form.
template <class Take>
void for_each_pair(std::string_view text, const Take& take) {
    constexpr size_t kLongestKey = 64;
    constexpr int kMostNested = 3;
    const auto next_of = [text](size_t from, size_t end, const auto& test) {
        while (from < end && !test(text[from])) ++from;
        return from;
    };
    for (size_t begin = 0, end; begin < text.size(); begin = end + 1) {
        end = next_of(begin, text.size(), [](char c) { return c == '&' || c == '?'; });
        const std::string_view pair = text.substr(begin, end - begin);
        size_t from = 0, equals = pair.find('=');
        for (int depth = 0; depth < kMostNested && equals != std::string_view::npos; ++depth) {
            std::string_view key = pair.substr(from, equals - from);
            size_t blank = key.size();
            while (blank > 0 && !is_space(key[blank - 1]) && key[blank - 1] != '"' && key[blank - 1] != '\'')
                --blank;
            key.remove_prefix(blank);
            const size_t value = begin + equals + 1;
            const size_t stop = next_of(value, end, [](char c) {
                return is_space(c) || c == '"' || c == '\'' || c == '#' || c == '<';
            });
            if (!key.empty() && key.size() <= kLongestKey && !take(key, value, stop)) break;
            from = equals + 1;
            equals = pair.find('=', from);
        }
    }
}

}  // namespace gpsync::core::pii
