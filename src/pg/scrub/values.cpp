// How the value of each kind of type is scrubbed.
#include "core/json_writer.hpp"
#include "core/pii/document/value_text.hpp"
#include "pg/json/render_internal.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/scrub_internal.h"
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

// They cannot be mended: all of them go.
bool scrub_binary(ByteBuffer& out, RenderPlan& plan, Datum value, std::string_view bytes, Scrub& scrub) {
    ByteBuffer text = make_buffer(CurrentMemoryContext);
    core::pii::append_text_of_bytes(text, bytes);
    const core::pii::Verdict verdict = scrub.scrubber->string(text.view());
    pfree(text.data);
    if (!stays(verdict, scrub)) return false;
    render_value(out, plan, value);
    return true;
}

// Bytes that are text may be anybody's mail address: they are judged as text.
bool scrub_bytes(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const std::string_view bytes = varlena_bytes(plain_varlena(value));
    const auto length = static_cast<int>(bytes.size());
    if (length == 0) return scrub_written(out, plan, value, scrub);
    if (pg_encoding_verifymbstr(PG_UTF8, bytes.data(), length) != length)
        return scrub_binary(out, plan, value, bytes, scrub);
    return follow(
        scrub.scrubber->string(bytes), scrub, [&] { render_value(out, plan, value); },
        [&](std::string_view) { append_bytea(out, scrub.scrubber->replacement()); });
}

// From here on an integer may be a card number (ISO/IEC 7812-1 has 12 digits and more, account numbers too).
constexpr int64_t kShortestNumber = 100'000'000'000;

// What is left of a range without a bound is no range, so all of it goes.
bool scrub_range(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const std::string_view text = OutputFunctionCall(&plan.output, value);
    scrub.scratch.size = 0;
    core::pii::append_text_of_range(scrub.scratch, text);
    if (!stays(scrub.scrubber->string(as_utf8(scrub.scratch.view(), scrub)), scrub)) return false;
    core::append_json_string(out, text);
    return true;
}

}  // namespace

bool is_short(int64_t value) {
    return value < kShortestNumber && value > -kShortestNumber;
}

bool render_if_clean(ByteBuffer& out, RenderPlan& plan, Datum value, const Scrub& scrub) {
    if (plan.probe == Probe::kText) {
        const std::string_view text = varlena_bytes(plain_varlena(value));
        if (!server_is_utf8() || !core::pii::Scrubber::is_neutral(text, scrub.scrubber->rules_names()))
            return false;
        core::append_json_string(out, text);
        return true;
    }
    if (plan.probe == Probe::kInteger && is_short(DatumGetInt64(value))) {
        render_value(out, plan, value);
        return true;
    }
    if (plan.probe != Probe::kNumber) return false;
    const size_t start = out.size;
    render_value(out, plan, value);
    const std::string_view number = out.view().substr(start);
    constexpr size_t kShortestDigits = 12;
    if (number.size() < kShortestDigits || number.find('.') < number.size()) return true;
    out.size = start;
    return false;
}

bool scrub_item(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    switch (plan.probe) {
        case Probe::kText:
            return scrub_string(out, varlena_bytes(plain_varlena(value)), scrub);
        case Probe::kBytes:
            return scrub_bytes(out, plan, value, scrub);
        case Probe::kBoolean:
            return scrub_boolean(out, DatumGetBool(value), scrub);
        case Probe::kJson:
            return scrub_json_text(out, varlena_bytes(plain_varlena(value)), scrub);
        case Probe::kJsonb:
            return scrub_jsonb(out, value, scrub);
        case Probe::kArray:
            return scrub_array(out, plan, value, scrub);
        case Probe::kComposite:
            return scrub_composite(out, plan, value, scrub);
        case Probe::kRange:
            return scrub_range(out, plan, value, scrub);
        case Probe::kTsvector:
            return scrub_tsvector(out, plan, value, scrub);
        case Probe::kHstore:
            return scrub_hstore(out, plan, value, scrub);
        case Probe::kOutput:
            return scrub_string(out, OutputFunctionCall(&plan.output, value), scrub);
        default:
            return scrub_written(out, plan, value, scrub);
    }
}

}  // namespace gpsync::pg
