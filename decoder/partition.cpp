#include "partition.h"

#include <optional>

#include "core/ramp/bucket.hpp"
#include "pg/guard.h"
#include "pg/utf8.h"

namespace gpsync::decoder {

namespace {

constexpr uint32_t kOfUnknownKeys = 1;

// Nothing: the tuple does not have the whole key, as an old one does whose replica identity is something
// else. REQUIRES: the tuple that field reads is there.
std::optional<uint32_t> partition_of(Decoder& decoder, RelationEntry& entry,
                                     Field (*field)(const RelationEntry&, const Column&)) {
    core::ByteBuffer& json = decoder.key;
    core::ByteBuffer& subject = decoder.subject_key;
    subject.size = 0;
    for (int i = 0; i < entry.nkey; ++i) {
        Column& column = entry.columns[entry.key[i]];
        decoder.column = &column;
        json.size = 0;
        const Field value = field(entry, column);
        if (value.state != FieldState::kValue) return std::nullopt;
        append_key_value(json, column, value);
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
    const auto of_old = row.has_old ? partition_of(decoder, entry, old_field) : std::nullopt;
    if (!row.has_new) return of_old.value_or(kOfUnknownKeys) == own;
    const auto of_new = partition_of(decoder, entry, new_key_field).value_or(kOfUnknownKeys);
    const bool is_new = of_new == own, is_old = of_old.value_or(of_new) == own;
    if (is_new == is_old) return is_new;
    if (is_new)
        take_over_unchanged(changed, {entry.old_values, entry.old_nulls}, {entry.values, entry.nulls});
    row = is_new ? RowChange{core::EventType::kInserted, false, true, false}
                 : RowChange{core::EventType::kDeleted, true, false, false, true};
    return true;
}

void raise_truncate_of_partition(FormatName format) {
    throw pg::Error(pg::Sqlstate::kFeatureNotSupported,
                    "a stream that is a partition cannot deliver TRUNCATE")
        .detail("The other partitions deliver rows of the table at the same time.")
        .hint(
            format == FormatName::kWal2Json
                ? "Use option actions 'insert,update,delete', and delete the consumers' rows in another way."
                : "Publish insert, update and delete alone, and delete the rows at the endpoints; "
                  "gpsync.skip_change() leaves this one out.");
}

}  // namespace gpsync::decoder
