// What a Scrubber needs for one string; of its own for each layer of embedding. Internal to the Scrubber.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/pii/mapped_text.hpp"
#include "core/pii/scan.hpp"
#include "core/pii/scrubber.hpp"

namespace gpsync::core::pii {

struct Scrubber::Level {
    MappedText decoded[2];
    MappedText folded;
    Scanner scanner;
    std::vector<Finding> findings;
    std::vector<Edit> edits;
    std::string result;
};

// One layer of a string: its text, and where that came from in the original.
struct Scrubber::View {
    std::string_view original;
    std::string_view text;
    const std::vector<uint32_t>& starts;      // empty: text is the original
    bool percent = false, backslash = false;  // how the original writes what text holds

    uint32_t place(uint32_t at) const { return pii::original(starts, at); }
    std::string_view original_of(uint32_t begin, uint32_t end) const {
        return original.substr(place(begin), place(end) - place(begin));
    }
};

}  // namespace gpsync::core::pii
