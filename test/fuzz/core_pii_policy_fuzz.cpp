// Any text as a policy, and as a key ring: taken or refused with a position, and what is taken can be used.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/pii/document/scrubber.hpp"

namespace {

using namespace gpsync::core::pii;

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    KeyRing ring;
    const Status keys = KeyRing::parse(text, ring);
    require(keys.ok() ? !ring.empty() : !keys.position.empty());

    Policy policy;
    const Status status = parse_policy("fuzz@1", text, nullptr, policy);
    if (!status.ok()) {
        require(!status.position.empty() && !status.message.empty());
        return 0;
    }
    Scrubber finder(policy, nullptr, Mode::kFind);
    require(
        finder.json_text(R"({"a":{"b":["joe@x.io",4111111111111111,true,null]},"MEMB-1":"MEMB-12345678"})") !=
        Verdict::kError);
    return 0;
}
