#include "relay/lookup/period.hpp"

namespace gpsync::relay {

bool Period::note_next(bool open, int64_t pass, const std::optional<std::string>& cursor,
                       const std::optional<std::string>& last, bool ended) {
    if (!open) return false;
    const bool another = pass != pass_ || !open_;
    if (another) {
        claims_.clear();
        pass_ = pass;
        cursor_ = goal_ = last_claim_ = cursor;
        after_ = cursor;
    }
    open_ = true;
    ended_ = ended;
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
    last_claim_ = claim->last;
    claims_.push_back(std::move(claim));
}

void Period::take_back() {
    after_ = last_claim_;
    ended_ = false;
}

void Period::restart() {
    claims_.clear();
    pass_ = -1;
    open_ = ended_ = false;
    after_.reset();
}

const std::optional<std::string>& Period::reachable_cursor() {
    while (!claims_.empty() && claims_.front()->open == 0) {
        goal_ = claims_.front()->last;
        claims_.pop_front();
    }
    return goal_;
}

}  // namespace gpsync::relay
