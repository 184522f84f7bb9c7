#include "row_merge.hpp"

#include <algorithm>

#include "ledger_file.hpp"

namespace gpsync::emulator {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// The end of the string that starts at text[at].
size_t skip_string(std::string_view text, size_t at) {
    for (++at; text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return at + 1;
}

// The end of the value that starts at text[at]: the ',' or '}' behind it.
size_t skip_value(std::string_view text, size_t at) {
    for (int depth = 0;; ++at) {
        while (text[at] == '"') at = skip_string(text, at);
        const char c = text[at];
        if (depth == 0 && (c == ',' || c == '}')) return at;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
    }
}

// The raw value of a member of a JSON object, or nothing. Raw, so that no number is rounded on the way.
// REQUIRES: object is valid JSON (it was read before).
std::optional<std::string_view> find_member(std::string_view object, std::string_view quoted_name) {
    for (size_t at = 1;;) {
        at = object.find_first_not_of(kSpace, at);
        if (at == std::string_view::npos || object[at] == '}') return std::nullopt;
        const size_t name_end = skip_string(object, at);
        const size_t value = object.find_first_not_of(kSpace, object.find(':', name_end) + 1);
        const size_t end = skip_value(object, value);
        if (object.substr(at, name_end - at) == quoted_name) return object.substr(value, end - value);
        if (object[end] == '}') return std::nullopt;
        at = end + 1;
    }
}

}  // namespace

std::optional<std::vector<Part>> changed_key(const Event& event) {
    if (event.type != EventType::Updated || event.old.empty()) return std::nullopt;
    bool changed = false;
    std::vector<Part> key = event.key;
    for (auto& [name, value] : key) {
        const auto same_name = [&name = name](const Part& part) { return part.first == name; };
        const auto old = std::find_if(event.old.begin(), event.old.end(), same_name);
        if (old == event.old.end() || old->second == value) continue;
        value = old->second;
        changed = true;
    }
    if (!changed) return std::nullopt;
    return key;
}

std::string merge_row(const Event& event, const std::string& before, std::vector<std::string>& missing) {
    std::string row(event.row_json.substr(0, event.row_json.rfind('}')));
    bool empty = row.find('"') == std::string::npos;
    missing.clear();
    for (const std::string_view column : event.unchanged) {
        std::string name;
        append_json_string(name, column);
        const auto value = before.empty() ? std::nullopt : find_member(before, name);
        if (!value) {
            missing.emplace_back(column);
            continue;
        }
        row.append(empty ? "" : ",").append(name).append(":").append(*value);
        empty = false;
    }
    return row + "}";
}

}  // namespace gpsync::emulator
