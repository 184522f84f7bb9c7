// Scrubbing any JSON: what comes out is JSON, holds nothing that is found again, and stays as it is when
// scrubbed again; with an empty policy nothing changes at all. Any bytes: the scanner stays within the text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/json_writer.hpp"
#include "core/pii/document/scrubber.hpp"

namespace {

using namespace gpsync::core;
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

const Policy& hashing() {
    static const Policy policy = [] {
        Policy made;
        require(parse_policy("fuzz@1", R"([{"detector":["pan","device_pan"],"action":"tokenize"},
            {"detector":["email","phone","person_name","ssn"],"action":"hash"},
            {"detector":["ip","iban","address"],"action":"mask"}])",
                             nullptr, made)
                    .ok());
        return made;
    }();
    return policy;
}

void check(std::string_view json, const Policy& policy, const KeyRing* ring) {
    Scrubber scrubber(policy, ring, Mode::kScrub), tester(policy, ring, Mode::kTest);
    const Verdict first = scrubber.json_text(json);
    require(first != Verdict::kError);
    const std::string once =
        first == Verdict::kReplace ? std::string(scrubber.replacement()) : std::string(json);
    require(scrubber.json_text(once) == Verdict::kKeep);
    require(tester.json_text(once) != Verdict::kError);
    require(!tester.found());
    require(tester.json_text(json) != Verdict::kError);
    require(tester.found() == (first == Verdict::kReplace));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Scrubber nothing(Policy::none(), nullptr, Mode::kScrub);
    const Verdict verdict = nothing.json_text(bytes);
    require(verdict == Verdict::kKeep || verdict == Verdict::kError);
    // As a document where it is one, and as a string in a document under a key that says nothing and one that
    // does.
    if (verdict == Verdict::kKeep) {
        check(bytes, Policy::payments(), nullptr);
        check(bytes, hashing(), &keys());
    }
    for (const char* key : {"{\"x\":", "{\"phone\":", "{\"pan\":"}) {
        HeapBuffer json;
        json.append(std::string_view(key));
        append_json_string(json, bytes);
        json.append('}');
        check(json.view(), Policy::payments(), nullptr);
        check(json.view(), hashing(), &keys());
    }
    return 0;
}
