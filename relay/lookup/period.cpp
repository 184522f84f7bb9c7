#include "relay/lookup/period.hpp"

namespace gpsync::relay {

bool Period::note_next(bool open, int64_t pass, const std::optional<std::string>& cursor,
                       const std::optional<std::string>& last, std::optional<bool> ended) {
    if (!open) return false;
    const bool another = pass != pass_ || !open_;
    if (another) {
        restart();
        pass_ = pass;
        cursor_ = goal_ = last_claim_ = after_ = cursor;
    }
    open_ = true;
    ended_ = ended.value_or(ended_);
    if (last) after_ = last;
    return another;
}

void Period::claim(std::span<Token> tokens) {
    auto claim = std::make_shared<Claim>();
    for (Token& token : tokens) {
        if (!token.requests.empty()) continue;
        token.claim = claim;
        ++claim->open;
        claim->last = token.id;
    }
    if (claim->open == 0) return;
    claim->tokens = claim->open;
    last_claim_ = claim->last;
    claims_.push_back(std::move(claim));
}

void Period::take_back() {
    after_ = last_claim_;
    ended_ = false;
}

void Period::restart() {
    // All of it: a goal that is left over would be one to move to, again and again, and a claim that is left
    // over one to go back to.
    *this = Period();
}

const std::optional<std::string>& Period::reachable_cursor() {
    while (!claims_.empty() && claims_.front()->open == 0) {
        goal_ = claims_.front()->last;
        passed_ += static_cast<int64_t>(claims_.front()->tokens);
        claims_.pop_front();
    }
    return goal_;
}

}  // namespace gpsync::relay
