#include "relay/delivery/bearer_token.hpp"

#include <algorithm>

#include "relay/delivery/secret_file.hpp"

namespace gpsync::relay {

namespace {

// RFC 6750: a token is visible characters only. Anything else could add a header of its own to the request.
bool is_token(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

BearerToken::BearerToken(const Credentials& credentials)
    : file_(credentials.bearer_token_file), value_(credentials.bearer_token) {
    if (!file_.empty()) refresh();
}

bool BearerToken::refresh() {
    if (file_.empty()) return false;
    std::string text;
    problem_ = read_secret_file(file_, text);
    if (problem_.empty() && !is_token(text)) problem_ = "file \"" + file_ + "\" holds no bearer token";
    if (!problem_.empty()) text.clear();
    bool changed = text != value_;
    value_ = std::move(text);
    return changed && problem_.empty();
}

}  // namespace gpsync::relay
