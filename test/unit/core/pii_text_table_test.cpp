#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/pii/document/scrubber.hpp"
#include "core/pii/document/text_table.hpp"

namespace gpsync::core::pii {
namespace {

std::vector<std::string> cells_of(std::string_view text) {
    std::vector<NamedCell> cells;
    find_named_cells(text, cells);
    std::vector<std::string> result;
    for (const NamedCell& cell : cells)
        result.push_back(std::string(info(cell.subject).name) + '=' +
                         std::string(text.substr(cell.begin, cell.end - cell.begin)));
    return result;
}
using Cells = std::vector<std::string>;

TEST(PiiTextTable, CsvWithEachSeparator) {
    for (const char* separator : {",", ";", "\t", "|", ", ", " ; "}) {
        const std::string s = separator;
        EXPECT_EQ(cells_of("id" + s + "firstName" + s + "city_count\n7" + s + "Jane" + s + "3\n8" + s +
                           "Ann" + s + "4"),
                  (Cells{"person_name=Jane", "person_name=Ann"}))
            << s;
    }
}

TEST(PiiTextTable, QuotedCells) {
    EXPECT_EQ(cells_of("last name,amount\r\n\"Doe, \"\"Joe\"\"\r\nJunior\",17\r\n\"Roe\",18\r\n"),
              (Cells{"person_name=Doe, \"\"Joe\"\"\r\nJunior", "person_name=Roe"}));
    EXPECT_EQ(cells_of("last name,amount\n\"Doe,17\nRoe,18"),
              (Cells{"person_name=\"Doe", "person_name=Roe"}));
}

TEST(PiiTextTable, ConsolesAndMarkdown) {
    EXPECT_EQ(cells_of("| Order | Last name |\n|---|:---|\n| 17 | Roe |\n| 18 | Doe |\n"),
              (Cells{"person_name=Roe", "person_name=Doe"}));
    EXPECT_EQ(cells_of(" id | last_name \n----+-----------\n  1 | Roe\n  2 | Doe\n(2 rows)\n"),
              (Cells{"person_name=Roe", "person_name=Doe"}));
    EXPECT_EQ(cells_of("+----+-------+\n| id | lname |\n+----+-------+\n|  1 | Roe   |\n+----+-------+\n"),
              (Cells{"person_name=Roe"}));
}

TEST(PiiTextTable, BeginsAnywhereAndEndsWhereTheCellsDo) {
    EXPECT_EQ(cells_of("Export of today, as asked:\n\nid,surname\n1,Roe\n\nBest, Tom\nid,surname\n2,Doe"),
              (Cells{"person_name=Roe", "person_name=Doe"}));
    EXPECT_EQ(cells_of("id,surname\n1,Roe,x\n2,Doe"), Cells{});
}

TEST(PiiTextTable, BareNameBesideAPersonsColumn) {
    EXPECT_EQ(cells_of("name,email\nRoe,r@b.io"), (Cells{"person_name=Roe", "email=r@b.io"}));
    EXPECT_EQ(cells_of("name,price\nRoe,17"), Cells{});
}

TEST(PiiTextTable, NoTables) {
    for (const char* text :
         {"", "\n", "surname", "surname\nRoe", "surname,\n", "Dear Ann, thank you,\nsee you, Tom,\n",
          "INFO a, b\nINFO c, d", "1,2,3\n4,5,6", "surname,id\n", "-+-\n-+-\n", "||||\n||||\n"})
        EXPECT_EQ(cells_of(text), Cells{}) << text;
}

std::string scrubbed(std::string_view text) {
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
    scrubber.begin_document();
    switch (scrubber.string(text)) {
        case Verdict::kReplace:
            return std::string(scrubber.replacement());
        case Verdict::kRemove:
            return "";
        default:
            return std::string(text);
    }
}

TEST(PiiTextTable, CellsGoAndTheRestStays) {
    const std::string once =
        scrubbed("order,surname,zip,cvv,total\n17,Roe,10115,123,9.99\n18,\"D, oe\",,,1.50\n");
    EXPECT_EQ(
        once,
        "order,surname,zip,cvv,total\n17,[removed],[removed],[removed],9.99\n18,\"[removed]\",,,1.50\n");
    EXPECT_EQ(scrubbed(once), once);
    // Without a digit in it.
    for (const char* separator : {",", ";", "|", "\t"}) {
        const std::string s = separator;
        EXPECT_EQ(scrubbed("town" + s + "surname\nBonn" + s + "Roe\n"),
                  "town" + s + "surname\nBonn" + s + "[removed]\n");
        EXPECT_EQ(scrubbed("t" + s + "lname\nB" + s + "Roe"), "t" + s + "lname\nB" + s + "[removed]");
    }
    EXPECT_EQ(scrubbed("id\tpan\n1\t500000000000\n"), "id\tpan\n1\t[removed]\n");
    EXPECT_EQ(scrubbed("id,vorname\n1,\xe7\xbf\x94\xe5\xa4\xaa\n"), "id,vorname\n1,[removed]\n");
}

}  // namespace
}  // namespace gpsync::core::pii
