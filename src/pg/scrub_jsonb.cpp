// A jsonb value as JSON without PII, written while it is told.
#include "core/json_writer.hpp"
#include "pg/jsonb_told.h"
#include "pg/scrub_internal.h"
#include "pg/utf8.h"

namespace gpsync::pg {

using core::ByteBuffer;
using core::pii::Shape;

namespace {

bool scrub_container(ByteBuffer& out, const JsonbContainer* container, Scrub& scrub);

// False: leave the value out.
bool scrub_entry(ByteBuffer& out, const EntryCursor& value, Scrub& scrub) {
    const JEntry entry = *value.entry();
    if (JBE_ISSTRING(entry)) return scrub_string(out, value.string(), scrub);
    if (JBE_ISCONTAINER(entry)) return scrub_container(out, value.container(), scrub);
    if (JBE_ISBOOL(entry)) return scrub_boolean(out, JBE_ISBOOL_TRUE(entry), scrub);
    const size_t start = out.size;
    append_jsonb_entry(out, value);
    if (JBE_ISNUMERIC(entry)) return scrub_written_number(out, start, scrub);
    scrub_null(scrub);
    return true;
}

// Of an array nothing is left out: the other elements keep their places. root: a scalar of its own.
bool scrub_elements(ByteBuffer& out, const JsonbContainer* array, uint32 count, bool root, Scrub& scrub) {
    const bool untold = !root && server_is_utf8() && scrub.scrubber->elements_pass_untold();
    EntryCursor value(array, count, 0);
    for (uint32 i = 0; i < count; ++i, value.next()) {
        if (i > 0) out.append(',');
        const size_t start = out.size;
        if (untold && tells_nothing(value)) {
            append_jsonb_entry(out, value);
        } else if (!scrub_entry(out, value, scrub)) {
            if (root) return false;
            out.size = start;
            out.append("null");
        }
    }
    return true;
}

void scrub_members(ByteBuffer& out, const JsonbContainer* object, uint32 count, Scrub& scrub) {
    const Shape* shape = server_is_utf8() ? shape_of(*scrub.scrubber, object, count) : nullptr;
    const bool untold = shape != nullptr && scrub.scrubber->members_pass_untold();
    EntryCursor key(object, 2 * count, 0), value(object, 2 * count, count);
    bool first = true;
    for (uint32 i = 0; i < count; ++i, key.next(), value.next()) {
        const size_t start = out.size;
        if (!first) out.append(',');
        bool stays = true;
        if (shape == nullptr) {
            scrub_key(out, key.string(), scrub);
        } else {
            core::append_json_string(out, key.string());
            out.append(':');
        }
        if (untold && shape->judgements()[i] == Shape::kByItself && tells_nothing(value)) {
            append_jsonb_entry(out, value);
        } else {
            if (shape != nullptr) scrub.scrubber->member(*shape, i);
            stays = scrub_entry(out, value, scrub);
        }
        if (stays)
            first = false;
        else
            out.size = start;
    }
}

bool scrub_container(ByteBuffer& out, const JsonbContainer* container, Scrub& scrub) {
    check_stack_depth();
    const uint32 count = JsonContainerSize(container);
    if (JsonContainerIsScalar(container)) return scrub_elements(out, container, count, true, scrub);
    const bool array = !JsonContainerIsObject(container);
    if (!scrub_begin(array, scrub)) return false;
    out.append(array ? '[' : '{');
    if (array)
        scrub_elements(out, container, count, false, scrub);
    else
        scrub_members(out, container, count, scrub);
    out.append(array ? ']' : '}');
    scrub_end(array, scrub);
    return true;
}

}  // namespace

bool scrub_jsonb(ByteBuffer& out, Datum value, Scrub& scrub) {
    return scrub_container(out, &DatumGetJsonbP(value)->root, scrub);
}

}  // namespace gpsync::pg
