// What a look-up's answers change: relay_lookup_apply().
#include <rapidjson/document.h>

#include <cstring>
#include <unordered_set>

#include "relay/base/json_members.hpp"
#include "relay/base/json_text.hpp"
#include "relay/lookup/lookup.hpp"

namespace gpsync::relay {

using std::chrono::milliseconds;

namespace {

// Tokens of one call, at most: its transaction holds the rows' locks.
constexpr size_t kMostApplied = 1000;
// A call costs as much as 1,500 answers in it do (bench/README.md), so that answers wait for others so long.
constexpr milliseconds kGather{20};
// SQLSTATE query_canceled: the table owner's code takes longer than a call may.
constexpr const char* kTooLong = "57014";

void write_answer(JsonWriter& writer, rapidjson::StringBuffer& buffer, const AnsweredToken& answer) {
    const Token& token = answer.token;
    writer.StartObject();
    put(writer, "t", token.id);
    put(writer, "r", token.revision);
    put(writer, "a", token.asked_again);
    writer.Key("q");
    writer.StartArray();
    for (int64_t request : token.requests) writer.Int64(request);
    writer.EndArray();
    // The other members, as JSON text.
    buffer.Put(',');
    std::memcpy(buffer.Push(answer.members.size()), answer.members.data(), answer.members.size());
    writer.EndObject();
}

std::string answers_text(const std::vector<AnsweredToken>& answers) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartArray();
    for (const AnsweredToken& answer : answers) write_answer(writer, buffer, answer);
    writer.EndArray();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

bool Lookup::may_apply(Clock::time_point now) const {
    return !stopped_ && !is_applying_ && now >= apply_try_ &&
           (!answers_.empty() || period_.may_move() || period_.is_through(has_unclaimed()));
}

// Who waits for an answer on demand, or for the end of a pass, does not wait for others.
bool Lookup::wants_apply() const {
    const auto now = Clock::now();
    return may_apply(now) && (now >= gather_until_ || answers_.size() >= kMostApplied || !busy_.empty() ||
                              one_by_one_ > 0 || period_.is_through(has_unclaimed()));
}

void Lookup::wait_to_gather() {
    const auto now = Clock::now();
    if (may_apply(now) && now < gather_until_ && !gathered_.active())
        gathered_.start(std::chrono::ceil<milliseconds>(gather_until_ - now));
}

std::vector<std::string> Lookup::apply_arguments() {
    is_applying_ = true;
    gather_until_ = Clock::now() + kGather;
    // A token twice in one call would be one row twice in one UPDATE.
    std::unordered_set<std::string> ids;
    const size_t most = one_by_one_ > 0 ? 1 : kMostApplied;
    while (!answers_.empty() && applying_.size() < most && ids.insert(answers_.front().token.id).second) {
        applying_.push_back(std::move(answers_.front()));
        answers_.pop_front();
    }
    const std::string old_cursor = period_.cursor().value_or(std::string());
    const bool had_cursor = period_.cursor().has_value();
    const std::optional<std::string>& cursor = period_.reachable_cursor();
    applying_end_ = applying_.empty() && answers_.empty() && period_.is_through(has_unclaimed());
    asked_applied_ = asked_;
    return {config_.name,
            answers_text(applying_),
            std::to_string(asked_),
            std::to_string(period_.pass()),
            old_cursor,
            had_cursor ? "t" : "f",
            cursor.value_or(std::string()),
            cursor ? "t" : "f",
            std::to_string(period_.passed()),
            applying_end_ ? "t" : "f"};
}

void Lookup::take_applied(const std::string& json) {
    is_applying_ = false;
    apply_problems_.clear();
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    const bool moved = document.IsObject() && is_set(document, "moved");
    const bool was_to_move = period_.reachable_cursor() != period_.cursor() || applying_end_;
    for (const AnsweredToken& answer : applying_) {
        forget(answer.token);
        Period::note_applied(answer.token);
    }
    asked_ -= asked_applied_;
    if (document.IsObject() && number(document, "again") > 0) due_ = true;
    one_by_one_ -= std::min(one_by_one_, applying_.size());
    applying_.clear();
    if (moved) {
        period_.note_moved(applying_end_);
    } else if (was_to_move) {
        restart_period();
    }
    pump();
    host_.on_call_due();
}

// What takes too long is applied token by token: the one that does is listed.
void Lookup::apply_failed(const PgError& error) {
    is_applying_ = false;
    note_error(error.what());
    log_repeated(apply_problems_, "could not take answers over, will be tried again", error);
    apply_try_ = Clock::now() + kCallAgain;
    const bool of_rows = error.sqlstate == kTooLong;
    if (of_rows && applying_.size() == 1) {
        applying_.front().members =
            problem_members("refused", "the table or its owner's code takes too long for the update");
        apply_try_ = {};
    } else if (of_rows && applying_.size() > 1) {
        one_by_one_ = applying_.size();
        apply_try_ = {};
    }
    answers_.insert(answers_.begin(), std::make_move_iterator(applying_.begin()),
                    std::make_move_iterator(applying_.end()));
    applying_.clear();
}

}  // namespace gpsync::relay
