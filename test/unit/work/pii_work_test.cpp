// The work of the PII engine grows with the size of a text, not faster, whatever the text: no scanner reads
// to an end again and again that many positions share. Counted in steps (steps.hpp), over texts that repeat
// what any scanner begins at.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/pii/document/scrubber.hpp"
#include "hostile_texts.hpp"
#include "steps.hpp"

namespace gpsync::core::pii {
namespace {

const Policy& patterns() {
    static const Policy policy = [] {
        Policy made;
        EXPECT_TRUE(parse_policy("patterns@1",
                                 R"({"extends":"payments@1","rules":[
            {"pattern":"[A-Z]{3}-[0-9]{4}","name":"contract","action":"remove"}]})",
                                 nullptr, made)
                        .ok());
        return made;
    }();
    return policy;
}

uint64_t work(const std::string& text, const char* name, const Policy& policy) {
    Scrubber scrubber(policy, nullptr, Mode::kScrub);
    (void)scrubber.begin_row();
    (void)scrubber.name(name);
    const uint64_t before = test::steps();
    EXPECT_NE(scrubber.string(text), Verdict::kError) << scrubber.status().message;
    return test::steps() - before;
}

constexpr size_t kSize = 6'000;
// The work of a byte: a dozen scanners, three layers of decoding, the second search in what is left.
constexpr uint64_t kMostStepsPerByte = 1'200;

// Asserts the bounds; returns the steps per byte.
uint64_t check(const Hostile& hostile, const char* name = "note", const Policy& policy = Policy::payments()) {
    const std::string half = hostile.text(kSize), whole = hostile.text(2 * kSize);
    const uint64_t little = work(half, name, policy), much = work(whole, name, policy);
    const uint64_t per_byte = much / whole.size();
    EXPECT_LE(per_byte, kMostStepsPerByte) << hostile.shown();
    // Twice the text takes twice the work, and something for a few steps at the beginning. A search that
    // begins at a size shows in one doubling; work that grows faster than the text shows in the next one,
    // too.
    if (much > 5 * little / 2 + 30 * whole.size()) {
        EXPECT_LE(work(hostile.text(4 * kSize), name, policy), 5 * much / 2)
            << hostile.shown() << per_byte << " steps a byte";
    }
    return per_byte;
}

TEST(PiiWork, GrowsWithTheTextForEachPiece) {
    uint64_t most = 0;
    std::string worst;
    const auto all = hostile_pieces();
    for (const std::string& piece : all)
        for (const char* separator : {"", " ", "-", ".", ",", ":", "\"", "a", "1"}) {
            const Hostile hostile{{piece + separator}};
            const uint64_t found = check(hostile);
            if (found > most) most = found, worst = hostile.shown();
        }
    RecordProperty("steps_per_byte", std::to_string(most) + ' ' + worst);
    std::printf("most steps a byte: %u for %s\n", static_cast<unsigned>(most), worst.c_str());
}

// PII_WORK_SEED, PII_WORK_ROUNDS: other mixtures, and more of them.
unsigned long setting(const char* name, unsigned long otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

TEST(PiiWork, GrowsWithTheTextForMixturesOfPieces) {
    std::mt19937 random(static_cast<uint32_t>(setting("PII_WORK_SEED", 20261126)));
    const auto all = hostile_pieces();
    uint64_t most = 0;
    std::string worst;
    for (unsigned long round = setting("PII_WORK_ROUNDS", 1'500); round > 0; --round) {
        const Hostile hostile = mixture(random, all);
        const uint64_t found = check(hostile);
        if (found > most) most = found, worst = hostile.shown();
    }
    std::printf("most steps a byte: %u for %s\n", static_cast<unsigned>(most), worst.c_str());
}

// Long texts are scanned in parts; a run may be longer than a part.
TEST(PiiWork, GrowsWithALongText) {
    for (const char* unit : {"eyJ-", "sk-", "xoxb-", "pypi-a.", "a@", "{\"", "1:", "YWJj"}) {
        const Hostile hostile{{unit}};
        check(hostile);
        if (HasFailure()) return;  // it would take hours
        const uint64_t little = work(hostile.text(300'000), "note", Policy::payments());
        EXPECT_LE(work(hostile.text(600'000), "note", Policy::payments()), 5 * little / 2) << unit;
    }
}

// Under names that say what the value is, and with a pattern of the policy's own.
TEST(PiiWork, GrowsWithTheTextUnderNames) {
    const auto all = hostile_pieces();
    for (const char* name : {"phone", "pan", "address", "iban", "firstName", "password"})
        for (const std::string& piece : all) check({{piece + ' '}}, name);
    for (const std::string& piece : all) check({{piece + "ABC-"}}, "note", patterns());
}

// Of a document, with what it holds in strings.
TEST(PiiWork, GrowsWithTheDocument) {
    const auto document = [](std::string_view member, size_t members) {
        std::string text = "[";
        for (size_t i = 0; i < members; ++i) (text += member) += ',';
        text.back() = ']';
        return text;
    };
    for (std::string_view member :
         {R"({"id":"prov_12345","email":"joe@example.com","note":"card 4111 1111 1111 1111 seen"})",
          R"({"log":"got {\"cvv\": \"123\", \"ok\": 1}"})", R"({"a":[{"b":[{"c":"x@y.io"}]}]})",
          R"({"joe@example.com":1,"k@example.com":2})", R"("b64 eyJsYXN0TmFtZSI6IlNtaXRoIiwib3MiOjF9")"}) {
        uint64_t steps[2];
        for (size_t doubled : {0, 1}) {
            Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
            const std::string text = document(member, 200 << doubled);
            const uint64_t before = test::steps();
            EXPECT_NE(scrubber.json_text(text), Verdict::kError);
            steps[doubled] = test::steps() - before;
            EXPECT_LE(steps[doubled] / text.size(), kMostStepsPerByte) << member;
        }
        EXPECT_LE(steps[1], 5 * steps[0] / 2) << member;
    }
}

}  // namespace
}  // namespace gpsync::core::pii
