// The relay's own JSON cursor against RapidJSON, over generated documents: it hands out the same members with
// the same values. It is kept because it is the faster of the two: it builds nothing and stops early.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <random>
#include <string>

#include "relay/source/json_cursor.hpp"

namespace gpsync::relay {
namespace {

class Generator {
  public:
    explicit Generator(unsigned seed) : random_(seed) {}
    unsigned upto(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n)(random_); }

    std::string object(int depth) {
        std::string text = space() + "{" + space();
        const unsigned count = upto(5);
        for (unsigned i = 0; i < count; ++i) {
            if (i > 0) text += "," + space();
            // Names differ, so that looking one up has one answer.
            text += "\"" + std::to_string(i) + characters() + "\"" + space() + ":" + space() + value(depth) +
                    space();
        }
        return text + "}" + space();
    }

  private:
    std::string space() {
        static constexpr const char* kSpaces[] = {"", "", "", " ", "\t", "\r\n", " \n "};
        return kSpaces[upto(6)];
    }
    std::string characters() {
        static constexpr const char* kPieces[] = {
            "a",       "key",     " ",   "{", "}", "[",       "]",      ",",        ":",
            "\\\"",    "\\\\",    "\\/", "'", "@", "\\u00e4", "\\n\\t", "\xC3\xA4", "\\ud83d\\ude00",
            "\\u0000", "\\\\\\\""};
        std::string text;
        for (unsigned left = upto(6); left > 0; --left) text += kPieces[upto(std::size(kPieces) - 1)];
        return text;
    }
    std::string value(int depth) {
        static constexpr const char* kPlain[] = {
            "0", "-1", "12345678901234567890", "1.5e-7", "-0.25", "1E+300", "true", "false", "null"};
        const unsigned what = upto(depth > 0 ? 9 : 6);
        if (what < 4) return "\"" + characters() + "\"";
        if (what < 7) return kPlain[upto(std::size(kPlain) - 1)];
        if (what < 9) return object(depth - 1);
        std::string text = "[" + space();
        for (unsigned i = 0, count = upto(4); i < count; ++i) text += (i > 0 ? "," : "") + value(depth - 1);
        return text + space() + "]";
    }

    std::mt19937 random_;
};

// The document with every escape and blank in one form.
std::string canonical(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

rapidjson::Document parse(std::string_view text) {
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    return document;
}

// Walks the object with both, down to its leaves.
void compare(std::string_view text, const rapidjson::Value& object) {
    JsonCursor cursor(text);
    auto expected = object.MemberBegin();
    cursor.for_each_member([&](std::string_view name) {
        if (expected == object.MemberEnd()) {
            ADD_FAILURE() << "more members than RapidJSON has: " << text;
            return false;
        }
        EXPECT_EQ(canonical(parse('"' + std::string(name) + '"')), canonical(expected->name)) << text;
        const bool is_string = expected->value.IsString();
        const std::string_view slice = is_string ? cursor.string() : cursor.value();
        const std::string value = is_string ? '"' + std::string(slice) + '"' : std::string(slice);
        EXPECT_GE(slice.data(), text.data());
        EXPECT_LE(slice.data() + slice.size(), text.data() + text.size());
        EXPECT_EQ(canonical(parse(value)), canonical(expected->value)) << text;
        if (expected->value.IsObject()) compare(slice, expected->value);
        ++expected;
        return true;
    });
    EXPECT_TRUE(cursor.ok()) << text;
    EXPECT_TRUE(cursor.at_end()) << text;
    EXPECT_EQ(expected, object.MemberEnd()) << text;
}

TEST(JsonCursor, ReadsWhatRapidJsonReads) {
    Generator generator(20);
    for (int i = 0; i < 3000 && !testing::Test::HasFailure(); ++i) {
        const std::string text = generator.object(4);
        const rapidjson::Document document = parse(text);
        ASSERT_FALSE(document.HasParseError()) << text;
        compare(text, document);
    }
}

TEST(JsonCursor, TakesNoObjectThatBreaksOff) {
    Generator generator(21);
    for (int i = 0; i < 500 && !testing::Test::HasFailure(); ++i) {
        const std::string whole = generator.object(3);
        const size_t length = generator.upto(static_cast<unsigned>(whole.find_last_of('}')));
        // A copy of its own, so that a sanitizer sees a byte read behind it.
        const std::string text = whole.substr(0, length);
        EXPECT_TRUE(parse(text).HasParseError()) << text;
        JsonCursor cursor(text);
        cursor.for_each_member([&](std::string_view) {
            const std::string_view slice = cursor.value();
            EXPECT_TRUE(slice.empty() || slice.data() + slice.size() <= text.data() + text.size());
            return true;
        });
        EXPECT_FALSE(cursor.ok()) << text;
    }
}

}  // namespace
}  // namespace gpsync::relay
