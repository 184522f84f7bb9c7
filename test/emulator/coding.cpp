#include "coding.hpp"

#include <zlib.h>

#include <algorithm>

namespace gpsync::emulator {
namespace {

constexpr const char* kCodings[] = {"gzip",   "deflate",   "gzip-unsaid", "bom",
                                    "utf-16", "gzip-half", "deflate-half"};

constexpr std::string_view kHalf = "-half";
// What is kept of a half: the header, which libcurl takes for an empty text.
constexpr size_t kGzipHeader = 10, kDeflateHeader = 2;

// zlib reads through a pointer to non-const.
// cppcheck-suppress passedByValue
std::string compress(std::string body, int window_bits) {
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, body.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(body.data());
    stream.avail_in = static_cast<uInt>(body.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

// REQUIRES: ASCII.
std::string to_utf16(const std::string& body) {
    std::string out = "\xFF\xFE";
    for (char c : body) out.append(1, c).append(1, '\0');
    return out;
}

}  // namespace

bool is_coding(const std::string& coding) {
    return std::find(std::begin(kCodings), std::end(kCodings), coding) != std::end(kCodings);
}

void set_coded_body(httplib::Response& response, std::string body, const std::string& coding) {
    constexpr int kGzip = 16;  // added to the window size: a gzip header and trailer (zlib.h)
    if (coding.empty()) return response.set_content(body, "application/json");
    const bool half = coding.ends_with(kHalf);
    const std::string name = half ? coding.substr(0, coding.size() - kHalf.size()) : coding;
    if (name == "gzip" || name == "deflate") response.set_header("Content-Encoding", name);
    if (coding.starts_with("gzip")) body = compress(std::move(body), MAX_WBITS + kGzip);
    if (name == "deflate") body = compress(std::move(body), MAX_WBITS);
    if (half) body.resize(name == "gzip" ? kGzipHeader : kDeflateHeader);
    if (coding == "bom") body.insert(0, "\xEF\xBB\xBF");
    if (coding == "utf-16") body = to_utf16(body);
    // With a type that the library does not compress by itself.
    response.set_content(body, "application/x-coded");
}

}  // namespace gpsync::emulator
