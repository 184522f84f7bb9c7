#include "relay/books/ledger.hpp"

#include <algorithm>

namespace gpsync::relay {

Message* Ledger::add(std::unique_ptr<Message> message) {
    in_transaction_ = message->end_lsn == 0;
    message->untaken = message->unbooked = static_cast<uint32_t>(message->events.size());
    message->covered = message->events.empty();
    for (Event& event : message->events) event.pending = endpoints_;
    message->cost = message->buffer.size() + message->events.capacity() * sizeof(Event);
    bytes_ += message->cost + sizeof(Message);
    if (message->events.empty()) release(*message);
    events_ += message->events.size();
    Message* to_deliver = message->events.empty() ? nullptr : message.get();
    messages_.push_back(std::move(message));
    advance(nullptr);
    pop_durable();
    return to_deliver;
}

void Ledger::note_keepalive(uint64_t lsn) {
    // In the middle of a transaction nothing can be said: its end lies further on.
    if (in_transaction_) return;
    if (messages_.empty())
        confirmed_lsn_ = std::max(confirmed_lsn_, lsn);
    else
        messages_.back()->end_lsn = std::max(messages_.back()->end_lsn, lsn);
}

void Ledger::settle(Event& event, bool failed) {
    event.failed |= failed;
    if (--event.pending == 0) settled_.push_back(&event);
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
    for (Event* event : booking.events) {
        event->taken = true;
        --event->message->untaken;
    }
    booking.dead_letters.swap(dead_letters_);
    advance(&booking);
    booking.confirmed_lsn = confirmed_lsn_;
    // What bookings have taken is booked with this one: the one before is durable.
    for (size_t i = 0; i < passed_; ++i)
        booking.confirmed_lsn = std::max(booking.confirmed_lsn, messages_[i]->end_lsn);
    return booking;
}

// Moves the end of the prefix, and the booking's position with it.
void Ledger::advance(Booking* booking) {
    auto reach = [&](core::Position position, int64_t time_us) {
        if (!booking) return;
        booking->position = position;
        booking->commit_time_us = time_us;
    };
    for (; passed_ < messages_.size() && messages_[passed_]->untaken == 0; ++passed_) {
        const Message& message = *messages_[passed_];
        if (!message.covered) reach(message.last, message.last_time_us);
    }
    if (passed_ == messages_.size()) return;
    Message& message = *messages_[passed_];
    for (; message.events[message.first].taken; ++message.first)
        reach(message.events[message.first].position, message.events[message.first].commit_time_us);
}

void Ledger::booked(const Booking& booking) {
    events_ -= booking.events.size();
    for (Event* event : booking.events) {
        Message& message = *event->message;
        if (--message.unbooked == 0) release(message);
    }
    pop_durable();
}

void Ledger::release(Message& message) {
    // The memory goes at once, also while an older message keeps this one in the list.
    message.buffer = PgBuffer();
    message.text = {};
    std::vector<Event>().swap(message.events);
    bytes_ -= message.cost;
    message.cost = 0;
}

void Ledger::pop_durable() {
    while (passed_ > 0 && messages_.front()->unbooked == 0) {
        confirmed_lsn_ = std::max(confirmed_lsn_, messages_.front()->end_lsn);
        bytes_ -= sizeof(Message);
        messages_.pop_front();
        --passed_;
    }
}

std::optional<int64_t> Ledger::oldest_unsettled_us() const {
    if (passed_ == messages_.size()) return std::nullopt;
    const Message& message = *messages_[passed_];
    return message.events[message.first].commit_time_us;
}

}  // namespace gpsync::relay
