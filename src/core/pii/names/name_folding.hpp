// Names in other alphabets than ASCII, as the vocabulary has them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace gpsync::core::pii {

// Writes a name with its accents and look-alikes folded to ASCII ("prénom", "straße", full-width forms),
// other letters in lower case as UTF-8, and '_' where a word ends by a change of case or script. Of a name
// for which there is no room the end is written. Returns the size.
size_t fold_name(std::string_view name, std::span<char> out);

}  // namespace gpsync::core::pii
