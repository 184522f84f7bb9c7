#include "relay/spool/resends.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"
#include "relay/base/json_text.hpp"
#include "relay/books/letter_check.hpp"
#include "relay/observe/log.hpp"
#include "relay/postgres/pg_binary.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr core::Backoff kRetry{milliseconds{250}, milliseconds{30000}};
// Letters of one call. An endpoint gets the next ones when these are settled, so this bounds the memory too.
constexpr const char* kFetchEvents = "100";
constexpr const char* kFetchBytes = "1048576";

}  // namespace

Resends::Resends(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds,
                 RelationTable& relations, std::function<void()> settled)
    : queue_(queue),
      stream_(stream),
      feeds_(feeds),
      relations_(relations),
      settled_callback_(std::move(settled)),
      retry_(loop, [&queue] { queue.run_next(); }) {}

void Resends::request() {
    due_ = true;
    queue_.run_next();
}

size_t Resends::bytes() const {
    size_t bytes = 0;
    for (const std::vector<Letter>* letters : {&offered_, &settled_, &settling_})
        for (const Letter& letter : *letters)
            if (letter.message) bytes += letter.message->buffer.size();
    return bytes;
}

// An endpoint that fails and has other events to be tried with would give letters back when it falls behind.
// One that is behind has events to get first.
bool Resends::may_get_letters(const EndpointFeed& feed) const {
    return feed.state() == EndpointFeed::State::live &&
           (!feed.endpoint().status().failing || feeds_.ledger().idle_at(feed.number()));
}

bool Resends::is_served(const EndpointFeed& feed) const {
    return std::ranges::find(offered_, &feed, &Letter::feed) != offered_.end();
}

// Letters whose endpoint has given back what it held. They are fetched again.
void Resends::forget_given_back() {
    std::erase_if(offered_, [](const Letter& letter) {
        return letter.generation != letter.feed->endpoint().generation();
    });
}

bool Resends::has_call() {
    if (retry_.active()) return false;
    forget_given_back();
    if (!settled_.empty()) return true;
    return due_ && !finishing_ && std::ranges::any_of(feeds_.all(), [this](const EndpointFeed& feed) {
               return may_get_letters(feed) && !is_served(feed);
           });
}

int Resends::send(PGconn* connection) {
    settling_ = std::exchange(settled_, {});
    return settling_.empty() ? send_fetch(connection) : send_settle(connection);
}

// The books give the same letters until they are settled: endpoints that have some, or may not get any, are
// left out, and keep nobody waiting.
int Resends::send_fetch(PGconn* connection) {
    due_ = false;
    BinaryArray left_out(kText);
    for (const EndpointFeed& feed : feeds_.all())
        if (!may_get_letters(feed) || is_served(feed)) left_out.add_text(feed.name());
    const std::string names = left_out.bytes();
    const char* values[] = {stream_.c_str(), kFetchEvents, kFetchBytes, names.c_str()};
    const int lengths[] = {0, 0, 0, static_cast<int>(names.size())}, formats[] = {0, 0, 0, 1};
    return PQsendQueryParams(connection,
                             "SELECT endpoint, event_id, payload FROM gpsync_internal.relay_resend_next($1, "
                             "$2::integer, $3::bigint, $4::pg_catalog.text[])",
                             4, nullptr, values, lengths, formats, 0);
}

int Resends::send_settle(PGconn* connection) {
    const std::string results = results_json(settling_);
    return send_call(connection, "SELECT gpsync_internal.relay_resend_settle($1, $2::pg_catalog.jsonb)",
                     {stream_.c_str(), results.c_str()});
}

void Resends::succeeded(const PGresult* result) {
    failures_ = 0;
    if (settling_.empty()) return take_in(result);
    settling_.clear();
    due_ = true;  // there may be more
    settled_callback_();
}

void Resends::failed(const PgError& error) {
    log_failed_call(settling_.empty() ? "fetching dead letters failed, will be tried again"
                                      : "closing dead letters failed, will be tried again",
                    error);
    if (settling_.empty()) due_ = true;
    std::ranges::move(settled_, std::back_inserter(settling_));
    settled_ = std::exchange(settling_, {});
    retry_.start(kRetry.wait(++failures_));
}

void Resends::take_in(const PGresult* result) {
    std::vector<Letter> fetched;
    for (int row = 0; row < PQntuples(result); ++row)
        if (std::optional<Letter> letter = read_letter(result, row)) fetched.push_back(std::move(*letter));
    LetterCheck check;
    for (const Letter& letter : fetched) check.add(letter.message->events.front(), letter.feed->number());
    check.compare_with(feeds_.ledger());
    for (size_t i = 0; i < fetched.size(); ++i) {
        if (check[i] == LetterCheck::Verdict::superseded)
            note_outcome(std::move(fetched[i]), "superseded");
        else if (check[i] == LetterCheck::Verdict::send && may_get_letters(*fetched[i].feed) &&
                 !fetched[i].feed->endpoint().held().has_key_of(fetched[i].message->events.front()))
            offer(std::move(fetched[i]));
    }
    for (EndpointFeed& feed : feeds_.all())
        if (is_served(feed)) feed.endpoint().pump(true);
}

std::optional<Resends::Letter> Resends::read_letter(const PGresult* result, int row) {
    Letter letter;
    const std::string endpoint = value(result, row, 0);
    const auto feed = std::ranges::find(feeds_.all(), endpoint, &EndpointFeed::name);
    if (feed == feeds_.all().end()) return std::nullopt;  // the stream has it no longer
    letter.feed = &*feed;
    letter.event_id = value(result, row, 1);
    letter.message = std::make_unique<Message>();
    Message& message = *letter.message;
    message.buffer = PgBuffer::copy_of(value_view(result, row, 2));
    message.text = message.buffer.view();
    message.feed = kFromDeadLetters;
    try {
        KeyShapes shapes;
        parse_events(message, relations_, shapes, {});
        if (message.events.size() != 1) throw MalformedEvent("it is not one event");
    } catch (const MalformedEvent& error) {
        letter.message.reset();
        letter.settlement.error = std::string("the payload cannot be sent: ") + error.what();
        note_outcome(std::move(letter), "refused");
        return std::nullopt;
    }
    // That no event of any key overtakes it was due when the stream had it.
    Event& event = message.events.front();
    if (event.scope == Scope::all_keys) event.scope = Scope::one_key;
    return letter;
}

void Resends::offer(Letter letter) {
    Endpoint& endpoint = letter.feed->endpoint();
    letter.generation = endpoint.generation();
    log::info("dead letter is sent again, as it was",
              {{"endpoint", letter.feed->name()}, {"event_id", letter.event_id}});
    endpoint.offer(letter.message->events.front());
    offered_.push_back(std::move(letter));
}

void Resends::settle(const Event& event, const Settlement& settlement) {
    const auto found = std::ranges::find_if(
        offered_, [&](const Letter& letter) { return letter.message.get() == event.message; });
    if (found == offered_.end()) return;
    Letter letter = std::move(*found);
    offered_.erase(found);
    // Its key has come to be held before it was sent: it is fetched again.
    if (settlement.kind == Settlement::held && settlement.attempts == 0) return;
    letter.settlement = settlement;
    note_outcome(std::move(letter), settlement.kind == Settlement::taken ? "delivered" : "refused");
}

void Resends::note_outcome(Letter letter, const char* outcome) {
    letter.outcome = outcome;
    settled_.push_back(std::move(letter));
}

std::string Resends::results_json(const std::vector<Letter>& letters) {
    return json_array(letters, [](JsonWriter& writer, const Letter& letter) {
        const Settlement& settlement = letter.settlement;
        put(writer, "endpoint", letter.feed->name());
        put(writer, "event_id", letter.event_id);
        put(writer, "outcome", letter.outcome);
        if (settlement.attempts > 0) put(writer, "attempts", settlement.attempts);
        if (settlement.http_status != 0) put(writer, "http_status", settlement.http_status);
        if (!settlement.error.empty()) put(writer, "error", settlement.error);
    });
}

}  // namespace gpsync::relay
