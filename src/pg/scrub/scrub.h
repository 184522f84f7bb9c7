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

struct Scrub {
    core::pii::Scrubber* scrubber;
    ScrubObjects* objects;
    core::ByteBuffer scratch;
    core::ByteBuffer frames;  // of a document that is being visited
    bool converts;            // the database's text is not UTF-8
    bool in_document;         // an object is open: the row whose members are visited
    bool changed;             // something of the last value was replaced or left out
};

// policy and keys (may be nullptr) have to live as long as context. Throws std::bad_alloc.
Scrub* make_scrub(MemoryContext context, const core::pii::Policy& policy, const core::pii::KeyRing* keys);

// What is known of a member of the row, once for many rows.
struct ScrubMember {
    std::string_view name;  // UTF-8
    core::pii::Scrubber::RowMember known;
    bool skip;  // no value of the type under this name can be PII
};

// The column name of a row whose columns are visited. Allocates in context. Ends the row that is
// open. Throws Error.
ScrubMember make_scrub_member(Scrub& scrub, std::string_view name, const RenderPlan& plan,
                              MemoryContext context);

// The members that follow are those of another row.
inline void begin_scrubbed_row(Scrub& scrub) {
    scrub.in_document = false;
}

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
