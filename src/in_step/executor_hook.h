// What triggers of tables in step need to know of statements before they are called.
#pragma once

#include "pg/prelude.h"

namespace gpsync::in_step {

// The table that follows in the next statement that starts; InvalidOid: in none. Of that statement nobody
// reads the transition table, which costs a tenth of an UPDATE: the trigger there would only find that it is
// that statement. Whoever sets it takes it back after an ERROR. REQUIRES: no trigger needs the transition
// table (SideTable::needs_transition_table).
extern Oid next_statement_follows;

// Whether a statement with INSERT, UPDATE or DELETE in its WITH has begun in this transaction, or may have.
// Its parts that write the same table share one transition table, and one call of the AFTER trigger, which
// gets the columns of only one of them; BEFORE triggers are called for the columns of the first one only.
bool modifying_with_has_begun();

// At load time; cannot fail.
void install_executor_hook();

}  // namespace gpsync::in_step
