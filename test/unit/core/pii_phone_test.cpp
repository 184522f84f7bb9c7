// Telephone numbers among other digits: how they are written, and what only looks like one.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {
namespace {

std::string phones(const std::string& text, ScanContext context = {}) {
    Scanner scanner;
    std::vector<Finding> findings;
    scanner.scan(text, context, findings);
    std::string all;
    for (const Finding& f : findings)
        if (f.detector == Detector::kPhone)
            all += (all.empty() ? "" : "|") + text.substr(f.begin, f.end - f.begin);
    return all;
}

TEST(PiiPhone, OtherDigitGroupsAreNone) {
    for (const char* text :
         {// dates and times
          "2026-01-02 03:04:05 - 2026-01-02 09:10:11", "02.01.2026 03:04 - 02.01.2026 09:10",
          "01/02/2026 03:04 - 01/03/2026 04:05", "08:00-12:00, 13:00-17:30", "Mon 09:00 - 17:30, Sat 010:00",
          "2026-01-02T03:04:05+0100/2026-01-02T09:10:11+0100", "20260102 030405 - 20260102 091011",
          "0304 20260102", "03:04:05 02-01-2026", "00:00:05,000 --> 00:00:07,250",
          "from 2026/01/02 03:04 to 05 06", "2026-01-02 - 2026-02-03 04", "up since 01-02-2026 03:04:05 04",
          "10:20:30 040 2026-01-02", "[02/Jan/2026:03:04:05 +0100] 0200 1234", "time 03:04 05 2026-01-02 08",
          "1/2/2026 03:04 - 1/3/2026 04:05",
          // amounts, coordinates, dimensions
          "012 345 678,90 EUR", "1 000 000,00", "052.520008 013.404954", "048 51 24 N 002 21 03 E",
          "0300x0200x0100", "210 x 297 x 0100 mm", "-0.123 -4.567 +8.910", "0,5 0,25 0,125 0,0625",
          // books, numbers in rows, ranges
          "ISBN 0-306-40615-2", "ISBN 978-0-306-40615-7", "ISSN 0378-5955", "0001 0002 0003 0004",
          "0020 0030 0040 0050", "0100-0199, 0200-0299", "010-019 020-029", "01 02 03 04 05 06 07 08 09",
          "1000-2000, 3000-4000",
          // numbers of a year, parts, versions
          "07/2024 00123", "012/2024/12345", "part 0445-120-123", "SKU: 415-555-0123",
          "item no. 0123-456-789", "firmware 01.08.03.02.11", "sort code 08-00-83", "0123-4567-8901-2345",
          // in URLs and paths
          "https://x.example/orders/0123-456-789/items", "https://x.example/o?id=0123-456-789&x=1",
          "https://x.example/a/415-555-0123", "GET /v1/2024/0123-456-789/items", "/orders/12/415-555-0123",
          "see https://x.example/#415-555-0123 there", "s3://bucket/2024/020-7946-0958.json",
          "/var/log/0171-1234567/x", "call took 2026-01-02 03:04"})
        EXPECT_EQ(phones(text), "") << text;
}

// The area code in brackets, the prefix of who dials in front of it; dashes where others have blanks.
TEST(PiiPhone, BracketsAndPrefixesInAllWritings) {
    for (const std::string text :
         {"(604)2345678",       "(604) 2345678",        "1 (604) 2345678",     "1(604)2345678",
          "1-604-2345678",      "(55) 5281 4417",       "(33)38174420",        "(21) 98765 4321",
          "(21)987654321",      "(21) 9 8765-4321",     "21 9 8765-4321",      "(21)23456789",
          "(495) 771-30-04",    "(4852) 30-11-22",      "8(921)7713004",       "8 (921) 771-3004",
          "0 (216) 414 55 66",  "0(216)4145566",        "0 (216) 414-5566",    "0 (44) 237-11-08",
          "0 541 414 55 66",    "159-8812-3467",        "(159) 8812-3467",     "0159-8812-3467",
          "(0)161 496 0123",    "(0)4 78 63 40 40",     "(0 40) 36 12 55",     "(0 89) 361255",
          "011 81 3 3224 9999", "011-33-1-42-68-53-00", "+(33) 1 42 68 53 00", "+(33)142685300",
          "+ 33 1 42 68 53 00", "+ 353 1 901 8200",     "010.2345.6789",       "0813 7788 9900",
          "098204-41776"}) {
        EXPECT_EQ(phones(text), text);
        EXPECT_EQ(phones("reach me: " + text + ", thanks"), text);
        EXPECT_EQ(phones("<td>" + text + "</td>"), text);
    }
    for (const char* text :
         {// calls, states, enumerations, GS1's element strings
          "f(604)2345678", "len(55) 1234 5678", "HTTP (200) 5550123 bytes", "(12) 345 items",
          "x[1](604)2345678", "(01)09501101530003(17)250101(400)5550123", "(400)2345678(10)AB",
          "(01)04012345678901", "(21) 2024 2025", "(604) 1345678", "(611)2345678", "(604)234567",
          "(1) 2345678",
          // sums, lines of a diff, measures
          "12 + 49 30 901820", "a(2) + 49 30 901820", "+ 27 1507 272 rows", "+ 4013 8367 x", "+ 100 200 300",
          "+ 1 2 3", "+ 31 3809 951 - 80",
          // numbers of orders, years, rows, times
          "604-2345678", "011-7830357-9841939", "139-2024-0001", "SN-159-8812-3467", "159-8812-3467-2",
          "177 - 5989-8994", "SKU 159-8812-3467", "1234-159-8812", "0800 0815 0830", "0813 7788 9900 1122",
          "0 532 1 2 3", "0 532 123 45 67 89", "098204-41776-3", "012345-67890", "0412.345.678",
          "https://x.example/o/159-8812-3467", "https://x.example/(604)2345678"})
        EXPECT_EQ(phones(text), "") << text;
    ScanContext waybill;
    waybill.flags = kOrder | kDocument;
    EXPECT_EQ(phones("159-8812-3467", waybill), "");
    // By word, whatever the groups.
    EXPECT_EQ(phones("tel. 604-2345678"), "604-2345678");
    EXPECT_EQ(phones("call 55-5281-4417"), "55-5281-4417");
    EXPECT_EQ(phones("call 8 (921) 771-30-04"), "8 (921) 771-30-04");
    EXPECT_EQ(phones("call 040 - 361 25 5, please"), "040 - 361 25 5");
    EXPECT_EQ(phones("tel: 0171 / 51 22 07 from 8"), "0171 / 51 22 07");
}

TEST(PiiPhone, NumbersBesideOthersAreFound) {
    struct {
        const char *text, *found;
    } const kCases[] = {
        {"2026-01-02 03:04:05 call from 020 7946 0958", "020 7946 0958"},
        {"2026-01-02 10:30 415-555-0123", "415-555-0123"},
        {"415-555-0123 10:30", "415-555-0123"},
        {"020 7946 0958 10:30", "020 7946 0958"},
        {"reach 020 7946 0958, 10:00-12:00", "020 7946 0958"},
        {"01 42 68 53 00", "01 42 68 53 00"},
        {"01.42.68.53.00", "01.42.68.53.00"},
        {"020 7946 0958/020 7946 0959", "020 7946 0958|020 7946 0959"},
        {"415-555-0123,212-555-0199", "415-555-0123|212-555-0199"},
        {"https://wa.me/4917012345678", "4917012345678"},
        {"https://wa.me/4917012345678?text=hi", "4917012345678"},
        {"tel:+4930901820", "+4930901820"},
        {"<a href=\"tel:+49-30-901820\">", "+49-30-901820"},
        {"https://t.me/+4917012345678", "+4917012345678"},
        {"https://x.example/send?phone=4917012345678", "4917012345678"},
        {"https://x.example/?tel=020-7946-0958", "020-7946-0958"},
        {"sip:+14155550123@x.example", "+14155550123@x.example"},
        {"see https://x.example/a or 415-555-0123", "415-555-0123"},
        {"order 415-555-0123", "415-555-0123"},
        {"request 0171/1234567", "0171/1234567"},
        {"+49 030 901820", "+49 030 901820"},
        {"+44 0207 946 0958", "+44 0207 946 0958"},
        {"+43 1 51234", "+43 1 51234"},
        {"+376 712 345", "+376 712 345"},
        {"+685 22123", "+685 22123"},
        {"+290 22123", "+290 22123"},
        {"+49 250 000,50", ""},
        {"+4312345", ""},
        {"0049 30 901820", "0049 30 901820"},
        {"call about order 123456789", ""},
        {"call her at 123456789", "123456789"},
    };
    for (const auto& c : kCases) EXPECT_EQ(phones(c.text), c.found) << c.text;
}

// Any two moments, in any writing, with anything between them.
TEST(PiiPhone, SeveralUnderOneName) {
    ScanContext phone, doubtful;
    phone.named = doubtful.named = DetectorSet(Detector::kPhone);
    doubtful.doubtful = true;
    for (const char* text : {"30 551 7720 / 30 551 7721", "0171/5517720/0172-5517721",
                             "06 55 17 72 00 06 55 17 72 01", "551 7720 551 7721 551 7722"})
        EXPECT_EQ(phones(text, phone), text);
    EXPECT_EQ(phones("+49 171 5517720, +49 171 5517721 (home)", phone), "+49 171 5517720|+49 171 5517721");
    EXPECT_EQ(phones("tel. 30 551 7720 / x"), "30 551 7720");
    // Under a name that may mean something else: nothing out of a sentence, no longer identifiers.
    EXPECT_EQ(phones("30 551 7720 (home)", doubtful), "30 551 7720");
    EXPECT_EQ(phones("paid EUR 12.50 against invoice 2026-00417730", doubtful), "");
    EXPECT_EQ(phones("310-26-5521-70431", doubtful), "");
    EXPECT_EQ(phones("please call 30 551 7720 after six", doubtful), "30 551 7720");
}

TEST(PiiPhone, NoRangeOfTimesIsOne) {
    std::mt19937 random(20261126);
    const auto below = [&random](size_t n) { return random() % n; };
    const auto two = [](size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    const auto moment = [&] {
        const std::string y = std::to_string(1990 + below(50)), m = two(1 + below(12)),
                          d = two(1 + below(28));
        const std::string dates[] = {y + '-' + m + '-' + d, d + '.' + m + '.' + y, m + '/' + d + '/' + y,
                                     d + '-' + m + '-' + y, y + '/' + m + '/' + d, y + m + d};
        const std::string h = two(below(24)), n = two(below(60)), s = two(below(60));
        const std::string times[] = {h + ':' + n, h + ':' + n + ':' + s, h + ':' + n + ':' + s + ".123", ""};
        const char* between[] = {" ", "T", " at ", ", "};
        const std::string time = times[below(4)];
        return dates[below(6)] + (time.empty() ? "" : between[below(4)] + time);
    };
    for (int i = 0; i < 50'000; ++i) {
        const char* joints[] = {" - ", "-", " ", " / ", "/", " to ", " -- ", ", ", " _ ", "\n"};
        const std::string text = moment() + joints[below(10)] + moment();
        ASSERT_EQ(phones(text), "") << text;
    }
}

}  // namespace
}  // namespace gpsync::core::pii
