// National ids with a date of birth, most of them with a check digit.
#include "core/pii/checksums.hpp"
#include "core/pii/detect/ids/id_checks.hpp"
#include "core/pii/detect/ids/id_digits.hpp"

namespace gpsync::core::pii::ids {

namespace {

bool valid_birth_in(int century, std::string_view yymmdd) {
    return valid_birth(century + number_of(yymmdd.substr(0, 2)), number_of(yymmdd.substr(2, 2)),
                       number_of(yymmdd.substr(4, 2)));
}

}  // namespace

bool rrn_check_valid(std::string_view id) {
    const int kind = digit(id[6]);
    if (kind < 1 || kind > 8) return false;
    const bool born_since_2000 = kind == 3 || kind == 4 || kind == 7 || kind == 8;
    if (!valid_birth_in(born_since_2000 ? 2000 : 1900, id)) return false;
    const int rest = weighted(id, {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5}) % 11, check = digit(id[12]);
    return (11 - rest) % 10 == check || (kind >= 5 && (13 - rest) % 10 == check);
}

bool rrn_valid(std::string_view id) {
    // Since October 2020 the last six digits are random.
    const bool random =
        (id[6] == '3' || id[6] == '4') && number_of(id.substr(0, 4)) >= 2010 && valid_birth_in(2000, id);
    return random || rrn_check_valid(id);
}

bool chinese_id_valid(std::string_view id) {
    const int province = number_of(id.substr(0, 2)), region = province / 10, part = province % 10;
    constexpr int kParts[9] = {0, 5, 3, 7, 6, 4, 5, 1, 3};  // provinces of a region
    if (region < 1 || region > 8 || part > kParts[region] || (part == 0 && region != 5)) return false;
    if (!valid_birth(number_of(id.substr(6, 4)), number_of(id.substr(10, 2)), number_of(id.substr(12, 2))))
        return false;
    const int sum = weighted(id, {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2});
    return std::string_view("10X98765432")[static_cast<size_t>(sum % 11)] == id[17];
}

bool south_african_valid(std::string_view id) {
    return valid_yymmdd(id) && digit(id[10]) <= 2 && luhn_valid(id);
}

bool personnummer_valid(std::string_view id) {
    if (id.size() == 12) {
        if (!id.starts_with("19") && !id.starts_with("20")) return false;
        id.remove_prefix(2);
    }
    // A coordination number has 60 more in the day.
    const int day = number_of(id.substr(4, 2));
    return valid_day(day > 60 ? day - 60 : day, number_of(id.substr(2, 2))) && id.substr(6, 3) != "000" &&
           luhn_valid(id);
}

bool personnummer_without_coordination_valid(std::string_view id) {
    return valid_yymmdd(id) && personnummer_valid(id);
}

bool cpr_valid(std::string_view id) {
    return valid_ddmmyy(id) && weighted(id, {4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool hetu_valid(std::string_view id) {
    const size_t sign = id.size() == 11 ? 1 : 0;
    if (sign != 0 && std::string_view("ABCDEFUVWXY").find(id[6]) == std::string_view::npos) return false;
    const std::string_view serial = id.substr(6 + sign, 3);
    if (!valid_ddmmyy(id) || number_of(serial) < 2) return false;
    const int value = number_of(id.substr(0, 6)) * 1000 + number_of(serial);
    return std::string_view("0123456789ABCDEFHJKLMNPRSTUVWXY")[static_cast<size_t>(value % 31)] == id.back();
}

bool egn_valid(std::string_view id) {
    const int month = number_of(id.substr(2, 2)), century = month > 40 ? 2000 : 1900;
    if (!valid_birth(century + number_of(id.substr(0, 2)), month > 40 ? month - 40 : month,
                     number_of(id.substr(4, 2))))
        return false;
    return weighted(id, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == digit(id[9]);
}

bool cnp_valid(std::string_view id) {
    const int kind = digit(id[0]), county = number_of(id.substr(7, 2));
    // 3 and 4 were born before 1900; 9 is a foreigner's.
    if (kind == 0 || kind == 3 || kind == 4 || kind == 9) return false;
    const bool born_since_2000 = kind == 5 || kind == 6;
    if (kind >= 7 ? !valid_yymmdd(id.substr(1))
                  : !valid_birth_in(born_since_2000 ? 2000 : 1900, id.substr(1)))
        return false;
    if (county == 0 || (county > 52 && county != 70) || id.substr(9, 3) == "000") return false;
    const int rest = weighted(id, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
    return (rest == 10 ? 1 : rest) == digit(id[12]);
}

bool rodne_cislo_valid(std::string_view id) {
    const int year = number_of(id.substr(0, 2));
    int month = number_of(id.substr(2, 2));
    if (month > 50) month -= 50;                                             // women
    if (month > 20 && year >= 4 && year <= kLatestYear - 2000) month -= 20;  // where a day's numbers run out
    if (!valid_day(number_of(id.substr(4, 2)), month)) return false;
    if (id.size() == 9) return year < 54;  // no check digit until 1953
    if (year < 54 && year > kLatestYear - 2000) return false;
    int rest = 0;
    for (char c : id.substr(0, 9)) rest = (rest * 10 + digit(c)) % 11;
    return rest % 10 == digit(id[9]) && (rest < 10 || (year >= 54 && year < 86));
}

bool isikukood_valid(std::string_view id) {
    const int kind = digit(id[0]);
    if (kind < 3 || kind > 6 || !valid_birth_in(kind >= 5 ? 2000 : 1900, id.substr(1))) return false;
    int rest = weighted(id, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}) % 11;
    if (rest == 10) rest = weighted(id, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) % 11 % 10;
    return rest == digit(id[10]);
}

bool personas_kods_valid(std::string_view id) {
    // Since 2017 numbers begin with 32 and have no date.
    const int century = digit(id[6]), latest = century == 2 ? kLatestYear - 2000 : 99;
    const bool dated =
        valid_ddmmyy(id) && (century == 1 || century == 2) && number_of(id.substr(4, 2)) <= latest;
    return (dated || id.starts_with("32")) &&
           (1 + weighted(id, {10, 5, 8, 4, 2, 1, 6, 3, 7, 9})) % 11 % 10 == digit(id[10]);
}

bool jmbg_valid(std::string_view id) {
    const int year = number_of(id.substr(4, 3));
    if (!valid_birth(year < 500 ? 2000 + year : 1000 + year, number_of(id.substr(2, 2)),
                     number_of(id.substr(0, 2))))
        return false;
    const int rest = weighted(id, {7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
    return (11 - rest) % 11 % 10 == digit(id[12]);
}

bool amka_valid(std::string_view id) {
    return valid_ddmmyy(id) && luhn_valid(id);
}

bool hungarian_valid(std::string_view id) {
    const int kind = digit(id[0]);
    if (kind == 0 || kind > 8 || !valid_yymmdd(id.substr(1))) return false;
    // Who was born until 1996 has the weights upwards.
    const int up = weighted(id, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) % 11;
    const int down = weighted(id, {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}) % 11;
    const bool since_1997 = kind == 3 || kind == 4 || number_of(id.substr(1, 2)) >= 97;
    return (since_1997 ? down : up) == digit(id[10]);
}

bool hungarian_tax_valid(std::string_view id) {
    constexpr int kDaysUntil1900 = 12053, kDaysUntil2040 = 63186;
    const int days = number_of(id.substr(1, 5));
    return id[0] == '8' && days >= kDaysUntil1900 && days <= kDaysUntil2040 &&
           weighted(id, {1, 2, 3, 4, 5, 6, 7, 8, 9}) % 11 == digit(id[9]);
}

bool kennitala_valid(std::string_view id) {
    return valid_ddmmyy(id) && (id[9] == '9' || id[9] == '0') && number_of(id.substr(6, 2)) >= 20 &&
           weighted(id, {3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool iin_valid(std::string_view id) {
    const int century = digit(id[6]);
    if (century < 3 || century > 6 || !valid_birth_in(century >= 5 ? 2000 : 1900, id)) return false;
    int rest = weighted(id, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) % 11;
    if (rest == 10) rest = weighted(id, {3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2}) % 11;
    return rest == digit(id[11]);
}

bool svnr_valid(std::string_view id) {
    return id[0] != '0' && valid_ddmmyy(id.substr(4)) &&
           weighted(id, {3, 7, 9, 0, 5, 8, 4, 2, 1, 6}) % 11 == digit(id[3]);
}

bool kuwaiti_valid(std::string_view id) {
    if ((id[0] != '2' && id[0] != '3') || !valid_birth_in(id[0] == '3' ? 2000 : 1900, id.substr(1)))
        return false;
    return 11 - weighted(id, {2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}) % 11 == digit(id[11]);
}

bool emirates_valid(std::string_view id) {
    const int year = number_of(id.substr(3, 4));
    return id.starts_with("784") && year >= 1900 && year <= kLatestYear && luhn_valid(id);
}

bool mykad_valid(std::string_view id) {
    const int place = number_of(id.substr(6, 2));
    return valid_yymmdd(id) && place > 0 && (place < 17 || place > 20) && place != 69 && place != 70 &&
           place != 73 && place != 80 && place != 81 && (place < 94 || place > 97);
}

bool nik_valid(std::string_view id) {
    const int province = number_of(id.substr(0, 2)), day = number_of(id.substr(6, 2));
    return province >= 11 && province <= 96 && id.substr(2, 2) != "00" && id.substr(4, 2) != "00" &&
           id.substr(12) != "0000" &&
           valid_day(day > 40 ? day - 40 : day, number_of(id.substr(8, 2)));  // women
}

bool egyptian_valid(std::string_view id) {
    const int governorate = number_of(id.substr(7, 2));
    if ((id[0] != '2' && id[0] != '3') || !valid_birth_in(id[0] == '3' ? 2000 : 1900, id.substr(1)))
        return false;
    return (governorate >= 1 && governorate <= 4) || (governorate >= 11 && governorate <= 35) ||
           governorate == 88;
}

}  // namespace gpsync::core::pii::ids
