// What is configured of one endpoint: the options of its foreign server and of the relay's user mapping.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

struct BatchLimits {
    size_t max_events = 100;
    size_t max_bytes = size_t{1} << 20;  // of the events' text; one event goes whatever its size
};

// Never logged.
struct Credentials {
    std::string bearer_token, bearer_token_file;
    std::string username, password;
    std::string client_cert_file, client_key_file;
    std::vector<std::string> headers;  // "Name: value"
    std::string signing_secret, signing_secret_file;
};

// How events are put into a request of CloudEvents.
enum class EventMode : uint8_t {
    batch,       // several, a JSON array
    structured,  // one, as JSON
    binary,      // one, its attributes as headers and its data as body
};

// token_lookup: of look-ups (relay/lookup/), no delivery.
enum class ProtocolName : uint8_t { cloudevents_batch, ibm_mq_rest, token_lookup, local };

struct MqConfig {
    std::string qmgr, queue, topic;  // queue or topic
    std::string api;                 // "v2"
    int64_t expiry_ms = 0;           // of a message; 0: never
    std::string username, password;  // to log in with
};

// Protocol local: the session that applies the events.
struct LocalTarget {
    std::string stream, conninfo;
    ServerAddress at;
};

struct EndpointConfig {
    std::string name, url;
    ProtocolName protocol = ProtocolName::cloudevents_batch;
    uint16_t number = 0;  // its place among the stream's endpoints
    BatchLimits batch;
    std::chrono::milliseconds linger{5};
    size_t lanes = 4;
    std::chrono::milliseconds timeout{5000}, connect_timeout{2000}, max_connection_age{300'000};
    int retry_attempts = 3;
    std::chrono::milliseconds retry_base{1000};
    int64_t spool_limit_bytes = 0;            // 0: nothing is spooled for it
    std::chrono::milliseconds spool_time{0};  // 0: any
    int breaker_successes = 3;
    bool gzip = false;
    EventMode event_mode = EventMode::batch;
    bool sign = false;                 // as Standard Webhooks
    std::vector<std::string> headers;  // "Name: value", of every request
    MqConfig mq;                       // of protocol ibm-mq-rest
    std::string ca_file;               // empty: the system's
    // Changes that were committed before may have been sent by an earlier relay, or session.
    uint64_t sent_before_lsn = 0;
    Credentials credentials;
    LocalTarget local;
};

}  // namespace gpsync::relay
