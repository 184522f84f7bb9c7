// Which stream this session books: at most one, from relay_acquire() until the session ends.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/origin.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// Throws 55000 unless this session holds the stream, and makes the transaction one of bookkeeping: until it
// ends the session has the stream's replication origin. Called for every batch.
void require_acquired(std::string_view stream);

// Of the stream this transaction books; InvalidRepOriginId outside one that does.
RepOriginId booking_origin();
// gpsync_<database oid>_<stream>: the name of the stream's slot and of its origin.
const NameData* acquired_slot_name();
// Whether the stream marks rows (create_stream's argument bookkeeping).
bool acquired_books();

}  // namespace gpsync
