// What the books say of a stream's spool when a relay begins.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/position.hpp"

namespace gpsync::relay {

// Where an endpoint was when the books were last written.
struct EndpointState {
    bool behind = false;
    core::Position cursor;
    int64_t since_us = 0;           // it is behind, µs since 1970
    int64_t events = 0, bytes = 0;  // that wait for it in the spool
};

// An event that an endpoint holds; the texts are partitionkeys.
struct HeldState {
    std::string endpoint;
    core::Position position;
    std::string key, old_key;  // old_key: empty where it is of one key
    int attempts = 0;
    int64_t due_us = 0;  // µs since 1970
};

struct SpoolState {
    core::Position end;  // of what was ever spooled; zero: nothing
    std::map<std::string, EndpointState> endpoints;
    // Sequences of dead letters that somebody may still be to settle, separated by commas.
    std::string refused;
    std::vector<HeldState> held;
};

}  // namespace gpsync::relay
