#include "core/pii/detect/ids/national_ids.hpp"

#include <algorithm>
#include <array>

#include "core/pii/detect/ids/id_checks.hpp"
#include "core/pii/detect/ids/id_digits.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

using namespace ids;

constexpr bool kLikeTime = true;

// Digits alone count by value only where less than one of 90 random numbers passes, and where the sum over
// all of one length stays below one of 40 (test/unit/core/pii_national_id_test.cpp counts it). The forms that
// are peculiar to an id need less. Sources: the authority's own description where there is one, else the
// OECD's table of tax identification numbers and the European Commission's TIN algorithms.
constexpr NationalId kNationalIds[] = {
    {"AE", "Emirates ID", "784-####-#######-#|784 #### ####### #|###############", "", emirates_valid},
    {"AR", "CUIT/CUIL", "##-########-#", "###########|## ######## #", cuit_valid},
    {"AR", "DNI", "", "##.###.###|########", any_valid},
    {"AT", "Sozialversicherungsnummer", "#### ######|####-######|##########", "", svnr_valid},
    {"AU", "Medicare", "#### ##### #|####-#####-#", "##########|###########|#### ##### #/#|#### ##### # #",
     medicare_valid},
    {"AU", "TFN", "", "#########|########|### ### ###|###-###-###", tfn_valid},
    {"BE", "Rijksregisternummer",
     "##.##.##-###.##|##.##.##-### ##|##-##-##-###-##|######-###-##|###### ### ##|## ## ## ### "
     "##|###########",
     "", belgian_nn_valid},
    {"BG", "EGN", "##########", "###### ####", egn_valid, kLikeTime},
    {"BR", "CPF", "###.###.###-##|#########-##|### ### ### ##|###-###-###-##|###########", "", cpf_valid},
    {"BR", "CNPJ",
     "##.###.###/####-##|########/####-##|**.***.***/****-##|############-##|##############|************##",
     "", cnpj_valid, kLikeTime},
    {"CH", "AHV", "###.####.####.##|### #### #### ##|###-####-####-##|#############", "", ahv_valid},
    {"CL", "RUT", "##.###.###-*|#.###.###-*", "########-*|#######-*|########*|#######*", rut_valid},
    {"CN", "Resident identity card", "#################*|###### ######## ###*|######-########-###*", "",
     chinese_id_valid},
    {"CO", "NIT", "", "###.###.###-#|#########-#|########-#|##########", nit_valid},
    {"CZ", "Rodné číslo", "######/####|##########", "######/###|###### ####", rodne_cislo_valid, kLikeTime},
    {"DE", "Rentenversicherungsnummer", "########@###|## ###### @ ###|## ###### @ ## #", "", rvnr_valid},
    {"DK", "CPR", "######-####", "##########|###### ####", cpr_valid},
    {"DO", "Cédula", "###-#######-#", "###########", dominican_valid},
    {"EC", "Cédula", "", "##########|#########-#", cedula_valid},
    {"EC", "RUC", "#############", "", ruc_valid},
    {"EE", "Isikukood", "###########", "", isikukood_valid},
    {"EG", "National number", "##############", "", egyptian_valid, kLikeTime},
    {"FI", "HETU", "######-###*|######+###*|######@###*", "", hetu_valid},
    {"FR", "NIR",
     "######*########|# ## ## #* ### ### ##|# ## ## #* ### ###-##|#-##-##-#*-###-###-##|######*###### ##",
     "######*######|# ## ## #* ### ###", nir_valid},
    {"GH", "Ghana card", "GHA-#########-#", "", any_valid},
    {"GR", "AMKA", "", "###########|######-#####", amka_valid},
    {"GR", "AFM", "", "#########", afm_valid},
    {"GT", "CUI", "#### ##### ####|####-#####-####", "#############", guatemalan_valid},
    {"HK", "HKID", "@######(*)|@@######(*)|@###### (*)", "@######*|@@######*", hkid_valid},
    {"HR", "OIB", "", "###########", oib_valid},
    {"HU", "Személyi azonosító", "#-######-####|# ###### ####", "###########", hungarian_valid},
    {"HU", "Adóazonosító jel", "##########", "", hungarian_tax_valid},
    {"ID", "NIK", "", "################|######.######.####", nik_valid},
    {"IE", "PPSN", "#######@@", "#######@|####### @", ppsn_valid},
    {"IL", "Teudat Zehut", "", "#########|########-#", teudat_zehut_valid},
    {"IN", "PAN", "", "@@@@@####@", indian_pan_valid, false, Detector::kPan},
    {"IR", "Kart-e Melli", "", "###-######-#|##########", iranian_valid},
    {"IS", "Kennitala", "######-####|##########", "", kennitala_valid},
    {"JP", "My Number", "", "############|#### #### ####|####-####-####", my_number_valid},
    {"KR", "RRN", "######-#######", "", rrn_valid},
    {"KR", "RRN", "#############", "", rrn_check_valid, kLikeTime},
    {"KW", "Civil ID", "############", "", kuwaiti_valid, kLikeTime},
    {"KZ", "IIN", "############", "", iin_valid},
    {"LT", "Asmens kodas", "###########", "", isikukood_valid},
    {"LU", "Matricule", "#############", "", luxembourg_valid},
    {"LV", "Personas kods", "######-#####|###########", "", personas_kods_valid},
    {"MX", "CURP", "@@@@######@@@@@@*#", "", curp_valid},
    {"MX", "RFC", "@@@@######***|@@@@-######-***|@@@@ ###### ***", "", rfc_valid},
    {"MY", "MyKad", "######-##-####", "############", mykad_valid},
    {"NL", "BSN", "", "#########|####.##.###|####-##-###|###.###.###|### ### ###", bsn_valid},
    {"NO", "Fødselsnummer", "###### #####|######-#####|###########", "", fodselsnummer_valid},
    {"PE", "RUC", "###########", "", peruvian_ruc_valid},
    {"PT", "NIF", "", "#########|### ### ###", portuguese_nif_valid, false, Detector::kNif},
    {"RO", "CNP", "#############", "# ###### ######", cnp_valid},
    {"RS", "JMBG", "#############", "", jmbg_valid},
    {"RU", "SNILS", "###-###-### ##|###-###-###-##", "###########|### ### ### ##", snils_valid},
    {"RU", "INN", "############", "", inn_valid, kLikeTime},
    {"SA", "National ID", "", "##########", saudi_valid},
    {"SE", "Personnummer", "######-####|######+####|########-####|############", "##########",
     personnummer_valid, kLikeTime},
    {"SE", "Personnummer", "##########", "", personnummer_without_coordination_valid, kLikeTime},
    {"SG", "NRIC/FIN", "@#######@", "", nric_valid},
    {"TH", "Citizen number", "#-####-#####-##-#|# #### ##### ## #", "#############", thai_valid},
    {"TR", "TCKN", "###########", "### ### ### ##", tckn_valid},
    {"TW", "National ID", "", "@#########", taiwanese_valid},
    {"UA", "RNOKPP", "", "##########", rnokpp_valid},
    {"UY", "Cédula", "#.###.###-#", "#######-#|########", uruguayan_valid},
    {"VE", "RIF", "V-########-#|E-########-#", "@#########|@-#########", rif_valid},
    {"ZA", "Identity number", "#############|###### #### ## #|###### #### ###", "", south_african_valid,
     kLikeTime},
};

constexpr bool stands_for_any(char c) {
    return c == '#' || c == '@' || c == '*';
}
constexpr bool in_word(char c) {
    return stands_for_any(c) || is_word(c);
}

constexpr IdForm make_form(const NationalId& id, std::string_view pattern, bool by_value) {
    IdForm form{&id, pattern, 0, 0, by_value, true};
    while (form.first < pattern.size() && in_word(pattern[form.first])) ++form.first;
    for (char c : pattern) {
        form.size += in_word(c);
        form.one_word &= in_word(c);
    }
    return form;
}

constexpr size_t kMostForms = 192;

// All forms, those with a first word of n characters from starts[n] to starts[n + 1].
struct Forms {
    std::array<IdForm, kMostForms> forms{};
    std::array<uint8_t, kLongestId + 2> starts{};
    size_t count = 0;
    bool fits = true;
};

template <class Visit>
constexpr void for_each_form(Visit visit) {
    for (const NationalId& id : kNationalIds) {
        for (const bool by_value : {true, false}) {
            std::string_view rest = by_value ? id.by_value : id.named;
            while (!rest.empty()) {
                const size_t end = rest.find('|') == std::string_view::npos ? rest.size() : rest.find('|');
                visit(make_form(id, rest.substr(0, end), by_value));
                rest.remove_prefix(end == rest.size() ? end : end + 1);
            }
        }
    }
}

constexpr Forms make_forms() {
    std::array<IdForm, kMostForms> forms{};
    Forms result;
    for_each_form([&](const IdForm& form) {
        result.fits &=
            form.first <= kLongestId && form.size <= kLongestId && form.pattern.size() <= kLongestIdForm;
        forms[result.count++] = form;
    });
    size_t at = 0;
    for (size_t first = 0; first <= kLongestId; ++first) {
        result.starts[first] = static_cast<uint8_t>(at);
        for (size_t i = 0; i < result.count; ++i)
            if (forms[i].first == first) result.forms[at++] = forms[i];
    }
    result.starts[kLongestId + 1] = static_cast<uint8_t>(at);
    return result;
}

constexpr Forms kForms = make_forms();

// By the length of the first word, whether it begins with a digit, whether it ends with one, and whether a
// digit stands behind the mark behind it: that mark, as bits; bit 0 is for words that are the whole form.
using Beginnings = std::array<std::array<std::array<std::array<uint64_t, 2>, 2>, 2>, kLongestId + 1>;

constexpr uint64_t separator_bit(char c) {
    return c >= ' ' && c < '@' ? uint64_t{1} << (c - ' ' + 1) : 0;
}

constexpr Beginnings make_beginnings() {
    Beginnings result{};
    const auto may_be = [](char pattern, bool digit) {
        if (pattern == '*') return true;
        return (pattern == '#' || is_digit(pattern)) == digit;
    };
    for_each_form([&](const IdForm& form) {
        const char first = form.pattern[0], last = form.pattern[form.first - 1u];
        const uint64_t bit = form.separator() == '\0' ? 1 : separator_bit(form.separator());
        const char behind = form.first + 1u < form.pattern.size() ? form.pattern[form.first + 1u] : '*';
        for (const bool begins : {false, true})
            for (const bool ends : {false, true})
                for (const bool goes_on : {false, true})
                    if (may_be(first, begins) && may_be(last, ends) && may_be(behind, goes_on))
                        result[form.first][begins][ends][goes_on] |= bit;
    });
    return result;
}

constexpr Beginnings kBeginnings = make_beginnings();
static_assert(kForms.fits && kForms.count < kMostForms);

}  // namespace

std::span<const NationalId> national_ids() {
    return kNationalIds;
}

std::span<const IdForm> id_forms(size_t first_word) {
    if (first_word > kLongestId) return {};
    const size_t begin = kForms.starts[first_word];
    return {kForms.forms.data() + begin, kForms.starts[first_word + 1] - begin};
}

bool may_begin_id(std::string_view first_word, char next, char behind_next) {
    if (first_word.size() > kLongestId) return false;
    const auto& beginnings = kBeginnings[first_word.size()];
    const uint64_t marks =
        beginnings[is_digit(first_word.front())][is_digit(first_word.back())][is_digit(behind_next)];
    return (marks & (1 | separator_bit(next))) != 0;
}

bool begins_id_form(std::string_view letters, char next) {
    const auto may_be = [](char c, char in_form) {
        return in_form == '@' || in_form == '*' || in_form == to_upper(c);
    };
    const auto forms = id_forms(letters.size());
    return std::any_of(forms.begin(), forms.end(), [&](const IdForm& form) {
        return form.separator() == next &&
               std::equal(letters.begin(), letters.end(), form.pattern.begin(), may_be);
    });
}

bool fits_form(const IdForm& form, std::string_view text, char* id) {
    if (text.size() < form.pattern.size()) return false;
    for (size_t i = 0; i < form.pattern.size(); ++i) {
        const char c = text[i];
        constexpr uint8_t kAscii = kUpper | kLower;
        switch (form.pattern[i]) {
            case '#':
                if (!is_digit(c)) return false;
                break;
            case '@':
                if ((class_of(c) & kAscii) == 0) return false;
                break;
            case '*':
                if ((class_of(c) & (kDigit | kAscii)) == 0) return false;
                break;
            default:
                if (to_upper(c) != form.pattern[i]) return false;
        }
        if (in_word(form.pattern[i])) *id++ = to_upper(c);
    }
    return true;
}

bool is_like_time(std::string_view digits) {
    if (digits.size() == 10 || digits.size() == 13) {
        const int seconds = number_of(digits.substr(0, 4));
        return seconds >= 1420 && seconds < 2050;  // in millions: 2015 to 2034
    }
    if (digits.size() != 12 && digits.size() != 14) return false;
    const int year = number_of(digits.substr(0, 4));
    return year >= 2015 && year < 2035 &&
           valid_day(number_of(digits.substr(6, 2)), number_of(digits.substr(4, 2))) &&
           number_of(digits.substr(8, 2)) < 24 && number_of(digits.substr(10, 2)) < 60;
}

}  // namespace gpsync::core::pii
