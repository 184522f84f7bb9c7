// Operational events: their setting. The rest is called from SQL.
#pragma once

namespace gpsync {

// gpsync.notify_interval
void define_ops_event_setting();

}  // namespace gpsync
