#include "relay/lookup/lookups.hpp"

#include <utility>

#include "relay/base/config_error.hpp"
#include "relay/base/json_text.hpp"
#include "relay/observe/log.hpp"
#include "relay/postgres/session_pins.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// So often it is asked whether a token is due; every fourth time what look-ups there are.
constexpr milliseconds kPoll{250};
constexpr int kConfigTicks = 4;
// A connection that was lost, or could not be made, is tried again after this.
constexpr milliseconds kConnectAgain{5000};

// A table owner's code that does not end is ended: the tokens of its rows are listed, the others go on.
constexpr const char* kSettings = "SET statement_timeout = '5s'; SET lock_timeout = '2s'; ";

constexpr const char* kConfigStatement =
    "SELECT gpsync_internal.relay_lookups($1::pg_catalog.text, $2::pg_catalog.jsonb)";
constexpr const char* kNextStatement =
    "SELECT gpsync_internal.relay_lookup_next($1::pg_catalog.text, $2::pg_catalog.int8, "
    "CASE WHEN $4::pg_catalog.bool THEN $3::pg_catalog.text END, $5::pg_catalog.int8[], $6::pg_catalog.int4)";
constexpr const char* kApplyStatement =
    "SELECT gpsync_internal.relay_lookup_apply($1::pg_catalog.text, $2::pg_catalog.jsonb, "
    "$3::pg_catalog.int8, $4::pg_catalog.int8, CASE WHEN $6::pg_catalog.bool THEN $5::pg_catalog.text END, "
    "CASE WHEN $8::pg_catalog.bool THEN $7::pg_catalog.text END, $9::pg_catalog.bool)";

// The session's settings, before anything else.
class Pinning : public CallQueue::Client {
  public:
    explicit Pinning(std::function<void()> pinned) : pinned_(std::move(pinned)) {}
    bool has_call() override { return !sent_; }
    int send(PGconn* connection) override {
        sent_ = true;
        return PQsendQuery(connection, (pinning_statement() + kSettings + "SELECT 1").c_str());
    }
    void succeeded(const PGresult*) override { pinned_(); }
    void failed(const PgError& error) override {
        log_failed_call("could not set up the connection for look-ups", error);
    }
    void stop() override { sent_ = true; }

  private:
    const std::function<void()> pinned_;
    bool sent_ = false;
};

}  // namespace

// ------------------------------------------------------------------------------------------------- calls

// In turn, so that none keeps the others from theirs.
std::shared_ptr<Lookup> Lookups::LookupCall::next() const {
    const auto& all = owner_.lookups_;
    auto at = all.upper_bound(last_);
    for (size_t i = 0; i < all.size(); ++i, ++at) {
        if (at == all.end()) at = all.begin();
        if (wants(*at->second)) return at->second;
    }
    return nullptr;
}

int Lookups::LookupCall::send(PGconn* connection) {
    running_ = next();
    last_ = running_->config().name;
    const std::vector<std::string> texts = arguments(*running_);
    std::vector<const char*> values;
    values.reserve(texts.size());
    for (const std::string& text : texts) values.push_back(text.c_str());
    return PQsendQueryParams(connection, statement_, static_cast<int>(values.size()), nullptr, values.data(),
                             nullptr, nullptr, 0);
}

void Lookups::LookupCall::succeeded(const PGresult* result) {
    if (const auto lookup = std::exchange(running_, nullptr)) take(*lookup, value(result, 0, 0));
}

void Lookups::LookupCall::failed(const PgError& error) {
    log_failed_call("a call for a look-up failed", error);
    if (const auto lookup = std::exchange(running_, nullptr)) take_error(*lookup, error);
}

class Lookups::NextCall : public LookupCall {
  public:
    explicit NextCall(Lookups& owner) : LookupCall(owner, kNextStatement) {}

  private:
    bool wants(const Lookup& lookup) const override { return lookup.wants_next(); }
    std::vector<std::string> arguments(Lookup& lookup) override { return lookup.next_arguments(); }
    void take(Lookup& lookup, const std::string& json) override { lookup.take_next(json); }
    void take_error(Lookup& lookup, const PgError& error) override { lookup.next_failed(error); }
};

class Lookups::ApplyCall : public LookupCall {
  public:
    explicit ApplyCall(Lookups& owner) : LookupCall(owner, kApplyStatement) {}

  private:
    bool wants(const Lookup& lookup) const override { return lookup.wants_apply(); }
    std::vector<std::string> arguments(Lookup& lookup) override { return lookup.apply_arguments(); }
    void take(Lookup& lookup, const std::string& json) override { lookup.take_applied(json); }
    void take_error(Lookup& lookup, const PgError& error) override { lookup.apply_failed(error); }
};

class Lookups::ConfigCall : public CallQueue::Client {
  public:
    explicit ConfigCall(Lookups& owner) : owner_(owner) {}
    bool has_call() override { return owner_.configs_due_; }
    int send(PGconn* connection) override {
        owner_.configs_due_ = false;
        const std::string reports = owner_.reports();
        return send_call(connection, kConfigStatement, {owner_.settings_.stream.c_str(), reports.c_str()});
    }
    void succeeded(const PGresult* result) override { owner_.take_configs(value(result, 0, 0)); }
    void failed(const PgError& error) override {
        if (!std::exchange(owner_.logged_, true)) log_failed_call("could not ask for look-ups", error);
    }
    void stop() override {}

  private:
    Lookups& owner_;
};

// -------------------------------------------------------------------------------------------- connection

Lookups::Lookups(EventLoop& loop, Resolver& resolver, Settings settings, StopSignal& stop)
    : loop_(loop),
      resolver_(resolver),
      settings_(std::move(settings)),
      stop_(stop),
      tick_(loop, [this] { on_tick(); }),
      kick_(loop, [this] {
          if (queue_ && !lost_) queue_->run_next();
      }) {}

Lookups::~Lookups() {
    stop();
}

void Lookups::follow(bool wanted, PGconn* like) {
    if (stopped_) return;
    if (!wanted) return close();
    if (lost_) close();
    if (queue_ || connecting_ || Clock::now() < try_at_) return;
    try_at_ = Clock::now() + kConnectAgain;
    connecting_ =
        std::make_unique<Connecting>(loop_, settings_.conninfo, like, stop_,
                                     [this](std::unique_ptr<PgConnection> made, const PgError* error) {
                                         connected(std::move(made), error);
                                     });
}

void Lookups::connected(std::unique_ptr<PgConnection> made, const PgError* error) {
    if (error != nullptr) {
        log::warning("could not connect to the server for look-ups, will be tried again",
                     {{"error", error->what()}, {"sqlstate", error->sqlstate}});
        connecting_.reset();
        return;
    }
    CallQueue::Listener& listener = *this;
    queue_ = std::make_unique<CallQueue>(loop_, std::move(*made), listener);
    clients_.push_back(std::make_unique<Pinning>([this] {
        configs_due_ = true;
        tick_.start(kPoll, kPoll);
    }));
    clients_.push_back(std::make_unique<ConfigCall>(*this));
    clients_.push_back(std::make_unique<ApplyCall>(*this));
    clients_.push_back(std::make_unique<NextCall>(*this));
    for (auto& client : clients_) queue_->add(*client);
    kick_.start(milliseconds{0});
    connecting_.reset();
}

// It may have been called from the queue: what is left is cleared away later.
void Lookups::on_connection_lost(const PgError& error) {
    log::warning("lost the connection for look-ups", {{"error", error.what()}, {"sqlstate", error.sqlstate}});
    lost_ = true;
    tick_.stop();
    for (auto& [name, lookup] : lookups_) lookup->stop();
}

// REQUIRES: not called from the queue.
void Lookups::close() {
    tick_.stop();
    kick_.stop();
    connecting_.reset();
    for (auto& [name, lookup] : lookups_) {
        lookup->stop();
        left_.push_back(lookup);
    }
    lookups_.clear();
    queue_.reset();
    clients_.clear();
    lost_ = false;
}

void Lookups::stop() {
    stopped_ = true;
    tick_.stop();
    kick_.stop();
    for (auto& [name, lookup] : lookups_) lookup->stop();
}

// ----------------------------------------------------------------------------------------------- look-ups

void Lookups::on_call_due() {
    if (!stopped_ && queue_ && !lost_ && !kick_.active()) kick_.start(milliseconds{0});
}

void Lookups::on_tick() {
    left_.clear();
    if (++ticks_ % kConfigTicks == 0) configs_due_ = true;
    for (auto& [name, lookup] : lookups_) lookup->poll();
    on_call_due();
}

void Lookups::take_configs(const std::string& json) {
    logged_ = false;
    std::vector<LookupConfig> configs;
    try {
        configs = settings_.parse(json);
    } catch (const ConfigError& error) {
        if (!std::exchange(logged_, true)) log::error(error.what(), {{"detail", error.detail}});
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
    for (auto& [name, lookup] : lookups_) {
        lookup->stop();
        left_.push_back(lookup);
    }
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
