#include "relay/lookup/lookup.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "relay/base/clock.hpp"
#include "relay/base/json_members.hpp"
#include "relay/base/json_text.hpp"
#include "relay/delivery/http_status.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

using std::chrono::milliseconds;

namespace {

// Batches that wait while the breaker is open, at most.
constexpr size_t kMostWaiting = 64;
// Tokens of one call of relay_lookup_next(), at most.
constexpr size_t kMostOfCall = 5000;
// Tokens are asked for so long before the lanes run out of them: other calls are under way first.
constexpr std::chrono::duration<double> kAhead{0.1}, kShortestTime{0.001};

std::optional<Token> read_token(const rapidjson::Value& value) {
    if (!value.IsObject()) return std::nullopt;
    std::optional<std::string> id = optional_text(value, "t");
    if (!id) return std::nullopt;
    Token token;
    token.id = std::move(*id);
    token.revision = number(value, "r");
    token.asked_again = static_cast<int>(number(value, "a"));
    auto requests = value.FindMember("q");
    if (requests != value.MemberEnd() && requests->value.IsArray())
        for (const auto& request : requests->value.GetArray())
            if (request.IsInt64()) token.requests.push_back(request.GetInt64());
    return token;
}

bool is_of_period(const Token& token) {
    return token.requests.empty();
}

// REQUIRES: JSON of relay_lookup_next(), of an open pass.
Pace::Pass read_pace(const rapidjson::Value& object) {
    return {.every = milliseconds(number(object, "every")),
            .elapsed = milliseconds(number(object, "elapsed")),
            .expected = number(object, "expected"),
            .passed = number(object, "passed")};
}

bool is_answer(const HttpResult& result) {
    return result.code == CURLE_OK && meaning_of_status(result.status) == StatusMeaning::success;
}

std::string array_text(const std::set<int64_t>& numbers) {
    std::string text = "{";
    for (int64_t value : numbers) text.append(text.size() > 1 ? "," : "").append(std::to_string(value));
    return text + "}";
}

}  // namespace

void log_repeated(ProblemLog& problems, const char* message, const PgError& error) {
    if (const int64_t times = problems.note(error.what(), std::chrono::steady_clock::now()))
        log::warning(message, {{"error", error.what()},
                               {"sqlstate", error.sqlstate},
                               {"detail", error.detail},
                               {"times", times}});
}

Lookup::Lookup(EventLoop& loop, Resolver& resolver, const LookupConfig& config, Host& host)
    : config_(config),
      host_(host),
      bearer_token_(config.endpoint.credentials),
      pool_(loop, resolver, config.endpoint),
      breaker_(
          {config.endpoint.retry_attempts, config.endpoint.retry_base, config.endpoint.breaker_successes},
          config.failing ? Breaker::State::open : Breaker::State::closed, Clock::now()),
      gate_(loop, [this] { poll(); }),
      gathered_(loop,
                [this] {
                    wait_to_gather();  // the loop's clock may be ahead
                    host_.on_call_due();
                }),
      random_(std::random_device{}()) {
    secrets_.add_password(config.endpoint.credentials.username, config.endpoint.credentials.password);
    secrets_.add(bearer_token_.value());
    for (const std::string& header : config.endpoint.credentials.headers) secrets_.add_header(header);
    for (size_t i = 0; i < config.endpoint.lanes; ++i) {
        lanes_.push_back(std::make_unique<Lane>(pool_, config_.endpoint));
        lanes_.back()->request.headers = {"Content-Type: application/json; charset=utf-8",
                                          "Accept: application/json"};
    }
    call_size_ = smallest_call();
}

void Lookup::poll() {
    due_ = true;
    pump();
    host_.on_call_due();
}

void Lookup::stop() {
    stopped_ = true;
    gate_.stop();
    gathered_.stop();
    for (auto& lane : lanes_) lane->channel.cancel();
}

// ------------------------------------------------------------------------------- what is to be asked for

bool Lookup::wants_next() const {
    if (stopped_ || asking_next_ || !due_ || Clock::now() < next_try_) return false;
    // With an open breaker one batch is enough to try with; another one where the token system may fail on
    // those that wait, and on them alone.
    if (breaker_.state() != Breaker::State::closed)
        return fresh_.empty() && in_flight() == 0 && waiting_.size() < kMostWaiting &&
               std::ranges::all_of(waiting_, [this](const TokenBatch& batch) {
                   return batch.attempt >= config_.endpoint.retry_attempts;
               });
    return fresh_.size() < call_size_ / 2;
}

size_t Lookup::most_wanted() const {
    if (breaker_.state() != Breaker::State::closed) return kMostTokens;
    return std::min(call_size_, kMostOfCall);
}

// As many as the token system answers for in twice kAhead: half of them are left when more are asked for.
// Lanes that had to wait say nothing of how many it would answer for.
void Lookup::adapt_call() {
    const std::chrono::duration<double> time = Clock::now() - filled_at_;
    const size_t taken = filled_ - std::min(filled_, fresh_.size());
    const double wanted = fresh_.size() < kMostTokens
                              ? 2.0 * static_cast<double>(call_size_)
                              : static_cast<double>(taken) * (2 * kAhead / std::max(time, kShortestTime));
    const auto size = static_cast<size_t>(std::min(wanted, static_cast<double>(kMostOfCall)));
    call_size_ =
        std::clamp(std::max(size, call_size_ / 2), smallest_call(), std::max(kMostOfCall, smallest_call()));
}

std::vector<std::string> Lookup::next_arguments() {
    asking_next_ = true;
    const size_t most = most_wanted();
    return {config_.name,
            std::to_string(period_.pass()),
            period_.after().value_or(std::string()),
            period_.after() ? "t" : "f",
            array_text(busy_),
            std::to_string(most),
            std::to_string(pace_.room(most, Clock::now()))};
}

void Lookup::take_next(const std::string& json) {
    asking_next_ = false;
    // Nothing of it is taken up: another call gives it again.
    if (std::exchange(discard_next_, false)) return poll();
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    auto tokens = document.IsObject() ? document.FindMember("tokens") : rapidjson::Value::MemberIterator();
    if (!document.IsObject() || tokens == document.MemberEnd() || !tokens->value.IsArray())
        return next_failed(PgError("relay_lookup_next() answered nothing that this relay understands", {}));
    next_problems_.clear();
    // It has been dropped and made anew, and its passes are counted anew: this one ends within a second.
    if (optional_text(document, "created_at").value_or(config_.created_at) != config_.created_at) {
        next_try_ = Clock::now() + kCallAgain;
        return;
    }
    const bool another = period_.note_next(
        is_set(document, "open"), number(document, "pass"), optional_text(document, "cursor"),
        optional_text(document, "after"),
        document.HasMember("ended") ? std::optional(is_set(document, "ended")) : std::nullopt);
    if (another) {
        drop_unclaimed();
        pace_.begin(read_pace(document), Clock::now());
    }
    std::vector<Token> demanded, of_period;
    for (const auto& value : tokens->value.GetArray())
        if (std::optional<Token> token = read_token(value))
            (token->requests.empty() ? of_period : demanded).push_back(std::move(*token));
    due_ = another || !tokens->value.Empty();
    if (!of_period.empty()) adapt_call();
    add_fresh(std::move(demanded), std::move(of_period));
    filled_ = fresh_.size();
    filled_at_ = Clock::now();
    pump();
    host_.on_call_due();
}

// On demand before those of the period.
void Lookup::add_fresh(std::vector<Token> demanded, std::vector<Token> of_period) {
    for (const Token& token : demanded) busy_.insert(token.requests.begin(), token.requests.end());
    pace_.note_taken(of_period.size(), Clock::now());
    // A deque moves elements onto themselves where nothing is inserted, and a token does not survive that.
    if (!demanded.empty())
        fresh_.insert(std::ranges::find_if(fresh_, is_of_period), std::make_move_iterator(demanded.begin()),
                      std::make_move_iterator(demanded.end()));
    fresh_.insert(fresh_.end(), std::make_move_iterator(of_period.begin()),
                  std::make_move_iterator(of_period.end()));
}

void Lookup::drop_unclaimed() {
    std::erase_if(fresh_, is_of_period);
}

void Lookup::restart_period() {
    drop_unclaimed();
    period_.restart();
    discard_next_ = asking_next_;
    due_ = true;
}

void Lookup::next_failed(const PgError& error) {
    asking_next_ = discard_next_ = false;
    next_try_ = Clock::now() + kCallAgain;
    note_error(error.what());
    log_repeated(next_problems_, "could not ask which tokens are due, will be tried again", error);
}

// ------------------------------------------------------------------------------------------------ asking

void Lookup::pump() {
    if (stopped_) return;
    for (auto& lane : lanes_) {
        if (lane->channel.busy()) continue;
        if (!breaker_.may_send(Clock::now()) || !host_.may_ask()) break;
        std::optional<TokenBatch> batch = take_batch();
        if (!batch) break;
        ask(*lane, std::move(*batch));
    }
    if (in_flight() == 0 && waiting_.empty() && fresh_.empty()) breaker_.note_drained(Clock::now());
    arm_gate();
    wait_to_gather();
    host_.on_call_due();
}

std::optional<TokenBatch> Lookup::take_batch() {
    const bool closed = breaker_.state() == Breaker::State::closed;
    // The token system may fail on what waits, and only on that: another batch is the better probe.
    if (!closed && !fresh_.empty()) return take_fresh();
    if (std::optional<TokenBatch> batch = take_waiting()) return batch;
    if (!may_take_fresh()) return std::nullopt;
    return take_fresh();
}

// The one that was asked for least often; when the breaker is closed, each waits for its own time.
std::optional<TokenBatch> Lookup::take_waiting() {
    const bool closed = breaker_.state() == Breaker::State::closed;
    const auto now = Clock::now();
    auto best = waiting_.end();
    for (auto batch = waiting_.begin(); batch != waiting_.end(); ++batch)
        if ((!closed || batch->not_before <= now) &&
            (best == waiting_.end() || batch->attempt < best->attempt))
            best = batch;
    if (best == waiting_.end()) return std::nullopt;
    TokenBatch batch = std::move(*best);
    waiting_.erase(best);
    return batch;
}

// A batch that is not full waits for the tokens that are on their way.
bool Lookup::may_take_fresh() const {
    return !fresh_.empty() && (fresh_.size() >= kMostTokens || !(asking_next_ || wants_next()));
}

TokenBatch Lookup::take_fresh() {
    TokenBatch batch;
    std::unordered_set<std::string> ids;
    while (!fresh_.empty() && batch.tokens.size() < kMostTokens && ids.insert(fresh_.front().id).second) {
        batch.tokens.push_back(std::move(fresh_.front()));
        fresh_.pop_front();
    }
    period_.claim(batch.tokens);
    return batch;
}

void Lookup::ask(Lane& lane, TokenBatch batch) {
    if (batch.attempt++ == 0) batch.first_sent = Clock::now();
    lane.batch = std::move(batch);
    lane.probe = breaker_.note_sent(Clock::now());
    lane.token_renewed = false;
    lane.request.body = lookup_request(lane.batch.tokens);
    post(lane);
}

void Lookup::post(Lane& lane) {
    if (!bearer_token_.problem().empty() && bearer_token_.refresh())
        secrets_.add_issued(bearer_token_.value());
    if (!bearer_token_.problem().empty()) {
        LookupAnswer answer;
        answer.verdict = LookupVerdict::misconfigured;
        answer.error = bearer_token_.problem();
        return fail(std::exchange(lane.batch, {}), lane.probe, answer);
    }
    ++requests_;
    lane.channel.send(lane.request, bearer_token_.value(), longest_lookup_answer(lane.batch.tokens.size()),
                      [this, &lane](const HttpResult& result) { answered(lane, result); });
}

void Lookup::answered(Lane& lane, const HttpResult& result) {
    if (ask_with_new_token(lane, result)) return;
    TokenBatch batch = std::exchange(lane.batch, {});
    const bool probe = lane.probe;
    // While all is well an answer is read when the next request is on its way.
    if (is_answer(result) && breaker_.state() == Breaker::State::closed) pump();
    const LookupAnswer answer = judge_lookup(result, batch.tokens, secrets_);
    switch (answer.verdict) {
        case LookupVerdict::answered:
            breaker_.note_success(probe, Clock::now());
            last_answered_ = Clock::now();
            take_answers(std::move(batch), answer);
            break;
        case LookupVerdict::refused:
            ++failures_;
            note_error(answer.error);
            breaker_.note_success(probe, Clock::now());
            divide(std::move(batch), answer.error);
            break;
        case LookupVerdict::retryable:
        case LookupVerdict::misconfigured:
            fail(std::move(batch), probe, answer);
    }
    pump();
}

bool Lookup::ask_with_new_token(Lane& lane, const HttpResult& result) {
    if (result.code != CURLE_OK || result.status != 401 || lane.token_renewed || stopped_ ||
        !host_.may_ask() || !bearer_token_.refresh())
        return false;
    secrets_.add_issued(bearer_token_.value());
    lane.token_renewed = true;
    post(lane);
    return true;
}

void Lookup::take_answers(TokenBatch batch, const LookupAnswer& answer) {
    if (answer.not_asked > 0)
        log::warning("the token system answers for tokens that it was not asked for",
                     {{"lookup", config_.name}, {"tokens", answer.not_asked}});
    TokenBatch rest;
    for (size_t i = 0; i < batch.tokens.size(); ++i) {
        if (answer.members[i].empty()) {
            rest.tokens.push_back(std::move(batch.tokens[i]));
            continue;
        }
        ++asked_;
        answers_.push_back({std::move(batch.tokens[i]), answer.members[i]});
    }
    if (rest.empty()) return;
    rest.attempt = batch.attempt;
    rest.first_sent = batch.first_sent;
    if (rest.attempt < config_.endpoint.retry_attempts) {
        const core::Backoff backoff{config_.endpoint.retry_base, Breaker::kLongestWait};
        const auto pause = backoff.wait(rest.attempt, std::uniform_real_distribution<>(0, 1)(random_));
        return wait(std::move(rest), pause);
    }
    note_error("answers leave tokens out");
    for (Token& token : rest.tokens)
        give_up(std::move(token), "unanswered", "the answers leave the token out");
}

void Lookup::divide(TokenBatch batch, const std::string& why) {
    if (batch.tokens.size() == 1) return give_up(std::move(batch.tokens.front()), "failing", why);
    TokenBatch half;
    const auto middle = batch.tokens.begin() + static_cast<std::ptrdiff_t>(batch.tokens.size() / 2);
    half.tokens.assign(std::make_move_iterator(middle), std::make_move_iterator(batch.tokens.end()));
    batch.tokens.erase(middle, batch.tokens.end());
    for (TokenBatch* each : {&batch, &half}) {
        each->attempt = 0;
        each->divided = true;
        each->not_before = Clock::now();
        waiting_.push_back(std::move(*each));
    }
}

// Tokens of the batch may be the cause: the token system answers for others, and not for these.
void Lookup::fail(TokenBatch batch, bool probe, const LookupAnswer& answer) {
    ++failures_;
    note_error(answer.error);
    const auto now = Clock::now();
    const bool lasting = answer.verdict == LookupVerdict::misconfigured;
    // A half is divided further at once; a token that stands alone has all its attempts.
    const bool of_batch =
        !lasting && !answer.busy && last_answered_ > batch.first_sent &&
        ((batch.divided && batch.tokens.size() > 1) || batch.attempt >= config_.endpoint.retry_attempts);
    const Breaker::State before = breaker_.state();
    const milliseconds time = breaker_.note_failure({.attempt = batch.attempt,
                                                     .probe = probe,
                                                     .lasting = lasting,
                                                     .of_batch = of_batch,
                                                     .retry_after = answer.retry_after},
                                                    std::uniform_real_distribution<>(0, 1)(random_), now);
    if (of_batch)
        divide(std::move(batch), answer.error);
    else
        wait(std::move(batch), time);
    if (breaker_.state() == Breaker::State::open && before == Breaker::State::closed) {
        log::warning("the token system fails: no token is asked for until it is tried again",
                     {{"lookup", config_.name}, {"error", answer.error}});
        release_fresh();
    }
}

void Lookup::give_up(Token token, const std::string& problem, const std::string& detail) {
    ++asked_;
    std::string plain;
    for (char c : detail)
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') plain += c;
    answers_.push_back({std::move(token), problem_members(problem, plain)});
}

void Lookup::wait(TokenBatch batch, milliseconds time) {
    batch.not_before = Clock::now() + time;
    waiting_.push_back(std::move(batch));
}

void Lookup::release_fresh() {
    for (const Token& token : fresh_) forget(token);
    pace_.note_taken_back(static_cast<size_t>(std::ranges::count_if(fresh_, is_of_period)));
    fresh_.clear();
    period_.take_back();
    discard_next_ = asking_next_;
    due_ = true;
}

void Lookup::forget(const Token& token) {
    for (int64_t request : token.requests) busy_.erase(request);
}

void Lookup::arm_gate() {
    const auto now = Clock::now();
    if (const auto next = next_change(now))
        gate_.start(std::chrono::ceil<milliseconds>(*next - now));
    else
        gate_.stop();
}

// What is due already waits for an answer, or for the host: both pump.
std::optional<Lookup::Clock::time_point> Lookup::next_change(Clock::time_point now) const {
    std::optional<Clock::time_point> next;
    const auto consider = [&](Clock::time_point at) {
        if (at > now && (!next || at < *next)) next = at;
    };
    const auto free_at = breaker_.free_at();
    if (free_at) consider(*free_at);
    if (breaker_.state() == Breaker::State::closed)
        for (const TokenBatch& batch : waiting_) consider(std::max(batch.not_before, free_at.value_or(now)));
    if (period_.has_more()) consider(pace_.next_at());
    return next;
}

size_t Lookup::in_flight() const {
    return static_cast<size_t>(
        std::ranges::count_if(lanes_, [](const auto& lane) { return !lane->batch.empty(); }));
}

// --------------------------------------------------------------------------------------------- its report

void Lookup::note_error(const std::string& error) {
    last_error_ = error;
    last_error_us_ = now_us();
}

void Lookup::write_report(JsonWriter& writer) const {
    const auto time = [&](const char* name, int64_t us) {
        if (us != 0) put(writer, name, format_time(us));
    };
    const auto us_of = [](Breaker::Time at) {
        return now_us() + std::chrono::duration_cast<std::chrono::microseconds>(at - Clock::now()).count();
    };
    size_t tokens = answers_.size() + applying_.size();
    for (const auto& lane : lanes_) tokens += lane->batch.tokens.size();
    for (const TokenBatch& batch : waiting_) tokens += batch.tokens.size();
    writer.StartObject();
    put(writer, "lookup", config_.name);
    put(writer, "breaker", std::string_view(breaker_name(breaker_.state())));
    time("breaker_since", us_of(breaker_.since()));
    if (breaker_.state() == Breaker::State::open && breaker_.free_at())
        time("next_probe_at", us_of(*breaker_.free_at()));
    put(writer, "in_flight", tokens);
    put(writer, "requests", requests_);
    put(writer, "failures", failures_);
    if (!last_error_.empty()) put(writer, "last_error", last_error_);
    time("last_error_at", last_error_us_);
    writer.EndObject();
}

}  // namespace gpsync::relay
