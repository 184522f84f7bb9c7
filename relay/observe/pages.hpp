// What a listener serves besides metrics and health: who is asked, and to whom it is sent.
#pragma once

#include <string_view>

#include "relay/observe/http_text.hpp"

namespace gpsync::relay {

// A connection whose request is answered now, later or piece by piece.
class PageClient {
  public:
    virtual ~PageClient() = default;
    // The whole answer; nothing may follow.
    virtual void answer(const PageResponse& response) = 0;
    // An answer without an end, of this type. Then push() adds to it.
    virtual void begin_stream(std::string_view type, std::string_view fields) = 0;
    // Whoever does not read what was sent before is disconnected.
    virtual void push(std::string_view text) = 0;
};

// Called on the listener's thread.
class Pages {
  public:
    virtual ~Pages() = default;
    // False: there is no such page. The request's views end with the call; the client may be
    // answered later, until forget().
    virtual bool take(const PageRequest& request, PageClient& client) = 0;
    virtual void forget(PageClient& client) = 0;
};

}  // namespace gpsync::relay
