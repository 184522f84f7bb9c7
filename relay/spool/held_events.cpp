#include "relay/spool/held_events.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"
#include "relay/base/clock.hpp"
#include "relay/base/json_text.hpp"
#include "relay/base/lsn.hpp"
#include "relay/observe/log.hpp"
#include "relay/postgres/pg_binary.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr core::Backoff kRetry{milliseconds{250}, milliseconds{30000}};
// Events of one call. An endpoint gets the next ones when these are settled, so this bounds the memory too.
constexpr size_t kFetchEvents = 100;
constexpr const char* kFetchBytes = "1048576";
// While bookings fail nothing more is fetched than they would have to write.
constexpr size_t kUnbooked = 1000;
// What the books do not have yet, or not in this call, is asked for again.
constexpr int64_t kAskAgainUs = 200'000;
// An event that cannot be read does not get better; an operator may discard it.
constexpr int64_t kUnreadableUs = 60'000'000;
// Whoever is not due within this is found by the next look, once a second.
constexpr int64_t kLookUs = 1'000'000;

core::Position position_in(const PGresult* result, int row, int column) {
    return {static_cast<uint64_t>(read_binary(value_view(result, row, column))),
            static_cast<uint32_t>(read_binary(value_view(result, row, column + 1)))};
}

}  // namespace

HeldEvents::HeldEvents(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds,
                       RelationTable& relations)
    : queue_(queue),
      stream_(stream),
      feeds_(feeds),
      relations_(relations),
      due_(loop, [this] { follow(); }),
      retry_(loop, [this] { queue_.run_next(); }) {}

void HeldEvents::stop() {
    due_.stop();
    retry_.stop();
}

void HeldEvents::request() {
    request_due_ = true;
    queue_.run_next();
}

size_t HeldEvents::bytes() const {
    size_t bytes = 0;
    for (const Sent& sent : sent_) bytes += sent.message->buffer.size();
    return bytes;
}

// An endpoint that fails gets what it holds only when there is nothing else that it could be tried with.
bool HeldEvents::may_get_held(const EndpointFeed& feed) const {
    if (feed.state() == EndpointFeed::State::leaving) return false;
    return feed.endpoint().status().breaker == BreakerState::closed || feed.endpoint().only_held_may_go();
}

bool HeldEvents::is_served(const EndpointFeed& feed) const {
    return std::ranges::find(sent_, &feed, &Sent::feed) != sent_.end();
}

// Events whose endpoint has given back what it was offered.
void HeldEvents::take_back_given_back() {
    std::erase_if(sent_, [](const Sent& sent) {
        Endpoint& endpoint = sent.feed->endpoint();
        if (sent.generation == endpoint.generation()) return false;
        endpoint.held().give_back(sent.message->events.front().position, now_us());
        return true;
    });
}

bool HeldEvents::has_due() const {
    if (feeds_.unbooked_held() >= kUnbooked) return false;
    return std::ranges::any_of(feeds_.all(), [this, now = now_us()](const EndpointFeed& feed) {
        return feed.endpoint().held().next_due_us() <= now && !is_served(feed) && may_get_held(feed);
    });
}

void HeldEvents::follow() {
    if (finishing_) return;
    take_back_given_back();
    if (has_call()) return queue_.run_next();
    const int64_t now = now_us();
    int64_t next = INT64_MAX;
    for (const EndpointFeed& feed : feeds_.all())
        if (const int64_t due = feed.endpoint().held().next_due_us(); due > now) next = std::min(next, due);
    if (next < now + kLookUs) due_.start(milliseconds{(next - now) / 1000 + 1});
}

bool HeldEvents::has_call() {
    return !finishing_ && !retry_.active() && (request_due_ || has_due());
}

int HeldEvents::send(PGconn* connection) {
    requesting_ = std::exchange(request_due_, false);
    if (!requesting_) return send_fetch(connection);
    return send_call(connection,
                     "SELECT endpoint, commit_lsn, ordinal "
                     "FROM gpsync_internal.relay_held_requests($1)",
                     {stream_.c_str()}, 1);
}

int HeldEvents::send_fetch(PGconn* connection) {
    wanted_.clear();
    for (EndpointFeed& feed : feeds_.all()) {
        if (is_served(feed) || !may_get_held(feed) || wanted_.size() >= kFetchEvents) continue;
        HeldKeys& held = feed.endpoint().held();
        for (const core::Position& position : held.take_due(now_us(), kFetchEvents - wanted_.size()))
            wanted_.push_back({&feed, position});
    }
    const std::string wanted = json_array(wanted_, [](JsonWriter& writer, const Wanted& event) {
        put(writer, "endpoint", event.feed->name());
        put(writer, "commit_lsn", format_lsn(event.position.commit_lsn));
        put(writer, "ordinal", event.position.ordinal);
    });
    return send_call(connection,
                     "SELECT endpoint, commit_lsn, ordinal, refused, discarded, line "
                     "FROM gpsync_internal.relay_held_next($1, $2::pg_catalog.jsonb, $3::bigint)",
                     {stream_.c_str(), wanted.c_str(), kFetchBytes}, 1);
}

void HeldEvents::succeeded(const PGresult* result) {
    failures_ = 0;
    if (std::exchange(requesting_, false)) return take_in_requests(result);
    take_in(result);
}

void HeldEvents::failed(const PgError& error) {
    log_failed_call("fetching held events failed, will be tried again", error);
    if (std::exchange(requesting_, false)) request_due_ = true;
    for (const Wanted& event : std::exchange(wanted_, {}))
        event.feed->endpoint().held().give_back(event.position, now_us());
    retry_.start(kRetry.wait(++failures_));
}

EndpointFeed* HeldEvents::feed_named(std::string_view name) {
    const auto feed = std::ranges::find(feeds_.all(), name, &EndpointFeed::name);
    return feed == feeds_.all().end() ? nullptr : &*feed;
}

void HeldEvents::take_in_requests(const PGresult* result) {
    for (int row = 0; row < PQntuples(result); ++row) {
        EndpointFeed* feed = feed_named(value_view(result, row, 0));
        if (feed == nullptr) continue;
        feed->endpoint().held().wake(position_in(result, row, 1));
    }
    follow();
}

void HeldEvents::take_in(const PGresult* result) {
    for (int row = 0; row < PQntuples(result); ++row) take_in_event(result, row);
    for (const Wanted& event : std::exchange(wanted_, {}))
        event.feed->endpoint().held().give_back(event.position, now_us() + kAskAgainUs);
    for (EndpointFeed& feed : feeds_.all()) {
        feed.endpoint().follow_held();
        if (is_served(feed)) feed.endpoint().pump(true);
    }
    queue_.run_next();
    follow();
}

void HeldEvents::take_in_event(const PGresult* result, int row) {
    const std::string_view name = value_view(result, row, 0);
    const core::Position position = position_in(result, row, 1);
    const auto found = std::ranges::find_if(wanted_, [&](const Wanted& event) {
        return event.feed->name() == name && event.position == position;
    });
    if (found == wanted_.end()) return;
    const Wanted wanted = *found;
    wanted_.erase(found);
    Endpoint& endpoint = wanted.feed->endpoint();
    std::unique_ptr<Message> message = read_message(result, row);
    if (!message) return endpoint.held().give_back(position, now_us() + kUnreadableUs);
    if (read_binary(value_view(result, row, 4)) != 0) {
        endpoint.held().remove(position);
        return feeds_.discard_held(*wanted.feed, std::move(message));
    }
    endpoint.offer_held(message->events.front());
    const bool refused = read_binary(value_view(result, row, 3)) != 0;
    sent_.push_back({wanted.feed, std::move(message), endpoint.generation(), refused});
}

// Nothing where it cannot be read.
std::unique_ptr<Message> HeldEvents::read_message(const PGresult* result, int row) {
    auto message = std::make_unique<Message>();
    message->buffer = PgBuffer::copy_of(value_view(result, row, 5));
    message->text = message->buffer.view();
    message->feed = kFromHeld;
    try {
        KeyShapes shapes;
        parse_events(*message, relations_, shapes, {});
        feeds_.note_echo(*message);
        if (message->events.size() == 1) return message;
    } catch (const MalformedEvent& error) {
        log::error("a held event cannot be read", {{"error", error.what()}});
    }
    return nullptr;
}

void HeldEvents::settle(const Event& event, const Settlement& settlement) {
    const auto found =
        std::ranges::find_if(sent_, [&](const Sent& sent) { return sent.message.get() == event.message; });
    if (found == sent_.end()) return;
    Sent sent = std::move(*found);
    sent_.erase(found);
    if (settlement.kind == Settlement::waits)
        sent.feed->endpoint().held().give_back(event.position, now_us());
    else if (settlement.kind == Settlement::held)
        feeds_.note_tried(*sent.feed, event, settlement);
    else
        feeds_.settle_held(*sent.feed, std::move(sent.message), settlement, sent.refused);
}

}  // namespace gpsync::relay
