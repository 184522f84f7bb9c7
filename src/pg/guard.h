// The boundary between C++ and the server. Policy, in short:
//  - every function the server calls is extern "C" and makes one guarded() call;
//  - inside, C++ throws pg::Error; a server call that can raise while an object with a destructor is alive
//    goes through server_call(), which turns the ERROR into a C++ exception and keeps all its fields;
//  - guarded() catches everything, copies it into plain memory, leaves the catch block and only then raises,
//    so that no longjmp skips a destructor and no exception reaches the server.
#pragma once

#include "pg/errors.h"

namespace gpsync::pg {

// What is left of an exception once its objects are gone: trivially destructible, so a longjmp may skip it.
struct PlainError {
    ErrorData* server = nullptr;  // set: raise this again, ignore the rest
    int sqlstate = 0;
    char message[1024];
    char detail[2048];
    char hint[2048];
    char schema[NAMEDATALEN], table[NAMEDATALEN], column[NAMEDATALEN], constraint[NAMEDATALEN];

    void take_current_exception() noexcept;  // REQUIRES: called inside a catch block
    [[noreturn]] void raise() const;
};

// Runs body; whatever it throws becomes a PostgreSQL ERROR. The result type must be trivially destructible.
template <class Body>
auto guarded(Body&& body) -> decltype(body()) {
    PlainError error;
    try {
        return body();
    } catch (...) {
        error.take_current_exception();
    }
    error.raise();
}

namespace detail {
void server_call_impl(void (*trampoline)(void*), void* closure);
}

// Runs calls into the server that may raise; an ERROR comes out as ServerError. body must not leave by
// anything but falling off its end or throwing (a throw is carried across PG_TRY and rethrown).
template <class Body>
void server_call(Body&& body) {
    detail::server_call_impl([](void* closure) { (*static_cast<std::remove_reference_t<Body>*>(closure))(); },
                             &body);
}

}  // namespace gpsync::pg
