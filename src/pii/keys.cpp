// The SQL functions that encrypt and tokenise single values.
#include <algorithm>

#include "core/pii/protect/actions.hpp"
#include "core/pii/protect/tokenize.hpp"
#include "pg/scrub/key_file.h"
#include "pg/text.h"
#include "pii/session_cache.h"

namespace gpsync {

namespace {

using core::pii::KeyRing;
using core::pii::NamedKey;
using core::pii::Purpose;
using core::pii::Status;

constexpr std::string_view kCardDomain = "pan";
constexpr std::string_view kEnvelopeStart = "gpsync:";

// Gives the value as text, or throws what core says.
Datum text_or_error(const Status& status, const std::string& value) {
    if (!status.ok()) throw pg::error_of(status);
    return pg::make_text(value);
}

pg::Error no_key(std::string message) {
    return pg::Error(pg::Sqlstate::kNotInPrerequisiteState, std::move(message))
        .hint("Set gpsync.key_file to a key ring that has it.");
}

const NamedKey& current_key(const KeyRing* keys) {
    const NamedKey* key = keys != nullptr ? keys->current(Purpose::kTokenize) : nullptr;
    if (key == nullptr) throw no_key("there is no key to tokenize with");
    return *key;
}

const NamedKey& named_key(const KeyRing* keys, std::string_view name) {
    const NamedKey* key = keys != nullptr ? keys->find(name) : nullptr;
    if (key == nullptr) throw no_key("there is no key \"" + std::string(name) + "\" in the key ring");
    return *key;
}

// The domain goes into the token, so that one misspelt gives other tokens, not an error. At least "PAN" must
// not pass for "pan".
void check_domain(std::string_view domain) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    };
    if (!domain.empty() && domain.size() < NAMEDATALEN && std::all_of(domain.begin(), domain.end(), allowed))
        return;
    throw pg::Error(pg::Sqlstate::kInvalidParameter, "invalid domain \"" + std::string(domain) + "\"")
        .hint(
            "For card numbers it is \"pan\", for anything else a name of your own, of lower-case letters, "
            "digits, \"_\", \"-\" and \".\", in at most 63 bytes.");
}

Datum tokenize(std::string_view value, std::string_view domain, bool luhn_valid) {
    check_domain(domain);
    const NamedKey& key = current_key(key_ring());
    const auto luhn = luhn_valid ? core::pii::Luhn::kValid : core::pii::Luhn::kInvalid;
    if (luhn_valid && domain != kCardDomain)
        throw pg::Error(pg::Sqlstate::kInvalidParameter,
                        "luhn_valid is for domain \"" + std::string(kCardDomain) + "\" only");
    std::string token;
    const Status status = domain == kCardDomain ? core::pii::tokenize_pan(value, luhn, key, token)
                                                : core::pii::tokenize_text(value, domain, key, token);
    return text_or_error(status, token);
}

Datum detokenize(std::string_view token, std::string_view domain, const NamedKey& key) {
    std::string value;
    const Status status = domain == kCardDomain ? core::pii::detokenize_pan(token, key, value)
                                                : core::pii::detokenize_text(token, domain, key, value);
    return text_or_error(status, value);
}

}  // namespace

}  // namespace gpsync

using gpsync::pg::guarded;
using gpsync::pg::text_view;

// encrypt(plaintext text, context text) -> text
GPSYNC_FUNCTION(gpsync_encrypt) {
    return guarded([&]() -> Datum {
        const auto plain = text_view(PG_GETARG_DATUM(0)), context = text_view(PG_GETARG_DATUM(1));
        std::string sealed;
        const auto status = gpsync::core::pii::encrypt_value(plain, context, gpsync::key_ring(), sealed);
        return gpsync::text_or_error(status, sealed);
    });
}

// decrypt(ciphertext text, context text) -> text
GPSYNC_FUNCTION(gpsync_decrypt) {
    return guarded([&]() -> Datum {
        const auto sealed = text_view(PG_GETARG_DATUM(0)), context = text_view(PG_GETARG_DATUM(1));
        std::string plain;
        const auto status = gpsync::core::pii::decrypt_value(sealed, context, gpsync::key_ring(), plain);
        return gpsync::text_or_error(status, plain);
    });
}

// tokenize(value text, domain text, luhn_valid boolean) -> text
GPSYNC_FUNCTION(gpsync_tokenize) {
    return guarded([&]() -> Datum {
        const auto value = text_view(PG_GETARG_DATUM(0)), domain = text_view(PG_GETARG_DATUM(1));
        return gpsync::tokenize(value, domain, PG_GETARG_BOOL(2));
    });
}

// detokenize(token text, domain text, key_name text) -> text; key_name '' is the current key
GPSYNC_FUNCTION(gpsync_detokenize) {
    return guarded([&]() -> Datum {
        const auto token = text_view(PG_GETARG_DATUM(0)), domain = text_view(PG_GETARG_DATUM(1));
        const auto key_name = text_view(PG_GETARG_DATUM(2));
        gpsync::check_domain(domain);
        const auto* keys = gpsync::key_ring();
        if (token.starts_with(gpsync::kEnvelopeStart)) {
            std::string value;
            const auto status = gpsync::core::pii::open_token_envelope(token, domain, keys, value);
            return gpsync::text_or_error(status, value);
        }
        const auto& key = key_name.empty() ? gpsync::current_key(keys) : gpsync::named_key(keys, key_name);
        return gpsync::detokenize(token, domain, key);
    });
}
