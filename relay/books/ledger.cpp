#include "relay/books/ledger.hpp"

#include <algorithm>

namespace gpsync::relay {

Message* Ledger::add(std::unique_ptr<Message> message, const AudienceOf& audience) {
    in_transaction_ = message->end_lsn == 0;
    message->number = first_number_ + entries_.size();
    // A slot that is far behind the books (after a crash of the server) brings what they have once more.
    last_ = std::max(last_, message->last);
    Entry& entry = entries_.emplace_back();
    const size_t count = message->events.size();
    entry.end_lsn = message->end_lsn;
    entry.unclaimed = entry.unbooked = static_cast<uint32_t>(count);
    entry.covered = count == 0;
    entry.message = std::move(message);
    fill_states(entry, audience);
    entry.cost = entry.message->buffer.size() + entry.message->events.capacity() * sizeof(Event) +
                 entry.states.capacity() * sizeof(EventState);
    bytes_ += entry.cost + sizeof(Message) + sizeof(Entry);
    events_ += count;
    if (count == 0) release(entry);
    Message* to_deliver = count == 0 ? nullptr : entry.message.get();
    advance(nullptr);
    pop_durable();
    return to_deliver;
}

void Ledger::fill_states(Entry& entry, const AudienceOf& audience) {
    entry.states.resize(entry.message->events.size(), {{everybody_, 0, 0}, false, false});
    if (!audience) return;
    for (size_t i = 0; i < entry.states.size(); ++i) {
        const Event& event = entry.message->events[i];
        entry.states[i].audience = audience(event);
        settle_if_through(entry.states[i], event);
    }
}

void Ledger::note_keepalive(uint64_t lsn) {
    // In the middle of a transaction nothing can be said: its end lies further on.
    if (in_transaction_) return;
    uint64_t& end = entries_.empty() ? confirmed_lsn_ : entries_.back().end_lsn;
    end = std::max(end, lsn);
}

void Ledger::settle(uint16_t endpoint, const Event& event, bool refused) {
    EventState& state = state_of(entry_of(event), event);
    if ((state.audience.pending & only(endpoint)) == 0) return;
    state.refused |= refused;
    state.audience.pending &= ~only(endpoint);
    settle_if_through(state, event);
}

void Ledger::note_held(uint16_t endpoint, const Event& event) {
    EventState& state = state_of(entry_of(event), event);
    if ((state.audience.pending & only(endpoint)) == 0) return;
    state.audience.pending &= ~only(endpoint);
    state.audience.held |= only(endpoint);
    settle_if_through(state, event);
}

void Ledger::settle_if_through(EventState& state, const Event& event) {
    if (state.audience.pending != 0) return;
    const bool complete = !complete_ || complete_(event, state.audience.spooled | state.audience.held);
    settled_.push_back({&event, state.refused, complete});
}

void Ledger::note_spooled(const core::Position& end, EndpointSet endpoints) {
    for (Entry& entry : entries_) {
        for (size_t i = 0; i < entry.states.size(); ++i) {
            EventState& state = entry.states[i];
            const Event& event = entry.message->events[i];
            if (event.position > end) return;
            const EndpointSet waiting = state.audience.pending & endpoints;
            if (waiting == 0) continue;
            state.audience.pending &= ~waiting;
            state.audience.spooled |= waiting;
            settle_if_through(state, event);
        }
    }
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
        popped_ = std::max(popped_, entries_.front().message->last);
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

// The first entry that ends at or behind a place.
size_t Ledger::entry_at(const core::Position& position) const {
    const auto found =
        std::ranges::lower_bound(entries_, position, {}, [](const Entry& e) { return e.message->last; });
    return static_cast<size_t>(found - entries_.begin());
}

std::optional<Audience> Ledger::audience_at(const core::Position& position) const {
    const size_t index = entry_at(position);
    if (index == entries_.size()) return std::nullopt;
    const std::vector<Event>& events = entries_[index].message->events;
    const auto found = std::ranges::lower_bound(events, position, {}, &Event::position);
    if (found == events.end() || found->position != position) return std::nullopt;
    return entries_[index].states[static_cast<size_t>(found - events.begin())].audience;
}

Ledger::Prefix& Ledger::follow_prefix(uint16_t endpoint) {
    Prefix& prefix = passed_at_[endpoint];
    if (prefix.number < first_number_) prefix = {first_number_, 0};
    for (; prefix.number - first_number_ < entries_.size(); prefix = {prefix.number + 1, 0}) {
        const std::vector<EventState>& states = entries_[prefix.number - first_number_].states;
        for (; prefix.event < states.size(); ++prefix.event)
            if (states[prefix.event].audience.pending & only(endpoint)) return prefix;
    }
    return prefix;
}

core::Position Ledger::settled_up_to(uint16_t endpoint) {
    const Prefix& prefix = follow_prefix(endpoint);
    const size_t index = prefix.number - first_number_;
    if (prefix.event > 0) return entries_[index].message->events[prefix.event - 1].position;
    return index == 0 ? popped_ : std::max(popped_, entries_[index - 1].message->last);
}

bool Ledger::idle_at(uint16_t endpoint) {
    return follow_prefix(endpoint).number - first_number_ == entries_.size();
}

bool Ledger::holds_front(uint16_t endpoint) {
    return !entries_.empty() && follow_prefix(endpoint).number == first_number_;
}

bool Ledger::has_behind(const core::Position& position) const {
    for (auto entry = entries_.rbegin(); entry != entries_.rend() && entry->message->last > position; ++entry)
        if (!entry->message->events.empty() && entry->message->events.back().position > position) return true;
    return false;
}

std::vector<core::Position> Ledger::settled_ahead(uint16_t endpoint) {
    std::vector<core::Position> ahead;
    for_each_behind(settled_up_to(endpoint), [&](const Event& event, const Audience& audience, bool) {
        if (((audience.pending | audience.spooled) & only(endpoint)) == 0) ahead.push_back(event.position);
    });
    return ahead;
}

}  // namespace gpsync::relay
