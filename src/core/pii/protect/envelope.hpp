// What an encrypted, hashed or tokenized value looks like in a document:
//
//   gpsync:TYPE:KEY:BODY:MAC
//
// TYPE e1: BODY is base64url of nonce (12 bytes), ciphertext and tag of AES-256-GCM; the additional data is
//          "gpsync:e1:KEY:" and the caller's context.
//      h1: BODY is base64url of HMAC-SHA-256 over the detector's name, a zero byte and the value.
//      t1: BODY is base64url of FF1 (radix 256) over the value's bytes, with the detector's name as tweak.
// KEY  names the key of the ring it was made with.
// MAC  is base64url of the first 16 bytes of HMAC-SHA-256 over everything before its colon, with a key
// derived
//      for that alone. It shows, without the context or the value, that the envelope is ours: scrubbing
//      leaves it as it is, and treats a forged one like any other string.
// Everything but letters, digits, '_' and '-' is a colon, so that an envelope needs no escaping anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/pii/protect/key_ring.hpp"

namespace gpsync::core::pii {

enum class EnvelopeType : uint8_t { kEncrypted, kHashed, kTokenized };

struct Envelope {
    EnvelopeType type;
    std::string_view key_name, body, mac;  // views into the text
    std::string_view sealed;               // what the MAC covers
    size_t size = 0;                       // of the whole
};

inline constexpr std::string_view kEnvelopeStart = "gpsync:";

// The envelope that text begins with; nothing when its form is not right. The MAC is not checked.
std::optional<Envelope> parse_envelope(std::string_view text);
// Whether the ring holds the key and the MAC is right.
bool authentic(const Envelope& envelope, const KeyRing& ring);

// The envelope around bytes. out is appended to.
Status seal_envelope(EnvelopeType type, const NamedKey& key, std::string_view body, std::string& out);
// What a reader needs to decode the body.
std::optional<std::string> envelope_body(const Envelope& envelope);
// "gpsync:e1:KEY:"
std::string envelope_header(EnvelopeType type, std::string_view key_name);

}  // namespace gpsync::core::pii
