#include "relay/delivery/endpoint.hpp"

#include <algorithm>
#include <unordered_set>

#include "relay/base/clock.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr size_t kMaxSamples = 4096;  // of latency in one report

// An answer may name each event and say something of it.
size_t max_answer(size_t events) {
    return (size_t{1} << 20) + events * 1024;
}

// Which events of a batch must be sent again after an answer event by event: those rejected for now, and what
// comes behind them for the same key, so that the older one is not the last the endpoint sees of that key.
std::vector<Event*> events_to_repeat(const Batch& batch, const std::vector<EventResult>& results) {
    std::vector<Event*> repeat;
    std::unordered_set<uint64_t> keys;
    bool all_keys = false;
    for (size_t i = 0; i < batch.events.size(); ++i) {
        Event* event = batch.events[i];
        bool two_keys = event->scope == Scope::two_keys;
        bool behind = all_keys || keys.contains(event->key_hash) ||
                      (two_keys && keys.contains(event->old_key_hash)) ||
                      (event->scope == Scope::all_keys && !keys.empty());
        if (results[i].status == EventResult::refused) continue;
        if (results[i].status == EventResult::accepted && !behind) continue;
        repeat.push_back(event);
        keys.insert(event->key_hash);
        if (two_keys) keys.insert(event->old_key_hash);
        all_keys = all_keys || event->scope == Scope::all_keys;
    }
    return repeat;
}

}  // namespace

// What a lane has on its way.
struct Endpoint::Lane {
    Lane(Endpoint& endpoint, const EndpointConfig& config)
        : channel(endpoint.pool_, config),
          retry(endpoint.loop_, [this, &endpoint] { endpoint.send(*this); }) {}

    HttpChannel channel;
    Timer retry;
    Batch batch;  // without events: nothing is on its way
    Payload payload;
    int attempt = 0;
    Clock::time_point sent;
    int64_t waiting_until_us = 0;  // 0: not waiting
};

Endpoint::Endpoint(EventLoop& loop, Resolver& resolver, const EndpointConfig& config,
                   EndpointMetrics& metrics, EndpointStatus& status, Secrets& secrets, Listener& listener)
    : loop_(loop),
      config_(config),
      metrics_(metrics),
      status_(status),
      secrets_(secrets),
      listener_(listener),
      policy_(std::make_unique<WaitingPolicy>(config.retry_attempts, config.retry_base)),
      token_(config.credentials),
      pool_(loop, resolver, config),
      lanes_(config.lanes),
      linger_(loop, [this] { pump(true); }),
      random_(std::random_device{}()) {
    secrets_.add_password(config.credentials.username, config.credentials.password);
    secrets_.add(token_.value());
    for (size_t i = 0; i < config.lanes; ++i) senders_.push_back(std::make_unique<Lane>(*this, config_));
}

Endpoint::~Endpoint() {
    metrics_.in_flight.Set(0);
    metrics_.waiting_lanes.Set(0);
}

void Endpoint::pump(bool flush) {
    flush_ = flush;
    if (stopped_) return;
    bool lingering = false;
    for (size_t lane = 0; lane < lanes_.size(); ++lane) {
        if (lanes_.idle(lane)) continue;
        if (flush || lanes_.full(lane, config_.batch))
            start_batch(lane);
        else
            lingering = true;
    }
    if (lingering && !linger_.active())
        linger_.start(config_.linger);
    else if (!lingering)
        linger_.stop();
}

void Endpoint::start_batch(size_t index) {
    Batch batch = lanes_.take(index, config_.batch);
    if (batch.events.empty()) return;
    Lane& lane = *senders_[index];
    lane.batch = std::move(batch);
    lane.attempt = 0;
    set_aside_skipped(lane);
    // A batch of skipped changes alone has nothing to send; its lane goes on when the loop comes back to it.
    if (lane.batch.events.empty()) return lane.retry.start(milliseconds{0});
    build_payload(lane.batch.events, config_.gzip, lane.payload);
    metrics_.in_flight.Increment(static_cast<double>(lane.batch.events.size()));
    send(lane);
}

void Endpoint::set_aside_skipped(Lane& lane) {
    std::erase_if(lane.batch.events, [&](Event* event) {
        if (!event->skipped) return false;
        refuse(lane, *event, 0, "skipped by an operator");
        return true;
    });
}

void Endpoint::send(Lane& lane) {
    if (lane.batch.events.empty()) return finish(lane);
    if (lane.waiting_until_us != 0) {
        lane.waiting_until_us = 0;
        metrics_.waiting_lanes.Decrement();
        metrics_.retries.Increment();
    }
    ++lane.attempt;
    lane.sent = Clock::now();
    if (!token_.problem().empty()) refresh_token();
    if (!token_.problem().empty()) {
        Answer answer{AnswerKind::misconfigured, 0, {}, token_.problem(), {}, {}};
        apply(lane, answer, policy_->decide(answer, lane.attempt, lane.batch.events.size(), 0));
        return;
    }
    lane.channel.post(lane.payload, token_.value(), max_answer(lane.batch.events.size()),
                      [this, &lane](const HttpResult& result) { answered(lane, result); });
}

void Endpoint::answered(Lane& lane, const HttpResult& result) {
    metrics_.request_seconds.Observe(std::chrono::duration<double>(Clock::now() - lane.sent).count());
    metrics_.count_request(result.code == CURLE_OK ? result.status : 0);
    Answer answer = judge(result, lane.batch.events, secrets_);
    if (retry_with_new_token(lane, answer)) return;
    double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
    apply(lane, answer, policy_->decide(answer, lane.attempt, lane.batch.events.size(), jitter));
    if (stopped_)
        listener_.on_batch_settled();  // whoever stopped us waits for the last answer, whatever it says
}

// What the file held before stays a secret: answers to it may be on their way.
bool Endpoint::refresh_token() {
    bool changed = token_.refresh();
    secrets_.add(token_.value());
    return changed;
}

// A token may have been replaced in its file since it was read.
bool Endpoint::retry_with_new_token(Lane& lane, const Answer& answer) {
    if (answer.http_status != 401 || stopped_ || !refresh_token()) return false;
    log::info("the endpoint's bearer token was read again", {{"endpoint", config_.name}});
    send(lane);
    return true;
}

void Endpoint::apply(Lane& lane, const Answer& answer, const Decision& decision) {
    if (answer.kind != AnswerKind::taken && answer.kind != AnswerKind::by_event)
        note_error(lane, answer, decision);
    switch (decision.action) {
        case Action::settle:
            set_failing(false);
            if (answer.kind == AnswerKind::by_event)
                settle_by_event(lane, answer);
            else
                settle_taken(lane);
            return;
        case Action::refuse: {
            set_failing(false);
            std::string error = answer.detail.empty() ? answer.error : answer.error + ": " + answer.detail;
            refuse(lane, *lane.batch.events.front(), answer.http_status, error);
            finish(lane);
            return;
        }
        case Action::split:
            set_failing(false);
            metrics_.in_flight.Decrement(static_cast<double>(lane.batch.events.size()));
            lanes_.split(lane.batch, decision.split_to, lane.attempt);
            lane.batch = {};
            pump(flush_);
            return;
        case Action::retry:
            wait(lane, decision);
            if (decision.open) set_failing(true);
            return;
    }
}

void Endpoint::settle_taken(Lane& lane) {
    note_delivered(lane.batch.events);
    for (Event* event : lane.batch.events) listener_.on_taken(*event);
    finish(lane);
}

void Endpoint::settle_by_event(Lane& lane, const Answer& answer) {
    std::vector<Event*> repeat = events_to_repeat(lane.batch, answer.results);
    std::vector<Event*> taken;
    int64_t rejected = 0;
    for (size_t i = 0, next = 0; i < lane.batch.events.size(); ++i) {
        Event* event = lane.batch.events[i];
        const EventResult& result = answer.results[i];
        rejected += result.status != EventResult::accepted;
        if (next < repeat.size() && repeat[next] == event) {
            ++next;
        } else if (result.status == EventResult::refused) {
            refuse(lane, *event, answer.http_status,
                   result.error.empty() ? "rejected" : "rejected: " + result.error);
        } else {
            taken.push_back(event);
        }
    }
    note_delivered(taken);
    for (Event* event : taken) listener_.on_taken(*event);
    if (rejected > 0) {
        status_.errors += rejected;
        metrics_.errors.Increment(static_cast<double>(rejected));
    }
    if (repeat.empty()) return finish(lane);
    metrics_.in_flight.Decrement(static_cast<double>(lane.batch.events.size() - repeat.size()));
    lane.batch.events = std::move(repeat);
    build_payload(lane.batch.events, config_.gzip, lane.payload);
    Answer again{
        AnswerKind::retryable, answer.http_status, answer.retry_after, "events rejected for now", {}, {}};
    Decision decision = policy_->decide(again, lane.attempt, lane.batch.events.size(), 0.5);
    note_error(lane, again, decision);
    wait(lane, decision);
    if (decision.open) set_failing(true);
    listener_.on_batch_settled();
}

void Endpoint::refuse(Lane& lane, Event& event, long http_status, const std::string& error) {
    // The endpoint's reason stays in the dead letter: it may quote the event.
    log::warning("event refused for good, kept as a dead letter",
                 {{"endpoint", config_.name}, {"event_id", event_id(event)}, {"http_status", http_status}});
    ++status_.rejected;
    metrics_.dead_letters.Increment();
    const int attempts = lane.batch.earlier_attempts + lane.attempt;
    listener_.on_refused(event, {config_.name, attempts, http_status, error});
}

void Endpoint::wait(Lane& lane, const Decision& decision) {
    if (stopped_) return;
    lane.waiting_until_us = now_us() + std::chrono::microseconds(decision.wait).count();
    metrics_.waiting_lanes.Increment();
    lane.retry.start(decision.wait);
}

void Endpoint::finish(Lane& lane) {
    metrics_.in_flight.Decrement(static_cast<double>(lane.batch.events.size()));
    lanes_.done(lane.batch);
    lane.batch = {};
    listener_.on_batch_settled();
    pump(flush_);
}

void Endpoint::note_delivered(std::span<Event* const> events) {
    if (events.empty()) return;
    int64_t now = now_us();
    scratch_.clear();
    // The clocks of server and relay may differ a little.
    for (const Event* event : events)
        scratch_.push_back(static_cast<double>(std::max<int64_t>(now - event->commit_time_us, 0)) / 1000);
    metrics_.observe_latencies(scratch_);
    metrics_.delivered.Increment(static_cast<double>(events.size()));
    status_.delivered += static_cast<int64_t>(events.size());
    size_t sampled = std::min(scratch_.size(), kMaxSamples - std::min(kMaxSamples, latencies_ms_.size()));
    latencies_ms_.insert(latencies_ms_.end(), scratch_.begin(),
                         scratch_.begin() + static_cast<ptrdiff_t>(sampled));
}

void Endpoint::note_error(const Lane& lane, const Answer& answer, const Decision& decision) {
    ++status_.errors;
    status_.last_error = answer.error;
    status_.last_error_us = now_us();
    metrics_.errors.Increment();
    if (decision.action == Action::split) {
        log::debug("batch is sent again in parts", {{"endpoint", config_.name},
                                                    {"http_status", answer.http_status},
                                                    {"events", lane.batch.events.size()},
                                                    {"split_to", decision.split_to}});
    } else if (decision.action == Action::retry) {
        log::warning("delivery failed, will be tried again",
                     {{"endpoint", config_.name},
                      {"error", answer.error},
                      {"http_status", answer.http_status},
                      {"attempt", lane.attempt},
                      {"events", lane.batch.events.size()},
                      {"first_event_id", event_id(*lane.batch.events.front())},
                      {"wait_ms", decision.wait.count()}});
    }
}

void Endpoint::set_failing(bool failing) {
    if (status_.failing == failing) return;
    status_.failing = failing;
    metrics_.up.Set(failing ? 0 : 1);
    if (failing)
        log::error("endpoint is failing: its lanes wait and go on trying",
                   {{"endpoint", config_.name}, {"error", status_.last_error}});
    else
        log::info("endpoint answers again", {{"endpoint", config_.name}});
    listener_.on_failing_changed();
}

void Endpoint::stop() {
    stopped_ = true;
    linger_.stop();
    for (auto& lane : senders_) {
        lane->retry.stop();
        lane->waiting_until_us = 0;
        if (lane->channel.resolving()) lane->channel.cancel();
    }
    metrics_.waiting_lanes.Set(0);
}

bool Endpoint::in_flight() const {
    return std::any_of(senders_.begin(), senders_.end(),
                       [](const auto& lane) { return lane->channel.busy(); });
}

size_t Endpoint::in_flight_events() const {
    size_t events = 0;
    for (const auto& lane : senders_) events += lane->batch.events.size();
    return events;
}

int64_t Endpoint::waiting_until_us() const {
    int64_t first = 0;
    for (const auto& lane : senders_)
        if (lane->waiting_until_us != 0 && (first == 0 || lane->waiting_until_us < first))
            first = lane->waiting_until_us;
    return first;
}

double Endpoint::take_median_latency_ms() {
    if (latencies_ms_.empty()) return -1;
    auto middle = latencies_ms_.begin() + static_cast<ptrdiff_t>(latencies_ms_.size() / 2);
    std::nth_element(latencies_ms_.begin(), middle, latencies_ms_.end());
    double median = *middle;
    latencies_ms_.clear();
    return median;
}

}  // namespace gpsync::relay
