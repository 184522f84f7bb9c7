// Which topics the streams of this database take.
#pragma once

#include "pg/guard.h"

namespace gpsync::pg {

// Call once per process, from _PG_init.
void register_stream_topics();

// Whether a stream that has its slot takes the topic. If so, it does until the transaction ends:
// drop_stream() waits. Kept by the session until a stream changes. REQUIRES: a transaction that may write.
bool topic_is_taken(std::string_view topic);

// All topics that are taken, as they were read last.
const std::vector<std::string>& taken_topics();

}  // namespace gpsync::pg
