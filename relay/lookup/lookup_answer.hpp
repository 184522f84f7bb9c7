// What a token system's answer means. Nothing of it is believed: types, lengths, names and how often a token
// comes are checked, and what was not asked for is ignored.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relay/base/secrets.hpp"
#include "relay/delivery/answer.hpp"
#include "relay/lookup/token.hpp"

namespace gpsync::relay {

enum class LookupVerdict {
    answered,       // see members
    refused,        // something in the batch, for good
    retryable,      // may well be answered later
    misconfigured,  // nothing is answered until somebody mends the token system or its options
};

struct LookupAnswer {
    LookupVerdict verdict = LookupVerdict::retryable;
    // answered: AnsweredToken::members of each token of the batch, in its order; empty: the answer leaves the
    // token out.
    std::vector<std::string> members;
    size_t not_asked = 0;  // results for tokens that were not asked for
    bool busy = false;     // the token system says that it has too much to do: no token is the cause
    std::optional<std::chrono::seconds> retry_after;
    long http_status = 0;
    // What went wrong, fit for a log line: never the token system's own text.
    std::string error;
};

// Bytes of an answer that are read for so many tokens; a longer one is not understood.
size_t longest_lookup_answer(size_t tokens);

LookupAnswer judge_lookup(const HttpResult& result, std::span<const Token> tokens, const Secrets& secrets);

// {"tokens":["…"]}
std::string lookup_request(std::span<const Token> tokens);

// Members that list a token as a conflict. problem and detail: ASCII of ours.
std::string problem_members(const std::string& problem, const std::string& detail);

}  // namespace gpsync::relay
