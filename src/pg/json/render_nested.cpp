// Arrays as JSON arrays, composite values as JSON objects.
#include "core/json_writer.hpp"
#include "pg/json/render_internal.h"
#include "pg/scrub/scrub_internal.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "utils/array.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

using core::ByteBuffer;

namespace {

void append_null(ByteBuffer& out, Scrub* scrub) {
    if (scrub != nullptr) scrub_null(*scrub);
    out.append("null");
}

// Walks the elements of an array in storage order, dimension by dimension.
struct ArrayWalk {
    RenderPlan* element;
    Datum* values;
    bool* nulls;
    const int* dims;
    int ndims;
    Scrub* scrub;  // null: the elements are written as they are
    int next;

    // False: the whole of it is left out.
    bool append_dimension(ByteBuffer& out, int dimension) {
        if (scrub != nullptr && !scrub_begin(true, *scrub)) return false;
        out.append('[');
        for (int i = 0; i < dims[dimension]; ++i) {
            if (i > 0) out.append(',');
            const size_t start = out.size;
            if (dimension + 1 < ndims ? append_dimension(out, dimension + 1) : append_element(out)) continue;
            out.size = start;
            out.append("null");
        }
        out.append(']');
        if (scrub != nullptr) scrub_end(true, *scrub);
        return true;
    }

    bool append_element(ByteBuffer& out) {
        const int i = next++;
        if (nulls[i]) {
            append_null(out, scrub);
            return true;
        }
        if (scrub != nullptr) return scrub_item(out, *element, values[i], *scrub);
        render_value(out, *element, values[i]);
        return true;
    }
};

bool append_array(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub* scrub) {
    check_stack_depth();
    ArrayType* array = DatumGetArrayTypeP(value);
    if (ARR_NDIM(array) == 0 || ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 0) {
        out.append("[]");
        if (scrub != nullptr) scrub_null(*scrub);
        return true;
    }
    ArrayWalk walk{plan.element, nullptr, nullptr, ARR_DIMS(array), ARR_NDIM(array), scrub, 0};
    int count;
    deconstruct_array(array, ARR_ELEMTYPE(array), plan.element_length, plan.element_by_value,
                      plan.element_align, &walk.values, &walk.nulls, &count);
    return walk.append_dimension(out, 0);
}

}  // namespace

void render_array(ByteBuffer& out, RenderPlan& plan, Datum value) {
    append_array(out, plan, value, nullptr);
}

bool scrub_array(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    return append_array(out, plan, value, &scrub);
}

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
    made->names = static_cast<const char**>(
        MemoryContextAllocZero(context, sizeof(char*) * static_cast<size_t>(made->natts)));
    made->attributes = static_cast<RenderPlan*>(
        MemoryContextAllocZero(context, sizeof(RenderPlan) * static_cast<size_t>(made->natts)));
    for (int i = 0; i < made->natts; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (attribute->attisdropped) continue;
        made->labels[i] = make_label(context, NameStr(attribute->attname));
        made->names[i] = MemoryContextStrdup(context, NameStr(attribute->attname));
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

// Appends the attribute with its key; false: it is left out.
bool append_attribute(ByteBuffer& out, CompositePlan& composite, int i, const Datum* value, bool first,
                      Scrub* scrub) {
    if (scrub == nullptr) {
        out.append(std::string_view(composite.labels[i] + (first ? 1 : 0)));
    } else {
        if (!first) out.append(',');
        scrub_key(out, composite.names[i], *scrub);
    }
    if (value == nullptr)
        append_null(out, scrub);
    else if (scrub != nullptr)
        return scrub_item(out, composite.attributes[i], *value, *scrub);
    else
        render_value(out, composite.attributes[i], *value);
    return true;
}

bool append_composite(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub* scrub) {
    check_stack_depth();
    if (scrub != nullptr && !scrub_begin(false, *scrub)) return false;
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
        const size_t start = out.size;
        if (append_attribute(out, *composite, i, nulls[i] ? nullptr : &values[i], first, scrub))
            first = false;
        else
            out.size = start;
    }
    out.append('}');
    ReleaseTupleDesc(descriptor);
    if (scrub != nullptr) scrub_end(false, *scrub);
    return true;
}

}  // namespace

void render_composite(ByteBuffer& out, RenderPlan& plan, Datum value) {
    append_composite(out, plan, value, nullptr);
}

bool scrub_composite(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    return append_composite(out, plan, value, &scrub);
}

}  // namespace gpsync::pg
