// How the walks over nested values ask the Scrubber. Each function that takes a value appends it, or what
// replaces it, and is false when it has to be left out.
#pragma once

#include "core/pii/document/scrubber.hpp"
#include "pg/scrub/scrub.h"

namespace gpsync::pg {

// Raises the error of the Scrubber's status.
[[noreturn]] void raise_scrub_error(const Scrub& scrub);

// Text of the database for the Scrubber, and text of the Scrubber's for the database.
std::string_view as_utf8(std::string_view text, const Scrub& scrub);
std::string_view from_utf8(std::string_view text, const Scrub& scrub);

// Does what a verdict says: keep(), or replace(text), which gets the replacement in the database's encoding.
// False: the value has to be left out.
template <class Keep, class Replace>
bool follow(core::pii::Verdict verdict, Scrub& scrub, const Keep& keep, const Replace& replace) {
    if (verdict == core::pii::Verdict::kKeep) {
        keep();
        return true;
    }
    if (verdict == core::pii::Verdict::kError) raise_scrub_error(scrub);
    scrub.changed = true;
    if (verdict == core::pii::Verdict::kRemove) return false;
    replace(from_utf8(scrub.scrubber->replacement(), scrub));
    return true;
}
// The same for what cannot be replaced in part: whether it stays.
inline bool stays(core::pii::Verdict verdict, Scrub& scrub) {
    if (verdict == core::pii::Verdict::kError) raise_scrub_error(scrub);
    if (verdict != core::pii::Verdict::kKeep) scrub.changed = true;
    return verdict == core::pii::Verdict::kKeep;
}

// Before a string with this text, or another value: what stands beside it, where that may say what it is.
void show_wanted_siblings(Scrub& scrub, std::string_view text);
// Before a value that is visited by itself: what stands beside it in the row.
void show_siblings_of_document(Scrub& scrub);
bool scrub_string(core::ByteBuffer& out, std::string_view text, Scrub& scrub);
// Where out has a number from start on.
bool scrub_written_number(core::ByteBuffer& out, size_t start, Scrub& scrub);
bool scrub_boolean(core::ByteBuffer& out, bool value, Scrub& scrub);
void scrub_null(Scrub& scrub);
// The value of this member of the row comes next.
void begin_member(const ScrubMember& member, Scrub& scrub);
// A key and its colon.
void scrub_key(core::ByteBuffer& out, std::string_view name, Scrub& scrub);
// False: the container is to be left out, and not visited.
bool scrub_begin(bool array, Scrub& scrub);
void scrub_end(bool array, Scrub& scrub);
bool scrub_json_text(core::ByteBuffer& out, std::string_view json, Scrub& scrub);

// Appends the value if core's prefilter says at once that it holds no PII under a neutral name;
// else false, and nothing is appended.
bool render_if_clean(core::ByteBuffer& out, RenderPlan& plan, Datum value, const Scrub& scrub);

// A value inside of another, of any type.
bool scrub_item(core::ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub);

// See is_clean().
bool is_clean_jsonb(Datum value, const ScrubMember& member, const Scrub& scrub);
// The same, and the document is appended while it is read; else nothing is.
bool append_clean_jsonb(core::ByteBuffer& out, Datum value, const ScrubMember& member, const Scrub& scrub);
bool is_clean_array(RenderPlan& plan, Datum value, const ScrubMember& member, const Scrub& scrub);
// Whether an integer is too short for a card number.
bool is_short(int64_t value);

bool scrub_jsonb(core::ByteBuffer& out, Datum value, Scrub& scrub);
// The value of a member of the row, which has not been begun yet.
bool scrub_jsonb_member(core::ByteBuffer& out, Datum value, const ScrubMember& member, Scrub& scrub);
bool scrub_array(core::ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub);
bool scrub_tsvector(core::ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub);
bool scrub_hstore(core::ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub);  // pg/scrub/hstore.cpp
bool scrub_composite(core::ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub);

}  // namespace gpsync::pg
