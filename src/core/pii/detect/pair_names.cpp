#include "core/pii/detect/pair_names.hpp"

#include <algorithm>

#include "core/pii/names/name_class.hpp"
#include "core/pii/remark.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestName = 2, kLongestName = 40, npos = std::string_view::npos;

// In characters.
bool is_too_long(std::string_view name) {
    constexpr size_t kMostBytes = 4;
    return name.size() > kMostBytes * kLongestName || std::count_if(name.begin(), name.end(), [](char c) {
                                                          return (c & 0xC0) != 0x80;
                                                      }) > static_cast<long>(kLongestName);
}

PairName pair_name_of(const NameClass& known, std::string_view name, const RuledNames& ruled) {
    // In a text an address has to look like one.
    const bool address = known.subject == Detector::kAddress && known.doubt() == Doubt::kNone;
    return {name, known.subject, address ? Doubt::kSome : known.doubt(), ruled ? ruled(name) : -1};
}

// "Passenger", "Auftraggeber": somebody, if the cell has the form of a name.
bool says_whose(const NameClass& known) {
    return known.has(kPerson) &&
           !known.has(kThing | kOrganisation | kQualifier | kIdentifier | kHash | kOrder | kLabel);
}

bool about_a_person(const PairName& column) {
    const Detector d = column.subject;
    return d == Detector::kEmail || d == Detector::kPhone || d == Detector::kBirthDate ||
           d == Detector::kAddress || d == Detector::kSsn || d == Detector::kNationalId ||
           d == Detector::kPan || d == Detector::kIban ||
           (d == Detector::kPersonName && column.doubt == Doubt::kNone);
}

// "Auftraggeber/Empfänger", "Name / Firma": a name of two, by the first that says something.
NameClass class_of_column(std::string_view name) {
    const NameClass whole = classify_name(name, {});
    const size_t slash = name.find('/');
    if (slash == npos || whole.subject != Detector::kNone) return whole;
    const NameClass front = classify_name(trim(name.substr(0, slash)), {});
    return front.subject != Detector::kNone || says_whose(front)
               ? front
               : classify_name(trim(name.substr(slash + 1)), {});
}

// "El. paštas", "Tel.", but not "a.b".
bool is_abbreviated(std::string_view cell) {
    for (size_t at = 0; (at = cell.find('.', at)) != npos; ++at)
        if (at + 1 < cell.size() && cell[at + 1] != ' ') return false;
    return true;
}

}  // namespace

PairName judge_pair_name(std::string_view name, const RuledNames& ruled) {
    if (name.size() < kShortestName || is_too_long(name)) return {};
    return pair_name_of(classify_name(name, {}), name, ruled);
}

std::string_view bare_label(std::string_view label) {
    constexpr std::string_view kWideColon = "\xEF\xBC\x9A", kMarks = ":-*_ \t\r\n=";
    for (size_t before = npos; before != label.size();) {
        before = label.size();
        while (!label.empty() && kMarks.find(label.back()) != npos) label.remove_suffix(1);
        if (label.ends_with(kWideColon)) label.remove_suffix(kWideColon.size());
    }
    while (!label.empty() && kMarks.find(label.front()) != npos) label.remove_prefix(1);
    return without_remark(label);
}

PairName judge_label(std::string_view label, const RuledNames& ruled) {
    label = bare_label(label);
    if (label.size() < kShortestName || is_too_long(label) || !may_name_column(label)) return {};
    const NameClass known = classify_name(label, {});
    PairName judged = pair_name_of(known, label, ruled);
    if (known.subject == Detector::kNone && known.has(kBareName)) {
        judged.subject = Detector::kPersonName;
        judged.doubt = Doubt::kMuch;
    }
    return judged;
}

bool may_name_column(std::string_view cell) {
    constexpr size_t kLongest = 128;
    constexpr long kMostBlanks = 4;
    return !cell.empty() && cell.size() <= kLongest && (is_letter(cell[0]) || cell[0] == '_') &&
           std::count(cell.begin(), cell.end(), ' ') <= kMostBlanks &&
           cell.find_first_of(":@=<>{}\"") == npos && is_abbreviated(cell);
}

std::vector<PairName> judge_columns(const std::vector<std::string_view>& names, const RuledNames& ruled) {
    std::vector<PairName> columns;
    std::vector<size_t> bare, places;
    for (const std::string_view name : names) {
        if (!may_name_column(name)) return {};
        const NameClass known = class_of_column(name);
        const bool open = known.subject == Detector::kNone;
        if (open && known.has(kBareName)) bare.push_back(columns.size());
        if (open && known.has(kPlace)) places.push_back(columns.size());
        columns.push_back({name, known.subject, open && known.has(kPlace) ? Doubt::kSome : known.doubt(),
                           ruled ? ruled(name) : -1});
        if (!open || known.has(kPlace)) continue;
        PairName& column = columns.back();
        if (says_whose(known)) column.subject = Detector::kPersonName, column.doubt = Doubt::kMuch;
    }
    if (std::any_of(columns.begin(), columns.end(), about_a_person))
        for (const size_t column : bare) columns[column].subject = Detector::kPersonName;
    const bool address = std::any_of(columns.begin(), columns.end(),
                                     [](const PairName& c) { return c.subject == Detector::kAddress; });
    if (address)
        for (const size_t column : places) columns[column].subject = Detector::kAddress;
    if (std::none_of(columns.begin(), columns.end(), [](const PairName& c) { return c.counts(); }))
        columns.clear();
    return columns;
}

bool find_label_columns(const std::vector<std::string_view>& names, LabelColumns& columns) {
    constexpr size_t kMostColumns = 8;
    columns = {npos, npos};
    if (names.size() < 2 || names.size() > kMostColumns) return false;
    for (size_t i = 0; i < names.size(); ++i) {
        if (!may_name_column(names[i])) return false;
        const NameClass known = classify_name(names[i], {});
        if (columns.label == npos && known.has(kLabel))
            columns.label = i;
        else if (columns.value == npos && known.has(kValue))
            columns.value = i;
    }
    return columns.label != npos && columns.value != npos;
}

bool begins_with_pair(std::string_view label, std::string_view value, std::string_view next_label) {
    label = bare_label(label);
    next_label = bare_label(next_label);
    const bool named =
        next_label.empty() || (may_name_column(next_label) && is_made_of_known_words(next_label));
    const bool letters = std::any_of(value.begin(), value.end(), is_letter);
    return named && may_name_column(label) && !value.empty() && !(letters && is_made_of_known_words(value));
}

}  // namespace gpsync::core::pii
