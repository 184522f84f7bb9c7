// How many lanes of an endpoint may have a request under way: fewer while it is overloaded.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace gpsync::relay {

// Additive increase, multiplicative decrease (Chiu and Jain, 1989), as TCP does it. The limit falls by three
// tenths when the endpoint says that it is overloaded (429, 503) or does not answer in time, and by a tenth
// when it takes much longer than it did; it grows by one lane for each round of requests that used all of it.
// Answers to requests from before the last fall change nothing: they tell of the load of before.
//
// Longer: than twice the shortest time that batches of this size took, and by more than kSlack. The shortest
// time rises slowly, so that an endpoint that is slower for good is not held back for ever.
class LaneLimit {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    // Times that short are those of the machine, not of a queue at the endpoint.
    static constexpr std::chrono::milliseconds kSlack{50};
    // In so long the shortest time doubles without a shorter one.
    static constexpr std::chrono::seconds kForget{60};

    explicit LaneLimit(size_t lanes) : lanes_(lanes), limit_(static_cast<double>(lanes)) {}

    // From 1 to all.
    size_t limit() const { return static_cast<size_t>(limit_); }

    // A request of so many events was answered. in_flight: requests under way when it was sent, this
    // included.
    void note_answered(Time sent, Time now, size_t events, size_t in_flight);
    // The endpoint said that it is overloaded, or did not answer in time.
    void note_overload(Time sent, Time now);

  private:
    struct Shortest {
        Duration time{0};  // 0: none yet
        Time at;           // when it was taken, or last raised
    };
    bool is_slow(Time sent, Time now, size_t events);
    void fall(double factor, Time now);

    const size_t lanes_;
    double limit_;
    Time fell_{};
    std::array<Shortest, 16> shortest_;  // by the binary logarithm of the events
};

}  // namespace gpsync::relay
