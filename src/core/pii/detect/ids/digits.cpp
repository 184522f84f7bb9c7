// National ids with one check digit and no date: a random number passes in about one of eleven, unless its
// beginning is fixed.
#include "core/pii/checksums.hpp"
#include "core/pii/detect/ids/id_checks.hpp"
#include "core/pii/detect/ids/id_digits.hpp"

namespace gpsync::core::pii::ids {

bool tfn_valid(std::string_view id) {
    if (id.size() == 8) return weighted(id, {10, 7, 8, 4, 6, 3, 5, 1}) % 11 == 0 && !all_same(id);
    return weighted(id, {1, 4, 3, 7, 5, 8, 6, 9, 10}) % 11 == 0 && !all_same(id);
}

bool medicare_valid(std::string_view id) {
    return id[0] >= '2' && id[0] <= '6' && id[9] != '0' &&
           weighted(id, {1, 3, 7, 9, 1, 3, 7, 9}) % 10 == digit(id[8]);
}

bool my_number_valid(std::string_view id) {
    const int rest = weighted(id, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
    return (rest < 2 ? 0 : 11 - rest) == digit(id[11]) && !all_same(id);
}

bool bsn_valid(std::string_view id) {
    return weighted(id, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0 && !all_same(id);
}

bool oib_valid(std::string_view id) {
    int product = 10;
    for (char c : id.substr(0, 10)) {
        const int sum = (digit(c) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == digit(id[10]);
}

bool afm_valid(std::string_view id) {
    return weighted(id, {256, 128, 64, 32, 16, 8, 4, 2}) % 11 % 10 == digit(id[8]) && !all_same(id);
}

bool portuguese_nif_valid(std::string_view id) {
    const int rest = weighted(id, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
    return id[0] != '0' && (rest < 2 ? 0 : 11 - rest) == digit(id[8]) && !all_same(id);
}

bool ahv_valid(std::string_view id) {
    return id.starts_with("756") && weighted(id, {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1}) % 10 == 0;
}

bool rut_valid(std::string_view id) {
    int sum = 0, weight = 2;
    for (size_t i = id.size() - 1; i-- > 0; weight = weight == 7 ? 2 : weight + 1)
        sum += digit(id[i]) * weight;
    const int check = 11 - sum % 11;
    return id.back() == (check == 11   ? '0'
                         : check == 10 ? 'K'
                                       : static_cast<char>('0' + check)) &&
           !all_same(id.substr(0, id.size() - 1));
}

bool cuit_valid(std::string_view id) {
    const int kind = number_of(id.substr(0, 2));
    if (kind != 20 && (kind < 23 || kind > 27)) return false;
    return weighted(id, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool nit_valid(std::string_view id) {
    constexpr int kWeights[15] = {3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71};
    int sum = 0;
    for (size_t i = 1; i < id.size(); ++i) sum += digit(id[id.size() - 1 - i]) * kWeights[i - 1];
    const int rest = sum % 11;
    return (rest < 2 ? rest : 11 - rest) == digit(id.back());
}

bool cedula_valid(std::string_view id) {
    const int province = number_of(id.substr(0, 2));
    return ((province >= 1 && province <= 24) || province == 30) && id[2] < '6' && luhn_valid(id);
}

bool ruc_valid(std::string_view id) {
    return id.substr(10) == "001" && cedula_valid(id.substr(0, 10));
}

bool teudat_zehut_valid(std::string_view id) {
    return luhn_valid(id) && !all_same(id);
}

bool thai_valid(std::string_view id) {
    return id[0] != '0' && id[0] != '9' &&
           (11 - weighted(id, {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11) % 10 == digit(id[12]) &&
           !all_same(id);
}

bool rnokpp_valid(std::string_view id) {
    const int sum = weighted(id, {-1, 5, 7, 9, 4, 6, 10, 5, 7});
    return (sum % 11 + 11) % 11 % 10 == digit(id[9]) && !all_same(id);
}

bool peruvian_ruc_valid(std::string_view id) {
    return id.starts_with("10") &&
           (11 - weighted(id, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11) % 10 == digit(id[10]);
}

bool uruguayan_valid(std::string_view id) {
    return weighted(id, {2, 9, 8, 7, 6, 3, 4, 1}) % 10 == 0 && !all_same(id);
}

bool dominican_valid(std::string_view id) {
    const int office = number_of(id.substr(0, 3));
    return ((office >= 1 && office <= 160) || (office >= 223 && office <= 229) || office == 402) &&
           luhn_valid(id);
}

bool guatemalan_valid(std::string_view id) {
    const int department = number_of(id.substr(9, 2)), municipality = number_of(id.substr(11, 2));
    return department >= 1 && department <= 22 && municipality >= 1 && municipality <= 40 &&
           weighted(id, {2, 3, 4, 5, 6, 7, 8, 9}) % 11 % 10 == digit(id[8]);
}

bool rif_valid(std::string_view id) {
    if (id[0] != 'V' && id[0] != 'E') return false;
    const int rest = ((id[0] == 'V' ? 4 : 8) + weighted(id.substr(1), {3, 2, 7, 6, 5, 4, 3, 2})) % 11;
    return (rest < 2 ? 0 : 11 - rest) == digit(id[9]);
}

bool iranian_valid(std::string_view id) {
    const int rest = weighted(id, {10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
    return (rest < 2 ? rest : 11 - rest) == digit(id[9]) && !all_same(id);
}

bool saudi_valid(std::string_view id) {
    return (id[0] == '1' || id[0] == '2') && luhn_valid(id);
}

}  // namespace gpsync::core::pii::ids
