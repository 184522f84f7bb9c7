// The lists in wal2json's options: items with commas between, in which a backslash takes the special meaning
// from the character behind it.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/pg_list.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder::wal2json {

enum class EmptyItems : uint8_t { kRefused, kSkipped };

// Adds the items of text to a list of char *, backslashes kept. White space around an item is no part of it.
// False: there is an empty item, or white space in one. A text of nothing but white space has no item.
bool parse_items(std::string_view text, EmptyItems empty, List** items);

// Null stands for any.
struct TablePattern {
    const char* schema;
    const char* table;
};

// Adds the items schema.table, schema.*, *.table and *.* of text to a list of TablePattern *. False also for
// an item without a dot.
bool parse_tables(std::string_view text, List** patterns);

bool has_table(const List* patterns, const char* schema, const char* table);
bool has_item(const List* items, std::string_view item);

// Which tables filter-tables and add-tables leave, and which changes of them actions does.
struct Selection {
    List* filtered;  // of TablePattern *
    List* added;
    bool adds;  // add-tables was given: only these, even if they are none
    bool inserts, updates, deletes, truncates;
};
bool selects(const Selection& selection, const char* schema, const char* table);

}  // namespace gpsync::decoder::wal2json
