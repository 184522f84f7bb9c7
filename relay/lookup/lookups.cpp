#include "relay/lookup/lookups.hpp"

#include <utility>

#include "core/backoff.hpp"
#include "relay/base/config_error.hpp"
#include "relay/base/json_text.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

// So often it is asked whether a token is due; every fourth time what look-ups there are.
constexpr milliseconds kPoll{250};
constexpr int kConfigTicks = 4;
// After calls that failed, or sessions that could not be made.
constexpr core::Backoff kRetry{milliseconds{500}, milliseconds{5000}};

// A table owner's code that does not end is ended: the tokens of its rows are listed, the others go on.
constexpr milliseconds kStatementTimeout{5000};
constexpr const char* kSettings = "SET lock_timeout = '2s'";

constexpr const char* kConfigStatement =
    "SELECT gpsync_internal.relay_lookups($1::pg_catalog.text, $2::pg_catalog.jsonb)";
constexpr const char* kNextStatement =
    "SELECT gpsync_internal.relay_lookup_next($1::pg_catalog.text, $2::pg_catalog.int8, "
    "CASE WHEN $4::pg_catalog.bool THEN $3::pg_catalog.text END, $5::pg_catalog.int8[], $6::pg_catalog.int4, "
    "$7::pg_catalog.int4)";
constexpr const char* kApplyStatement =
    "SELECT gpsync_internal.relay_lookup_apply($1::pg_catalog.text, $2::pg_catalog.jsonb, "
    "$3::pg_catalog.int8, $4::pg_catalog.int8, CASE WHEN $6::pg_catalog.bool THEN $5::pg_catalog.text END, "
    "CASE WHEN $8::pg_catalog.bool THEN $7::pg_catalog.text END, $9::pg_catalog.int8, "
    "$10::pg_catalog.bool)";

}  // namespace

Lookups::Lookups(EventLoop& loop, Resolver& resolver, Settings settings)
    : loop_(loop),
      resolver_(resolver),
      settings_(std::move(settings)),
      apply_{kApplyStatement, &Lookup::wants_apply, &Lookup::apply_arguments, &Lookup::take_applied,
             &Lookup::apply_failed},
      next_{kNextStatement, &Lookup::wants_next, &Lookup::next_arguments, &Lookup::take_next,
            &Lookup::next_failed},
      tick_(loop, [this] { on_tick(); }),
      kick_(loop, [this] { run_next(); }) {}

Lookups::~Lookups() {
    stop();
}

void Lookups::follow(bool wanted, const ServerAddress& at) {
    if (stopped_ || wanted == (session_ != nullptr)) return;
    if (!wanted) return close();
    session_ = std::make_unique<LoopSession>(loop_, settings_.conninfo, at, kStatementTimeout, kSettings);
    configs_due_ = true;
    tick_.start(kPoll, kPoll);
    on_call_due();
}

void Lookups::close() {
    tick_.stop();
    kick_.stop();
    for (auto& [name, lookup] : lookups_) leave(lookup);
    lookups_.clear();
    session_.reset();
}

void Lookups::stop() {
    stopped_ = true;
    tick_.stop();
    kick_.stop();
    for (auto& [name, lookup] : lookups_) lookup->stop();
}

void Lookups::leave(std::shared_ptr<Lookup> lookup) {
    lookup->stop();
    left_.push_back(std::move(lookup));
}

// ------------------------------------------------------------------------------------------------- calls

void Lookups::on_call_due() {
    if (!stopped_ && session_ && !kick_.active()) kick_.start(milliseconds{0});
}

void Lookups::on_tick() {
    left_.clear();
    if (++ticks_ % kConfigTicks == 0) configs_due_ = true;
    for (auto& [name, lookup] : lookups_) lookup->poll();
    on_call_due();
}

// What answers change and what is to be asked for next, in turn: answers that keep coming must not leave the
// lanes without tokens.
void Lookups::run_next() {
    if (stopped_ || !session_ || session_->busy() || Clock::now() < try_at_) return;
    if (configs_due_) return ask_configs();
    Call* const first = last_call_ == &apply_ ? &next_ : &apply_;
    for (Call* call : {first, first == &apply_ ? &next_ : &apply_})
        if (auto lookup = next_of(*call)) return run(*call, std::move(lookup));
}

void Lookups::ask_configs() {
    configs_due_ = false;
    session_->call(kConfigStatement, {settings_.stream, reports()},
                   [this](const PGresult* result, const PgError* error) {
                       note_call(error);
                       if (error != nullptr)
                           log_repeated(problems_, "could not ask for look-ups, will be tried again", *error);
                       else if (!stopped_)
                           take_configs(value(result, 0, 0));
                       on_call_due();
                   });
}

// In turn, so that none keeps the others from theirs.
std::shared_ptr<Lookup> Lookups::next_of(const Call& call) const {
    auto at = lookups_.upper_bound(call.last);
    for (size_t i = 0; i < lookups_.size(); ++i, ++at) {
        if (at == lookups_.end()) at = lookups_.begin();
        if ((*at->second.*call.wants)()) return at->second;
    }
    return nullptr;
}

// The look-up stays until it has its answer. A session that is lost meanwhile leaves open whether the call
// was made: the next one finds out, since it names the cursor it goes on from.
void Lookups::run(Call& call, std::shared_ptr<Lookup> lookup) {
    last_call_ = &call;
    call.last = lookup->config().name;
    std::vector<std::string> arguments = (*lookup.*call.arguments)();
    session_->call(call.statement, std::move(arguments),
                   [this, &call, lookup = std::move(lookup)](const PGresult* result, const PgError* error) {
                       note_call(error);
                       if (error != nullptr)
                           (*lookup.*call.take_error)(*error);
                       else
                           (*lookup.*call.take)(value(result, 0, 0));
                       on_call_due();
                   });
}

// Of what is wrong with the server or the way there, every call would fail. error: nullptr on success.
void Lookups::note_call(const PgError* error) {
    if (error == nullptr) {
        failures_ = 0;
        return;
    }
    bool of_server = error->sqlstate.empty();
    for (const char* prefix : {"08", "28", "3D", "53", "57P"})
        of_server = of_server || error->in_class(prefix);
    if (of_server) try_at_ = Clock::now() + kRetry.wait(++failures_);
}

// ----------------------------------------------------------------------------------------------- look-ups

void Lookups::take_configs(const std::string& json) {
    std::vector<LookupConfig> configs;
    try {
        configs = settings_.parse(json);
        problems_.clear();
    } catch (const ConfigError& error) {
        if (const int64_t times = problems_.note(error.what(), Clock::now()))
            log::error(error.what(), {{"detail", error.detail}, {"times", times}});
        return;
    }
    std::map<std::string, std::shared_ptr<Lookup>> kept;
    for (LookupConfig& config : configs) {
        const auto found = lookups_.find(config.name);
        if (found != lookups_.end() && found->second->config().identity == config.identity) {
            kept.insert(lookups_.extract(found));
            continue;
        }
        Lookup::Host& host = *this;
        configs_due_ = true;  // the first report
        log::info("running a look-up", {{"lookup", config.name}, {"endpoint", config.endpoint.name}});
        kept.emplace(config.name, std::make_shared<Lookup>(loop_, resolver_, config, host));
    }
    for (auto& [name, lookup] : lookups_) leave(lookup);
    lookups_ = std::move(kept);
    for (auto& [name, lookup] : lookups_) lookup->poll();
}

std::string Lookups::reports() const {
    return json_text([&](JsonWriter& writer) {
        writer.StartArray();
        for (const auto& [name, lookup] : lookups_) lookup->write_report(writer);
        writer.EndArray();
    });
}

}  // namespace gpsync::relay
