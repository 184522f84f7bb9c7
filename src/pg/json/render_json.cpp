// The types json and jsonb, and numeric, whose form on disk jsonb shares.
#include "core/json_writer.hpp"
#include "pg/json/jsonb_entry.h"
#include "pg/json/render_internal.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/numeric.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

using core::ByteBuffer;

// What stands between values: nothing but a comma and a colon, or blanks too, as in the server's text.
struct Compact {
    static constexpr std::string_view kComma = ",", kColon = ":";
};
struct Spaced {
    static constexpr std::string_view kComma = ", ", kColon = ": ";
};

template <class Layout>
void append_container(ByteBuffer& out, const JsonbContainer* container, int depth);

template <class Layout>
void append_entry(ByteBuffer& out, const EntryCursor& value, int depth) {
    const JEntry entry = *value.entry();
    if (JBE_ISSTRING(entry)) {
        core::append_json_string(out, value.string());
    } else if (JBE_ISNUMERIC(entry)) {
        const std::string_view payload = value.numeric();
        append_numeric(out, payload.data(), payload.size());
    } else if (JBE_ISCONTAINER(entry)) {
        append_container<Layout>(out, value.container(), depth + 1);
    } else if (JBE_ISNULL(entry)) {
        out.append("null");
    } else {
        out.append(JBE_ISBOOL_TRUE(entry) ? std::string_view("true") : std::string_view("false"));
    }
}

template <class Layout>
void append_elements(ByteBuffer& out, const JsonbContainer* array, uint32 count, int depth) {
    EntryCursor value(array, count, 0);
    for (uint32 i = 0; i < count; ++i, value.next()) {
        if (i > 0) out.append(Layout::kComma);
        append_entry<Layout>(out, value, depth);
    }
}

// All keys come first, then all values.
template <class Layout>
void append_members(ByteBuffer& out, const JsonbContainer* object, uint32 count, int depth) {
    EntryCursor key(object, 2 * count, 0), value(object, 2 * count, count);
    for (uint32 i = 0; i < count; ++i, key.next(), value.next()) {
        if (i > 0) out.append(Layout::kComma);
        core::append_json_string(out, key.string());
        out.append(Layout::kColon);
        append_entry<Layout>(out, value, depth);
    }
}

void append_scalar(ByteBuffer& out, const JsonbValue& value) {
    switch (value.type) {
        case jbvString:
            return core::append_json_string(
                out, {value.val.string.val, static_cast<size_t>(value.val.string.len)});
        case jbvNumeric: {
            auto* numeric = reinterpret_cast<const struct varlena*>(value.val.numeric);
            return append_numeric(out, VARDATA_ANY(numeric), VARSIZE_ANY_EXHDR(numeric));
        }
        case jbvBool:
            return out.append(value.val.boolean ? std::string_view("true") : std::string_view("false"));
        default:
            return out.append("null");
    }
}

// A container of a document, no scalar, without recursion.
template <class Layout>
void append_deep(ByteBuffer& out, const JsonbContainer* container) {
    JsonbIterator* at = JsonbIteratorInit(const_cast<JsonbContainer*>(container));
    JsonbValue value;
    bool first = true;  // nothing to put a comma behind
    for (;;) {
        const JsonbIteratorToken token = JsonbIteratorNext(&at, &value, false);
        if (token == WJB_DONE) return;
        if (token == WJB_END_ARRAY || token == WJB_END_OBJECT) {
            out.append(token == WJB_END_ARRAY ? ']' : '}');
            first = false;
            continue;
        }
        if (!first) out.append(Layout::kComma);
        first = true;
        if (token == WJB_BEGIN_ARRAY || token == WJB_BEGIN_OBJECT) {
            out.append(token == WJB_BEGIN_ARRAY ? '[' : '{');
            continue;
        }
        append_scalar(out, value);
        if (token == WJB_KEY)
            out.append(Layout::kColon);
        else
            first = false;
    }
}

template <class Layout>
void append_container(ByteBuffer& out, const JsonbContainer* container, int depth) {
    if (depth >= kDeepestRecursion) return append_deep<Layout>(out, container);
    const uint32 count = JsonContainerSize(container);
    if (JsonContainerIsScalar(container)) return append_elements<Layout>(out, container, count, depth);
    const bool object = JsonContainerIsObject(container);
    out.append(object ? '{' : '[');
    if (object)
        append_members<Layout>(out, container, count, depth);
    else
        append_elements<Layout>(out, container, count, depth);
    out.append(object ? '}' : ']');
}

}  // namespace

void append_jsonb_entry(ByteBuffer& out, const EntryCursor& value) {
    append_entry<Compact>(out, value, 0);
}

namespace {

// The form of a numeric on disk (numeric.c; unchanged since 9.1, and pg_upgrade relies on it): a 16-bit
// header, in the long form a 16-bit weight too, then 16-bit digits in base 10000. The value is the sum of
// digit[i] * 10000^(weight - i); dscale is the number of decimals to show.
struct NumericParts {
    bool special, negative;
    int weight, dscale, ndigits;
    const char* digits;  // possibly unaligned

    int digit(int i) const {
        if (i < 0 || i >= ndigits) return 0;
        int16 value;
        std::memcpy(&value, digits + 2 * static_cast<size_t>(i), sizeof value);
        return value;
    }
};

constexpr int kDigitsPerDigit = 4;  // decimal digits in one of base 10000
constexpr size_t kMostDecimals = 0x3FFF;

NumericParts take_numeric_apart(const char* payload, size_t length) {
    uint16 header;
    std::memcpy(&header, payload, sizeof header);
    NumericParts parts{};
    parts.special = (header & 0xC000) == 0xC000;
    size_t header_size = sizeof header;
    if ((header & 0x8000) != 0) {
        parts.negative = (header & 0x2000) != 0;
        parts.dscale = (header & 0x1F80) >> 7;
        parts.weight = (header & 0x0040) != 0 ? (header & 0x003F) - 64 : header & 0x003F;
    } else {
        int16 weight;
        std::memcpy(&weight, payload + sizeof header, sizeof weight);
        header_size += sizeof weight;
        parts.negative = (header & 0x4000) != 0;
        parts.dscale = header & 0x3FFF;
        parts.weight = weight;
    }
    parts.digits = payload + header_size;
    parts.ndigits = static_cast<int>((length - header_size) / sizeof(int16));
    return parts;
}

char* write_four(char* to, int digit) {
    to[0] = static_cast<char>('0' + digit / 1000);
    to[1] = static_cast<char>('0' + digit / 100 % 10);
    to[2] = static_cast<char>('0' + digit / 10 % 10);
    to[3] = static_cast<char>('0' + digit % 10);
    return to + kDigitsPerDigit;
}

char* write_integer_part(char* to, const NumericParts& numeric) {
    if (numeric.weight < 0) {
        *to++ = '0';
        return to;
    }
    to = std::to_chars(to, to + kDigitsPerDigit, numeric.digit(0)).ptr;
    for (int i = 1; i <= numeric.weight; ++i) to = write_four(to, numeric.digit(i));
    return to;
}

char* write_fraction(char* to, const NumericParts& numeric) {
    if (numeric.dscale == 0) return to;
    *to++ = '.';
    char* end = to + numeric.dscale;
    for (int i = numeric.weight + 1; to < end; ++i) to = write_four(to, numeric.digit(i));
    return end;
}

}  // namespace

void append_numeric(ByteBuffer& out, const char* payload, size_t length) {
    const NumericParts numeric = take_numeric_apart(payload, length);
    if (numeric.special) {
        uint16 header;
        std::memcpy(&header, payload, sizeof header);
        const uint16 kind = header & 0xF000;
        return out.append(kind == 0xC000 ? R"("NaN")" : kind == 0xD000 ? R"("Infinity")" : R"("-Infinity")");
    }
    const int integer_digits = kDigitsPerDigit * (Max(numeric.weight, 0) + 1);
    const int longest = 1 + integer_digits + 1 + numeric.dscale + kDigitsPerDigit;
    char* to = out.reserve(static_cast<size_t>(longest));
    if (numeric.negative) *to++ = '-';
    to = write_integer_part(to, numeric);
    out.advance_to(write_fraction(to, numeric));
}

NumericShape numeric_shape(const char* payload, size_t length) {
    const NumericParts numeric = take_numeric_apart(payload, length);
    if (numeric.special || numeric.weight < 0) return {1, numeric.dscale > 0};
    const int first = numeric.digit(0);
    const int digits = first >= 1000 ? 4 : first >= 100 ? 3 : first >= 10 ? 2 : 1;
    return {static_cast<unsigned>(kDigitsPerDigit * numeric.weight + digits), numeric.dscale > 0};
}

void append_jsonb(ByteBuffer& out, const Jsonb* document) {
    append_container<Compact>(out, &document->root, 0);
}

void append_jsonb_text(ByteBuffer& out, const Jsonb* document) {
    append_container<Spaced>(out, &document->root, 0);
}

namespace {

size_t numeric_length(const char* payload, size_t length) {
    const NumericParts numeric = take_numeric_apart(payload, length);
    if (numeric.special) return 0;
    const auto weight = static_cast<size_t>(Max(numeric.weight, 0));
    return kDigitsPerDigit * weight + 1 + static_cast<size_t>(numeric.dscale);
}

size_t deep_number_bytes(const JsonbContainer* container, size_t most) {
    JsonbIterator* at = JsonbIteratorInit(const_cast<JsonbContainer*>(container));
    JsonbValue value;
    size_t total = 0;
    JsonbIteratorToken token;
    while (total <= most && (token = JsonbIteratorNext(&at, &value, false)) != WJB_DONE) {
        if ((token != WJB_ELEM && token != WJB_VALUE) || value.type != jbvNumeric) continue;
        auto* numeric = reinterpret_cast<const struct varlena*>(value.val.numeric);
        total += numeric_length(VARDATA_ANY(numeric), VARSIZE_ANY_EXHDR(numeric));
    }
    return total;
}

size_t number_bytes(const JsonbContainer* container, size_t most, int depth) {
    if (depth >= kDeepestRecursion) return deep_number_bytes(container, most);
    const uint32 count = JsonContainerSize(container);
    const bool object = JsonContainerIsObject(container);
    EntryCursor value(container, object ? 2 * count : count, object ? count : 0);
    size_t total = 0;
    for (uint32 i = 0; i < count && total <= most; ++i, value.next()) {
        const JEntry entry = *value.entry();
        if (JBE_ISNUMERIC(entry)) {
            const std::string_view payload = value.numeric();
            total += numeric_length(payload.data(), payload.size());
        } else if (JBE_ISCONTAINER(entry)) {
            total += number_bytes(value.container(), most - total, depth + 1);
        }
    }
    return total;
}

}  // namespace

bool jsonb_numbers_exceed(const Jsonb* document, size_t most) {
    // The longest text of a number, and the fewest bytes one has in a document: its entry, a header and a
    // length.
    constexpr size_t kLongest = kDigitsPerDigit * size_t{INT16_MAX} + 1 + kMostDecimals;
    constexpr size_t kFewest = sizeof(JEntry) + sizeof(uint16) + 1;
    if (VARSIZE(document) / kFewest * kLongest <= most) [[likely]]
        return false;
    return number_bytes(&document->root, most, 0) > most;
}

void render_numeric(ByteBuffer& out, RenderPlan&, Datum value) {
    const std::string_view bytes = varlena_bytes(plain_varlena(value));
    append_numeric(out, bytes.data(), bytes.size());
}

void append_json_on_one_line(ByteBuffer& out, std::string_view text) {
    const bool one_line = std::memchr(text.data(), '\n', text.size()) == nullptr &&
                          std::memchr(text.data(), '\r', text.size()) == nullptr;
    if (one_line)
        out.append(text);
    else
        core::append_json_compacted(out, text);
}

void render_json(ByteBuffer& out, RenderPlan&, Datum value) {
    append_json_on_one_line(out, varlena_bytes(plain_varlena(value)));
}

void render_jsonb(ByteBuffer& out, RenderPlan&, Datum value) {
    append_jsonb(out, DatumGetJsonbP(value));
}

}  // namespace gpsync::pg
