// The URLs an endpoint may have: a strict subset of RFC 3986 (scheme http or https, no user information,
// no fragment), so that what libcurl connects to is what the DBA read.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpsync::core {

struct HttpUrl {
    bool tls = false;
    std::string_view host;  // without the brackets of an IPv6 literal
    bool ipv6 = false;
    uint16_t port = 0;        // 80 or 443 when the URL names none
    std::string_view target;  // path and query, may be empty
};

// What parse_http_url() found wrong, as the end of the sentence "the URL ..."; nullptr when it is fine.
// url gets views into text, valid only when nullptr is returned.
const char* parse_http_url(std::string_view text, HttpUrl& url);

// Whether both have the same scheme, host and port (RFC 6454): what is sent with one goes to where the other
// leads.
bool same_origin(const HttpUrl& one, const HttpUrl& other);

// True for localhost, *.localhost (RFC 6761), 127.0.0.0/8 and ::1: traffic that never leaves the machine.
bool is_loopback(const HttpUrl& url);

}  // namespace gpsync::core
