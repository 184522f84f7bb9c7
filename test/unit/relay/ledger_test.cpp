// What is settled, how far the position and the slot may move. The random test compares with a naive model.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "relay/books/ledger.hpp"

namespace gpsync::relay {
namespace {

std::unique_ptr<Message> message(uint64_t lsn, uint32_t first_ordinal, uint32_t count, uint64_t end_lsn) {
    auto made = std::make_unique<Message>();
    for (uint32_t i = 0; i < count; ++i) {
        Event event;
        event.position = {lsn, first_ordinal + i};
        event.commit_time_us = static_cast<int64_t>(lsn);
        made->events.push_back(event);
    }
    for (Event& event : made->events) event.message = made.get();
    made->last = {lsn, first_ordinal + (count ? count - 1 : 0)};
    made->last_time_us = static_cast<int64_t>(lsn);
    made->end_lsn = end_lsn;
    return made;
}

TEST(Ledger, AnEventIsSettledOnceEveryEndpointHasIt) {
    Ledger ledger(2);
    auto m = message(100, 1, 1, 110);
    Event& event = m->events[0];
    ledger.add(std::move(m));
    ledger.settle(0, event, false);
    EXPECT_FALSE(ledger.has_booking());
    ledger.settle(1, event, true);
    ASSERT_TRUE(ledger.has_booking());
    Booking booking = ledger.take_booking(10);
    ASSERT_EQ(booking.events.size(), 1U);
    EXPECT_TRUE(booking.events[0].refused);
    EXPECT_EQ(booking.position, (core::Position{100, 1}));
    EXPECT_EQ(booking.confirmed_lsn, 110U) << "known before, since the books must say it first";
    EXPECT_EQ(ledger.confirmed_lsn(), 0U) << "not before the booking is durable";
    ledger.booked(booking);
    EXPECT_EQ(ledger.confirmed_lsn(), 110U);
    EXPECT_TRUE(ledger.empty());
    EXPECT_EQ(ledger.bytes(), 0U);
}

TEST(Ledger, ThePositionWaitsForTheFirstUnsettledEvent) {
    Ledger ledger(1);
    auto m = message(100, 1, 3, 110);
    Message& held = *m;
    ledger.add(std::move(m));
    ledger.settle(0, held.events[2], false);
    Booking later = ledger.take_booking(10);
    EXPECT_EQ(later.events.size(), 1U);
    EXPECT_FALSE(later.position);
    ledger.booked(later);
    EXPECT_EQ(ledger.oldest_unsettled_us(), 100);
    ledger.settle(0, held.events[0], false);
    Booking first = ledger.take_booking(10);
    EXPECT_EQ(first.position, (core::Position{100, 1}));
    ledger.booked(first);
    EXPECT_EQ(ledger.confirmed_lsn(), 0U) << "the transaction is not through";
    ledger.settle(0, held.events[1], false);
    Booking rest = ledger.take_booking(10);
    EXPECT_EQ(rest.position, (core::Position{100, 3}));
    ledger.booked(rest);
    EXPECT_EQ(ledger.confirmed_lsn(), 110U);
}

// What is in the spool for an endpoint lets the position pass, and says nothing of the row.
TEST(Ledger, WhatIsSpooledIsSettledAndNotComplete) {
    bool through = false;
    std::vector<EndpointSet> asked;
    Ledger ledger(2, {90, 7}, [&](const Event&, EndpointSet spooled) {
        asked.push_back(spooled);
        return spooled == 0 || through;
    });
    EXPECT_EQ(ledger.settled_up_to(1), (core::Position{90, 7}));
    auto m = message(100, 1, 3, 110);
    Message& held = *m;
    ledger.add(std::move(m));
    ledger.settle(0, held.events[0], false);
    ledger.settle(1, held.events[1], false);
    EXPECT_EQ(ledger.settled_up_to(0), (core::Position{100, 1}));
    EXPECT_EQ(ledger.settled_up_to(1), (core::Position{90, 7}));
    EXPECT_EQ(ledger.settled_ahead(1), (std::vector<core::Position>{{100, 2}}));
    EXPECT_TRUE(ledger.holds_front(1));

    ledger.note_spooled({100, 2}, only(1));
    EXPECT_EQ(ledger.audience_at({100, 1})->spooled, only(1));
    EXPECT_EQ(ledger.audience_at({100, 2})->spooled, 0U) << "the endpoint had it before";
    EXPECT_EQ(ledger.audience_at({100, 3})->pending, all_of(2)) << "not spooled yet";
    Booking booking = ledger.take_booking(10);
    ASSERT_EQ(booking.events.size(), 1U);
    EXPECT_FALSE(booking.events[0].complete);
    EXPECT_EQ(booking.position, (core::Position{100, 1}));
    ledger.booked(booking);

    through = true;
    ledger.settle(0, held.events[1], false);
    ledger.settle(0, held.events[2], false);
    EXPECT_TRUE(ledger.idle_at(0));
    EXPECT_FALSE(ledger.idle_at(1));
    ledger.note_spooled({100, 3}, only(1));
    EXPECT_TRUE(ledger.idle_at(1));
    booking = ledger.take_booking(10);
    ASSERT_EQ(booking.events.size(), 2U);
    EXPECT_TRUE(booking.events[0].complete);
    EXPECT_TRUE(booking.events[1].complete) << "the spool was read before the last live endpoint answered";
    EXPECT_EQ(asked, (std::vector<EndpointSet>{only(1), 0, only(1)}));
    ledger.booked(booking);
    EXPECT_EQ(ledger.confirmed_lsn(), 110U);
    EXPECT_FALSE(ledger.audience_at({100, 3})) << "gone";
}

// After a restart: one endpoint had some of it, another reads the rest from the spool.
TEST(Ledger, AnEventIsPendingOnlyForItsAudience) {
    Ledger ledger(3, {}, [](const Event&, EndpointSet spooled) { return spooled == 0; });
    auto m = message(100, 1, 3, 110);
    Message& held = *m;
    ledger.add(std::move(m), [](const Event& event) {
        const core::Position& position = event.position;
        return position.ordinal == 1 ? Audience{only(2), only(1)}
                                     : Audience{position.ordinal == 2 ? 0U : 7U, 0};
    });
    Booking booking = ledger.take_booking(10);
    ASSERT_EQ(booking.events.size(), 1U) << "the one that everybody had";
    EXPECT_TRUE(booking.events[0].complete);
    EXPECT_FALSE(booking.position);
    ledger.booked(booking);
    ledger.settle(0, held.events[0], false);
    EXPECT_FALSE(ledger.has_booking()) << "it was not for this one";
    ledger.settle(2, held.events[0], true);
    booking = ledger.take_booking(10);
    ASSERT_EQ(booking.events.size(), 1U);
    EXPECT_FALSE(booking.events[0].complete);
    EXPECT_TRUE(booking.events[0].refused);
    EXPECT_EQ(booking.position, (core::Position{100, 2}));
    std::vector<uint32_t> behind;
    ledger.for_each_behind(
        {100, 1}, [&](Event& event, const Audience&, bool) { behind.push_back(event.position.ordinal); });
    EXPECT_EQ(behind, (std::vector<uint32_t>{2, 3}));
    ledger.booked(booking);
}

// Otherwise the marks of the second booking would be lost by a crash between the two.
TEST(Ledger, ThePositionNeverPassesAnEventOfALaterBooking) {
    Ledger ledger(1);
    auto m = message(100, 1, 4, 110);
    Message& held = *m;
    ledger.add(std::move(m));
    for (uint32_t i : {1U, 3U, 0U, 2U}) ledger.settle(0, held.events[i], false);
    Booking booking = ledger.take_booking(3);
    EXPECT_EQ(booking.events.size(), 3U);
    EXPECT_EQ(booking.position, (core::Position{100, 2}));
    ledger.booked(booking);
    booking = ledger.take_booking(3);
    EXPECT_EQ(booking.position, (core::Position{100, 4}));
}

TEST(Ledger, AKeepaliveConfirmsOnlyWhenNothingIsUnsettled) {
    Ledger ledger(1);
    ledger.note_keepalive(50);
    EXPECT_EQ(ledger.confirmed_lsn(), 50U);
    auto m = message(100, 1, 1, 110);
    Event& event = m->events[0];
    ledger.add(std::move(m));
    ledger.note_keepalive(200);
    EXPECT_EQ(ledger.confirmed_lsn(), 50U);
    ledger.settle(0, event, false);
    ledger.booked(ledger.take_booking(10));
    EXPECT_EQ(ledger.confirmed_lsn(), 200U)
        << "what the keepalive said holds once the events before it are booked";
}

TEST(Ledger, AKeepaliveWithinATransactionSaysNothing) {
    Ledger ledger(1);
    auto m = message(100, 1, 1, 0);
    Event& event = m->events[0];
    ledger.add(std::move(m));
    ledger.note_keepalive(90);
    ledger.settle(0, event, false);
    ledger.booked(ledger.take_booking(10));
    ledger.note_keepalive(95);
    EXPECT_EQ(ledger.confirmed_lsn(), 0U);
    ledger.add(message(100, 2, 0, 110));  // the rest of it was settled in an earlier life
    EXPECT_EQ(ledger.confirmed_lsn(), 110U);
}

TEST(Ledger, WhatThePositionCoversIsConfirmedWithoutABooking) {
    Ledger ledger(1);
    ledger.add(message(100, 1, 0, 0));
    EXPECT_EQ(ledger.confirmed_lsn(), 0U);
    ledger.add(message(100, 1, 0, 110));
    EXPECT_EQ(ledger.confirmed_lsn(), 110U);
    EXPECT_TRUE(ledger.empty());
}

TEST(Ledger, WhatTheBooksHaveComesOnceMoreAndTakesNothingBack) {
    const core::Position start{200, 5};
    Ledger ledger(2, start, {});
    ledger.add(message(100, 1, 0, 110));
    EXPECT_EQ(ledger.last(), start) << "everything up to there has been read";
    EXPECT_EQ(ledger.left(), start);
    EXPECT_EQ(ledger.settled_up_to(0), start);
    Message* waits = ledger.add(message(300, 1, 1, 310));
    ASSERT_NE(waits, nullptr);
    EXPECT_EQ(ledger.last(), (core::Position{300, 1}));
    EXPECT_EQ(ledger.settled_up_to(0), start);
}

TEST(Ledger, GivesNothingBackOfAMessageThatIsCoveredWhole) {
    Ledger ledger(1);
    EXPECT_EQ(ledger.add(message(100, 1, 0, 110)), nullptr) << "it is freed at once";
    Message* first = ledger.add(message(120, 1, 2, 130));
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(ledger.add(message(140, 1, 0, 150)), nullptr) << "it waits for the one before";
    EXPECT_EQ(first->events.size(), 2U);
    for (Event& event : first->events) ledger.settle(0, event, false);
    ledger.booked(ledger.take_booking(10));
    EXPECT_EQ(ledger.confirmed_lsn(), 150U);
    EXPECT_TRUE(ledger.empty());
}

TEST(Ledger, DeadLettersAreBookedWithoutWaiting) {
    Ledger ledger(2);
    auto m = message(100, 1, 1, 110);
    Event& event = m->events[0];
    ledger.add(std::move(m));
    ledger.add_dead_letter({});
    ledger.settle(0, event, true);
    Booking booking = ledger.take_booking(10);
    EXPECT_EQ(booking.dead_letters.size(), 1U);
    EXPECT_TRUE(booking.events.empty());
    EXPECT_FALSE(booking.position);
    ledger.booked(booking);
}

// The naive model: everything in plain maps, nothing incremental.
struct Model {
    struct Seen {
        int pending;
        bool booked = false;
    };
    std::map<core::Position, Seen> events;
    std::map<uint64_t, uint64_t> ends;  // commit LSN to end of transaction, for those complete
    uint64_t keepalive = 0;

    core::Position prefix() const {
        core::Position last;
        for (const auto& [position, seen] : events) {
            if (!seen.booked) break;
            last = position;
        }
        return last;
    }
    uint64_t confirmed() const {
        uint64_t lsn = 0;
        for (const auto& [commit, end] : ends) {
            bool all = std::all_of(events.begin(), events.end(), [&](const auto& e) {
                return e.first.commit_lsn > commit || e.second.booked;
            });
            if (all) lsn = end;
        }
        return lsn;
    }
};

class RandomLedger : public testing::TestWithParam<unsigned> {};

TEST_P(RandomLedger, AgreesWithTheModel) {
    std::mt19937 random(GetParam());
    auto upto = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n)(random); };
    const int endpoints = 1 + static_cast<int>(upto(2));
    Ledger ledger(static_cast<uint16_t>(endpoints));
    Model model;
    std::vector<std::pair<Event*, int>> open;  // (event, endpoints left)
    std::optional<Booking> under_way;
    core::Position booked_position;
    uint64_t lsn = 1000;
    uint32_t ordinal = 0;
    auto add = [&] {
        bool last = upto(2) == 0;
        uint32_t count = upto(4);
        auto m = message(lsn, ordinal + 1, count, last ? lsn + 10 : 0);
        for (Event& event : m->events) {
            model.events[event.position] = {endpoints};
            open.push_back({&event, endpoints});
        }
        ordinal += count;
        if (last) model.ends[lsn] = lsn + 10;
        ledger.add(std::move(m));
        if (last) lsn += 100, ordinal = 0;
    };
    auto settle = [&] {
        if (open.empty()) return;
        size_t at = upto(static_cast<unsigned>(open.size()) - 1);
        ledger.settle(static_cast<uint16_t>(open[at].second - 1), *open[at].first, false);
        if (--open[at].second == 0) open.erase(open.begin() + static_cast<ptrdiff_t>(at));
    };
    auto book = [&] {
        if (under_way) {
            for (const auto& settled : under_way->events) model.events[settled.event->position].booked = true;
            if (under_way->position) {
                ASSERT_GT(*under_way->position, booked_position);
                booked_position = *under_way->position;
            }
            const uint64_t announced = under_way->confirmed_lsn;
            ledger.booked(*under_way);
            under_way.reset();
            ASSERT_LE(announced, ledger.confirmed_lsn());
            ASSERT_EQ(booked_position, model.prefix());
            ASSERT_EQ(ledger.confirmed_lsn(), model.confirmed());
        } else if (ledger.has_booking()) {
            under_way = ledger.take_booking(1 + upto(5));
        }
    };
    for (int step = 0; step < 2000; ++step) {
        unsigned what = upto(9);
        if (what < 2 && open.size() < 60)
            add();
        else if (what < 7)
            settle();
        else
            book();
        if (HasFatalFailure()) return;
    }
    while (!open.empty()) settle();
    while (under_way || ledger.has_booking()) book();
    EXPECT_EQ(ledger.events(), 0U);
    EXPECT_FALSE(ledger.oldest_unsettled_us());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLedger, testing::Range(0U, 40U));

}  // namespace
}  // namespace gpsync::relay
