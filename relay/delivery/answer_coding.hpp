// The codings of an endpoint's answer (Content-Encoding, RFC 9110). libcurl decodes too, but takes a stream
// that is cut short for its end: a rejection would read as an empty body, which means that all was taken.
#pragma once

#include <string>
#include <string_view>

namespace gpsync::relay {

// What the relay decodes, for Accept-Encoding.
inline constexpr const char* kAcceptedCodings = "gzip, deflate, br";

// What is known of a body in a coding.
struct CodedBody {
    std::string text;
    bool cut =
        false;  // the text goes on behind what is there, since the body or the text was longer than is kept
};

// Decodes body in place. codings: those applied to it in their order, as the header has them; names that mean
// none are passed over. At most max_text bytes are kept. False: a coding is not known, or the body is not in
// it, or it breaks off although it was read to its end (not body.cut).
bool decode(CodedBody& body, std::string_view codings, size_t max_text);

}  // namespace gpsync::relay
