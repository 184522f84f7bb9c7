// Country calling codes of ITU-T E.164 with the lengths of the national (significant) numbers behind them.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpsync::core::pii {

struct CallingCode {
    uint16_t code;
    uint8_t shortest, longest;  // digits of the national number
};

// The calling code that digits (country code first, no trunk zero) start with; nullptr when none does.
const CallingCode* find_calling_code(std::string_view digits);

// Whether digits is a country code and a national number of a length that this country has. plus: a '+' stood
// in front; then a trunk zero behind the code does not count. grouped: they are written in groups, not of
// thousands; a number of few digits that is not is more likely an amount.
bool international_number(std::string_view digits, bool plus, bool grouped);

}  // namespace gpsync::core::pii
