// What gpsync_internal.relay_config() answered, checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/position.hpp"
#include "relay/base/config_error.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/lookup/lookup_config.hpp"
#include "relay/source/replication_stream.hpp"
#include "relay/spool/spool_state.hpp"

namespace gpsync::relay {

struct RelayConfig {
    std::string stream;
    ReplicationConfig replication;
    bool bookkeeping = true, paused = false;
    bool synchronised = false;  // the slot is, to standbys (PostgreSQL 17: failover)
    std::string system_identifier;
    core::Position position;  // everything up to and including it is settled
    std::vector<EndpointConfig> endpoints;
    SpoolState spool;
    std::string fingerprint;
};

// Throws ConfigError where a member is missing or not of its type: extension and relay do not fit together.
RelayConfig parse_config(std::string_view json);
// What relay_lookups() answered. Throws as parse_config() does.
std::vector<LookupConfig> parse_lookups(std::string_view json);

}  // namespace gpsync::relay
