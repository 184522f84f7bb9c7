#include "relay/spool/feeds.hpp"

#include <algorithm>
#include <utility>

#include "relay/observe/log.hpp"

namespace gpsync::relay {

namespace {

// What an endpoint that is behind may have in memory, all of them together.
constexpr size_t kReadAheadBytes = size_t{8} << 20;
// Less than this waits at an endpoint that has read the spool to its end: then it comes back.
constexpr size_t kJoinBytes = size_t{1} << 20;
// Segments are looked at again when so much was passed, bytes.
constexpr int64_t kTrimBytes = int64_t{16} << 20;

// Sequences separated by commas.
std::set<core::Position> parse_sequences(std::string_view text) {
    std::set<core::Position> positions;
    while (!text.empty()) {
        const std::string_view sequence = text.substr(0, text.find(','));
        if (const auto position = core::parse_sequence(sequence)) positions.insert(*position);
        text.remove_prefix(std::min(sequence.size() + 1, text.size()));
    }
    return positions;
}

}  // namespace

Feeds::Feeds(size_t endpoints, const core::Position& start, std::string_view skip_changes, SpoolState books,
             RelationTable& relations)
    : start_(start),
      books_(std::move(books)),
      relations_(relations),
      ledger_(endpoints, start,
              [this](const Event& event, EndpointSet elsewhere) {
                  return elsewhere == 0 || is_complete(kFromStream, event, elsewhere);
              }),
      spool_end_(books_.end),
      known_until_(books_.end),
      skipped_(parse_sequences(skip_changes)),
      refused_(parse_sequences(books_.refused)) {
    for (const auto& [name, endpoint] : books_.endpoints)
        known_until_ = std::max(known_until_, endpoint.cursor);
}

void Feeds::begin(const std::vector<std::unique_ptr<Endpoint>>& endpoints,
                  const std::vector<EndpointConfig>& configs, const std::vector<HeldState>& held) {
    feeds_.reserve(endpoints.size());
    EndpointNames names;
    for (const EndpointConfig& config : configs) names.push_back(config.name);
    echo_ = EchoLists(std::move(names));
    for (size_t i = 0; i < endpoints.size(); ++i) {
        const EndpointConfig& config = configs[i];
        EndpointFeed& feed =
            feeds_.emplace_back(static_cast<uint16_t>(i), *endpoints[i], config, endpoints.size());
        begin_held(feed, held);
        const auto known = books_.endpoints.find(config.name);
        if (known == books_.endpoints.end() || !known->second.behind) continue;
        feed.leave();
        feed.fall_behind(known->second.cursor, {},
                         [this, number = feed.number()](const Event& event, EndpointSet) {
                             return is_complete(number, event, 0);
                         });
        feed.set_behind(known->second.bytes, known->second.since_us);
        booked_cursors_.push_back({feed.number(), true, feed.cursor()});
    }
    trim_due_ = books_.end != core::Position{};  // a relay that ended may have left it undone
}

void Feeds::begin_held(EndpointFeed& feed, const std::vector<HeldState>& held) {
    HeldKeys& keys = feed.endpoint().held();
    for (const HeldState& event : held) {
        if (event.endpoint != feed.name()) continue;
        known_until_ = std::max(known_until_, event.position);
        const uint64_t hash = key_hash(event.key);
        if (event.key.empty())
            keys.note_discarded(event.position);
        else
            keys.add(event.position, {hash, event.old_key.empty() ? hash : key_hash(event.old_key)},
                     event.bytes, event.attempts, event.due_us);
    }
    keys.note_begin();
}

EndpointFeed& Feeds::feed_of(const Endpoint& endpoint) {
    return *std::ranges::find_if(feeds_, [&](EndpointFeed& feed) { return &feed.endpoint() == &endpoint; });
}

size_t Feeds::events() const {
    size_t events = ledger_.events();
    for (const EndpointFeed& feed : feeds_)
        if (feed.ledger() != nullptr) events += feed.ledger()->events();
    return events;
}

size_t Feeds::bytes() const {
    size_t bytes = ledger_.bytes();
    for (const EndpointFeed& feed : feeds_)
        if (feed.ledger() != nullptr) bytes += feed.ledger()->bytes();
    return bytes;
}

// Who is to get an event of the stream: not those that had it before the relay began, that get it from the
// books, or that an import leaves out.
Audience Feeds::audience_of(const Event& event) const {
    const core::Position& position = event.position;
    Audience audience;
    for (const EndpointFeed& feed : feeds_) {
        if (event.is_left_out_at(feed.number())) continue;
        const auto known = books_.endpoints.find(feed.name());
        const bool is_known = known != books_.endpoints.end();
        const HeldKeys& held = feed.endpoint().held();
        if (held.contains(position) || held.was_had(event)) {
            audience.held |= only(feed.number());
            continue;
        }
        if (is_known && position <= known->second.cursor) continue;
        const bool is_spooled = is_known && known->second.behind && position <= books_.end;
        (is_spooled ? audience.spooled : audience.pending) |= only(feed.number());
    }
    return audience;
}

void Feeds::add(std::unique_ptr<Message> message) {
    const bool from_before = !message->events.empty() && message->events.front().position <= known_until_;
    const bool to_all = !from_before && !message->has_echo;
    Ledger::AudienceOf audience;
    if (!to_all) audience = [this](const Event& event) { return audience_of(event); };
    Message* added = ledger_.add(std::move(message), audience);
    if (added == nullptr) return;
    for (EndpointFeed& feed : feeds_) {
        if (!feed.fed_from_memory()) continue;
        for (Event& event : added->events)
            if (to_all || (audience_of(event).pending & only(feed.number())) != 0)
                feed.endpoint().offer(event);
    }
}

void Feeds::settle(const Endpoint& endpoint, const Event& event, const Settlement& settlement) {
    EndpointFeed& feed = feed_of(endpoint);
    const bool from_stream = event.message->feed == kFromStream;
    Ledger& ledger = from_stream ? ledger_ : *feed.ledger();
    if (settlement.kind == Settlement::held) return hold(feed, ledger, event, settlement);
    const bool refused = settlement.kind == Settlement::refused;
    if (refused) ledger.add_dead_letter(letter_of(feed, event, settlement));
    ledger.settle(feed.number(), event, refused || refused_.contains(event.position));
}

DeadLetter Feeds::letter_of(const EndpointFeed& feed, const Event& event, const Settlement& settlement) {
    DeadLetter letter = make_dead_letter(event, relations_[event.relation]);
    letter.endpoint = feed.name();
    letter.attempts = settlement.attempts;
    letter.http_status = settlement.http_status;
    letter.error = settlement.error;
    refused_.insert(event.position);
    return letter;
}

void Feeds::hold(const EndpointFeed& feed, Ledger& ledger, const Event& event, const Settlement& settlement) {
    HeldChange change = make_held_change(event, relations_[event.relation]);
    change.endpoint = feed.number();
    change.attempts = settlement.attempts;
    change.due_us = settlement.due_us;
    change.http_status = settlement.http_status;
    change.error = settlement.error;
    held_changes_.push_back(std::move(change));
    ledger.note_held(feed.number(), event);
}

void Feeds::note_tried(const EndpointFeed& feed, const Event& event, const Settlement& settlement) {
    HeldChange change;
    change.kind = HeldChange::tried;
    change.endpoint = feed.number();
    change.position = event.position;
    change.attempts = settlement.attempts;
    change.due_us = settlement.due_us;
    change.http_status = settlement.http_status;
    change.error = settlement.error;
    held_changes_.push_back(std::move(change));
}

void Feeds::settle_held(const EndpointFeed& feed, std::unique_ptr<Message> message,
                        const Settlement& settlement, bool refused_before) {
    const bool refused = settlement.kind == Settlement::refused;
    if (refused) ledger_.add_dead_letter(letter_of(feed, message->events.front(), settlement));
    end_held(feed, std::move(message), refused || refused_before);
}

void Feeds::discard_held(const EndpointFeed& feed, std::unique_ptr<Message> message) {
    refused_.insert(message->events.front().position);
    end_held(feed, std::move(message), true);
}

void Feeds::end_held(const EndpointFeed& feed, std::unique_ptr<Message> message, bool refused) {
    held_messages_.push_back(std::move(message));
    const Event* event = &held_messages_.back()->events.front();
    HeldChange change;
    change.endpoint = feed.number();
    change.position = event->position;
    held_changes_.push_back(std::move(change));
    refused = refused || refused_.contains(event->position);
    held_settled_.push_back({event, refused, is_complete(feed.number(), *event, 0)});
}

// Whether an endpoint has settled an event of the stream.
bool Feeds::is_through(uint16_t endpoint, const core::Position& position) const {
    const EndpointFeed& feed = feeds_[endpoint];
    if (feed.endpoint().held().contains(position)) return false;
    if (const auto audience = ledger_.audience_at(position)) {
        if ((audience->pending & only(endpoint)) != 0) return false;
        return (audience->spooled & only(endpoint)) == 0 || feed.is_through(position);
    }
    return position <= ledger_.last() && feed.is_through(position);
}

bool Feeds::is_complete(uint16_t settled_at, const Event& event, EndpointSet elsewhere) const {
    return std::ranges::all_of(feeds_, [&](const EndpointFeed& feed) {
        if (event.is_left_out_at(feed.number())) return true;
        if (feed.endpoint().held().contains(event.position)) return false;
        if (feed.number() == settled_at) return true;
        if (settled_at != kFromStream) return is_through(feed.number(), event.position);
        return (elsewhere & only(feed.number())) == 0 || feed.is_through(event.position);
    });
}

bool Feeds::anyone_behind() const {
    return std::ranges::any_of(feeds_, &EndpointFeed::counts_as_behind);
}

bool Feeds::anyone_spools() const {
    return std::ranges::any_of(feeds_, [](const EndpointFeed& feed) {
        return feed.state() == State::leaving || feed.state() == State::behind;
    });
}

std::string Feeds::limit_reached() const {
    for (const EndpointFeed& feed : feeds_)
        if (std::string reached = feed.limit_reached(); !reached.empty()) return reached;
    return {};
}

bool Feeds::is_at_limit(const std::string& endpoint) const {
    return std::ranges::any_of(feeds_, [&](const EndpointFeed& feed) {
        return feed.endpoint().name() == endpoint && !feed.limit_reached().empty();
    });
}

// An endpoint that fails, or that keeps the stream from being read while another one has nothing to do, or
// while the slot keeps much.
bool Feeds::should_fall_behind(EndpointFeed& feed, bool memory_full, bool retains_much) {
    if (!feed.fed_from_memory() || !feed.may_spool() || !limit_reached().empty()) return false;
    if (feed.endpoint().status().failing)
        return !ledger_.idle_at(feed.number()) || feed.state() == State::joining;
    if (!memory_full || !ledger_.holds_front(feed.number())) return false;
    return retains_much || std::ranges::any_of(feeds_, [&](EndpointFeed& other) {
               return other.fed_from_memory() && ledger_.idle_at(other.number());
           });
}

void Feeds::fall_behind(EndpointFeed& feed) {
    const uint16_t number = feed.number();
    core::Position start = ledger_.settled_up_to(number);
    std::set<core::Position> ahead;
    for (const core::Position& position : ledger_.settled_ahead(number)) ahead.insert(position);
    // It had not come back quite.
    if (Ledger* before = feed.ledger(); before != nullptr && !before->empty()) {
        start = before->settled_up_to(number);
        for (const core::Position& position : before->settled_ahead(number)) ahead.insert(position);
    }
    feed.fall_behind(start, std::move(ahead), [this, number](const Event& event, EndpointSet) {
        return is_complete(number, event, 0);
    });
    feed.note_memory_end(ledger_.last());
    ledger_.note_spooled(spool_end_, only(number));
    cursors_due_ = true;
}

// It has read the spool to its end, which has all that made it fall behind, and does its work. One that fails
// joins, too, where nothing waits for it, or nothing more comes into the spool and what is in memory has to
// try it.
bool Feeds::may_join(const EndpointFeed& feed) {
    if (feed.state() != State::behind || feed.read_end() < spool_end_) return false;
    const bool is_spooled = spool_end_ >= feed.memory_end() || !ledger_.has_behind(spool_end_);
    if (!is_spooled && limit_reached().empty()) return false;
    if (!feed.endpoint().status().failing) return feed.ledger()->bytes() < kJoinBytes;
    return feed.ledger()->empty() && (ledger_.idle_at(feed.number()) || !limit_reached().empty());
}

// A booking with events that it has read from the spool is not durable yet.
bool Feeds::is_booking(const EndpointFeed& feed) const {
    return !from_spool_.empty() && !from_spool_[feed.number()].events.empty();
}

// Everything behind what it has read from the spool is in memory, and not spooled yet.
void Feeds::join(EndpointFeed& feed) {
    feed.join();
    const EndpointSet self = only(feed.number());
    ledger_.for_each_behind(feed.read_end(), [&](Event& event, const Audience& audience, bool) {
        if ((audience.pending & self) != 0) feed.endpoint().offer(event);
    });
    feed.endpoint().pump(true);
}

void Feeds::follow(bool memory_full, bool retains_much) {
    for (EndpointFeed& feed : feeds_) {
        if (should_fall_behind(feed, memory_full, retains_much)) {
            log::warning("endpoint falls behind: what it misses is spooled", {{"endpoint", feed.name()}});
            feed.leave();
        }
        if (feed.has_left() && !is_booking(feed)) fall_behind(feed);
        if (may_join(feed)) join(feed);
        if (feed.state() == State::joining && feed.ledger()->empty()) {
            log::info("endpoint has caught up", {{"endpoint", feed.name()}});
            feed.become_live();
            cursors_due_ = trim_due_ = true;
        }
    }
    forget_refused();
}

// What was refused is known until everybody has settled it: whoever is the last one marks the row.
void Feeds::forget_refused() {
    if (refused_.empty()) return;
    core::Position passed = ledger_.left();
    for (const EndpointFeed& feed : feeds_) {
        if (feed.ledger() != nullptr) passed = std::min(passed, feed.cursor());
        const HeldKeys& held = feed.endpoint().held();
        if (held.empty()) continue;
        const core::Position first = held.first();
        passed = std::min(passed, core::Position{first.commit_lsn, first.ordinal - 1});
    }
    refused_.erase(refused_.begin(), refused_.upper_bound(passed));
}

void Feeds::note_spooled(const core::Position& end, int64_t bytes) {
    spool_end_ = end;
    EndpointSet waiting = 0;
    for (EndpointFeed& feed : feeds_) {
        if (feed.state() == State::behind) waiting |= only(feed.number());
        if (feed.counts_as_behind()) feed.note_spooled(bytes);
    }
    ledger_.note_spooled(end, waiting);
}

EndpointFeed* Feeds::next_reader() {
    const auto behind = std::ranges::count_if(feeds_, &EndpointFeed::counts_as_behind);
    if (behind == 0) return nullptr;
    const size_t share = kReadAheadBytes / static_cast<size_t>(behind);
    for (size_t i = 0; i < feeds_.size(); ++i) {
        last_reader_ = (last_reader_ + 1) % feeds_.size();
        EndpointFeed& feed = feeds_[last_reader_];
        if (feed.state() == State::behind && feed.read_end() < spool_end_ && feed.ledger()->bytes() < share)
            return &feed;
    }
    return nullptr;
}

void Feeds::take_in(EndpointFeed& feed, std::string_view lines, std::string_view refused) {
    refused_.merge(parse_sequences(refused));
    feed.take_in(lines, relations_, echo_, refused_, skipped_);
}

bool Feeds::has_booking() const {
    return cursors_due_ || !held_changes_.empty() || ledger_.has_booking() ||
           std::ranges::any_of(feeds_, [](const EndpointFeed& feed) {
               return feed.ledger() != nullptr && feed.ledger()->has_booking();
           });
}

Booking Feeds::take_booking(size_t max_events) {
    Booking booking = ledger_.take_booking(max_events);
    from_stream_.events = booking.events;
    from_spool_.assign(feeds_.size(), {});
    for (EndpointFeed& feed : feeds_) {
        if (feed.ledger() == nullptr || !feed.ledger()->has_booking()) continue;
        Booking& part = from_spool_[feed.number()];
        part = feed.ledger()->take_booking(max_events - std::min(booking.events.size(), max_events));
        booking.events.insert(booking.events.end(), part.events.begin(), part.events.end());
        std::ranges::move(part.dead_letters, std::back_inserter(booking.dead_letters));
        if (!part.position) continue;
        feed.note_cursor(*part.position);
        cursors_due_ = true;
    }
    if (cursors_due_) add_cursors(booking);
    if (!held_changes_.empty()) add_held(booking);
    return booking;
}

void Feeds::add_held(Booking& booking) {
    booking.held = std::exchange(held_changes_, {});
    std::ranges::move(held_settled_, std::back_inserter(booking.events));
    held_settled_.clear();
    held_booking_ = std::exchange(held_messages_, {});
}

void Feeds::add_cursors(Booking& booking) {
    for (EndpointFeed& feed : feeds_) {
        const uint16_t number = feed.number();
        const bool known = books_.endpoints.contains(feed.name()) || !booked_cursors_.empty();
        if (feed.state() == State::behind || feed.state() == State::joining)
            booking.cursors.push_back({number, true, feed.cursor()});
        else if (feed.state() == State::live && (everyone_ || known))
            booking.cursors.push_back({number, false, ledger_.settled_up_to(number)});
    }
    booking_cursors_ = booking.cursors;
    cursors_due_ = everyone_ = false;
}

void Feeds::booked(const Booking&) {
    ledger_.booked(from_stream_);
    from_stream_ = {};
    for (EndpointFeed& feed : feeds_) {
        const Booking& part = from_spool_[feed.number()];
        if (part.events.empty() || feed.ledger() == nullptr) continue;
        for (const SettledEvent& settled : part.events) passed_bytes_ += settled.event->json_length;
        feed.ledger()->booked(part);
    }
    from_spool_.assign(feeds_.size(), {});
    held_booking_.clear();
    if (!booking_cursors_.empty()) booked_cursors_ = std::exchange(booking_cursors_, {});
    if (passed_bytes_ < kTrimBytes) return;
    passed_bytes_ = 0;
    trim_due_ = true;
}

// Segments are emptied by the cursors in the books: these must have everyone who needs one.
bool Feeds::take_trim_request() {
    const bool known = std::ranges::all_of(feeds_, [&](const EndpointFeed& feed) {
        return !feed.counts_as_behind() || std::ranges::any_of(booked_cursors_, [&](const Cursor& cursor) {
            return cursor.behind && cursor.endpoint == feed.number();
        });
    });
    return known && !cursors_due_ && std::exchange(trim_due_, false);
}

}  // namespace gpsync::relay
