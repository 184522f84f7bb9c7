// The data objects of chip cards (EMV 4.3 Book 3, Annex A; the kernels' books; ISO/IEC 7816-6): which of them
// hold card data, and which may stay.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

struct EmvTag {
    uint32_t tag;
    uint8_t least, most;  // bytes of the value
    Detector detector;    // kNone: it may stay
};

// nullptr: not in the table.
const EmvTag* find_emv_tag(uint32_t tag);

// The tag that a member's name is: "9F26", "0x9f26", "tag9F26", "EMV_5A"; of tags in the table.
const EmvTag* emv_tag_of_name(std::string_view name);

// The tag whose two digits are those of a number: 57 is 0x57.
constexpr uint32_t tag_of_number(unsigned number) {
    return number < 100 ? number / 10 * 16 + number % 10 : 0;
}

// The tag that hex digits begin with, if it is in the table and so is its length, and its value is there;
// nullptr for most other text.
const EmvTag* begins_with_emv_tag(std::string_view hex);

}  // namespace gpsync::core::pii
