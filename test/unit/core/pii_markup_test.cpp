// Names and values that HTML and tables in a text put beside each other.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string note(std::string_view text) {
    return "{\"note\":" + in_quotes(text) + "}";
}
void expect_note(std::string_view text, std::string_view expected) {
    expect_scrubbed(note(text), note(expected));
}

struct Pair {
    const char* name;
    const char* value;
};
constexpr Pair kPairs[] = {{"CVC", "512"},          {"Surname", "Marsh"},         {"SSN", "219099999"},
                           {"PIN", "7391"},         {"Birth date", "1980-02-03"}, {"Passport", "C01X00T47"},
                           {"Street", "7 Mill Ln"}, {"Password", "kupferkanne"}};

TEST(PiiMarkup, CellsOfATableGoByTheFirstRowOrTheFirstColumn) {
    for (const Pair& p : kPairs) {
        const std::string name = p.name, value = p.value;
        const auto in = [&](std::string_view before, std::string_view between, std::string_view behind) {
            const std::string open = std::string(before) + name + std::string(between);
            expect_note(open + value + std::string(behind), open + "[removed]" + std::string(behind));
        };
        in("<table><tr><th>", "</th><td>", "</td></tr></table>");
        in("<tr><th>Order</th><th>", "</th></tr>\n<tr><td>A-77</td><td>", "</td></tr>");
        in("<table><thead><tr><td>No</td><td>", "</td></tr></thead><tbody><tr><td>5</td><td>",
           "</td></tr></table>");
        in("<tr class=\"x\"><th scope='row'><b>", ":</b></th><td align=right><i>", "</i></td></tr>");
        in("<dl><dt>", "</dt><dd>", "</dd></dl>");
        in("<dt>", "</dt>\n  <dd class=\"v\">", "</dd>");
    }
}

TEST(PiiMarkup, FieldsOfFormsGoByTheirNamesAndLabels) {
    for (const char* name : {"surname", "password", "card-holder-name", "customer[last_name]"}) {
        const std::string n = name;
        expect_note("<input name=\"" + n + "\" value=\"Kupfer\">",
                    "<input name=\"" + n + "\" value=\"[removed]\">");
        expect_note("<input type='text' value='Kupfer' class=c name='" + n + "'/>",
                    "<input type='text' value='[removed]' class=c name='" + n + "'/>");
        expect_note("<add key=\"" + n + "\" value=\"Kupfer\"/>",
                    "<add key=\"" + n + "\" value=\"[removed]\"/>");
        expect_note("<field name=\"" + n + "\">Kupfer</field>",
                    "<field name=\"" + n + "\">[removed]</field>");
    }
    expect_note("<label>Password</label><input value=\"kupferkanne\">",
                "<label>Password</label><input value=\"[removed]\">");
    expect_note("<input value=\"512\" name=\"cvc\">", "<input value=\"[removed]\" name=\"cvc\">");
}

TEST(PiiMarkup, LabelsInOtherElements) {
    expect_note("<p><strong>Surname:</strong> Marsh<br>", "<p><strong>Surname:</strong> [removed]<br>");
    expect_note("<span class=k>Surname</span><span class=v>Marsh</span>",
                "<span class=k>Surname</span><span class=v>[removed]</span>");
    expect_note("<b>Surname</b>: Marsh, 5 items", "<b>Surname</b>: [removed], 5 items");
}

TEST(PiiMarkup, CaptionsAndOtherValuesStay) {
    for (const char* text :
         {"<tr><th>Total</th><td>512</td></tr>", "<input name=\"q\" value=\"512\">",
          "<input name=\"password\" type=\"password\" placeholder=\"Password\" value=\"\">",
          "<th>Surname</th><th>First name</th><th>CVC</th>", "<div>Status</div><div>Active</div>",
          "<div>Password</div><div>Forgot your password?</div>",
          "<dt>Password</dt><dd>The password of a user</dd>",
          "<a href=\"/login\">Password</a> <a href=\"/x\">Kupfer</a>", "<li>Surname</li><li>Quantity</li>",
          "<option name=\"surname\" value=\"Marsh\">", "<input type=submit name=surname value=Send>",
          "<table><tr><th>Name</th><th>Type</th></tr><tr><td>surname</td><td>string</td></tr></table>",
          "if a<b and surname > c then", "<p>Your password is required</p>"})
        expect_kept(note(text));
}

TEST(PiiMarkup, TablesOfConsolesAndMarkdownNameTheirCellsInEitherDirection) {
    expect_note("| Field | Value |\n|---|---|\n| Surname | Marsh |\n| Tier | gold |",
                "| Field | Value |\n|---|---|\n| Surname | [removed] |\n| Tier | gold |");
    expect_note(
        "-[ RECORD 1 ]---\nid       | 7\nsurname  | Marsh\npassword | kupferkanne\n-[ RECORD 2 ]---\nsurname "
        " | Roe",
        "-[ RECORD 1 ]---\nid       | 7\nsurname  | [removed]\npassword | [removed]\n-[ RECORD 2 "
        "]---\nsurname  | [removed]");
    expect_note(
        "┌─────┬─────────┐\n│ id  │ surname │\n├─────┼─────────┤\n│ 512 │ Marsh   │\n└─────┴─────────┘",
        "┌─────┬─────────┐\n│ id  │ surname │\n├─────┼─────────┤\n│ 512 │ [removed]   │\n└─────┴─────────┘");
    expect_kept(note("| Field | Required |\n|---|---|\n| password | yes |\n| surname | no |"));
    expect_kept(note("| Field | Type |\n|---|---|\n| cvc | string |\n| surname | string |"));
}

// Whatever tags and texts stand in whatever order: scrubbed once, nothing is left to find.
TEST(PiiMarkup, AnyMixtureIsScrubbedAtOnce) {
    constexpr std::string_view kPieces[] = {"<table>",
                                            "</table>",
                                            "<tr>",
                                            "</tr>",
                                            "<th>",
                                            "</th>",
                                            "<td>",
                                            "</td>",
                                            "<dt>",
                                            "</dt><dd>",
                                            "</dd>",
                                            "<b>",
                                            "</b>",
                                            "<label>",
                                            "</label>",
                                            "<input name=cvc value=512>",
                                            "<input value='Marsh'>",
                                            "<p id=surname>",
                                            "Surname",
                                            "Surname:",
                                            "CVC",
                                            "512",
                                            "Marsh",
                                            "Name",
                                            "Ann Marsh",
                                            ": ",
                                            "Password",
                                            "kupferkanne",
                                            "Value",
                                            "Field",
                                            "\n",
                                            "<",
                                            "=",
                                            "\"",
                                            "[removed]",
                                            "<br/>",
                                            "<x:surname>",
                                            "</x:surname>"};
    std::mt19937 random(3011);
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (size_t n = 2 + random() % 9; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
        (void)scrubbed_twice(note(text));
        if (HasFailure()) return;
    }
}

}  // namespace
}  // namespace gpsync::core::pii
