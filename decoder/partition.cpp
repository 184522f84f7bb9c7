#include "partition.h"

#include "core/ramp/bucket.hpp"
#include "pg/guard.h"
#include "pg/utf8.h"

namespace gpsync::decoder {

namespace {

// REQUIRES: the tuple that field reads is there.
uint32_t partition_of(Decoder& decoder, RelationEntry& entry,
                      Field (*field)(const RelationEntry&, const Column&)) {
    core::ByteBuffer& json = decoder.key;
    core::ByteBuffer& subject = decoder.subject_key;
    subject.size = 0;
    for (int i = 0; i < entry.nkey; ++i) {
        Column& column = entry.columns[entry.key[i]];
        decoder.column = &column;
        json.size = 0;
        const Field value = field(entry, column);
        if (value.state == FieldState::kValue)
            pg::render_value(json, column.value, value.value);
        else
            json.append("null");
        core::append_subject_part(subject, pg::to_utf8(json.view()), i == 0);
    }
    decoder.column = nullptr;
    return core::murmur3_32(subject.view()) % decoder.options.partition.count + 1;
}

Field new_key_field(const RelationEntry& entry, const Column& column) {
    return new_field(entry, {core::EventType::kInserted, false, true, false}, column);
}

}  // namespace

bool keep_partition(Decoder& decoder, TupleDesc changed, RelationEntry& entry, RowChange& row) {
    const uint32_t own = decoder.options.partition.number;
    const bool is_new = row.has_new && partition_of(decoder, entry, new_key_field) == own;
    if (!row.has_old) return row.has_new ? is_new : own == 1;
    const bool is_old = partition_of(decoder, entry, old_field) == own;
    if (!row.has_new || is_new == is_old) return is_old;
    if (is_new)
        take_over_unchanged(changed, {entry.old_values, entry.old_nulls}, {entry.values, entry.nulls});
    row = is_new ? RowChange{core::EventType::kInserted, false, true, false}
                 : RowChange{core::EventType::kDeleted, true, false, false, true};
    return true;
}

void raise_truncate_of_partition() {
    throw pg::Error(pg::Sqlstate::kFeatureNotSupported,
                    "a stream that is a partition cannot deliver TRUNCATE")
        .detail("The other partitions deliver rows of the table at the same time.")
        .hint(
            "Publish insert, update and delete alone, and delete the rows at the endpoints; "
            "gpsync.skip_change() leaves this one out.");
}

}  // namespace gpsync::decoder
