// The extension's own tables and functions, as C++ finds them. A name proves nothing: where the extension is
// not installed, anybody who may create a schema can make a "gpsync.policy" that is a view or has other
// columns, and reading its rows as ours would crash the server or show memory. So what is read here must be a
// member of the extension, which only the extension's owner can change, and have the columns that the code
// expects.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/skey.h"
#include "catalog/pg_type.h"
#include "storage/lockdefs.h"
#include "utils/relcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

inline constexpr const char* kExtension = "gpsync";
inline constexpr const char* kOwnSchema = "gpsync";
// Of functions that nobody calls by hand.
inline constexpr const char* kInternalSchema = "gpsync_internal";

// A column, NOT NULL unless it is said to be nullable; a null Datum is NULL then.
struct OwnColumn {
    const char* name;
    Oid type;
    bool nullable = false;
};

// A table and its first columns, in order. A later version of the extension may have more behind them.
struct OwnTable {
    const char* name;
    std::span<const OwnColumn> columns;
};

inline constexpr OwnColumn kMachineColumns[] = {{"machine", TEXTOID}};
inline constexpr OwnColumn kMachineStateColumns[] = {
    {"machine", TEXTOID}, {"state", TEXTOID}, {"ordinal", INT4OID}, {"initial", BOOLOID}};
inline constexpr OwnColumn kMachineTransitionColumns[] = {
    {"machine", TEXTOID}, {"from_state", TEXTOID}, {"to_state", TEXTOID}, {"ordinal", INT4OID}};
inline constexpr OwnColumn kPolicyColumns[] = {{"policy", TEXTOID}, {"rules", JSONBOID}};
inline constexpr OwnColumn kStreamColumns[] = {{"stream", TEXTOID},
                                               {"publication", NAMEOID, true},
                                               {"endpoints", TEXTARRAYOID},
                                               {"bookkeeping", BOOLOID},
                                               {"paused", BOOLOID}};
// Of a version that knows topics.
inline constexpr OwnColumn kStreamTopicsColumns[] = {
    {"stream", TEXTOID},         {"publication", NAMEOID, true},
    {"endpoints", TEXTARRAYOID}, {"bookkeeping", BOOLOID},
    {"paused", BOOLOID},         {"owner", NAMEOID},
    {"home", TEXTOID},           {"created_at", TIMESTAMPTZOID},
    {"topics", TEXTARRAYOID}};
inline constexpr OwnColumn kDeferredMarkColumns[] = {
    {"id", INT8OID},       {"stream", TEXTOID},  {"relation", REGCLASSOID}, {"key", JSONBOID},
    {"revision", INT8OID}, {"outcome", TEXTOID}, {"commit_lsn", LSNOID}};

inline constexpr OwnColumn kStreamPositionColumns[] = {
    {"stream", TEXTOID},    {"slot_name", NAMEOID}, {"system_identifier", INT8OID},
    {"commit_lsn", LSNOID}, {"ordinal", INT8OID},   {"confirmed_lsn", LSNOID}};

inline constexpr OwnColumn kEndpointCursorColumns[] = {
    {"stream", TEXTOID}, {"endpoint", TEXTOID}, {"feed", TEXTOID}, {"commit_lsn", LSNOID}};

inline constexpr OwnColumn kHeldEventColumns[] = {{"stream", TEXTOID}, {"commit_lsn", LSNOID}};

inline constexpr OwnColumn kImportJobColumns[] = {{"job", TEXTOID}, {"relation", REGCLASSOID}};

inline constexpr OwnColumn kStepPairColumns[] = {{"pair", INT4OID}, {"a", REGCLASSOID}, {"b", REGCLASSOID}};

inline constexpr OwnColumn kLookupColumns[] = {{"lookup", TEXTOID}, {"relation", REGCLASSOID}};

inline constexpr OwnColumn kOpsEventColumns[] = {{"id", INT8OID}, {"event", TEXTOID}, {"subject", TEXTOID}};

inline constexpr OwnTable kOpsEventTable{"ops_event", kOpsEventColumns};
inline constexpr OwnColumn kBatchShadowColumns[] = {
    {"shadow", REGCLASSOID}, {"relation", REGCLASSOID}, {"is_current", BOOLOID}, {"first_revision", INT8OID}};

inline constexpr OwnTable kBatchShadowTable{"batch_shadow", kBatchShadowColumns};
inline constexpr OwnTable kLookupTable{"lookup", kLookupColumns};
inline constexpr OwnTable kImportJobTable{"import_job", kImportJobColumns};
inline constexpr OwnTable kStepPairTable{"step_pair", kStepPairColumns};
inline constexpr OwnTable kMachineTable{"machine", kMachineColumns};
inline constexpr OwnTable kMachineStateTable{"machine_state", kMachineStateColumns};
inline constexpr OwnTable kMachineTransitionTable{"machine_transition", kMachineTransitionColumns};
inline constexpr OwnTable kPolicyTable{"policy", kPolicyColumns};
inline constexpr OwnTable kStreamTable{"stream", kStreamColumns};
inline constexpr OwnTable kStreamTopicsTable{"stream", kStreamTopicsColumns};
inline constexpr OwnTable kStreamPositionTable{"stream_position", kStreamPositionColumns};
inline constexpr OwnTable kEndpointCursorTable{"endpoint_cursor", kEndpointCursorColumns};
inline constexpr OwnTable kHeldEventTable{"held_event", kHeldEventColumns};
inline constexpr OwnTable kDeferredMarkTable{"deferred_mark", kDeferredMarkColumns};

// All of these raise server errors: call them under server_call() where an object with a destructor is alive.
// REQUIRES: a transaction; a historic snapshot may be active.

// InvalidOid where the extension or its table is not there. Raises 55000 when a relation of that name does
// not belong to the extension. Checks no column: that is for whoever opens it.
Oid find_own_table(const OwnTable& table);

// The same, but raises 42P01 when it is not there.
Oid require_own_table(const OwnTable& table);

// Opens the table and checks its kind and columns (55000). nullptr where it is not there.
Relation open_own_table(const OwnTable& table, LOCKMODE lock);

// For what reads the table through SPI: raises unless it is there and as expected (42P01, 55000).
void check_own_table(const OwnTable& table);

// Whether it is schema gpsync or gpsync_internal, whoever made it.
bool is_own_schema(Oid schema);

// Whether it is a function of that name, in either schema, and the extension's.
bool is_own_function(Oid function, const char* name);

namespace detail {
bool scan_own_table(const OwnTable& table, std::span<ScanKeyData> keys, bool (*visit)(void*, const Datum*),
                    void* closure);
}

// Visits rows, as visit(const Datum* columns), until one visit answers false (if it answers anything), with
// the latest snapshot (in parallel mode, the active one) and without SPI: so without the caller's rights, row
// security or snapshot. These tables are small, so it reads the whole heap. What the columns point to goes
// with the visit. False where the table is not there.
template <class Visit>
bool scan_own_table(const OwnTable& table, std::span<ScanKeyData> keys, Visit&& visit) {
    return detail::scan_own_table(
        table, keys,
        [](void* closure, const Datum* columns) {
            auto& visitor = *static_cast<std::remove_reference_t<Visit>*>(closure);
            if constexpr (std::is_void_v<decltype(visitor(columns))>)
                return visitor(columns), true;
            else
                return visitor(columns);
        },
        &visit);
}

}  // namespace gpsync::pg
