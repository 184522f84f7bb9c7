// Tokens on their way through a look-up.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gpsync::relay {

// The tokens of one batch that the period asks for. The durable cursor passes them when all are applied.
struct Claim {
    std::string last;  // the last of them in the order of keys
    size_t tokens = 0;
    size_t open = 0;  // not applied yet
};

struct Token {
    std::string id;
    int64_t revision = 0;           // of the row, when the token was taken up
    std::vector<int64_t> requests;  // on demand; none: the period asks
    int asked_again = 0;            // how often its answer was refused, as the row had changed
    std::shared_ptr<Claim> claim;   // of the period's, once it is in a batch
};

// Tokens of one request.
struct TokenBatch {
    std::vector<Token> tokens;
    int attempt = 0;  // how often it was sent
    std::chrono::steady_clock::time_point not_before{};
    std::chrono::steady_clock::time_point first_sent{};
    bool divided = false;  // half of a batch that failed while others were answered

    bool empty() const { return tokens.empty(); }
};

// What is said of a token, ready for relay_lookup_apply().
struct AnsweredToken {
    Token token;
    std::string members;  // "status":"ACTIVE",… of a JSON object
};

}  // namespace gpsync::relay
