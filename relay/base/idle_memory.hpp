// Gives memory back after large messages: what an idle relay takes does not depend on what has passed.
#pragma once

#include <cstddef>

namespace gpsync::relay {

class IdleMemory {
  public:
    // libpq's buffers keep the size of the largest message for as long as their connection lives.
    static constexpr size_t kLargeMessage = size_t{4} << 20;
    // Held bytes from which freed memory may be scattered enough to be worth collecting.
    static constexpr size_t kMuch = size_t{8} << 20;
    // A burst of large messages is let through first.
    static constexpr int kIdleSeconds = 3;

    // A message of the stream came.
    void note_message(size_t bytes) { large_ = large_ || bytes >= kLargeMessage; }
    // Called once a second. held: bytes of events that are not booked yet. Returns freed memory to the system
    // after much was held. Answers whether connections should be made anew: they have had a large message,
    // and nothing was held for kIdleSeconds.
    bool tick(size_t held);

  private:
    bool large_ = false;
    bool much_ = false;
    int idle_ = 0;  // seconds
};

}  // namespace gpsync::relay
