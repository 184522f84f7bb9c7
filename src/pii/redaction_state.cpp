// What the view redacted_columns, doctor() and the relays' fingerprint ask: whether a rule can be followed,
// what the key ring is like, and what the name of a column says.
#include "core/hex.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/policy/redaction_rule.hpp"
#include "pg/scrub/key_file.h"
#include "pg/text.h"
#include "pii/session_cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "funcapi.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using core::Redaction;
using core::pii::KeyRing;
using core::pii::NamedKey;
using core::pii::Purpose;

constexpr std::string_view kIdentityMessage = "gpsync key ring identity 1";
constexpr size_t kIdentityBytes = 8;

// Raises server errors; REQUIRES that no object with a destructor is alive.
Datum make_row(FunctionCallInfo fcinfo, Datum* values, bool* nulls) {
    TupleDesc descriptor;
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls));
}

struct RuleState {
    Datum problem = 0;  // 0: none
    bool needs_keys = false;
};

RuleState state_of_policy(std::string_view name) {
    try {
        return {0, require_policy(name).needs_keys()};
    } catch (const pg::Error& error) {
        return {pg::make_text(error.message_), false};
    }
}

RuleState state_of_rule(std::string_view label) {
    const auto rule = core::parse_redaction_rule(label);
    if (!rule) return {pg::make_text("\"" + std::string(label) + "\" is no rule for a column"), false};
    if (rule->redaction == Redaction::kScrub) return state_of_policy(rule->policy);
    return {0, rule->redaction == Redaction::kHash || rule->redaction == Redaction::kTokenize};
}

struct RingState {
    bool is_set = false;
    Datum problem = 0, fix = 0;  // 0: none
};

RingState state_of_ring() {
    const char* name = "";
    pg::server_call([&] { name = pg::key_file_name(); });
    if (*name == '\0') return {};
    KeyRing ring;
    const pg::KeyFileProblem problem = pg::try_key_file(name, ring);
    if (problem.message.empty()) return {true, 0, 0};
    return {true, pg::make_text(problem.message), pg::make_text(problem.hint)};
}

// A key is 32 random bytes, and what goes into the digest is a MAC under one derived from it, cut short: it
// distinguishes keys and shows nothing else of them.
std::string check_value(const NamedKey& key) {
    const auto mac = core::pii::hmac_sha256(key.bytes(Purpose::kEnvelope), kIdentityMessage);
    if (!mac) throw std::bad_alloc();
    std::string hex;
    const std::string_view first(reinterpret_cast<const char*>(mac->data()), kIdentityBytes);
    core::hex::append(hex, first, core::hex::kLower);
    return hex;
}

std::string identity_of(const KeyRing& ring) {
    std::string identity;
    for (const NamedKey& key : ring.keys()) identity += key.name() + ":" + check_value(key) + " ";
    for (const Purpose purpose : {Purpose::kEncrypt, Purpose::kHash, Purpose::kTokenize})
        identity += ring.current(purpose)->name() + " ";
    return identity;
}

std::string ring_identity() {
    try {
        const KeyRing* ring = key_ring();
        return ring != nullptr ? identity_of(*ring) : "none";
    } catch (const pg::Error& error) {
        // A stream cannot begin with such a file, so it must not go on with what was in it before.
        if (error.sqlstate_ == pg::Sqlstate::kConfigFile) return "unusable";
        throw;
    }
}

}  // namespace

}  // namespace gpsync

using gpsync::pg::guarded;
using gpsync::pg::text_view;

// redaction_state(rule text) -> (problem text, needs_keys boolean)
GPSYNC_FUNCTION(gpsync_redaction_state) {
    const auto state = guarded([&] { return gpsync::state_of_rule(text_view(PG_GETARG_DATUM(0))); });
    Datum values[2] = {state.problem, BoolGetDatum(state.needs_keys)};
    bool nulls[2] = {state.problem == 0, false};
    return gpsync::make_row(fcinfo, values, nulls);
}

// key_ring_state() -> (is_set boolean, problem text, fix text)
GPSYNC_FUNCTION(gpsync_key_ring_state) {
    const auto state = guarded([] { return gpsync::state_of_ring(); });
    Datum values[3] = {BoolGetDatum(state.is_set), state.problem, state.fix};
    bool nulls[3] = {false, state.problem == 0, state.fix == 0};
    return gpsync::make_row(fcinfo, values, nulls);
}

// key_ring_identity() -> text
GPSYNC_FUNCTION(gpsync_key_ring_identity) {
    return guarded([]() -> Datum { return gpsync::pg::make_text(gpsync::ring_identity()); });
}

// pii_of_name(column_name name) -> text: a detector, or NULL
GPSYNC_FUNCTION(gpsync_pii_of_name) {
    const char* name = NameStr(*PG_GETARG_NAME(0));
    const Datum detector = guarded([&]() -> Datum {
        using namespace gpsync::core::pii;
        const Detector subject = classify_name(name, {}).subject;
        return Policy::payments().base(subject) == Action::kPass ? 0
                                                                 : gpsync::pg::make_text(info(subject).name);
    });
    if (detector == 0) PG_RETURN_NULL();
    return detector;
}
