// The listener for /metrics and /healthz, on a thread of its own.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "relay/metrics.hpp"
#include "relay/status.hpp"

namespace httplib {
class Server;
}

namespace gpsync::relay {

// "127.0.0.1:9187", "[::1]:9187"; port 0 takes a free one. Throws ConfigError.
struct ListenAddress {
    std::string host;
    int port = 0;
    static ListenAddress parse(const std::string& text);
};

class MetricsServer {
  public:
    // Throws ConfigError when the address cannot be used.
    MetricsServer(const ListenAddress& address, const Metrics& metrics, const Health& health);
    ~MetricsServer();
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;

    int port() const { return port_; }

  private:
    std::unique_ptr<httplib::Server> server_;
    int port_;
    std::thread thread_;
};

}  // namespace gpsync::relay
