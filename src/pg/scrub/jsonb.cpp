// A jsonb value as JSON without PII, written while it is told.
#include "core/json_writer.hpp"
#include "pg/json/render_internal.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/jsonb_neutral.h"
#include "pg/scrub/scrub_internal.h"
#include "pg/utf8.h"

namespace gpsync::pg {

using core::ByteBuffer;
using core::pii::Place;
using core::pii::Shape;

namespace {

struct JsonbScrub {
    Scrub& scrub;
    Silence silence;
    int depth = 0;
};

bool scrub_container(ByteBuffer& out, const JsonbContainer* container, JsonbScrub& walk);

// False: leave the value out.
bool scrub_entry(ByteBuffer& out, const EntryCursor& value, JsonbScrub& walk) {
    Scrub& scrub = walk.scrub;
    const JEntry entry = *value.entry();
    if (JBE_ISSTRING(entry)) return scrub_string(out, value.string(), scrub);
    if (JBE_ISCONTAINER(entry)) return scrub_container(out, value.container(), walk);
    if (JBE_ISBOOL(entry)) return scrub_boolean(out, JBE_ISBOOL_TRUE(entry), scrub);
    const size_t start = out.size;
    append_jsonb_entry(out, value);
    if (JBE_ISNUMERIC(entry)) return scrub_written_number(out, start, scrub);
    scrub_null(scrub);
    return true;
}

// Of an array nothing is left out: the other elements keep their places. root: a scalar of its own.
bool scrub_elements(ByteBuffer& out, const JsonbContainer* array, uint32 count, bool root, JsonbScrub& walk) {
    const bool told = root || !server_is_utf8();
    const Place place = told ? Place() : walk.scrub.scrubber->element_place();
    EntryCursor value(array, count, 0);
    for (uint32 i = 0; i < count; ++i, value.next()) {
        if (i > 0) out.append(',');
        const size_t start = out.size;
        if (place.by_itself && walk.silence.holds(value, place)) {
            append_jsonb_entry(out, value);
        } else if (!scrub_entry(out, value, walk)) {
            if (root) return false;
            out.size = start;
            out.append("null");
        }
    }
    return true;
}

void scrub_members(ByteBuffer& out, const JsonbContainer* object, uint32 count, JsonbScrub& walk) {
    Scrub& scrub = walk.scrub;
    const Shape* shape = server_is_utf8() ? shape_of(*scrub.scrubber, object, count) : nullptr;
    const bool silent = shape != nullptr && scrub.scrubber->says_nothing();
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
        if (silent && shape->place(i).by_itself && walk.silence.holds(value, shape->place(i))) {
            append_jsonb_entry(out, value);
        } else {
            if (shape != nullptr) scrub.scrubber->member(*shape, i);
            stays = scrub_entry(out, value, walk);
        }
        if (stays)
            first = false;
        else
            out.size = start;
    }
}

// As text, which is told without recursion.
bool scrub_deep(ByteBuffer& out, const JsonbContainer* container, Scrub& scrub) {
    ByteBuffer json = make_buffer(CurrentMemoryContext);
    append_deep_jsonb(json, container);
    return scrub_json_text(out, json.view(), scrub);
}

bool scrub_container(ByteBuffer& out, const JsonbContainer* container, JsonbScrub& walk) {
    if (walk.depth >= kDeepestRecursion) return scrub_deep(out, container, walk.scrub);
    const uint32 count = JsonContainerSize(container);
    if (JsonContainerIsScalar(container)) return scrub_elements(out, container, count, true, walk);
    const bool array = !JsonContainerIsObject(container);
    if (!scrub_begin(array, walk.scrub)) return false;
    out.append(array ? '[' : '{');
    ++walk.depth;
    if (array)
        scrub_elements(out, container, count, false, walk);
    else
        scrub_members(out, container, count, walk);
    --walk.depth;
    out.append(array ? ']' : '}');
    scrub_end(array, walk.scrub);
    return true;
}

}  // namespace

bool scrub_jsonb(ByteBuffer& out, Datum value, Scrub& scrub) {
    JsonbScrub walk{scrub, Silence(*scrub.scrubber)};
    return scrub_container(out, &DatumGetJsonbP(value)->root, walk);
}

bool scrub_jsonb_member(ByteBuffer& out, Datum value, const ScrubMember& member, Scrub& scrub) {
    const Jsonb* document = DatumGetJsonbP(value);
    JsonbScrub walk{scrub, Silence(*scrub.scrubber)};
    const Place& place = member.known.place;
    if (place.neutral && server_is_utf8() && walk.silence.holds(&document->root, place)) {
        append_jsonb(out, document);
        return true;
    }
    tell_member(member, scrub);
    return scrub_container(out, &document->root, walk);
}

}  // namespace gpsync::pg
