#include "relay/delivery/settlement.hpp"

#include <unordered_set>
#include <utility>

#include "relay/delivery/answer.hpp"

namespace gpsync::relay {

namespace {

// The keys of the events that are held, in stream order.
class HeldKeys {
  public:
    bool has_key_of(const Event& event) const {
        if (all_) return true;
        if (event.scope == Scope::all_keys) return !hashes_.empty();
        return hashes_.contains(event.key_hash) ||
               (event.scope == Scope::two_keys && hashes_.contains(event.old_key_hash));
    }
    void add(const Event& event) {
        hashes_.insert(event.key_hash);
        if (event.scope == Scope::two_keys) hashes_.insert(event.old_key_hash);
        all_ = all_ || event.scope == Scope::all_keys;
    }

  private:
    std::unordered_set<uint64_t> hashes_;
    bool all_ = false;
};

// An event that was taken is held all the same behind a held one of its key: it is sent again, so that the
// older one is not the last that the endpoint sees of that key. Returns how many are held.
size_t hold_followers(std::span<Event* const> events, std::vector<Settlement>& each) {
    HeldKeys keys;
    size_t held = 0;
    for (size_t i = 0; i < events.size(); ++i) {
        if (each[i].kind == Settlement::taken && keys.has_key_of(*events[i])) each[i].kind = Settlement::held;
        if (each[i].kind != Settlement::held) continue;
        keys.add(*events[i]);
        ++held;
    }
    return held;
}

}  // namespace

BatchSettlement settle(const Answer& answer, std::span<Event* const> events) {
    BatchSettlement batch;
    batch.problem = answer.error;
    batch.errors = 1;
    batch.all_.kind = Settlement::held;
    batch.answered = answer.kind != AnswerKind::retryable && answer.kind != AnswerKind::misconfigured;
    switch (answer.kind) {
        case AnswerKind::taken:
            batch.all_.kind = Settlement::taken;
            batch.errors = 0;
            break;
        case AnswerKind::by_event: {
            batch.errors = 0;
            batch.each_ = answer.results;
            for (Settlement& event : batch.each_) {
                batch.errors += event.kind != Settlement::taken;
                if (event.kind != Settlement::refused) continue;
                event.http_status = answer.http_status;
                event.error = event.error.empty() ? "rejected" : "rejected: " + event.error;
            }
            if (hold_followers(events, batch.each_) == 0) break;
            batch.failed = true;
            batch.problem = "events rejected for now";
            ++batch.errors;
            break;
        }
        case AnswerKind::refused:
        case AnswerKind::too_large:
            if (events.size() > 1) {
                batch.split = answer.kind == AnswerKind::refused ? Split::isolate : Split::halve;
                break;
            }
            batch.all_ = {Settlement::refused, answer.http_status, 0,
                          answer.detail.empty() ? answer.error : answer.error + ": " + answer.detail};
            break;
        case AnswerKind::retryable:
            batch.failed = true;
            batch.suspicious = answer.suspicious;
            break;
        case AnswerKind::misconfigured:
            batch.failed = batch.lasting = true;
            break;
    }
    return batch;
}

BatchSettlement hold_unsent(std::string problem) {
    BatchSettlement batch;
    batch.all_.kind = Settlement::held;
    batch.failed = batch.lasting = true;
    batch.errors = 1;
    batch.problem = std::move(problem);
    return batch;
}

}  // namespace gpsync::relay
