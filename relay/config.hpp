// What gpsync.relay_config() answered, checked.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/position.hpp"
#include "relay/lane_set.hpp"

namespace gpsync::relay {

// Trying again will not help: the program ends with status 1.
struct ConfigError : std::runtime_error {
    explicit ConfigError(const std::string& message, std::string detail_text = {}, std::string hint_text = {})
        : std::runtime_error(message), detail(std::move(detail_text)), hint(std::move(hint_text)) {}
    std::string detail, hint;
};

// Never logged.
struct Credentials {
    std::string bearer_token, bearer_token_file;
    std::string username, password;
    std::string client_cert_file, client_key_file;
};

struct EndpointConfig {
    std::string name, url;
    BatchLimits batch;
    std::chrono::milliseconds linger{5};
    size_t lanes = 4;
    std::chrono::milliseconds timeout{5000}, connect_timeout{2000}, max_connection_age{300'000};
    int retry_attempts = 3;
    std::chrono::milliseconds retry_base{1000};
    bool gzip = false;
    std::string ca_file;  // empty: the system's
    Credentials credentials;
};

struct RelayConfig {
    std::string stream, slot, publication;
    bool bookkeeping = true, paused = false;
    std::string system_identifier;
    core::Position position;  // everything up to and including it is settled
    std::vector<EndpointConfig> endpoints;
    std::string
        skip_changes;  // sequences of changes that an operator skips, as the decoder's option takes them
    std::string fingerprint;
};

// Throws ConfigError where a member is missing or not of its type: extension and relay do not fit together.
RelayConfig parse_config(std::string_view json);

// "16/B374D848"; throws ConfigError.
uint64_t parse_lsn(std::string_view text);
std::string format_lsn(uint64_t lsn);

}  // namespace gpsync::relay
