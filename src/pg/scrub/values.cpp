// How the value of each kind of type is scrubbed.
#include <algorithm>
#include <cstdlib>

#include "core/json_writer.hpp"
#include "pg/json/render_internal.h"
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

// Other bytes may have text among them: what is none parts its words. UTF-16 has zero bytes between its
// letters, so without them it is scanned again; and for what the column says of it, a value is its
// form in hex.
char* text_among(std::string_view bytes, size_t* length) {
    constexpr size_t kInHex = 256;
    const std::string_view first = bytes.substr(0, kInHex);
    char* text = static_cast<char*>(
        MemoryContextAllocHuge(CurrentMemoryContext, 2 * first.size() + 2 * bytes.size() + 8));
    char* to = text;
    *to++ = '\\';
    *to++ = 'x';
    to += hex_encode(first.data(), first.size(), to);
    *to++ = '\n';
    char* const start = to;
    bool zeros = false;
    for (size_t at = 0, size; at < bytes.size(); at += size) {
        const auto* byte = reinterpret_cast<const unsigned char*>(bytes.data() + at);
        const auto left = static_cast<int>(std::min<size_t>(bytes.size() - at, 4));
        const int valid = *byte == 0 ? -1 : pg_encoding_verifymbchar(PG_UTF8, bytes.data() + at, left);
        size = valid > 0 ? static_cast<size_t>(valid) : 1;
        zeros |= *byte == 0;
        if (valid > 0)
            to = std::copy_n(bytes.data() + at, size, to);
        else
            *to++ = *byte == 0 ? '\2' : '\1';
    }
    if (zeros) {
        char* const end = to;
        *to++ = '\n';
        to = std::copy_if(start, end, to, [](char c) { return c != '\2'; });
    }
    *length = static_cast<size_t>(to - text);
    return text;
}

// They cannot be mended: all of them go.
bool scrub_binary(ByteBuffer& out, RenderPlan& plan, Datum value, std::string_view bytes, Scrub& scrub) {
    size_t length = 0;
    char* text = text_among(bytes, &length);
    const core::pii::Verdict verdict = scrub.scrubber->string({text, length});
    pfree(text);
    switch (verdict) {
        case core::pii::Verdict::kKeep:
            render_value(out, plan, value);
            return true;
        case core::pii::Verdict::kError:
            raise_scrub_error(scrub);
        default:
            scrub.changed = true;
            return false;
    }
}

// Bytes that are text may be anybody's mail address: they are judged as text.
bool scrub_bytes(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const std::string_view bytes = varlena_bytes(plain_varlena(value));
    const auto length = static_cast<int>(bytes.size());
    if (length == 0) return scrub_written(out, plan, value, scrub);
    if (pg_encoding_verifymbstr(PG_UTF8, bytes.data(), length) != length)
        return scrub_binary(out, plan, value, bytes, scrub);
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

bool is_short(int64_t value) {
    return value < kShortestNumber && value > -kShortestNumber;
}

// The bounds of a range. In a discrete one the upper bound is the one behind the last value: '[4,4]' is
// '[4,5)'. What is left of a range without a bound is no range.
bool scrub_range(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const std::string_view text = OutputFunctionCall(&plan.output, value);
    scrub.scratch.size = 0;
    scrub.scratch.append(text);
    for (size_t at = text.find(')'); at != std::string_view::npos; at = text.find(')', at + 1)) {
        size_t begin = at;
        while (begin > 0 && at - begin < 19 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
        if (at - begin < 8) continue;
        scrub.scratch.append(' ');
        core::append_integer(scrub.scratch, std::strtoll(text.data() + begin, nullptr, 10) - 1);
    }
    switch (scrub.scrubber->string(as_utf8(scrub.scratch.view(), scrub))) {
        case core::pii::Verdict::kKeep:
            core::append_json_string(out, text);
            return true;
        case core::pii::Verdict::kError:
            raise_scrub_error(scrub);
        default:
            scrub.changed = true;
            return false;
    }
}

}  // namespace

bool render_if_clean(ByteBuffer& out, RenderPlan& plan, Datum value) {
    if (plan.probe == Probe::kText) {
        const std::string_view text = varlena_bytes(plain_varlena(value));
        if (!server_is_utf8() || !core::pii::Scrubber::is_neutral(text)) return false;
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
