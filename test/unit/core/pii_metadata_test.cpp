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

TEST(PiiMetadata, IdentifiersAreNoPiiByNameAndForm) {
    const auto identifiers = [](std::string_view json) {
        const std::string text = metadata(json);
        return text.substr(text.find("identifiers") + 13);
    };
    for (const char* member :
         {R"("tokenUniqueReference":"DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45")",
          R"("pan_unique_reference":"FWSPMC000000000159f7a4b2c8d1e6f0")",
          R"("vProvisionedTokenID":"3f5e8a90b1c2d3e4f5061728394a5b6c")",
          R"("paymentAccountReference":"V0010013018036776184606369AB9")",
          R"("tokenRequestorId":"50110030273")", R"("correlationId":"0b6ad4a4-6a3c-4d12-9d8f-55bbbb2f1c11")",
          R"("requestId":"01907e3c-9f2a-7b1c-8d4e-5f6a7b8c9d0e")"})
        EXPECT_EQ(identifiers('{' + std::string(member) + '}'), '{' + std::string(member) + "}}") << member;
    for (const char* member :
         {R"("tokenUniqueReference":"4915112345678")", R"("tokenUniqueReference":"john.smith")",
          R"("requestId":"Smith-John-1980")", R"("correlationId":"12345678901")",
          R"("partnerId":"ACME-Smith")", R"("walletId":"user-4711")", R"("tokenId":"C01X00T47")",
          R"("eventType":"john.doe")", R"("schemaVersion":"Jane")",
          R"("paymentAccountReference":"12345678901234567890123456789")",
          R"("requestId":"123e4567-e89b-12d3-a456-426614174000")", R"("tokenRequestorId":"49301234567")",
          R"("tokenRequestorId":"123456789")", R"("vProvisionedTokenID":"49301234567890123456789012345678")",
          R"("note":"0b6ad4a4-6a3c-4d12-9d8f-55bbbb2f1c11")", R"("par":"SMITHJOHN")",
          R"("tokenUniqueReference":"DOEMC1234567890JOHN")", R"("requestId":["0b6ad4a4"])"})
        EXPECT_EQ(identifiers('{' + std::string(member) + '}'), "{}}") << member;
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
