#include "core/pii/document/metadata.hpp"

#include <gtest/gtest.h>

namespace gpsync::core::pii {
namespace {

std::string metadata(std::string_view json) {
    MetadataExtractor extractor;
    std::string out;
    EXPECT_TRUE(extractor.json_text(json, out).ok());
    return out;
}
std::string hash(std::string_view json) {
    const std::string text = metadata(json);
    return text.substr(text.find("schema_hash") + 14, 64);
}

TEST(PiiMetadata, ShowsShapeSizesAndReferences) {
    const std::string out = metadata(
        R"({"tokenUniqueReference":"DWSPMC0000132d72","items":[{"n":1},{"n":"x"}],"email":"a@b.io","ok":true,)"
        R"("none":null})");
    EXPECT_NE(out.find(R"("$.items[].n":"number|string")"), std::string::npos) << out;
    EXPECT_NE(out.find(R"("identifiers":{"tokenUniqueReference":"DWSPMC0000132d72"})"), std::string::npos)
        << out;
    EXPECT_NE(out.find(R"("depth":3,"members":7,"elements":2,"string_bytes":23)"), std::string::npos) << out;
    EXPECT_EQ(out.find("a@b.io"), std::string::npos);
}

TEST(PiiMetadata, TheHashIsOfTheShapeAlone) {
    EXPECT_EQ(hash(R"({"a":1,"b":["x"]})"), hash(R"({"b":["y","z"],"a":2.5})"));
    EXPECT_NE(hash(R"({"a":1})"), hash(R"({"a":"1"})"));
    EXPECT_EQ(hash(R"([1,"x"])"), hash(R"(["x",1,2])"));
}

TEST(PiiMetadata, KeepsNoPii) {
    const std::string out =
        metadata(R"({"joe@x.io":{"tokenId":"4111111111111111"},"requestId":"jane@x.io"})");
    EXPECT_EQ(out.find("x.io"), std::string::npos) << out;
    EXPECT_EQ(out.find("4111"), std::string::npos) << out;
}

TEST(PiiMetadata, DeepAndWideDocumentsAreCutShort) {
    std::string deep, wide = "{";
    for (int i = 0; i < 10000; ++i) {
        deep += R"({"a":)";
        wide += "\"k" + std::to_string(i) + "\":1,";
    }
    deep += "1" + std::string(10000, '}');
    wide.back() = '}';
    for (const std::string& text : {deep, wide}) {
        const std::string out = metadata(text);
        EXPECT_NE(out.find("\"schema_truncated\":true"), std::string::npos);
        EXPECT_LT(out.size(), 100000u);
    }
}

}  // namespace
}  // namespace gpsync::core::pii
