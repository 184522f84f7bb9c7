// Codings of an answer: the first byte says which, the second how much may be kept and whether the body was
// read to its end. Whatever it becomes, it is no longer than what may be kept.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "relay/delivery/answer_coding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace gpsync::relay;
    if (size < 2) return 0;
    constexpr const char* kCodings[] = {"gzip",
                                        "deflate",
                                        "br",
                                        "gzip, gzip",
                                        "br, deflate",
                                        "x",
                                        "",
                                        "gzip,,identity",
                                        "GZIP , BR",
                                        "gzip,gzip,gzip,gzip,gzip"};
    const size_t max_text = size_t{16} << (data[1] % 12);
    CodedBody body{std::string(reinterpret_cast<const char*>(data) + 2, size - 2), (data[1] & 0x80) != 0};
    const bool had_text = !body.text.empty(), was_cut = body.cut;
    const char* codings = kCodings[data[0] % std::size(kCodings)];
    if (!decode(body, codings, max_text)) return 0;
    const bool coded = *codings != '\0' && had_text;
    if (coded && body.text.size() > max_text) std::abort();
    // What is empty now was a whole text in its coding, or has a rest that nobody has read.
    if (was_cut && !had_text && !body.cut) std::abort();
    return 0;
}
