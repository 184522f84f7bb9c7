// What the triggers of an attached table say about it. They are the record of the attachment; their arguments
// are machine, status column and publication as attach() was given them.
#pragma once

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

inline constexpr char kCheckUpdateTrigger[] = "gpsync_check_update";
inline constexpr char kCheckInsertTrigger[] = "gpsync_check_insert";
inline constexpr char kNoteDeleteTrigger[] = "gpsync_note_delete";

// The arguments of a trigger, in order.
enum TriggerArgument { kMachineArgument, kStatusColumnArgument, kPublicationArgument };

bool has_trigger(Relation relation, const char* name) noexcept;

// What the WHEN clause of gpsync_check_update checks. machine lives in the current memory context.
struct CheckClause {
    AttrNumber column = 0;  // 0: the clause is not one that attach() makes
    std::string_view machine;
};
CheckClause check_clause(const Trigger* trigger);  // Raises server errors.

// The attribute number of the status column, 0 when the relation has no gpsync_check_update. It is taken from
// that trigger's WHEN clause, which the server keeps right when a column is renamed or a partition numbers
// its columns otherwise; the argument is only the name it had. Raises server errors.
AttrNumber state_column(Relation relation);

// A row's status as text, as the WHEN clauses see it: `column::text`. A view without data() is NULL. It lives
// as long as tuple and the current memory context. Raises server errors.
std::string_view state_text(HeapTuple tuple, TupleDesc descriptor, AttrNumber column);

}  // namespace gpsync
