// Resolving names on the event loop: the look-ups run elsewhere (name_lookup.hpp), the loop never waits for
// one, and a request ends within its bound.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/delivery/name_lookup.hpp"

namespace gpsync::relay {

struct HostPort {
    std::string host;
    uint16_t port = 0;
    bool operator==(const HostPort&) const = default;
};

struct Resolved {
    std::vector<std::string> entries;  // for CURLOPT_RESOLVE, one a name
    std::string error;                 // empty: every name has its entry
    bool lasting = false;              // NameAnswer::lasting
};

// "nws.example:443:192.0.2.7,[2001:db8::7]".
std::string resolve_entry(const HostPort& name, const std::vector<std::string>& addresses);

class Resolver {
  public:
    using Done = std::function<void(const Resolved&)>;
    using Clock = std::chrono::steady_clock;

    // Dropped, it waits no longer, and its Done is not called. Not to outlive its resolver.
    class Request {
      public:
        ~Request();
        Request(const Request&) = delete;
        Request& operator=(const Request&) = delete;

      private:
        friend class Resolver;
        explicit Request(Resolver& resolver) : resolver_(resolver) {}

        Resolver& resolver_;
        std::vector<HostPort> names_;
        std::vector<std::shared_ptr<LookupTicket>> tickets_;  // one a name
        std::chrono::milliseconds bound_{0};
        Clock::time_point deadline_;
        Done done_;
    };

    explicit Resolver(EventLoop& loop, NameLookups& lookups = NameLookups::of_process());
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    // done is called from the loop, never from within resolve().
    std::unique_ptr<Request> resolve(std::vector<HostPort> names, std::chrono::milliseconds bound, Done done);

  private:
    static bool answered(const Request& request);
    static Resolved collect(const Request& request);
    void end_requests();
    void wait_for_deadline();

    NameLookups& lookups_;
    std::shared_ptr<Wakeup> wakeup_;
    SocketWatch watch_;
    Timer deadline_;
    std::vector<Request*> requests_;
};

}  // namespace gpsync::relay
