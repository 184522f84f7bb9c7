// Whether a text that may be a person's name has a given name in it: what decides under names that say
// nothing of whose a value is ({"counterpart": {"name": …}}).
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// Any word of the text, which was not folded, is one of vocabulary_given_names.hpp or
// vocabulary_given_names_more.hpp.
bool has_given_name(std::string_view text);

}  // namespace gpsync::core::pii
