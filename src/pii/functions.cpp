// The SQL functions that find PII in documents.
#include "core/pii/detector.hpp"
#include "pg/scrub/key_file.h"
#include "pg/scrub/policy_table.h"
#include "pg/text.h"
#include "pii/session_cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "commands/trigger.h"
#include "funcapi.h"
#include "utils/inval.h"
#include "utils/tuplestore.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using core::pii::Mode;
using core::pii::Scrubber;

Datum scrub(Scrubber& scrubber, Datum given, const Jsonb* document) {
    const OneDocument one(scrubber);
    const auto changed = jsonb_scrubber().scrub(scrubber, document);
    return changed.has_value() ? pg::make_jsonb(*changed) : given;
}

Datum has_pii(Scrubber& scrubber, const Jsonb* document) {
    const OneDocument one(scrubber);
    return BoolGetDatum(jsonb_scrubber().test(scrubber, document));
}

void put_matches(ReturnSetInfo* result, const Scrubber& scrubber) {
    for (const core::pii::Match& match : scrubber.matches()) {
        bool nulls[3] = {};
        Datum values[3] = {pg::make_text(match.path), pg::make_text(match.detector),
                           pg::make_text(core::pii::action_name(match.action))};
        pg::server_call([&] {
            tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
            for (Datum value : values) pfree(DatumGetPointer(value));
        });
    }
}

void find_pii(FunctionCallInfo fcinfo, Scrubber& scrubber, const Jsonb* document) {
    auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const OneDocument one(scrubber);
    jsonb_scrubber().find(scrubber, document, [&] { put_matches(result, scrubber); });
}

}  // namespace

}  // namespace gpsync

using gpsync::core::pii::Mode;
using gpsync::pg::guarded;
using gpsync::pg::text_view;

// scrub(document jsonb) -> jsonb
GPSYNC_FUNCTION(gpsync_scrub) {
    return guarded([&]() -> Datum {
        const Jsonb* document = PG_GETARG_JSONB_P(0);
        return gpsync::scrub(gpsync::pure_scrubber(Mode::kScrub), PG_GETARG_DATUM(0), document);
    });
}

// scrub(document jsonb, policy text) -> jsonb
GPSYNC_FUNCTION(gpsync_scrub_by_policy) {
    return guarded([&]() -> Datum {
        const Jsonb* document = PG_GETARG_JSONB_P(0);
        auto& scrubber = gpsync::scrubber_of(text_view(PG_GETARG_DATUM(1)), Mode::kScrub);
        return gpsync::scrub(scrubber, PG_GETARG_DATUM(0), document);
    });
}

// has_pii(document jsonb) -> boolean
GPSYNC_FUNCTION(gpsync_has_pii) {
    return guarded([&]() -> Datum {
        const Jsonb* document = PG_GETARG_JSONB_P(0);
        return gpsync::has_pii(gpsync::pure_scrubber(Mode::kTest), document);
    });
}

// has_pii(document jsonb, policy text) -> boolean
GPSYNC_FUNCTION(gpsync_has_pii_by_policy) {
    return guarded([&]() -> Datum {
        const Jsonb* document = PG_GETARG_JSONB_P(0);
        return gpsync::has_pii(gpsync::scrubber_of(text_view(PG_GETARG_DATUM(1)), Mode::kTest), document);
    });
}

// find_pii(document jsonb) -> setof (path text, detector text, action text)
GPSYNC_FUNCTION(gpsync_find_pii) {
    return guarded([&]() -> Datum {
        const Jsonb* document = PG_GETARG_JSONB_P(0);
        InitMaterializedSRF(fcinfo, 0);
        auto& scrubber = gpsync::pure_scrubber(Mode::kFind);
        gpsync::find_pii(fcinfo, scrubber, document);
        return Datum(0);
    });
}

// find_pii(document jsonb, policy text) -> setof (path text, detector text, action text)
GPSYNC_FUNCTION(gpsync_find_pii_by_policy) {
    return guarded([&]() -> Datum {
        const Jsonb* document = PG_GETARG_JSONB_P(0);
        const std::string_view policy = text_view(PG_GETARG_DATUM(1));
        InitMaterializedSRF(fcinfo, 0);
        auto& scrubber = gpsync::scrubber_of(policy, Mode::kFind);
        gpsync::find_pii(fcinfo, scrubber, document);
        return Datum(0);
    });
}

// check_policy(policy text, rules jsonb) -> void
GPSYNC_FUNCTION(gpsync_check_policy) {
    return guarded([&]() -> Datum {
        Datum json = DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(1));
        gpsync::check_policy(text_view(PG_GETARG_DATUM(0)), DatumGetCString(json));
        PG_RETURN_VOID();
    });
}

// require_policy(policy text) -> void
GPSYNC_FUNCTION(gpsync_require_policy) {
    return guarded([&]() -> Datum {
        gpsync::require_policy(text_view(PG_GETARG_DATUM(0)));
        PG_RETURN_VOID();
    });
}

// policy_changed() -> trigger: AFTER each statement that changed gpsync.policy
GPSYNC_FUNCTION(gpsync_policy_changed) {
    return guarded([&]() -> Datum {
        if (!CALLED_AS_TRIGGER(fcinfo))
            throw gpsync::pg::Error(gpsync::pg::Sqlstate::kTriggerProtocol,
                                    "gpsync_internal.policy_changed() can only be called as a trigger");
        gpsync::pg::server_call([&] { CacheInvalidateRelcacheByRelid(gpsync::pg::policy_table_oid()); });
        return PointerGetDatum(nullptr);
    });
}
