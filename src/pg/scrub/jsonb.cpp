// A jsonb value as JSON without PII, written while it is visited.
#include "core/pii/document/text_sink.hpp"
#include "pg/json/render_internal.h"
#include "pg/scrub/jsonb_source.h"
#include "pg/scrub/scrub_internal.h"
#include "pg/utf8.h"

namespace gpsync::pg {

using core::ByteBuffer;
using core::pii::Visited;

namespace {

// False: all of it has to be left out. No frame below has a destructor.
bool visit_jsonb(ByteBuffer& out, const JsonbContainer* root, Scrub& scrub) {
    show_siblings_of_document(scrub);
    const auto decode = [&scrub](std::string_view text) { return as_utf8(text, scrub); };
    const auto encode = [&scrub](std::string_view text) { return from_utf8(text, scrub); };
    JsonbSource<true, decltype(decode), WriteChecked> source(root, *scrub.scrubber, scrub.frames,
                                                             scrub.scratch, server_is_utf8(), decode,
                                                             WriteChecked{scrub.checked});
    core::pii::TextSink sink(out, *scrub.scrubber, encode);
    if (core::pii::visit(source, *scrub.scrubber, sink) != Visited::kAll) raise_scrub_error(scrub);
    scrub.changed |= sink.changed();
    return !sink.removed();
}

}  // namespace

bool scrub_jsonb(ByteBuffer& out, Datum value, Scrub& scrub) {
    return visit_jsonb(out, &DatumGetJsonbP(value)->root, scrub);
}

bool is_clean_jsonb(Datum value, const ScrubMember& member, const Scrub& scrub) {
    const core::pii::MemberContext& context = member.known.context;
    return context.neutral && server_is_utf8() &&
           NeutralCheck(*scrub.scrubber).is_neutral(&DatumGetJsonbP(value)->root, context);
}

bool append_clean_jsonb(ByteBuffer& out, Datum value, const ScrubMember& member, const Scrub& scrub) {
    const core::pii::MemberContext& context = member.known.context;
    if (!context.neutral || !server_is_utf8()) return false;
    const size_t start = out.size;
    NeutralCheck check(*scrub.scrubber, WriteChecked{out});
    if (check.is_neutral(&DatumGetJsonbP(value)->root, context)) return true;
    out.size = start;
    return false;
}

bool scrub_jsonb_member(ByteBuffer& out, Datum value, const ScrubMember& member, Scrub& scrub) {
    begin_member(member, scrub);
    return visit_jsonb(out, &DatumGetJsonbP(value)->root, scrub);
}

}  // namespace gpsync::pg
