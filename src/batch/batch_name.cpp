#include "batch/batch_name.h"

#include <algorithm>
#include <climits>

#include "pg/guard.h"
#include "pg/retention.h"
#include "trigger/scoped_mode.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/builtins.h"
#include "utils/guc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::batch {

namespace {

constexpr size_t kMostBytes = 63;

char* setting = nullptr;
int retention_minutes = 0;
// True while the setting is defined: a bad value of before is kept, so that the next write refuses it.
// Otherwise the server would drop the value with a warning, and the changes would belong to no batch.
bool being_defined = false;

// Room for "import:" and a job's name.
char own_name[128] = {};
bool has_own_name = false;

ScopedMode mode = {[] { end_own_batch(); }};

// A colon is for names that the extension gives.
bool is_name(std::string_view name) {
    return name.size() <= kMostBytes && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
           });
}

constexpr char kRule[] = "A name has at most 63 letters (a to z), digits, \"_\", \"-\" or \".\".";

bool check_setting(char** value, void**, GucSource) {
    if (being_defined || *value == nullptr || is_name(*value)) return true;
    GUC_check_errdetail("%s", kRule);
    return false;
}

}  // namespace

void define_batch_setting() {
    being_defined = true;
    DefineCustomStringVariable(
        "gpsync.batch", "The batch that changes of tracked tables belong to, so that it can be taken back.",
        "Meant for SET LOCAL. Empty: none.", &setting, "", PGC_USERSET, 0, check_setting, nullptr, nullptr);
    being_defined = false;
    DefineCustomIntVariable("gpsync.batch_retention", "How long batches can be taken back.",
                            "Before-images that are older are dropped. 0: they are kept for ever.",
                            &retention_minutes, 30 * 24 * 60, 0, INT_MAX, PGC_SIGHUP, GUC_UNIT_MIN, nullptr,
                            nullptr, nullptr);
}

const char* current_batch() {
    if (has_own_name) return own_name[0] == '\0' ? nullptr : own_name;
    if (setting == nullptr || setting[0] == '\0') return nullptr;
    if (!is_name(setting))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for parameter \"gpsync.batch\": \"%s\"", setting),
                        errdetail("%s", kRule)));
    return setting;
}

bool is_in_no_batch() noexcept {
    return has_own_name && own_name[0] == '\0';
}

void begin_own_batch(const char* name) {
    mode.begin();
    strlcpy(own_name, name, sizeof own_name);
    has_own_name = true;
}

void end_own_batch() noexcept {
    has_own_name = false;
}

}  // namespace gpsync::batch

// begin_own_batch(name text) -> void
GPSYNC_FUNCTION(gpsync_begin_own_batch) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call(
            [&] { gpsync::batch::begin_own_batch(text_to_cstring(PG_GETARG_TEXT_PP(0))); });
        PG_RETURN_VOID();
    });
}

// end_own_batch() -> void
GPSYNC_FUNCTION(gpsync_end_own_batch) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::batch::end_own_batch();
        PG_RETURN_VOID();
    });
}

// batch_retention() -> interval, NULL for ever
GPSYNC_FUNCTION(gpsync_batch_retention) {
    return gpsync::pg::return_retention(fcinfo, gpsync::batch::retention_minutes);
}
