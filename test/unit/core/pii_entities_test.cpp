// Characters as HTML and XML write them are read as what they stand for; what is removed is the original.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "core/pii/entities.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string text_scrubbed(std::string_view text) {
    const std::string document = "{\"n\":" + in_quotes(text) + "}";
    const std::string once = scrubbed(document);
    EXPECT_EQ(scrubbed(once), once) << text;
    EXPECT_FALSE(has_pii(once)) << once;
    EXPECT_EQ(has_pii(document), once != document) << text;
    return once;
}

TEST(PiiEntities, AreDecodedBeforeTheSearch) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"ann&#64;example.com wrote", "[removed] wrote"},
        {"ann&commat;example&period;com wrote", "[removed] wrote"},
        {"ann&#x40;example.com wrote", "[removed] wrote"},
        {"https://a.io/?a=1&amp;cvv=512&amp;b=2", "https://a.io/?a=1&amp;cvv=[removed]&amp;b=2"},
        {"a=1&amp;lastName=Lee&amp;b=2", "a=1&amp;lastName=[removed]&amp;b=2"},
        {"a&amp;amp;cvv=512", "a&amp;amp;cvv=[removed]"},
        {"card 5555&nbsp;5555&nbsp;5555&nbsp;4444 ok", "card [removed] ok"},
        {"card 5555&#8203;5555&#8203;5555&#8203;4444 ok", "card [removed] ok"},
        {"tel.&#58; &#43;49 30 901820", "tel.&#58; [removed]"},
        {"password&#61;kupferkanne", "password&#61;[removed]"},
        {"Name: Ren&eacute; Mar&iacute;n", "Name: [removed]"},
        {"&lt;surname&gt;Lee&lt;/surname&gt;", "&lt;surname&gt;[removed]&lt;/surname&gt;"},
        {"%26quot%3Bcvv%26quot%3B%3A512", "%26quot%3Bcvv%26quot%3B%3A[removed]"}};
    for (const auto& [text, expected] : cases)
        EXPECT_EQ(text_scrubbed(text), "{\"n\":" + in_quotes(expected) + "}");
}

TEST(PiiEntities, HoldJson) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"{&quot;cvv&quot;:&quot;512&quot;,&quot;ok&quot;:1}", "{&quot;ok&quot;:1}"},
        {"<p data-x=\"{&#34;cvv&#34;:512,&#34;a&#34;:&#34;by ann@a.io&#34;}\">x</p>",
         "<p data-x=\"{&#34;a&#34;:&quot;by [removed]&quot;}\">x</p>"},
        {"got &#123;&quot;surname&quot;:&quot;Lee&quot;,&quot;a&quot;:1&#125; now",
         "got &#123;&quot;a&quot;:1&#125; now"}};
    for (const auto& [text, expected] : cases)
        EXPECT_EQ(text_scrubbed(text), "{\"n\":" + in_quotes(expected) + "}");
}

TEST(PiiEntities, OfMarkupDoNotEndWhatItNames) {
    EXPECT_EQ(text_scrubbed("<lastName>Lee &lt;b&gt; x</lastName>"),
              R"({"n":"<lastName>[removed]</lastName>"})");
}

TEST(PiiEntities, StayInOrdinaryText) {
    for (const std::string_view text :
         {"Tom &amp; Ann &lt;3 &copy; 2024", "R&amp;D budget 2024", "a &amp; b", "x &unknown; y", "&#0; &#x;",
          "if (a &lt; 10 &amp;&amp; b &gt; 20)", "&#4111111111111;", "caf&eacute; au lait", "AT&T; B&O"})
        EXPECT_EQ(text_scrubbed(text), "{\"n\":" + in_quotes(text) + "}");
}

// Whatever is found in a text is found in it however many of its characters are entities.
TEST(PiiEntities, HideNothingWhereverTheyStand) {
    std::mt19937 random(77);
    for (int round = 0; round < 2000; ++round) {
        const std::string_view plain =
            round % 2 == 0 ? "mail ann@example.com, now" : "card 5555 5555 5555 4444, now";
        std::string text;
        for (char c : plain) {
            if (random() % 4 != 0) {
                text.push_back(c);
            } else {
                text += "&#" + std::to_string(static_cast<int>(c)) + ";";
            }
        }
        const std::string once = text_scrubbed(text);
        EXPECT_NE(once.find("[removed]"), std::string::npos) << text;
        EXPECT_EQ(once.find("5555"), std::string::npos) << once;
    }
}

TEST(PiiEntities, HaveTheirLengths) {
    char32_t code = 0;
    EXPECT_EQ(entity_at("&eacute;", 0, code), 8U);
    EXPECT_EQ(code, 0xE9U);
    EXPECT_EQ(entity_at("&eacute", 0, code), 0U);
    EXPECT_EQ(entity_at("&#x1F600;", 0, code), 9U);
    EXPECT_EQ(code, 0x1F600U);
    EXPECT_EQ(entity_at("&#55296;", 0, code), 0U);
    EXPECT_FALSE(has_entity("a &amp; b &amp;"));
    EXPECT_TRUE(has_entity("a&amp;b"));
}

}  // namespace
}  // namespace gpsync::core::pii
