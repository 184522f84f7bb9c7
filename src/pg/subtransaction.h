// Swallowing an ERROR needs a subtransaction: only its abort gives back locks, pins and snapshots.
#pragma once

#include "pg/prelude.h"

namespace gpsync::pg {

namespace detail {
ErrorData* try_in_subtransaction(void (*trampoline)(void*), void* closure);
}

// Runs body in a subtransaction: commits it and gives nullptr, or rolls it back and gives the error, in the
// memory context of the caller. REQUIRES: body throws no C++ exception, and nothing with a destructor lives
// in it when it calls the server. What raises after that (out of memory, say) leaves as an ERROR.
template <class Body>
ErrorData* try_in_subtransaction(Body&& body) {
    return detail::try_in_subtransaction(
        [](void* closure) { (*static_cast<std::remove_reference_t<Body>*>(closure))(); }, &body);
}

}  // namespace gpsync::pg
