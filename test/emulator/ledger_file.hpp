// The text forms of a ledger: its file (events and counters, a line each) and what GET /ledger and /stats
// show.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger.hpp"

namespace gpsync::emulator {

// Opens for appending; a last line that a kill cut short is taken off. Throws std::runtime_error.
int open_ledger_file(const std::string& file);
// Throws std::runtime_error when not all could be written.
void write_all(int file, std::string_view text);
void for_each_line(int file, const std::function<void(std::string_view)>& visit);

void append_event_line(std::string& out, std::string_view event);
void append_counters_line(std::string& out, const Counters& counters);
// Whether line is one of counters, and then their values.
bool read_counters(std::string_view line, Counters& counters);

struct LedgerLine {
    std::string_view subject;
    EventType type;
    core::Position sequence;
    bool deleted;
    uint32_t events;
    std::string_view schema, table, key, row;
    const int64_t* revision;  // or null
    const std::vector<std::string>& unchanged;
};
void append_ledger_line(std::string& out, const LedgerLine& line);
std::string stats_json(std::string_view name, const Counters& counters, uint64_t keys, uint64_t live,
                       uint64_t in_progress);

// text as a JSON string.
void append_json_string(std::string& out, std::string_view text);

}  // namespace gpsync::emulator
