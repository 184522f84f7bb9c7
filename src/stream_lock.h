// The lock that says who delivers a stream.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/lock.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// Held by the relay's session, or by a transaction that drops or recreates the stream. An advisory lock, so
// that pg_locks shows it, of a class (objsubid 3) that SQL's advisory lock functions cannot take: no other
// user of the database can keep a relay out.
LOCKTAG stream_lock_tag(std::string_view stream);

}  // namespace gpsync
