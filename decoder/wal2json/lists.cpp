#include "lists.h"

#include <algorithm>

namespace gpsync::decoder::wal2json {

namespace {

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view skip_space(std::string_view text) {
    const auto* begin = std::ranges::find_if_not(text, is_space);
    return text.substr(static_cast<size_t>(begin - text.begin()));
}

// Up to an unescaped character for which `ends` holds.
template <class Ends>
size_t length_until(std::string_view text, Ends ends) {
    size_t length = 0;
    while (length < text.size() && !ends(text[length])) length += text[length] == '\\' ? 2 : 1;
    return std::min(length, text.size());
}

const char* without_escapes(std::string_view text) {
    char* plain = static_cast<char*>(palloc(text.size() + 1));
    size_t length = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && ++i == text.size()) break;
        plain[length++] = text[i];
    }
    plain[length] = '\0';
    return plain;
}

bool parse_table(std::string_view item, List** patterns) {
    const size_t dot = length_until(item, [](char c) { return c == '.'; });
    if (dot == item.size()) return false;
    const std::string_view schema = item.substr(0, dot), table = item.substr(dot + 1);
    auto* pattern = static_cast<TablePattern*>(palloc(sizeof(TablePattern)));
    pattern->schema = schema == "*" ? nullptr : without_escapes(schema);
    pattern->table = table == "*" ? nullptr : without_escapes(table);
    *patterns = lappend(*patterns, pattern);
    return true;
}

}  // namespace

bool parse_items(std::string_view text, EmptyItems empty, List** items) {
    std::string_view rest = skip_space(text);
    if (rest.empty()) return true;
    for (;;) {
        const size_t length = length_until(rest, [](char c) { return c == ',' || is_space(c); });
        if (length == 0 && empty == EmptyItems::kRefused) return false;
        if (length > 0) *items = lappend(*items, pnstrdup(rest.data(), length));
        rest = skip_space(rest.substr(length));
        if (rest.empty()) return true;
        if (rest.front() != ',') return false;
        rest = skip_space(rest.substr(1));
    }
}

bool parse_tables(std::string_view text, List** patterns) {
    List* items = NIL;
    if (!parse_items(text, EmptyItems::kRefused, &items)) return false;
    ListCell* cell;
    foreach (cell, items)
        if (!parse_table(static_cast<const char*>(lfirst(cell)), patterns)) return false;
    return true;
}

bool has_table(const List* patterns, const char* schema, const char* table) {
    ListCell* cell;
    foreach (cell, patterns) {
        const auto* pattern = static_cast<const TablePattern*>(lfirst(cell));
        if ((pattern->schema == nullptr || std::strcmp(pattern->schema, schema) == 0) &&
            (pattern->table == nullptr || std::strcmp(pattern->table, table) == 0))
            return true;
    }
    return false;
}

bool has_item(const List* items, std::string_view item) {
    ListCell* cell;
    foreach (cell, items)
        if (item == static_cast<const char*>(lfirst(cell))) return true;
    return false;
}

bool selects(const Selection& selection, const char* schema, const char* table) {
    return !has_table(selection.filtered, schema, table) &&
           (!selection.adds || has_table(selection.added, schema, table));
}

}  // namespace gpsync::decoder::wal2json
