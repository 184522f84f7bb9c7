#include "relay/delivery/settlement.hpp"

#include <unordered_set>
#include <utility>

#include "relay/delivery/answer.hpp"

namespace gpsync::relay {

namespace {

// The keys of the events that wait, in stream order.
class WaitingKeys {
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

// An event that was taken waits all the same behind a waiting one of its key: it is sent again, so that the
// older one is not the last that the endpoint sees of that key. Returns how many wait.
size_t keep_followers(std::span<Event* const> events, std::vector<Settlement>& each) {
    WaitingKeys keys;
    size_t waiting = 0;
    for (size_t i = 0; i < events.size(); ++i) {
        if (each[i].kind == Settlement::taken && keys.has_key_of(*events[i]))
            each[i].kind = Settlement::waits;
        if (each[i].kind != Settlement::waits) continue;
        keys.add(*events[i]);
        ++waiting;
    }
    return waiting;
}

std::string joined(const std::string& what, const std::string& detail) {
    return detail.empty() ? what : what + ": " + detail;
}

}  // namespace

BatchSettlement settle(const Answer& answer, std::span<Event* const> events) {
    BatchSettlement batch;
    batch.problem = answer.error;
    batch.errors = 1;
    batch.all_.kind = Settlement::waits;
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
                if (event.kind == Settlement::taken) continue;
                ++batch.errors;
                event.http_status = answer.http_status;
                event.error = joined("rejected", event.error);
            }
            if (keep_followers(events, batch.each_) == 0) break;
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
            batch.all_ = {Settlement::refused, answer.http_status, 0, joined(answer.error, answer.detail), 0};
            break;
        case AnswerKind::retryable:
            batch.all_.http_status = answer.http_status;
            batch.all_.error = joined(answer.error, answer.detail);
            batch.failed = true;
            batch.suspicious = answer.suspicious;
            break;
        case AnswerKind::misconfigured:
            batch.failed = batch.lasting = true;
            break;
    }
    return batch;
}

void hold_waiting(BatchSettlement& batch, std::span<Event* const> events) {
    if (batch.each_.empty()) batch.each_.assign(events.size(), batch.all_);
    bool any_held = false, all_held = true;
    for (size_t i = 0; i < events.size(); ++i) {
        if (batch.each_[i].kind != Settlement::waits) continue;
        all_held = all_held && events[i]->scope != Scope::all_keys;
        any_held = any_held || all_held;
        if (all_held) batch.each_[i].kind = Settlement::held;
    }
    if (!any_held) return;
    batch.failed = false;
    batch.split = all_held ? Split::none : Split::rest;
}

BatchSettlement keep_unsent(std::string problem) {
    BatchSettlement batch;
    batch.all_.kind = Settlement::waits;
    batch.failed = batch.lasting = true;
    batch.errors = 1;
    batch.problem = std::move(problem);
    return batch;
}

}  // namespace gpsync::relay
