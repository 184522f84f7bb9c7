// Import mode: the rows that an import writes carry a revision of their own and enter an attached table in
// any state of its machine. The INSERT of the import writes sync_status and sync_revision itself, and the
// stamp leaves them alone; that is how its rows are distinguished from those that a trigger of the table
// writes meanwhile.
//
// A revision of an import is 1 modulo 8, one of a roll-back of a batch 3 modulo 8. All others are WAL
// positions, which are multiples of 8 (revision_after()), so "imported and untouched since" is one
// comparison.
#pragma once

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

struct StampLayout;

inline constexpr int64_t kImportRemainder = 1, kRevertRemainder = 3;

// 0: no import and no roll-back writes. Set by begin_import() only.
extern int64_t importing_revision;

// Until end_import(), or the end of the (sub)transaction by an error. Raises 55000 unless the table is
// attached. REQUIRES: nothing with a destructor alive; revision is one of an import or a roll-back.
// With unseen its rows are written under DoNotReplicateId, which the decoder filters.
void begin_import(Oid relation, int64_t revision, bool unseen = false);
void end_import() noexcept;

// A statement of a roll-back that writes the stamps itself, so that nobody need see its rows before they are
// written (in_plan/plan_stamp.h says what that saves).
struct StampedUpdate {
    Oid relation = InvalidOid;
    bool is_captured = true;  // whether a trigger reads its transition tables
};

// The next statement that starts, if it is an UPDATE of that relation. Whoever sets it takes it back after an
// ERROR.
extern StampedUpdate next_stamped_update;

// For gpsync_stamp: whether the row is written by the import itself and keeps what it has. REQUIRES:
// importing_revision != 0.
bool keep_import_stamp(const StampLayout& layout, Relation relation, HeapTuple tuple);

// For the WHEN clause of gpsync_check_insert: whether the row that was stamped last is the import's. One
// answer a row; what it misses, gpsync_check_insert lets pass.
bool take_import_row() noexcept;

// For the check triggers: whether the row is the import's, and its state one of the machine's.
bool admit_import_row(const StampLayout& layout, Relation relation, HeapTuple tuple, std::string_view machine,
                      std::string_view state);

}  // namespace gpsync
