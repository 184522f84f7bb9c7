#include "core/http_headers.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii_case.hpp"

namespace gpsync::core {

namespace {

// tchar of RFC 9110.
bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_value(std::string_view value) {
    return std::all_of(value.begin(), value.end(),
                       [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7F); });
}

std::string_view trim(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string parse_line(std::string_view line, size_t number, std::vector<HttpHeader>& headers) {
    const std::string where = "Line " + std::to_string(number);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return where + " has no colon.";
    const HttpHeader header{line.substr(0, colon), trim(line.substr(colon + 1))};
    if (!is_token(header.name)) return where + " does not begin with the name of a header.";
    const std::string name = '"' + std::string(header.name) + '"';
    if (header.value.empty()) return "Header " + name + " has no value.";
    if (!is_value(header.value))
        return "The value of header " + name +
               " has other characters than visible ones of ASCII, blanks and tabs.";
    for (const HttpHeader& other : headers)
        if (equals_ignoring_case(other.name, header.name)) return "Header " + name + " comes twice.";
    headers.push_back(header);
    return {};
}

}  // namespace

std::string parse_http_headers(std::string_view text, std::vector<HttpHeader>& headers) {
    headers.clear();
    if (text.size() > kMaxHttpHeaderBytes)
        return "They are longer than " + std::to_string(kMaxHttpHeaderBytes) + " bytes.";
    for (size_t number = 1; !text.empty(); ++number) {
        const size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (trim(line).empty()) continue;
        if (std::string problem = parse_line(line, number, headers); !problem.empty()) return problem;
    }
    if (headers.empty()) return "There is none in it.";
    if (headers.size() > kMaxHttpHeaders)
        return "There are more than " + std::to_string(kMaxHttpHeaders) + " of them.";
    return {};
}

bool is_reserved_header(std::string_view name) {
    constexpr auto kReserved = std::to_array<std::string_view>(
        {"accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type",
         "expect", "host", "http2-settings", "idempotency-key", "keep-alive", "proxy-connection", "te",
         "trailer", "transfer-encoding", "upgrade", "user-agent"});
    const std::string known = to_lower(name);
    return std::ranges::find(kReserved, known) != kReserved.end() || known.starts_with("ce-") ||
           known.starts_with("webhook-") || known.starts_with("ibm-mq-");
}

bool is_credential_header(std::string_view name) {
    constexpr auto kWords = std::to_array<std::string_view>(
        {"auth", "cookie", "token", "secret", "passw", "credential", "api-key", "apikey", "api_key",
         "access-key", "private-key", "subscription-key", "signature", "jwt", "session"});
    const std::string known = to_lower(name);
    return std::ranges::any_of(kWords,
                               [&](std::string_view word) { return known.find(word) != std::string::npos; });
}

}  // namespace gpsync::core
