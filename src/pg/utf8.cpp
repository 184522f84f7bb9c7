#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/namespace.h"
#include "utils/memutils.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

std::string_view converted_to_utf8(std::string_view text) {
    const auto length = static_cast<int>(text.size());
    const int encoding = GetDatabaseEncoding();
    if (encoding == PG_SQL_ASCII)
        return pg_verify_mbstr(PG_UTF8, text.data(), length, true) ? text : std::string_view();
    const Oid conversion = FindDefaultConversionProc(encoding, PG_UTF8);
    if (!OidIsValid(conversion)) return {};
    const size_t room = text.size() * MAX_CONVERSION_GROWTH + 1;
    auto* converted = static_cast<char*>(MemoryContextAllocHuge(CurrentMemoryContext, room));
    const int done = pg_do_encoding_conversion_buf(
        conversion, encoding, PG_UTF8, reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
        length, reinterpret_cast<unsigned char*>(converted), static_cast<int>(Min(room, size_t{INT_MAX})),
        true);
    if (done == length) return converted;
    pfree(converted);
    return {};
}

void raise_no_utf8_form() {
    ereport(ERROR, (errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
                    errmsg("text of a database of encoding \"%s\" has no form in UTF-8",
                           GetDatabaseEncodingName())));
    pg_unreachable();
}

}  // namespace gpsync::pg
