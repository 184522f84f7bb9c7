#include "core/pii/names/company_forms.hpp"

#include <algorithm>
#include <array>

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

// The short ones are also family names and words: "de Sa" is a person, "Société Générale SA" is none.
bool is_a_company(std::string_view text) {
    constexpr std::array<std::string_view, 55> kForms = {
        "gmbh",    "inc",  "llc",   "llp",   "ltd",   "limited", "plc",   "corp", "corporation", "sarl",
        "s.a.r.l", "srl",  "s.r.l", "s.p.a", "s.a",   "s.a.s",   "b.v",   "n.v",  "k.k",         "kft",
        "zrt",     "nyrt", "s.r.o", "d.o.o", "z.o.o", "o.o",     "pty",   "pvt",  "oyj",         "c.v",
        "a/s",     "sp.j", "ltda",  "lda",   "eirl",  "s.l",     "s.l.u", "a.s",  "o.y",         "d.d",
        "v.o.f",   "kgaa", "mbh",   "gbr",   "e.k",   "ohg",     "eood",  "ood",  "ehf",         "sdn.bhd",
        "bhd",     "tbk",  "fcu",   "cu",    "l.p"};
    constexpr std::array<std::string_view, 21> kShortForms = {"AG",  "KG", "SA", "SAS", "BV",  "NV", "KK",
                                                              "OHG", "UG", "AB", "ApS", "SpA", "AS", "ASA",
                                                              "Oy",  "SE", "SL", "SIA", "UAB", "hf", "Sdn"};
    if (text.ends_with('.')) text.remove_suffix(1);
    const size_t blank = text.find_last_of(' ');
    if (blank == std::string_view::npos || blank == 0) return false;
    const std::string_view last = text.substr(blank + 1);
    if (is_one_of(last, kForms)) return true;
    const bool written_small = std::any_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(blank),
                                           [](char c) { return (class_of(c) & kLower) != 0; });
    return written_small && std::find(kShortForms.begin(), kShortForms.end(), last) != kShortForms.end();
}

bool is_a_company_in_other_script(std::string_view text) {
    // With a blank where the language writes one.
    static constexpr std::string_view kInFront[] = {
        "ООО ",     "ОАО ",     "ЗАО ", "ПАО ",     "АО ",      "ТОВ ",     "ПАТ ",   "ТОО ",
        "ЕООД ",    "ООД ",     "АД ",  "株式会社", "有限会社", "合同会社", "(株)",   "（株）",
        "주식회사", "유한회사", "(주)", "㈜",       "บริษัท",     "شركة ",    "مؤسسة ", "חברת "};
    static constexpr std::string_view kBehind[] = {" ООО",     " ОАО",     " ЗАО",     " АО",      " ЕООД",
                                                   " ООД",     " АД",      "株式会社", "有限会社", "合同会社",
                                                   "有限公司", "股份公司", "集团公司", "주식회사", "(주)",
                                                   " จำกัด",    " Α.Ε.",    " ΑΕ",      " ΕΠΕ",     " בע\"מ"};
    return std::any_of(std::begin(kInFront), std::end(kInFront),
                       [text](std::string_view form) { return text.starts_with(form); }) ||
           std::any_of(std::begin(kBehind), std::end(kBehind),
                       [text](std::string_view form) { return text.ends_with(form); });
}

}  // namespace gpsync::core::pii
