// The supervisor: one background worker for each database of gpsync.databases keeps one gpsync-relay process
// running per stream. The parts: supervisor/settings.cpp settings and registration, supervisor/shared.cpp
// what the workers and other sessions share, supervisor.cpp the worker, supervisor/relay.cpp one process,
// supervisor/output.cpp its output.
#pragma once

#include "pg/prelude.h"

namespace gpsync {

// Settings; with shared_preload_libraries also the workers and their shared memory.
void register_supervisor();

// Lets the supervisor of this database look at gpsync.stream as soon as the transaction has committed. Does
// nothing if there is no supervisor. A trigger on gpsync.stream calls it; whatever else changes what should
// run may too.
void supervisor_wake_at_commit();

namespace supervisor {

struct Settings {
    char* databases = nullptr;
    char* relay_conninfo = nullptr;
    char* relay_path = nullptr;  // empty: gpsync-relay beside the server's program
    char* metrics_listen = nullptr;
    char* metrics_token_file = nullptr;
};
extern Settings settings;

// supervisor/shared.cpp. REQUIRES (but for request_shared_memory): in a process started after it.
void request_shared_memory(int workers);
// Announces this process as the supervisor of MyDatabaseId, until it exits.
void announce_worker(int worker);
// The lowest number that no relay of the cluster has: what is added to the port of gpsync.metrics_listen.
// Kept until it is released or the worker exits.
int take_metrics_number(int worker);
void release_metrics_number(int number);

}  // namespace supervisor

}  // namespace gpsync
