#include "core/pii/protect/key_ring.hpp"

#include <algorithm>
#include <span>

#include "core/nearest_name.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::array<std::string_view, 4> kPurposes = {"encrypt", "hash", "tokenize", "envelope"};

// The next word of a line; empty at its end or at a comment.
std::string_view next_word(std::string_view& line) {
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#') return {};
    size_t end = 0;
    while (end < line.size() && !is_space(line[end])) ++end;
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(end);
    return word;
}

}  // namespace

bool valid_key_name(std::string_view name) {
    return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
        return (class_of(c) & (kDigit | kUpper | kLower)) != 0 || c == '_' || c == '-';
    });
}

Status NamedKey::make(std::string name, std::string_view secret, NamedKey& out) {
    out.name_ = std::move(name);
    for (size_t i = 0; i < kPurposes.size(); ++i) {
        auto derived = hkdf_sha256(secret, "gpsync key ring 1", kPurposes[i], kKeyBytes);
        if (!derived) return Status::out_of_memory();
        std::copy(derived->begin(), derived->end(), out.keys_[i].begin());
        wipe(*derived);
    }
    return {};
}

NamedKey::~NamedKey() {
    wipe(keys_.data(), sizeof keys_);
}

Status KeyRing::add_key(std::string_view name, std::string_view base64) {
    if (!valid_key_name(name))
        return Status::error(Code::kInvalid, "invalid key name",
                             "A key's name has 1 to 32 letters, digits, \"_\" or \"-\".");
    if (find(name) != nullptr)
        return Status::error(Code::kInvalid, "key \"" + std::string(name) + "\" is there twice");
    auto secret = base64_decode(base64);
    if (!secret || secret->size() != kKeyBytes)
        return Status::error(Code::kInvalid, "key \"" + std::string(name) + "\" is not 32 bytes in base64",
                             {}, "Make one with: openssl rand -base64 32");
    NamedKey key;
    Status status = NamedKey::make(std::string(name), *secret, key);
    wipe(*secret);
    if (status.ok()) keys_.push_back(std::move(key));
    return status;
}

Status KeyRing::set_current(std::string_view purpose, std::string_view name) {
    const auto found =
        std::find_if(keys_.begin(), keys_.end(), [name](const NamedKey& k) { return k.name() == name; });
    if (found == keys_.end())
        return Status::error(Code::kUnknownName,
                             "there is no key \"" + std::string(name) + "\" above this line");
    const auto index = static_cast<size_t>(found - keys_.begin());
    for (size_t i = 0; i < current_.size(); ++i) {
        if (!purpose.empty() && purpose != kPurposes[i]) continue;
        if (purpose.empty() && pinned_[i]) continue;
        current_[i] = index;
        pinned_[i] = pinned_[i] || !purpose.empty();
    }
    return {};
}

Status KeyRing::parse(std::string_view text, KeyRing& out) {
    KeyRing ring;
    size_t number = 0;
    bool started = false, current_seen = false;
    const auto here = [&number] { return "line " + std::to_string(number); };
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        const std::string_view word = next_word(line);
        if (word.empty()) continue;
        const std::string_view first = next_word(line), second = next_word(line);
        Status status;
        if (!started) {
            if (word != "gpsync-keys" || first != "1" || !second.empty())
                return Status::error(Code::kInvalid, "not a gpsync key ring",
                                     "Its first line is: gpsync-keys 1")
                    .at(here());
            started = true;
        } else if (word == "key") {
            status = ring.add_key(first, second);
        } else if (word == "current" && second.empty()) {
            status = ring.set_current({}, first);
            current_seen = true;
        } else if (word == "current" &&
                   std::find(kPurposes.begin(), kPurposes.begin() + 3, first) != kPurposes.begin() + 3) {
            status = ring.set_current(first, second);
        } else {
            const bool purpose = word == "current";
            static constexpr std::array<std::string_view, 2> kStatements = {"key", "current"};
            const auto names = purpose ? std::span<const std::string_view>(kPurposes).first(3)
                                       : std::span<const std::string_view>(kStatements);
            status = Status::error(
                Code::kUnknownName,
                purpose ? "unknown purpose in a key ring" : "unknown statement in a key ring", {},
                unknown_name_hint(purpose ? first : word, purpose ? "purposes" : "statements", names));
        }
        if (status.ok() && !next_word(line).empty())
            status = Status::error(Code::kInvalid, "too many words in a line of a key ring");
        if (!status.ok()) return std::move(status).at(here());
    }
    if (!started)
        return Status::error(Code::kInvalid, "the key ring is empty", "Its first line is: gpsync-keys 1")
            .at("line 1");
    if (ring.keys_.empty()) return Status::error(Code::kMissingKey, "the key ring holds no key").at(here());
    for (size_t i = 0; i < ring.current_.size() && !current_seen; ++i)
        if (!ring.pinned_[i]) ring.current_[i] = ring.keys_.size() - 1;
    out = std::move(ring);
    return {};
}

const NamedKey* KeyRing::find(std::string_view name) const {
    for (const NamedKey& key : keys_)
        if (key.name() == name) return &key;
    return nullptr;
}

const NamedKey* KeyRing::current(Purpose purpose) const {
    if (keys_.empty()) return nullptr;
    return &keys_[current_[static_cast<size_t>(purpose) % current_.size()]];
}

}  // namespace gpsync::core::pii
