// What bookkeeping keeps in gpsync's own tables. Everything runs as the extension's owner, in the caller's
// transaction, through plans that are kept for the session.
#pragma once

#include "bookkeeping/bookkeeping.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

struct Position {
    XLogRecPtr commit_lsn;
    int64 ordinal;
    TimestampTz commit_time;
    bool has_commit_time;
    XLogRecPtr confirmed_lsn;  // up to where the slot will be confirmed; 0: not said
};

// Raises 55000 if the position is behind the present one, or the stored one is of another slot or system.
void move_position(const char* stream, const Position& position);

// Keeps the marks whose outcome is kDeferred.
void keep_deferred(const char* stream, std::span<const Mark> marks);

// An array of objects with the columns of gpsync.dead_letter; those there already are left as they are.
void keep_dead_letters(const char* stream, Jsonb* dead_letters);

// Closes the dead letters that the events of these marks have overtaken, as close_taken_letters() says
// (extension/parts/dead_letters.sql). Not for marks that are deferred: what holds them may be the very
// transaction that retries the letter, and is not visible yet. An index look-up where there are no letters.
// REQUIRES: the dead letters of these events are kept already.
void close_dead_letters(const char* stream, std::span<const Mark> marks);

// Deferred marks with an id beyond after, oldest first; those that met an error only with_errors.
struct DeferredMarks {
    std::span<Mark> marks;
    int64* ids;
};
DeferredMarks load_deferred(const char* stream, int64 after, bool with_errors, int32 max_rows);

// Forgets those that are settled and notes new errors of the others.
void settle_deferred(const DeferredMarks& deferred);

int64 count_deferred(const char* stream);

}  // namespace gpsync::bookkeeping
