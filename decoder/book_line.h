// With book_lines a line begins with where the row of its event is, for relay_book(): docs/wire-format.md has
// the format. Names of tables and columns change, the OID of a table and the numbers of its columns do not.
#pragma once

#include "pg/prelude.h"

#include <string_view>

#include "core/byte_buffer.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attnum.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

// The first field, and what the second begins with.
void append_book_start(core::ByteBuffer& out, Oid relid);
// A column of the key, as a member of the second field. name is its quoted name, with a colon, and a comma
// before unless it is the first.
void append_book_column(core::ByteBuffer& out, std::string_view name, AttrNumber attnum, Oid type);
void append_book_end(core::ByteBuffer& out);
// A field with the row's revision, for an event that does not show it.
void append_book_revision(core::ByteBuffer& out, int64_t revision);
// The last field: a JSON array of the endpoints that get the event.
void append_book_endpoints(core::ByteBuffer& out, std::string_view endpoints);

// The output function of a type whose JSON does not always lead back to the value, so that the third field
// shows its text: arrays, composite values and the vectors of the catalogs, whose JSON leaves out lower
// bounds and says null in two ways. InvalidOid: the JSON will do.
Oid text_output_of(Oid type);

}  // namespace gpsync::decoder
