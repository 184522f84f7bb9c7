#include "relay/spool/endpoint_feed.hpp"

#include <algorithm>
#include <utility>

#include "relay/base/clock.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {

EndpointFeed::EndpointFeed(uint16_t number, Endpoint& endpoint, const EndpointConfig& config,
                           size_t endpoints)
    : number_(number), endpoint_(endpoint), config_(config), endpoints_(endpoints) {}

void EndpointFeed::leave() {
    if (state_ == State::live) set_behind(0, now_us());
    state_ = State::leaving;
    endpoint_.withdraw();
}

bool EndpointFeed::has_left() const {
    return state_ == State::leaving && !endpoint_.in_flight() && (!ledger_ || !ledger_->has_booking());
}

void EndpointFeed::fall_behind(const core::Position& start, std::set<core::Position> ahead,
                               const Ledger::Complete& complete) {
    state_ = State::behind;
    start_ = cursor_ = read_end_ = start;
    ahead_ = std::move(ahead);
    shapes_ = {};
    ledger_ = std::make_unique<Ledger>(endpoints_, start, complete);
    endpoint_.take_up();
}

void EndpointFeed::become_live() {
    state_ = State::live;
    ledger_.reset();
    ahead_.clear();
    set_behind(0, 0);
}

void EndpointFeed::take_in(std::string_view lines, RelationTable& relations, EchoLists& echo,
                           const std::set<core::Position>& refused, const std::set<core::Position>& skipped) {
    auto message = std::make_unique<Message>();
    message->buffer = PgBuffer::copy_of(lines);
    message->text = message->buffer.view();
    message->feed = number_;
    parse_events(*message, relations, shapes_, start_);
    echo.resolve(*message);
    const Ledger::AudienceOf audience = [this](const Event&) { return Audience{only(number_), 0}; };
    Message* added = ledger_->add(std::move(message), audience);
    if (added == nullptr) return;
    for (Event& event : added->events) {
        event.skipped = event.skipped || skipped.contains(event.position);
        if (endpoint_.held().contains(event.position))
            ledger_->note_held(number_, event);
        else if (ahead_.erase(event.position) > 0 || endpoint_.held().was_had(event) ||
                 event.is_left_out_at(number_))
            ledger_->settle(number_, event, refused.contains(event.position));
        else
            endpoint_.offer(event);
    }
}

void EndpointFeed::note_read(const core::Position& end, int64_t bytes) {
    read_end_ = std::max(read_end_, end);
    unread_bytes_ = std::max<int64_t>(unread_bytes_ - bytes, 0);
}

int64_t EndpointFeed::behind_bytes() const {
    return unread_bytes_ + (ledger_ ? static_cast<int64_t>(ledger_->bytes()) : 0);
}

bool EndpointFeed::is_through(const core::Position& position) const {
    if (!ledger_) return true;
    if (position <= start_) return true;
    if (const auto audience = ledger_->audience_at(position)) return audience->pending == 0;
    // Unless it reads the spool it had what comes behind from memory, and the event is not there any more.
    return position <= read_end_ || state_ != State::behind;
}

std::string EndpointFeed::limit_reached() const {
    if (state_ == State::live) return {};
    if (const int64_t bytes = behind_bytes(); bytes >= config_.spool_limit_bytes)
        return "endpoint \"" + config_.name + "\" has " + std::to_string(bytes) +
               " bytes in the spool (spool_limit)";
    if (config_.spool_time.count() > 0 &&
        now_us() - since_us_ >= std::chrono::microseconds(config_.spool_time).count())
        return "endpoint \"" + config_.name + "\" is behind for longer than its spool_time";
    return {};
}

}  // namespace gpsync::relay
