// The settings every session of ours begins with: the relay's two connections and the supervisor's worker.
// ALTER DATABASE … SET and ALTER ROLE … SET are for a database's owner and a role; our sessions may be a
// superuser's, and must neither run what those choose (an operator of a schema they put into search_path) nor
// be kept from their work.
//
// TimeZone is none of them: a bookkeeping column without time zone is written in the database's own, as the
// other columns of its table are.
#pragma once

#include <algorithm>
#include <array>

namespace gpsync::core {

struct SessionSetting {
    const char* name;
    const char* value;  // without backslashes and quotes
};

// What text means: parameters, results, and what the functions we call make of them. Also where a function
// of ours begins, in a session of others.
inline constexpr auto kTextSettings = std::to_array<SessionSetting>({
    {"DateStyle", "ISO, YMD"},
    {"IntervalStyle", "postgres"},
    {"extra_float_digits", "1"},
    {"bytea_output", "hex"},
    {"standard_conforming_strings", "on"},
    {"array_nulls", "on"},
    {"transform_null_equals", "off"},
    {"quote_all_identifiers", "off"},
});

// Besides those of kTextSettings.
inline constexpr auto kOtherSettings = std::to_array<SessionSetting>({
    // What names and operators mean, as whom we are, what rows we see.
    {"search_path", ""},
    {"role", "none"},
    {"row_security", "on"},
    // A transaction of ours writes, waits for no other (deferrable ones do) and fails with none.
    {"default_transaction_isolation", "read committed"},
    {"default_transaction_read_only", "off"},
    {"default_transaction_deferrable", "off"},
    // Nothing ends a call halfway or an idle session; an error that is caught must not end the session
    // either.
    {"statement_timeout", "0"},
    {"lock_timeout", "0"},
    {"idle_in_transaction_session_timeout", "0"},
    {"idle_session_timeout", "0"},
    {"exit_on_error", "off"},
    // Where and how tables are made (segments of a spool, months of a history): not in a tablespace of
    // others.
    {"default_tablespace", ""},
    {"default_table_access_method", "heap"},
    // Keys of rows and payloads are parameters: they stay out of the server's log.
    {"log_parameter_max_length_on_error", "0"},
});

inline constexpr auto kSessionSettings = [] {
    std::array<SessionSetting, kOtherSettings.size() + kTextSettings.size()> all{};
    std::copy(kOtherSettings.begin(), kOtherSettings.end(), all.begin());
    std::copy(kTextSettings.begin(), kTextSettings.end(), all.begin() + kOtherSettings.size());
    return all;
}();

}  // namespace gpsync::core
