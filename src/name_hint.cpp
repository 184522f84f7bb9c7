// core's nearest name for errors that SQL raises.
#include "core/nearest_name.hpp"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "utils/array.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// REQUIRES: nothing with a destructor alive. Elements that are NULL are left out.
std::span<const std::string_view> read_names(ArrayType* array) {
    Datum* elements;
    bool* nulls;
    int count;
    deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
    auto* names =
        static_cast<std::string_view*>(palloc(sizeof(std::string_view) * static_cast<size_t>(count + 1)));
    size_t kept = 0;
    for (int i = 0; i < count; ++i) {
        if (nulls[i]) continue;
        const text* name = DatumGetTextPP(elements[i]);
        names[kept++] = {VARDATA_ANY(name), static_cast<size_t>(VARSIZE_ANY_EXHDR(name))};
    }
    return {names, kept};
}

}  // namespace

}  // namespace gpsync

// name_hint(given text, what text, names text[]) -> text
GPSYNC_FUNCTION(gpsync_name_hint) {
    return gpsync::pg::guarded([&]() -> Datum {
        const text* given = PG_GETARG_TEXT_PP(0);
        const text* what = PG_GETARG_TEXT_PP(1);
        const auto names = gpsync::read_names(PG_GETARG_ARRAYTYPE_P(2));
        const std::string hint = gpsync::core::unknown_name_hint(
            {VARDATA_ANY(given), static_cast<size_t>(VARSIZE_ANY_EXHDR(given))},
            {VARDATA_ANY(what), static_cast<size_t>(VARSIZE_ANY_EXHDR(what))}, names);
        text* result = nullptr;
        gpsync::pg::server_call(
            [&] { result = cstring_to_text_with_len(hint.data(), static_cast<int>(hint.size())); });
        PG_RETURN_TEXT_P(result);
    });
}
