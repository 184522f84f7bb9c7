// Tokens that keep the format of what they stand for: FF1 over the digits of a card number or over the
// letters and digits of any other value.
#pragma once

#include <string>
#include <string_view>

#include "core/pii/protect/key_ring.hpp"
#include "core/pii/status.hpp"

namespace gpsync::core::pii {

// Whether the token of a card number may look like one. kInvalid is what documents and the stream get, so
// that no token can be taken for a card; kValid is for systems that check Luhn.
enum class Luhn : uint8_t { kInvalid, kValid };

// A card number of 12 to 19 digits that passes Luhn, other characters anywhere between the digits are kept.
// The last four digits stay, and the first six, or fewer of the first so that six are left to encrypt. One
// value always gives the same token.
//
// How Luhn is forced. FF1 permutes the 10^m middles; of them V = 10^(m-1) make the number valid. kValid
// repeats FF1 until the middle is in V again (cycle walking). kInvalid first adds 1 to the last digit of the
// middle, which takes V into its complement one to one, and then walks within the complement. Both can be
// undone.
Status tokenize_pan(std::string_view pan, Luhn luhn, const NamedKey& key, std::string& out);
Status detokenize_pan(std::string_view token, const NamedKey& key, std::string& out);
// Whether digits can be a token that tokenize_pan(kInvalid) gave with this key. One in nine of the
// Luhn-invalid numbers can; there is no room in six digits for more.
bool is_pan_token(std::string_view digits, const NamedKey& key);

// Any other domain: the digits of the value when there are six or more and no letter, else letters and digits
// (radix 62); all other ASCII characters stay where they are. The domain's name is the tweak.
Status tokenize_text(std::string_view value, std::string_view domain, const NamedKey& key, std::string& out);
Status detokenize_text(std::string_view token, std::string_view domain, const NamedKey& key,
                       std::string& out);

// The bytes of any value of 1 to 1000 bytes, for an envelope. Without a zero byte in it.
Status tokenize_bytes(std::string_view value, std::string_view domain, const NamedKey& key, std::string& out);
Status detokenize_bytes(std::string_view token, std::string_view domain, const NamedKey& key,
                        std::string& out);

}  // namespace gpsync::core::pii
