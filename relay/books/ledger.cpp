#include "relay/books/ledger.hpp"

#include <algorithm>

namespace gpsync::relay {

Message* Ledger::add(std::unique_ptr<Message> message) {
    in_transaction_ = message->end_lsn == 0;
    message->number = first_number_ + entries_.size();
    Entry& entry = entries_.emplace_back();
    const size_t count = message->events.size();
    entry.states.resize(count, {endpoints_, false, false});
    entry.end_lsn = message->end_lsn;
    entry.unclaimed = entry.unbooked = static_cast<uint32_t>(count);
    entry.covered = count == 0;
    entry.cost = message->buffer.size() + message->events.capacity() * sizeof(Event) +
                 entry.states.capacity() * sizeof(EventState);
    entry.message = std::move(message);
    bytes_ += entry.cost + sizeof(Message) + sizeof(Entry);
    events_ += count;
    if (count == 0) release(entry);
    Message* to_deliver = count == 0 ? nullptr : entry.message.get();
    advance(nullptr);
    pop_durable();
    return to_deliver;
}

void Ledger::note_keepalive(uint64_t lsn) {
    // In the middle of a transaction nothing can be said: its end lies further on.
    if (in_transaction_) return;
    uint64_t& end = entries_.empty() ? confirmed_lsn_ : entries_.back().end_lsn;
    end = std::max(end, lsn);
}

void Ledger::settle(const Event& event, bool refused) {
    EventState& state = state_of(entry_of(event), event);
    state.refused |= refused;
    if (--state.pending == 0) settled_.push_back({&event, state.refused});
}

Booking Ledger::take_booking(size_t max_events) {
    Booking booking;
    if (settled_.size() <= max_events) {
        booking.events.swap(settled_);
    } else {
        auto rest = settled_.begin() + static_cast<ptrdiff_t>(max_events);
        booking.events.assign(settled_.begin(), rest);
        settled_.erase(settled_.begin(), rest);
    }
    for (const SettledEvent& settled : booking.events) {
        Entry& entry = entry_of(*settled.event);
        state_of(entry, *settled.event).in_booking = true;
        --entry.unclaimed;
    }
    booking.dead_letters.swap(dead_letters_);
    advance(&booking);
    booking.confirmed_lsn = confirmed_lsn_;
    // What bookings have is booked with this one: the one before is durable.
    for (size_t i = 0; i < passed_; ++i)
        booking.confirmed_lsn = std::max(booking.confirmed_lsn, entries_[i].end_lsn);
    return booking;
}

// Moves the end of the prefix, and the booking's position with it.
void Ledger::advance(Booking* booking) {
    auto reach = [&](core::Position position, int64_t time_us) {
        if (!booking) return;
        booking->position = position;
        booking->commit_time_us = time_us;
    };
    for (; passed_ < entries_.size() && entries_[passed_].unclaimed == 0; ++passed_) {
        const Entry& entry = entries_[passed_];
        if (!entry.covered) reach(entry.message->last, entry.message->last_time_us);
    }
    if (passed_ == entries_.size()) return;
    Entry& entry = entries_[passed_];
    for (; entry.states[entry.first].in_booking; ++entry.first) {
        const Event& event = entry.message->events[entry.first];
        reach(event.position, event.commit_time_us);
    }
}

void Ledger::booked(const Booking& booking) {
    events_ -= booking.events.size();
    for (const SettledEvent& settled : booking.events) {
        Entry& entry = entry_of(*settled.event);
        if (--entry.unbooked == 0) release(entry);
    }
    pop_durable();
}

// The memory goes at once, also while an older message keeps this one in the list.
void Ledger::release(Entry& entry) {
    entry.message->buffer = PgBuffer();
    entry.message->text = {};
    std::vector<Event>().swap(entry.message->events);
    std::vector<EventState>().swap(entry.states);
    bytes_ -= entry.cost;
    entry.cost = 0;
}

void Ledger::pop_durable() {
    while (passed_ > 0 && entries_.front().unbooked == 0) {
        confirmed_lsn_ = std::max(confirmed_lsn_, entries_.front().end_lsn);
        bytes_ -= sizeof(Message) + sizeof(Entry);
        entries_.pop_front();
        ++first_number_;
        --passed_;
    }
}

std::optional<int64_t> Ledger::oldest_unsettled_us() const {
    if (passed_ == entries_.size()) return std::nullopt;
    const Entry& entry = entries_[passed_];
    return entry.message->events[entry.first].commit_time_us;
}

}  // namespace gpsync::relay
