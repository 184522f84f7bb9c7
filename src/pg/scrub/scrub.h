// Values as JSON without PII: what render.h writes, judged by core's Scrubber while it is written. What the
// Scrubber does not object to is written exactly as render_value() would.
//
// A Scrub is a handle in palloc'd memory to C++ objects that go with its memory context. Only what says so
// throws; everything else raises PostgreSQL's errors and has no destructors in its frames. Whatever goes
// wrong is an ERROR: nothing is written unscrubbed.
#pragma once

#include "pg/prelude.h"

#include "core/byte_buffer.hpp"
#include "core/pii/document/scrubber.hpp"
#include "core/pii/policy/policy.hpp"
#include "core/pii/protect/key_ring.hpp"
#include "pg/json/render.h"

namespace gpsync::pg {

struct ScrubObjects;
struct Scrub;

// What stands beside the values of an open object that is no document: a row, a composite value. What one
// column says of another counts in any order, as in a document.
struct Siblings {
    // show_sibling() for each member.
    void (*show)(const Siblings& self, Scrub& scrub) = nullptr;
};

struct Scrub {
    core::pii::Scrubber* scrubber;
    ScrubObjects* objects;
    core::ByteBuffer scratch;
    core::ByteBuffer frames;   // of a document that is being visited
    core::ByteBuffer checked;  // what of it is neutral, as JSON
    bool converts;             // the database's text is not UTF-8
    bool in_document;          // an object is open: the row whose members are visited
    bool changed;              // something of the last value was replaced or left out
    const void* suspicious;    // see is_clean()
    const Siblings* siblings;  // of the row, or of the composite value in it that is open
};

// policy and keys (may be nullptr) have to live as long as context. Throws std::bad_alloc.
Scrub* make_scrub(MemoryContext context, const core::pii::Policy& policy, const core::pii::KeyRing* keys);

// What is known of a member of the row, once for many rows.
struct ScrubMember {
    std::string_view name;  // UTF-8
    core::pii::Scrubber::RowMember known;
    bool skip;  // no value of the type under this name can be PII
};

// The column name of a row whose columns are visited. labels_matter: another column is_value_column().
// Allocates in context. Ends the row that is open. Throws Error.
ScrubMember make_scrub_member(Scrub& scrub, std::string_view name, bool labels_matter, const RenderPlan& plan,
                              MemoryContext context);
// Whether another column's text may say what a column of this name holds: ("email", "joe@…"). Ends the row
// that is open. Throws Error.
bool is_value_column(Scrub& scrub, std::string_view name);

// The members that follow are those of another row. siblings: all of its columns; it lives as long as the row
// is open. nullptr: a value alone.
inline void begin_scrubbed_row(Scrub& scrub, const Siblings* siblings = nullptr) {
    scrub.in_document = false;
    scrub.siblings = siblings;
}
// What was given as siblings is gone from here on.
inline void end_scrubbed_row(Scrub& scrub) {
    scrub.siblings = nullptr;
}
// A member of an object, with its value; nullptr: it has none.
void show_sibling(Scrub& scrub, std::string_view name, RenderPlan& plan, const Datum* value);

// A value that is_clean() and render_scrubbed() are asked for, one after the other, with what is stored
// elsewhere or compressed read once.
inline Datum detoasted(const RenderPlan& plan, Datum value) {
    const bool reads_all = plan.probe == Probe::kJsonb || plan.probe == Probe::kArray;
    return reads_all ? PointerGetDatum(PG_DETOAST_DATUM(value)) : value;
}

// Whether a document or an array, which is not null, holds nothing at first sight, so that render_scrubbed()
// would write what render_value() does. False of other types. That it does not is remembered until the next
// value: render_scrubbed() does not look again. REQUIRES: value is detoasted().
bool is_clean(RenderPlan& plan, Datum value, const ScrubMember& member, Scrub& scrub);

// Appends the value, which is not null, without PII. False: all of it has to be left out, and what stands in
// out behind its size at the call is to be forgotten.
bool render_scrubbed(core::ByteBuffer& out, RenderPlan& plan, Datum value, const ScrubMember& member,
                     Scrub& scrub);

// The same for a member that is JSON text already; json must not lie in out.
bool scrub_json_member(core::ByteBuffer& out, std::string_view json, const ScrubMember& member, Scrub& scrub);

// A value as render_value() wrote it, of a type with that Probe, and what its name says of it.
struct WrittenValue {
    std::string_view json;
    Probe probe;
    core::pii::Detector subject;
};

// The whole value in another form: a JSON string. action is kMask, kTokenize or kHash; the value must not lie
// in out. Verification data in it is taken out before; false: it is all of the value. A missing key is an
// error.
bool append_acted_on(core::ByteBuffer& out, const WrittenValue& value, core::pii::Action action,
                     const core::pii::KeyRing* keys, Scrub& scrub);

}  // namespace gpsync::pg
