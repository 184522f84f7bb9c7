#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/namespace.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

bool has_utf8_form(std::string_view text) {
    const auto length = static_cast<int>(text.size());
    if (server_is_utf8() || text.empty()) return true;
    if (GetDatabaseEncoding() == PG_SQL_ASCII) return pg_verify_mbstr(PG_UTF8, text.data(), length, true);
    const Oid conversion = FindDefaultConversionProc(GetDatabaseEncoding(), PG_UTF8);
    if (!OidIsValid(conversion)) return false;
    auto* source = reinterpret_cast<unsigned char*>(pnstrdup(text.data(), text.size()));
    const int room = length * MAX_CONVERSION_GROWTH + 1;
    auto* converted = static_cast<unsigned char*>(palloc(static_cast<size_t>(room)));
    const int done = pg_do_encoding_conversion_buf(conversion, GetDatabaseEncoding(), PG_UTF8, source, length,
                                                   converted, room, true);
    pfree(source);
    pfree(converted);
    return done == length;
}

}  // namespace gpsync::pg
