// Queries that a user wrote (the source of an import, an expression over it, a condition to pause): they run
// as that user, in the restricted context, whoever calls.
#pragma once

#include "pg/as_owner.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/spi.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

// Row security that would hide rows is an error there, not rows left out; values as text are the same
// whatever the session's settings; nothing is compiled, which costs more than it gains. REQUIRES: inside
// pg::as_owner().
void pin_owner_settings();

// Runs body as a role, with these settings and SPI. REQUIRES: nothing with a destructor alive.
template <class Body>
void as_role(Oid role, Body&& body) {
    pg::as_owner(role, [&] {
        pin_owner_settings();
        SPI_connect();
        body();
        SPI_finish();
    });
}

// A plan of exactly one statement, a SELECT where is_select is set (22023 otherwise). REQUIRES: SPI is
// connected; nothing with a destructor alive.
SPIPlanPtr prepare_one(const char* query, int count, Oid* types, bool is_select);

}  // namespace gpsync::migration
