#include "relay/delivery/webhook_signer.hpp"

#include <sstream>
#include <utility>

#include "core/webhook/signature.hpp"
#include "relay/delivery/secret_file.hpp"

namespace gpsync::relay {

WebhookSigner::WebhookSigner(const Credentials& credentials)
    : file_(credentials.signing_secret_file), text_(credentials.signing_secret) {
    if (file_.empty() && text_.empty())
        problem_ = "requests are to be signed, and the relay's user mapping has no signing_secret";
}

std::string WebhookSigner::refresh(Secrets& secrets) {
    if (!text_.empty()) take(std::exchange(text_, {}), secrets);
    if (file_.empty()) return problem_;
    std::string state = file_state(file_);
    if (state == state_ && !state.empty()) return problem_;
    std::string text;
    problem_ = read_secret_file(file_, text);
    if (problem_.empty()) take(text, secrets);
    state_ = std::move(state);
    return problem_;
}

void WebhookSigner::take(const std::string& text, Secrets& secrets) {
    const std::string wrong = core::parse_webhook_secrets(text, secrets_);
    problem_ = wrong.empty()   ? std::string()
               : file_.empty() ? "option \"signing_secret\" is invalid: " + wrong
                               : "file \"" + file_ + "\" holds no signing secret: " + wrong;
    if (!wrong.empty()) return;
    const auto add = [&](const std::string& secret) {
        file_.empty() ? secrets.add(secret) : secrets.add_issued(secret);
    };
    std::istringstream words(text);
    for (std::string word; words >> word;) add(word);
    for (const std::string& secret : secrets_) add(secret);
}

void WebhookSigner::sign(const std::string& id, int64_t timestamp, std::string_view body,
                         std::vector<std::string>& headers) const {
    headers.push_back("webhook-id: " + id);
    headers.push_back("webhook-timestamp: " + std::to_string(timestamp));
    headers.push_back("webhook-signature: " + core::webhook_signature(secrets_, id, timestamp, body));
}

}  // namespace gpsync::relay
