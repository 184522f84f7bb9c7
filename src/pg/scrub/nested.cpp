// Arrays and composite values through the Scrubber.
#include "pg/json/nested.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/scrub_internal.h"
#include "pg/utf8.h"

namespace gpsync::pg {

using core::ByteBuffer;

namespace {

// The attributes of the composite value that is open.
struct CompositeSiblings : Siblings {
    const CompositePlan* composite;
    const Datum* values;
    const bool* nulls;
    const Siblings* around;

    static void show_all(const Siblings& self, Scrub& scrub) {
        const auto& it = static_cast<const CompositeSiblings&>(self);
        for (int i = 0; i < it.composite->natts; ++i)
            if (it.composite->names[i] != nullptr)
                show_sibling(scrub, it.composite->names[i], it.composite->attributes[i],
                             it.nulls[i] ? nullptr : &it.values[i]);
    }
};

struct ScrubSink {
    using Members = CompositeSiblings;
    Scrub& scrub;

    void open(Members& members, const CompositePlan& composite, const Datum* values, const bool* nulls) {
        members = {{CompositeSiblings::show_all}, &composite, values, nulls, scrub.siblings};
        scrub.siblings = &members;
    }
    void close(const Members& members) { scrub.siblings = members.around; }

    bool begin(bool array) { return scrub_begin(array, scrub); }
    void end(bool array) { scrub_end(array, scrub); }
    void null() { scrub_null(scrub); }
    void name(ByteBuffer& out, const CompositePlan& composite, int i, bool first) {
        if (!first) out.append(',');
        scrub_key(out, composite.names[i], scrub);
    }
    bool item(ByteBuffer& out, RenderPlan& plan, Datum value) { return scrub_item(out, plan, value, scrub); }
};

bool is_clean_element(const RenderPlan& plan, Datum value, const Scrub& scrub) {
    switch (plan.probe) {
        case Probe::kNever:
            return true;
        case Probe::kInteger:
            return is_short(DatumGetInt64(value));
        case Probe::kText:
            return scrub.scrubber->is_neutral_text(varlena_bytes(plain_varlena(value)));
        default:
            return false;
    }
}

// A table, a pair of a label and its value, a number in groups.
bool may_say_something(const RenderPlan& plan, const ArrayType* array) {
    using core::pii::ArrayPreview;
    if (plan.element->probe != Probe::kText || ARR_NDIM(array) == 0) return false;
    if (ARR_NDIM(array) > 1) return true;
    const int count = ARR_DIMS(array)[0];
    if (count > static_cast<int>(ArrayPreview::kMostGroups)) return false;
    const bits8* present = ARR_NULLBITMAP(array);
    if (present != nullptr && (present[0] & 1) == 0) return false;
    const Datum first = fetch_att(ARR_DATA_PTR(array), plan.element_by_value, plan.element_length);
    return ArrayPreview::may_matter(static_cast<size_t>(count), varlena_bytes(plain_varlena(first)));
}

// Its elements are read where they are, as deconstruct_array() does.
bool are_clean(RenderPlan& plan, const ArrayType* array, const Scrub& scrub) {
    const int count = ARR_DIMS(array)[0];
    const bits8* present = ARR_NULLBITMAP(array);
    const char* at = ARR_DATA_PTR(array);
    for (int i = 0; i < count; ++i) {
        if (present != nullptr && (present[i / BITS_PER_BYTE] & (1 << i % BITS_PER_BYTE)) == 0) continue;
        const Datum value = fetch_att(at, plan.element_by_value, plan.element_length);
        if (!is_clean_element(*plan.element, value, scrub)) return false;
        at = att_addlength_pointer(at, plan.element_length, at);
        const auto end = reinterpret_cast<uintptr_t>(at);
        at += att_align_nominal(end, plan.element_align) - end;
    }
    return true;
}

}  // namespace

bool is_clean_array(RenderPlan& plan, Datum value, const ScrubMember& member, const Scrub& scrub) {
    const core::pii::MemberContext& context = member.known.context;
    const ArrayType* array = DatumGetArrayTypeP(value);
    return context.by_itself && context.neutral && server_is_utf8() && ARR_NDIM(array) == 1 &&
           !may_say_something(plan, array) && are_clean(plan, array, scrub);
}

// What the elements of an array say together is known to the visit of a document.
bool scrub_array(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    if (may_say_something(plan, DatumGetArrayTypeP(value)) || scrub.scrubber->preview().may_be_digits()) {
        ByteBuffer json = make_buffer(CurrentMemoryContext);
        render_value(json, plan, value);
        return scrub_json_text(out, json.view(), scrub);
    }
    ScrubSink sink{scrub};
    return append_array(out, plan, value, sink);
}

bool scrub_composite(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    ScrubSink sink{scrub};
    return append_composite(out, plan, value, sink);
}

}  // namespace gpsync::pg
