// The batch that a session's changes belong to: setting gpsync.batch, or the name that an import or a repair
// gives to what it writes.
#pragma once

namespace gpsync::batch {

void define_batch_setting();

// The batch of what is written now; nullptr: none. Raises 22023 for a name that cannot be one: a setting that
// was made before the library was loaded has been checked by nobody. REQUIRES: nothing with a destructor
// alive.
const char* current_batch();

// Whether begin_own_batch() with an empty name holds: what is written is of no batch, and leaves no trace.
bool is_in_no_batch() noexcept;

// From here until end_own_batch(), or the end of the (sub)transaction, current_batch() is this name, whatever
// the setting says; empty: none. The name is copied.
void begin_own_batch(const char* name);
void end_own_batch() noexcept;

}  // namespace gpsync::batch
