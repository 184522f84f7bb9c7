// How long status history is kept where a table's own retention does not say it.
#pragma once

namespace gpsync {

// The setting gpsync.history_retention, before anything reserves the prefix of settings.
void define_history_setting();

}  // namespace gpsync
