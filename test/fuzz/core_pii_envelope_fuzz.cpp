// Any text as an envelope: only what the key made is authentic, and what was sealed opens again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/pii/protect/actions.hpp"
#include "core/pii/protect/envelope.hpp"

namespace {

using namespace gpsync::core::pii;

void require(bool condition) {
    if (!condition) std::abort();
}

const KeyRing& keys() {
    static const KeyRing ring = [] {
        KeyRing made;
        require(
            KeyRing::parse("gpsync-keys 1\nkey k AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", made).ok());
        return made;
    }();
    return ring;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto envelope = parse_envelope(text)) {
        require(envelope->size <= text.size());
        require(!authentic(*envelope, keys()));
    }
    std::string out;
    require(!decrypt_value(text, "c", &keys(), out).ok() && out.empty());
    require(!open_token_envelope(text, "email", &keys(), out).ok() && out.empty());

    std::string sealed, plain;
    require(encrypt_value(text, "c", &keys(), sealed).ok());
    const auto envelope = parse_envelope(sealed);
    require(envelope && envelope->size == sealed.size() && authentic(*envelope, keys()));
    require(decrypt_value(sealed, "c", &keys(), plain).ok() && plain == text);
    return 0;
}
