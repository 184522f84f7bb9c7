#include "core/webhook/signature.hpp"

#include <stdexcept>

#include "core/pii/base64.hpp"
#include "core/pii/protect/crypto.hpp"

namespace gpsync::core {

namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::string_view kSpace = " \t\r\n";

// The bytes of one secret; empty when it is none.
std::string decode(std::string_view secret) {
    if (secret.size() > 2 * kMaxWebhookSecret || secret.find_first_of("-_") != std::string_view::npos)
        return {};
    return pii::base64_decode(secret).value_or(std::string());
}

std::string parse_secret(std::string_view secret, std::vector<std::string>& secrets) {
    const std::string which = "Secret " + std::to_string(secrets.size() + 1);
    if (!secret.starts_with(kPrefix)) return which + " does not begin with \"whsec_\".";
    std::string bytes = decode(secret.substr(kPrefix.size()));
    if (bytes.size() < kMinWebhookSecret || bytes.size() > kMaxWebhookSecret)
        return which + " is not " + std::to_string(kMinWebhookSecret) + " to " +
               std::to_string(kMaxWebhookSecret) + " bytes in base64 behind \"whsec_\".";
    if (secrets.size() == kMaxWebhookSecrets)
        return "There are more than " + std::to_string(kMaxWebhookSecrets) + " secrets.";
    secrets.push_back(std::move(bytes));
    return {};
}

}  // namespace

std::string parse_webhook_secrets(std::string_view text, std::vector<std::string>& secrets) {
    secrets.clear();
    for (size_t at; (at = text.find_first_not_of(kSpace)) != std::string_view::npos;) {
        text.remove_prefix(at);
        const std::string_view secret = text.substr(0, text.find_first_of(kSpace));
        text.remove_prefix(secret.size());
        if (std::string problem = parse_secret(secret, secrets); !problem.empty()) return problem;
    }
    return secrets.empty() ? "There is no secret in it." : std::string();
}

std::string webhook_signature(const std::vector<std::string>& secrets, std::string_view id, int64_t timestamp,
                              std::string_view body) {
    std::string content(id);
    content.append(".").append(std::to_string(timestamp)).append(".").append(body);
    std::string signatures;
    for (const std::string& secret : secrets) {
        const auto digest = pii::hmac_sha256(secret, content);
        if (!digest) throw std::runtime_error("could not compute HMAC-SHA-256");
        signatures += signatures.empty() ? "v1," : " v1,";
        signatures += pii::base64_encode(pii::bytes_of(*digest), pii::Base64Alphabet::kStandard, true);
    }
    return signatures;
}

}  // namespace gpsync::core
