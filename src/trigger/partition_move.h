// An UPDATE that moves a row to another partition runs, for that row and in this order, the BEFORE UPDATE
// triggers of the source, its BEFORE DELETE triggers, and the INSERT triggers of the destination, where the
// row looks like a new one. Here the row's old state is handed over, so that the move is judged as the
// transition it is.
//
// The three belong together when they run in the same per-tuple memory context of an executor state: the
// server resets it before it goes on to the next row, and every other command (one in a function or trigger
// called meanwhile) has an executor state, and so a context, of its own. What is handed over lives in that
// context and goes with it: nothing that is written by a user can look like it, whatever the row says.
#pragma once

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/itemptr.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// All of these: REQUIRES that they are called directly from a row trigger or its WHEN clause, that is, in the
// per-tuple context. The first two raise server errors.

// BEFORE UPDATE of the row at tid, which may turn out to be a move.
void note_update(Oid relation, const ItemPointerData& tid, int64_t revision);

// BEFORE DELETE of the row at tid. It is a departure if the same row's update was noted. state as
// state_text() gives it.
void note_delete(Oid relation, const ItemPointerData& tid, std::string_view state);

struct Departure {
    std::string_view state;  // before the move; without data() for NULL
    int64_t revision;        // stamped before the row left
};

// The departure of the row that is being inserted; nothing when it is a new row.
std::optional<Departure> departure_of_inserted_row();

// The row has arrived: whatever is inserted from now on is another.
void note_arrival();

// A move that the WHEN clause found illegal, kept for the AFTER trigger, which runs at the end of the
// statement. Until the end of the transaction. The revision and the new state identify the row.
void remember_refused_move(int64_t revision, std::string_view from);
// The state the row of this revision came from; nothing when no such move was refused.
std::optional<std::string_view> refused_move(int64_t revision);

}  // namespace gpsync
