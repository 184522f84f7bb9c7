#include "pg/as_owner.h"
#include "pg/json/render.h"

namespace gpsync::pg {

namespace {

struct Setting {
    const char* name;
    const char* value;
};

// PostgreSQL's defaults, but for the time zone (that of the stream), the currency's locale (the only one that
// every system has) and the search path (so that names of objects are written in full).
constexpr Setting kPinned[] = {
    {"TimeZone", "UTC"},           {"DateStyle", "ISO, MDY"},        {"IntervalStyle", "postgres"},
    {"extra_float_digits", "1"},   {"bytea_output", "hex"},          {"lc_monetary", "C"},
    {"search_path", "pg_catalog"}, {"quote_all_identifiers", "off"},
};

}  // namespace

void pin_render_settings() {
    for (const Setting& setting : kPinned) {
        const char* current = GetConfigOption(setting.name, false, false);
        if (std::strcmp(current, setting.value) == 0) continue;
        set_local(setting.name, setting.value);
    }
}

}  // namespace gpsync::pg
