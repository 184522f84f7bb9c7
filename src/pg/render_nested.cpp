// Arrays as JSON arrays, composite values as JSON objects.
#include "core/json_writer.hpp"
#include "pg/render_internal.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "utils/array.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

using core::ByteBuffer;

namespace {

// Walks the elements of an array in storage order, dimension by dimension.
struct ArrayWalk {
    RenderPlan* element;
    Datum* values;
    bool* nulls;
    const int* dims;
    int ndims;
    int next;

    void append_dimension(ByteBuffer& out, int dimension) {
        out.append('[');
        for (int i = 0; i < dims[dimension]; ++i) {
            if (i > 0) out.append(',');
            if (dimension + 1 < ndims)
                append_dimension(out, dimension + 1);
            else
                append_element(out);
        }
        out.append(']');
    }

    void append_element(ByteBuffer& out) {
        const int i = next++;
        if (nulls[i])
            out.append("null");
        else
            render_value(out, *element, values[i]);
    }
};

}  // namespace

void render_array(ByteBuffer& out, RenderPlan& plan, Datum value) {
    check_stack_depth();
    ArrayType* array = DatumGetArrayTypeP(value);
    if (ARR_NDIM(array) == 0 || ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 0)
        return out.append("[]");
    ArrayWalk walk{plan.element, nullptr, nullptr, ARR_DIMS(array), ARR_NDIM(array), 0};
    int count;
    deconstruct_array(array, ARR_ELEMTYPE(array), plan.element_length, plan.element_by_value,
                      plan.element_align, &walk.values, &walk.nulls, &count);
    walk.append_dimension(out, 0);
}

// The attributes of a composite type as they were when identifier was given out: the type cache gives another
// identifier to a changed type.
struct CompositePlan {
    uint64 identifier;
    MemoryContext context;
    int natts;
    const char** labels;  // ,"name": of each attribute; null: dropped
    RenderPlan* attributes;
};

namespace {

const char* make_label(MemoryContext context, const char* name) {
    ByteBuffer label;
    label.capacity = 6 * NAMEDATALEN + 5;
    label.data = static_cast<char*>(MemoryContextAlloc(context, label.capacity));
    label.append(',');
    core::append_json_string(label, name);
    label.append(':');
    label.append('\0');
    return label.data;
}

CompositePlan* make_composite_plan(RenderPlan& plan, TupleDesc descriptor, uint64 identifier) {
    MemoryContext context = AllocSetContextCreate(plan.context, "gpsync composite", ALLOCSET_SMALL_SIZES);
    auto* made = static_cast<CompositePlan*>(MemoryContextAllocZero(context, sizeof(CompositePlan)));
    made->identifier = identifier;
    made->context = context;
    made->natts = descriptor->natts;
    made->labels = static_cast<const char**>(
        MemoryContextAllocZero(context, sizeof(char*) * static_cast<size_t>(made->natts)));
    made->attributes = static_cast<RenderPlan*>(
        MemoryContextAllocZero(context, sizeof(RenderPlan) * static_cast<size_t>(made->natts)));
    for (int i = 0; i < made->natts; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (attribute->attisdropped) continue;
        made->labels[i] = make_label(context, NameStr(attribute->attname));
        make_render_plan(&made->attributes[i], attribute->atttypid, context);
    }
    return made;
}

CompositePlan* composite_plan(RenderPlan& plan, HeapTupleHeader row, TupleDesc descriptor) {
    const uint64 identifier =
        assign_record_type_identifier(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
    if (plan.composite != nullptr && plan.composite->identifier == identifier) return plan.composite;
    if (plan.composite != nullptr) {
        MemoryContext old = plan.composite->context;
        plan.composite = nullptr;
        MemoryContextDelete(old);
    }
    plan.composite = make_composite_plan(plan, descriptor, identifier);
    return plan.composite;
}

}  // namespace

void render_composite(ByteBuffer& out, RenderPlan& plan, Datum value) {
    check_stack_depth();
    HeapTupleHeader row = DatumGetHeapTupleHeader(value);
    TupleDesc descriptor =
        lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
    CompositePlan* composite = composite_plan(plan, row, descriptor);

    HeapTupleData tuple{};
    tuple.t_len = HeapTupleHeaderGetDatumLength(row);
    ItemPointerSetInvalid(&tuple.t_self);
    tuple.t_tableOid = InvalidOid;
    tuple.t_data = row;
    const auto natts = static_cast<size_t>(descriptor->natts);
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * (natts + 1)));
    auto* nulls = static_cast<bool*>(palloc(sizeof(bool) * (natts + 1)));
    heap_deform_tuple(&tuple, descriptor, values, nulls);

    out.append('{');
    bool first = true;
    for (int i = 0; i < composite->natts; ++i) {
        if (composite->labels[i] == nullptr) continue;
        out.append(std::string_view(composite->labels[i] + (first ? 1 : 0)));
        first = false;
        if (nulls[i])
            out.append("null");
        else
            render_value(out, composite->attributes[i], values[i]);
    }
    out.append('}');
    ReleaseTupleDesc(descriptor);
}

}  // namespace gpsync::pg
