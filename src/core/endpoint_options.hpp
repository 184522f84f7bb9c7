// The options of an endpoint: of the foreign server (where and how to deliver) and of the user mapping (as
// whom). This table alone knows them: the validator, relay_config() and the hints read it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gpsync::core {

enum class OptionContext { kServer, kUserMapping };

enum class OptionType {
    kUrl,  // http_url.hpp
    kInteger,
    kBytes,     // a number of bytes, or one with a memory unit as in postgresql.conf ('1MB')
    kDuration,  // a number of milliseconds, or one with a time unit as in postgresql.conf ('5s')
    kChoice,
    kFile,  // an absolute path on the relay's machine
    kText,
    kSecret,         // never shown in a message
    kHeaders,        // http_headers.hpp; of a user mapping: secret ones
    kSigningSecret,  // webhook/signature.hpp
};

struct EndpointOption {
    std::string_view name;
    OptionContext context;
    OptionType type;
    std::string_view json_name;     // in relay_config(): the unit is part of the name
    int64_t default_number = 0;     // kInteger, kBytes (bytes), kDuration (ms)
    int64_t min = 0, max = 0;       // of the same, both included
    std::string_view choices = {};  // kChoice: separated by blanks, the first is the default
};

inline constexpr int kSecond = 1000;
inline constexpr int kHour = 3600 * kSecond;
inline constexpr int kMiB = 1024 * 1024;
inline constexpr int64_t kGiB = 1024 * int64_t{kMiB};

// Figures that requirements.md gives: batch_size, timeout, retry_attempts, retry_base (S1, S3).
inline constexpr auto kEndpointOptions = std::to_array<EndpointOption>({
    {"url", OptionContext::kServer, OptionType::kUrl, "url"},
    {"batch_size", OptionContext::kServer, OptionType::kInteger, "batch_size", 100, 1, 10000},
    // One event may be larger than a batch: then it travels alone.
    {"batch_bytes", OptionContext::kServer, OptionType::kBytes, "batch_bytes", kMiB, 1024, 64 * kMiB},
    {"linger", OptionContext::kServer, OptionType::kDuration, "linger_ms", 5, 0, 60 * kSecond},
    {"lanes", OptionContext::kServer, OptionType::kInteger, "lanes", 4, 1, 64},
    {"timeout", OptionContext::kServer, OptionType::kDuration, "timeout_ms", 5 * kSecond, 1, kHour},
    // Part of the timeout: a name server or a host that does not answer should not use all of it up.
    {"connect_timeout", OptionContext::kServer, OptionType::kDuration, "connect_timeout_ms", 2 * kSecond, 1,
     kHour},
    // Then the host name is resolved anew. Shorter, a handshake for every other request would be the price.
    {"max_connection_age", OptionContext::kServer, OptionType::kDuration, "max_connection_age_ms",
     300 * kSecond, kSecond, 24 * kHour},
    {"retry_attempts", OptionContext::kServer, OptionType::kInteger, "retry_attempts", 3, 1, 100},
    {"retry_base", OptionContext::kServer, OptionType::kDuration, "retry_base_ms", kSecond, 1, kHour},
    {"breaker_successes", OptionContext::kServer, OptionType::kInteger, "breaker_successes", 3, 1, 100},
    // What may wait in the spool for the endpoint; the stream waits when it is full. 0: it never spools for
    // it.
    {"spool_limit", OptionContext::kServer, OptionType::kBytes, "spool_limit_bytes", 10 * kGiB, 0,
     1024 * kGiB},
    // How long the endpoint may be behind; the stream waits after that. 0: for ever.
    {"spool_time", OptionContext::kServer, OptionType::kDuration, "spool_time_ms", 0, 0, 24 * 24 * kHour},
    {"compression", OptionContext::kServer, OptionType::kChoice, "compression", 0, 0, 0, "none gzip"},
    {"ca_file", OptionContext::kServer, OptionType::kFile, "ca_file"},
    {"protocol", OptionContext::kServer, OptionType::kChoice, "protocol", 0, 0, 0,
     "cloudevents-batch local token-lookup ibm-mq-rest"},
    {"event_mode", OptionContext::kServer, OptionType::kChoice, "event_mode", 0, 0, 0,
     "batch structured binary"},
    {"signing", OptionContext::kServer, OptionType::kChoice, "signing", 0, 0, 0, "none standard-webhooks"},
    {"headers", OptionContext::kServer, OptionType::kHeaders, "headers"},
    // Of protocol ibm-mq-rest.
    {"qmgr", OptionContext::kServer, OptionType::kText, "qmgr"},
    {"queue", OptionContext::kServer, OptionType::kText, "queue"},
    {"topic", OptionContext::kServer, OptionType::kText, "topic"},
    {"api", OptionContext::kServer, OptionType::kChoice, "api", 0, 0, 0, "v2 v1 v3"},
    // The most that IBM MQ takes.
    {"expiry", OptionContext::kServer, OptionType::kDuration, "expiry_ms", 0, 0, 99'999'999'900},
    {"bearer_token", OptionContext::kUserMapping, OptionType::kSecret, "bearer_token"},
    {"bearer_token_file", OptionContext::kUserMapping, OptionType::kFile, "bearer_token_file"},
    {"username", OptionContext::kUserMapping, OptionType::kText, "username"},
    {"password", OptionContext::kUserMapping, OptionType::kSecret, "password"},
    {"client_cert_file", OptionContext::kUserMapping, OptionType::kFile, "client_cert_file"},
    {"client_key_file", OptionContext::kUserMapping, OptionType::kFile, "client_key_file"},
    {"secret_headers", OptionContext::kUserMapping, OptionType::kHeaders, "secret_headers"},
    {"signing_secret", OptionContext::kUserMapping, OptionType::kSigningSecret, "signing_secret"},
    {"signing_secret_file", OptionContext::kUserMapping, OptionType::kFile, "signing_secret_file"},
});

constexpr const EndpointOption* find_endpoint_option(std::string_view name) {
    for (const EndpointOption& option : kEndpointOptions)
        if (option.name == name) return &option;
    return nullptr;
}

// The names of one context in table order, for lists and hints.
constexpr auto endpoint_option_names(OptionContext context) {
    struct Names {
        std::array<std::string_view, kEndpointOptions.size()> names;
        size_t count = 0;
        constexpr operator std::span<const std::string_view>() const { return {names.data(), count}; }
    } result{};
    for (const EndpointOption& option : kEndpointOptions)
        if (option.context == context) result.names[result.count++] = option.name;
    return result;
}

constexpr bool is_choice(const EndpointOption& option, std::string_view value) {
    for (std::string_view rest = option.choices; !rest.empty();) {
        const std::string_view choice = rest.substr(0, rest.find(' '));
        if (choice == value) return true;
        rest.remove_prefix(choice.size() < rest.size() ? choice.size() + 1 : rest.size());
    }
    return false;
}

constexpr std::string_view default_choice(const EndpointOption& option) {
    return option.choices.substr(0, option.choices.find(' '));
}

}  // namespace gpsync::core
