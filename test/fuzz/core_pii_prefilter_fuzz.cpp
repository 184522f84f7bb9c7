// Any bytes as a string under a neutral name: what the prefilter and the recognisers of plain values let
// through is nothing that the scanners find.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/pii/document/scrubber.hpp"

namespace {

using namespace gpsync::core;
using namespace gpsync::core::pii;

// With a pattern that matches nothing, so that every string is scanned.
const Policy& scanning_all() {
    static const Policy policy = [] {
        Policy made;
        if (!parse_policy("all@1",
                          R"({"extends":"payments@1","rules":[
            {"pattern":"\\x{1}{40}","name":"nothing","action":"remove"}]})",
                          nullptr, made)
                 .ok())
            std::abort();
        return made;
    }();
    return policy;
}

bool finds(Scrubber& scrubber, std::string_view text) {
    (void)scrubber.begin_row();
    (void)scrubber.name("note");
    const Verdict verdict = scrubber.string(text);
    if (verdict == Verdict::kError) std::abort();
    return verdict != Verdict::kKeep;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Scrubber with(Policy::payments(), nullptr, Mode::kTest), without(scanning_all(), nullptr, Mode::kTest);
    if (finds(with, text) != finds(without, text)) std::abort();
    constexpr size_t kWindow = 2048;  // a longer text is read in windows
    if (size <= kWindow && text.find_first_of("`|") == std::string_view::npos &&
        may_hold_pii(text) != may_hold_pii_bytewise(text))
        std::abort();
    return 0;
}
