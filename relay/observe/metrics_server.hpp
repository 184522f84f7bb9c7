// The listener for /metrics, /healthz, /readyz and the status page: an event loop on a thread of its own, so
// that neither delivery nor a wait for the server keeps an orchestrator from its answer.
//
// Nobody is trusted with time or memory: a connection has one request, a bounded head, and a deadline for all
// of it; there are so many connections at most, and a further one takes the place of the oldest. So half-open
// connections and slow readers cost others nothing, and none of them is waited for at the end.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "relay/base/event_loop.hpp"
#include "relay/observe/health.hpp"
#include "relay/observe/metrics.hpp"
#include "relay/observe/pages.hpp"

namespace gpsync::relay {

// "127.0.0.1:9187", "[::1]:9187"; port 0 takes a free one. Throws ConfigError.
struct ListenAddress {
    std::string host;
    int port = 0;
    static ListenAddress parse(const std::string& text);
};

// A file descriptor that is closed with its owner.
class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    int get() const { return number_; }
    int release();

  private:
    int number_;
};

class MetricsServer {
  public:
    static constexpr size_t kMaxConnections = 64;
    static constexpr size_t kMaxHead = 8192;  // bytes of a request line and its headers
    static constexpr std::chrono::milliseconds kDeadline{10000};

    // What is served besides, on the listener's loop. loopback: only this machine can reach it.
    using MakePages = std::function<std::unique_ptr<Pages>(EventLoop& loop, bool loopback)>;

    // Throws ConfigError when the address cannot be used, and what make_pages throws.
    MetricsServer(const ListenAddress& address, const Metrics& metrics, const Health& health,
                  const MakePages& make_pages = {}, std::chrono::milliseconds deadline = kDeadline);
    ~MetricsServer();
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;

    int port() const { return port_; }

  private:
    class Connection;
    using Connections = std::list<std::unique_ptr<Connection>>;

    void run();
    void accept_one();
    void add(Descriptor socket);
    // Ends it; its memory goes once it cannot be running any more.
    void drop(Connection* connection);
    void pause_accepting();
    void serve(const PageRequest& request, PageClient& client);

    const Metrics& metrics_;
    const Health& health_;
    const std::chrono::milliseconds deadline_;
    Descriptor listener_;
    Descriptor wake_;  // an eventfd: readable once the loop is to end
    int port_ = 0;
    EventLoop loop_;
    SocketWatch listening_, stopping_;
    Timer resume_, reaper_;
    std::unique_ptr<Pages> pages_;
    Connections connections_;  // the oldest first
    Connections dropped_;
    std::thread thread_;
};

}  // namespace gpsync::relay
