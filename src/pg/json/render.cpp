#include "pg/json/render.h"

#include "core/hex.hpp"
#include "core/json_writer.hpp"
#include "core/utc_time.hpp"
#include "pg/json/render_internal.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

using core::ByteBuffer;

constexpr int64_t kDaysTo2000 = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;

void render_bool(ByteBuffer& out, RenderPlan&, Datum value) {
    out.append(DatumGetBool(value) ? std::string_view("true") : std::string_view("false"));
}

void render_int2(ByteBuffer& out, RenderPlan&, Datum value) {
    core::append_integer(out, DatumGetInt16(value));
}
void render_int4(ByteBuffer& out, RenderPlan&, Datum value) {
    core::append_integer(out, DatumGetInt32(value));
}
void render_int8(ByteBuffer& out, RenderPlan&, Datum value) {
    core::append_integer(out, DatumGetInt64(value));
}

// What float8out gives, read as a numeric, as to_jsonb does: no exponent and no negative zero.
void append_float_text(ByteBuffer& out, const char* text) {
    if (std::strchr(text, 'N') != nullptr || std::strchr(text, 'I') != nullptr)
        return core::append_json_string(out, text);
    if (std::strchr(text, 'e') == nullptr) return out.append(std::strcmp(text, "-0") == 0 ? "0" : text);
    Datum numeric = DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
                                        Int32GetDatum(-1));
    out.append(std::string_view(DatumGetCString(DirectFunctionCall1(numeric_out, numeric))));
}

void render_float4(ByteBuffer& out, RenderPlan&, Datum value) {
    char text[FLOAT_SHORTEST_DECIMAL_LEN];
    float_to_shortest_decimal_buf(DatumGetFloat4(value), text);
    append_float_text(out, text);
}

void render_float8(ByteBuffer& out, RenderPlan&, Datum value) {
    char text[DOUBLE_SHORTEST_DECIMAL_LEN];
    double_to_shortest_decimal_buf(DatumGetFloat8(value), text);
    append_float_text(out, text);
}

void render_text(ByteBuffer& out, RenderPlan&, Datum value) {
    core::append_json_string(out, varlena_bytes(plain_varlena(value)));
}

void render_name(ByteBuffer& out, RenderPlan&, Datum value) {
    core::append_json_string(out, NameStr(*DatumGetName(value)));
}

void render_bytea(ByteBuffer& out, RenderPlan&, Datum value) {
    append_bytea(out, varlena_bytes(plain_varlena(value)));
}

}  // namespace

void append_bytea(ByteBuffer& out, std::string_view bytes) {
    constexpr std::string_view kStart = R"("\\x)";
    out.append(kStart);
    char* to = out.reserve(2 * bytes.size() + 1);
    for (char c : bytes) to = core::hex::put_byte(to, static_cast<unsigned char>(c), core::hex::kLower);
    *to++ = '"';
    out.advance_to(to);
}

namespace {

void render_uuid(ByteBuffer& out, RenderPlan&, Datum value) {
    const pg_uuid_t* uuid = DatumGetUUIDP(value);
    char* to = out.reserve(38);
    *to++ = '"';
    for (int i = 0; i < UUID_LEN; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
        to = core::hex::put_byte(to, uuid->data[i], core::hex::kLower);
    }
    *to++ = '"';
    out.advance_to(to);
}

// Infinities, years before 1 and beyond 9999.
void append_unusual_datetime(ByteBuffer& out, Datum value, Oid type) {
    const int utc = 0;
    char text[MAXDATELEN + 1];
    JsonEncodeDateTime(text, value, type, type == TIMESTAMPTZOID ? &utc : nullptr);
    core::append_json_string(out, text);
}

void render_date(ByteBuffer& out, RenderPlan&, Datum value) {
    const int64_t days = DatumGetDateADT(value) + kDaysTo2000;
    if (days < core::kFirstDay || days > core::kLastDay) return append_unusual_datetime(out, value, DATEOID);
    char* to = out.reserve(12);
    *to++ = '"';
    to = core::write_iso_date(to, days);
    *to++ = '"';
    out.advance_to(to);
}

// REQUIRES: the limits leave room for the shift from 2000 to 1970.
bool is_usual_timestamp(Timestamp value) {
    constexpr int64_t kFirst = (core::kFirstDay - kDaysTo2000) * core::kMicrosPerDay;
    constexpr int64_t kLast = (core::kLastDay + 1 - kDaysTo2000) * core::kMicrosPerDay - 1;
    return value >= kFirst && value <= kLast;
}

void append_timestamp(ByteBuffer& out, Timestamp value, std::string_view end) {
    char* to = out.reserve(40);
    *to++ = '"';
    to = core::write_iso_timestamp(to, value + kDaysTo2000 * core::kMicrosPerDay);
    std::memcpy(to, end.data(), end.size());
    out.advance_to(to + end.size());
}

void render_timestamp(ByteBuffer& out, RenderPlan&, Datum value) {
    if (!is_usual_timestamp(DatumGetTimestamp(value)))
        return append_unusual_datetime(out, value, TIMESTAMPOID);
    append_timestamp(out, DatumGetTimestamp(value), "\"");
}

void render_timestamptz(ByteBuffer& out, RenderPlan&, Datum value) {
    if (!is_usual_timestamp(DatumGetTimestampTz(value)))
        return append_unusual_datetime(out, value, TIMESTAMPTZOID);
    append_timestamp(out, DatumGetTimestampTz(value), "+00:00\"");
}

void render_by_output_function(ByteBuffer& out, RenderPlan& plan, Datum value) {
    core::append_json_string(out, OutputFunctionCall(&plan.output, value));
}

RenderFunction writer_of(Oid type) {
    switch (type) {
        case BOOLOID:
            return render_bool;
        case INT2OID:
            return render_int2;
        case INT4OID:
            return render_int4;
        case INT8OID:
            return render_int8;
        case FLOAT4OID:
            return render_float4;
        case FLOAT8OID:
            return render_float8;
        case NUMERICOID:
            return render_numeric;
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID:
            return render_text;
        case NAMEOID:
            return render_name;
        case BYTEAOID:
            return render_bytea;
        case UUIDOID:
            return render_uuid;
        case DATEOID:
            return render_date;
        case TIMESTAMPOID:
            return render_timestamp;
        case TIMESTAMPTZOID:
            return render_timestamptz;
        case JSONOID:
            return render_json;
        case JSONBOID:
            return render_jsonb;
        default:
            return nullptr;
    }
}

Probe probe_of(Oid type) {
    switch (type) {
        case BOOLOID:
            return Probe::kBoolean;
        case INT8OID:
            return Probe::kInteger;
        case FLOAT4OID:
        case FLOAT8OID:
        case NUMERICOID:
            return Probe::kNumber;
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID:
            return Probe::kText;
        case BYTEAOID:
            return Probe::kBytes;
        case JSONOID:
            return Probe::kJson;
        case JSONBOID:
            return Probe::kJsonb;
        case INT2OID:
        case INT4OID:
        case UUIDOID:
        case DATEOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
            return Probe::kNever;
        default:
            return Probe::kOutput;
    }
}

// Of the types without a writer of their own.
Probe probe_of_output(Oid type) {
    switch (type) {
        case CHAROID:
        case OIDOID:
        case XIDOID:
        case CIDOID:
        case TIDOID:
        case PG_LSNOID:
        case TIMEOID:
        case TIMETZOID:
        case INTERVALOID:
            return Probe::kNever;
        default:
            if (type == TSVECTOROID) return Probe::kTsvector;
            if (type_is_range(type) || type_is_multirange(type)) return Probe::kRange;
            return type_is_enum(type) ? Probe::kNever : Probe::kOutput;
    }
}

// Whether an output function's text may depend on settings. When in doubt it does: pinning them costs
// microseconds a transaction.
bool output_depends_on_settings(Oid type) {
    switch (type) {
        case CHAROID:
        case OIDOID:
        case XIDOID:
        case CIDOID:
        case TIDOID:
        case INETOID:
        case CIDROID:
        case MACADDROID:
        case MACADDR8OID:
        case BITOID:
        case VARBITOID:
        case PG_LSNOID:
        case TIMEOID:
        case TSVECTOROID:
            return false;
        default:
            return !type_is_enum(type);
    }
}

void plan_array(RenderPlan* plan, Oid element_type) {
    plan->render = render_array;
    plan->probe = Probe::kArray;
    plan->element = static_cast<RenderPlan*>(MemoryContextAllocZero(plan->context, sizeof(RenderPlan)));
    make_render_plan(plan->element, element_type, plan->context);
    get_typlenbyvalalign(element_type, &plan->element_length, &plan->element_by_value, &plan->element_align);
    plan->settings_matter = plan->element->settings_matter;
}

void plan_output(RenderPlan* plan) {
    Oid function;
    bool is_varlena;
    getTypeOutputInfo(plan->type, &function, &is_varlena);
    fmgr_info_cxt(function, &plan->output, plan->context);
}

// By the C function that writes it, which only a superuser can have named so.
bool is_hstore(Oid output) {
    const char* name = get_func_name(output);
    return name != nullptr && std::strcmp(name, "hstore_out") == 0;
}

void plan_output_function(RenderPlan* plan) {
    plan_output(plan);
    plan->render = render_by_output_function;
    plan->probe = is_hstore(plan->output.fn_oid) ? Probe::kHstore : probe_of_output(plan->type);
    plan->settings_matter = output_depends_on_settings(plan->type);
}

}  // namespace

void make_render_plan(RenderPlan* plan, Oid type, MemoryContext context) {
    *plan = RenderPlan{};
    plan->type = getBaseType(type);
    plan->context = context;
    plan->render = writer_of(plan->type);
    plan->probe = probe_of(plan->type);
    if (plan->render != nullptr) {
        if (plan->type == NAMEOID) plan_output(plan);
        return;
    }

    if (Oid element_type = get_element_type(plan->type); OidIsValid(element_type)) {
        plan_array(plan, element_type);
    } else if (type_is_rowtype(plan->type)) {
        plan->render = render_composite;
        plan->probe = Probe::kComposite;
        plan->settings_matter = true;  // its attributes may change while the plan lives
    } else {
        plan_output_function(plan);
    }
}

bool is_harmless(const RenderPlan& plan) {
    if (plan.probe == Probe::kArray) return is_harmless(*plan.element);
    return plan.probe == Probe::kNever || plan.probe == Probe::kBoolean;
}

}  // namespace gpsync::pg
