#include "ledger.hpp"

#include <algorithm>

#include "ledger_file.hpp"
#include "row_merge.hpp"
#include "rules.hpp"

namespace gpsync::emulator {
namespace {

// Fibonacci hashing: spreads values that differ in few low bits.
size_t mix(size_t seed, uint64_t value) {
    return (seed ^ value) * 0x9E3779B97F4A7C15ULL ^ (seed >> 29);
}

// The index of text in a short list that grows as needed.
uint32_t intern(std::vector<std::string>& list, std::string_view text) {
    const auto found = std::find(list.begin(), list.end(), text);
    if (found == list.end()) return list.emplace_back(text), static_cast<uint32_t>(list.size() - 1);
    // Not reached where the list has grown.
    // cppcheck-suppress invalidContainer
    return static_cast<uint32_t>(found - list.begin());
}

uint32_t subject_hash(const Event& event) {
    return static_cast<uint32_t>(std::hash<std::string_view>()(event[kSubject]));
}

// What an event's order is by. Events of topics are kept apart from rows, which may have the same key.
std::string ledger_key(const Event& event) {
    if (event.type != EventType::Topic) return std::string(event[kSubject]);
    return "topic " + std::string(event[kTopic]) + " " + std::string(event[kPartitionkey]);
}

// Keys remembered, to see that one is used for one batch only.
constexpr size_t kIdempotencyKeys = 100000;

}  // namespace

size_t Ledger::EventIdHash::operator()(const EventId& id) const {
    return mix(mix(mix(id.source, id.position.commit_lsn), id.position.ordinal),
               static_cast<uint64_t>(id.commit_time));
}

Ledger::Ledger(const std::string& file) : file_(open_ledger_file(file)) {
    replay();
}

void Ledger::replay() {
    Batch batch;
    for_each_line(file_, [&](std::string_view line) {
        if (read_counters(line, counters_)) return;
        const std::string body = "[" + std::string(line) + "]";
        if (batch.read(body)) return;
        const Event& event = batch.events().front();
        ids_.emplace(id_of(event), subject_hash(event));
        apply(event);
    });
}

Ledger::EventId Ledger::id_of(const Event& event) {
    return {event.position, event.commit_time, intern(sources_, event[kSource])};
}

uint32_t Ledger::table_of(const Event& event) {
    const auto same = [&](const Table& table) {
        return table.name == event.table && table.schema == event.schema;
    };
    const auto found = std::find_if(tables_.begin(), tables_.end(), same);
    if (found != tables_.end()) return static_cast<uint32_t>(found - tables_.begin());
    tables_.push_back({std::string(event.schema), std::string(event.table), {}});
    return static_cast<uint32_t>(tables_.size() - 1);
}

Ledger::Entry& Ledger::entry_of(std::string_view subject, uint32_t table) {
    Entry& entry = entries_[std::string(subject)];
    entry.table = table;
    return entry;
}

Refusal Ledger::take(const std::vector<Event>& events, std::string_view idempotency_key,
                     std::vector<Outcome>& outcomes) {
    const std::lock_guard lock(mutex_);
    ++counters_.requests;
    Refusal refusal = check_key(events, idempotency_key);
    if (!refusal) refusal = check_order(events, outcomes);
    if (refusal) {
        ++counters_.refused;
        append({}, outcomes);
        return refusal;
    }
    ++counters_.batches;
    counters_.largest_batch = std::max<uint64_t>(counters_.largest_batch, events.size());
    for (const Outcome outcome : outcomes)
        ++(outcome == Outcome::Accepted    ? counters_.accepted
           : outcome == Outcome::Duplicate ? counters_.duplicates
                                           : counters_.rejected);
    append(events, outcomes);
    for (size_t i = 0; i < events.size(); ++i)
        if (outcomes[i] == Outcome::Accepted) apply(events[i]);
    return {};
}

// A key stands for one batch: the same events in the same order at every attempt.
Refusal Ledger::check_key(const std::vector<Event>& events, std::string_view idempotency_key) {
    size_t hash = 0;
    for (const Event& event : events) hash = mix(hash, EventIdHash()(id_of(event)));
    if (keys_used_.size() >= kIdempotencyKeys) keys_used_.clear();
    const auto [used, first] = keys_used_.emplace(idempotency_key, hash);
    if (!first && used->second != hash) return {-1, "the Idempotency-Key was used for another batch"};
    return {};
}

// Notes an event's id. An id that is known is a repeat, unless it came with another subject: then ids are not
// unique.
bool Ledger::first_delivery(const Event& event, Refusal& refusal) {
    const auto [known, first] = ids_.emplace(id_of(event), subject_hash(event));
    if (!first && known->second != subject_hash(event))
        refusal.reason = "the id was used for another subject";
    return first;
}

// First deliveries of a key must come in the order of their sequence.
Refusal Ledger::check_order(const std::vector<Event>& events, std::vector<Outcome>& outcomes) {
    Refusal refusal;
    std::vector<Entry*> checked;
    for (size_t i = 0; i < events.size() && !refusal; ++i) {
        if (outcomes[i] == Outcome::Rejected) continue;
        const Event& event = events[i];
        if (!first_delivery(event, refusal)) {
            refusal.event = static_cast<int>(i);
            outcomes[i] = Outcome::Duplicate;
            continue;
        }
        const uint32_t table = table_of(event);
        Entry& entry = entry_of(ledger_key(event), table);
        checked.push_back(&entry);
        if (event.position <= std::max({entry.last, entry.checked, tables_[table].truncated}))
            refusal = {static_cast<int>(i), "out of order: a later event of this key was taken before"};
        entry.checked = event.position;
        outcomes[i] = Outcome::Accepted;
    }
    for (Entry* entry : checked) entry->checked = {};
    if (refusal)  // nothing of this batch was taken
        for (size_t i = 0; i <= static_cast<size_t>(refusal.event); ++i)
            if (outcomes[i] == Outcome::Accepted) ids_.erase(id_of(events[i]));
    return refusal;
}

void Ledger::append(const std::vector<Event>& events, const std::vector<Outcome>& outcomes) {
    line_buffer_.clear();
    for (size_t i = 0; i < events.size(); ++i)
        if (outcomes[i] == Outcome::Accepted) append_event_line(line_buffer_, events[i].raw);
    append_counters_line(line_buffer_, counters_);
    write_all(file_, line_buffer_);
}

void Ledger::apply(const Event& event) {
    const uint32_t table = table_of(event);
    if (event.type == EventType::Truncated) return truncate(event, table);
    Entry& entry = entry_of(ledger_key(event), table);
    if (event.type == EventType::Topic)
        entry.row = "{}";
    else
        apply_row(event, entry);
    entry.type = event.type;
    entry.deleted = event.type == EventType::Deleted;
    entry.last = event.position;
    entry.has_revision = event.has_revision;
    entry.revision = event.revision;
    entry.key = event.key_json;
    ++entry.events;
}

// The row's new content. Values that were not sent are those of the row before, which after a change of key
// is found under the old key and ends there.
void Ledger::apply_row(const Event& event, Entry& entry) {
    Entry* before = &entry;
    if (const auto old_key = changed_key(event)) {
        const std::string subject = make_subject(event.schema, event.table, *old_key);
        before = &entry_of(subject, entry.table);
        before->deleted = true;
        before->last = event.position;
    }
    if (event.unchanged.empty()) {
        entry.row = event.row_json;
        entry.unchanged.clear();
    } else {
        entry.row = merge_row(event, before->row, entry.unchanged);
    }
}

void Ledger::truncate(const Event& event, uint32_t table) {
    tables_[table].truncated = event.position;
    for (auto& [subject, entry] : entries_) {
        if (entry.table != table || entry.deleted) continue;
        entry.deleted = true;
        entry.type = EventType::Truncated;
        entry.last = event.position;
    }
}

void Ledger::count(uint64_t Counters::*counter, uint64_t n) {
    const std::lock_guard lock(mutex_);
    counters_.*counter += n;
    line_buffer_.clear();
    append_counters_line(line_buffer_, counters_);
    write_all(file_, line_buffer_);
}

std::string Ledger::render_ledger(std::string_view wanted) {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const auto& [subject, entry] : entries_) {
        if (entry.events == 0 || (!wanted.empty() && subject != wanted)) continue;
        const Table& table = tables_[entry.table];
        append_ledger_line(out, LedgerLine{subject, entry.type, entry.last, entry.deleted, entry.events,
                                           table.schema, table.name, entry.key, entry.row,
                                           entry.has_revision ? &entry.revision : nullptr, entry.unchanged});
    }
    return out;
}

std::string Ledger::render_stats(const std::string& name, uint64_t in_progress) {
    const std::lock_guard lock(mutex_);
    uint64_t keys = 0, live = 0;
    for (const auto& [subject, entry] : entries_) {
        keys += entry.events != 0;
        live += entry.events != 0 && !entry.deleted;
    }
    return stats_json(name, counters_, keys, live, in_progress);
}

std::string Ledger::read_events(std::string_view text) {
    const std::lock_guard lock(mutex_);
    std::string out;
    Counters ignored;
    for_each_line(file_, [&](std::string_view line) {
        if (read_counters(line, ignored) || line.find(text) == std::string_view::npos) return;
        out.append(line) += '\n';
    });
    return out;
}

}  // namespace gpsync::emulator
