#include "relay/delivery/bearer_token.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace gpsync::relay {

namespace {

constexpr size_t kMaxToken = 64 * 1024;

std::string trim(const std::string& text) {
    const char* space = " \t\r\n";
    size_t begin = text.find_first_not_of(space);
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

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
    std::ifstream file(file_, std::ios::binary);
    std::string text;
    if (file) {
        text.resize(kMaxToken);
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<size_t>(file.gcount()));
        text = trim(text);
        problem_ = is_token(text) ? "" : "file \"" + file_ + "\" holds no bearer token";
    } else {
        problem_ = "could not read file \"" + file_ + "\": " + std::strerror(errno);
    }
    if (!problem_.empty()) text.clear();
    bool changed = text != value_;
    value_ = std::move(text);
    return changed && problem_.empty();
}

}  // namespace gpsync::relay
