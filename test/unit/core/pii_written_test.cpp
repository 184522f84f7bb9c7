// Values as systems write them that are not told apart by blanks: filled up, with letters behind, behind a
// '%'; and verification data behind words of other languages.
#include <gtest/gtest.h>

#include <string>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string text_with(const std::string& text) {
    return "{\"x\": \"" + text + "\"}";
}

void expect_scrubbed(const std::string& text, const std::string& left) {
    EXPECT_EQ(scrubbed(text_with(text)), text_with(left)) << text;
    EXPECT_EQ(scrubbed(text_with(left)), text_with(left)) << left;
}

TEST(PiiWritten, CardNumbersFilledUpWithZeros) {
    expect_scrubbed("PAN field 0005555555555554444 of the file", "PAN field [removed] of the file");
    expect_scrubbed("record 00004012888888881881 read", "record [removed] read");
    expect_scrubbed("00000000378282246310005", "00000000378282246310005");  // of no usual width
    expect_scrubbed("record 00004012888888881882 read", "record 00004012888888881882 read");
    expect_scrubbed("order 0000000000000012345 read", "order 0000000000000012345 read");
}

TEST(PiiWritten, CardNumbersWithLettersBehind) {
    expect_scrubbed("charged 5555555555554444USD today", "charged [removed]USD today");
    expect_scrubbed("amex 378282246310005x", "amex [removed]x");
    expect_scrubbed("trace 5555555555554444abcdef01", "trace 5555555555554444abcdef01");
    expect_scrubbed("id 5555555555554444abc", "id 5555555555554444abc");
    expect_scrubbed("id 5555555555554444identifier", "id 5555555555554444identifier");
}

TEST(PiiWritten, CardNumbersBehindAPercentSign) {
    expect_scrubbed("range %4012888888881881% matched", "range %[removed]% matched");
    expect_scrubbed("q=%5555555555554444", "q=%[removed]");
    expect_scrubbed("about %4012888888881882 of it", "about %4012888888881882 of it");
    expect_scrubbed("q=joe%40example", "q=joe%40example");
}

TEST(PiiWritten, SecurityCodesInOtherLanguages) {
    expect_scrubbed("Kartensicherheitscode: 482", "Kartensicherheitscode: [removed]");
    expect_scrubbed("code de sécurité 915", "code de sécurité [removed]");
    expect_scrubbed("código de seguridad: 4821", "código de seguridad: [removed]");
    expect_scrubbed("beveiligingscode 482, postcode volgt", "beveiligingscode [removed], postcode volgt");
    expect_scrubbed("Kod bezpieczeństwa = 731", "Kod bezpieczeństwa = [removed]");
    expect_scrubbed("code de livraison 915", "code de livraison 915");
    expect_scrubbed("Sicherheitshinweis 482", "Sicherheitshinweis 482");
}

}  // namespace
}  // namespace gpsync::core::pii
