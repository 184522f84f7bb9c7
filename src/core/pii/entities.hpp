// Characters as HTML and XML write them: "&eacute;", "&#64;", "&#x40;".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/pii/mapped_text.hpp"

namespace gpsync::core::pii {

// The length of the entity at text[at], an '&', with its ';'; 0 where none is that is known.
size_t entity_at(std::string_view text, size_t at, char32_t& code);
// Whether there is one, other than an '&' that stands between blanks once it is decoded.
bool has_entity(std::string_view text);
bool begins_entity(std::string_view text, size_t at);
// As decode_percent().
bool decode_entities(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out);

}  // namespace gpsync::core::pii
