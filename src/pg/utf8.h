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

// The same where the database is of another encoding; a view without data(): text has no form in UTF-8.
std::string_view converted_to_utf8(std::string_view text);

// Unlike the server's own errors it shows no byte of the text, which may be personal data.
[[noreturn]] void raise_no_utf8_form();

// Text of the database in UTF-8: text itself, or a copy in the current memory context. An error when it has
// no equivalent, or is not valid UTF-8 in a database of encoding SQL_ASCII. REQUIRES: a transaction.
inline std::string_view to_utf8(std::string_view text) {
    if (server_is_utf8() || text.empty()) [[likely]]
        return text;
    const std::string_view converted = converted_to_utf8(text);
    if (converted.data() == nullptr) raise_no_utf8_form();
    return converted;
}

// Whether to_utf8() would succeed.
inline bool has_utf8_form(std::string_view text) {
    return server_is_utf8() || text.empty() || converted_to_utf8(text).data() != nullptr;
}

}  // namespace gpsync::pg
