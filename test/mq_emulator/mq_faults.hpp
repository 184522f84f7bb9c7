// Faults on demand of the mqweb emulator.
//
// POST /control/faults takes one JSON object; DELETE /control/faults clears all. A member that is not one of
// these, or of another type, is refused with 400: a test that misspells a fault must not pass without it.
//   kind    "status": answer `status` (default 503) and `body`
//           "delay":  wait `ms` first, then go on
//           "reset":  reset the connection without an answer
//           "half":   send half of an answer and close
//   on      "put" (default), "browse" or "login"
//   put     put the message before failing; with a delay: at once, and answer `ms` later
//   match   only messages with this text
//   times   so many requests (default 1); 0: until it is cleared
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace gpsync::mq_emulator {

struct Fault {
    std::string kind, on = "put", body, match;
    int64_t status = 503, ms = 0, times = 1, put = 0;
};

class Faults {
  public:
    // What is wrong with the text; empty: it is a fault from now on.
    std::string add(std::string_view json);
    void clear();
    // The fault that a request meets, counted as met. message: what is put.
    std::optional<Fault> meet(std::string_view on, std::string_view message);

  private:
    std::mutex mutex_;
    std::list<Fault> faults_;
};

}  // namespace gpsync::mq_emulator
