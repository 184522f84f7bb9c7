// What the relay says of itself to gpsync_internal.relay_report(), once a second.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "relay/base/clock.hpp"

namespace gpsync::relay {

// The values of gpsync.relay_report.state.
enum class State { starting, streaming, standby, paused, waiting, stopped };
const char* state_name(State state);

// The values of gpsync.endpoint_report.breaker; relay/delivery/breaker.hpp says what they mean.
enum class BreakerState : uint8_t { closed, open, half_open };
const char* breaker_name(BreakerState state);

// What an endpoint's row in gpsync.endpoint_report says. Counts since the relay started.
struct EndpointStatus {
    bool failing = false;  // its breaker is not closed
    BreakerState breaker = BreakerState::closed;
    int64_t breaker_since_us = now_us();
    int64_t next_probe_us = 0;  // while the breaker is open
    size_t lanes_in_use = 0;    // that may send side by side; 0: not known yet
    int64_t delivered = 0, rejected = 0, errors = 0;
    std::string last_error;
    int64_t last_error_us = 0;
};

// Outlives the sessions.
struct RelayStatus {
    State state = State::starting;
    int64_t started_us = 0;  // µs since 1970
    std::string last_error;
    int64_t last_error_us = 0;
    std::map<std::string, EndpointStatus> endpoints;

    void note_error(const std::string& text);
};

// What only a running session knows.
struct Progress {
    size_t in_flight_events = 0, in_flight_bytes = 0;
    std::optional<int64_t> oldest_unsettled_us;
    struct OfEndpoint {
        std::string name;
        int64_t waiting_until_us = 0;  // 0: no lane waits
        double latency_ms = -1;        // negative: nothing delivered since the last report
        bool at_limit = false;         // of the spool: the stream waits
    };
    std::vector<OfEndpoint> endpoints;
};

inline constexpr const char* kReportStatement =
    "SELECT gpsync_internal.relay_report($1::pg_catalog.text, $2::pg_catalog.jsonb)";

// The second argument of relay_report().
std::string report_json(const RelayStatus& status, const Progress& progress);

// Its answer.
struct ReportAnswer {
    bool exists = true, paused = false;
    bool resend = false;        // there are dead letters that go as they were
    bool held = false;          // operators ask something about held events
    bool lookups = false;       // there are look-ups for the stream's relay to run
    bool retains_much = false;  // the slot keeps more WAL than is good
    std::string fingerprint;
    int64_t lag_bytes = 0, retained_bytes = 0;  // of the slot
    std::vector<std::string> probe;             // endpoints to be tried at once
};
ReportAnswer parse_report_answer(const std::string& json);

}  // namespace gpsync::relay
