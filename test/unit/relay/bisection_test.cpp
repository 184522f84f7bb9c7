// The search for refused events in a lane: how many requests it takes, and that order and events survive it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "relay/delivery/lane_set.hpp"

namespace gpsync::relay {
namespace {

// An endpoint that refuses each batch with one of these events (by their number), or with more events than it
// takes.
struct Strict {
    std::set<uint32_t> bad;
    size_t most = SIZE_MAX;

    bool refuses(const Batch& batch) const {
        return std::ranges::any_of(batch.events,
                                   [&](const Event* event) { return bad.contains(event->position.ordinal); });
    }
};

struct Outcome {
    size_t requests = 0;
    std::vector<uint32_t> taken, refused;
    int attempts = 0;  // with the last event that was refused
};

// Delivers n events, numbered from 0, in one batch and what becomes of it.
Outcome deliver(uint32_t n, const Strict& endpoint) {
    std::vector<Event> events(n);
    LaneSet lanes(1);
    for (uint32_t i = 0; i < n; ++i) {
        events[i].position = {1, i};
        events[i].json_length = 10;
        lanes.push(events[i]);
    }
    Outcome outcome;
    while (!lanes.idle(0)) {
        Batch batch = lanes.take(0, {n, SIZE_MAX});
        ++outcome.requests;
        const bool bad = endpoint.refuses(batch), large = batch.events.size() > endpoint.most;
        if ((bad || large) && batch.events.size() > 1) {
            lanes.split(batch, large ? Split::halve : Split::isolate, 1);
            continue;
        }
        batch.found = bad;
        if (bad) outcome.attempts = batch.earlier_attempts + 1;
        for (const Event* event : batch.events)
            (bad ? outcome.refused : outcome.taken).push_back(event->position.ordinal);
        lanes.done(batch);
    }
    return outcome;
}

std::vector<uint32_t> all_but(uint32_t n, const std::set<uint32_t>& bad) {
    std::vector<uint32_t> numbers;
    for (uint32_t i = 0; i < n; ++i)
        if (!bad.contains(i)) numbers.push_back(i);
    return numbers;
}

TEST(Bisection, FindsOneBadEventAnywhere) {
    for (uint32_t n = 1; n <= 200; ++n)
        for (uint32_t bad = 0; bad < n; ++bad) {
            const Outcome outcome = deliver(n, {{bad}});
            ASSERT_EQ(outcome.refused, std::vector<uint32_t>{bad}) << n;
            ASSERT_EQ(outcome.taken, all_but(n, {bad})) << "in order, each once; of " << n;
            ASSERT_LE(static_cast<double>(outcome.requests), 2 * std::log2(n) + 1) << bad << " of " << n;
        }
}

TEST(Bisection, FindsSeveralBadEvents) {
    std::mt19937 random(11);
    for (uint32_t n = 2; n <= 200; n += 3)
        for (uint32_t count = 2; count <= n; count = count * 2 + 1) {
            std::set<uint32_t> bad;
            while (bad.size() < count) bad.insert(static_cast<uint32_t>(random() % n));
            const Outcome outcome = deliver(n, {bad});
            ASSERT_EQ(outcome.refused, std::vector<uint32_t>(bad.begin(), bad.end()));
            ASSERT_EQ(outcome.taken, all_but(n, bad));
            ASSERT_LE(static_cast<double>(outcome.requests), count * 2 * std::log2(n) + 1);
            ASSERT_LE(outcome.requests, 2 * n - 1);
        }
}

TEST(Bisection, SendsARefusedEventAtLeastOnceByItself) {
    EXPECT_EQ(deliver(2, {{1}}).requests, 3U) << "both, the first, the second";
    EXPECT_EQ(deliver(8, {{7}}).attempts, 2) << "known from what was taken: 7 others went without it";
    EXPECT_EQ(deliver(8, {{0}}).attempts, 4) << "8, 4, 2, 1";
}

TEST(Bisection, NothingIsUnderSuspicionAfterwards) {
    const Outcome outcome = deliver(8, {{1}});
    EXPECT_EQ(outcome.requests, 7U) << "8, 4, 2, 1, 1 and, not split, 2 and 4";
}

TEST(Bisection, HalvesWhatIsTooLarge) {
    for (uint32_t n = 1; n <= 64; ++n) {
        const Outcome outcome = deliver(n, {{}, 4});
        ASSERT_EQ(outcome.taken, all_but(n, {}));
        ASSERT_LT(outcome.requests, n + 1);
    }
    EXPECT_EQ(deliver(16, {{}, 4}).requests, 7U) << "16, 8, 4, 4, 8, 4, 4";
}

TEST(Bisection, TooLargeAndRefusedAtOnce) {
    for (uint32_t bad = 0; bad < 64; ++bad) {
        const Outcome outcome = deliver(64, {{bad}, 10});
        ASSERT_EQ(outcome.refused, std::vector<uint32_t>{bad});
        ASSERT_EQ(outcome.taken, all_but(64, {bad}));
    }
}

}  // namespace
}  // namespace gpsync::relay
