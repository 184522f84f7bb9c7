// Signatures of the Standard Webhooks specification (symmetric ones): HMAC-SHA-256 over "id.timestamp.body",
// one for each secret, so that a secret can be replaced without a gap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpsync::core {

inline constexpr size_t kMaxWebhookSecrets = 8;
// Bytes of a secret, as the specification has them.
inline constexpr size_t kMinWebhookSecret = 24, kMaxWebhookSecret = 64;

// The secrets of a text ("whsec_" and base64 each, with blanks or line ends between them), as bytes. Answers
// what is wrong with them, as a sentence that quotes none, or an empty text.
std::string parse_webhook_secrets(std::string_view text, std::vector<std::string>& secrets);

// The value of header webhook-signature. timestamp: seconds since 1970. Throws std::runtime_error when
// OpenSSL fails.
std::string webhook_signature(const std::vector<std::string>& secrets, std::string_view id, int64_t timestamp,
                              std::string_view body);

}  // namespace gpsync::core
