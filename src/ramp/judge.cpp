// core's decisions about ramps, for the SQL that keeps their numbers.
#include <algorithm>

#include "core/ramp/bucket.hpp"
#include "core/ramp/decision.hpp"
#include "core/ramp/error_rate.hpp"
#include "pg/guard.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::ramp {

namespace {

using core::ErrorEvidence;
using pg::Error;
using pg::Sqlstate;

Error invalid(const char* what) {
    return {Sqlstate::kInvalidParameter, what};
}

double rate_argument(Datum datum) {
    const double rate = DatumGetFloat8(datum);
    if (!(rate > 0 && rate <= core::kMostErrorRate)) throw invalid("invalid rate of errors");
    return rate;
}

std::span<double> scores_of(ArrayType* array) {
    if (ARR_NDIM(array) != 1 || ARR_HASNULL(array) || ARR_ELEMTYPE(array) != FLOAT8OID ||
        ARR_DIMS(array)[0] != static_cast<int>(core::kRateFactors.size()))
        throw invalid("a ramp has eight scores");
    return {reinterpret_cast<double*>(ARR_DATA_PTR(array)), core::kRateFactors.size()};
}

ErrorEvidence evidence_of(ArrayType* array, int64 requests, int64 errors) {
    if (errors < 0 || requests < errors) throw invalid("errors must be between 0 and requests");
    ErrorEvidence evidence;
    std::ranges::copy(scores_of(array), evidence.scores.begin());
    evidence.requests = requests;
    evidence.errors = errors;
    return evidence;
}

// The result is a copy of the argument: nothing in it is changed but the numbers.
Datum add_outcomes(FunctionCallInfo fcinfo) {
    ArrayType* array = PG_GETARG_ARRAYTYPE_P_COPY(0);
    const int64 requests = PG_GETARG_INT64(1), errors = PG_GETARG_INT64(2);
    (void)evidence_of(array, requests, errors);
    const std::span<double> scores = scores_of(array);
    ErrorEvidence evidence;
    std::ranges::copy(scores, evidence.scores.begin());
    core::ErrorTest(rate_argument(PG_GETARG_DATUM(3))).add(evidence, requests, errors);
    std::ranges::copy(evidence.scores, scores.begin());
    PG_RETURN_ARRAYTYPE_P(array);
}

core::ErrorRule rule_argument(std::string_view name) {
    if (name == "sequential") return core::ErrorRule::kSequential;
    if (name == "literal") return core::ErrorRule::kLiteral;
    throw invalid("there is no such rule");
}

// REQUIRES: nothing with a destructor alive.
Datum make_row(FunctionCallInfo fcinfo, Datum* values) {
    TupleDesc descriptor;
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    bool nulls[8] = {};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls));
}

Datum judge_errors(FunctionCallInfo fcinfo) {
    const core::ErrorRule rule = rule_argument(pg::text_view(PG_GETARG_DATUM(0)));
    const ErrorEvidence evidence =
        evidence_of(PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_INT64(2), PG_GETARG_INT64(3));
    const core::ErrorTest test(rate_argument(PG_GETARG_DATUM(4)));
    const core::ErrorStatistic statistic = test.judge(rule, evidence, PG_GETARG_INT64(5));
    Datum values[] = {pg::make_text(statistic.name), Float8GetDatum(statistic.value),
                      Float8GetDatum(statistic.bound), BoolGetDatum(statistic.exceeded),
                      BoolGetDatum(statistic.suspicious)};
    return make_row(fcinfo, values);
}

Datum decide_ramp(FunctionCallInfo fcinfo) {
    core::RampLook look;
    const int32 width = PG_GETARG_INT32(1), step = PG_GETARG_INT32(2);
    if (!core::parse_ramp_state(pg::text_view(PG_GETARG_DATUM(0)), look.state))
        throw invalid("there is no such state of a ramp");
    if (width < 0 || step < 0 || std::max(width, step) > static_cast<int32>(core::kRampBuckets))
        throw invalid("a width is 0 to 10000");
    look.width = static_cast<uint32_t>(width);
    look.step = static_cast<uint32_t>(step);
    look.errors_exceeded = PG_GETARG_BOOL(3);
    look.due = PG_GETARG_BOOL(4);
    look.gates_open = PG_GETARG_BOOL(5);
    const core::RampDecision decision = core::decide(look);
    Datum values[] = {pg::make_text(core::name_of(decision.action)),
                      Int32GetDatum(static_cast<int32>(decision.width))};
    return make_row(fcinfo, values);
}

}  // namespace

}  // namespace gpsync::ramp

// add_outcomes(scores float8[], requests bigint, errors bigint, max_error_rate float8) -> float8[]
GPSYNC_FUNCTION(gpsync_add_outcomes) {
    return gpsync::pg::guarded([&] { return gpsync::ramp::add_outcomes(fcinfo); });
}

// judge_errors(rule text, scores float8[], requests bigint, errors bigint, max_error_rate float8,
// min_requests bigint, OUT statistic text, OUT value float8, OUT bound float8, OUT exceeded boolean,
// OUT suspicious boolean)
GPSYNC_FUNCTION(gpsync_judge_errors) {
    return gpsync::pg::guarded([&] { return gpsync::ramp::judge_errors(fcinfo); });
}

// decide_ramp(state text, width integer, step integer, exceeded boolean, due boolean, gates_open boolean,
// OUT action text, OUT new_width integer)
GPSYNC_FUNCTION(gpsync_decide_ramp) {
    return gpsync::pg::guarded([&] { return gpsync::ramp::decide_ramp(fcinfo); });
}
