// How long to wait between attempts: doubling, capped, with jitter. Used by the relay's retries and
// reconnects.
#pragma once

#include <algorithm>
#include <chrono>

namespace gpsync::core {

struct Backoff {
    std::chrono::milliseconds base{1000};
    std::chrono::milliseconds cap{60000};

    // The wait after the given failed attempt: 2^attempt × base, at most cap. Attempts count from 1.
    constexpr std::chrono::milliseconds wait(int attempt) const {
        // 2^20 milliseconds are 17 minutes: more doublings only risk an overflow.
        auto doubled = base * (int64_t{1} << std::clamp(attempt, 0, 20));
        return std::min(std::max(doubled, std::chrono::milliseconds{1}), cap);
    }

    // The same, up to a quarter longer, so that what failed together does not come back together. Never
    // shorter: the waits are promised. jitter: uniform in [0, 1).
    constexpr std::chrono::milliseconds wait(int attempt, double jitter) const {
        auto exact = wait(attempt);
        return exact + std::chrono::milliseconds{
                           static_cast<int64_t>(static_cast<double>(exact.count()) * jitter / 4)};
    }
};

}  // namespace gpsync::core
