// What the relay's listener reads and writes of HTTP/1.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gpsync::relay {

// The head of a request; its views last as long as the text.
struct PageRequest {
    std::string_view method, path, fields;  // path without the query

    bool is_head() const { return method == "HEAD"; }
    // Of the first header of this name, without blanks around it; nothing when there is none. REQUIRES: name
    // is in lower case.
    std::optional<std::string_view> header(std::string_view name) const;
};

// Nothing when it is no request.
std::optional<PageRequest> parse_request(std::string_view head);

struct PageResponse {
    int status = 200;
    std::string body;
    std::string_view type = "text/plain; charset=utf-8";
    std::string fields = {};  // further headers, each with its line end
};

// with_body: not for HEAD. The connection ends behind it.
std::string response_text(const PageResponse& response, bool with_body);

}  // namespace gpsync::relay
