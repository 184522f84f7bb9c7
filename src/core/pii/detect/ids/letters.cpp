// National ids with a check letter, or with letters that have a meaning.
#include <algorithm>

#include "core/pii/detect/ids/id_checks.hpp"
#include "core/pii/detect/ids/id_digits.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii::ids {

bool hkid_valid(std::string_view id) {
    // One letter counts as if a blank, of value 36, were in front.
    const size_t letters = id.size() - 7;
    int sum = letters == 1 ? 36 * 9 : 0, weight = letters == 1 ? 8 : 9;
    for (char c : id.substr(0, letters)) sum += (c - 'A' + 10) * weight--;
    for (char c : id.substr(letters, 6)) sum += digit(c) * weight--;
    if (!is_digit(id.back()) && id.back() != 'A') return false;
    return (sum + (id.back() == 'A' ? 10 : digit(id.back()))) % 11 == 0;
}

bool nric_valid(std::string_view id) {
    const size_t series = std::string_view("STFGM").find(id[0]);
    if (series == std::string_view::npos) return false;
    constexpr int kOffset[5] = {0, 4, 0, 4, 3};
    constexpr std::string_view kLetters[5] = {"JZIHGFEDCBA", "JZIHGFEDCBA", "XWUTRQPNMLK", "XWUTRQPNMLK",
                                              "XWUTRQPNJLK"};
    const int rest = (kOffset[series] + weighted(id.substr(1), {2, 7, 6, 5, 4, 3, 2})) % 11;
    return kLetters[series][static_cast<size_t>(rest)] == id[8];
}

namespace {

// The value of a letter or digit in the alphabets of Mexico's numbers, where a letter follows N.
int mexican_value(char c) {
    if (is_digit(c)) return digit(c);
    return c - 'A' + 10 + (c > 'N' ? 1 : 0);
}

}  // namespace

bool curp_valid(std::string_view id) {
    constexpr std::string_view kStates =
        "AS BC BS CC CS CH CL CM DF CX DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS "
        "NE";
    if (!valid_yymmdd(id.substr(4)) || (id[10] != 'H' && id[10] != 'M' && id[10] != 'X')) return false;
    const size_t state = kStates.find(id.substr(11, 2));
    if (state == std::string_view::npos || state % 3 != 0) return false;
    int sum = 0;
    for (size_t i = 0; i < 17; ++i) sum += mexican_value(id[i]) * static_cast<int>(18 - i);
    return (10 - sum % 10) % 10 == digit(id[17]);
}

bool rfc_valid(std::string_view id) {
    if (!valid_yymmdd(id.substr(4))) return false;
    int sum = 0;
    for (size_t i = 0; i < 12; ++i) sum += mexican_value(id[i]) * static_cast<int>(13 - i);
    const int check = (11 - sum % 11) % 11;
    return id[12] == (check == 10 ? 'A' : static_cast<char>('0' + check));
}

bool ppsn_valid(std::string_view id) {
    int sum = weighted(id, {8, 7, 6, 5, 4, 3, 2});
    if (id.size() == 9) {
        if (id[8] != 'A' && id[8] != 'B' && id[8] != 'H' && id[8] != 'W') return false;
        if (id[8] != 'W') sum += 9 * (id[8] - 'A' + 1);
    }
    return std::string_view("WABCDEFGHIJKLMNOPQRSTUV")[static_cast<size_t>(sum % 23)] == id[7];
}

bool indian_pan_valid(std::string_view id) {
    // The fourth letter is the kind of holder.
    return std::string_view("ABCFGHJLPT").find(id[3]) != std::string_view::npos && id.substr(5, 4) != "0000";
}

bool taiwanese_valid(std::string_view id) {
    constexpr int kCodes[26] = {10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21,
                                22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33};
    const int code = kCodes[id[0] - 'A'];
    if (id[1] != '1' && id[1] != '2' && id[1] != '8' && id[1] != '9') return false;
    return (code / 10 + code % 10 * 9 + weighted(id.substr(1), {8, 7, 6, 5, 4, 3, 2, 1, 1})) % 10 == 0;
}

bool rvnr_valid(std::string_view id) {
    if (!valid_ddmmyy(id.substr(2)) || id.substr(0, 2) == "00") return false;
    // The letter counts as two digits; of each product, the digits are added.
    char digits[12];
    id.substr(0, 8).copy(digits, 8);
    const int letter = id[8] - 'A' + 1;
    digits[8] = static_cast<char>('0' + letter / 10);
    digits[9] = static_cast<char>('0' + letter % 10);
    id.substr(9, 2).copy(digits + 10, 2);
    constexpr int kWeights[12] = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
    int sum = 0;
    for (size_t i = 0; i < 12; ++i) {
        const int product = digit(digits[i]) * kWeights[i];
        sum += product / 10 + product % 10;
    }
    return sum % 10 == digit(id[11]);
}

bool any_valid(std::string_view) {
    return true;
}

}  // namespace gpsync::core::pii::ids
