#include "core/http_url.hpp"

#include <algorithm>
#include <charconv>

namespace gpsync::core {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
    return std::ranges::equal(text, lower_case, {}, to_lower);
}

// RFC 3986 section 2: reserved, unreserved and '%' are the only characters of a URI.
bool is_uri_character(char c) {
    return is_alphanumeric(c) ||
           std::string_view("-._~:/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

bool has_broken_percent_encoding(std::string_view text) {
    for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return true;
    return false;
}

const char* parse_scheme(std::string_view& rest, HttpUrl& url) {
    const size_t colon = rest.find("://");
    if (colon == std::string_view::npos) return "must start with http:// or https://";
    const std::string_view scheme = rest.substr(0, colon);
    if (equals_ignoring_case(scheme, "https"))
        url.tls = true;
    else if (!equals_ignoring_case(scheme, "http"))
        return "must start with http:// or https://";
    rest.remove_prefix(colon + 3);
    return nullptr;
}

// Host names as RFC 952 and RFC 1123 have them (and '_', which is in use); IPv4 addresses fit that too.
const char* check_host_name(std::string_view host) {
    if (host.empty()) return "names no host";
    if (host.size() > 253) return "has a host name that is too long";
    for (char c : host)
        if (!is_alphanumeric(c) && c != '-' && c != '.' && c != '_') return "has an invalid host name";
    if (host.front() == '.' || host.front() == '-' || host.find("..") != std::string_view::npos)
        return "has an invalid host name";
    return nullptr;
}

const char* parse_host(std::string_view& authority, HttpUrl& url) {
    if (!authority.starts_with('[')) {
        url.host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(url.host.size());
        return check_host_name(url.host);
    }
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return "has an IPv6 address without its closing bracket";
    url.ipv6 = true;
    url.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
    for (char c : url.host)
        if (!is_hex(c) && c != ':' && c != '.') return "has an invalid IPv6 address";
    return std::ranges::count(url.host, ':') < 2 ? "has an invalid IPv6 address" : nullptr;
}

const char* parse_port(std::string_view rest, HttpUrl& url) {
    url.port = url.tls ? 443 : 80;
    if (rest.empty()) return nullptr;
    if (rest.front() != ':') return "has an invalid host name";
    rest.remove_prefix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), url.port);
    if (error != std::errc() || end != rest.data() + rest.size() || url.port == 0 || !is_digit(rest.front()))
        return "has a port that is not a number from 1 to 65535";
    return nullptr;
}

}  // namespace

const char* parse_http_url(std::string_view text, HttpUrl& url) {
    url = {};
    if (!std::ranges::all_of(text, is_uri_character))
        return "contains a character that must be percent-encoded";
    if (has_broken_percent_encoding(text))
        return "has a \"%\" that is not followed by two hexadecimal digits";
    std::string_view rest = text;
    if (const char* problem = parse_scheme(rest, url)) return problem;
    if (rest.find('#') != std::string_view::npos) return "has a fragment (\"#\"), which is never sent";

    std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    url.target = rest.substr(authority.size());
    if (authority.find('@') != std::string_view::npos) return "contains credentials";
    if (url.target.find_first_of("[]") != std::string_view::npos)
        return "contains a character that must be percent-encoded";
    if (const char* problem = parse_host(authority, url)) return problem;
    return parse_port(authority, url);
}

bool same_origin(const HttpUrl& one, const HttpUrl& other) {
    return one.tls == other.tls && one.ipv6 == other.ipv6 && one.port == other.port &&
           std::ranges::equal(one.host, other.host, {}, to_lower, to_lower);
}

bool is_loopback(const HttpUrl& url) {
    if (url.ipv6) return url.host == "::1" || equals_ignoring_case(url.host, "0:0:0:0:0:0:0:1");
    if (equals_ignoring_case(url.host, "localhost")) return true;
    if (url.host.size() > 10 && equals_ignoring_case(url.host.substr(url.host.size() - 10), ".localhost"))
        return true;
    return url.host.starts_with("127.") &&
           std::ranges::all_of(url.host, [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace gpsync::core
