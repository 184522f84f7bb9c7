// The server that the relay reached last, for whoever connects on another thread.
#pragma once

#include <mutex>
#include <optional>

#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

class KnownServer {
  public:
    void set(ServerAddress address) {
        std::lock_guard lock(mutex_);
        address_ = std::move(address);
    }
    // Nothing before the relay has reached one.
    std::optional<ServerAddress> get() const {
        std::lock_guard lock(mutex_);
        return address_;
    }

  private:
    mutable std::mutex mutex_;
    std::optional<ServerAddress> address_;
};

}  // namespace gpsync::relay
