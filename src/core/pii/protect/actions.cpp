#include "core/pii/protect/actions.hpp"

#include <algorithm>

#include "core/pii/protect/canonical.hpp"
#include "core/pii/protect/envelope.hpp"
#include "core/pii/protect/tokenize.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

Status no_key(std::string_view what) {
    return Status::error(Code::kMissingKey, "there is no key to " + std::string(what) + " with", {},
                         "Set gpsync.key_file to a key ring.");
}

const NamedKey* current_key(const KeyRing* keys, Purpose purpose) {
    return keys == nullptr ? nullptr : keys->current(purpose);
}

bool is_card(Detector d) {
    return d == Detector::kPan || d == Detector::kDevicePan;
}

Detector kind_of(const ActionInput& input) {
    return input.kind == Detector::kNone ? input.detector : input.kind;
}

std::string_view plain_of(const ActionInput& input) {
    return input.plain.empty() ? input.original : input.plain;
}

Status hash_value(const ActionInput& input, const KeyRing* keys, std::string& out) {
    const NamedKey* key = current_key(keys, Purpose::kHash);
    if (key == nullptr) return no_key("hash");
    std::string message(info(input.detector).name);
    message.push_back('\0');
    message += canonical(kind_of(input), input.folded, plain_of(input));
    const auto digest = hmac_sha256(key->bytes(Purpose::kHash), message);
    if (!digest) return Status::out_of_memory();
    return seal_envelope(EnvelopeType::kHashed, *key, bytes_of(*digest), out);
}

// A card becomes a number of the same form that fails Luhn; anything else, and a card number that never
// passed Luhn, an envelope or, where FF1 cannot take it, nothing.
Status tokenize_value(const ActionInput& input, const KeyRing* keys, std::string& out) {
    const NamedKey* key = current_key(keys, Purpose::kTokenize);
    if (key == nullptr) return no_key("tokenize");
    if (is_card(input.detector)) {
        Status status = tokenize_pan(input.folded, Luhn::kInvalid, *key, out);
        if (status.ok() || status.code != Code::kInvalid) return status;
        out += kRemovedMark;
        return {};
    }
    std::string token;
    Status status = tokenize_bytes(token_form(kind_of(input), input.folded, plain_of(input)),
                                   info(input.detector).name, *key, token);
    if (status.ok()) return seal_envelope(EnvelopeType::kTokenized, *key, token, out);
    if (status.code != Code::kInvalid) return status;
    out += kRemovedMark;
    return {};
}

constexpr size_t kShownTail = 4;

template <class Each>
void each_character(std::string_view text, Each&& each) {
    for (size_t i = 0; i < text.size();) {
        char32_t code;
        const size_t length = utf8::decode(text, i, code);
        each(text.substr(i, length));
        i += length;
    }
}

bool shows_tail(std::string_view text) {
    constexpr size_t kLeastDigits = 8;
    size_t words = 0, digits = 0, ascii = 0;  // ascii: letters and digits at the end
    each_character(text, [&](std::string_view character) {
        if (!is_word(character[0])) return;
        ++words;
        digits += is_digit(character[0]);
        ascii = character.size() == 1 && (class_of(character[0]) & kOtherLetter) == 0 ? ascii + 1 : 0;
    });
    return digits >= kLeastDigits && 2 * digits > words && ascii >= kShownTail;
}

// "\u0043\u0044": the last four of it are not those of the value.
bool ends_as_decoded(const ActionInput& input) {
    if (input.plain.empty() || input.plain == input.original) return true;
    return shows_tail(input.plain) &&
           input.original.ends_with(input.plain.substr(input.plain.size() - kShownTail));
}

}  // namespace

Status apply_action(const ActionInput& input, const KeyRing* keys, std::string& out) {
    switch (input.action) {
        case Action::kPass:
            out += input.original;
            return {};
        case Action::kMask:
            mask(input.original, input.tail && info(input.detector).keeps_last_four && ends_as_decoded(input),
                 out);
            return {};
        case Action::kTokenize:
            return tokenize_value(input, keys, out);
        case Action::kEncrypt:
            return encrypt_value(input.original, input.context, keys, out);
        case Action::kHash:
            return hash_value(input, keys, out);
        case Action::kRemove:
            out += kRemovedMark;
            return {};
    }
    return Status::error(Code::kInternal, "unknown action");
}

void mask(std::string_view original, bool keep_last_four, std::string& out) {
    if (is_masked(original)) {
        out += original;
        return;
    }
    size_t hidden = 0;
    each_character(original, [&hidden](std::string_view character) { hidden += is_word(character[0]); });
    if (keep_last_four && shows_tail(original)) hidden -= kShownTail;
    each_character(original, [&](std::string_view character) {
        if (is_word(character[0]) && hidden > 0) {
            out.push_back('*');
            --hidden;
        } else {
            out += character;
        }
    });
}

bool is_masked(std::string_view text) {
    size_t shown = 0, digits = 0, stars = 0;
    bool hidden_behind = false;
    each_character(text, [&](std::string_view character) {
        if (character[0] == '*') {
            ++stars;
            hidden_behind |= shown > 0;
        } else if (is_word(character[0])) {
            ++shown;
            digits += is_digit(character[0]);
        }
    });
    const bool few = shown <= stars || (shown == digits && stars > 1);
    return stars > 0 && shown <= kShownTail && few && !hidden_behind;
}

Status encrypt_value(std::string_view plain, std::string_view context, const KeyRing* keys,
                     std::string& out) {
    const NamedKey* key = current_key(keys, Purpose::kEncrypt);
    if (key == nullptr) return no_key("encrypt");
    std::string body(kGcmNonceBytes, '\0');
    if (!random_bytes(body.data(), body.size()))
        return Status::error(Code::kInternal, "there is no randomness for a nonce");
    std::string additional = envelope_header(EnvelopeType::kEncrypted, key->name());
    additional += context;
    const auto sealed = gcm_seal(key->key(Purpose::kEncrypt), body, additional, plain);
    if (!sealed) return Status::out_of_memory();
    body += *sealed;
    return seal_envelope(EnvelopeType::kEncrypted, *key, body, out);
}

namespace {

Status open_envelope(std::string_view text, EnvelopeType type, const KeyRing* keys, Envelope& envelope,
                     std::string& body) {
    const auto parsed = parse_envelope(text);
    const auto corrupt = [](std::string detail) {
        return Status::error(Code::kCorrupt, "value is not what gpsync encrypted", std::move(detail));
    };
    if (!parsed || parsed->type != type || parsed->size != text.size())
        return corrupt("It does not have the form gpsync:TYPE:KEY:BODY:MAC.");
    if (keys == nullptr || keys->find(parsed->key_name) == nullptr)
        return Status::error(Code::kMissingKey,
                             "there is no key \"" + std::string(parsed->key_name) + "\" in the key ring", {},
                             "A key has to stay in the key ring as long as what was made with it.");
    if (!authentic(*parsed, *keys)) return corrupt("Its authentication code is wrong.");
    auto bytes = envelope_body(*parsed);
    if (!bytes) return corrupt("Its body is not base64url.");
    envelope = *parsed;
    body = std::move(*bytes);
    return {};
}

}  // namespace

Status decrypt_value(std::string_view text, std::string_view context, const KeyRing* keys, std::string& out) {
    Envelope envelope;
    std::string body;
    if (Status status = open_envelope(text, EnvelopeType::kEncrypted, keys, envelope, body); !status.ok())
        return status;
    std::string additional = envelope_header(EnvelopeType::kEncrypted, envelope.key_name);
    additional += context;
    const std::string_view bytes = body;
    if (bytes.size() < kGcmNonceBytes + kGcmTagBytes)
        return Status::error(Code::kCorrupt, "value is not what gpsync encrypted");
    const auto plain = gcm_open(keys->find(envelope.key_name)->key(Purpose::kEncrypt),
                                bytes.substr(0, kGcmNonceBytes), additional, bytes.substr(kGcmNonceBytes));
    if (!plain)
        return Status::error(
            Code::kCorrupt, "value does not open with this context", {},
            "It is the one that was given to encrypt(), or, for what scrub() has encrypted, that of "
            "the policy's rule, which is the policy's name where it says nothing.");
    out += *plain;
    return {};
}

Status open_token_envelope(std::string_view text, std::string_view domain, const KeyRing* keys,
                           std::string& out) {
    Envelope envelope;
    std::string body;
    if (Status status = open_envelope(text, EnvelopeType::kTokenized, keys, envelope, body); !status.ok())
        return status;
    return detokenize_bytes(body, domain, *keys->find(envelope.key_name), out);
}

}  // namespace gpsync::core::pii
