// What /healthz answers.
#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace gpsync::relay {

// Read by the thread that answers /healthz.
class Health {
  public:
    void set(bool healthy, std::string reason);
    std::pair<bool, std::string> get() const;

  private:
    mutable std::mutex mutex_;
    bool healthy_ = false;
    std::string reason_ = "starting";
};

}  // namespace gpsync::relay
