// The seam between delivery and what an endpoint understands: what a request for some events looks like, how
// many of them it may hold, and what its answer means. Lanes, attempts, breaker and books are the same for
// every protocol.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "relay/base/secrets.hpp"
#include "relay/delivery/answer.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/delivery/http_message.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

// The requests of one lane: one batch at a time, an attempt at a time.
class Exchange {
  public:
    virtual ~Exchange() = default;
    // The batch is these events now, which stay until release() or the next load().
    virtual void load(std::span<Event* const> events) = 0;
    // A new attempt begins. The request stays as it is until its answer is judged.
    virtual const HttpRequest& begin() = 0;
    // What the answer to the present request means. Nothing: the attempt goes on with next(). Whatever the
    // endpoint or libcurl says comes out without the secrets; those that the endpoint gave are added.
    virtual std::optional<Answer> judge(const HttpResult& result, Secrets& secrets) = 0;
    // REQUIRES: judge() answered nothing.
    virtual const HttpRequest& next() = 0;
    // The batch is through: memory beyond what ordinary batches need is freed.
    virtual void release() = 0;
};

// What the lanes of one endpoint share.
class Protocol {
  public:
    virtual ~Protocol() = default;
    // As configured, or less where the protocol takes less.
    virtual BatchLimits limits(const BatchLimits& configured) const { return configured; }
    virtual std::unique_ptr<Exchange> exchange() = 0;
    // Asked before every attempt: why none can be made now (a secret that cannot be read, say); empty when
    // all is well. What was read since is added to the secrets.
    virtual std::string problem(Secrets&) { return {}; }
};

std::unique_ptr<Protocol> make_protocol(const EndpointConfig& config);

}  // namespace gpsync::relay
