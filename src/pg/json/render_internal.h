// What the files of render share with each other and with nobody else.
#pragma once

#include "pg/json/render.h"

namespace gpsync::pg {

void render_json(core::ByteBuffer& out, RenderPlan& plan, Datum value);
void render_jsonb(core::ByteBuffer& out, RenderPlan& plan, Datum value);
void render_numeric(core::ByteBuffer& out, RenderPlan& plan, Datum value);
void render_array(core::ByteBuffer& out, RenderPlan& plan, Datum value);
void render_composite(core::ByteBuffer& out, RenderPlan& plan, Datum value);

// Documents as deep as the server lets in are written, whatever max_stack_depth is where they are: below so
// many levels without recursion.
constexpr int kDeepestRecursion = 200;

void append_bytea(core::ByteBuffer& out, std::string_view bytes);
// JSON text as it was written, but on one line: an event is a line of the stream.
void append_json_on_one_line(core::ByteBuffer& out, std::string_view json);

// A varlena that is neither external nor compressed, but may have a short header.
inline struct varlena* plain_varlena(Datum value) {
    auto* stored = reinterpret_cast<struct varlena*>(DatumGetPointer(value));
    if (VARATT_IS_EXTERNAL(stored) || VARATT_IS_COMPRESSED(stored)) [[unlikely]]
        return pg_detoast_datum_packed(stored);
    return stored;
}

inline std::string_view varlena_bytes(const struct varlena* plain) {
    return {VARDATA_ANY(plain), VARSIZE_ANY_EXHDR(plain)};
}

}  // namespace gpsync::pg
