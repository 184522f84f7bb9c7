// Records that are lines of text with names of their own: vCard (RFC 6350), and customers in SWIFT's MT
// messages (ISO 15022: fields 50 and 59).
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

// Whether there may be one; false is sure.
bool may_have_record_lines(std::string_view text);
// Calls take() with each value that is PII because of its line's name, in the text's order, until it returns
// false. Reads no byte more than a constant number of times.
void find_record_lines(std::string_view text, const std::function<bool(const NamedPair&)>& take);

}  // namespace gpsync::core::pii
