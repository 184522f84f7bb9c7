#include "relay/delivery/endpoint.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"
#include "relay/base/clock.hpp"
#include "relay/delivery/http_client.hpp"
#include "relay/delivery/local.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

int64_t us_since_1970(Breaker::Time time) {
    return now_us() + std::chrono::duration_cast<std::chrono::microseconds>(time - Clock::now()).count();
}

}  // namespace

Endpoint::Endpoint(EventLoop& loop, Resolver& resolver, const EndpointConfig& config,
                   EndpointMetrics& metrics, EndpointStatus& status, Secrets& secrets, Listener& listener)
    : loop_(loop),
      config_(config),
      metrics_(metrics),
      status_(status),
      secrets_(secrets),
      listener_(listener),
      token_(config.credentials),
      protocol_(make_protocol(config)),
      pool_(loop, resolver, config),
      lanes_(config.lanes),
      batch_size_(protocol_->limits(config.batch)),
      lane_limit_(config.lanes),
      breaker_({config.retry_attempts, config.retry_base, config.breaker_successes},
               status.failing ? Breaker::State::open : Breaker::State::closed, Clock::now()),
      linger_(loop, [this] { pump(true); }),
      gate_(loop, [this] { pump(flush_); }),
      random_(std::random_device{}()) {
    status_.lanes_in_use = config.lanes;
    metrics_.lanes_in_use.Set(static_cast<double>(config.lanes));
    secrets_.add_password(config.credentials.username, config.credentials.password);
    secrets_.add(token_.value());
    for (const std::string& header : config.credentials.headers) secrets_.add_header(header);
    for (size_t lane = 0; lane <= lanes_.held_lane(); ++lane)
        senders_.push_back(std::make_unique<Sender>(loop_, make_channel(lane), protocol_->exchange(),
                                                    [this, lane] { ready(*senders_[lane]); }));
}

std::unique_ptr<Channel> Endpoint::make_channel(size_t lane) {
    if (config_.protocol == ProtocolName::local) return make_local_channel(loop_, config_, lane == 0);
    return std::make_unique<HttpChannel>(pool_, config_);
}

Endpoint::~Endpoint() {
    metrics_.in_flight.Set(0);
    metrics_.waiting_lanes.Set(0);
}

void Endpoint::pump(bool flush) {
    flush_ = flush;
    if (stopped_ || withdrawn_) return;
    bool lingering = false;
    const size_t first = first_lane_;
    for (size_t i = 0; i < senders_.size() && may_send(); ++i) {
        const size_t lane = (first + i) % senders_.size();
        if (has_room(lane)) lingering = pump_lane(lane) || lingering;
    }
    if (lingering && !linger_.active())
        linger_.start(config_.linger);
    else if (!lingering)
        linger_.stop();
    arm_gate();
    metrics_.waiting_lanes.Set(static_cast<double>(std::ranges::count_if(
        senders_, [](const auto& sender) { return !sender->empty() && !sender->in_flight(); })));
}

bool Endpoint::pump_lane(size_t lane) {
    Sender& sender = *senders_[lane];
    if (sender.in_flight()) return false;
    if (!sender.loaded()) {
        if (lanes_.idle(lane)) return false;
        if (!flush_ && !lanes_.full(lane, batch_size_.limits())) return true;
        start_batch(lane);
    } else if (!sender.empty() && (sender.waiting_until_us() == 0 || !waits_by_itself(sender))) {
        send(sender);
    }
    return false;
}

// A batch that failed waits for its own time while the breaker is closed; else the breaker alone says when
// the next request goes.
bool Endpoint::waits_by_itself(const Sender& sender) const {
    return sender.blamed() || breaker_.state() == Breaker::State::closed;
}

bool Endpoint::may_send() const {
    return !stopped_ && breaker_.may_send(Clock::now()) && listener_.may_send();
}

bool Endpoint::has_room(size_t lane) const {
    return lane == lanes_.held_lane() || (under_way_ < lane_limit_.limit() && !held_.full());
}

void Endpoint::note_under_way(const Sender& sender, int requests) {
    if (!is_of_held_lane(sender)) under_way_ += static_cast<size_t>(requests);
}

void Endpoint::arm_gate() {
    const auto free_at = breaker_.free_at();
    const auto now = Clock::now();
    status_.next_probe_us = 0;
    if (!free_at || stopped_) return;
    if (breaker_.state() == Breaker::State::open) status_.next_probe_us = us_since_1970(*free_at);
    if (*free_at > now) gate_.start(std::chrono::ceil<milliseconds>(*free_at - now));
}

void Endpoint::ready(Sender& sender) {
    if (sender.empty()) return finish(sender);
    pump(flush_);
}

void Endpoint::start_batch(size_t lane) {
    BatchLimits limits = batch_size_.limits();
    if (lane == lanes_.held_lane()) limits.max_events = std::min(limits.max_events, held_batch_);
    Batch batch = lanes_.take(lane, limits);
    if (batch.events.empty()) return;
    Sender& sender = *senders_[lane];
    sender.load(std::move(batch));
    set_aside(sender);
    // A batch of skipped changes alone has nothing to send; its lane goes on when the loop comes back to it.
    if (sender.empty()) return sender.yield();
    metrics_.in_flight.Increment(static_cast<double>(sender.events().size()));
    send(sender);
}

void Endpoint::set_aside(Sender& sender) {
    if (is_of_held_lane(sender)) sender.blame();
    const auto is_sent = [this](const Event* event) { return !event->skipped && !is_unsent(*event); };
    if (held_.empty() && std::ranges::all_of(sender.events(), is_sent)) return;
    std::vector<Event*> left;
    for (Event* event : sender.events())
        if (!set_aside(sender, *event, left)) left.push_back(event);
    sender.keep(std::move(left));
}

bool Endpoint::set_aside(Sender& sender, Event& event, std::span<Event* const> before) {
    if (is_of_held_lane(sender)) {
        if (held_.is_first(event.position, before)) return false;
        report(event, {Settlement::waits, 0, 0, {}, 0});  // what comes before it was not taken
    } else if (is_unsent(event)) {
        report(event, {});
    } else if (event.skipped) {
        refuse(sender, event, {Settlement::refused, 0, 0, "skipped by an operator", 0});
    } else if (held_.has_key_of(event)) {
        hold(sender, event, {});
    } else {
        return false;
    }
    return true;
}

void Endpoint::send(Sender& sender) {
    if (sender.attempt() > 0) metrics_.retries.Increment();
    sender.begin_attempt(breaker_.note_sent(Clock::now()));
    first_lane_ = (sender.batch().lanes.front() + 1) % senders_.size();
    follow_state();
    post(sender);
}

void Endpoint::post(Sender& sender) {
    if (!token_.problem().empty()) refresh_token();
    if (!token_.problem().empty()) return apply(sender, keep_unsent(token_.problem()), nullptr);
    if (std::string problem = protocol_->problem(secrets_); !problem.empty())
        return apply(sender, keep_unsent(std::move(problem)), nullptr);
    note_under_way(sender, 1);
    sender.post(token_.value(), on_answer(sender));
}

void Endpoint::post_next(Sender& sender) {
    if (!stopped_ && !withdrawn_ && listener_.may_send()) {
        note_under_way(sender, 1);
        return sender.post_next(token_.value(), on_answer(sender));
    }
    breaker_.note_taken_back(sender.probe());
    if (withdrawn_) give_back(sender);
    if (withdrawn_ || stopped_) listener_.on_batch_settled();
}

Channel::Done Endpoint::on_answer(Sender& sender) {
    return [this, &sender](const HttpResult& result) { answered(sender, result); };
}

void Endpoint::answered(Sender& sender, const HttpResult& result) {
    metrics_.request_seconds.Observe(std::chrono::duration<double>(Clock::now() - sender.posted()).count());
    metrics_.count_request(result.code == CURLE_OK ? result.status : 0);
    const size_t under_way = under_way_;
    note_under_way(sender, -1);
    const std::optional<Answer> answer = sender.judge(result, secrets_);
    if (!answer) return post_next(sender);
    if (retry_with_new_token(sender, *answer)) return;
    if (!is_of_held_lane(sender)) note_load(sender, result, under_way);
    apply(sender, settle(*answer, sender.events()), &*answer);
    if (stopped_) listener_.on_batch_settled();  // whoever stopped us waits for the last answer
}

// How long a log-in takes, a look into a queue, or the refusal of a token that has expired, says nothing of
// how long events take: only the answer that ends an attempt counts, from the request that it is for.
void Endpoint::note_load(const Sender& sender, const HttpResult& result, size_t under_way) {
    const bool in_time = result.code != CURLE_OPERATION_TIMEDOUT || !result.sent;
    if (!in_time || result.status == 429 || result.status == 503)
        lane_limit_.note_overload(sender.posted(), Clock::now());
    else if (result.status != 0)
        lane_limit_.note_answered(sender.posted(), Clock::now(), sender.events().size(), under_way);
    status_.lanes_in_use = lane_limit_.limit();
    metrics_.lanes_in_use.Set(static_cast<double>(lane_limit_.limit()));
}

// What the file held before stays a secret: answers to it may be on their way.
bool Endpoint::refresh_token() {
    bool changed = token_.refresh();
    secrets_.add_issued(token_.value());
    return changed;
}

// A token may have been replaced in its file since it was read.
bool Endpoint::retry_with_new_token(Sender& sender, const Answer& answer) {
    if (answer.http_status != 401 || stopped_ || withdrawn_ || !listener_.may_send() || !refresh_token())
        return false;
    log::info("the endpoint's bearer token was read again", {{"endpoint", config_.name}});
    sender.begin_attempt(sender.probe());
    post(sender);
    return true;
}

void Endpoint::apply(Sender& sender, BatchSettlement batch, const Answer* answer) {
    const bool of_batch = is_of_batch(sender, batch);
    const milliseconds wait = note_in_breaker(sender, batch, of_batch, answer);
    search(sender, batch, of_batch);
    if (should_hold(sender, batch, of_batch)) hold_waiting(batch, sender.events());
    if (is_of_held_lane(sender))
        held_batch_ =
            batch.all(Settlement::taken) ? std::min(held_batch_ * 2, batch_size_.limits().max_events) : 1;
    const size_t sent = sender.events().size();
    std::vector<Event*> waiting = report_settled(sender, batch);
    const bool all_settled = waiting.empty(), some_settled = waiting.size() < sent;
    if (some_settled && !all_settled) {
        metrics_.in_flight.Decrement(static_cast<double>(sent - waiting.size()));
        sender.keep(std::move(waiting));
    }
    if (batch.errors > 0) note_error(sender, batch, answer ? answer->http_status : 0, wait);
    if (batch.failed && !stopped_ && !withdrawn_) sender.wait(wait);
    follow_state();
    if (withdrawn_) {
        give_back(sender);
        listener_.on_batch_settled();
    } else if (all_settled)
        finish(sender);
    else if (batch.split != Split::none)
        split(sender, batch.split);
    else {
        pump(flush_);
        if (some_settled) listener_.on_batch_settled();
    }
}

bool Endpoint::is_of_batch(const Sender& sender, const BatchSettlement& batch) const {
    if (batch.answered) return true;
    if (!batch.suspicious) return false;
    // What fails in an endpoint that fails says nothing of the held event that tries it.
    if (sender.blamed()) return !is_of_held_lane(sender) || breaker_.state() == Breaker::State::closed;
    const bool several = sender.events().size() > 1, piece = sender.batch().failing;
    const bool others_succeed = last_answered_ > (piece ? sender.search_began() : sender.attempt_before());
    if (piece && several) return others_succeed || breaker_.state() == Breaker::State::closed;
    return others_succeed && sender.attempt() >= config_.retry_attempts;
}

void Endpoint::search(Sender& sender, BatchSettlement& batch, bool of_batch) {
    if (batch.answered || !batch.suspicious || stopped_ || withdrawn_) return;
    const bool used_up = sender.attempt() >= config_.retry_attempts;
    // Does the endpoint fail, or only with this batch? A probe of one event finds out.
    if (!of_batch && !(sender.probe() && used_up)) return;
    if (sender.events().size() > 1) {
        batch.split = of_batch ? Split::search : Split::ahead;
        batch.failed = false;
        sender.note_search();
    } else if (of_batch && !sender.blamed()) {
        sender.blame();
        sender.note_found();
    }
}

// One event that fails while others are taken; or what the endpoint rejects for now, event by event. An
// endpoint that fails altogether is not to fill the books.
bool Endpoint::should_hold(const Sender& sender, const BatchSettlement& batch, bool of_batch) const {
    if (!batch.failed || stopped_ || withdrawn_) return false;
    if (!batch.answered) return of_batch && sender.blamed() && sender.events().size() == 1;
    return is_of_held_lane(sender) || sender.attempt() >= config_.retry_attempts;
}

void Endpoint::hold(const Sender& sender, Event& event, Settlement settlement) {
    const int made_before = held_.attempts(event.position);
    // It was not rejected itself, or one before it was.
    const bool follows = (settlement.http_status == 0 && settlement.error.empty()) ||
                         (!held_.contains(event.position) && held_.has_key_of(event));
    const int attempts = follows ? 0 : made_before + sender.attempts();
    const double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
    const milliseconds wait = core::Backoff{config_.retry_base, Breaker::kLongestWait}.wait(attempts, jitter);
    settlement.kind = Settlement::held;
    settlement.attempts = attempts;
    settlement.due_us = follows ? 0 : now_us() + std::chrono::microseconds(wait).count();
    if (!follows && event.message->feed != kFromHeld && event.message->feed != kFromDeadLetters)
        log::warning(
            "an event is rejected for now again and again: it is held, with the later ones of its key",
            {{"endpoint", config_.name},
             {"event_id", event_id(event)},
             {"attempts", attempts},
             {"http_status", settlement.http_status}});
    if (event.message->feed != kFromDeadLetters)
        held_.add(event.position, HeldKeys::keys_of(event), event.line().size(), attempts, settlement.due_us);
    report(event, settlement);
}

// Answers how long the events wait that were not taken.
milliseconds Endpoint::note_in_breaker(const Sender& sender, const BatchSettlement& batch, bool of_batch,
                                       const Answer* answer) {
    const auto now = Clock::now();
    if (batch.answered) {
        last_answered_ = now;
        breaker_.note_success(sender.probe(), now);
    }
    if (!batch.failed) return milliseconds{0};
    const double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
    const bool probe = sender.probe() && !batch.answered;
    return breaker_.note_failure(
        {sender.attempt(), probe, batch.lasting, of_batch, answer ? answer->retry_after : std::nullopt},
        jitter, now);
}

// Reports what is taken or refused, and answers the rest.
std::vector<Event*> Endpoint::report_settled(Sender& sender, const BatchSettlement& batch) {
    const std::span<Event* const> events = sender.events();
    if (batch.all(Settlement::waits)) return {events.begin(), events.end()};
    if (batch.all(Settlement::taken)) {
        note_delivered(events);
        batch_size_.note_taken(events.size(), sender.batch().bytes);
        for (Event* event : events) report(*event, batch[0]);
        return {};
    }
    std::vector<Event*> waiting, taken;
    for (size_t i = 0; i < events.size(); ++i) {
        const Settlement& settlement = batch[i];
        if (settlement.kind == Settlement::refused) refuse(sender, *events[i], settlement);
        if (settlement.kind == Settlement::taken) taken.push_back(events[i]);
        if (settlement.kind == Settlement::held) hold(sender, *events[i], settlement);
        if (settlement.kind == Settlement::waits) waiting.push_back(events[i]);
    }
    note_delivered(taken);
    for (Event* event : taken) report(*event, {});
    return waiting;
}

void Endpoint::refuse(Sender& sender, Event& event, Settlement settlement) {
    // The endpoint's reason stays in the dead letter: it may quote the event.
    log::warning(
        "event refused for good, kept as a dead letter",
        {{"endpoint", config_.name}, {"event_id", event_id(event)}, {"http_status", settlement.http_status}});
    ++status_.rejected;
    metrics_.dead_letters.Increment();
    settlement.attempts = sender.attempts();
    sender.note_found();
    report(event, settlement);
}

void Endpoint::report(Event& event, const Settlement& settlement) {
    const bool through = settlement.kind == Settlement::taken || settlement.kind == Settlement::refused;
    if (through && event.message->feed == kFromHeld) held_.remove(event.position);
    listener_.on_settled(*this, event, settlement);
}

void Endpoint::split(Sender& sender, Split why) {
    if (why == Split::halve) batch_size_.note_too_large(sender.events().size(), sender.batch().bytes);
    metrics_.in_flight.Decrement(static_cast<double>(sender.events().size()));
    const int attempts_made = sender.attempt();
    lanes_.split(sender.release(), why, attempts_made);
    pump(flush_);
}

void Endpoint::finish(Sender& sender) {
    metrics_.in_flight.Decrement(static_cast<double>(sender.events().size()));
    lanes_.done(sender.release());
    if (lanes_.queued() == 0 &&
        std::ranges::none_of(senders_, &Sender::loaded, &std::unique_ptr<Sender>::operator*))
        breaker_.note_drained(Clock::now());
    follow_state();
    pump(flush_);
    listener_.on_batch_settled();
}

void Endpoint::note_delivered(std::span<Event* const> events) {
    if (events.empty()) return;
    int64_t now = now_us();
    scratch_.clear();
    // The clocks of server and relay may differ a little. The age of what was refused or held is no
    // latency.
    for (const Event* event : events)
        if (event->message->feed != kFromDeadLetters && event->message->feed != kFromHeld)
            scratch_.push_back(static_cast<double>(std::max<int64_t>(now - event->commit_time_us, 0)) / 1000);
    metrics_.observe_latencies(scratch_);
    metrics_.delivered.Increment(static_cast<double>(events.size()));
    status_.delivered += static_cast<int64_t>(events.size());
    latencies_.add(scratch_);
}

void Endpoint::note_error(const Sender& sender, const BatchSettlement& batch, long http_status,
                          milliseconds wait) {
    status_.errors += batch.errors;
    metrics_.errors.Increment(static_cast<double>(batch.errors));
    if (batch.problem.empty()) return;
    status_.last_error = batch.problem;
    status_.last_error_us = now_us();
    if (batch.split != Split::none) {
        log::debug(
            "batch is sent again in parts",
            {{"endpoint", config_.name}, {"http_status", http_status}, {"events", sender.events().size()}});
    } else if (batch.failed) {
        log::warning("delivery failed, will be tried again",
                     {{"endpoint", config_.name},
                      {"error", batch.problem},
                      {"http_status", http_status},
                      {"attempt", sender.attempt()},
                      {"events", sender.events().size()},
                      {"first_event_id", event_id(*sender.events().front())},
                      {"wait_ms", wait.count()}});
    }
}

void Endpoint::follow_state() {
    lanes_.keep_all_keys_waiting(!held_.empty());
    metrics_.held_events.Set(static_cast<double>(held_.size()));
    if (status_.breaker != breaker_.state()) {
        status_.breaker = breaker_.state();
        status_.breaker_since_us = now_us();
    }
    if (held_.full() && !status_.failing)
        status_.last_error = "it holds as many events as it may: too many are rejected for now";
    note_failing(breaker_.state() != Breaker::State::closed || held_.full());
}

// All lanes go on when it does no longer.
void Endpoint::note_failing(bool failing) {
    if (status_.failing == failing) return;
    status_.failing = failing;
    metrics_.up.Set(failing ? 0 : 1);
    if (failing) {
        log::error("endpoint is failing: nothing is sent but probes",
                   {{"endpoint", config_.name}, {"error", status_.last_error}});
    } else {
        log::info("endpoint answers again", {{"endpoint", config_.name}});
        wake_all();
    }
    listener_.on_failing_changed();
}

void Endpoint::follow_held() {
    follow_state();
    pump(flush_);
}

void Endpoint::withdraw() {
    withdrawn_ = true;
    linger_.stop();
    lanes_.clear();
    metrics_.waiting_lanes.Set(0);
    for (auto& sender : senders_) {
        stop(*sender);
        if (!sender->in_flight()) give_back(*sender);
    }
}

void Endpoint::take_up() {
    lanes_.clear();
    ++generation_;
    withdrawn_ = false;
}

void Endpoint::give_back(Sender& sender) {
    metrics_.in_flight.Decrement(static_cast<double>(sender.events().size()));
    sender.release();
}

void Endpoint::wake_all() {
    for (auto& sender : senders_)
        if (sender->loaded() && !sender->empty()) sender->wake();
}

void Endpoint::reset_breaker() {
    log::info("asked to try the endpoint at once", {{"endpoint", config_.name}});
    breaker_.reset(Clock::now());
    wake_all();
    pump(flush_);
}

void Endpoint::stop() {
    stopped_ = true;
    linger_.stop();
    gate_.stop();
    for (auto& sender : senders_) stop(*sender);
    metrics_.waiting_lanes.Set(0);
}

void Endpoint::stop(Sender& sender) {
    if (!sender.stop()) return;
    note_under_way(sender, -1);
    breaker_.note_taken_back(sender.probe());
}

bool Endpoint::in_flight() const {
    return std::ranges::any_of(senders_, [](const auto& sender) { return sender->in_flight(); });
}

int64_t Endpoint::waiting_until_us() const {
    // In an open breaker's time nothing else counts.
    if (status_.next_probe_us != 0) return status_.next_probe_us;
    int64_t first = 0;
    for (const auto& sender : senders_) {
        const int64_t until = sender->waiting_until_us();
        if (until != 0 && (first == 0 || until < first)) first = until;
    }
    return first;
}

}  // namespace gpsync::relay
