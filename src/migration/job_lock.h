// The locks of this folder: advisory ones, of classes that SQL's advisory lock functions cannot take, so that
// pg_locks shows them and no other user of the database can take them.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/lock.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

inline constexpr uint16 kRowLockClass = 4;  // objsubid: a row that sync_row_now() waits for
inline constexpr uint16 kJobLockClass = 5;  // objsubid: a job that somebody runs

// SQL's hashtextextended(name, 0) is the key, in the class.
LOCKTAG lock_tag(uint16 lock_class, const char* name);

// Whoever runs a job has this in share mode: of name "<kind>/<job>".
LOCKTAG job_lock_tag(const char* kind, const char* job);

// Runs body with a lock of the session, and releases it also when body raises: a lock of the session outlives
// the transactions that body ends. False: somebody else has it, and body was not called. REQUIRES: body
// throws no C++ exception, and nothing with a destructor lives in it when it calls the server.
bool with_session_lock(const LOCKTAG& tag, LOCKMODE mode, void (*body)(void*), void* closure);

template <class Body>
bool with_session_lock(const LOCKTAG& tag, LOCKMODE mode, Body&& body) {
    return with_session_lock(
        tag, mode, [](void* closure) { (*static_cast<std::remove_reference_t<Body>*>(closure))(); }, &body);
}

}  // namespace gpsync::migration
