// Taking secrets out of what an endpoint says: the first byte tells how long the secret at the front of the
// rest is, what follows is said. The secret as it is never comes out, and no coding, however broken, leads
// astray.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "relay/base/secrets.hpp"
#include "relay/base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace gpsync::relay;
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const size_t length = std::min<size_t>(data[0], text.size());
    // What is said has become text before; a secret that is none is never in it whole.
    const std::string secret = clean_text(text.substr(0, length), length),
                      said = text.substr(length) + secret;
    Secrets secrets;
    secrets.add(secret);
    const std::string left = secrets.conceal(said, 500);
    if (left.size() > 500) std::abort();
    const bool is_of_mark = Secrets::kMark.find(secret) != std::string_view::npos;
    if (secret.size() >= 3 && !is_of_mark && left.find(secret) != std::string::npos) {
        // A mark and what stands beside it may look like a secret that has a mark in it.
        if (secret.find_first_of("[]") == std::string::npos) std::abort();
    }
    return 0;
}
