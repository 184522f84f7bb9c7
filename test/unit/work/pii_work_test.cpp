// The work of the PII engine grows with the size of a text, not faster, whatever the text: no scanner reads
// to an end again and again that many positions share. Counted in steps (steps.hpp), over texts that repeat
// what any scanner begins at.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/json_writer.hpp"
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

// Members and elements that say something of their neighbours: labels and values, rows below their header,
// elements of payment messages, names that look like PII.
class Documents {
  public:
    Documents(std::mt19937& random, const std::vector<std::string>& texts) : random_(random), texts_(texts) {}

    // A unit of one to four members, as an object or not.
    void choose() {
        unit_.clear();
        for (size_t n = 1 + below(4); n > 0; --n) unit_.push_back({below(kNames.size()), value(0)});
        shape_ = below(3);
    }
    std::string document(size_t units) {
        std::string out(1, shape_ == 0 ? '{' : '[');
        for (size_t i = 0; i < units; ++i) {
            if (shape_ == 1) out += '{';
            for (const auto& [name, value] : unit_) {
                if (shape_ < 2) out += quoted(name_of(kNames[name], i)) + ':';
                out += value + ',';
            }
            if (shape_ == 1) out.back() = '}', out += ',';
        }
        out.back() = shape_ == 0 ? '}' : ']';
        return out;
    }

  private:
    static constexpr std::array<std::string_view, 34> kNames = {"id",       "name",
                                                                "type",     "value",
                                                                "label",    "key",
                                                                "field",    "email",
                                                                "pan",      "cvv",
                                                                "columns",  "rows",
                                                                "headers",  "data",
                                                                "from",     "to",
                                                                "city",     "system",
                                                                "code",     "55",
                                                                "35",       "2",
                                                                "tag",      "tags",
                                                                "street",   "phone",
                                                                "password", "items",
                                                                "k#",       "a#@b.io",
                                                                "5A",       "9F26",
                                                                "op",       "41111111111111#"};

    size_t below(size_t n) { return random_() % n; }
    static std::string quoted(std::string_view text) {
        HeapBuffer out;
        append_json_string(out, text);
        return std::string(out.view());
    }
    static std::string name_of(std::string_view name, size_t i) {
        std::string all(name);
        if (const size_t at = all.find('#'); at != all.npos) all.replace(at, 1, std::to_string(10 + i));
        return all;
    }
    std::string text() {
        static constexpr std::array<std::string_view, 8> kTexts = {
            "email", "4111111111111111", "joe@example.com", "Jane Roe", "cvv", "123", "2031-07", "x"};
        return quoted(below(2) == 0 ? std::string(kTexts[below(kTexts.size())])
                                    : texts_[below(texts_.size())]);
    }
    std::string value(int depth) {
        const size_t kind = below(depth < 2 ? 6 : 3);
        if (kind < 2) return text();
        if (kind == 2) return std::to_string(below(100'000));
        std::string out(1, kind == 3 ? '{' : '[');
        for (size_t n = 1 + below(3); n > 0; --n)
            out += (kind == 3 ? quoted(name_of(kNames[below(kNames.size())], n)) + ':' : "") +
                   value(depth + 1) + ',';
        out.back() = kind == 3 ? '}' : ']';
        return out;
    }

    std::mt19937& random_;
    const std::vector<std::string>& texts_;
    std::vector<std::pair<size_t, std::string>> unit_;
    size_t shape_ = 0;
};

TEST(PiiWork, GrowsWithGeneratedDocuments) {
    std::mt19937 random(static_cast<uint32_t>(setting("PII_WORK_SEED", 20261129)));
    const auto texts = hostile_pieces();
    Documents documents(random, texts);
    const auto steps_of = [](const std::string& document) {
        Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
        const uint64_t before = test::steps();
        EXPECT_NE(scrubber.json_text(document), Verdict::kError) << document.substr(0, 200);
        return test::steps() - before;
    };
    for (unsigned long round = setting("PII_WORK_ROUNDS", 600); round > 0; --round) {
        documents.choose();
        constexpr size_t kUnits = 150;
        const std::string little = documents.document(kUnits), much = documents.document(2 * kUnits);
        const uint64_t few = steps_of(little), many = steps_of(much);
        if (many <= 5 * few / 2 + 30 * much.size()) continue;
        EXPECT_LE(steps_of(documents.document(4 * kUnits)), 5 * many / 2) << documents.document(2);
    }
}

}  // namespace
}  // namespace gpsync::core::pii
