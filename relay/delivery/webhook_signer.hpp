// Signs requests as Standard Webhooks are, with secrets from an option or from a file that may change while
// the relay runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relay/base/secrets.hpp"
#include "relay/delivery/endpoint_config.hpp"

namespace gpsync::relay {

class WebhookSigner {
  public:
    explicit WebhookSigner(const Credentials& credentials);

    // Reads the file again if it has changed. Answers why there is no secret, or an empty text. What was read
    // is added to the secrets.
    std::string refresh(Secrets& secrets);
    // Appends the headers for a request. body: as the receiver has it when it has decoded the content coding.
    // REQUIRES: refresh() found a secret.
    void sign(const std::string& id, int64_t timestamp, std::string_view body,
              std::vector<std::string>& headers) const;

  private:
    void take(const std::string& text, Secrets& secrets);

    const std::string file_;
    std::string text_;   // of the option, until it is taken
    std::string state_;  // of the file when it was read
    std::string problem_;
    std::vector<std::string> secrets_;
};

}  // namespace gpsync::relay
