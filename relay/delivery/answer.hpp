// What an endpoint's answer to a batch means ("What an endpoint sees and answers" in the documentation).
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relay/base/secrets.hpp"
#include "relay/delivery/http_message.hpp"
#include "relay/delivery/settlement.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

enum class AnswerKind {
    taken,          // every event
    by_event,       // see results
    refused,        // something in the batch, for good
    too_large,      // the batch
    retryable,      // may well be taken later
    misconfigured,  // nothing is taken until somebody mends the endpoint or its options
};

struct Answer {
    AnswerKind kind = AnswerKind::retryable;
    long http_status = 0;
    std::optional<std::chrono::seconds> retry_after;
    // retryable: an event of the batch may be the cause, not only the endpoint's state.
    bool suspicious = false;
    // What went wrong, fit for a log line: never the endpoint's own text, which may quote the events.
    std::string error;
    // The endpoint's own text, shortened, for dead letters only.
    std::string detail;
    std::vector<Settlement> results;  // by_event: what it says of each event of the batch, in its order
};

// Judges the answer to a batch of these events. Whatever the endpoint or libcurl says comes out without the
// endpoint's secrets.
Answer judge(const HttpResult& result, std::span<Event* const> events, const Secrets& secrets);

}  // namespace gpsync::relay
