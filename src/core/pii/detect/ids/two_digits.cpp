// National ids with two check digits.
#include "core/pii/checksums.hpp"
#include "core/pii/detect/ids/id_checks.hpp"
#include "core/pii/detect/ids/id_digits.hpp"

namespace gpsync::core::pii::ids {

namespace {

int cpf_digit(int sum) {
    const int rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
}

// Of digits and letters: a character's code less that of '0'.
int cnpj_digit(std::string_view id, size_t count) {
    int sum = 0, weight = 2;
    for (size_t i = count; i-- > 0; weight = weight == 9 ? 2 : weight + 1) sum += (id[i] - '0') * weight;
    return cpf_digit(sum);
}

long long long_number(std::string_view digits) {
    long long value = 0;
    for (char c : digits) value = value * 10 + digit(c);
    return value;
}

}  // namespace

bool cpf_valid(std::string_view id) {
    if (all_same(id)) return false;
    return cpf_digit(weighted(id, {10, 9, 8, 7, 6, 5, 4, 3, 2})) == digit(id[9]) &&
           cpf_digit(weighted(id, {11, 10, 9, 8, 7, 6, 5, 4, 3, 2})) == digit(id[10]);
}

bool cnpj_valid(std::string_view id) {
    return !all_same(id) && cnpj_digit(id, 12) == digit(id[12]) && cnpj_digit(id, 13) == digit(id[13]);
}

bool nir_valid(std::string_view id) {
    const int sex = digit(id[0]), month = number_of(id.substr(3, 2));
    const bool known_sex = (sex >= 1 && sex <= 4) || sex == 7 || sex == 8;
    // 20 and above stand for months that are not known.
    if (!known_sex || month == 0 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
    long long value = long_number(id.substr(0, 5));
    if (id[6] == 'A' || id[6] == 'B') {
        if (id[5] != '2') return false;
        value = value * 100 + (id[6] == 'A' ? 19 : 18);
    } else if (id[6] >= '0' && id[6] <= '9') {
        const int department = number_of(id.substr(5, 2));
        if (department == 0) return false;
        value = value * 100 + department;
    } else {
        return false;
    }
    value = value * 1'000'000 + number_of(id.substr(7, 6));
    return id.size() == 13 || 97 - value % 97 == number_of(id.substr(13, 2));
}

bool tckn_valid(std::string_view id) {
    const int odd = weighted(id, {1, 0, 1, 0, 1, 0, 1, 0, 1}), even = weighted(id, {0, 1, 0, 1, 0, 1, 0, 1});
    return id[0] != '0' && ((7 * odd - even) % 10 + 10) % 10 == digit(id[9]) &&
           (odd + even + digit(id[9])) % 10 == digit(id[10]);
}

bool fodselsnummer_valid(std::string_view id) {
    const int day = number_of(id.substr(0, 2)), month = number_of(id.substr(2, 2));
    // A D number has 40 more in the day.
    if (!valid_day(day > 40 ? day - 40 : day, month)) return false;
    return (weighted(id, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1})) % 11 == 0 &&
           (weighted(id, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1})) % 11 == 0;
}

bool belgian_nn_valid(std::string_view id) {
    const int month = number_of(id.substr(2, 2)) % 20, day = number_of(id.substr(4, 2));
    if (number_of(id.substr(2, 2)) >= 60) return false;
    // Of refugees, month or day may be 0.
    if (month > 12 || day > 31) return false;
    const long long value = long_number(id.substr(0, 9));
    const int check = number_of(id.substr(9, 2));
    const bool born_since_2000 = number_of(id.substr(0, 2)) <= kLatestYear - 2000;
    return 97 - value % 97 == check || (born_since_2000 && 97 - (value + 2'000'000'000) % 97 == check);
}

bool snils_valid(std::string_view id) {
    const int sum = weighted(id, {9, 8, 7, 6, 5, 4, 3, 2, 1});
    return !all_same(id.substr(0, 9)) && sum % 101 % 100 == number_of(id.substr(9, 2));
}

bool inn_valid(std::string_view id) {
    if (all_same(id) || id.starts_with("00")) return false;
    return weighted(id, {7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10 == digit(id[10]) &&
           weighted(id, {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10 == digit(id[11]);
}

bool luxembourg_valid(std::string_view id) {
    if (!valid_birth(number_of(id.substr(0, 4)), number_of(id.substr(4, 2)), number_of(id.substr(6, 2))))
        return false;
    char verhoeff[12];
    id.substr(0, 11).copy(verhoeff, 11);
    verhoeff[11] = id[12];
    return luhn_valid(id.substr(0, 12)) && verhoeff_valid({verhoeff, 12});
}

}  // namespace gpsync::core::pii::ids
