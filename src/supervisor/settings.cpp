#include "supervisor/supervisor.h"

#include "core/conninfo.hpp"
#include "pg/guard.h"
#include "pg/scrub/key_file.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "postmaster/bgworker.h"
#include "utils/guc.h"
#include "utils/varlena.h"
GPSYNC_SERVER_HEADERS_END

extern "C" {
static bool check_databases(char** value, void** extra, GucSource source);
static bool check_relay_conninfo(char** value, void** extra, GucSource source);
static bool check_metrics_listen(char** value, void** extra, GucSource source);
}

namespace gpsync::supervisor {

Settings settings;

namespace {

// Seconds until the postmaster starts a worker again that failed: its database may not exist yet.
constexpr int kRestartSeconds = 10;

// The names of a list as in search_path, each once; NIL for an empty or malformed one.
List* database_names(const char* list, bool* valid) {
    List *names = NIL, *unique = NIL;
    *valid = SplitIdentifierString(pstrdup(list), ',', &names);
    if (!*valid) return NIL;
    ListCell* cell = nullptr;
    foreach (cell, names) {
        bool seen = false;
        ListCell* earlier = nullptr;
        foreach (earlier, unique)
            seen |= std::strcmp(static_cast<char*>(lfirst(earlier)), static_cast<char*>(lfirst(cell))) == 0;
        if (!seen) unique = lappend(unique, lfirst(cell));
    }
    return unique;
}

void define_string(const char* name, const char* description, const char* details, char** variable,
                   GucContext context, int flags, GucStringCheckHook check) {
    DefineCustomStringVariable(name, description, details, variable, "", context, flags, check, nullptr,
                               nullptr);
}

void define_settings() {
    // Outside of shared_preload_libraries nothing reads it, and a setting that needs a restart cannot be
    // defined.
    const GucContext at_start = process_shared_preload_libraries_in_progress ? PGC_POSTMASTER : PGC_SIGHUP;
    define_string("gpsync.databases", "Databases whose streams the supervisor runs relays for.",
                  "A comma-separated list; needs shared_preload_libraries = 'gpsync'.", &settings.databases,
                  at_start, GUC_LIST_INPUT, check_databases);
    define_string("gpsync.relay_conninfo",
                  "How the supervisor's relays connect, where the defaults do not fit.",
                  "Keywords and values as libpq has them, for example user=gpsync_relay. No password: use a "
                  "password file, or peer authentication.",
                  &settings.relay_conninfo, PGC_SIGHUP, GUC_SUPERUSER_ONLY, check_relay_conninfo);
    define_string("gpsync.relay_path",
                  "The program gpsync-relay; empty: the one beside the server's programs.", nullptr,
                  &settings.relay_path, PGC_SIGHUP, GUC_SUPERUSER_ONLY, nullptr);
    define_string("gpsync.metrics_listen",
                  "Where the supervisor's relays serve their metrics, as HOST:PORT; empty: nowhere.",
                  "The first relay takes this port, further ones the ports after it.",
                  &settings.metrics_listen, PGC_SIGHUP, 0, check_metrics_listen);
    define_string("gpsync.metrics_token_file",
                  "File with the token that the status page of the supervisor's relays asks for.",
                  "Empty: the page is served on loopback addresses only, without a token.",
                  &settings.metrics_token_file, PGC_SIGHUP, GUC_SUPERUSER_ONLY, nullptr);
    pg::define_key_file_setting();
    MarkGUCPrefixReserved("gpsync");
}

void register_worker(const char* database, int number) {
    BackgroundWorker worker = {};
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
    worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
    worker.bgw_restart_time = kRestartSeconds;
    worker.bgw_main_arg = Int32GetDatum(number);
    snprintf(worker.bgw_name, sizeof worker.bgw_name, "gpsync supervisor of %s", database);
    snprintf(worker.bgw_type, sizeof worker.bgw_type, "gpsync supervisor");
    snprintf(worker.bgw_library_name, sizeof worker.bgw_library_name, "gpsync");
    snprintf(worker.bgw_function_name, sizeof worker.bgw_function_name, "gpsync_supervisor_main");
    strlcpy(worker.bgw_extra, database, sizeof worker.bgw_extra);
    RegisterBackgroundWorker(&worker);
}

void register_workers() {
    // pg_upgrade has both clusters running for a while. What is written then the slots that it brings do not
    // show.
    if (IsBinaryUpgrade) return;
    bool valid = false;
    List* names = database_names(settings.databases, &valid);
    if (names == NIL) return;
    int number = 0;
    ListCell* cell = nullptr;
    foreach (cell, names) register_worker(static_cast<const char*>(lfirst(cell)), number++);
    request_shared_memory(number);
}

bool valid_port(std::string_view text) {
    if (text.empty() || text.size() > 5) return false;
    int port = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return false;
        port = port * 10 + (c - '0');
    }
    return port <= 65535;
}

// What is wrong with a relay_conninfo; empty: nothing.
std::string conninfo_problem(const char* text) {
    const core::Conninfo info = core::parse_conninfo(text);
    if (!info.error.empty()) return "It is no list of keywords and values: " + info.error + ".";
    for (const char* secret : {"password", "sslpassword"}) {
        if (info.has(secret))
            return std::string("It contains \"") + secret + "\", and everyone can read settings.";
    }
    for (const char* own : {"dbname", "replication"}) {
        if (info.has(own)) return std::string("\"") + own + "\" is set by the supervisor.";
    }
    return {};
}

}  // namespace

}  // namespace gpsync::supervisor

static bool check_databases(char** value, void** extra, GucSource source) {
    (void)extra, (void)source;
    bool valid = false;
    List* names = gpsync::supervisor::database_names(*value, &valid);
    if (!valid) {
        GUC_check_errdetail("List syntax is invalid.");
        return false;
    }
    ListCell* cell = nullptr;
    foreach (cell, names) {
        if (std::strlen(static_cast<const char*>(lfirst(cell))) >= NAMEDATALEN) {
            GUC_check_errdetail("A name is too long.");
            return false;
        }
    }
    return true;
}

static bool check_relay_conninfo(char** value, void** extra, GucSource source) {
    (void)extra, (void)source;
    // The check must not raise, and nothing with a destructor may live when the detail is set.
    char problem[256] = "";
    try {
        strlcpy(problem, gpsync::supervisor::conninfo_problem(*value).c_str(), sizeof problem);
    } catch (...) {
        strlcpy(problem, "Out of memory.", sizeof problem);
    }
    if (problem[0] == '\0') return true;
    GUC_check_errdetail("%s", problem);
    return false;
}

static bool check_metrics_listen(char** value, void** extra, GucSource source) {
    (void)extra, (void)source;
    if (**value == '\0') return true;
    const char* colon = std::strrchr(*value, ':');
    if (colon != nullptr && gpsync::supervisor::valid_port(colon + 1)) return true;
    GUC_check_errdetail("It must be HOST:PORT.");
    return false;
}

namespace gpsync {

void register_supervisor() {
    supervisor::define_settings();
    if (process_shared_preload_libraries_in_progress) supervisor::register_workers();
}

}  // namespace gpsync
