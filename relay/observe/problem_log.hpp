// A problem that comes again and again is logged when it is new, and then once a minute, with how often it
// came.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gpsync::relay {

class ProblemLog {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kAgain{60};

    // Answers how often the problem has come since the last line about it, this time included; 0: no line is
    // due.
    int64_t note(std::string_view problem, Time now) {
        const bool is_new = problem != problem_;
        if (is_new) problem_ = problem;
        times_ = is_new ? 1 : times_ + 1;
        if (!is_new && now - logged_ < kAgain) return 0;
        logged_ = now;
        const int64_t times = times_;
        times_ = 0;
        return times;
    }
    // It is over: the next one is new.
    void clear() { problem_.clear(); }

  private:
    std::string problem_;
    int64_t times_ = 0;
    Time logged_{};
};

}  // namespace gpsync::relay
