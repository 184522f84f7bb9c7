// What "password=", "AccountKey=" or "Authorization:" in a text say of what is behind them. The scanner reads
// by it, and the prefilter, which has to pass what the scanner takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/pii/word_ends.hpp"

namespace gpsync::core::pii {

enum class SecretName : uint8_t {
    kNone,
    kPassword,       // any value
    kUserPassword,   // "-u name:" of a command line; not a number, as of a group
    kKey,            // any value: an API key, an account's key, an access token
    kMaybe,          // a value that looks like one: "secret", "token" of a session, "sig"
    kAuthorization,  // the rest of a header: a scheme, and credentials
    kCookies,        // the rest of a header: pairs
};

// What the name at the end of text, before a ':' or '=', is for; a remark in brackets may stand behind it.
// Reads at most some 80 bytes backwards, and not over another ':' or '='.
SecretName secret_name_at_end(std::string_view text);

// Whether such a name may end with this word, or a command line's "-u", "--user"; false is sure. Where no
// word of a text may, no part of it has such a name at its end.
struct SecretNameEnds {
    WordEnds<12> names;
    WordEnds<10> short_names;  // "pwd" is also behind other letters: "userPwd"
};
extern const SecretNameEnds secret_name_ends;
inline bool may_end_secret_name(WordEnd word) {
    return secret_name_ends.names.has(word) || secret_name_ends.short_names.has(word.last(3)) ||
           secret_name_ends.short_names.has(word.last(2));
}

// The name of a password or a key before the verb from begin to end: "password is", "mot de passe est", "the
// API key of anna was reset to"; and of SQL "PASSWORD '…'", "IDENTIFIED BY '…'" before the quote. kNone if
// that word is no such verb. Reads at most some 200 bytes backwards.
SecretName secret_before_verb(std::string_view text, size_t begin, size_t end);

// Whether the text has such a verb. The scanner takes only values with a digit in them.
bool has_secret_before_verb(std::string_view text);

// Where the next ':' or '=' is; text.size() if there is none.
size_t next_assignment(std::string_view text, size_t from);

// Whether npm's "_auth" stands before this '='.
bool is_behind_npm_auth(std::string_view text, size_t at);

// Whether a token stands behind this '=' by which a link proves who follows it: the last part of the name of
// a URL's parameter is one for it, and the URL up to there has a word for what it does ("reset", "verify",
// …). Reads at most some 200 bytes backwards.
bool is_behind_link_token(std::string_view text, size_t equals);

// Whether a word before any of its '-' begins as those that services put in front of their keys: "glpat-",
// "xoxb-".
bool has_key_prefix(std::string_view text);

// Whether text ends in a word that a person's name or an address stands behind, and at most a remark behind
// it: "displayName", "nombre", "Cardholder (as on card)".
bool ends_in_label_word(std::string_view text);

// Whether what is behind a ':' may belong to a word in front: a blank, or a capital as in "name:Joe".
bool is_behind_label(std::string_view text, size_t colon);

// Whether a quote stands behind a ':', over at most one blank: "'name': 'Joe'".
bool is_before_quote(std::string_view text, size_t at);

// Whether there is a name of a secret before any of the ':' and '=' of a text, such a word before a ':' that
// is_behind_label(), or a quote behind a ':'.
bool has_label(std::string_view text);

}  // namespace gpsync::core::pii
