// How the value of each kind of type is told to a Scrubber.
#include "core/json_writer.hpp"
#include "pg/render_internal.h"
#include "pg/scrub_internal.h"
#include "pg/utf8.h"

namespace gpsync::pg {

using core::ByteBuffer;

namespace {

// Whatever is written as a JSON scalar without escapes: numbers, NaN, dates, uuids.
bool scrub_written(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const size_t start = out.size;
    render_value(out, plan, value);
    if (out.data[start] != '"') return scrub_written_number(out, start, scrub);
    scrub.scratch.size = 0;
    core::append_json_scalar_text(scrub.scratch, out.view().substr(start));
    out.size = start;
    return scrub_string(out, scrub.scratch.view(), scrub);
}

// Bytes that are text may be anybody's mail address: they are judged as text. Others only by their column.
bool scrub_bytes(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const std::string_view bytes = varlena_bytes(plain_varlena(value));
    const auto length = static_cast<int>(bytes.size());
    if (length == 0 || pg_encoding_verifymbstr(PG_UTF8, bytes.data(), length) != length)
        return scrub_written(out, plan, value, scrub);
    switch (scrub.scrubber->string(bytes)) {
        case core::pii::Verdict::kKeep:
            render_value(out, plan, value);
            return true;
        case core::pii::Verdict::kReplace:
            scrub.changed = true;
            append_bytea(out, scrub.scrubber->replacement());
            return true;
        case core::pii::Verdict::kRemove:
            scrub.changed = true;
            return false;
        default:
            raise_scrub_error(scrub);
    }
}

// From here on an integer may be a card number (ISO/IEC 7812-1 has 12 digits and more, account numbers too).
constexpr int64_t kShortestNumber = 100'000'000'000;

}  // namespace

bool render_if_clean(ByteBuffer& out, RenderPlan& plan, Datum value) {
    if (plan.look == Look::kText) {
        const std::string_view text = varlena_bytes(plain_varlena(value));
        if (!server_is_utf8() || !core::pii::Scrubber::tells_nothing(text)) return false;
        core::append_json_string(out, text);
        return true;
    }
    if (plan.look == Look::kInteger && DatumGetInt64(value) < kShortestNumber) {
        render_value(out, plan, value);
        return true;
    }
    if (plan.look != Look::kNumber) return false;
    const size_t start = out.size;
    render_value(out, plan, value);
    const std::string_view number = out.view().substr(start);
    constexpr size_t kShortestDigits = 12;
    if (number.size() < kShortestDigits || number.find('.') < number.size()) return true;
    out.size = start;
    return false;
}

bool scrub_item(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    switch (plan.look) {
        case Look::kText:
            return scrub_string(out, varlena_bytes(plain_varlena(value)), scrub);
        case Look::kBytes:
            return scrub_bytes(out, plan, value, scrub);
        case Look::kBoolean:
            return scrub_boolean(out, DatumGetBool(value), scrub);
        case Look::kJson:
            return scrub_json_text(out, varlena_bytes(plain_varlena(value)), scrub);
        case Look::kJsonb:
            return scrub_jsonb(out, value, scrub);
        case Look::kArray:
            return scrub_array(out, plan, value, scrub);
        case Look::kComposite:
            return scrub_composite(out, plan, value, scrub);
        case Look::kOutput:
            return scrub_string(out, OutputFunctionCall(&plan.output, value), scrub);
        default:
            return scrub_written(out, plan, value, scrub);
    }
}

}  // namespace gpsync::pg
