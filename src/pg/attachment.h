// What "attached" means, for the whole project: attach() has put a security label of provider gpsync on the
// table. The label is the record (machine, status column and publication as attach() was given them, as a
// JSON object); it follows the table through renames, dumps and DROP. The provider takes such a label from
// nobody but a superuser (a restore), so that only attach() makes one. A partition is attached with its
// ancestor.
//
// The triggers do the work. A trigger that calls gpsync's functions on a table that is not attached says
// nothing: everyone may create one.
#pragma once

#include "pg/guard.h"
#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

inline constexpr char kLabelProvider[] = "gpsync";

inline constexpr char kStampTrigger[] = "gpsync_stamp";
inline constexpr char kCheckUpdateTrigger[] = "gpsync_check_update";
inline constexpr char kStatusUpdateTrigger[] = "gpsync_status_update";  // of stream_history()
inline constexpr char kCheckInsertTrigger[] = "gpsync_check_insert";
inline constexpr char kNoteDeleteTrigger[] = "gpsync_note_delete";

// The arguments of a trigger, in order.
enum TriggerArgument { kMachineArgument, kStatusColumnArgument, kPublicationArgument };

// The table that is attached: the relation itself or the ancestor it is a partition of; InvalidOid: none.
// From the catalogs alone. Works under a historic snapshot. Raises server errors.
Oid attached_root(Oid relation);

// Raises 22023 unless record is what attach() writes: a JSON object with the names machine, status_column and
// publication, each a string or null, the last a string, and check_replicated, true or false;
// stream_history() adds history_topic, a topic; of a shard of a Citus table it has the number, in shard.
void check_attachment_record(const char* record);

// The topic that stream_history() gave an attached table, in the current memory context; nullptr: none.
// Raises server errors.
const char* history_topic(Oid attached);

// The number of the shard that a table was attached as, which its name ends with (pg/shown_name.h); 0: it is
// no shard. Works under a historic snapshot. Raises server errors.
int64 attached_shard(Oid attached);

// The same of a record. REQUIRES: check_attachment_record(record).
int64 shard_in_record(const char* record);

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

// The same of a value of a status column's type: text, varchar, char, an enum, or a domain over one of these.
std::string_view state_text(Datum value, Oid type);

}  // namespace gpsync::pg
