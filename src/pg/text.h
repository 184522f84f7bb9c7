// Text Datums as plain views and back. Views last as long as the Datum's memory.
#pragma once

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "utils/array.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// May detoast, so may raise: call it while nothing with a destructor is alive, or under server_call().
inline std::string_view text_view(Datum datum) {
    const text* value = DatumGetTextPP(datum);
    return {VARDATA_ANY(value), static_cast<size_t>(VARSIZE_ANY_EXHDR(value))};
}

// The elements of a text[]; a NULL element is a view whose data() is nullptr. Raises as text_view() does.
std::span<const std::string_view> text_array_view(Datum array);

// palloc'd copies in the current memory context. Safe where objects with destructors are alive.
Datum make_text(std::string_view value);
Datum make_text_array(std::span<const std::string_view> values);

}  // namespace gpsync::pg
