// The security labels of provider gpsync: what the stream shows of a column.
#pragma once

namespace gpsync {

// Call once per process, from _PG_init.
void register_label_provider();

}  // namespace gpsync
