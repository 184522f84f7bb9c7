#include "relay/relay.hpp"

#include <algorithm>
#include <utility>

#include "relay/base/clock.hpp"
#include "relay/base/lsn.hpp"
#include "relay/base/version.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How often a relay that stands by asks for the stream, and one that waits for the slot.
constexpr milliseconds kAskAgain{150};
// While a relay has the stream and cannot use it, it calls the server so often: no other relay takes it away.
constexpr milliseconds kSignOfLife{500};
// A relay that is slow, not dead, would lose the stream as soon as it has it: each one that is ended doubles
// the patience with the next, up to a bound, until none was ended for a while.
constexpr milliseconds kMostPatience{60000};
constexpr std::chrono::minutes kPatienceKept{10};

// Errors that stay until somebody changes something: no such stream or right (42, 3F), a slot or a setting in
// the wrong state (55), the output plugin missing (58P01), who may connect and to what (28, 3D). Not the key
// file (F0): it is mended on the server's side, and whoever runs the relay may not start it again.
bool is_configuration(const PgError& error) {
    if (error.sqlstate == "55006") return false;  // object in use: the slot, by another walsender
    if (error.sqlstate == "55P03") return false;  // lock not available
    if (error.of_a_file) return false;            // a read-only file system, or one that is not there
    return error.in_class("42") || error.in_class("3F") || error.in_class("55") || error.in_class("28") ||
           error.in_class("3D") || error.sqlstate == "58P01" || error.needs_password ||
           is_refused_parameter(error);
}

// What passes, if there was a connection before: a password that is being rotated (for a while the server's
// and the file's differ), a database that takes no connections during maintenance.
bool may_pass(const PgError& error) {
    return error.in_class("28") || error.needs_password ||
           (error.while_connecting && error.sqlstate == "55000");
}

// From the catalog, which every version of the extension has.
void check_version(PgConnection& connection) {
    PgResult result = connection.query(
        "SELECT extversion FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) "
        "'gpsync'::pg_catalog.name");
    if (PQntuples(result.get()) == 0)
        throw ConfigError("extension gpsync is not installed in this database", {},
                          "Connect to the database of the stream, or there: CREATE EXTENSION gpsync");
    require_fitting_extension(value(result.get(), 0, 0));
}

uint64_t read_wal_end(PgConnection& connection) {
    PgResult result = connection.query("SELECT pg_catalog.pg_current_wal_insert_lsn()");
    return parse_lsn(value(result.get(), 0, 0)).value_or(UINT64_MAX);
}

}  // namespace

Relay::Relay(std::string conninfo, std::string stream, StopSignal& stop, Metrics& metrics, Health& health,
             KnownServer& known)
    : conninfo_(std::move(conninfo)),
      stream_(std::move(stream)),
      stop_(stop),
      metrics_(metrics),
      health_(health),
      known_(known) {
    status_.started_us = now_us();
}

void Relay::run() {
    for (;;) {
        try {
            run_once();
        } catch (const Stopped&) {
            log::info("stopped");
            return;
        } catch (const PgError& error) {
            if (is_configuration(error) && !(had_session_ && may_pass(error))) give_up(error);
            status_.note_error(error.what());
            milliseconds wait = backoff_.wait(++failures_);
            set_state(State::waiting, Role::broken,
                      std::string("no connection to the server: ") + error.what());
            log::warning("no connection to the server, will be tried again",
                         {{"error", error.what()}, {"sqlstate", error.sqlstate}, {"wait_ms", wait.count()}});
            metrics_.reconnects.Increment();
            try {
                stop_.sleep(wait);
            } catch (const Stopped&) {
                log::info("stopped");
                return;
            }
        }
    }
}

void Relay::run_once() {
    set_state(State::starting, Role::starting, "connecting");
    // For replication first: a pooler refuses it, and none of its sessions is touched.
    // Where conninfo names several servers, all connections go to the one that it led to.
    ServerAddress server;
    {
        const PgConnection probe(conninfo_, PgConnection::Kind::replication, stop_);
        server = address_of(probe.get());
    }
    PgConnection connection(conninfo_, PgConnection::Kind::ordinary, stop_, server);
    check_version(connection);
    known_.set(server);
    RelayConfig config = wait_while_paused(connection, wait_until_ours(connection));
    milliseconds interval = ReplicationStream::status_interval(connection);
    PgConnection replication = start_replication(connection, config);
    // Until now somebody else may have read the slot; relay_config() sees it.
    read_config(connection);
    // The slot is ours now: what others have read of it was committed before.
    const uint64_t earlier = read_wal_end(connection);
    for (EndpointConfig& endpoint : config.endpoints) endpoint.sent_before_lsn = earlier;
    had_session_ = true;
    for (EndpointConfig& endpoint : config.endpoints)
        endpoint.local = {stream_, conninfo_, address_of(connection.get())};
    log::info("streaming", {{"slot", config.replication.slot},
                            {"publication", config.replication.publication},
                            {"topics", config.replication.topics},
                            {"position", format_lsn(config.position.commit_lsn)},
                            {"ordinal", config.position.ordinal},
                            {"endpoints", config.endpoints.size()}});
    Session::Outcome outcome;
    {
        const std::vector<HeldState> held = read_held(connection.query(kHeldStatement, {stream_}).get());
        Session session(config, held, conninfo_, std::move(connection), std::move(replication), interval,
                        stop_, status_, secrets_, metrics_, health_);
        outcome = session.run();
    }
    if (outcome.end == Session::End::stopped) {
        set_state(State::stopped, Role::broken, "stopped");
        throw Stopped();
    }
    // One that ends before it has booked anything may meet the same end again and again.
    if (outcome.progressed) failures_ = 0;
    if (outcome.end == Session::End::lost) {
        // relay_config() shows whether the stream itself is at fault, so the error alone never ends the
        // program.
        throw PgError(outcome.error.what(),
                      outcome.error.sqlstate.starts_with("57") ? outcome.error.sqlstate : "");
    }
}

RelayConfig Relay::read_config(PgConnection& connection) {
    PgResult result = connection.query("SELECT gpsync_internal.relay_config($1::pg_catalog.text)", {stream_});
    if (PQgetisnull(result.get(), 0, 0)) throw ConfigError("stream \"" + stream_ + "\" has no configuration");
    return parse_config(value(result.get(), 0, 0));
}

// The configuration is read again after the stream is ours: whoever had it before has moved the position.
RelayConfig Relay::wait_until_ours(PgConnection& connection) {
    read_config(connection);
    auto acquire = [&] {
        PgResult result =
            connection.query("SELECT gpsync_internal.relay_acquire($1::pg_catalog.text)", {stream_});
        return value(result.get(), 0, 0) == "t";
    };
    if (!acquire()) {
        log::info("standing by: another relay has the stream");
        set_state(State::standby, Role::standby, "another relay has the stream");
        do
            if (!seize(connection)) stop_.sleep(kAskAgain);
        while (!acquire());
        log::info("took the stream over");
    }
    set_state(State::starting, Role::starting, "has the stream");
    return read_config(connection);
}

bool Relay::seize(PgConnection& connection) {
    const auto now = Clock::now();
    if (now - seized_ > kPatienceKept) seizures_ = 0;
    const milliseconds patience = std::min(kLeaseEnds * (1 << std::min(seizures_, 10)), kMostPatience);
    PgResult ended =
        connection.query("SELECT gpsync_internal.relay_seize($1::pg_catalog.text, $2::pg_catalog.interval)",
                         {stream_, std::to_string(patience.count()) + " ms"});
    if (PQgetisnull(ended.get(), 0, 0)) return false;
    ++seizures_;
    seized_ = now;
    log::warning("ended the session of the relay that has the stream: it gave no sign of life",
                 {{"pid", value(ended.get(), 0, 0)}, {"for_ms", patience.count()}});
    return true;
}

RelayConfig Relay::wait_while_paused(PgConnection& connection, RelayConfig config) {
    if (!config.paused) return config;
    log::info("paused");
    set_state(State::paused, Role::paused, "the stream is paused");
    while (config.paused) {
        report(connection, State::paused);
        stop_.sleep(kSignOfLife);
        config = read_config(connection);
    }
    log::info("resumed");
    return config;
}

PgConnection Relay::start_replication(PgConnection& connection, const RelayConfig& config) {
    bool logged = false;
    Clock::time_point reported{};
    for (;;) {
        try {
            return ReplicationStream::start(conninfo_, address_of(connection.get()), config.replication,
                                            stop_);
        } catch (const PgError& error) {
            // A decoder from before versions were exchanged.
            if (error.sqlstate == "22023" &&
                std::string_view(error.what()).find("relay_version") != std::string_view::npos)
                throw ConfigError("the server's gpsync_decoder is older than this relay", error.what(),
                                  "Install gpsync_decoder and gpsync-relay from one version of gpsync.");
            if (error.sqlstate != "55006") throw;
            // The walsender of an earlier relay may need a while to notice that its client is gone.
            if (!std::exchange(logged, true))
                log::info("standing by: the slot is in use", {{"error", error.what()}});
            set_state(State::standby, Role::standby, error.what());
            status_.note_error(error.what());
            if (Clock::now() - reported >= kSignOfLife) {
                reported = Clock::now();
                report(connection, State::standby);
            }
            stop_.sleep(kAskAgain);
        }
    }
}

void Relay::report(PgConnection& connection, State state) {
    status_.state = state;
    connection.query(kReportStatement, {stream_, report_json(status_, {})});
}

void Relay::give_up(const PgError& error) {
    throw ConfigError(error.what(), error.detail, error.hint);
}

void Relay::set_state(State state, Role role, const std::string& reason) {
    status_.state = state;
    health_.set(role, reason);
}

}  // namespace gpsync::relay
