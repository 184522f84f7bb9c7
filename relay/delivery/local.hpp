// Protocol local: history and analytics. A batch goes to a function of the extension instead of over HTTP, on
// a session of its own, so the stream's bookkeeping waits for nothing of it. That function writes what the
// events mean and up to where it has come in one transaction, and it recognises a batch that comes
// again: the relay needs no more care here than anywhere else.
#pragma once

#include <memory>

#include "relay/base/event_loop.hpp"
#include "relay/delivery/channel.hpp"
#include "relay/delivery/protocol.hpp"

namespace gpsync::relay {

// The request's body is an array of [OID of the table or 0, whether the event comes out of its order, event].
class Local : public Protocol {
  public:
    std::unique_ptr<Exchange> exchange() override;
};

// What the function answered as an HTTP status that the rest of delivery knows: 200 with the refused events,
// 503 where it is to be tried again, the error without values as the body. keeps: it also has partitions made
// and dropped, tables scanned, and backlogs applied.
std::unique_ptr<Channel> make_local_channel(EventLoop& loop, const EndpointConfig& config, bool keeps);

}  // namespace gpsync::relay
