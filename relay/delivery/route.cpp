#include "relay/delivery/route.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include "core/ascii_case.hpp"

namespace gpsync::relay {

namespace {

// Where the proxy has a scheme but no port; libcurl's own figures.
constexpr uint16_t kProxyPort = 1080, kTlsProxyPort = 443;

bool is_below(std::string_view host, std::string_view domain) {
    return host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
           core::equals_ignoring_case(host.substr(host.size() - domain.size()), domain);
}

struct Address {
    int family = 0;
    unsigned char bytes[16] = {};
    int bits() const { return family == AF_INET ? 32 : 128; }
};

std::optional<Address> parse_address(std::string_view text) {
    const std::string copy(text);
    Address address;
    for (const int family : {AF_INET, AF_INET6})
        if (inet_pton(family, copy.c_str(), address.bytes) == 1) {
            address.family = family;
            return address;
        }
    return std::nullopt;
}

bool is_in_network(const Address& address, const Address& network, int bits) {
    if (address.family != network.family || bits < 0 || bits > network.bits()) return false;
    const auto whole = static_cast<size_t>(bits / 8);
    if (std::memcmp(address.bytes, network.bytes, whole) != 0) return false;
    const int rest = bits % 8;
    return rest == 0 || ((address.bytes[whole] ^ network.bytes[whole]) >> (8 - rest)) == 0;
}

bool matches_address(std::string_view pattern, const Address& host) {
    const size_t slash = pattern.find('/');
    std::string_view text = pattern.substr(0, slash);
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const std::optional<Address> network = parse_address(text);
    if (!network) return false;
    if (slash == std::string_view::npos) return is_in_network(host, *network, network->bits());
    const std::string_view digits = pattern.substr(slash + 1);
    int bits = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    return error == std::errc() && end == digits.data() + digits.size() &&
           is_in_network(host, *network, bits);
}

bool matches_name(std::string_view pattern, std::string_view host) {
    while (pattern.starts_with('.')) pattern.remove_prefix(1);
    if (pattern.ends_with('.')) pattern.remove_suffix(1);
    return !pattern.empty() && (core::equals_ignoring_case(host, pattern) || is_below(host, pattern));
}

struct ParsedUrl {
    std::string scheme, host, port;
};

std::optional<ParsedUrl> parse(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> handle(curl_url(), curl_url_cleanup);
    if (!handle ||
        curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME))
        return std::nullopt;
    ParsedUrl parsed;
    auto get = [&](CURLUPart part, unsigned flags, std::string& text) {
        char* value = nullptr;
        if (curl_url_get(handle.get(), part, &value, flags) == CURLUE_OK) text = value;
        curl_free(value);
    };
    get(CURLUPART_SCHEME, 0, parsed.scheme);
    get(CURLUPART_HOST, 0, parsed.host);
    get(CURLUPART_PORT, 0, parsed.port);
    if (parsed.host.starts_with('[')) parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
    return parsed;
}

// libcurl answers localhost by itself.
bool is_local_name(std::string_view host) {
    return core::equals_ignoring_case(host, "localhost") || is_below(host, "localhost");
}

void add_name(const ParsedUrl& url, uint16_t default_port, std::vector<HostPort>& names) {
    if (url.host.empty() || parse_address(url.host) || is_local_name(url.host)) return;
    uint16_t port = default_port;
    std::from_chars(url.port.data(), url.port.data() + url.port.size(), port);
    names.push_back({url.host, port});
}

std::string variable(const Environment& environment, const std::string& name, bool any_case) {
    if (const char* value = environment(name.c_str())) return value;
    std::string upper;
    for (const char c : name) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const char* value = any_case ? environment(upper.c_str()) : nullptr;
    return value != nullptr ? value : "";
}

std::string proxy_for(const ParsedUrl& url, const Environment& environment) {
    if (is_exempt(variable(environment, "no_proxy", true), url.host)) return {};
    // HTTP_PROXY is what a CGI program gets from a request's header "Proxy".
    std::string proxy = variable(environment, url.scheme + "_proxy", url.scheme != "http");
    return proxy.empty() ? variable(environment, "all_proxy", true) : proxy;
}

}  // namespace

bool is_exempt(std::string_view no_proxy, std::string_view host) {
    if (no_proxy == "*") return true;
    const std::optional<Address> address = parse_address(host);
    if (host.ends_with('.')) host.remove_suffix(1);
    while (!no_proxy.empty()) {
        const std::string_view pattern = no_proxy.substr(0, no_proxy.find_first_of(", \t"));
        no_proxy.remove_prefix(std::min(pattern.size() + 1, no_proxy.size()));
        if (pattern.empty()) continue;
        if (address ? matches_address(pattern, *address) : matches_name(pattern, host)) return true;
    }
    return false;
}

Route route_to(const std::string& url, const Environment& environment) {
    Route route;
    const std::optional<ParsedUrl> endpoint = parse(url);
    if (!endpoint) return route;
    route.proxy = proxy_for(*endpoint, environment);
    bool direct = route.proxy.empty();
    if (const auto proxy = direct ? std::nullopt : parse(route.proxy)) {
        add_name(*proxy, proxy->scheme == "https" ? kTlsProxyPort : kProxyPort, route.names);
        // These leave it to their client to resolve names.
        direct = proxy->scheme == "socks" || proxy->scheme == "socks4" || proxy->scheme == "socks5";
    }
    if (direct) add_name(*endpoint, endpoint->scheme == "https" ? 443 : 80, route.names);
    return route;
}

}  // namespace gpsync::relay
