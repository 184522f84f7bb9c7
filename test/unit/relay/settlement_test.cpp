// What becomes of each event of a batch after each kind of answer.
#include <gtest/gtest.h>

#include "relay/delivery/answer.hpp"
#include "relay/delivery/settlement.hpp"

namespace gpsync::relay {
namespace {

constexpr auto kTaken = Settlement::taken, kRefused = Settlement::refused, kWaits = Settlement::waits;
using Kinds = std::vector<Settlement::Kind>;

// Events of these keys.
class EventsOf {
  public:
    explicit EventsOf(const std::vector<uint64_t>& keys) : events_(keys.size()) {
        for (size_t i = 0; i < keys.size(); ++i) {
            events_[i].key_hash = keys[i];
            batch_.push_back(&events_[i]);
        }
    }
    Event& operator[](size_t i) { return events_[i]; }
    std::span<Event* const> batch() const { return batch_; }

    Kinds kinds(const BatchSettlement& settlement) const {
        Kinds kinds;
        for (size_t i = 0; i < batch_.size(); ++i) kinds.push_back(settlement[i].kind);
        return kinds;
    }
    // After an answer event by event.
    Kinds after(const Kinds& said) const {
        Answer answer;
        answer.kind = AnswerKind::by_event;
        for (Settlement::Kind kind : said) answer.results.push_back({kind, 0, 0, {}});
        return kinds(settle(answer, batch_));
    }

  private:
    std::vector<Event> events_;
    std::vector<Event*> batch_;
};

Answer answer_of(AnswerKind kind, long status) {
    Answer answer;
    answer.kind = kind;
    answer.http_status = status;
    if (kind != AnswerKind::taken) answer.error = "HTTP " + std::to_string(status);
    return answer;
}

TEST(Settlement, ABatchIsTaken) {
    const EventsOf events({1, 2});
    const BatchSettlement batch = settle(answer_of(AnswerKind::taken, 200), events.batch());
    EXPECT_EQ(events.kinds(batch), (Kinds{kTaken, kTaken}));
    EXPECT_TRUE(batch.answered);
    EXPECT_FALSE(batch.failed);
    EXPECT_EQ(batch.errors, 0);
    EXPECT_TRUE(batch.problem.empty());
}

TEST(Settlement, ABatchIsHeldWhileTheEndpointFails) {
    const EventsOf events({1, 2});
    const BatchSettlement busy = settle(answer_of(AnswerKind::retryable, 503), events.batch());
    EXPECT_EQ(events.kinds(busy), (Kinds{kWaits, kWaits}));
    EXPECT_TRUE(busy.failed);
    EXPECT_FALSE(busy.answered);
    EXPECT_FALSE(busy.lasting);
    EXPECT_EQ(busy.problem, "HTTP 503");
    EXPECT_EQ(busy.errors, 1);
    const BatchSettlement missing = settle(answer_of(AnswerKind::misconfigured, 404), events.batch());
    EXPECT_EQ(events.kinds(missing), (Kinds{kWaits, kWaits}));
    EXPECT_TRUE(missing.failed && missing.lasting && !missing.answered);
    const BatchSettlement unsent = keep_unsent("no token");
    EXPECT_EQ(events.kinds(unsent), (Kinds{kWaits, kWaits}));
    EXPECT_TRUE(unsent.failed && unsent.lasting && !unsent.answered);
    EXPECT_EQ(unsent.problem, "no token");
}

TEST(Settlement, WhatIsRefusedOrTooLargeIsSplitUntilItStandsAlone) {
    const EventsOf nine({1, 2, 3, 4, 5, 6, 7, 8, 9}), two({1, 2}), one({1});
    const Answer refused = answer_of(AnswerKind::refused, 400);
    const Answer too_large = answer_of(AnswerKind::too_large, 413);
    EXPECT_EQ(settle(refused, nine.batch()).split, Split::isolate);
    EXPECT_EQ(settle(too_large, nine.batch()).split, Split::halve);
    EXPECT_EQ(settle(too_large, two.batch()).split, Split::halve);
    for (const Answer& answer : {refused, too_large}) {
        const BatchSettlement whole = settle(answer, two.batch()), alone = settle(answer, one.batch());
        EXPECT_EQ(two.kinds(whole), (Kinds{kWaits, kWaits}));
        EXPECT_TRUE(whole.answered && !whole.failed);
        EXPECT_EQ(one.kinds(alone), Kinds{kRefused});
        EXPECT_EQ(alone.split, Split::none);
        EXPECT_EQ(alone[0].http_status, answer.http_status);
        EXPECT_EQ(alone[0].error, answer.error);
    }
    Answer with_words = refused;
    with_words.detail = "k7 is wrong";
    EXPECT_EQ(settle(with_words, one.batch())[0].error, "HTTP 400: k7 is wrong");
}

TEST(Settlement, EventByEvent) {
    const EventsOf events({1, 2, 3});
    Answer answer = answer_of(AnswerKind::by_event, 200);
    answer.error.clear();
    answer.results = {{kTaken, 0, 0, {}}, {kRefused, 0, 0, "bad"}, {kWaits, 0, 0, "busy"}};
    const BatchSettlement batch = settle(answer, events.batch());
    EXPECT_EQ(events.kinds(batch), (Kinds{kTaken, kRefused, kWaits}));
    EXPECT_EQ(batch[1].error, "rejected: bad");
    EXPECT_EQ(batch[1].http_status, 200);
    EXPECT_TRUE(batch.answered && batch.failed && !batch.lasting);
    EXPECT_EQ(batch.problem, "events rejected for now");
    EXPECT_EQ(batch.errors, 3) << "two rejected events, and the attempt";
    answer.results = {{kTaken, 0, 0, {}}, {kRefused, 0, 0, {}}, {kTaken, 0, 0, {}}};
    const BatchSettlement through = settle(answer, events.batch());
    EXPECT_FALSE(through.failed) << "nothing is left to be sent";
    EXPECT_TRUE(through.problem.empty());
    EXPECT_EQ(through[1].error, "rejected");
    EXPECT_EQ(through.errors, 1);
}

TEST(Settlement, WhatFollowsAHeldEventOfItsKeyIsHeld) {
    EXPECT_EQ(EventsOf({1, 2, 1, 2, 1}).after({kTaken, kWaits, kTaken, kTaken, kTaken}),
              (Kinds{kTaken, kWaits, kTaken, kWaits, kTaken}));
    EXPECT_EQ(EventsOf({1, 1}).after({kWaits, kRefused}), (Kinds{kWaits, kRefused}))
        << "what is refused for good is through";
    EXPECT_EQ(EventsOf({1, 1}).after({kRefused, kTaken}), (Kinds{kRefused, kTaken}));
}

TEST(Settlement, AChangeOfKeyHoldsBothKeys) {
    EventsOf events({1, 3, 2, 3, 4});
    events[1].scope = Scope::two_keys;  // from key 2 to 3
    events[1].old_key_hash = 2;
    EXPECT_EQ(events.after({kTaken, kWaits, kTaken, kTaken, kTaken}),
              (Kinds{kTaken, kWaits, kWaits, kWaits, kTaken}));
    EXPECT_EQ(events.after({kTaken, kTaken, kWaits, kTaken, kTaken}),
              (Kinds{kTaken, kTaken, kWaits, kTaken, kTaken}));
}

TEST(Settlement, AnEventOfAllKeysHoldsEverything) {
    EventsOf events({1, 0, 2});
    events[1].scope = Scope::all_keys;
    EXPECT_EQ(events.after({kTaken, kWaits, kTaken}), (Kinds{kTaken, kWaits, kWaits}));
    EXPECT_EQ(events.after({kWaits, kTaken, kTaken}), (Kinds{kWaits, kWaits, kWaits}));
}

}  // namespace
}  // namespace gpsync::relay
