// When the tokens of a pass are asked for: evenly over most of the period, so that a token system gets a
// table's tokens batch by batch, and not all of them when the period begins. Knows no clock: what it decides
// over time is tested on a virtual one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gpsync::relay {

class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Tokens of a batch, and how long one waits for the next at most: more often is no load for anybody, and
    // a small table is not a day behind.
    static constexpr size_t kBatch = 50;
    static constexpr std::chrono::seconds kLongestPause{60};
    // What was not taken up in this time, since others were busy, is made up for.
    static constexpr std::chrono::milliseconds kMadeUp{250};

    struct Pass {
        std::chrono::milliseconds every{0};    // the period
        std::chrono::milliseconds elapsed{0};  // since the pass began
        int64_t expected = 0;                  // about so many tokens it has; 0: nobody knows
        int64_t passed = 0;                    // so many of them have been asked for
    };

    // Another pass, or the same one anew. The last fifth of the period is for what comes late: from then on,
    // as for a pass of unknown length, there is no pause.
    void begin(const Pass& pass, Time now);
    // So many tokens may be taken up now, of most: whole batches. Before begin() none.
    size_t room(size_t most, Time now) const;
    // When there is room. REQUIRES: begin() was called
    Time next_at() const { return next_at_; }
    void note_taken(size_t tokens, Time now);
    // Some of them will be taken up later.
    void note_taken_back(size_t tokens) { taken_ -= static_cast<int64_t>(tokens); }

  private:
    std::chrono::duration<double> pause_of_token(Time now) const;

    bool begun_ = false;
    Time end_{}, next_at_{};
    std::chrono::duration<double> planned_{0};  // of each token, were the whole pass before us
    int64_t expected_ = 0, taken_ = 0;
};

}  // namespace gpsync::relay
