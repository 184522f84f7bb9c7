#include "relay/books/book_call.hpp"

#include "relay/books/cursors.hpp"
#include "relay/postgres/pg_binary.hpp"

namespace gpsync::relay {

namespace {

enum {
    kStream,
    kTables,
    kTableIndex,
    kKeys,
    kRevisions,
    kFailed,
    kCommitLsn,
    kOrdinal,
    kCommitTime,
    kDeadLetters,
    kRelations,
    kKeyColumns,
    kCommits,
    kConfirmedLsn,
    kCursors,
    kHeld,
    kHeldLines
};

}  // namespace

// Cursors and held events come last, with columns of their own: the planner leaves out what nobody reads.
const char* const kPrepareBook =
    "PREPARE gpsync_book (pg_catalog.text, pg_catalog.text[], integer[], pg_catalog.jsonb[], bigint[], "
    "boolean[], pg_catalog.pg_lsn, bigint, pg_catalog.timestamptz, pg_catalog.jsonb, pg_catalog.oid[], "
    "pg_catalog.jsonb[], bigint[], pg_catalog.pg_lsn, pg_catalog.jsonb, pg_catalog.jsonb, "
    "pg_catalog.bytea[]) AS "
    "SELECT marked, deferred, superseded, gpsync_internal.relay_keep_cursors($1, $15), "
    "gpsync_internal.relay_keep_held($1, $16, $17) "
    "FROM gpsync_internal.relay_book($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

BookCall::BookCall(const std::string& stream, const EndpointNames& endpoints, const Booking& booking,
                   const RelationTable& relations, bool bookkeeping) {
    parameters_[kStream] = {stream, false, false};
    add_marks(bookkeeping ? booking : Booking{}, relations);
    if (booking.position) {
        parameters_[kCommitLsn].bytes = binary_int8(static_cast<int64_t>(booking.position->commit_lsn));
        parameters_[kOrdinal].bytes = binary_int8(booking.position->ordinal);
        parameters_[kCommitTime].bytes = binary_timestamptz(booking.commit_time_us);
        parameters_[kConfirmedLsn].bytes = binary_int8(static_cast<int64_t>(booking.confirmed_lsn));
    } else {
        for (int i : {kCommitLsn, kOrdinal, kCommitTime, kConfirmedLsn})
            parameters_[static_cast<size_t>(i)].null = true;
    }
    parameters_[kDeadLetters] = {dead_letters_json(booking.dead_letters), booking.dead_letters.empty(),
                                 false};
    add_held(booking.held, endpoints);
    parameters_[kCursors] = {cursors_json(booking.cursors, endpoints), booking.cursors.empty(), false};
}

void BookCall::add_marks(const Booking& booking, const RelationTable& relations) {
    BinaryArray tables(kText), indexes(kInt4), keys(kJsonb), revisions(kInt8), failed(kBool), oids(kOid),
        key_columns(kJsonb), commits(kInt8);
    std::vector<int32_t> index_of(relations.targets(), 0);
    int32_t known = 0;
    for (const auto& [event, refused, complete] : booking.events) {
        if (!event->has_revision || !complete) continue;
        int32_t& index = index_of[event->target];
        if (index == 0) {
            const MarkTarget& target = relations.target(event->target);
            index = ++known;
            tables.add_text(relations[target.relation].quoted);
            oids.add_int4(static_cast<int32_t>(target.oid));
            key_columns.add_jsonb(target.oid != 0 ? target.key_columns : "{}");
        }
        indexes.add_int4(index);
        keys.add_jsonb(event->mark_key());
        revisions.add_int8(event->revision);
        failed.add_bool(refused);
        // A row that a filter leaves out: no endpoint took anything, so its dead letters stay as they are.
        const bool is_filtered = event->echo() == "[]";
        commits.add_int8(is_filtered ? 0 : static_cast<int64_t>(event->position.commit_lsn));
        ++marks_;
    }
    parameters_[kTables].bytes = tables.bytes();
    parameters_[kTableIndex].bytes = indexes.bytes();
    parameters_[kKeys].bytes = keys.bytes();
    parameters_[kRevisions].bytes = revisions.bytes();
    parameters_[kFailed].bytes = failed.bytes();
    parameters_[kRelations].bytes = oids.bytes();
    parameters_[kKeyColumns].bytes = key_columns.bytes();
    parameters_[kCommits].bytes = commits.bytes();
}

void BookCall::add_held(const std::vector<HeldChange>& changes, const EndpointNames& endpoints) {
    parameters_[kHeld].null = parameters_[kHeldLines].null = changes.empty();
    parameters_[kHeld].binary = false;
    if (changes.empty()) return;
    parameters_[kHeld].bytes = held_json(changes, endpoints);
    BinaryArray lines(kBytea);
    for (const HeldChange& change : changes)
        if (change.kind == HeldChange::added) lines.add_text(change.line);
    parameters_[kHeldLines].bytes = lines.bytes();
}

std::array<const char*, BookCall::kParameters> BookCall::values() const {
    std::array<const char*, kParameters> values{};
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = parameters_[i].null ? nullptr : parameters_[i].bytes.c_str();
    return values;
}

std::array<int, BookCall::kParameters> BookCall::lengths() const {
    std::array<int, kParameters> lengths{};
    for (size_t i = 0; i < lengths.size(); ++i) lengths[i] = static_cast<int>(parameters_[i].bytes.size());
    return lengths;
}

std::array<int, BookCall::kParameters> BookCall::formats() const {
    std::array<int, kParameters> formats{};
    for (size_t i = 0; i < formats.size(); ++i) formats[i] = parameters_[i].binary ? 1 : 0;
    return formats;
}

}  // namespace gpsync::relay
