// route(): whether a key goes to the modern platform.
#include "core/ramp/bucket.hpp"
#include "pg/guard.h"
#include "pg/text.h"
#include "pg/utf8.h"
#include "ramp/cache.h"

namespace gpsync::ramp {

namespace {

// In a database of another encoding a key without a form in UTF-8 is hashed as it is: it must go somewhere,
// and always to the same side.
std::string_view hashed_bytes(std::string_view key) {
    if (pg::server_is_utf8() || key.empty()) [[likely]]
        return key;
    const std::string_view converted = pg::converted_to_utf8(key);
    return converted.data() != nullptr ? converted : key;
}

// REQUIRES: nothing with a destructor alive.
bool route(std::string_view name, std::string_view key) {
    const Ramp* ramp = find_ramp(name);
    if (ramp == nullptr || ramp->width == 0) return false;
    return ramp->width == core::kRampBuckets || ramp->hash.bucket(hashed_bytes(key)) < ramp->width;
}

}  // namespace

}  // namespace gpsync::ramp

// route(ramp text, key text) -> boolean
GPSYNC_FUNCTION(gpsync_route) {
    return gpsync::pg::guarded([&]() -> Datum {
        if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) return BoolGetDatum(false);
        return BoolGetDatum(gpsync::ramp::route(gpsync::pg::text_view(PG_GETARG_DATUM(0)),
                                                gpsync::pg::text_view(PG_GETARG_DATUM(1))));
    });
}

// ramp_bucket(ramp text, key text) -> integer
GPSYNC_FUNCTION(gpsync_ramp_bucket) {
    return gpsync::pg::guarded([&]() -> Datum {
        return Int32GetDatum(static_cast<int32>(gpsync::core::ramp_bucket(
            gpsync::pg::text_view(PG_GETARG_DATUM(0)),
            gpsync::ramp::hashed_bytes(gpsync::pg::text_view(PG_GETARG_DATUM(1))))));
    });
}
