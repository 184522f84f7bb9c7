// The connections to one endpoint. A set of them is made anew when it has reached its greatest age, and after
// a request that got no answer; its names are resolved when it is made, so an endpoint that moves is
// followed.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/delivery/resolver.hpp"
#include "relay/delivery/route.hpp"

namespace gpsync::relay {

class HttpChannel;

// libcurl's multi interface driven by libuv: connections of one age, kept alive and shared by the requests.
class ConnectionSet {
  public:
    explicit ConnectionSet(EventLoop& loop);
    ~ConnectionSet();  // closes what is idle. REQUIRES: no request in it, and none of its callbacks running
    ConnectionSet(const ConnectionSet&) = delete;
    ConnectionSet& operator=(const ConnectionSet&) = delete;

    bool add(CURL* easy) { return curl_multi_add_handle(multi_, easy) == CURLM_OK; }
    void remove(CURL* easy) { curl_multi_remove_handle(multi_, easy); }
    // CURLOPT_RESOLVE for its requests; valid while the set is.
    curl_slist* addresses() const { return addresses_.get(); }
    bool resolved() const { return resolved_; }

  private:
    friend class ConnectionPool;
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int on_timer(CURLM*, long timeout_ms, void* self);
    void set_addresses(const std::vector<std::string>& entries);
    void act(curl_socket_t socket, int events);
    void collect_finished();

    EventLoop& loop_;
    CURLM* multi_;
    Timer timer_;
    std::unordered_map<curl_socket_t, std::unique_ptr<SocketWatch>> sockets_;
    std::vector<std::unique_ptr<SocketWatch>> unwatched_;  // kept until their callback has surely returned
    std::unique_ptr<curl_slist, FreeList> addresses_;
    bool resolved_ = false;
};

class ConnectionPool {
  public:
    // Addresses of before are used for so long when a name server fails.
    static constexpr std::chrono::hours kUseLastAddresses{1};

    // environment: where proxies are named.
    ConnectionPool(EventLoop& loop, Resolver& resolver, const EndpointConfig& config,
                   const Environment& environment);
    ConnectionPool(EventLoop& loop, Resolver& resolver, const EndpointConfig& config);
    ConnectionPool(const ConnectionPool&) = delete;
    ConnectionPool& operator=(const ConnectionPool&) = delete;

    EventLoop& loop() { return loop_; }
    const std::string& proxy() const { return route_.proxy; }

    // The set for a new request, which gives it back when it has ended.
    std::shared_ptr<ConnectionSet> take();
    void give_back(std::shared_ptr<ConnectionSet> set);
    // The next request gets another set, and its names are resolved anew.
    void retire(const ConnectionSet& set);

    std::unique_ptr<Resolver::Request> resolve(std::chrono::milliseconds bound, Resolver::Done done);
    // Gives a set its addresses: those found, or else, where that may be the name server's fault, those of
    // before. False without any.
    bool adopt(ConnectionSet& set, const Resolved& resolved);

  private:
    using Clock = std::chrono::steady_clock;

    EventLoop& loop_;
    Resolver& resolver_;
    const std::string endpoint_;
    const std::chrono::milliseconds max_age_;
    const Route route_;
    std::vector<std::string> last_entries_;
    Clock::time_point last_found_;
    std::shared_ptr<ConnectionSet> current_;
    std::vector<std::shared_ptr<ConnectionSet>> left_;  // until none of their callbacks runs
    Timer age_, clear_left_;
};

}  // namespace gpsync::relay
