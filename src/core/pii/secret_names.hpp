// What "password=", "AccountKey=" or "Authorization:" in a text say of what is behind them. The scanner reads
// by it, and the prefilter, which has to pass what the scanner takes.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpsync::core::pii {

enum class SecretName : uint8_t {
    kNone,
    kPassword,       // any value
    kKey,            // any value: an API key, an account's key, an access token
    kMaybe,          // a value that looks like one: "secret", "token" of a session, "sig"
    kAuthorization,  // the rest of a header: a scheme, and credentials
    kCookies,        // the rest of a header: pairs
};

// What the name at the end of text, before a ':' or '=', is for. Reads at most some 50 bytes backwards, and
// not over another ':' or '='.
SecretName secret_name_at_end(std::string_view text);

// Where the next ':' or '=' is; text.size() if there is none.
size_t next_assignment(std::string_view text, size_t from);

// Whether a word before any of its '-' begins as those that services put in front of their keys: "glpat-",
// "xoxb-".
bool has_key_prefix(std::string_view text);

// Whether text ends in a word for names: "name", "displayName", "nombre".
bool ends_in_name_word(std::string_view text);

// Whether there is a name of a secret before any of the ':' and '=' of a text, or a word for names before a
// ':' and a blank.
bool has_label(std::string_view text);

}  // namespace gpsync::core::pii
