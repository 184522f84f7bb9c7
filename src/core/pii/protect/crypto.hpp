// Thin wrappers over OpenSSL: HMAC-SHA-256, HKDF (RFC 5869), AES-256-GCM, SHA-256. They hold no state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpsync::core::pii {

inline constexpr size_t kKeyBytes = 32;
using Key = std::array<unsigned char, kKeyBytes>;
using Digest = std::array<unsigned char, 32>;

inline std::string_view bytes_of(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Nothing when OpenSSL fails, which only a lack of memory makes it do.
std::optional<Digest> hmac_sha256(std::string_view key, std::string_view message);
std::optional<Digest> sha256(std::string_view message);
// length <= 32 * 255; salt may be empty.
std::optional<std::string> hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info,
                                       size_t length);

inline constexpr size_t kGcmNonceBytes = 12, kGcmTagBytes = 16;
// The ciphertext with the tag behind it. REQUIRES: a nonce is never used twice with a key.
std::optional<std::string> gcm_seal(const Key& key, std::string_view nonce, std::string_view additional,
                                    std::string_view plain);
// Nothing when the tag does not fit.
std::optional<std::string> gcm_open(const Key& key, std::string_view nonce, std::string_view additional,
                                    std::string_view sealed);

// count bytes of the system's randomness; false when there is none.
bool random_bytes(char* out, size_t count);
bool equal_in_constant_time(std::string_view a, std::string_view b);
void wipe(void* data, size_t size);
inline void wipe(std::string& bytes) {
    wipe(bytes.data(), bytes.size());
}

}  // namespace gpsync::core::pii
