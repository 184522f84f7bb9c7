// Tables whose columns are aligned by blanks.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/pii/detect/fixed_table.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::vector<std::string> cells_of(std::string_view text) {
    std::vector<NamedCell> cells;
    find_named_cells(text, cells);
    std::vector<std::string> result;
    for (const NamedCell& cell : cells)
        result.push_back(std::string(info(cell.subject).name) + '=' +
                         std::string(text.substr(cell.begin, cell.end - cell.begin)));
    EXPECT_TRUE(cells.empty() || has_fixed_table(text)) << text;
    return result;
}
using Cells = std::vector<std::string>;

TEST(PiiFixedTable, ReadsWhatIsBelowItsNames) {
    EXPECT_EQ(cells_of("SURNAME     CVV  TIER\nLee         512  gold\nRoe         731  silver\n\nEnd"),
              (Cells{"person_name=Lee", "cvv=512", "person_name=Roe", "cvv=731"}));
    EXPECT_EQ(cells_of("Report of today\n\n  Surname     Tier\n  Lee         gold\n\nRoe         7\n"),
              Cells{"person_name=Lee"});
}

TEST(PiiFixedTable, ReadsColumnsByTheDashesBelow) {
    EXPECT_EQ(cells_of("SURNAME              CVV TIER\n-------------------- --- ----\n"
                       "Lee                  512 gold\nde la Cruz Martinez3 731 iron\n\n2 rows selected."),
              (Cells{"person_name=Lee", "cvv=512", "person_name=de la Cruz Martinez3", "cvv=731"}));
}

TEST(PiiFixedTable, ReadsNumbersThatAreAlignedToTheRight) {
    EXPECT_EQ(cells_of("id      surname      CVV\n 7      Lee          512\n18      Roe         7310\n"),
              (Cells{"person_name=Lee", "cvv=512", "person_name=Roe", "cvv=7310"}));
    EXPECT_EQ(cells_of("surname     pin  amount\nLee              1234567\nRoe        4821  12\n"),
              (Cells{"person_name=Lee", "person_name=Roe", "pin=4821"}));
}

TEST(PiiFixedTable, CountsCharactersNotBytes) {
    EXPECT_EQ(
        cells_of("Nachname      Ort       CVV\nMüßöäü                  512\nWeiß          Köln      731\n"),
        (Cells{"person_name=Müßöäü", "cvv=512", "person_name=Weiß", "cvv=731"}));
}

TEST(PiiFixedTable, LeavesOtherTextInColumns) {
    for (const std::string_view text :
         {"NAME      READY   STATUS    AGE\nweb-5d4b  1/1     Running   5d\ndb-0      1/1     Running   5d",
          "Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
          "tcp        0      0 *:ssh                   *:*                     LISTEN",
          "USER       PID  CPU  MEM    VSZ\nroot         1  0.0  0.1 168140\nwww-data    77  0.0  0.1 168140",
          "Pin  Signal   Net\n1    VCC      5V\n2    GND      GND\n14   D14      x",
          "java.lang.Exception  first\n    at Foo.bar\n    at Foo.baz", "surname  x\n\nLee  7",
          "surname  tier", "Name      Size  Used\nroot      10G   3G\nhome      50G   7G"}) {
        const std::string document = "{\"n\":" + in_quotes(text) + "}";
        EXPECT_EQ(scrubbed(document), document);
    }
}

// Tables of many widths: the cells below a name go, the others stay, and a second pass finds nothing.
TEST(PiiFixedTable, IsAtRestWhenItHasBeenScrubbed) {
    std::mt19937 random(3);
    const auto below = [&random](size_t n) { return random() % n; };
    for (int round = 0; round < 500; ++round) {
        const std::vector<std::string> names = {"id", "SURNAME", "TIER", "CVV", "QTY"};
        std::vector<std::vector<std::string>> rows = {names};
        for (size_t n = 1 + below(4); n > 0; --n)
            rows.push_back({std::to_string(below(90)), below(2) ? "Lee" : "Garcia Lorca", "gold",
                            std::to_string(100 + below(900)), std::to_string(below(4000))});
        const size_t gap = 2 + below(4);
        std::string text;
        for (const auto& row : rows) {
            for (size_t i = 0; i < row.size(); ++i) {
                const size_t width = 13 + gap;
                const std::string blanks(width - row[i].size(), ' ');
                text += i % 2 == 0 && i > 0 ? blanks.substr(gap) + row[i] + std::string(gap, ' ')
                                            : row[i] + blanks;
            }
            text += '\n';
        }
        const std::string document = "{\"n\":" + in_quotes(text) + "}";
        const std::string once = scrubbed(document);
        EXPECT_EQ(once.find("Lee"), std::string::npos) << once;
        EXPECT_EQ(once.find("Garcia"), std::string::npos) << once;
        EXPECT_NE(once.find("gold"), std::string::npos) << once;
        EXPECT_EQ(scrubbed(once), once);
        EXPECT_FALSE(has_pii(once)) << once;
    }
}

}  // namespace
}  // namespace gpsync::core::pii
