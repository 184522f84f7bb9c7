// Lanes: order per key, barriers for changes of key, batches. The random test plays an endpoint.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "relay/delivery/lane_set.hpp"

namespace gpsync::relay {
namespace {

// Lanes are chosen by the upper half of the hash.
uint64_t key(uint64_t n) {
    return n << 32;
}

Event event_of(uint64_t k, uint32_t ordinal = 1, uint32_t bytes = 10) {
    Event event;
    event.key_hash = key(k);
    event.position = {1, ordinal};
    event.json_length = bytes;
    return event;
}

Event change_of_key(uint64_t from, uint64_t to, uint32_t ordinal) {
    Event event = event_of(to, ordinal);
    event.scope = Scope::two_keys;
    event.old_key_hash = key(from);
    return event;
}

Event truncate(uint32_t ordinal) {
    Event event;
    event.scope = Scope::all_keys;
    event.position = {1, ordinal};
    event.json_length = 10;
    return event;
}

TEST(LaneSet, OneBatchInFlightPerLane) {
    LaneSet lanes(2);
    Event a = event_of(0, 1), b = event_of(0, 2);
    lanes.push(a);
    Batch batch = lanes.take(0, {});
    ASSERT_EQ(batch.events, std::vector<Event*>{&a});
    lanes.push(b);
    EXPECT_TRUE(lanes.take(0, {}).events.empty());
    lanes.done(batch);
    EXPECT_EQ(lanes.take(0, {}).events, std::vector<Event*>{&b});
}

TEST(LaneSet, BatchesEndAtTheirLimits) {
    LaneSet lanes(1);
    std::vector<Event> events;
    for (uint32_t i = 0; i < 10; ++i) events.push_back(event_of(i, i, i == 9 ? 5000 : 10));
    for (Event& event : events) lanes.push(event);
    Batch batch = lanes.take(0, {4, 1000});
    EXPECT_EQ(batch.events.size(), 4U);
    lanes.done(batch);
    batch = lanes.take(0, {100, 35});
    EXPECT_EQ(batch.events.size(), 3U) << "bytes";
    lanes.done(batch);
    batch = lanes.take(0, {100, 1000});
    EXPECT_EQ(batch.events.size(), 2U);
    lanes.done(batch);
    batch = lanes.take(0, {100, 1000});
    EXPECT_EQ(batch.events.size(), 1U) << "an event larger than a batch goes alone";
    EXPECT_EQ(lanes.queued(), 0U);
}

TEST(LaneSet, KnowsAFullBatch) {
    LaneSet lanes(1);
    Event a = event_of(0, 1, 60), b = event_of(0, 2, 60);
    lanes.push(a);
    EXPECT_FALSE(lanes.full(0, {2, 100}));
    lanes.push(b);
    EXPECT_TRUE(lanes.full(0, {2, 1000}));
    EXPECT_TRUE(lanes.full(0, {100, 100}));
    EXPECT_FALSE(lanes.full(0, {100, 1000}));
}

TEST(LaneSet, AChangeOfKeyWaitsForBothLanes) {
    LaneSet lanes(4);
    Event a = event_of(0, 1), b = event_of(1, 2), change = change_of_key(0, 1, 3), after = event_of(1, 4),
          other = event_of(2, 5);
    for (Event* event : {&a, &b, &change, &after, &other}) lanes.push(*event);
    Batch first = lanes.take(0, {}), second = lanes.take(1, {});
    EXPECT_EQ(first.events, std::vector<Event*>{&a});
    EXPECT_EQ(second.events, std::vector<Event*>{&b});
    EXPECT_EQ(lanes.take(2, {}).events, std::vector<Event*>{&other}) << "other lanes go on";
    lanes.done(first);
    EXPECT_TRUE(lanes.take(0, {}).events.empty());
    EXPECT_TRUE(lanes.take(1, {}).events.empty());
    lanes.done(second);
    Batch alone = lanes.take(1, {});
    EXPECT_EQ(alone.events, std::vector<Event*>{&change});
    EXPECT_EQ(alone.lanes, (std::vector<size_t>{1, 0}));
    EXPECT_TRUE(lanes.take(1, {}).events.empty()) << "nothing overtakes it";
    lanes.done(alone);
    EXPECT_EQ(lanes.take(1, {}).events, std::vector<Event*>{&after});
}

TEST(LaneSet, AChangeOfKeyWithinOneLaneIsAnOrdinaryEvent) {
    LaneSet lanes(2);
    Event a = event_of(0, 1), change = change_of_key(0, 2, 2), b = event_of(2, 3);
    for (Event* event : {&a, &change, &b}) lanes.push(*event);
    EXPECT_EQ(lanes.take(0, {}).events.size(), 3U);
}

TEST(LaneSet, ATruncateWaitsForAllLanes) {
    LaneSet lanes(3);
    Event a = event_of(0, 1), b = event_of(2, 2), all = truncate(3), after = event_of(1, 4);
    for (Event* event : {&a, &b, &all, &after}) lanes.push(*event);
    EXPECT_TRUE(lanes.take(1, {}).events.empty());
    Batch first = lanes.take(0, {}), second = lanes.take(2, {});
    lanes.done(first);
    lanes.done(second);
    Batch alone = lanes.take(1, {});
    EXPECT_EQ(alone.events, std::vector<Event*>{&all});
    EXPECT_EQ(alone.lanes.size(), 3U);
    lanes.done(alone);
    EXPECT_EQ(lanes.take(1, {}).events, std::vector<Event*>{&after});
    EXPECT_EQ(lanes.queued(), 0U);
}

TEST(LaneSet, ASplitBatchComesAgainInPartsBeforeAnythingElse) {
    LaneSet lanes(1);
    std::vector<Event> events;
    for (uint32_t i = 0; i < 6; ++i) events.push_back(event_of(i, i));
    for (size_t i = 0; i < 4; ++i) lanes.push(events[i]);
    Batch batch = lanes.take(0, {});
    lanes.push(events[4]);
    lanes.push(events[5]);
    lanes.split(batch, Split::halve, 1);
    for (size_t i = 0; i < 4; i += 2) {
        EXPECT_TRUE(lanes.full(0, {}));
        batch = lanes.take(0, {});
        ASSERT_EQ(batch.events, (std::vector<Event*>{&events[i], &events[i + 1]}));
        EXPECT_EQ(batch.earlier_attempts, 1);
        lanes.done(batch);
    }
    batch = lanes.take(0, {});
    EXPECT_EQ(batch.events.size(), 2U) << "the rest travels in whole batches again";
    EXPECT_EQ(batch.earlier_attempts, 0);
}

TEST(LaneSet, HalvesCanBeHalvedAgain) {
    LaneSet lanes(1);
    std::vector<Event> events;
    for (uint32_t i = 0; i < 8; ++i) events.push_back(event_of(i, i));
    for (Event& event : events) lanes.push(event);
    lanes.split(lanes.take(0, {}), Split::halve, 1);
    lanes.split(lanes.take(0, {}), Split::halve, 1);
    std::vector<uint32_t> order;
    while (!lanes.idle(0)) {
        Batch batch = lanes.take(0, {});
        ASSERT_LE(batch.events.size(), order.size() < 4 ? 2U : 4U);
        for (Event* event : batch.events) order.push_back(event->position.ordinal);
        lanes.done(batch);
    }
    EXPECT_EQ(order, (std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
}

class RandomLanes : public testing::TestWithParam<unsigned> {};

// Whatever the sizes, answers and splits: per key the events arrive in stream order, each exactly once.
TEST_P(RandomLanes, KeepTheOrderOfEveryKey) {
    std::mt19937 random(GetParam());
    auto upto = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n)(random); };
    const size_t lane_count = 1 + upto(5);
    LaneSet lanes(lane_count);
    const BatchLimits limits{1 + upto(6), 200};
    constexpr unsigned kKeys = 12;
    std::vector<std::unique_ptr<Event>> events;
    std::vector<uint32_t> arrived;
    std::vector<Batch> in_flight;
    uint32_t ordinal = 0;
    auto push = [&] {
        unsigned what = upto(20);
        Event event = what == 0  ? truncate(++ordinal)
                      : what < 4 ? change_of_key(upto(kKeys), upto(kKeys), ++ordinal)
                                 : event_of(upto(kKeys), ++ordinal, 1 + upto(100));
        events.push_back(std::make_unique<Event>(event));
        lanes.push(*events.back());
    };
    auto take_all = [&] {
        for (size_t lane = 0; lane < lane_count; ++lane)
            if (Batch batch = lanes.take(lane, limits); !batch.events.empty()) in_flight.push_back(batch);
    };
    auto answer = [&] {
        size_t at = upto(static_cast<unsigned>(in_flight.size()) - 1);
        Batch batch = in_flight[at];
        in_flight.erase(in_flight.begin() + static_cast<ptrdiff_t>(at));
        if (batch.events.size() > 1 && upto(4) == 0) {
            lanes.split(batch, upto(1) == 0 ? Split::halve : Split::isolate, 1);
        } else {
            batch.found = upto(1) == 0;
            for (Event* event : batch.events) arrived.push_back(event->position.ordinal);
            lanes.done(batch);
        }
    };
    for (int step = 0; step < 1500; ++step) {
        if (upto(2) != 0) push();
        take_all();
        if (!in_flight.empty() && upto(1) == 0) answer();
    }
    for (take_all(); !in_flight.empty(); take_all()) answer();
    EXPECT_EQ(lanes.queued(), 0U);
    ASSERT_EQ(arrived.size(), events.size());
    std::map<uint64_t, uint32_t> last_of_key;
    uint32_t last_truncate = 0, newest = 0;
    for (uint32_t at : arrived) {
        const Event& event = *events[at - 1];
        EXPECT_GT(at, last_truncate) << "came after a later TRUNCATE";
        if (event.scope == Scope::all_keys) {
            EXPECT_GT(at, newest) << "a TRUNCATE was overtaken";
            last_truncate = at;
        }
        newest = std::max(newest, at);
        std::vector<uint64_t> keys{event.key_hash};
        if (event.scope == Scope::two_keys) keys.push_back(event.old_key_hash);
        if (event.scope == Scope::all_keys) keys.clear();
        for (uint64_t k : keys) {
            EXPECT_GE(at, last_of_key[k]) << "out of order";
            last_of_key[k] = at;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLanes, testing::Range(0U, 40U));

}  // namespace
}  // namespace gpsync::relay
