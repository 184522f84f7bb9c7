// What gpsync_stamp must know of bookkeeping: whether a write that reaches it comes from an owner's trigger,
// or other code of his, that bookkeeping ran.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace bookkeeping {

// True while a table is marked, and so its owner's triggers, index expressions and constraints can run; set
// and cleared by src/bookkeeping/owner_triggers.cpp only. Bookkeeping's own writes never reach gpsync_stamp,
// whatever its ENABLE state.
extern bool owner_code_running;

[[noreturn]] void raise_write_refused(Relation relation);

}  // namespace bookkeeping

// To be called by gpsync_stamp before it does anything: raises 09000 if the write is made by code of a
// table's owner that bookkeeping ran. It would be a new change for every mark, and the mark of that change
// one more: a loop.
inline void refuse_write_by_bookkeeping_trigger(Relation relation) {
    if (bookkeeping::owner_code_running) bookkeeping::raise_write_refused(relation);
}

}  // namespace gpsync
