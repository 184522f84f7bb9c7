// What stands behind the name of a secret: the secret, or a word about it.
#pragma once

#include <cstddef>
#include <string_view>

namespace gpsync::core::pii {

// What stands behind such a name and is no secret: states, types, words of a sentence.
bool is_ordinary_word(std::string_view value);
// "${PASSWORD}", "<password>", "{{ secret }}", "%s", "[removed]", "****". REQUIRES: not empty.
bool stands_for_another(std::string_view value);
// "getPassword(…)"
bool is_call(std::string_view value);
// Where a key is: "/run/secrets/key.pem", "vault:secret/app", "arn:aws:kms:…"; a key itself has capitals,
// too.
bool is_location(std::string_view value);

struct Content {
    size_t digits = 0, upper = 0, lower = 0, other = 0;
};
Content content_of(std::string_view value);
// As systems make keys and sessions: letters and digits, not too short.
bool looks_random(std::string_view value, size_t shortest);
// Letters alone, in small letters, in capitals or with one in front: as words are written.
bool is_like_a_word(std::string_view value);

}  // namespace gpsync::core::pii
