// Arrays and composite values through the Scrubber.
#include "pg/json/nested.h"
#include "pg/scrub/scrub_internal.h"

namespace gpsync::pg {

using core::ByteBuffer;

namespace {

struct ScrubSink {
    Scrub& scrub;

    bool begin(bool array) { return scrub_begin(array, scrub); }
    void end(bool array) { scrub_end(array, scrub); }
    void null() { scrub_null(scrub); }
    void name(ByteBuffer& out, const CompositePlan& composite, int i, bool first) {
        if (!first) out.append(',');
        scrub_key(out, composite.names[i], scrub);
    }
    bool item(ByteBuffer& out, RenderPlan& plan, Datum value) { return scrub_item(out, plan, value, scrub); }
};

}  // namespace

bool scrub_array(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    ScrubSink sink{scrub};
    return append_array(out, plan, value, sink);
}

bool scrub_composite(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    ScrubSink sink{scrub};
    return append_composite(out, plan, value, sink);
}

}  // namespace gpsync::pg
