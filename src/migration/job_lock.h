// The locks of those who run a job.
#pragma once

#include "pg/lock_tag.h"

namespace gpsync::migration {

// Whoever runs a job has this: of name "<kind>/<job>". In share mode, but for a verification, which one
// session at a time runs.
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
