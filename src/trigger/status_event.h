// Events gpsync.status.changed of tables that stream_history() was called for: an AFTER ROW trigger writes a
// message into the WAL (pg/event_message.h) for each row whose status has changed, once the row is final. In
// the plan of an UPDATE it would be too early: the server evaluates that again for a row that somebody else
// has changed meanwhile, and a message cannot be taken back.
//
// For such a trigger the server queues each row, and reads it and the one before it again when the statement
// ends. For simple UPDATEs (in_plan/plan_stamp.h) the message is written where the server evaluates the
// trigger's WHEN clause instead: the row is as final there.
#pragma once

#include "pg/attachment.h"

#include "pg/json/render.h"
#include "trigger/row_stamp.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/execnodes.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// What is to be known of a relation for its status events. The plans lie in a context of their own.
struct StatusEvents {
    uint64_t version = 0;  // of the stamp's layout
    Oid root = InvalidOid;
    std::string topic;    // empty: the table has none of these events
    std::string subject;  // schema.table of the root, percent-encoded
    AttrNumber status = 0, revision = 0;
    struct KeyColumn {
        AttrNumber attnum;
        std::string label;  // "name":
        pg::RenderPlan plan;
    };
    std::vector<KeyColumn> key;
    bool settings_matter = false;
    MemoryContext context = nullptr;
};

// For one statement, which updates a table that is no partition: writes the events of its trigger
// gpsync_status_update of this function while rows are written. context: of the statement.
void write_status_events_at_once(ResultRelInfo* target, Oid function, MemoryContext context);

}  // namespace gpsync
