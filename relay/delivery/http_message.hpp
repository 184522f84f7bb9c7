// What goes out to an endpoint, and what comes back.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gpsync::relay {

struct HttpRequest {
    enum class Method : uint8_t { post, get };
    Method method = Method::post;
    std::string url;                   // empty: the endpoint's
    std::vector<std::string> headers;  // "Name: value", beside those that every request of the endpoint has
    std::string body;                  // of a POST
    // libcurl sends a request again by itself when a connection that it had kept turns out to be broken. Not
    // this one: it may have arrived.
    bool once = false;
    std::string wanted_header;  // of the answer: its values come back
};

// How a request ended, as libcurl saw it.
struct HttpResult {
    CURLcode code = CURLE_OK;
    long status = 0;    // 0: no answer
    std::string body;   // of the answer, decoded and bounded
    bool cut = false;   // the body goes on behind what is kept
    std::string error;  // libcurl's message when code is not CURLE_OK
    std::optional<std::chrono::seconds> retry_after;
    bool sent = true;                         // some of the request went out
    std::vector<std::string> wanted_headers;  // values of the header that was asked for
};

}  // namespace gpsync::relay
