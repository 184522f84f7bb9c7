#include "migration/echo.h"

#include "core/json_writer.hpp"
#include "pg/echo_message.h"
#include "pg/pg_buffer.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "replication/message.h"
#include "utils/builtins.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

void append_names(core::ByteBuffer& out, ArrayType* endpoints) {
    Datum* names = nullptr;
    bool* nulls = nullptr;
    int count = 0;
    deconstruct_array(endpoints, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
    out.append('[');
    for (int i = 0; i < count; ++i) {
        if (nulls[i])
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("an endpoint's name is NULL")));
        if (i > 0) out.append(',');
        core::append_json_string(out, TextDatumGetCString(names[i]));
    }
    out.append(']');
}

}  // namespace

void write_echo_message(int64 revision, ArrayType* endpoints) {
    if (!pg::is_import_revision(revision, GetXLogInsertRecPtr()))
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("revision %lld is not of a chunk of an import", static_cast<long long>(revision))));
    core::ByteBuffer message = pg::make_buffer(CurrentMemoryContext, 256);
    core::append_integer(message, int64_t{revision});
    message.append(' ');
    append_names(message, endpoints);
    LogLogicalMessage(pg::kEchoMessagePrefix, message.data, message.size, true);
}

}  // namespace gpsync::migration
