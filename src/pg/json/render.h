// Values as JSON, exactly as to_jsonb(row) gives them, with two exceptions that make the text independent of
// who reads the stream: timestamptz is always in UTC, and nothing a user defined runs (to_jsonb would call a
// user's cast to json). How a type is written is decided once, in a RenderPlan that is kept with the column.
//
// What is here is trivially destructible and raises PostgreSQL's errors directly.
#pragma once

#include "pg/prelude.h"

#include "core/byte_buffer.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/jsonb.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

struct RenderPlan;
struct CompositePlan;

// Appends value, which is not null, as JSON. May allocate in the current memory context.
using RenderFunction = void (*)(core::ByteBuffer& out, RenderPlan& plan, Datum value);

// How a type's values are scanned where they may hold PII.
enum class Probe : uint8_t {
    kNever,    // nothing, unless the name in front of it is suspicious: dates, uuids, small numbers, enums
    kBoolean,  // nothing, unless a rule of a policy is about the whole value
    kInteger,  // int8
    kNumber,   // numeric, float4, float8
    kText,     // a varlena of text
    kBytes,
    kJson,
    kJsonb,
    kArray,
    kComposite,
    kRange,
    kHstore,
    kTsvector,
    kOutput,  // the text of the output function
};

struct RenderPlan {
    RenderFunction render;
    Probe probe;
    Oid type;               // domains resolved
    bool settings_matter;   // the text depends on settings of the session: pin_render_settings() first
    MemoryContext context;  // of the plan and of what is added to it on first use
    FmgrInfo output;        // types without a writer of their own
    RenderPlan* element;    // arrays
    int16 element_length;   // arrays: how elements are stored
    bool element_by_value;
    char element_align;
    CompositePlan* composite;  // composite types: made on first use, again when the type changed
};

// Fills plan for a type; catalogs are read. context must live as long as the plan.
void make_render_plan(RenderPlan* plan, Oid type, MemoryContext context);

// Whether no value of the type can be PII under a neutral name.
bool is_harmless(const RenderPlan& plan);

inline void render_value(core::ByteBuffer& out, RenderPlan& plan, Datum value) {
    plan.render(out, plan, value);
}

// Sets what output functions depend on (TimeZone, DateStyle, IntervalStyle, extra_float_digits, bytea_output,
// lc_monetary, search_path, quote_all_identifiers) to fixed values, where it differs, until the transaction
// or subtransaction that is current ends by an abort, which restores it. REQUIRES: the caller will abort it,
// as logical decoding does at the end of each replay.
void pin_render_settings();

// The writers that other files of the boundary share.
void append_jsonb(core::ByteBuffer& out, const Jsonb* document);
// What jsonb_out() gives, in a fraction of its time.
void append_jsonb_text(core::ByteBuffer& out, const Jsonb* document);
// Whether append_jsonb() would write more bytes than these for the numbers of a document. A number of ten
// bytes may have 131,072 digits before its point and 16,383 behind.
bool jsonb_numbers_exceed(const Jsonb* document, size_t most);
// payload is what follows the varlena header of a numeric, in the form it has on disk.
void append_numeric(core::ByteBuffer& out, const char* payload, size_t length);

struct NumericShape {
    unsigned integer_digits;  // before the point; 1 for what is less than 1
    bool fraction;
};
NumericShape numeric_shape(const char* payload, size_t length);

}  // namespace gpsync::pg
