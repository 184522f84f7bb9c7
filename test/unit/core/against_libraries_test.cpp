// Readers of core's own against the library that defines or knows the format, over generated texts: most of
// them are nearly right.
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <openssl/evp.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <map>
#include <memory>
#include <random>
#include <string>

#include "core/conninfo.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/json_reader.hpp"
#include "core/utf8.hpp"

namespace gpsync::core {
namespace {

using pii::JsonReader;

class Generator {
  public:
    size_t below(size_t n) { return random_() % n; }
    bool one_in(size_t n) { return below(n) == 0; }
    template <size_t N>
    std::string_view pick(const std::string_view (&from)[N]) {
        return from[below(N)];
    }
    // Up to `most` pieces, one after the other.
    template <size_t N>
    std::string join(const std::string_view (&pieces)[N], size_t most) {
        std::string text;
        for (size_t i = below(most + 1); i > 0; --i) text += pick(pieces);
        return text;
    }

  private:
    std::mt19937 random_{7};
};

// ── JSON: RapidJSON
// ────────────────────────────────────────────────────────────────────────────────────────────

// One line a token, from either reader.
struct Tokens {
    std::string text;
    bool valid = false;
    bool half_pair = false;  // half a surrogate pair: core reads U+FFFD, RapidJSON does not

    bool add(std::string_view token, std::string_view value = {}) {
        text.append(token).append(1, ' ').append(value).append(1, '\n');
        return true;
    }
};

struct Handler {
    Tokens& tokens;
    bool Null() { return tokens.add("null"); }
    bool Bool(bool value) { return tokens.add(value ? "true" : "false"); }
    bool RawNumber(const char* text, unsigned size, bool) { return tokens.add("number", {text, size}); }
    bool Int(int) { return false; }  // never called: numbers are texts
    bool Uint(unsigned) { return false; }
    bool Int64(int64_t) { return false; }
    bool Uint64(uint64_t) { return false; }
    bool Double(double) { return false; }
    bool String(const char* text, unsigned size, bool) { return tokens.add("string", {text, size}); }
    bool StartObject() { return tokens.add("{"); }
    bool Key(const char* text, unsigned size, bool) { return tokens.add("name", {text, size}); }
    bool EndObject(unsigned) { return tokens.add("}"); }
    bool StartArray() { return tokens.add("["); }
    bool EndArray(unsigned) { return tokens.add("]"); }
};

Tokens read_by_rapidjson(std::string_view json) {
    Tokens tokens;
    Handler handler{tokens};
    rapidjson::MemoryStream bytes(json.data(), json.size());
    rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
    rapidjson::Reader reader;
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
    tokens.valid = !reader.Parse<kFlags>(stream, handler).IsError();
    // The second half alone it copies, which is no UTF-8.
    tokens.half_pair = reader.GetParseErrorCode() == rapidjson::kParseErrorStringUnicodeSurrogateInvalid ||
                       !utf8::is_valid(tokens.text);
    return tokens;
}

Tokens read_by_core(std::string_view json) {
    using Token = JsonReader::Token;
    Tokens tokens;
    JsonReader reader(json);
    for (;;) {
        switch (reader.next()) {
            case Token::kBeginObject:
                tokens.add("{");
                break;
            case Token::kEndObject:
                tokens.add("}");
                break;
            case Token::kBeginArray:
                tokens.add("[");
                break;
            case Token::kEndArray:
                tokens.add("]");
                break;
            case Token::kName:
                tokens.add("name", reader.value());
                break;
            case Token::kString:
                tokens.add("string", reader.value());
                break;
            case Token::kNumber:
                tokens.add("number", reader.value());
                break;
            case Token::kTrue:
                tokens.add("true");
                break;
            case Token::kFalse:
                tokens.add("false");
                break;
            case Token::kNull:
                tokens.add("null");
                break;
            case Token::kEnd:
                tokens.valid = true;
                return tokens;
            case Token::kError:
                return tokens;
        }
    }
}

std::string json_string(Generator& generate) {
    static constexpr std::string_view kPieces[] = {"a",       "Z",   "é",       "\\n",     "\\\"",
                                                   "\\\\",    "\\/", "\\u0041", "\\u00e9", "\\ud83d\\ude00",
                                                   "\\u20AC", "{",   "]",       ":",       ","};
    static constexpr std::string_view kBroken[] = {"\\x", "\\u12", "\\ud83d",  "\\ude00", "\n",
                                                   "\\",  "\"",    "\\ud83dx", "\\u-123"};
    std::string text = '"' + generate.join(kPieces, 4);
    if (generate.one_in(20)) text += generate.pick(kBroken);
    return text + '"';
}

std::string json_value(Generator& generate, int depth) {
    static constexpr std::string_view kScalars[] = {"0",    "-0",     "12",   "-3.5",  "1e9",
                                                    "2E-7", "0.1e+2", "true", "false", "null"};
    static constexpr std::string_view kBroken[] = {"01",    "-",   "1.", ".5",  "1e", "+1", "tru",
                                                   "nulll", "NaN", "1a", "--1", "''", ""};
    static constexpr std::string_view kBlanks[] = {"", "", "", " ", "\n", "\t \r"};
    const auto blanks = [&] { return std::string(generate.pick(kBlanks)); };
    if (generate.one_in(60)) return std::string(generate.pick(kBroken));
    if (depth == 0 || generate.one_in(3))
        return generate.one_in(2) ? json_string(generate) : std::string(generate.pick(kScalars));
    const bool array = generate.one_in(2);
    std::string text = (array ? "[" : "{") + blanks();
    for (size_t i = generate.below(4), n = 0; n < i; ++n) {
        if (n > 0) text += blanks() + (generate.one_in(80) ? ";" : ",") + blanks();
        if (!array) text += json_string(generate) + blanks() + (generate.one_in(80) ? "" : ":") + blanks();
        text += json_value(generate, depth - 1);
    }
    if (generate.one_in(80)) text += ',';
    return text + blanks() + (array != generate.one_in(80) ? "]" : "}");
}

TEST(AgainstRapidJson, ReadsTheSameTokensAndRefusesTheSameTexts) {
    Generator generate;
    size_t valid = 0, invalid = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string json = json_value(generate, 4);
        if (generate.one_in(20)) json += generate.one_in(2) ? " " : "x";
        const Tokens expected = read_by_rapidjson(json), actual = read_by_core(json);
        if (expected.half_pair) continue;
        ASSERT_EQ(actual.valid, expected.valid) << json;
        if (expected.valid) {
            ASSERT_EQ(actual.text, expected.text) << json;
        }
        ++(expected.valid ? valid : invalid);
    }
    EXPECT_GT(valid, 10'000u);
    EXPECT_GT(invalid, 2'000u);
}

// ── Connection strings: libpq
// ──────────────────────────────────────────────────────────────────────────────────

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

TEST(AgainstLibpq, ReadsTheSameSettingsAndRefusesTheSameTexts) {
    static constexpr std::string_view kPieces[] = {"host", "user", "dbname", "=",    "=",   "=", " ",
                                                   " ",    "\t",   "\n",     "a",    "b c", "'", "'",
                                                   "''",   "\\",   "\\'",    "\\\\", "=="};
    static constexpr std::string_view kSettings[] = {"host=a ",    "user = b ",       "dbname='c d' ",
                                                     "host='' ",   "options=-c\\ x ", "user='it\\'s' ",
                                                     "port=\\\\ ", "host= a\t",       " user =b\n"};
    Generator generate;
    size_t valid = 0, invalid = 0;
    for (int round = 0; round < 100'000; ++round) {
        const std::string text =
            generate.join(kSettings, 3) + generate.join(kPieces, 5) + generate.join(kSettings, 2);
        char* message = nullptr;
        const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(text.c_str(), &message));
        const std::string error = message != nullptr ? message : "";
        PQfreemem(message);
        if (error.starts_with("invalid connection option")) continue;  // core does not check keywords
        const Conninfo info = parse_conninfo(text);
        ASSERT_EQ(info.error.empty(), options != nullptr)
            << text << "\nlibpq: " << error << "core: " << info.error;
        ++(options != nullptr ? valid : invalid);
        if (options == nullptr) continue;
        std::map<std::string, std::string> expected, actual;
        for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
            if (option->val != nullptr) expected[option->keyword] = option->val;
        for (const auto& [keyword, value] : info.settings) actual[keyword] = value;
        ASSERT_EQ(actual, expected) << text;
    }
    EXPECT_GT(valid, 10'000u);
    EXPECT_GT(invalid, 2'000u);
}

// ── Base64: OpenSSL
// ────────────────────────────────────────────────────────────────────────────────────────────

std::string encoded_by_openssl(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(size));
    return text;
}

// As RFC 4648 has it: of one alphabet, with its padding or without, the unused bits zero. OpenSSL is laxer,
// so what it decodes has to encode to the same again.
std::optional<std::string> decoded_by_openssl(std::string text) {
    if (text.find_first_of("+/") != std::string::npos && text.find_first_of("-_") != std::string::npos)
        return {};
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    if (text.find('=') == std::string::npos) text.append((4 - text.size() % 4) % 4, '=');
    if (text.size() % 4 != 0) return {};
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return {};
    bytes.resize(static_cast<size_t>(size) - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0));
    return encoded_by_openssl(bytes) == text ? std::optional(bytes) : std::nullopt;
}

TEST(AgainstOpenSsl, Base64IsTheSame) {
    using pii::Base64Alphabet;
    Generator generate;
    size_t valid = 0, invalid = 0;
    for (int round = 0; round < 100'000; ++round) {
        std::string bytes;
        for (size_t size = generate.below(12); size > 0; --size)
            bytes += static_cast<char>(generate.below(256));
        const bool padding = generate.one_in(2);
        const auto alphabet = generate.one_in(2) ? Base64Alphabet::kUrl : Base64Alphabet::kStandard;
        std::string text = pii::base64_encode(bytes, alphabet, padding);
        if (alphabet == Base64Alphabet::kStandard && padding) {
            ASSERT_EQ(text, encoded_by_openssl(bytes));
        }
        ASSERT_EQ(pii::base64_decode(text), bytes) << text;
        static constexpr std::string_view kNoise[] = {"=", "==", "===", "A", "B",   "+",
                                                      "-", "_",  "/",   "*", "\x80"};
        if (generate.one_in(2)) text.insert(generate.below(text.size() + 1), generate.pick(kNoise));
        if (generate.one_in(4) && !text.empty()) text.pop_back();
        const auto expected = decoded_by_openssl(text);
        ASSERT_EQ(pii::base64_decode(text), expected) << text;
        ++(expected ? valid : invalid);
    }
    EXPECT_GT(valid, 10'000u);
    EXPECT_GT(invalid, 10'000u);
}

}  // namespace
}  // namespace gpsync::core
