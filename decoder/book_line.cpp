#include "book_line.h"

#include "core/json_writer.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

void append_book_start(core::ByteBuffer& out, Oid relid) {
    out.append('@');
    core::append_integer(out, int64_t{relid});
    out.append("\t{");
}

void append_book_column(core::ByteBuffer& out, std::string_view name, AttrNumber attnum, Oid type) {
    out.append(name);
    out.append('[');
    core::append_integer(out, int64_t{attnum});
    out.append(',');
    core::append_integer(out, int64_t{type});
    out.append(']');
}

void append_book_end(core::ByteBuffer& out) {
    out.append("}\t");
}

void append_book_revision(core::ByteBuffer& out, int64_t revision) {
    out.append('#');
    core::append_integer(out, revision);
    out.append('\t');
}

void append_book_endpoints(core::ByteBuffer& out, std::string_view endpoints) {
    out.append(endpoints);
    out.append('\t');
}

Oid text_output_of(Oid type) {
    const Oid base = getBaseType(type);
    const bool nested = OidIsValid(get_element_type(base)) || type_is_rowtype(base) || base == OIDVECTOROID ||
                        base == INT2VECTOROID;
    Oid output = InvalidOid;
    bool is_varlena;
    if (nested) getTypeOutputInfo(base, &output, &is_varlena);
    return output;
}

}  // namespace gpsync::decoder
