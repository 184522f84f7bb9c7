// How one endpoint is fed: from memory, where the stream's messages are, or from the spool at its own cursor.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "relay/books/ledger.hpp"
#include "relay/delivery/endpoint.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/source/echo_lists.hpp"
#include "relay/source/relation_table.hpp"

namespace gpsync::relay {

class EndpointFeed {
  public:
    enum class State : uint8_t {
        live,     // from memory
        leaving,  // it falls behind: requests under way come back first
        behind,   // from the spool
        joining,  // from memory again, and what it has read from the spool is not all booked yet
    };

    EndpointFeed(uint16_t number, Endpoint& endpoint, const EndpointConfig& config, size_t endpoints);

    uint16_t number() const { return number_; }
    Endpoint& endpoint() const { return endpoint_; }
    const std::string& name() const { return config_.name; }
    State state() const { return state_; }
    bool fed_from_memory() const { return state_ == State::live || state_ == State::joining; }
    // As the books call it.
    bool counts_as_behind() const { return state_ != State::live; }
    bool may_spool() const { return config_.spool_limit_bytes > 0; }

    // It sends nothing more from memory.
    void leave();
    // What was sent before leave() has come back, and what was read from the spool is booked.
    bool has_left() const;
    // Reads the spool from here on. ahead: what the endpoint has of what comes behind.
    void fall_behind(const core::Position& start, std::set<core::Position> ahead,
                     const Ledger::Complete& complete);
    // What was in memory when it fell behind ends there.
    void note_memory_end(const core::Position& end) { memory_end_ = end; }
    const core::Position& memory_end() const { return memory_end_; }
    void join() { state_ = State::joining; }
    // Everything read from the spool is booked.
    void become_live();

    // Of what was read from the spool; nullptr when nothing ever was.
    Ledger* ledger() { return ledger_.get(); }
    const Ledger* ledger() const { return ledger_.get(); }
    // Parses a pack and takes its events in; those that the endpoint is to get are offered to it.
    void take_in(std::string_view lines, RelationTable& relations, EchoLists& echo,
                 const std::set<core::Position>& refused, const std::set<core::Position>& skipped);
    // Everything up to here is read.
    const core::Position& read_end() const { return read_end_; }
    void note_read(const core::Position& end, int64_t bytes);
    // Whether an event of the spool is through at this endpoint.
    bool is_through(const core::Position& position) const;
    // The end of the prefix that bookings have.
    const core::Position& cursor() const { return cursor_; }
    void note_cursor(const core::Position& cursor) { cursor_ = cursor; }

    // What waits in the spool for it, bytes, that was read and is not booked included; against its limits.
    int64_t behind_bytes() const;
    void note_spooled(int64_t bytes) { unread_bytes_ += bytes; }
    void set_behind(int64_t bytes, int64_t since_us) { unread_bytes_ = bytes, since_us_ = since_us; }
    // Why nothing more may be spooled for it; empty when it may.
    std::string limit_reached() const;

  private:
    const uint16_t number_;
    Endpoint& endpoint_;
    const EndpointConfig config_;
    const size_t endpoints_;
    State state_ = State::live;
    std::unique_ptr<Ledger> ledger_;
    KeyShapes shapes_;
    std::set<core::Position> ahead_;
    core::Position start_, cursor_, read_end_, memory_end_;
    int64_t unread_bytes_ = 0, since_us_ = 0;
};

}  // namespace gpsync::relay
