// National ids: an example of each row of the table, the share of random numbers that are taken, and what is
// none.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/pii/detect/ids/national_ids.hpp"
#include "core/pii/detect/plain_text.hpp"
#include "pii_scan_helpers.hpp"

namespace gpsync::core::pii {
namespace {

ScanContext named(Detector detector) {
    ScanContext context;
    context.named = DetectorSet(detector);
    return context;
}

// Under a neutral name, the prefilters have to pass what the scanner takes.
bool passes_prefilters(std::string_view text) {
    return may_hold_pii(text) && !is_plain_text(text) && !is_plain_value(text);
}

struct Example {
    const char* country;
    const char* written;
    bool by_value;
};

// Published specimens, or made up and given their check digits.
constexpr Example kExamples[] = {
    {"AE", "784-1980-1234561-1", true},
    {"AE", "784198012345611", true},
    {"AR", "20-05536168-2", true},
    {"AR", "20055361682", false},
    {"AR", "12.345.678", false},
    {"AT", "1237 010180", true},
    {"AT", "1237010180", true},
    {"AU", "2123 45670 1", true},
    {"AU", "2123456701", false},
    {"AU", "876 543 210", false},
    {"BE", "85.07.30-033.28", true},
    {"BE", "85073003328", true},
    {"BG", "7501010010", true},
    {"BR", "390.533.447-05", true},
    {"BR", "390533447-05", true},
    {"BR", "39053344705", true},
    {"BR", "16.727.230/0001-97", true},
    {"BR", "16727230000197", true},
    {"BR", "12.ABC.345/01DE-35", true},
    {"BR", "12ABC34501DE35", true},
    {"CH", "756.9217.0769.85", true},
    {"CH", "7569217076985", true},
    {"CL", "12.531.909-2", true},
    {"CL", "7.654.321-6", true},
    {"CL", "12531909-2", false},
    {"CN", "360426199101010071", true},
    {"CN", "11010519491231002X", true},
    {"CO", "213.123.432-1", false},
    {"CZ", "710319/2745", true},
    {"CZ", "7103192745", true},
    {"DE", "15070649C103", true},
    {"DE", "15 070649 C 103", true},
    {"DK", "211062-5629", true},
    {"DO", "001-1391820-5", true},
    {"EC", "1714307103", false},
    {"EC", "1714307103001", true},
    {"EE", "37605030299", true},
    {"EG", "28810011234567", true},
    {"FI", "131052-308T", true},
    {"FI", "131052A308T", true},
    {"FR", "1 84 12 76 451 089 46", true},
    {"FR", "184127645108946", true},
    {"FR", "2 69 05 2A 215 042 70", true},
    {"FR", "1841276451089", false},
    {"GH", "GHA-123456789-0", true},
    {"GR", "01013099997", false},
    {"GR", "023456780", false},
    {"GT", "3956 60785 0101", true},
    {"HK", "A123456(3)", true},
    {"HK", "AB987651(9)", true},
    {"HK", "A1234563", false},
    {"HR", "33392005961", false},
    {"HU", "1-850315-1213", true},
    {"HU", "8367215214", true},
    {"ID", "3171011708450001", false},
    {"IE", "1234567FA", true},
    {"IE", "6433435F", false},
    {"IL", "039337423", false},
    {"IN", "ABCPE1234F", false},
    {"IR", "001-354241-9", false},
    {"IS", "120174-3399", true},
    {"IS", "1201743399", true},
    {"JP", "123456789018", false},
    {"KR", "900101-1234019", true},
    {"KR", "9001011234019", true},
    {"KR", "210505-3987654", true},
    {"KW", "288020122596", true},
    {"KZ", "791028302728", true},
    {"LT", "38703181745", true},
    {"LU", "1950120105736", true},
    {"LV", "161175-19997", true},
    {"LV", "16117519997", true},
    {"MX", "BOXW310820HNERXN09", true},
    {"MX", "GODE561231GR8", true},
    {"MY", "770305-02-1234", true},
    {"MY", "770305021234", false},
    {"NL", "1112.22.333", false},
    {"NL", "111222333", false},
    {"NO", "15108695088", true},
    {"NO", "151086 95088", true},
    {"PE", "10054148211", true},
    {"PT", "123456789", false},
    {"RO", "1630615123457", true},
    {"RS", "0101006500006", true},
    {"RU", "112-233-445 95", true},
    {"RU", "11223344595", false},
    {"RU", "500100732259", true},
    {"SA", "1000000008", false},
    {"SE", "880320-0016", true},
    {"SE", "8803200016", true},
    {"SE", "198803200016", true},
    {"SE", "19880320-0016", true},
    {"SG", "S1234567D", true},
    {"SG", "M1234567K", true},
    {"TH", "1-2345-45678-78-1", true},
    {"TH", "1234545678781", false},
    {"TR", "17291716060", true},
    {"TW", "A123456789", false},
    {"UA", "1759013776", false},
    {"UY", "1.234.561-6", true},
    {"VE", "V-11470283-4", true},
    {"ZA", "7503305044089", true},
};

TEST(PiiNationalId, FindsAnExampleOfEveryRow) {
    std::set<std::string_view> countries, tested;
    for (const NationalId& id : national_ids()) countries.insert(id.country);
    for (const Example& example : kExamples) {
        tested.insert(example.country);
        const std::string text = example.written, expected = "national_id:" + text;
        EXPECT_EQ(found(text), example.by_value ? expected : "") << example.country;
        if (!example.by_value) {
            const Detector name = text == "ABCPE1234F" ? Detector::kPan : Detector::kNationalId;
            EXPECT_EQ(found(text, named(name)), expected) << example.country;
            continue;
        }
        EXPECT_TRUE(passes_prefilters(text)) << text;
        EXPECT_EQ(found("customer " + text + ", new"), expected);
        EXPECT_EQ(found("(" + text + ")"), expected);
        EXPECT_EQ(found("value=" + text + "."), expected);
        EXPECT_EQ(found("x;" + text + ";1980-02-03"), expected);
        EXPECT_NE(found(text + "5"), expected) << text;
    }
    EXPECT_EQ(countries, tested);
}

// Valid numbers of every row, made from its examples by a random walk over their characters.
TEST(PiiNationalId, FindsGeneratedNumbers) {
    std::mt19937 random(20261126);
    const auto below = [&random](size_t n) { return random() % n; };
    for (const Example& example : kExamples) {
        std::string text = example.written;
        size_t made = 0, wrong_digits = 0, wrong_found = 0;
        for (int round = 0; round < 20'000 && made < 100; ++round) {
            std::string next = text;
            for (size_t n = 2 + below(3); n > 0; --n) {
                char& c = next[below(next.size())];
                if (is_digit(c)) c = static_cast<char>('0' + below(10));
            }
            bool valid = false;
            for (const NationalId& id : national_ids()) {
                if (id.country != std::string_view(example.country)) continue;
                for (size_t first = 1; first <= kLongestId; ++first)
                    for (const IdForm& form : id_forms(first)) {
                        char compact[kLongestId];
                        valid |= form.id == &id && form.by_value && form.pattern.size() == next.size() &&
                                 fits_form(form, next, compact) && id.check({compact, form.size}) &&
                                 !(id.like_time && is_like_time(next)) && !next.starts_with("4001") &&
                                 !next.starts_with("501");  // token requestors
                    }
            }
            if (!valid) continue;
            text = next;
            ++made;
            const std::string result = found(text);
            EXPECT_TRUE(result.ends_with(':' + text)) << text << " gave " << result;
            // One digit that is wrong.
            size_t at = below(text.size());
            while (!is_digit(text[at])) at = below(text.size());
            next[at] = static_cast<char>('0' + (next[at] - '0' + 1 + below(9)) % 10);
            ++wrong_digits;
            wrong_found += found(next) == "national_id:" + next;
        }
        EXPECT_EQ(made > 0, example.by_value) << example.written;
        // Three have no check digit in every number.
        const bool unchecked =
            std::string_view("GH MY EG KR").find(example.country) != std::string_view::npos;
        if (example.by_value && !unchecked) {
            EXPECT_LT(wrong_found * 3, wrong_digits)
                << example.written << ' ' << wrong_found << " of " << wrong_digits;
        }
    }
}

// How many of so many random numbers some detector for numbers of a state takes, and how many of these are
// national ids.
struct Taken {
    size_t national = 0, all = 0;
};
template <class Make>
Taken taken_of(size_t count, Make make) {
    Taken taken;
    for (size_t i = 0; i < count; ++i) {
        const std::string text = make(), result = found(text);
        taken.national += result == "national_id:" + text;
        taken.all += !result.empty() && !result.starts_with("pan:") && !result.starts_with("imei:");
    }
    return taken;
}

// The sum over all ids: of digits alone less than one random number of forty is taken by value.
TEST(PiiNationalId, TakesFewRandomNumbers) {
    std::mt19937_64 random(40);
    constexpr size_t kCount = 100'000;
    for (size_t length = 6; length <= 18; ++length) {
        const Taken taken = taken_of(kCount, [&] {
            std::string text;
            for (size_t i = 0; i < length; ++i) text.push_back(static_cast<char>('0' + random() % 10));
            return text;
        });
        RecordProperty("one_of_at_" + std::to_string(length),
                       static_cast<int>(kCount / std::max<size_t>(taken.national, 1)));
        std::printf("%zu digits: %.2f %% national ids, %.2f %% numbers of a state\n", length,
                    100.0 * static_cast<double>(taken.national) / kCount,
                    100.0 * static_cast<double>(taken.all) / kCount);
        EXPECT_LT(taken.national * 40, kCount) << length;
        if (length < 10) {
            EXPECT_EQ(taken.all, 0U) << length;
        }
    }
}

// Every row by itself: its digits alone are found by value only if less than one of ninety random ones
// passes.
TEST(PiiNationalId, FindsByValueOnlyWhereTheCheckIsStrong) {
    std::mt19937_64 random(90);
    constexpr size_t kCount = 200'000;
    for (const NationalId& id : national_ids()) {
        for (size_t first = 1; first <= kLongestId; ++first) {
            for (const IdForm& form : id_forms(first)) {
                if (form.id != &id || !form.by_value || !form.one_word) continue;
                size_t passed = 0;
                for (size_t i = 0; i < kCount; ++i) {
                    std::string text;
                    for (const char c : form.pattern)
                        text.push_back(c == '#'   ? static_cast<char>('0' + random() % 10)
                                       : c == '@' ? static_cast<char>('A' + random() % 26)
                                                  : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[random() % 36]);
                    // Where a character may be either, other forms have only digits.
                    passed += id.check(text);
                }
                EXPECT_LT(passed * 90, kCount) << id.country << ' ' << id.name << ' ' << form.pattern;
            }
        }
    }
}

TEST(PiiNationalId, LeavesTimesAmountsAndOtherIdentifiers) {
    std::mt19937_64 random(7);
    const auto number = [&random](uint64_t from, uint64_t to) {
        return std::to_string(from + random() % (to - from));
    };
    constexpr size_t kCount = 20'000;
    // Seconds and milliseconds of the years around now, and YYYYMMDDHHMMSS.
    EXPECT_LT(taken_of(kCount, [&] { return number(1'420'100'000, 2'040'000'000); }).all, kCount / 100);
    EXPECT_LT(taken_of(kCount, [&] { return number(1'420'100'000'000, 2'040'000'000'000); }).all,
              kCount / 200);
    const auto two = [&random](unsigned from, unsigned count) {
        const unsigned n = from + static_cast<unsigned>(random() % count);
        return std::string(n < 10 ? "0" : "") + std::to_string(n);
    };
    const auto time = [&] { return "20" + two(15, 20) + two(1, 12) + two(1, 28) + two(0, 24) + two(0, 60); };
    EXPECT_LT(taken_of(kCount, time).all, kCount / 500);
    EXPECT_EQ(taken_of(kCount, [&] { return time() + two(0, 60); }).all, 0U);
    // Articles' numbers and books'.
    const auto ean = [&](const std::string& prefix) {
        std::string text = prefix + number(1'000'000'000, 10'000'000'000).substr(0, 12 - prefix.size());
        int sum = 0;
        for (size_t i = 0; i < 12; ++i) sum += (text[i] - '0') * (i % 2 == 0 ? 1 : 3);
        return text + static_cast<char>('0' + (10 - sum % 10) % 10);
    };
    EXPECT_EQ(taken_of(kCount, [&] { return ean("978"); }).all, 0U);
    for (const char* prefix : {"400", "50", "301", "871", "690"})
        EXPECT_LT(taken_of(kCount, [&] { return ean(prefix); }).all, kCount / 30) << prefix;
    // Amounts, parts of UUIDs, telephone numbers with their country code, digits with a word in front.
    EXPECT_EQ(taken_of(kCount, [&] { return number(1, 1'000'000'000'000) + "." + two(0, 99); }).all, 0U);
    EXPECT_EQ(taken_of(kCount, [&] { return number(1, 1'000'000'000'000) + "," + two(0, 99); }).all, 0U);
    EXPECT_EQ(taken_of(kCount, [&] { return "order " + number(10'000'000'000, 100'000'000'000); }).all, 0U);
    EXPECT_EQ(taken_of(kCount, [&] { return "ORD-" + number(10'000'000'000, 100'000'000'000); }).national,
              0U);
    EXPECT_EQ(
        taken_of(kCount, [&] { return "/orders/" + number(1'000'000'000, 10'000'000'000'000); }).national,
        0U);
}

TEST(PiiNationalId, NamesAndWords) {
    ScanContext order;
    order.flags = kOrder;
    EXPECT_EQ(found("39053344705", order), "");
    EXPECT_EQ(found("390.533.447-05", order), "national_id:390.533.447-05");
    EXPECT_EQ(found("refused for 39053344705", order), "national_id:39053344705");
    EXPECT_EQ(found("order no. 39053344705"), "");
    EXPECT_EQ(found("request of 39053344705"), "national_id:39053344705");
    ScanContext number;
    number.number = true;
    EXPECT_EQ(found("39053344705", number), "");
    ScanContext phone = named(Detector::kPhone);
    EXPECT_EQ(found("39053344705", phone), "phone:39053344705");
    EXPECT_EQ(found("BSN: 111222333"), "national_id:111222333");
    EXPECT_EQ(found("CPF 390.533.447-05"), "national_id:390.533.447-05");
    for (const std::string dashes : {"390-533-447-05", "756-9217-0769-85", "85-07-30-033-28"})
        EXPECT_EQ(found("of " + dashes), "national_id:" + dashes);
    EXPECT_EQ(found("s1234567d"), "");
    EXPECT_EQ(found("ABCPE1234F"), "");
    EXPECT_EQ(found("PAN: ABCPE1234F"), "national_id:ABCPE1234F");
    for (const char* text : {"2026-11-22", "22.11.2026", "900101-1234567890", "900101-1234019-1",
                             "12.531.909,2", "1.234.561-61", "0b6ad4a4-6a3c-4d12-9d8f-551743217491",
                             "id-900101-1234019", "A123456(4)", "GHA-12345-0", "131052-308U", "S1234567E",
                             "123.456.789-00", "x-8803200016", "880320-00165", "50110030273", "40010030273"})
        EXPECT_EQ(found(text), "") << text;
}

// ICAO Doc 9303: the specimens of Utopia.
TEST(PiiNationalId, FindsMachineReadableZones) {
    const std::string name = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const std::string data = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    for (const char* gap : {"\n", "\r\n", "\\n", " ", ""}) {
        const std::string zone = name + gap + data;
        EXPECT_EQ(found(zone), "passport:" + zone);
        EXPECT_EQ(found("mrz: " + zone + " read"), "passport:" + zone);
        EXPECT_TRUE(passes_prefilters(zone));
    }
    EXPECT_EQ(found(data), "passport:" + data);
    EXPECT_TRUE(passes_prefilters(data));
    const std::string card1 = "I<UTOD231458907<<<<<<<<<<<<<<<", card2 = "7408122F1204159UTO<<<<<<<<<<<6",
                      card3 = "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    for (const char* gap : {"\n", "\r\n", ""}) {
        const std::string zone = card1 + gap + card2 + gap + card3;
        EXPECT_EQ(found(zone), "passport:" + zone);
    }
    EXPECT_EQ(found(card1), "passport:" + card1);
    EXPECT_EQ(found(card2), "passport:" + card2);
    EXPECT_EQ(found(card2 + "\n" + card3), "passport:" + card2 + "\n" + card3);
    const std::string td2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";
    EXPECT_EQ(found(td2), "passport:" + td2);
    for (const char* text :
         {"L898902C37UTO7408122F1204159ZE184226B<<<<<10", "A<B<C<D<E<F<G<H<I<J<K<L<M<N<O<P<Q<R<S<T<U<V",
          "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
          "X<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1304159UTO<<<<<<<<<<<6"})
        EXPECT_EQ(found(text), "") << text;
}

}  // namespace
}  // namespace gpsync::core::pii
