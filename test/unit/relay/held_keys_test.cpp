// The index to what an endpoint holds.
#include "relay/delivery/held_keys.hpp"

#include <gtest/gtest.h>

#include <random>

namespace gpsync::relay {
namespace {

core::Position at(uint32_t ordinal) {
    return {0x100, ordinal};
}

// An event of a key, or of two.
void hold(HeldKeys& held, uint32_t ordinal, uint64_t key, uint64_t old_key = 0, int64_t due_us = 0) {
    held.add(at(ordinal), {key, old_key == 0 ? key : old_key}, 100, 1, due_us);
}

Event event_of(uint64_t key, Scope scope = Scope::one_key, uint64_t old_key = 0) {
    Event event;
    event.key_hash = key;
    event.scope = scope;
    event.old_key_hash = old_key;
    return event;
}

TEST(HeldKeys, KnowsItsKeys) {
    HeldKeys held;
    EXPECT_FALSE(held.has_key_of(event_of(0, Scope::all_keys)));
    hold(held, 1, 7);
    hold(held, 2, 8, 9);
    EXPECT_TRUE(held.has_key_of(event_of(7)));
    EXPECT_TRUE(held.has_key_of(event_of(9)));
    EXPECT_TRUE(held.has_key_of(event_of(1, Scope::two_keys, 8)));
    EXPECT_TRUE(held.has_key_of(event_of(0, Scope::all_keys)));
    EXPECT_FALSE(held.has_key_of(event_of(1)));
    held.remove(at(2));
    EXPECT_FALSE(held.has_key_of(event_of(9)));
    held.remove(at(2));
    held.remove(at(1));
    EXPECT_TRUE(held.empty());
}

TEST(HeldKeys, GivesAKeyInItsOrder) {
    HeldKeys held;
    hold(held, 5, 7, 0, 100);
    hold(held, 6, 7, 0, 0);
    EXPECT_EQ(held.next_due_us(), 100) << "the second one waits for the first";
    EXPECT_TRUE(held.take_due(99, 10).empty());
    EXPECT_EQ(held.take_due(100, 10), (std::vector{at(5), at(6)}));
    EXPECT_EQ(held.next_due_us(), INT64_MAX) << "somebody has them";
    EXPECT_TRUE(held.is_first(at(5), {}));
    EXPECT_FALSE(held.is_first(at(6), {}));
    held.add(at(5), {7, 7}, 100, 2, 300);  // tried, and not taken
    held.give_back(at(6), 0);
    EXPECT_EQ(held.next_due_us(), 300);
    EXPECT_EQ(held.attempts(at(5)), 2);
    held.remove(at(5));
    EXPECT_EQ(held.take_due(0, 10), std::vector{at(6)});
}

TEST(HeldKeys, AnEarlierEventComesFirst) {
    HeldKeys held;
    hold(held, 5, 7, 0, 100);
    hold(held, 3, 7, 0, 200);
    EXPECT_EQ(held.next_due_us(), 200);
    EXPECT_EQ(held.take_due(200, 1), std::vector{at(3)});
    EXPECT_EQ(held.first(), at(3));
}

TEST(HeldKeys, AChangeOfKeyWaitsForBothKeys) {
    HeldKeys held;
    hold(held, 1, 7);
    hold(held, 2, 8);
    hold(held, 3, 7, 8);
    hold(held, 4, 8);
    EXPECT_EQ(held.take_due(0, 10), (std::vector{at(1), at(2)}));
    held.remove(at(1));
    EXPECT_EQ(held.next_due_us(), INT64_MAX);
    held.remove(at(2));
    EXPECT_EQ(held.take_due(0, 10), std::vector{at(3)}) << "and alone";
    held.remove(at(3));
    EXPECT_EQ(held.take_due(0, 10), std::vector{at(4)});
}

TEST(HeldKeys, CanBeWoken) {
    HeldKeys held;
    hold(held, 1, 7, 0, 1000);
    hold(held, 2, 8, 0, 1000);
    held.wake(at(1));
    EXPECT_EQ(held.take_due(0, 10), std::vector{at(1)});
    held.wake(at(1));
    EXPECT_EQ(held.next_due_us(), 1000) << "it is taken";
    held.give_back(at(1), 5);
    EXPECT_EQ(held.next_due_us(), 5);
}

TEST(HeldKeys, WhatGoesWithItIsNotInTheWay) {
    HeldKeys held;
    for (uint32_t i : {1, 2, 3}) hold(held, i, 7);
    std::vector<Event> events(3);
    for (uint32_t i : {1, 2, 3}) events[i - 1].position = at(i);
    EXPECT_TRUE(held.is_first(at(2), std::vector{&events[0]}));
    EXPECT_FALSE(held.is_first(at(3), std::vector{&events[0]}));
    EXPECT_TRUE(held.is_first(at(3), std::vector{&events[0], &events[1]}));
    EXPECT_FALSE(held.is_first(at(4), {}));
}

// The stream is read again from before what is held.
TEST(HeldKeys, KnowsWhatTheEndpointHadBefore) {
    HeldKeys held;
    hold(held, 5, 7);
    hold(held, 9, 8, 9);
    held.note_discarded(at(20));
    held.note_begin();
    held.remove(at(5));
    const auto had = [&](uint32_t ordinal, Event event) {
        event.position = at(ordinal);
        return held.was_had(event);
    };
    EXPECT_TRUE(had(4, event_of(7)));
    EXPECT_FALSE(had(6, event_of(7)));
    EXPECT_FALSE(had(4, event_of(1))) << "another key";
    EXPECT_TRUE(had(8, event_of(9)));
    EXPECT_TRUE(had(8, event_of(1, Scope::two_keys, 8)));
    EXPECT_FALSE(had(9, event_of(8))) << "it is held";
    EXPECT_TRUE(had(8, event_of(0, Scope::all_keys)));
    EXPECT_FALSE(had(10, event_of(0, Scope::all_keys)));
    EXPECT_TRUE(had(20, event_of(3))) << "an operator has discarded it";
}

TEST(HeldKeys, IsFullUntilATenthIsGone) {
    HeldKeys held;
    for (uint32_t i = 1; i <= HeldKeys::kMostEvents; ++i) hold(held, i, i);
    EXPECT_TRUE(held.full());
    held.remove(at(1));
    EXPECT_TRUE(held.full());
    for (uint32_t i = 1; i <= HeldKeys::kMostEvents / 10 + 1; ++i) held.remove(at(i));
    EXPECT_FALSE(held.full());
    hold(held, 1, 1);
    EXPECT_FALSE(held.full());
}

TEST(HeldKeys, IsFullOfLargeEvents) {
    HeldKeys held;
    held.add(at(1), {1, 1}, HeldKeys::kMostBytes, 1, 0);
    EXPECT_TRUE(held.full());
    held.remove(at(1));
    EXPECT_FALSE(held.full());
}

// Whatever happens, what is given out is in the order of every key, and all of it comes.
TEST(HeldKeys, KeepsTheOrderOfEveryKey) {
    std::minstd_rand random(20261126);
    const auto below = [&](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
    for (int round = 0; round < 50; ++round) {
        HeldKeys held;
        std::map<core::Position, HeldKeys::Keys> left;
        for (uint32_t i = 1; i <= 60; ++i) {
            const uint64_t key = 1 + below(6), other = below(5) == 0 ? 1 + below(6) : key;
            left[at(i)] = {key, other};
            held.add(at(i), left[at(i)], 100, 0, below(3));
        }
        for (int turn = 0; turn < 10000 && !left.empty(); ++turn) {
            for (const core::Position& position : held.take_due(INT64_MAX - 1, 1 + below(8))) {
                const bool first = held.is_first(position, {});
                if (!first || below(3) == 0) {
                    held.give_back(position, below(3));
                    continue;
                }
                const auto keys = left.at(position);
                for (const auto& [earlier, of] : left)
                    EXPECT_FALSE(earlier < position &&
                                 (of.hash == keys.hash || of.hash == keys.old_hash ||
                                  of.old_hash == keys.hash || of.old_hash == keys.old_hash));
                held.remove(position);
                left.erase(position);
            }
        }
        EXPECT_TRUE(left.empty() && held.empty());
    }
}

}  // namespace
}  // namespace gpsync::relay
