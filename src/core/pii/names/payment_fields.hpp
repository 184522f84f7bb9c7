// Names that number a field of a payment message: ISO 8583 data elements ("52", "DE055", "field_2") and EMV
// tags
// ("9F26"), and names for chip data as a whole ("iccData").
#pragma once

#include <cstdint>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

struct PaymentField {
    enum class Kind : uint8_t {
        kNone,
        kElement,       // of ISO 8583, by its bare number
        kNamedElement,  // the same with a word in front: "DE52"
        kMessageType,   // "mti"
        kTag,           // of EMV
        kTagLabel,      // its value is a tag: {"tag": "9F26", "value": …}
        kChipData,      // TLV, or an object of tags
        kCounter,       // of chip data, by its name: it may stay
    };
    Kind kind = Kind::kNone;
    uint16_t number = 0;  // of the element; the tag

    bool is(Kind k) const { return kind == k; }
};

PaymentField payment_field(std::string_view name);

// What a data element of ISO 8583 holds; kNone: it may stay, or is found by its own form.
Detector detector_of_element(unsigned number);
// Whether messages usually have it: what tells their numbers from other numbers.
bool is_usual_element(unsigned number);
constexpr unsigned kChipDataElement = 55;

// Whether a value has the form that the field of that kind has. Stricter than fits_name(): the name is a
// number.
bool fits_field(Detector detector, std::string_view text);

}  // namespace gpsync::core::pii
