// Whether a write that reaches the triggers comes from code of a table's owner that bookkeeping runs.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// True while a table is marked, and so its owner's triggers, index expressions and constraints can run; set
// and cleared by bookkeeping/owner_triggers.cpp only. Bookkeeping's own writes never reach gpsync_stamp,
// whatever its ENABLE state.
extern bool owner_code_running;

[[noreturn]] void raise_write_by_owner_code(Relation relation);

// To be called by gpsync_stamp before it does anything: raises 09000 if owner_code_running. The write would
// be a new change for every mark, and the mark of that change one more: a loop.
inline void refuse_write_by_owner_code(Relation relation) {
    if (owner_code_running) raise_write_by_owner_code(relation);
}

}  // namespace gpsync
