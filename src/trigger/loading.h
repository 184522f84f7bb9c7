// load_row(): one row may enter an attached table in any state of its machine. The check lets it pass, and
// nothing else changes: it is stamped and streamed as any row.
#pragma once

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "commands/trigger.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// Whether gpsync_check_insert is to let the refused row pass: load_row() is loading one into this table, none
// has passed yet, and the state is one of the table's machine. Throws; raises server errors only inside
// guards.
bool admit_loaded_row(const TriggerData& data, std::string_view state);

}  // namespace gpsync
