#include "core/http_url.hpp"

#include <uriparser/Uri.h>

#include <algorithm>
#include <charconv>

#include "core/ascii_case.hpp"
#include "core/hex.hpp"

namespace gpsync::core {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 3986 section 2: reserved, unreserved and '%' are the only characters of a URI.
bool is_uri_character(char c) {
    return is_alphanumeric(c) ||
           std::string_view("-._~:/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

bool has_broken_percent_encoding(std::string_view text) {
    for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (at + 2 >= text.size() || !hex::is_digit(text[at + 1]) || !hex::is_digit(text[at + 2]))
            return true;
    return false;
}

constexpr const char* kNotHttp = "must start with http:// or https://";
constexpr const char* kFragment = "has a fragment (\"#\"), which is never sent";
constexpr const char* kCredentials = "contains credentials";
constexpr const char* kUnencoded = "contains a character that must be percent-encoded";
constexpr const char* kBadHost = "has an invalid host name";
constexpr const char* kBadIpv6 = "has an invalid IPv6 address";
constexpr const char* kBadPort = "has a port that is not a number from 1 to 65535";

// A URI as liburiparser (RFC 3986) takes it apart; the parts are views into the text.
class ParsedUri {
  public:
    explicit ParsedUri(std::string_view text) {
        const char* error_at = nullptr;
        const char* const begin = text.empty() ? "" : text.data();
        status_ = uriParseSingleUriExA(&uri_, begin, begin + text.size(), &error_at);
        if (error_at != nullptr) error_at_ = static_cast<size_t>(error_at - begin);
    }
    ~ParsedUri() {
        if (status_ == URI_SUCCESS) uriFreeUriMembersA(&uri_);
    }
    ParsedUri(const ParsedUri&) = delete;
    ParsedUri& operator=(const ParsedUri&) = delete;

    int status() const { return status_; }
    size_t error_at() const { return error_at_; }
    const UriUriA* operator->() const { return &uri_; }

  private:
    UriUriA uri_{};
    int status_;
    size_t error_at_ = 0;
};

bool is_present(const UriTextRangeA& range) {
    return range.first != nullptr;
}
std::string_view view(const UriTextRangeA& range) {
    return is_present(range) ? std::string_view(range.first, range.afterLast) : std::string_view();
}

const char* check_scheme(std::string_view scheme, HttpUrl& url) {
    url.tls = equals_ignoring_case(scheme, "https");
    return url.tls || equals_ignoring_case(scheme, "http") ? nullptr : kNotHttp;
}

// Host names as RFC 952 and RFC 1123 have them (and '_', which is in use); IPv4 addresses fit that too.
const char* check_host_name(std::string_view host) {
    if (host.empty()) return "names no host";
    if (host.size() > 253) return "has a host name that is too long";
    for (char c : host)
        if (!is_alphanumeric(c) && c != '-' && c != '.' && c != '_') return kBadHost;
    if (host.front() == '.' || host.front() == '-' || host.find("..") != std::string_view::npos)
        return kBadHost;
    return nullptr;
}

// In which part of a text that is no URI the error is: liburiparser gives only its position.
const char* explain_syntax_error(std::string_view text, size_t error_at) {
    HttpUrl ignored;
    const size_t colon = text.find("://");
    if (colon == std::string_view::npos || check_scheme(text.substr(0, colon), ignored) != nullptr)
        return kNotHttp;
    const size_t start = colon + 3;
    if (text.find('#', start) != std::string_view::npos) return kFragment;
    const std::string_view authority = text.substr(start, text.find_first_of("/?", start) - start);
    if (authority.find('@') != std::string_view::npos) return kCredentials;
    if (text.find_first_of("[]", start + authority.size()) != std::string_view::npos) return kUnencoded;
    if (!authority.starts_with('[')) {
        const char* bad_host = check_host_name(authority.substr(0, authority.find(':')));
        return bad_host != nullptr ? bad_host : kBadPort;
    }
    const size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return "has an IPv6 address without its closing bracket";
    if (error_at <= start + bracket) return kBadIpv6;
    return authority.substr(bracket + 1).starts_with(':') ? kBadPort : kBadHost;
}

const char* parse_host(const ParsedUri& uri, HttpUrl& url) {
    url.host = view(uri->hostText);
    url.ipv6 = uri->hostData.ip6 != nullptr;
    if (url.ipv6) return nullptr;
    return is_present(uri->hostData.ipFuture) ? kBadIpv6 : check_host_name(url.host);
}

const char* parse_port(const UriTextRangeA& range, HttpUrl& url) {
    url.port = url.tls ? 443 : 80;
    if (!is_present(range)) return nullptr;
    const auto [end, error] = std::from_chars(range.first, range.afterLast, url.port);
    return error != std::errc() || end != range.afterLast || url.port == 0 ? kBadPort : nullptr;
}

}  // namespace

const char* parse_http_url(std::string_view text, HttpUrl& url) {
    url = {};
    if (!std::ranges::all_of(text, is_uri_character)) return kUnencoded;
    if (has_broken_percent_encoding(text))
        return "has a \"%\" that is not followed by two hexadecimal digits";
    const ParsedUri uri(text);
    if (uri.status() == URI_ERROR_SYNTAX) return explain_syntax_error(text, uri.error_at());
    if (uri.status() != URI_SUCCESS) return "could not be read: memory ran out";
    if (!is_present(uri->hostText)) return kNotHttp;
    if (const char* problem = check_scheme(view(uri->scheme), url)) return problem;
    if (is_present(uri->fragment)) return kFragment;
    if (is_present(uri->userInfo)) return kCredentials;
    if (const char* problem = parse_host(uri, url)) return problem;
    if (const char* problem = parse_port(uri->portText, url)) return problem;
    const size_t authority = text.find("://") + 3;
    url.target = text.substr(std::min(text.find_first_of("/?", authority), text.size()));
    return nullptr;
}

bool same_origin(const HttpUrl& one, const HttpUrl& other) {
    return one.tls == other.tls && one.ipv6 == other.ipv6 && one.port == other.port &&
           equals_ignoring_case(one.host, other.host);
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
