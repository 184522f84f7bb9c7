// What one call of the extension writes into the books.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/position.hpp"
#include "relay/books/dead_letter.hpp"
#include "relay/books/held_change.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

// An event that is through at every endpoint that a ledger has it for.
struct SettledEvent {
    const Event* event;
    bool refused;   // by an endpoint at least
    bool complete;  // through at every endpoint of the stream: its row is marked
};

// Up to where an endpoint has settled the stream.
struct Cursor {
    uint16_t endpoint = 0;
    bool behind = false;  // it reads the spool from here
    core::Position position;
};

// The events stay valid until the booking is given to booked().
struct Booking {
    std::vector<SettledEvent> events;
    std::vector<DeadLetter> dead_letters;
    std::optional<core::Position> position;  // where the settled prefix now ends, if it moved
    int64_t commit_time_us = 0;              // of the event there
    uint64_t confirmed_lsn = 0;              // up to where the slot may be confirmed once this is booked
    std::vector<Cursor> cursors;             // those that changed
    std::vector<HeldChange> held;            // in the order in which it happened

    bool empty() const {
        return events.empty() && dead_letters.empty() && !position && cursors.empty() && held.empty();
    }
};

// Where bookings come from.
class BookingSource {
  public:
    virtual ~BookingSource() = default;
    // Something that a booking would write.
    virtual bool has_booking() const = 0;
    // The next booking, of at most max_events. REQUIRES: the one before was given to booked().
    virtual Booking take_booking(size_t max_events) = 0;
    // The booking is durable. Its events are gone afterwards.
    virtual void booked(const Booking& booking) = 0;
};

}  // namespace gpsync::relay
