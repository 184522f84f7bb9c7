// What a request to an endpoint goes through.
#pragma once

#include <functional>
#include <string>

#include "relay/delivery/http_message.hpp"

namespace gpsync::relay {

// One request at a time.
class Channel {
  public:
    using Done = std::function<void(const HttpResult&)>;

    virtual ~Channel() = default;  // abandons the request under way

    // Sends the request; done is called from the loop, never from within send(). The request must stay as it
    // is until then. bearer_token: empty for none. Of the answer's body max_answer bytes are kept, the rest
    // is read and thrown away, within bounds. REQUIRES: no request under way.
    virtual void send(const HttpRequest& request, const std::string& bearer_token, size_t max_answer,
                      Done done) = 0;
    virtual void cancel() = 0;
    virtual bool busy() const = 0;
    // Nothing was sent yet (the host name has no address so far, say): it can be taken back.
    virtual bool resolving() const = 0;
};

}  // namespace gpsync::relay
