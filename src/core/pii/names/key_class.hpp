// What a key says about the value under it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/pii/detector.hpp"
#include "core/pii/names/key_words.hpp"

namespace gpsync::core::pii {

struct KeyClass {
    Detector subject = Detector::kNone;  // what a fitting value under this key is, whatever it looks like
    uint32_t flags = 0;                  // WordFlag
    const Word* compound = nullptr;      // "card", for a child that says only "number"

    bool has(uint32_t flag) const { return (flags & flag) != 0; }
};

// Cuts a key into words (camelCase, snake_case, kebab-case, dots, blanks, letters beside digits), looks for
// the longest phrase at its end that the table knows, and weighs the words around it. parent is the class of
// the object's own key. Costs some 100 ns; callers keep the answers.
KeyClass classify_key(std::string_view key, const KeyClass& parent);

// A key's letters and digits in lower case: what keys of a policy are compared by. Folds Unicode look-alikes.
std::string normalized_key(std::string_view key);

}  // namespace gpsync::core::pii
