// The bearer token of an endpoint, from its option or from a file that may change while the relay runs.
#pragma once

#include <string>

#include "relay/delivery/endpoint_config.hpp"

namespace gpsync::relay {

class BearerToken {
  public:
    explicit BearerToken(const Credentials& credentials);

    // Empty when the endpoint has none.
    const std::string& value() const { return value_; }
    // Why there is none although there should be; empty when all is well.
    const std::string& problem() const { return problem_; }
    // Reads the file again; true when that gave another token.
    bool refresh();

  private:
    std::string file_;
    std::string value_;
    std::string problem_;
};

}  // namespace gpsync::relay
