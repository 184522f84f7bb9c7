// Values that are no text as the text the scanners can read.
#pragma once

#include <string_view>

#include "core/byte_buffer.hpp"

namespace gpsync::core::pii {

// Bytes may have text among them. Appends their beginning in hex, as bytea shows it, which is what the name
// of a column may be about; and their text, in which whatever is no UTF-8 parts the words. UTF-16 has zero
// bytes between its letters, so if there are any, the text follows once more without them.
void append_text_of_bytes(ByteBuffer& out, std::string_view bytes);

// Appends the text of a range. In a discrete range the upper bound is the value behind the last one: '[4,4]'
// is
// '[4,5)'. So behind it follow the last values of long numbers.
void append_text_of_range(ByteBuffer& out, std::string_view range);

}  // namespace gpsync::core::pii
