// URLs, positions and percent-encoding: what is accepted means what it says, whatever the bytes.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/http_url.hpp"
#include "core/percent_encoding.hpp"
#include "core/position.hpp"

namespace {

using namespace gpsync::core;

void require(bool condition) {
    if (!condition) std::abort();
}

bool is_part(std::string_view part, std::string_view whole) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_url(std::string_view text) {
    HttpUrl url;
    if (parse_http_url(text, url) != nullptr) return;
    std::string scheme(text.substr(0, text.find("://")));
    for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;  // RFC 3986: in any case
    require(scheme == (url.tls ? "https" : "http"));
    require(!url.host.empty() && is_part(url.host, text) && is_part(url.target, text));
    require(text.find('@') == std::string_view::npos ||
            text.find('@') > text.find_first_of("/?", text.find("://") + 3));
    (void)is_loopback(url);
}

// A sequence that is read is written the same.
void check_sequence(std::string_view text) {
    if (const auto position = parse_sequence(text)) {
        char again[kSequenceLength];
        write_sequence(again, *position);
        require(text.substr(0, kSequenceLength) == std::string_view(again, sizeof again));
    }
    (void)parse_commit_time(text);
}

int hex(char c) {
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

// Decoding what was encoded gives the text back.
void check_percent_encoding(std::string_view text) {
    HeapBuffer encoded;
    append_percent_encoded(encoded, text, true);
    std::string decoded;
    const std::string_view from = encoded.view();
    for (size_t i = 0; i < from.size(); ++i) {
        require(from[i] != '/' && from[i] != ',' && from[i] != '.');
        if (from[i] == '%') {
            decoded += static_cast<char>(hex(from[i + 1]) * 16 + hex(from[i + 2]));
            i += 2;
        } else {
            decoded += from[i];
        }
    }
    require(decoded == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_url(text);
    check_sequence(text);
    check_percent_encoding(text);
    return 0;
}
