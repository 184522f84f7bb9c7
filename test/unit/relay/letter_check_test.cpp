// Which dead letters may go as they were, beside what the ledger has.
#include <gtest/gtest.h>

#include "relay/books/letter_check.hpp"

namespace gpsync::relay {
namespace {

using Verdict = LetterCheck::Verdict;

constexpr uint16_t kNws = 0, kOds = 1;

Event event_of(uint64_t lsn, uint64_t key_hash) {
    Event event;
    event.position = {lsn, 1};
    event.key_hash = key_hash;
    return event;
}

struct LetterChecks : testing::Test {
    const Event& add(Event event) {
        auto message = std::make_unique<Message>();
        event.message = message.get();
        message->events.push_back(event);
        message->last = event.position;
        message->end_lsn = event.position.commit_lsn + 1;
        return ledger.add(std::move(message))->events.front();
    }
    Verdict verdict(const Event& letter, uint16_t endpoint) {
        LetterCheck check;
        check.add(letter, endpoint);
        check.compare_with(ledger);
        return check[0];
    }
    Ledger ledger{2};
};

TEST_F(LetterChecks, AKeyWithoutEventsIsSent) {
    add(event_of(100, 7));
    EXPECT_EQ(verdict(event_of(50, 8), kNws), Verdict::send);
}

TEST_F(LetterChecks, AnEventOnItsWayIsWaitedForAtWhateverEndpoint) {
    const Event& event = add(event_of(100, 7));
    EXPECT_EQ(verdict(event_of(50, 7), kNws), Verdict::wait);
    EXPECT_EQ(verdict(event_of(150, 7), kNws), Verdict::wait) << "an older one is";
    ledger.settle(kNws, event, true);
    EXPECT_EQ(verdict(event_of(50, 7), kNws), Verdict::wait) << "refused: the books decide";
}

TEST_F(LetterChecks, ANewerEventThatWasTakenSupersedesAtItsEndpointAlone) {
    const Event& event = add(event_of(100, 7));
    ledger.settle(kNws, event, false);
    EXPECT_EQ(verdict(event_of(50, 7), kNws), Verdict::superseded);
    EXPECT_EQ(verdict(event_of(50, 7), kOds), Verdict::wait);
    EXPECT_EQ(verdict(event_of(150, 7), kNws), Verdict::wait) << "an older one does not";
    ledger.settle(kOds, event, false);
    ledger.booked(ledger.take_booking(10));
    EXPECT_EQ(verdict(event_of(50, 7), kNws), Verdict::send) << "the books knew it before";
}

TEST_F(LetterChecks, AnEventInTheSpoolIsOnItsWay) {
    const Event& event = add(event_of(100, 7));
    ledger.note_spooled(event.position, only(kNws));
    EXPECT_EQ(verdict(event_of(50, 7), kNws), Verdict::wait);
}

TEST_F(LetterChecks, BothKeysOfAChangeOfKeyCount) {
    Event event = event_of(100, 7);
    event.scope = Scope::two_keys;
    event.old_key_hash = 9;
    const Event& added = add(event);
    EXPECT_EQ(verdict(event_of(50, 9), kNws), Verdict::wait);
    ledger.settle(kNws, added, false);
    EXPECT_EQ(verdict(event_of(50, 9), kNws), Verdict::superseded);
    Event letter = event_of(50, 3);
    letter.scope = Scope::two_keys;
    letter.old_key_hash = 7;
    EXPECT_EQ(verdict(letter, kNws), Verdict::superseded);
}

TEST_F(LetterChecks, EventsOfTopicsAndOfRowsLeaveEachOthersLettersAlone) {
    Event status_event = event_of(100, 7);
    status_event.topic = true;
    const Event& added = add(status_event);
    EXPECT_EQ(verdict(event_of(50, 7), kNws), Verdict::send) << "it is no event of the row";
    ledger.settle(kNws, added, false);
    EXPECT_EQ(verdict(event_of(50, 7), kNws), Verdict::send) << "and does not replace one";

    Event letter = event_of(50, 8);
    letter.topic = true;
    const Event& row = add(event_of(110, 8));
    EXPECT_EQ(verdict(letter, kNws), Verdict::send);
    ledger.settle(kNws, row, false);
    EXPECT_EQ(verdict(letter, kNws), Verdict::send);
}

TEST_F(LetterChecks, ATruncateIsWaitedForByAll) {
    Event event = event_of(100, 0);
    event.scope = Scope::all_keys;
    add(event);
    EXPECT_EQ(verdict(event_of(50, 8), kOds), Verdict::wait);
}

}  // namespace
}  // namespace gpsync::relay
