#include "pg/text.h"

namespace gpsync::pg {

std::span<const std::string_view> text_array_view(Datum array) {
    Datum* elements;
    bool* nulls;
    int count;
    deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
    auto* views =
        static_cast<std::string_view*>(palloc(sizeof(std::string_view) * static_cast<size_t>(count + 1)));
    for (int i = 0; i < count; ++i) views[i] = nulls[i] ? std::string_view() : text_view(elements[i]);
    return {views, static_cast<size_t>(count)};
}

Datum make_text(std::string_view value) {
    Datum result = 0;
    server_call([&] {
        result = PointerGetDatum(cstring_to_text_with_len(value.data(), static_cast<int>(value.size())));
    });
    return result;
}

Datum make_text_array(std::span<const std::string_view> values) {
    Datum result = 0;
    server_call([&] {
        auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (values.size() + 1)));
        for (size_t i = 0; i < values.size(); ++i)
            elements[i] = PointerGetDatum(
                cstring_to_text_with_len(values[i].data(), static_cast<int>(values[i].size())));
        result = PointerGetDatum(
            construct_array(elements, static_cast<int>(values.size()), TEXTOID, -1, false, TYPALIGN_INT));
    });
    return result;
}

}  // namespace gpsync::pg
