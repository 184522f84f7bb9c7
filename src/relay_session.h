// Which stream this session books: at most one, from relay_acquire() until the session ends.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/origin.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// Throws 55000 unless this session holds the stream. Called for every batch: a few comparisons.
void require_acquired(std::string_view stream);

// Of the stream this session has acquired; InvalidRepOriginId if it has none.
RepOriginId acquired_origin();
// gpsync_<database oid>_<stream>: the name of the stream's slot and of its origin.
const NameData* acquired_slot_name();
// Whether the stream marks rows (create_stream's argument bookkeeping).
bool acquired_books();

}  // namespace gpsync
