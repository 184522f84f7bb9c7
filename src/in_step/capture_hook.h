// A transition table costs a tenth of an UPDATE, and of the statement that has a table follow nobody reads
// it: the trigger there would only find that it is that statement.
#pragma once

namespace gpsync::in_step {

// Set: the next statement that starts has a table follow. Whoever sets it takes it back after an ERROR.
extern bool next_statement_follows;

// At load time; cannot fail.
void install_capture_hook();

}  // namespace gpsync::in_step
