// JSON is UTF-8 whatever the database's encoding is.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "mb/pg_wchar.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

inline bool server_is_utf8() {
    return GetDatabaseEncoding() == PG_UTF8;
}

// Text of the database in UTF-8: text itself, or a copy in the current memory context. An error when it has
// no equivalent, or is not valid UTF-8 in a database of encoding SQL_ASCII. REQUIRES: a transaction.
inline std::string_view to_utf8(std::string_view text) {
    if (server_is_utf8() || text.empty()) [[likely]]
        return text;
    const char* converted = pg_server_to_any(text.data(), static_cast<int>(text.size()), PG_UTF8);
    return converted == text.data() ? text : std::string_view(converted);
}

// Whether to_utf8() would succeed.
bool has_utf8_form(std::string_view text);

}  // namespace gpsync::pg
