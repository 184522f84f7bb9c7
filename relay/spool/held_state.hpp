// What the books say of held events when a relay begins.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/position.hpp"

namespace gpsync::relay {

// An event that an endpoint holds, or that an operator has discarded there; the texts are partitionkeys.
struct HeldState {
    std::string endpoint;
    core::Position position;
    std::string key, old_key;  // old_key: empty where it is of one key; key: where it is discarded
    int attempts = 0;
    int64_t due_us = 0;  // µs since 1970
    size_t bytes = 0;    // of the decoder's line
};

inline constexpr const char* kHeldStatement =
    "SELECT endpoint, sequence, partition_key, old_partition_key, attempts, due_us, bytes "
    "FROM gpsync_internal.relay_held($1::pg_catalog.text)";

// Its rows, as text.
std::vector<HeldState> read_held(const PGresult* result);

}  // namespace gpsync::relay
