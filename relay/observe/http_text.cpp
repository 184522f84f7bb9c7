#include "relay/observe/http_text.hpp"

#include "core/ascii_case.hpp"

namespace gpsync::relay {

namespace {

const char* reason_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 431:
            return "Request Header Fields Too Large";
        case 503:
            return "Service Unavailable";
        default:
            return "Bad Request";
    }
}

std::string_view trimmed(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::optional<std::string_view> PageRequest::header(std::string_view name) const {
    for (std::string_view rest = fields; !rest.empty();) {
        const size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        const size_t colon = line.find(':');
        if (colon != std::string_view::npos && core::equals_ignoring_case(line.substr(0, colon), name))
            return trimmed(line.substr(colon + 1));
    }
    return std::nullopt;
}

std::optional<PageRequest> parse_request(std::string_view head) {
    const size_t end = head.find('\n');
    const std::string_view line = trimmed(head.substr(0, end));
    const size_t first = line.find(' '), second = line.rfind(' ');
    if (first == std::string_view::npos || first == second || !line.substr(second + 1).starts_with("HTTP/1."))
        return std::nullopt;
    PageRequest request;
    request.method = line.substr(0, first);
    request.path = line.substr(first + 1, second - first - 1);
    request.path = request.path.substr(0, request.path.find('?'));
    if (end != std::string_view::npos) request.fields = head.substr(end + 1);
    return request;
}

std::string response_text(const PageResponse& response, bool with_body) {
    std::string text =
        "HTTP/1.1 " + std::to_string(response.status) + " " + reason_of(response.status) + "\r\n";
    text.append("Content-Type: ").append(response.type).append("\r\n");
    text.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    if (response.status == 405) text.append("Allow: GET, HEAD\r\n");
    text.append(response.fields).append("Connection: close\r\n\r\n");
    return with_body ? text.append(response.body) : text;
}

}  // namespace gpsync::relay
