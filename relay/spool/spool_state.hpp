// What the books say of a stream's spool when a relay begins.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/position.hpp"

namespace gpsync::relay {

// Where an endpoint was when the books were last written.
struct EndpointState {
    bool behind = false;
    core::Position cursor;
    int64_t since_us = 0;           // it is behind, µs since 1970
    int64_t events = 0, bytes = 0;  // that wait for it in the spool
};

struct SpoolState {
    core::Position end;  // of what was ever spooled; zero: nothing
    std::map<std::string, EndpointState> endpoints;
    // Sequences of dead letters that somebody may still be to settle, separated by commas.
    std::string refused;
};

}  // namespace gpsync::relay
