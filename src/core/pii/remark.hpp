// What a form's caption says of a field in brackets behind its name: "CVV (required)", "Password [optional]".
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// The text without such a remark at its end and the blanks in front of it; the text itself where there is
// none. Reads at most some 30 bytes.
std::string_view without_remark(std::string_view text);

}  // namespace gpsync::core::pii
