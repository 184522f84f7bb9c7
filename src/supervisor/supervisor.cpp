// The background worker: reads what should run, and sees to it. It holds no transaction, snapshot or lock
// while it waits. When it goes, its relays go (PR_SET_PDEATHSIG); when the postmaster goes, it goes.
#include "supervisor/supervisor.h"

#include <algorithm>
#include <csignal>
#include <map>

#include "core/conninfo.hpp"
#include "pg/compat/wait_events.h"
#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/pin_settings.h"
#include "pg/ramp_table.h"
#include "supervisor/relay.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "catalog/pg_database.h"
#include "executor/spi.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "utils/guc.h"
#include "utils/ps_status.h"
#include "utils/snapmgr.h"
#include "utils/varlena.h"
GPSYNC_SERVER_HEADERS_END

extern "C" {
PGDLLEXPORT void gpsync_supervisor_main(Datum number);
static void note_child_exit(int);
}

namespace gpsync::supervisor {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPollInterval{1};
constexpr std::chrono::minutes kExpiryInterval{10};
// The server does not wait for a relay's deliveries when it goes down; they are made again.
constexpr seconds kShutdownTime{3};

struct StreamRow {
    std::string stream, fingerprint;
};

class Supervisor {
  public:
    explicit Supervisor(int number) : number_(number) {}
    void run();

  private:
    void poll(Clock::time_point now);
    void apply(const std::vector<StreamRow>& streams);
    core::WantedProcess wanted_for(const StreamRow& row);
    void expire_batches(Clock::time_point now);
    void tick_all(Clock::time_point now);
    void forget_ended();
    void wait(Clock::time_point until);
    void shut_down();
    void report_activity();

    struct Entry {
        explicit Entry(const std::string& stream) : relay(stream) {}
        Relay relay;
        int metrics_number = -1;
    };

    int number_;
    std::map<std::string, Entry> relays_;
    std::string last_error_, last_ramp_error_, last_expiry_error_, last_activity_;
    Clock::time_point next_poll_{}, next_expiry_{};
};

// Whether somebody wants the database for itself: DROP DATABASE, say, which waits a few seconds for the
// sessions in it to leave. Its lock is the one that a starting session takes for a moment.
bool database_is_claimed() {
    LOCKTAG tag;
    SET_LOCKTAG_OBJECT(tag, InvalidOid, DatabaseRelationId, MyDatabaseId, 0);
    return LockAcquire(&tag, RowExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL;
}

// What should run, as the database says.
struct DatabaseState {
    std::vector<StreamRow> streams;
    bool claimed = false;
};

// One short transaction. The statement may meet a lock of DROP EXTENSION or an upgrade: lock_timeout bounds
// that.
void read_in_transaction(DatabaseState* state) {
    SetCurrentStatementStartTimestamp();
    StartTransactionCommand();
    SPI_connect();
    PushActiveSnapshot(GetTransactionSnapshot());
    if (OidIsValid(pg::find_own_table(pg::kStreamTable))) {
        // A stream without a position comes out of a dump, and counts as paused.
        SPI_execute(
            "SELECT s.stream, gpsync_internal.relay_fingerprint(s.stream::pg_catalog.text) FROM "
            "gpsync.stream s"
            " JOIN gpsync.stream_position p ON p.stream OPERATOR(pg_catalog.=) s.stream WHERE NOT s.paused",
            true, 0);
        for (uint64 i = 0; i < SPI_processed; ++i) {
            const char* stream = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
            const char* fingerprint = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2);
            state->streams.push_back({stream, fingerprint != nullptr ? fingerprint : ""});
        }
    }
    // Where the extension is of an older version, it has no imports and no operational events.
    if (OidIsValid(pg::find_own_table(pg::kImportJobTable)))
        SPI_execute("SELECT gpsync_internal.keep_import_workers()", false, 0);
    if (OidIsValid(pg::find_own_table(pg::kOpsEventTable)))
        SPI_execute("SELECT gpsync_internal.send_ops_events()", false, 0);
    SPI_finish();
    PopActiveSnapshot();
    state->claimed = database_is_claimed();
    CommitTransactionCommand();
    pgstat_report_stat(false);
}

// In a transaction of its own: what goes wrong with a ramp or a batch must not keep relays from being
// started. Nothing where the extension, or its table, is not there.
void execute_in_transaction(const pg::OwnTable& table, const char* statement) {
    SetCurrentStatementStartTimestamp();
    StartTransactionCommand();
    SPI_connect();
    PushActiveSnapshot(GetTransactionSnapshot());
    if (OidIsValid(pg::find_own_table(table))) SPI_execute(statement, false, 0);
    SPI_finish();
    PopActiveSnapshot();
    CommitTransactionCommand();
    pgstat_report_stat(false);
}

// Whether body, which begins and ends a transaction, did so; if not, *error says why.
template <class Body>
bool in_transaction(std::string* error, Body&& body) {
    MemoryContext context = CurrentMemoryContext;
    try {
        pg::server_call(body);
        MemoryContextSwitchTo(context);
        error->clear();
        return true;
    } catch (const pg::ServerError& failure) {
        *error = failure.what();
        FreeErrorData(failure.data_);
    }
    AbortCurrentTransaction();
    MemoryContextSwitchTo(context);
    return false;
}

// Nothing if it could not be read; *error says why.
std::optional<DatabaseState> read_database(std::string* error) {
    DatabaseState state;
    if (!in_transaction(error, [&] { read_in_transaction(&state); })) return std::nullopt;
    return state;
}

// Logs an error when it is another one than before.
void log_error(const char* what, const std::string& error, std::string* last) {
    if (error != *last && !error.empty())
        ereport(LOG, (errmsg("gpsync supervisor could not %s: %s", what, error.c_str())));
    *last = error;
}

std::string relay_path() {
    if (settings.relay_path[0] != '\0') return settings.relay_path;
    const std::string server = my_exec_path;
    return server.substr(0, server.rfind('/') + 1) + "gpsync-relay";
}

// Where the server listens: its first socket folder, else TCP.
std::string server_host() {
    List* folders = NIL;
    if (SplitDirectoriesString(pstrdup(Unix_socket_directories), ',', &folders) && folders != NIL)
        return static_cast<const char*>(linitial(folders));
    return "localhost";
}

std::string relay_conninfo(const std::string& stream) {
    std::string conninfo;
    core::append_conninfo(conninfo, "host", server_host());
    core::append_conninfo(conninfo, "port", std::to_string(PostPortNumber));
    core::append_conninfo(conninfo, "application_name", "gpsync-relay " + stream);
    conninfo.append(" ").append(settings.relay_conninfo);
    core::append_conninfo(conninfo, "dbname", MyBgworkerEntry->bgw_extra);
    return conninfo;
}

// HOST:PORT with the port moved on by number.
std::string metrics_address(int number) {
    const std::string base = settings.metrics_listen;
    const size_t colon = base.rfind(':');
    const int port = std::atoi(base.c_str() + colon + 1);
    return base.substr(0, colon + 1) + std::to_string(port == 0 ? 0 : port + number);
}

core::WantedProcess Supervisor::wanted_for(const StreamRow& row) {
    Entry& entry = relays_.at(row.stream);
    core::WantedProcess wanted = {
        {relay_path(), "--dbname", relay_conninfo(row.stream), "--stream", row.stream}, row.fingerprint};
    if (settings.metrics_listen[0] == '\0') return wanted;
    if (entry.metrics_number < 0) entry.metrics_number = take_metrics_number(number_);
    if (entry.metrics_number >= 0) {
        wanted.arguments.emplace_back("--metrics-listen");
        wanted.arguments.push_back(metrics_address(entry.metrics_number));
        if (settings.metrics_token_file[0] != '\0') {
            wanted.arguments.emplace_back("--metrics-token-file");
            wanted.arguments.emplace_back(settings.metrics_token_file);
        }
    }
    return wanted;
}

void Supervisor::apply(const std::vector<StreamRow>& streams) {
    for (const StreamRow& row : streams) {
        auto [entry, added] = relays_.try_emplace(row.stream, row.stream);
        const core::WantedProcess wanted = wanted_for(row);
        entry->second.relay.want(&wanted);
    }
    for (auto& named : relays_) {
        const bool listed = std::any_of(streams.begin(), streams.end(),
                                        [&](const StreamRow& row) { return row.stream == named.first; });
        if (!listed) named.second.relay.want(nullptr);
    }
}

void Supervisor::poll(Clock::time_point now) {
    next_poll_ = now + kPollInterval;
    std::string error;
    const auto state = read_database(&error);
    log_error("read the streams", error, &last_error_);
    if (!state) return;
    apply(state->streams);
    (void)in_transaction(
        &error, [] { execute_in_transaction(pg::kRampTable, "SELECT gpsync_internal.tick_ramps()"); });
    log_error("look at the ramps", error, &last_ramp_error_);
    expire_batches(now);
    if (!state->claimed || !relays_.empty()) return;
    ereport(LOG, (errmsg("gpsync supervisor leaves the database to who wants it for itself")));
    proc_exit(1);
}

void Supervisor::expire_batches(Clock::time_point now) {
    if (now < next_expiry_) return;
    next_expiry_ = now + kExpiryInterval;
    std::string error;
    (void)in_transaction(&error, [] {
        execute_in_transaction(pg::kBatchShadowTable, "SELECT gpsync_internal.expire_batches()");
    });
    log_error("drop old batches", error, &last_expiry_error_);
}

void Supervisor::tick_all(Clock::time_point now) {
    for (auto& [stream, entry] : relays_) entry.relay.tick(now);
    forget_ended();
    report_activity();
}

void Supervisor::forget_ended() {
    for (auto i = relays_.begin(); i != relays_.end();) {
        const bool over = !i->second.relay.wanted() && !i->second.relay.running();
        if (over) release_metrics_number(i->second.metrics_number);
        i = over ? relays_.erase(i) : std::next(i);
    }
}

void Supervisor::report_activity() {
    const auto running = std::count_if(relays_.begin(), relays_.end(),
                                       [](const auto& entry) { return entry.second.relay.running(); });
    const std::string activity =
        std::to_string(running) + " of " + std::to_string(relays_.size()) + " relays running";
    if (activity == last_activity_) return;
    last_activity_ = activity;
    pgstat_report_activity(STATE_RUNNING, activity.c_str());
    pgstat_report_activity(STATE_IDLE, nullptr);
    set_ps_display(activity.c_str());
}

// Until the time, or a line of output, an exited child, a signal, a commit that woke us.
void Supervisor::wait(Clock::time_point until) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    WaitEventSet* events = pg::compat::create_wait_event_set(static_cast<int>(relays_.size()) + 2);
    AddWaitEventToSet(events, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, nullptr);
    AddWaitEventToSet(events, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, nullptr, nullptr);
    for (const auto& [stream, entry] : relays_) {
        if (entry.relay.output() >= 0)
            AddWaitEventToSet(events, WL_SOCKET_READABLE, entry.relay.output(), nullptr, nullptr);
    }
    WaitEvent event = {};
    WaitEventSetWait(events, std::max<long>(left, 0), &event, 1, PG_WAIT_EXTENSION);
    FreeWaitEventSet(events);
    if ((event.events & WL_LATCH_SET) == 0) return;
    ResetLatch(MyLatch);
    // A latch that is set without a pending signal means that a change of the streams was committed. Such a
    // change may be why a child has exited, and the child's next configuration has to be read after it.
    if (!ConfigReloadPending && !ShutdownRequestPending) next_poll_ = {};
}

void Supervisor::shut_down() {
    const Clock::time_point end = Clock::now() + kShutdownTime;
    for (auto& [stream, entry] : relays_) entry.relay.want(nullptr);
    bool killed = false;
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        const Clock::time_point now = Clock::now();
        tick_all(now);
        if (relays_.empty()) return;
        if (now >= end && !killed) {
            for (auto& [stream, entry] : relays_) entry.relay.kill_now();
            killed = true;
        }
        if (now >= end + seconds(1)) return;
        wait(now + milliseconds(100));
    }
}

void Supervisor::run() {
    while (!ShutdownRequestPending) {
        CHECK_FOR_INTERRUPTS();
        if (ConfigReloadPending) {
            ConfigReloadPending = false;
            ProcessConfigFile(PGC_SIGHUP);
            next_poll_ = {};
        }
        Clock::time_point now = Clock::now();
        if (now >= next_poll_) poll(now);
        tick_all(now);
        Clock::time_point until = next_poll_;
        for (const auto& [stream, entry] : relays_) until = std::min(until, entry.relay.next_due());
        wait(until);
        MemoryContextReset(CurrentMemoryContext);
    }
    shut_down();
}

void start_worker(int number) {
    pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
    pqsignal(SIGHUP, SignalHandlerForConfigReload);
    pqsignal(SIGCHLD, note_child_exit);
    BackgroundWorkerUnblockSignals();
    BackgroundWorkerInitializeConnection(MyBgworkerEntry->bgw_extra, nullptr, 0);
    pg::pin_session_settings();
    SetConfigOption("lock_timeout", "1s", PGC_USERSET, PGC_S_OVERRIDE);
    announce_worker(number);
    MemoryContextSwitchTo(
        AllocSetContextCreate(TopMemoryContext, "gpsync supervisor", ALLOCSET_DEFAULT_SIZES));
}

}  // namespace

}  // namespace gpsync::supervisor

static void note_child_exit(int) {
    const int saved_errno = errno;
    SetLatch(MyLatch);
    errno = saved_errno;
}

void gpsync_supervisor_main(Datum number) {
    gpsync::pg::guarded([&] {
        gpsync::supervisor::start_worker(DatumGetInt32(number));
        gpsync::supervisor::Supervisor(DatumGetInt32(number)).run();
    });
    // Not 0, which would mean that the work is done and no one need start it again.
    proc_exit(1);
}
