// Codes behind their names in texts of other scripts than ASCII: "код безопасности 123", "安全码123",
// "código de seguridad de la tarjeta 123". The scanners read words of ASCII in front of a number,
// named_pairs.hpp names in front of a colon; these stand behind a blank, another mark, or nothing. A one-time
// code may stand in front of its name: "482913 — ваш код".
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

struct CodeInText {
    size_t begin, end;  // of its digits
    Detector detector;
};

// Calls take() with each number of three to eight digits, of any script, behind a name of a security code, a
// PIN or a password. Reads at most some 80 bytes in front of each.
void find_codes_in_scripts(std::string_view text, const std::function<void(const CodeInText&)>& take);

}  // namespace gpsync::core::pii
