// Row filters of publications, evaluated as pgoutput does: the filters of the publications that publish an
// action are combined by OR, and one publication that publishes it without a filter lets every row through.
//
// A filter runs with the rights of the session that decodes. That is safe because of what the server admits
// in a filter when a publication is created or altered (check_simple_rowfilter_expr in publicationcmds.c):
// immutable built-in functions and operators, built-in types and collations, no subqueries and no system
// columns. And an UPDATE or DELETE is refused while its filter uses a column outside the replica identity
// (CheckCmdReplicaIdentity), so that old tuples hold all columns that a filter reads.
#pragma once

#include "pg/prelude.h"

#include "core/cloudevents.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attmap.h"
#include "nodes/execnodes.h"
#include "nodes/pg_list.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

inline constexpr int kFilteredActions = 3;  // inserted, updated, deleted

struct RowFilter {
    EState* estate;
    ExprState* conditions[kFilteredActions];  // by core::EventType; null: every row passes
    TupleTableSlot* slot;                     // a row of the table that is shown
    const AttrMap* map;                       // its columns in the changed relation; null: the same
};

// The filter of a table; null: it has none. through: from find_published(). map outlives the filter or is
// null. REQUIRES: the historic snapshot of the change. The result is made in context.
RowFilter* make_row_filter(const List* through, Relation shown, const AttrMap* map, MemoryContext context);

// A tuple of the changed relation, taken apart; values is null: there is none.
struct TupleFields {
    Datum* values;
    bool* nulls;
};

// Puts values into the new tuple that an UPDATE left alone: TOASTed ones of the replica identity are logged
// in the old tuple only.
void take_over_unchanged(TupleDesc changed, const TupleFields& old_row, const TupleFields& new_row);

// What the filter makes of a change: nothing, itself, or the INSERT or DELETE that an UPDATE is for a reader
// who sees only the rows that pass.
enum class FilterResult : uint8_t { kDropped, kKept, kInsert, kDelete };

// Values are taken over as by take_over_unchanged(). Errors are those of the filter's expression.
FilterResult filter_change(RowFilter& filter, core::EventType action, TupleDesc changed,
                           const TupleFields& old_row, const TupleFields& new_row);

}  // namespace gpsync::decoder
