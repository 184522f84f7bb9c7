// The lock that says who delivers a stream.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/lock.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// Held by the relay's session, or by a transaction that drops or recreates the stream. An advisory lock
// (pg/lock_tag.h), so no other user of the database can keep a relay out.
LOCKTAG stream_lock_tag(std::string_view stream);

// Waits for other transactions that create or recreate streams, and keeps new ones away until the transaction
// ends. Readers, reports and bookings go on. Raises server errors.
void lock_stream_creation();

}  // namespace gpsync
