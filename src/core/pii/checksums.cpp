#include "core/pii/checksums.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace gpsync::core::pii {

namespace {

constexpr int digit(char c) {
    return c - '0';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

}  // namespace

bool luhn_valid(std::string_view digits) {
    if (digits.size() < 2) return false;
    int sum = 0;
    bool twice = false;
    for (size_t i = digits.size(); i-- > 0; twice = !twice) {
        int d = digit(digits[i]);
        if (twice && (d *= 2) > 9) d -= 9;
        sum += d;
    }
    return sum % 10 == 0;
}

bool iban_check_valid(std::string_view iban) {
    if (iban.size() < 5) return false;
    unsigned remainder = 0;
    auto take = [&remainder](char c) {
        if (is_digit(c))
            remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
        else
            remainder = (remainder * 100 + static_cast<unsigned>((c & ~0x20) - 'A' + 10)) % 97;
    };
    for (char c : iban.substr(4)) take(c);
    for (char c : iban.substr(0, 4)) take(c);
    return remainder == 1;
}

bool verhoeff_valid(std::string_view digits) {
    // The dihedral group D5, and the powers of Verhoeff's permutation.
    static constexpr uint8_t kProduct[10][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
    static constexpr uint8_t kPermutation[8][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
        {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
        {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    uint8_t check = 0;
    for (size_t i = 0; i < digits.size(); ++i)
        check = kProduct[check][kPermutation[i % 8][digit(digits[digits.size() - 1 - i])]];
    return !digits.empty() && check == 0;
}

bool nhs_check_valid(std::string_view d) {
    if (d.size() != 10) return false;
    int sum = 0;
    for (int i = 0; i < 9; ++i) sum += digit(d[static_cast<size_t>(i)]) * (10 - i);
    const int check = (11 - sum % 11) % 11;
    return check != 10 && check == digit(d[9]);
}

bool aba_check_valid(std::string_view d) {
    if (d.size() != 9) return false;
    const int prefix = digit(d[0]) * 10 + digit(d[1]);
    const bool known =
        prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix == 80;
    int sum = 0;
    for (size_t i = 0; i < 9; i += 3) sum += 3 * digit(d[i]) + 7 * digit(d[i + 1]) + digit(d[i + 2]);
    return known && sum != 0 && sum % 10 == 0;
}

bool german_tax_id_valid(std::string_view d) {
    if (d.size() != 11 || d[0] == '0') return false;
    // Of the first ten digits exactly one occurs twice or three times; the others at most once.
    std::array<int, 10> seen{};
    for (char c : d.substr(0, 10)) ++seen[static_cast<size_t>(digit(c))];
    int repeated = 0;
    for (int n : seen) {
        if (n > 3) return false;
        repeated += n > 1;
    }
    if (repeated != 1) return false;
    int product = 10;
    for (char c : d.substr(0, 10)) {
        int sum = (digit(c) + product) % 10;
        if (sum == 0) sum = 10;
        product = sum * 2 % 11;
    }
    return (11 - product) % 10 == digit(d[10]);
}

bool pesel_valid(std::string_view d) {
    if (d.size() != 11) return false;
    static constexpr int kWeights[10] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    // Since 2000, the month has 20 more. Of other centuries nobody lives.
    const int year = digit(d[0]) * 10 + digit(d[1]), coded = digit(d[2]) * 10 + digit(d[3]);
    constexpr int kLatestYear = 39;
    const int month = coded > 20 && year <= kLatestYear ? coded - 20 : coded;
    const int day = digit(d[4]) * 10 + digit(d[5]);
    static constexpr int kDays[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1 || day > kDays[month]) return false;
    int sum = 0;
    for (size_t i = 0; i < 10; ++i) sum += kWeights[i] * digit(d[i]);
    return (10 - sum % 10) % 10 == digit(d[10]);
}

bool vin_check_valid(std::string_view vin) {
    if (vin.size() != 17) return false;
    // A to Z; 0 stands for the letters a VIN never has (I, O, Q).
    static constexpr int kValue[26] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                       5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    static constexpr int kWeight[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; ++i) {
        const char c = vin[i];
        if (!is_digit(c) && (!is_upper(c) || kValue[c - 'A'] == 0)) return false;
        sum += kWeight[i] * (is_digit(c) ? digit(c) : kValue[c - 'A']);
    }
    const int check = sum % 11;
    return vin[8] == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

char nif_letter(std::string_view digits) {
    unsigned number = 0;
    for (char c : digits) number = number * 10 + static_cast<unsigned>(digit(c));
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23];
}

bool codice_fiscale_valid(std::string_view cf) {
    if (cf.size() != 16) return false;
    // Digits may be written as L M N P Q R S T U V where two people would share a code (omocodia).
    auto digit_like = [](char c) {
        return is_digit(c) || (is_upper(c) && std::strchr("LMNPQRSTUV", c) != nullptr);
    };
    for (size_t i = 0; i < 16; ++i) {
        const bool letter = i < 6 || i == 8 || i == 11 || i == 15;
        if (letter ? !is_upper(cf[i]) : !digit_like(cf[i])) return false;
    }
    if (std::strchr("ABCDEHLMPRST", cf[8]) == nullptr) return false;  // the month of birth
    static constexpr int kOdd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                     20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    int sum = 0;
    for (size_t i = 0; i < 15; ++i) {
        const int value = is_digit(cf[i]) ? digit(cf[i]) : cf[i] - 'A';
        sum += i % 2 == 0 ? kOdd[value] : value;
    }
    return cf[15] == 'A' + sum % 26;
}

bool bitcoin_base58_valid(std::string_view address) {
    if (address.size() < 26 || address.size() > 35) return false;
    static constexpr std::string_view kAlphabet =
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    std::array<uint8_t, 25> bytes{};
    for (char c : address) {
        const size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) return false;
        unsigned carry = static_cast<unsigned>(value);
        for (size_t i = bytes.size(); i-- > 0;) {
            carry += 58u * bytes[i];
            bytes[i] = static_cast<uint8_t>(carry);
            carry >>= 8;
        }
        if (carry != 0) return false;
    }
    if (bytes[0] != 0x00 && bytes[0] != 0x05) return false;
    std::array<uint8_t, SHA256_DIGEST_LENGTH> once, twice;
    SHA256(bytes.data(), 21, once.data());
    SHA256(once.data(), once.size(), twice.data());
    return std::memcmp(twice.data(), bytes.data() + 21, 4) == 0;
}

bool bitcoin_bech32_valid(std::string_view address) {
    if (address.size() < 14 || address.size() > 90) return false;
    std::array<char, 90> lower;
    bool has_lower = false, has_upper = false;
    for (size_t i = 0; i < address.size(); ++i) {
        has_lower |= address[i] >= 'a' && address[i] <= 'z';
        has_upper |= is_upper(address[i]);
        lower[i] = is_upper(address[i]) ? static_cast<char>(address[i] | 0x20) : address[i];
    }
    if (has_lower && has_upper) return false;
    const std::string_view text(lower.data(), address.size());
    if (!text.starts_with("bc1") && !text.starts_with("tb1")) return false;
    static constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    static constexpr uint32_t kGenerator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t check = 1;
    auto step = [&check](uint32_t value) {
        const uint32_t top = check >> 25;
        check = (check & 0x1ffffff) << 5 ^ value;
        for (unsigned i = 0; i < 5; ++i)
            if (top >> i & 1) check ^= kGenerator[i];
    };
    for (char c : text.substr(0, 2)) step(static_cast<uint32_t>(c) >> 5);
    step(0);
    for (char c : text.substr(0, 2)) step(static_cast<uint32_t>(c) & 31);
    for (char c : text.substr(3)) {
        const size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) return false;
        step(static_cast<uint32_t>(value));
    }
    return check == 1 || check == 0x2bc830a3;  // bech32, bech32m
}

}  // namespace gpsync::core::pii
