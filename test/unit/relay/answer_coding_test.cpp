#include "relay/delivery/answer_coding.hpp"

#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <optional>
#include <vector>

namespace gpsync::relay {
namespace {

constexpr size_t kMax = 100'000;
constexpr int kGzip = MAX_WBITS + 16, kZlib = MAX_WBITS, kRaw = -MAX_WBITS;

std::string deflated(std::string text, int window_bits) {
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string brotli(const std::string& text) {
    size_t length = BrotliEncoderMaxCompressedSize(text.size()) + 16;
    std::string out(length, '\0');
    BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, text.size(),
                          reinterpret_cast<const uint8_t*>(text.data()), &length,
                          reinterpret_cast<uint8_t*>(out.data()));
    out.resize(length);
    return out;
}

std::optional<std::string> decoded(const std::string& body, const char* codings) {
    CodedBody coded{body, false};
    if (!decode(coded, codings, kMax)) return std::nullopt;
    EXPECT_FALSE(coded.cut);
    return coded.text;
}

struct Sample {
    const char* coding;
    std::string body;
};

std::vector<Sample> samples(const std::string& text) {
    return {{"gzip", deflated(text, kGzip)},
            {"x-GZIP", deflated(text, kGzip)},
            {"deflate", deflated(text, kZlib)},
            {"deflate", deflated(text, kRaw)},
            {"br", brotli(text)}};
}

std::string results() {
    std::string text = R"({"results":[)";
    for (int i = 0; i < 500; ++i)
        text += R"({"id":")" + std::to_string(i * 7919) + R"(","status":"rejected"},)";
    return text + "{}]}";
}

TEST(AnswerCoding, DecodesWhatItAccepts) {
    for (const std::string& text : {std::string("{}"), std::string(), results()})
        for (const Sample& sample : samples(text))
            EXPECT_EQ(decoded(sample.body, sample.coding), text) << sample.coding;
    EXPECT_EQ(decoded("plain", ""), "plain");
    EXPECT_EQ(decoded("plain", "identity, none"), "plain");
    EXPECT_EQ(decoded("", "gzip"), "");
}

TEST(AnswerCoding, NoPieceOfABodyIsABody) {
    for (const std::string& text : {std::string("{\"a\":1}"), results()})
        for (const Sample& sample : samples(text))
            for (size_t length = 1; length < sample.body.size(); ++length)
                EXPECT_EQ(decoded(sample.body.substr(0, length), sample.coding), std::nullopt)
                    << sample.coding << length;
}

TEST(AnswerCoding, SeveralCodingsAndMembers) {
    EXPECT_EQ(decoded(brotli(deflated("text", kGzip)), " gzip ,BR"), "text");
    EXPECT_EQ(decoded(deflated("a", kGzip) + deflated("", kGzip) + deflated("b", kGzip), "gzip"), "ab");
    EXPECT_EQ(decoded(deflated("a", kGzip) + std::string(3, '\0'), "gzip"), "a");
    EXPECT_EQ(decoded(deflated("a", kGzip), "gzip, gzip, gzip, gzip, gzip"), std::nullopt);
}

TEST(AnswerCoding, RefusesWhatIsNotInTheCoding) {
    for (const char* coding : {"gzip", "deflate", "br", "zstd", "rot13", "gzip;q=1"})
        EXPECT_EQ(decoded("{\"results\":[]}", coding), std::nullopt) << coding;
}

// It is no empty answer, which would mean that everything was taken. libcurl refuses more than five codings,
// or passes them on, depending on its version.
TEST(AnswerCoding, NothingIsInNoCoding) {
    EXPECT_EQ(decoded("", "gzip, gzip"), "");
    EXPECT_EQ(decoded(deflated("", kGzip), "gzip"), "");
    EXPECT_EQ(decoded(deflated("", kGzip), "gzip, gzip"), std::nullopt);
    EXPECT_EQ(decoded(deflated("", kGzip), "br, deflate, gzip"), std::nullopt);
    EXPECT_EQ(decoded(deflated(deflated("", kGzip), kGzip), "gzip, gzip"), "");
}

TEST(AnswerCoding, KeepsTheBeginningOfALongText) {
    const std::string text(10 * kMax, ' ');
    for (const Sample& sample : samples(text)) {
        CodedBody coded{sample.body, false};
        EXPECT_TRUE(decode(coded, sample.coding, kMax)) << sample.coding;
        EXPECT_EQ(coded.text, text.substr(0, kMax));
        EXPECT_TRUE(coded.cut);
    }
    // A body of which only the beginning was kept.
    CodedBody coded{deflated(results(), kGzip).substr(0, 500), true};
    EXPECT_TRUE(decode(coded, "gzip", kMax));
    EXPECT_TRUE(coded.cut);
    EXPECT_TRUE(results().starts_with(coded.text));
    EXPECT_NE(coded.text, "");
}

}  // namespace
}  // namespace gpsync::relay
