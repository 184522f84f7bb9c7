// Who may see the status page. It names tables, endpoints and errors, which /metrics does not.
#pragma once

#include <optional>
#include <string>

#include "relay/observe/http_text.hpp"

namespace gpsync::relay {

class PageAccess {
  public:
    // token_file: holds the token that is asked for; empty: none is, and then only a listener on a loopback
    // address serves the page. Throws ConfigError for a file that cannot be read, or whose token is too
    // short.
    PageAccess(std::string token_file, bool loopback);

    // The refusal; nothing when the client may see it. The token is read from the file anew, so that it can
    // be replaced.
    std::optional<PageResponse> refusal(const PageRequest& request) const;

    static constexpr size_t kShortestToken = 16;

  private:
    bool has_token(const PageRequest& request) const;

    const std::string token_file_;
    const bool loopback_;
};

}  // namespace gpsync::relay
