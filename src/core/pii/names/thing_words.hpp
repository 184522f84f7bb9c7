// Whether a word is one that names of things are made of: "Loader", "Premium".
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// In any case.
bool is_thing_word(std::string_view word);

}  // namespace gpsync::core::pii
