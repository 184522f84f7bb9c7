// The status page: what it shows of a document, that nothing of it becomes markup, and that its policy fits
// it.
#include "core/report/page.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/pii/base64.hpp"
#include "core/pii/protect/crypto.hpp"
#include "core/report/assets.hpp"
#include "core/report/format.hpp"
#include "core/report/html.hpp"

namespace gpsync::core::report {
namespace {

std::string whole_document() {
    std::ifstream file(STATUS_DOCUMENT);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string page_of(std::string_view json, PageKind kind = PageKind::file) {
    return render_page(json, kind, std::nullopt);
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// A document with a name in every place for one.
std::string document_with(const std::string& name) {
    std::string document = whole_document(), rewrite = name;
    RE2::GlobalReplace(&rewrite, R"(\\)", R"(\\\\)");
    for (const char* old : {"legacy", "nws", "public.provision_status", "provisions_2019", "RECEIVED",
                            "tokens", "wallet", "endpoint", "is closed in", "maintenance", "tokens_nightly"})
        RE2::GlobalReplace(&document, "(\"[a-z_]+\":\"|\\[\"|,\")([^\"]*)" + std::string(old),
                           "\\1\\2" + rewrite);
    return document;
}

// Of the page itself, or of the relay.
bool is_own(const std::string& target) {
    const std::vector<std::string_view> own = {"#", "data:image/svg", "/status.json", "/metrics"};
    return std::any_of(own.begin(), own.end(),
                       [&](std::string_view begin) { return target.starts_with(begin); });
}

std::string between(const std::string& page, const std::string& begin, const std::string& end) {
    const size_t from = page.find(begin) + begin.size();
    return page.substr(from, page.find(end, from) - from);
}

std::string hash_of(const std::string& text) {
    return "'sha256-" +
           pii::base64_encode(pii::bytes_of(*pii::sha256(text)), pii::Base64Alphabet::kStandard, true) + "'";
}

TEST(ReportPage, ShowsEverySection) {
    const std::string page = page_of(whole_document());
    for (const char* id : {"overview", "findings", "streams", "endpoints", "dead-letters", "held", "cutover",
                           "migration", "lookups", "machines"}) {
        EXPECT_TRUE(contains(page, "<section id=\"" + std::string(id) + "\"")) << id;
        EXPECT_TRUE(contains(page, "<a href=\"#" + std::string(id) + "\">")) << id;
    }
    EXPECT_TRUE(contains(page, "<title>An endpoint fails – gpsync wallet</title>"));
    EXPECT_TRUE(contains(page, "breaker open"));
    EXPECT_TRUE(contains(page, "31,875,000 of 48,200,000"));
    EXPECT_TRUE(contains(page, "SELECT gpsync.reset_breaker(&#39;legacy&#39;, &#39;ods&#39;)"));
    EXPECT_TRUE(contains(page, "<title>State diagram of machine provision</title>"));
    EXPECT_TRUE(contains(page, "<title>Lag over the last 29 min, at most 4.0 s</title>"));
}

TEST(ReportPage, LeavesOutWhatThereIsNot) {
    for (const char* json :
         {"", "{}", "[]", "{\"streams\": 3}", "not JSON", "{\"streams\":{\"rows\":[1,null,\"x\"]}}",
          "{\"machines\":{\"rows\":[{\"states\":[1]}]}}",
          "{\"doctor\":{\"findings\":[{\"fix\":7}],\"checked_at\":\"yesterday\"}}"}) {
        const std::string page = page_of(json);
        EXPECT_TRUE(page.starts_with("<!doctype html>")) << json;
        EXPECT_TRUE(page.ends_with("</html>\n")) << json;
    }
    EXPECT_FALSE(contains(page_of("{}"), "<section id=\"held\""));
}

TEST(ReportPage, ADeepDocumentIsNoProblem) {
    const std::string deep = "{\"streams\":" + std::string(200000, '[') + std::string(200000, ']') + "}";
    EXPECT_TRUE(page_of(deep).ends_with("</html>\n"));
}

TEST(ReportPage, SaysWhyThereAreNoValues) {
    const std::string page = page_of(
        R"({"relay":{"stream":"legacy","health":"standby: x","problem":"The server <b>is</b> away."}})");
    EXPECT_TRUE(contains(page, "No values yet"));
    EXPECT_TRUE(contains(page, "The server &lt;b&gt;is&lt;/b&gt; away."));
    EXPECT_TRUE(
        contains(page_of(R"({"streams":{"rows":[],"total":0,"sqlstate":"42501"}})"), "SQLSTATE 42501"));
    EXPECT_TRUE(contains(page_of(R"({"held":{"rows":[{"table":"t"}],"total":70}})"), "1 of 70 are shown."));
}

TEST(ReportPage, StoppedTrafficIsTheFirstThingToSay) {
    const std::string page = page_of(
        R"({"taken_at":"2026-11-27T06:00:00Z","traffic_stops":{"rows":[{"relation":"t","reason":"wrong map"}]}})");
    EXPECT_TRUE(contains(page, "<title>Traffic is stopped – gpsync"));
    EXPECT_TRUE(contains(page, "wrong map"));
}

TEST(ReportPage, NothingOfADocumentBecomesMarkup) {
    const std::string plain = page_of(document_with("x"));
    const std::string hostile =
        page_of(document_with(R"(</script></title><img src=x onerror=alert(1)>&lt;' x='\")"));
    EXPECT_TRUE(
        contains(hostile, "&lt;/script&gt;&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;&amp;lt;&#39;"));
    // As many tags, and the same ones.
    const auto tags = [](const std::string& page) {
        re2::StringPiece rest(page);
        std::string all;
        for (std::string tag; RE2::FindAndConsume(&rest, "(<[^>]*>)", &tag);) {
            RE2::GlobalReplace(&tag, "(title|datetime|width|height|x|y|d|viewBox)=\"[^\"]*\"", "");
            all += tag + "\n";
        }
        return all;
    };
    EXPECT_EQ(tags(hostile), tags(plain));
}

TEST(ReportPage, CharactersThatDeceiveAreShown) {
    Html html;
    html.text(
        "a\xE2\x80\xAE"
        "b\xE2\x81\xA6"
        "c\xE2\x80\x8B\x01\x7F\xF3\xA0\x81\x81\xFF");
    EXPECT_EQ(html.str(), "a\\u202Eb\\u2066c\\u200B\\u0001\\u007F\\U000E0041\xEF\xBF\xBD");
    Html names;
    names.name("\xD7\xA9\xD7\x9C");
    EXPECT_EQ(names.str(), "<bdi>\xD7\xA9\xD7\x9C</bdi>");
    EXPECT_FALSE(contains(page_of(document_with("\xE2\x80\xAE"
                                                "evil")),
                          "\xE2\x80\xAE"));
}

TEST(ReportPage, LongNamesAreShortenedInDiagramsAlone) {
    const std::string name(200, 'W');
    const std::string page = page_of(document_with(name));
    EXPECT_TRUE(contains(page, "<title>" + name + ", initial state</title>"));
    EXPECT_TRUE(contains(page, ">" + std::string(26, 'W') + "…</text>"));
}

TEST(ReportPage, ThePolicyFitsTheContent) {
    for (const PageKind kind : {PageKind::file, PageKind::live}) {
        const std::string page = page_of(whole_document(), kind), policy = page_policy(kind);
        EXPECT_TRUE(policy.starts_with("default-src 'none'; "));
        EXPECT_TRUE(contains(policy, "style-src " + hash_of(between(page, "<style>", "</style>"))));
        EXPECT_TRUE(contains(policy, "script-src " + hash_of(between(page, "<script>", "</script>"))));
        EXPECT_EQ(contains(policy, "connect-src"), kind == PageKind::live);
        Html escaped;
        escaped.text(policy);
        EXPECT_TRUE(contains(page, "content=\"" + escaped.str() + "\""));
        // Nothing that the policy would stop.
        EXPECT_FALSE(contains(page, " style=\""));
        EXPECT_FALSE(RE2::PartialMatch(page, "<[^>]* on[a-z]+="));
        re2::StringPiece rest(page);
        for (std::string target; RE2::FindAndConsume(&rest, "<[^>]*(?:src|href)=\"([^\"]*)", &target);)
            EXPECT_TRUE(is_own(target)) << target;
    }
}

TEST(ReportPage, InAscii) {
    EXPECT_EQ(ascii_html("a\xE2\x80\x93\xF0\x9F\x98\x80<b>"), "a&#8211;&#128512;<b>");
    for (const Markup asset : {kStyle, kScript})
        for (char c : asset.text()) ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
}

TEST(ReportPage, AgesAreOfTheGivenTime) {
    const auto now = parse_utc_time("2026-11-27T06:10:57Z");
    EXPECT_TRUE(contains(render_page(whole_document(), PageKind::live, now), "10 min ago"));
}

TEST(ReportFormat, Figures) {
    EXPECT_EQ(format_count(0), "0");
    EXPECT_EQ(format_count(999), "999");
    EXPECT_EQ(format_count(-1234567.9), "-1,234,567");
    EXPECT_EQ(format_bytes(812), "812 B");
    EXPECT_EQ(format_bytes(12700), "12.4 kB");
    EXPECT_EQ(format_bytes(5e20), "454747351 TB");
    EXPECT_EQ(format_duration(0.0123), "12 ms");
    EXPECT_EQ(format_duration(1.25), "1.2 s");
    EXPECT_EQ(format_duration(75), "75 s");
    EXPECT_EQ(format_duration(125), "2 min");
    EXPECT_EQ(format_duration(7500), "2 h 5 min");
    EXPECT_EQ(format_duration(86400 * 3 + 3600), "3 d 1 h");
    EXPECT_EQ(format_duration(-5), "0 ms");
    EXPECT_EQ(format_percent(0.001), "0.1 %");
    EXPECT_EQ(format_percent(0.36), "36 %");
}

TEST(ReportFormat, Times) {
    EXPECT_EQ(parse_utc_time("1970-01-01T00:00:01.5+00:00"), 1500000);
    EXPECT_EQ(parse_utc_time("2026-11-27T06:00:00Z"), 1795759200000000);
    EXPECT_EQ(format_utc_time(1795759200000000), "2026-11-27 06:00:00");
    for (const char* text :
         {"", "2026-11-27", "2026-11-27T06:00:00", "2026-13-27T06:00:00Z", "2026-11-27T06:00:00+01:00",
          "2026-11-27T06:00:00Zx", "2026-1a-27T06:00:00Z", "infinity"})
        EXPECT_EQ(parse_utc_time(text), std::nullopt) << text;
}

}  // namespace
}  // namespace gpsync::core::report
