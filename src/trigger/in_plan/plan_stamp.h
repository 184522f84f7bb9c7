// Stamping an UPDATE in its plan, where nothing else wants to see the row first.
//
// A BEFORE ROW UPDATE trigger costs more by being there than by what it does: the server locks each row with
// a WAL record of its own before it calls one, and an AFTER ROW trigger makes it read the old row again. So
// where gpsync_stamp is the only one of the first kind and gpsync_check_update of the second, the planner
// hook writes the same stamps into the UPDATE's target list and wraps the new status into a check, and the
// executor hook leaves the triggers of this one statement out. A check that fails brings gpsync_check_update
// back, which then sees the row as it was written and raises. Everything else (INSERT, COPY, MERGE, upserts,
// partitions, other triggers, generated columns, session_replication_role) goes through the triggers, as does
// any plan made before this module was loaded: they are what must be right.
#pragma once

#include "trigger/row_stamp.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// What the plan of an UPDATE of a relation may do in the place of its triggers.
struct PlanStamp {
    bool stamps = false;          // in the place of gpsync_stamp
    bool checks = false;          // in the place of gpsync_check_update too
    AttrNumber state_column = 0;  // what is checked; 0: the table has no status
    std::string machine;
    Oid status_event = InvalidOid;  // of trigger gpsync_status_update, if the table has it
    Oid next_revision = InvalidOid, stamp_time = InvalidOid, stamp_time_with_zone = InvalidOid,
        checked_state = InvalidOid;
};

// Of the triggers and columns of an attached relation, whose layout is stamp_layout(relation); kept until
// that is built again. REQUIRES: relation is open and locked.
const PlanStamp& plan_stamp_of(Relation relation, const StampLayout& layout);

// The setting gpsync.stamp_in_plan, before anything reserves the prefix of settings.
void define_plan_stamp_setting();
// The hooks. Cannot fail.
void install_plan_stamp();

}  // namespace gpsync
