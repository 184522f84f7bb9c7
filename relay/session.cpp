#include "relay/session.hpp"

#include <algorithm>
#include <utility>

#include "relay/base/clock.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Memory for what is read and not booked yet. Reading stops there, and goes on below the second figure.
constexpr size_t kMaxHeldBytes = size_t{32} << 20;
constexpr size_t kResumeBytes = size_t{24} << 20;
// Within this a SIGTERM is obeyed: in-flight requests come back, what is settled is booked.
constexpr milliseconds kLeaveBound{10000};
// How long what was read is still delivered when the stream has ended with an error of the decoder.
constexpr milliseconds kDeliverBound{30000};
// With so much in memory it is spooled at once for those who are behind.
constexpr size_t kSpoolSoonBytes = size_t{1} << 20;
// Confirmations may come this often: each costs the walsender a wake-up.
constexpr milliseconds kConfirmInterval{10};
// Events wait, and for so long none was taken or refused: somebody should look.
constexpr std::chrono::seconds kStalled{30};

EndpointNames names_of(const RelayConfig& config) {
    EndpointNames names;
    for (const EndpointConfig& endpoint : config.endpoints) names.push_back(endpoint.name);
    return names;
}

// A segment is an eighth of what an endpoint may have in the spool: so much is freed at a time.
int64_t segment_bytes(const RelayConfig& config) {
    int64_t limit = 0;
    for (const EndpointConfig& endpoint : config.endpoints)
        limit = std::max(limit, endpoint.spool_limit_bytes);
    return std::clamp<int64_t>(limit / 8, int64_t{1} << 20, int64_t{1} << 30);
}

}  // namespace

Session::Session(const RelayConfig& config, const std::vector<HeldState>& held, const std::string& conninfo,
                 PgConnection book, PgConnection replication, milliseconds status_interval, StopSignal& stop,
                 RelayStatus& status, SecretsByEndpoint& secrets, Metrics& metrics, Health& health)
    : config_(config),
      stop_(stop),
      status_(status),
      metrics_(metrics),
      health_(health),
      wake_(loop_),
      feeds_(config_.endpoints.size(), config_.position, config_.replication.skip_changes, config_.spool,
             relations_),
      ledger_(feeds_.ledger()),
      resolver_(loop_),
      bookkeeper_(loop_, std::move(book), config.stream, names_of(config_), config.bookkeeping, feeds_,
                  ledger_, relations_, metrics, config.synchronised, *this),
      spool_writer_(loop_, bookkeeper_.queue(), config.stream, segment_bytes(config_), feeds_, relations_,
                    [this] { follow_feeds(); }),
      spool_reader_(loop_, bookkeeper_.queue(), config.stream, feeds_, [this] { follow_feeds(); }),
      spool_trimmer_(loop_, bookkeeper_.queue(), config.stream, feeds_),
      resends_(loop_, bookkeeper_.queue(), config.stream, feeds_, relations_, [this] { follow_feeds(); }),
      held_events_(loop_, bookkeeper_.queue(), config.stream, feeds_, relations_),
      replication_(loop_, std::move(replication), *this),
      lookups_(loop_, resolver_,
               {conninfo, config.stream, parse_lookups,
                [this] { return !leaving_ && wake_.awake() && bookkeeper_.lease_holds(); }}),
      signals_(loop_, stop.descriptor(), [this](int) { on_signal(); }),
      follow_(loop_, [this] { follow_feeds(); }),
      book_(loop_, [this] { bookkeeper_.kick(); }),
      second_(loop_, [this] { on_second(); }),
      lease_timer_(loop_, [this] { bookkeeper_.prove_lease(wake_.sleeps()); }),
      status_timer_(loop_, [this] { confirm(true); }),
      confirm_timer_(loop_, [this] { confirm(true); }),
      deadline_(loop_, [this] { loop_.stop(); }),
      end_deadline_(loop_, [this] { leave(End::lost, *ended_); }) {
    Endpoint::Listener& listener = *this;
    for (const EndpointConfig& endpoint : config_.endpoints)
        endpoints_.push_back(
            std::make_unique<Endpoint>(loop_, resolver_, endpoint, metrics.endpoint(endpoint.name),
                                       status.endpoints[endpoint.name], secrets[endpoint.name], listener));
    for (CallQueue::Client* client : std::initializer_list<CallQueue::Client*>{
             &spool_writer_, &spool_reader_, &spool_trimmer_, &resends_, &held_events_})
        bookkeeper_.add_client(*client);
    feeds_.begin(endpoints_, config_.endpoints, held);
    signals_.watch(UV_READABLE);
    second_.start(milliseconds{1000}, milliseconds{1000});
    lease_timer_.start(milliseconds{0}, kLeaseInterval);
    status_timer_.start(status_interval, status_interval);
}

Session::~Session() {
    endpoints_.clear();
    metrics_.streaming.Set(0);
}

Session::Outcome Session::run() {
    metrics_.streaming.Set(1);
    moved_ = Clock::now();
    update_state();
    for (auto& endpoint : endpoints_) endpoint->follow_held();
    held_events_.follow();
    bookkeeper_.request_report();
    on_signal();  // one may have come before the descriptor was watched
    loop_.run();
    return outcome_;
}

void Session::on_message(PgBuffer buffer, std::string_view text, uint64_t data_start) {
    memory_.note_message(buffer.size());
    auto message = std::make_unique<Message>();
    message->buffer = std::move(buffer);
    message->text = text;
    feeds_.parse(*message);
    // Only the last message of a transaction is from beyond its commit record.
    if (data_start > message->last.commit_lsn) message->end_lsn = data_start;
    metrics_.events_received.Increment(static_cast<double>(message->events.size()));
    metrics_.events_skipped.Increment(message->skipped);
    const bool may_be_settled = message->has_echo;  // no endpoint may be to get any of it
    feeds_.add(std::move(message));
    if (may_be_settled) book_.start(milliseconds{0});
    follow_ledger();
}

void Session::on_keepalive(uint64_t wal_end, bool reply_requested) {
    ledger_.note_keepalive(wal_end);
    if (reply_requested) confirm(true);
    follow_ledger();
}

void Session::on_round_end(bool more_waits) {
    if (leaving_) return;
    for (auto& endpoint : endpoints_) endpoint->pump(!more_waits);
    spool_writer_.kick(ledger_.bytes() >= kSpoolSoonBytes);
}

bool Session::wants_more() {
    if (reading_ && ledger_.bytes() >= kMaxHeldBytes) {
        reading_ = false;
        follow_.start(milliseconds{0});
    }
    return reading_ && !leaving_;
}

void Session::read_on() {
    if (reading_ || leaving_ || ledger_.bytes() >= kResumeBytes) return;
    reading_ = true;
    replication_.resume();
}

// Endpoints fall behind and come back; what that changes is written, read and booked.
void Session::follow_feeds() {
    if (leaving_) return check_drained();
    feeds_.follow(!reading_, retains_much_);
    spool_writer_.kick(!reading_ || ledger_.bytes() >= kSpoolSoonBytes);
    bookkeeper_.kick();
}

void Session::follow_ledger() {
    bookkeeper_.note_received(replication_.received_lsn());
    bookkeeper_.note_confirmable();
    if (bookkeeper_.confirmed_lsn() != confirmed_sent_) confirm(false);
}

// Confirms to the server what the books say: a slot that is further was moved by somebody else.
void Session::confirm(bool at_once) {
    auto now = Clock::now();
    if (!at_once && now - status_sent_ < kConfirmInterval) {
        if (!confirm_timer_.active()) confirm_timer_.start(kConfirmInterval);
        return;
    }
    confirm_timer_.stop();
    status_sent_ = now;
    // Whoever waits for the slot to be confirmed reads the rows next.
    if (bookkeeper_.marks_may_follow())
        confirm_timer_.start(kConfirmInterval);
    else
        confirmed_sent_ = bookkeeper_.confirmed_lsn();
    replication_.send_status(confirmed_sent_);
}

// After a sleep, or a while without the server, others may have the stream, and newer events of it may have
// been sent.
bool Session::may_send() {
    if (wake_.awake() && bookkeeper_.lease_holds()) return true;
    send_refused_ = true;
    bookkeeper_.prove_lease(wake_.sleeps());
    return false;
}

void Session::on_lease(bool held, uint64_t number) {
    if (leaving_) return check_drained();
    if (!held) return leave(End::lost, PgError("another relay has the stream", ""));
    wake_.confirm(number);
    if (!std::exchange(send_refused_, false)) return;
    for (auto& endpoint : endpoints_) endpoint->pump(true);
}

void Session::on_settled(const Endpoint& endpoint, Event& event, const Settlement& settlement) {
    settled_ = settled_ || settlement.kind != Settlement::waits;
    if (event.message->feed < kFromHeld || event.message->feed == kFromStream)
        return feeds_.settle(endpoint, event, settlement);
    memory_.note_message(event.json_length);
    if (event.message->feed == kFromHeld)
        held_events_.settle(event, settlement);
    else
        resends_.settle(event, settlement);
}

void Session::on_batch_settled() {
    if (std::exchange(settled_, false)) moved_ = Clock::now();
    if (leaving_) {
        bookkeeper_.kick();
        return check_drained();
    }
    // The endpoint's next request goes out first: the server's work for a booking may take this processor.
    book_.start(milliseconds{0});
    held_events_.follow();
    if (ended_ && feeds_.events() == 0) return leave(End::lost, *ended_);
    if (feeds_.anyone_behind()) follow_.start(milliseconds{0});
}

void Session::on_failing_changed() {
    if (leaving_) return;
    follow_.start(milliseconds{0});  // the endpoint is in the middle of an answer
    update_state();
    bookkeeper_.request_report();
}

void Session::on_booked() {
    outcome_.progressed = true;
    if (std::exchange(booking_failed_, false)) update_state();
    if (bookkeeper_.confirmed_lsn() != confirmed_sent_) confirm(false);
    if (leaving_) return check_drained();
    if (ended_ && feeds_.events() == 0) return leave(End::lost, *ended_);
    read_on();
    if (feeds_.anyone_behind()) follow_feeds();
}

void Session::on_confirmable() {
    if (bookkeeper_.idle() && std::exchange(booking_failed_, false)) update_state();
    if (bookkeeper_.confirmed_lsn() != confirmed_sent_) confirm(false);
    if (leaving_) check_drained();
}

void Session::on_signal() {
    stop_.clear();
    if (stop_.take_reopen_request()) log::reopen();
    if (!stop_.stop_requested()) return;
    if (!leaving_) log::info("asked to stop: finishing what is in flight");
    leave(End::stopped, PgError("", ""));
}

void Session::on_second() {
    if (feeds_.events() == 0) moved_ = Clock::now();
    follow_feeds();
    held_events_.follow();
    update_state();
    update_gauges();
    if (memory_.tick(feeds_.bytes() + resends_.bytes() + held_events_.bytes()) && bookkeeper_.idle()) {
        log::info("connecting anew, to free the memory of large events");
        return leave(End::begin_again, PgError("", ""));
    }
    bookkeeper_.request_report();
}

void Session::on_report_answer(const std::string& json) {
    if (leaving_) return check_drained();
    ReportAnswer answer = parse_report_answer(json);
    metrics_.lag_bytes.Set(static_cast<double>(answer.lag_bytes));
    metrics_.retained_bytes.Set(static_cast<double>(answer.retained_bytes));
    retains_much_ = answer.retains_much;
    for (const std::string& name : answer.probe)
        for (auto& endpoint : endpoints_)
            if (endpoint->name() == name) endpoint->reset_breaker();
    if (answer.exists && !answer.paused && answer.fingerprint == config_.fingerprint) {
        if (answer.resend) resends_.request();
        if (answer.held) held_events_.request();
        lookups_.follow(answer.lookups, address_of(bookkeeper_.queue().connection().get()));
        return;
    }
    log::info(!answer.exists  ? "the stream was dropped"
              : answer.paused ? "the stream was paused"
                              : "the stream's configuration changed, beginning again");
    leave(End::begin_again, PgError("", ""));
}

void Session::on_call_failed(const PgError& error) {
    status_.note_error(error.what());
    booking_failed_ = true;
    if (leaving_) return check_drained();
    update_state();
    // Something about the stream itself: relay_config() says what.
    if (!error.of_a_file && (error.in_class("42") || error.in_class("55"))) leave(End::lost, error);
}

void Session::on_connection_lost(const PgError& error) {
    log::warning("lost the connection for bookkeeping",
                 {{"error", error.what()}, {"sqlstate", error.sqlstate}});
    leave(End::lost, error);
    if (leaving_) check_drained();
}

void Session::on_end(const PgError& error) {
    log::warning("the replication stream ended",
                 {{"error", error.what()}, {"sqlstate", error.sqlstate}, {"hint", error.hint}});
    status_.note_error(error.what());
    // A change that cannot be decoded stops the next stream at the same event, so what was read before it is
    // delivered now, or never would be.
    ended_ = error;
    if (error.sqlstate.empty() || leaving_ || feeds_.events() == 0) return leave(End::lost, error);
    end_deadline_.start(kDeliverBound);
    for (auto& endpoint : endpoints_) endpoint->pump(true);
}

// Sends nothing new. What is on its way comes back, and what is settled is booked, within a bound. Nothing
// may be delivered from here on: the events are read again, and an older one must not come after a newer one.
void Session::leave(End end, const PgError& error) {
    if (leaving_) {
        if (end == End::stopped) outcome_.end = end;
        return;
    }
    leaving_ = true;
    outcome_.end = end;
    outcome_.error = error;
    second_.stop();
    replication_.stop_reading();
    resends_.finish();
    held_events_.finish();
    lookups_.stop();
    for (auto& endpoint : endpoints_) endpoint->stop();
    deadline_.start(kLeaveBound);
    check_drained();
}

void Session::check_drained() {
    if (in_flight() || !bookkeeper_.idle()) return;
    // What was settled out of order is not sent again to who has it.
    if (!std::exchange(cursors_requested_, true)) {
        feeds_.write_all_cursors();
        bookkeeper_.kick();
        if (!bookkeeper_.idle()) return;
    }
    if (!std::exchange(final_report_requested_, true)) {
        confirm(true);
        status_.state = outcome_.end == End::stopped ? State::stopped : State::starting;
        bookkeeper_.request_report();
        if (!bookkeeper_.idle()) return;  // its answer comes back here
    }
    loop_.stop();
}

bool Session::in_flight() const {
    return std::any_of(endpoints_.begin(), endpoints_.end(),
                       [](const auto& endpoint) { return endpoint->in_flight(); });
}

void Session::update_state() {
    size_t failing = 0;
    std::string names;
    for (const auto& endpoint : endpoints_) {
        if (!endpoint->status().failing) continue;
        ++failing;
        names += (names.empty() ? "" : ", ") + endpoint->name();
    }
    const std::string limit = feeds_.limit_reached();
    State state = failing > 0 || booking_failed_ || !limit.empty() ? State::waiting : State::streaming;
    bool changed = state != status_.state;
    status_.state = state;
    if (const std::string text = problem(failing, names); !text.empty())
        health_.set(Role::broken, text);
    else
        health_.set(Role::leader, failing > 0 ? "streaming; waiting for " + names : "streaming");
    if (changed && !leaving_) bookkeeper_.request_report();
}

std::string Session::problem(size_t failing, const std::string& names) const {
    if (failing == endpoints_.size()) return "waiting for every endpoint: " + names;
    if (booking_failed_) return "bookkeeping fails: " + status_.last_error;
    if (const std::string limit = feeds_.limit_reached(); !limit.empty())
        return "waiting, the spool is full: " + limit;
    if (!bookkeeper_.lease_holds() && bookkeeper_.ever_heard()) return "the server does not answer";
    if (Clock::now() - moved_ > kStalled)
        return "events wait, and none was taken for " + std::to_string(kStalled.count()) + " s";
    return {};
}

void Session::update_gauges() {
    metrics_.unsettled_events.Set(static_cast<double>(feeds_.events()));
    metrics_.unsettled_bytes.Set(static_cast<double>(ledger_.bytes()));
    int64_t oldest = ledger_.oldest_unsettled_us().value_or(0);
    metrics_.oldest_unsettled_seconds.Set(
        oldest == 0 ? 0 : static_cast<double>(std::max<int64_t>(now_us() - oldest, 0)) / 1e6);
}

std::string Session::make_report() {
    return report_json(status_, progress());
}

Progress Session::progress() {
    Progress progress;
    progress.in_flight_events = feeds_.events();
    progress.in_flight_bytes = ledger_.bytes();
    progress.oldest_unsettled_us = ledger_.oldest_unsettled_us();
    for (auto& endpoint : endpoints_) {
        progress.endpoints.push_back({endpoint->name(), endpoint->waiting_until_us(),
                                      endpoint->take_median_latency_ms(),
                                      feeds_.is_at_limit(endpoint->name())});
        const EndpointStatus& status = endpoint->status();
        if (status.last_error_us > status_.last_error_us) {
            status_.last_error = "endpoint \"" + endpoint->name() + "\": " + status.last_error;
            status_.last_error_us = status.last_error_us;
        }
    }
    // What stops the whole stream, over what one endpoint answers.
    if (const std::string limit = feeds_.limit_reached(); !limit.empty())
        status_.note_error("the stream waits: " + limit);
    return progress;
}

}  // namespace gpsync::relay
