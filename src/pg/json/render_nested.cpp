#include "core/json_writer.hpp"
#include "pg/json/nested.h"

namespace gpsync::pg {

using core::ByteBuffer;

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

// What is inside, as it is.
struct PlainSink {
    bool begin(bool) { return true; }
    void end(bool) {}
    void null() {}
    struct Members {};
    void open(Members&, const CompositePlan&, const Datum*, const bool*) {}
    void close(const Members&) {}
    void name(ByteBuffer& out, const CompositePlan& composite, int i, bool first) {
        out.append(std::string_view(composite.labels[i] + (first ? 1 : 0)));
    }
    bool item(ByteBuffer& out, RenderPlan& plan, Datum value) {
        render_value(out, plan, value);
        return true;
    }
};

}  // namespace

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

void render_array(ByteBuffer& out, RenderPlan& plan, Datum value) {
    PlainSink sink;
    append_array(out, plan, value, sink);
}

void render_composite(ByteBuffer& out, RenderPlan& plan, Datum value) {
    PlainSink sink;
    append_composite(out, plan, value, sink);
}

}  // namespace gpsync::pg
