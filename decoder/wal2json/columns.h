// What the format keeps of a relation, and the values of its columns as wal2json writes them: the types' own
// text, numbers and booleans without quotes.
#pragma once

#include "format.h"

namespace gpsync::decoder::wal2json {

enum class ValueKind : uint8_t { kNumber, kBoolean, kBytes, kString };

// What version 1 says of a column, each in a list of its own.
enum Part : uint8_t { kName, kType, kTypeOid, kPosition, kOptional, kDefault, kParts };

struct ColumnText {
    ValueKind kind;
    bool as_json;  // the text of a value is as to_jsonb() writes it, which is made faster
    FmgrInfo output;
    bool in_identity;
    bool in_pk;
    std::string_view head;   // version 2: {"name":…,"type":…,"value":
    std::string_view tail;   // version 2, of a new row: what stands between the value and the brace
    std::string_view* part;  // version 1: kParts texts; empty: not shown
};

struct RelationText {
    std::string_view schema;  // "…"
    std::string_view table;
    std::string_view names;  // version 2: ,"schema":…,"table":…
    std::string_view pk;     // version 2: ,"pk":[…]
    bool has_pk;
    bool identified;      // it has a replica identity
    bool warned;          // that changes are left out for want of one was said
    ColumnText* columns;  // as entry.columns
};

// Built on first use. REQUIRES: settings are pinned.
RelationText& text_of(Decoder& decoder, RelationEntry& entry);

// Whether the change can be written: it can not without the identity of the row. Says so once.
bool is_identified(RelationText& text, const RelationEntry& entry, const RowChange& change);

// A column's value in a row. False: the column is left out, and what stands in out behind its size at the
// call is to be forgotten.
bool append_value(core::ByteBuffer& out, const Options& options, Column& column, ColumnText& text,
                  Field field);

// A column of the new tuple. wal2json leaves out a TOASTed value that the UPDATE did not change, also where
// the old tuple has it.
inline Field written_field(const RelationEntry& entry, const Column& column) {
    return new_field(entry, {core::EventType::kUpdated, false, true}, column);
}

// The members that follow are those of another row, which is open until end_row().
void begin_row(Decoder& decoder, const RowSiblings& columns);
void end_row(Decoder& decoder);

}  // namespace gpsync::decoder::wal2json
