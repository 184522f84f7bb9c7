// Which stream this session books: at most one, from relay_acquire() until the session ends.
#pragma once

#include "pg/prelude.h"

namespace gpsync {

// gpsync_<database oid>_<stream>: the name of a stream's slot and of its replication origin.
std::string stream_origin_name(std::string_view stream);

// Raises 55000 unless this session holds the stream. Called for every batch: a few comparisons.
void require_acquired(std::string_view stream);

}  // namespace gpsync
