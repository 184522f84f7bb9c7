// The partition of a key among streams that share their tables, as the decoder computes it
// (decoder/partition.h).
#include "core/byte_buffer.hpp"
#include "core/cloudevents.hpp"
#include "core/ramp/bucket.hpp"
#include "pg/guard.h"
#include "pg/pg_buffer.h"
#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "utils/array.h"
GPSYNC_SERVER_HEADERS_END

// key_partition(parts text[], count integer) -> integer: parts are the values of the key's columns, as JSON.
GPSYNC_FUNCTION(gpsync_key_partition) {
    return gpsync::pg::guarded([&]() -> Datum {
        Datum* parts;
        bool* nulls;
        int count;
        deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &parts, &nulls, &count);
        gpsync::core::ByteBuffer subject = gpsync::pg::make_buffer(CurrentMemoryContext);
        for (int i = 0; i < count; ++i) {
            const text* part = nulls[i] ? nullptr : DatumGetTextPP(parts[i]);
            const std::string_view json =
                part == nullptr
                    ? std::string_view("null")
                    : std::string_view(VARDATA_ANY(part), static_cast<size_t>(VARSIZE_ANY_EXHDR(part)));
            gpsync::core::append_subject_part(subject, gpsync::pg::to_utf8(json), i == 0);
        }
        const auto partitions = static_cast<uint32_t>(Max(PG_GETARG_INT32(1), 1));
        PG_RETURN_INT32(static_cast<int32>(gpsync::core::murmur3_32(subject.view()) % partitions + 1));
    });
}
