// How far a look-up is in its period: what is claimed in the order of keys, and up to where all is applied.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "relay/lookup/token.hpp"

namespace gpsync::relay {

class Period {
  public:
    // Where relay_lookup_next() is to go on; nothing: behind the durable cursor.
    int64_t pass() const { return pass_; }
    const std::optional<std::string>& after() const { return after_; }

    // Whether there may be tokens of the pass that relay_lookup_next() has not given.
    bool has_more() const { return open_ && !ended_; }

    // What relay_lookup_next() has answered. last: of the period's tokens it gave. ended: the pass has no
    // more; nothing where none were asked for. Answers whether another pass has begun: what is claimed of
    // the one before counts no more.
    bool note_next(bool open, int64_t pass, const std::optional<std::string>& cursor,
                   const std::optional<std::string>& last, std::optional<bool> ended);
    // The period's tokens of a batch; they follow those claimed before.
    void claim(std::span<Token> tokens);
    // Goes back to what was claimed: what follows is taken up anew.
    void take_back();
    // Everything is taken up anew, behind the durable cursor.
    void restart();
    // One token of a claim is applied, durably.
    static void note_applied(const Token& token) {
        if (token.claim) --token.claim->open;
    }

    // The cursor as it is in the server, and as it may be there now.
    const std::optional<std::string>& cursor() const { return cursor_; }
    // REQUIRES: no call under way that is to move it.
    const std::optional<std::string>& reachable_cursor();
    // unclaimed: whether tokens of the period wait that no batch has.
    bool is_through(bool unclaimed) const { return open_ && ended_ && !unclaimed && claims_.empty(); }
    bool may_move() const { return goal_ != cursor_ || (!claims_.empty() && claims_.front()->open == 0); }
    // So many tokens lie between the two cursors.
    int64_t passed() const { return passed_; }
    void note_moved(bool ended) {
        cursor_ = goal_;
        passed_ = 0;
        if (ended) open_ = false;
    }

  private:
    int64_t pass_ = -1;
    bool open_ = false;                      // the pass is under way
    bool ended_ = false;                     // and has no more tokens to claim
    std::optional<std::string> after_;       // the last token that was given
    std::optional<std::string> last_claim_;  // the last one that is in a batch
    std::optional<std::string> cursor_, goal_;
    int64_t passed_ = 0;
    std::deque<std::shared_ptr<Claim>> claims_;
};

}  // namespace gpsync::relay
