// What the triggers of a table's owner may do while its rows are marked.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/execnodes.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

// Takes every trigger from target's list but AFTER ROW ones that are ENABLE ALWAYS or REPLICA: bookkeeping
// replicates what an endpoint said, it is no change of the owner's. BEFORE triggers never fire: they exist to
// change or suppress what is written, and a mark is nothing else than what it is. True if any is left.
// REQUIRES: the list is target's own copy.
bool keep_replica_triggers(ResultRelInfo* target);

// Raises 55000 where one of the triggers that are left is its parent's: it would run as the partition's
// owner, who has rights that the parent's lacks.
void refuse_triggers_of_parents(const ResultRelInfo& target);

// SET CONSTRAINTS ALL IMMEDIATE, as the user whose transaction this is. What the session has queued itself
// runs now, with the rights it would have had at commit; and a deferrable trigger that bookkeeping queues
// fires before the owner's context is left, or, if the owner defers it again, is an error of the server's.
void fire_deferred_triggers_now();

// Around everything that can run code of a table's owner while marks of so many rows are made: types and
// domains of the key, operator classes, index expressions, constraints and triggers. It is cancelled when it
// takes too long, waits for a lock for a second at most, and may not INSERT into or UPDATE attached tables
// (trigger/owner_code.h). After an error the end of the (sub)transaction leaves. REQUIRES: in a
// subtransaction.
void enter_owner_code(size_t marks);
void leave_owner_code();

// AfterTriggerEndQuery() as the table's owner: what the triggers write is not marked as bookkeeping, so it is
// streamed as anyone's write. REQUIRES: enter_owner_code(), and a setting level that ends with it.
void fire_owner_triggers(EState* estate);

// Whether that was why the last owner code was cancelled.
bool owner_code_took_too_long();

}  // namespace gpsync::bookkeeping
