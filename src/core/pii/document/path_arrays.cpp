// What arrays say of their elements: tables, pairs and numbers in groups (see array_preview.hpp).
#include <algorithm>

#include "core/pii/detect/plain_text.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/document/path_context.hpp"
#include "core/pii/mapped_text.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kLongestName = 80;

// Names, as name_words.hpp folds them, of members that list the names of columns.
constexpr std::string_view kHeaderNames[] = {
    "argnames",     "attributes",  "col",       "colnames",   "cols",       "columnheaders",
    "columnlabels", "columnnames", "columns",   "fieldnames", "fields",     "head",
    "header",       "headernames", "headerrow", "headers",    "headings",   "keynames",
    "keys",         "labels",      "meta",      "names",      "paramnames", "params",
    "properties",   "rowtype",     "schema",    "thead",      "titles"};

// Objects that have such a list: BigQuery, Snowflake, Databricks.
constexpr std::string_view kHolderNames[] = {"definition", "manifest",          "meta",   "metadata",
                                             "resultset",  "resultsetmetadata", "schema", "structure"};
// Lists of values beside one: wal2json, CDC, ODBC bridges.
constexpr std::string_view kValueListNames[] = {
    "args",      "arguments", "argvalues", "cells",       "columnvalues", "data",        "fieldvalues",
    "keyvalues", "newvalues", "oldvalues", "paramvalues", "rawheaders",   "rawtrailers", "record",
    "row",       "rowdata",   "rowvalues", "vals",        "values"};

constexpr size_t kLongestListName = 24;

template <size_t N>
bool is_listed(std::string_view name, const std::string_view (&list)[N]) {
    return name.size() <= kLongestListName &&
           std::binary_search(std::begin(list), std::end(list), normalized_name(name));
}

// The whole of a text is one, or kNone.
Detector number_of_card_or_person(std::string_view text, const ScanContext& context) {
    Scanner scanner;
    std::vector<Finding> findings;
    scanner.scan(text, context, findings);
    if (findings.size() != 1 || findings[0].begin != 0 || findings[0].end != text.size())
        return Detector::kNone;
    const Detector found = findings[0].detector;
    return found == Detector::kPan || found == Detector::kSsn || found == Detector::kItin ? found
                                                                                          : Detector::kNone;
}

// Digits in groups as people write cards and SSNs; what they are, or kNone.
Detector number_in_groups(const std::vector<std::string>& groups) {
    constexpr size_t kShortestGroup = 2, kLongestGroup = 6;
    std::string text;
    for (const std::string& group : groups) {
        const bool digits = std::all_of(group.begin(), group.end(), is_digit);
        if (!digits || group.size() < kShortestGroup || group.size() > kLongestGroup) return Detector::kNone;
        if (!text.empty()) text += '-';
        text += group;
    }
    return number_of_card_or_person(text, {});
}

bool are_digits(const std::vector<std::string>& texts) {
    return std::all_of(texts.begin(), texts.end(),
                       [](const std::string& text) { return text.size() == 1 && is_digit(text[0]); });
}

// "cvv": ["1", "2", "3"], "cardNumber": [4, 1, 1, …]: what they are, or kNone. named: by the array's name.
Detector number_in_digits(const std::vector<std::string>& digits, Detector named) {
    if (info(named).only_remove || named == Detector::kPassword) return named;
    std::string text;
    for (const std::string& digit : digits) text += digit;
    ScanContext context;
    context.named = DetectorSet(named);
    return number_of_card_or_person(text, context);
}

// In any script: without digits and "@" a text has nothing of PII's own form.
bool is_of_letters(std::string_view text) {
    MappedText folded;
    if (fold_unicode(text, {}, folded)) text = folded.text;
    return std::none_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '@'; });
}

}  // namespace

bool PathContext::holds_header(std::string_view name) noexcept {
    return is_listed(name, kHolderNames);
}

bool PathContext::lists_values(std::string_view name) {
    return is_listed(name, kValueListNames);
}

bool PathContext::lists_names(std::string_view name) {
    return is_listed(name, kHeaderNames);
}

// The first one that names PII counts.
bool PathContext::begin_header(std::string_view name) {
    Frame& frame = frames_.back();
    if (!lists_names(name)) return false;
    if (names_pii(frame.columns_begin, frame.columns)) return false;
    drop_header();
    return true;
}

void PathContext::drop_header() {
    Frame& frame = frames_.back();
    columns_.resize(frame.columns_end);
    frame.columns_begin = frame.columns_end;
    frame.columns = 0;
}

void PathContext::header_column() {
    Frame& frame = frames_.back();
    columns_.emplace_back();
    ++frame.columns;
}

// A column may say several things of itself: the first that makes its cells PII counts.
void PathContext::header_text(std::string_view text) {
    if (!may_be_name(text)) return;
    NameInfo& column = columns_.back();
    if (says_something(column)) return;
    column = look_up(text);
}

void PathContext::headers_end() {
    frames_.back().headers_read = true;
}

bool PathContext::is_given_in_digits(Detector subject) {
    switch (subject) {
        case Detector::kNone:
            return false;
        case Detector::kPan:
        case Detector::kDevicePan:
        case Detector::kSsn:
        case Detector::kItin:
        case Detector::kPassword:
            return true;
        default:
            return info(subject).only_remove;
    }
}

// What stays as it is: a name in which PII is found says something else once that is gone.
bool PathContext::may_be_name(std::string_view text) {
    return !text.empty() && text.size() <= kLongestName && like_a_label(text) && !may_be_replacement(text) &&
           (!may_hold_pii(text) || is_plain_text(text) || is_of_letters(text));
}

bool PathContext::says_something(const NameInfo& info) {
    return info.field.is_header() || info.name_class.subject != Detector::kNone || info.custom >= 0 ||
           info.name_class.has(kBareName | kPlace) || info.name_class.may_name_person ||
           may_be_a_person(info.name_class);
}

bool PathContext::names_pii(uint32_t begin, uint32_t count) const {
    return std::any_of(columns_.begin() + begin, columns_.begin() + begin + count, says_something);
}

void PathContext::take_preview() {
    coming_ = {};
    coming_.columns_end = static_cast<uint32_t>(columns_.size());
    const Frame& frame = frames_.back();
    if (frame.table) return;
    const std::vector<std::string>& texts = preview_.texts();
    if (!preview_.table() && !preview_.may_be_row() && take_property(texts)) return;
    if (!preview_.table() && !preview_.may_be_row() && texts.size() > ArrayPreview::kPair) {
        const Detector named = named_subject(frame);
        if (is_given_in_digits(named) && are_digits(texts))
            coming_.groups = number_in_digits(texts, named);
        else if (texts.size() <= ArrayPreview::kMostGroups)
            coming_.groups = number_in_groups(texts);
        return;
    }
    // What is PII by its place is so in any layout, also when the names in it have gone.
    const bool inherited = frame.subject != Detector::kNone && (frame.array || inherits(frame.member));
    const bool labelled = frame.label != Detector::kNone && frame.member.has(kValue);
    if (inherited || labelled || frame.member.subject != Detector::kNone) return;
    if (preview_.table())
        take_table(frame);
    else if (preview_.may_be_row())
        take_row(frame);
    else
        take_pair(frame);
}

// ["n", {}, "text", ["Lee", "Ann"]]: what is behind the type is the property's.
bool PathContext::take_property(const std::vector<std::string>& texts) {
    constexpr std::string_view kTypes[] = {
        "text", "uri", "date", "date-time", "date-and-or-time", "time", "timestamp", "language-tag"};
    if (texts.size() <= ArrayPreview::kValues || !texts[ArrayPreview::kParameters].empty() ||
        !ArrayPreview::is_property(texts[0]) || !is_one_of(texts[ArrayPreview::kType], kTypes))
        return false;
    std::string_view name = texts[0];
    if (name == "n") name = "fullname";
    if (name == "adr") name = "address";
    const NameInfo info = look_up(name);
    coming_.columns_begin = coming_.columns_end;
    coming_.columns = static_cast<uint32_t>(texts.size());
    for (size_t i = 0; i < texts.size(); ++i)
        columns_.push_back(i < ArrayPreview::kValues ? NameInfo() : info);
    coming_.row = true;
    return true;
}

// As many values as the list beside it has names.
void PathContext::take_row(const Frame& object) {
    if (object.columns == 0 && take_flat_pairs()) return;
    if (preview_.texts().size() != object.columns || !names_pii(object.columns_begin, object.columns)) return;
    coming_.row = true;
    coming_.columns_begin = object.columns_begin;
    coming_.columns = object.columns;
}

// Names and values in turn, as Node.js lists the headers of a request.
bool PathContext::take_flat_pairs() {
    const std::vector<std::string>& texts = preview_.texts();
    if (texts.empty() || texts.size() % 2 != 0) return false;
    for (size_t i = 0; i < texts.size(); i += 2)
        if (!may_be_name(texts[i]) || (names_something(texts[i]) && names_something(texts[i + 1])))
            return false;
    const auto begin = static_cast<uint32_t>(columns_.size());
    for (size_t i = 0; i < texts.size(); i += 2) {
        columns_.emplace_back();
        const NameInfo info = look_up(texts[i]);
        columns_.push_back(info);
    }
    const auto count = static_cast<uint32_t>(texts.size());
    coming_.row = names_pii(begin, count);
    if (!coming_.row) return columns_.resize(begin), false;
    coming_.columns_begin = begin;
    coming_.columns = count;
    return true;
}

// The names stand beside the table or in its first row.
void PathContext::take_table(const Frame& object) {
    if (!object.array && names_pii(object.columns_begin, object.columns)) {
        coming_.table = true;
        coming_.columns_begin = object.columns_begin;
        coming_.columns = object.columns;
        return;
    }
    const std::vector<std::string>& row = preview_.texts();
    if (row.empty() || !std::all_of(row.begin(), row.end(), may_be_name) || is_pair(row)) return;
    coming_.columns_begin = coming_.columns_end;
    for (const std::string& name : row) {
        const NameInfo info = look_up(name);
        columns_.push_back(info);
    }
    coming_.columns = static_cast<uint32_t>(row.size());
    coming_.table = coming_.header_row = names_pii(coming_.columns_begin, coming_.columns);
    if (!coming_.table) columns_.resize(coming_.columns_end);
}

// A name of PII and something that is none: two names are a list of names. "Maria do Nascimento" ends in a
// name of PII, and is none.
bool PathContext::is_pair(const std::vector<std::string>& texts) {
    return texts.size() == ArrayPreview::kPair && names_something(texts[0]) &&
           !(names_something(texts[1]) && is_made_of_known_words(texts[1]));
}

bool PathContext::names_something(const std::string& text) {
    if (!may_be_name(text)) return false;
    const NameInfo& info = look_up(text);
    return info.name_class.subject != Detector::kNone || info.custom >= 0 || info.field.is_header();
}

// Pairs stand in lists of pairs; by itself an array of two is a list like any other.
void PathContext::take_pair(const Frame& list) {
    const std::vector<std::string>& texts = preview_.texts();
    if (!list.array && is_code_behind_name(texts)) return;
    if (!list.array) return;
    const bool pair = is_pair(texts);
    if (!pair && !is_bare_pair(texts)) return;
    NameInfo info = look_up(texts[0]);
    if (pair)
        frames_.back().beside_elements |= beside_of(info.name_class);
    else
        info.name_class.subject = Detector::kPersonName;
    coming_.columns_begin = coming_.columns_end;
    columns_.emplace_back();
    columns_.push_back(info);
    coming_.columns = ArrayPreview::kPair;
    coming_.row = true;
}

// [["Surname", "Lee"], ["Name", "Ann"]]: a bare name behind a pair that only a person's record has.
bool PathContext::is_bare_pair(const std::vector<std::string>& texts) {
    if (texts.size() != ArrayPreview::kPair || (frames_.back().beside_elements & kBesideName) == 0 ||
        !may_be_name(texts[0]) || is_made_of_known_words(texts[1]))
        return false;
    return look_up(texts[0]).name_class.has(kBareName);
}

// ["cvv", "123"], ["pin", "4821"], ["cvc", 123]: what is verification data in any pair.
bool PathContext::is_code_behind_name(const std::vector<std::string>& texts) {
    constexpr size_t kShortest = 3, kLongest = 8;
    if (texts.size() != ArrayPreview::kPair) return false;
    // First what does not ask for the name: most arrays of two are no such pair. Of a number there is no
    // text.
    const std::string& code = texts[1];
    const bool digits = code.size() >= kShortest && code.size() <= kLongest &&
                        std::all_of(code.begin(), code.end(), is_digit);
    if ((!digits && !code.empty()) || !may_be_name(texts[0])) return false;
    const NameInfo info = look_up(texts[0]);
    const Detector named = info.name_class.subject;
    if ((named != Detector::kCvv && named != Detector::kPin) || info.name_class.has(kAmbiguous)) return false;
    if (!digits) return coming_.code = named == Detector::kCvv;
    coming_.columns_begin = coming_.columns_end;
    columns_.emplace_back();
    columns_.push_back(info);
    coming_.columns = ArrayPreview::kPair;
    return coming_.row = true;
}

// Of the array that has just been entered, the last of frames_.
void PathContext::enter_with_preview(Frame& frame, const Frame& from) {
    if (coming_.says_something()) {
        frame.columns_end = coming_.columns_end;
        frame.table = coming_.table;
        frame.row = coming_.row;
        frame.header_row = coming_.header_row;
        frame.groups = coming_.groups;
        if (coming_.code) frame.next_behind_card = BehindCard::kExpiry;
        frame.columns_begin = coming_.columns_begin;
        frame.columns = coming_.columns;
    }
    if (from.table && !(from.header_row && from.index == 1)) {
        frame.table = false;
        frame.row = true;
        frame.columns_begin = from.columns_begin;
        frame.columns = from.columns;
    }
    if (frame.row) frame.person |= from.table && from.member.has(kPerson);
    if (frame.row)
        for (uint32_t i = 0; i < frame.columns; ++i)
            frame.beside |= beside_of(columns_[frame.columns_begin + i].name_class);
    coming_ = {};
}

// The cell that comes next is as a member with the name of its column; without such a name it is an element
// as any.
void PathContext::take_column(Frame& frame) {
    const NameInfo* column =
        frame.index < frame.columns ? &columns_[frame.columns_begin + frame.index] : nullptr;
    frame.member = column != nullptr && says_something(*column) ? column->name_class : object_class();
    frame.custom = column != nullptr ? column->custom : -1;
    frame.field = column != nullptr && column->field.is_header() ? column->field : PaymentField();
    frame.depends =
        frame.member.subject == Detector::kNone && frame.member.has(kPlace | kBareName | kNamePart);
    update();
}

}  // namespace gpsync::core::pii
