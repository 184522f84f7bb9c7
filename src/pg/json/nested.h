// The walk over arrays (as JSON arrays) and composite values (as JSON objects): what is written of a value
// inside is the sink's to decide. Internal to the files of pg/json and pg/scrub.
//
// A sink has
//   bool begin(bool array), void end(bool array)   around a container; false: it is left out, and has no end
//   void null()                                    before a null is written, and for an empty array
//   void name(out, composite, i, bool first)       writes the name of an attribute, and the comma before it
//   void open(members, composite, values, nulls)   before the attributes of a composite value; members is a
//   Members of the sink's, which lives until close(members)
//   bool item(out, plan, value)                    writes a value; false: it is left out, and nothing was
//   written
#pragma once

#include "pg/json/render_internal.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "utils/array.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// The attributes of a composite type as they were when identifier was given out: the type cache gives another
// identifier to a changed type.
struct CompositePlan {
    uint64 identifier;
    MemoryContext context;
    int natts;
    const char** labels;  // ,"name": of each attribute; null: dropped
    const char** names;
    RenderPlan* attributes;
};

CompositePlan* composite_plan(RenderPlan& plan, HeapTupleHeader row, TupleDesc descriptor);

// The elements of an array in storage order, dimension by dimension.
template <class Sink>
struct ArrayWalk {
    RenderPlan* element;
    Datum* values;
    bool* nulls;
    const int* dims;
    int ndims;
    Sink& sink;
    int next;

    // False: the whole of it is left out.
    bool append_dimension(core::ByteBuffer& out, int dimension) {
        if (!sink.begin(true)) return false;
        out.append('[');
        for (int i = 0; i < dims[dimension]; ++i) {
            if (i > 0) out.append(',');
            const size_t start = out.size;
            if (dimension + 1 < ndims ? append_dimension(out, dimension + 1) : append_element(out)) continue;
            out.size = start;
            out.append("null");
        }
        out.append(']');
        sink.end(true);
        return true;
    }

    bool append_element(core::ByteBuffer& out) {
        const int i = next++;
        if (!nulls[i]) return sink.item(out, *element, values[i]);
        sink.null();
        out.append("null");
        return true;
    }
};

// False: it is left out.
template <class Sink>
bool append_array(core::ByteBuffer& out, RenderPlan& plan, Datum value, Sink& sink) {
    check_stack_depth();
    ArrayType* array = DatumGetArrayTypeP(value);
    if (ARR_NDIM(array) == 0 || ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 0) {
        out.append("[]");
        sink.null();
        return true;
    }
    ArrayWalk<Sink> walk{plan.element, nullptr, nullptr, ARR_DIMS(array), ARR_NDIM(array), sink, 0};
    int count;
    deconstruct_array(array, ARR_ELEMTYPE(array), plan.element_length, plan.element_by_value,
                      plan.element_align, &walk.values, &walk.nulls, &count);
    return walk.append_dimension(out, 0);
}

// Appends the attribute with its name; false: it is left out.
template <class Sink>
bool append_attribute(core::ByteBuffer& out, const CompositePlan& composite, int i, const Datum* value,
                      bool first, Sink& sink) {
    sink.name(out, composite, i, first);
    if (value != nullptr) return sink.item(out, composite.attributes[i], *value);
    sink.null();
    out.append("null");
    return true;
}

// False: it is left out.
template <class Sink>
bool append_composite(core::ByteBuffer& out, RenderPlan& plan, Datum value, Sink& sink) {
    check_stack_depth();
    if (!sink.begin(false)) return false;
    HeapTupleHeader row = DatumGetHeapTupleHeader(value);
    TupleDesc descriptor =
        lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
    const CompositePlan* composite = composite_plan(plan, row, descriptor);

    HeapTupleData tuple{};
    tuple.t_len = HeapTupleHeaderGetDatumLength(row);
    ItemPointerSetInvalid(&tuple.t_self);
    tuple.t_tableOid = InvalidOid;
    tuple.t_data = row;
    const auto natts = static_cast<size_t>(descriptor->natts);
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * (natts + 1)));
    auto* nulls = static_cast<bool*>(palloc(sizeof(bool) * (natts + 1)));
    heap_deform_tuple(&tuple, descriptor, values, nulls);

    typename Sink::Members members;
    sink.open(members, *composite, values, nulls);
    out.append('{');
    bool first = true;
    for (int i = 0; i < composite->natts; ++i) {
        if (composite->labels[i] == nullptr) continue;
        const size_t start = out.size;
        if (append_attribute(out, *composite, i, nulls[i] ? nullptr : &values[i], first, sink))
            first = false;
        else
            out.size = start;
    }
    out.append('}');
    sink.close(members);
    ReleaseTupleDesc(descriptor);
    sink.end(false);
    return true;
}

}  // namespace gpsync::pg
