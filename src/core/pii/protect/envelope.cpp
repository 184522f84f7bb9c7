#include "core/pii/protect/envelope.hpp"

#include <algorithm>
#include <array>

#include "core/pii/base64.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::array<std::string_view, 3> kTypes = {"e1", "h1", "t1"};
constexpr size_t kMacBytes = 16, kMacLength = 22;  // in base64url without padding

bool url_byte(char c) {
    return is_base64_byte(c) && c != '+' && c != '/';
}

std::string mac_of(std::string_view sealed, const NamedKey& key) {
    const auto digest = hmac_sha256(key.bytes(Purpose::kEnvelope), sealed);
    if (!digest) return {};
    return base64_encode(bytes_of(*digest).substr(0, kMacBytes), Base64Alphabet::kUrl, false);
}

// Takes what stands before the next colon.
std::optional<std::string_view> take_field(std::string_view& text) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const std::string_view field = text.substr(0, colon);
    if (!std::all_of(field.begin(), field.end(), url_byte)) return std::nullopt;
    text.remove_prefix(colon + 1);
    return field;
}

}  // namespace

std::optional<Envelope> parse_envelope(std::string_view text) {
    if (!text.starts_with(kEnvelopeStart)) return std::nullopt;
    std::string_view rest = text.substr(kEnvelopeStart.size());
    // Type and key are short: a long text without a colon is not searched to its end.
    const size_t type_size = rest.substr(0, 3).find(':');
    if (type_size != 2) return std::nullopt;
    const auto type = std::find(kTypes.begin(), kTypes.end(), rest.substr(0, 2));
    if (type == kTypes.end()) return std::nullopt;
    rest.remove_prefix(3);
    if (rest.substr(0, 33).find(':') == std::string_view::npos) return std::nullopt;
    const auto key_name = take_field(rest);
    if (!key_name || !valid_key_name(*key_name)) return std::nullopt;
    const auto body = take_field(rest);
    if (!body || rest.size() < kMacLength) return std::nullopt;
    const std::string_view mac = rest.substr(0, kMacLength);
    if (!std::all_of(mac.begin(), mac.end(), url_byte)) return std::nullopt;
    if (rest.size() > kMacLength && url_byte(rest[kMacLength])) return std::nullopt;
    const auto before_mac = static_cast<size_t>(mac.data() - text.data());
    return Envelope{static_cast<EnvelopeType>(type - kTypes.begin()),
                    *key_name,
                    *body,
                    mac,
                    text.substr(0, before_mac - 1),
                    before_mac + kMacLength};
}

bool authentic(const Envelope& envelope, const KeyRing& ring) {
    const NamedKey* key = ring.find(envelope.key_name);
    return key != nullptr && equal_in_constant_time(envelope.mac, mac_of(envelope.sealed, *key));
}

std::string envelope_header(EnvelopeType type, std::string_view key_name) {
    std::string header(kEnvelopeStart);
    header += kTypes[static_cast<size_t>(type)];
    header += ':';
    header += key_name;
    header += ':';
    return header;
}

Status seal_envelope(EnvelopeType type, const NamedKey& key, std::string_view body, std::string& out) {
    const std::string sealed =
        envelope_header(type, key.name()) + base64_encode(body, Base64Alphabet::kUrl, false);
    const std::string mac = mac_of(sealed, key);
    if (mac.empty()) return Status::out_of_memory();
    out += sealed;
    out += ':';
    out += mac;
    return {};
}

std::optional<std::string> envelope_body(const Envelope& envelope) {
    return base64_decode(envelope.body);
}

}  // namespace gpsync::core::pii
