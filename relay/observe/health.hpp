// What /healthz and /readyz answer.
#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace gpsync::relay {

// What the relay is to its stream.
enum class Role {
    starting,  // it connects, and asks for the stream
    standby,   // another relay has the stream
    leader,    // it has the stream and delivers
    paused,    // it has the stream, which is paused
    broken,    // it cannot connect, or has the stream and does not get on
};
const char* role_name(Role role);

// Read by the thread that answers.
class Health {
  public:
    void set(Role role, std::string reason);
    // What both paths answer: 200 while it delivers or stands by, else 503; and "role: reason".
    std::pair<int, std::string> answer() const;

  private:
    mutable std::mutex mutex_;
    Role role_ = Role::starting;
    std::string reason_ = "no connection yet";
};

}  // namespace gpsync::relay
