#include "options.h"

#include <algorithm>
#include <array>

#include "core/nearest_name.hpp"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/guc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder::wal2json {

namespace {

constexpr int kNewestVersion = 2;

struct Switch {
    std::string_view name;
    bool Options::*on;
};
constexpr Switch kSwitches[] = {
    {"include-transaction", &Options::transaction},
    {"include-xids", &Options::xids},
    {"include-timestamp", &Options::timestamp},
    {"include-lsn", &Options::lsn},
    {"include-origin", &Options::origin},
    {"include-schemas", &Options::schemas},
    {"include-types", &Options::types},
    {"include-type-oids", &Options::type_oids},
    {"include-typmod", &Options::typmod},
    {"include-domain-data-type", &Options::domain_data_type},
    {"include-column-positions", &Options::column_positions},
    {"include-not-null", &Options::not_null},
    {"include-default", &Options::defaults},
    {"include-pk", &Options::pk},
    {"pretty-print", &Options::pretty_print},
    {"write-in-chunks", &Options::write_in_chunks},
    {"numeric-data-types-as-string", &Options::numbers_as_strings},
};

struct Action {
    std::string_view name;
    bool Selection::*on;
};
constexpr Action kActions[] = {{"insert", &Selection::inserts},
                               {"update", &Selection::updates},
                               {"delete", &Selection::deletes},
                               {"truncate", &Selection::truncates}};

constexpr std::string_view kOthers[] = {
    "format-version",      "actions",          "filter-tables",  "add-tables",
    "filter-msg-prefixes", "add-msg-prefixes", "filter-origins", kRefusedOption};

constexpr auto kNames = [] {
    std::array<std::string_view, std::size(kSwitches) + std::size(kOthers)> names;
    size_t count = 0;
    for (const Switch& it : kSwitches) names[count++] = it.name;
    for (const std::string_view name : kOthers) names[count++] = name;
    return names;
}();

constexpr std::string_view kListHint =
    "Separate items with commas, and put a backslash before a space, a comma, a period, an asterisk or a "
    "backslash that is part of a name.";

std::string quoted(std::string_view name) {
    return '"' + std::string(name) + '"';
}

[[noreturn]] void refuse_value(const DefElem* option, std::string_view value, std::string hint) {
    throw pg::Error(pg::Sqlstate::kInvalidParameter,
                    "invalid value for option " + quoted(option->defname) + ": " + quoted(value))
        .hint(std::move(hint));
}

// Null: the option has no value.
const char* text_of(const DefElem* option) {
    return option->arg == nullptr ? nullptr : strVal(option->arg);
}

bool take_switch(Options& options, const DefElem* option) {
    const auto* found = std::ranges::find(kSwitches, std::string_view(option->defname), &Switch::name);
    if (found == std::end(kSwitches)) return false;
    const char* text = text_of(option);
    bool on = true;
    if (text != nullptr && !parse_bool(text, &on)) refuse_value(option, text, "Give true or false.");
    options.*found->on = on;
    return true;
}

int parse_version(const DefElem* option) {
    const char* text = text_of(option);
    int version = kNewestVersion;
    if (text != nullptr &&
        (!parse_int(text, &version, 0, nullptr) || version < 1 || version > kNewestVersion))
        refuse_value(option, text, "The format versions are 1 and 2.");
    return version;
}

void take_actions(Selection& selection, const DefElem* option) {
    const char* text = text_of(option);
    if (text == nullptr) return;
    List* names = NIL;
    if (!parse_items(text, EmptyItems::kRefused, &names)) refuse_value(option, text, std::string(kListHint));
    for (const Action& action : kActions) selection.*action.on = false;
    ListCell* cell;
    foreach (cell, names) {
        const std::string_view name = static_cast<const char*>(lfirst(cell));
        const auto* found = std::ranges::find(kActions, name, &Action::name);
        if (found == std::end(kActions)) {
            std::array<std::string_view, std::size(kActions)> valid;
            std::ranges::transform(kActions, valid.begin(), &Action::name);
            refuse_value(option, name, core::unknown_name_hint(name, "actions", valid));
        }
        selection.*found->on = true;
    }
}

// Without a value, what the option held before is gone.
template <class Parse>
void take_list(List** list, const DefElem* option, std::string_view hint, Parse parse) {
    const char* text = text_of(option);
    if (text == nullptr)
        *list = NIL;
    else if (!parse(text, list))
        refuse_value(option, text, std::string(hint));
}

void take_tables(List** list, const DefElem* option) {
    take_list(
        list, option,
        "Give tables as in 'public.orders, audit.*, *.log'. A backslash goes before a space, a comma, a "
        "period, an asterisk or a backslash that is part of a name.",
        [](const char* text, List** tables) { return parse_tables(text, tables); });
}

void take_texts(List** list, const DefElem* option, EmptyItems empty) {
    take_list(list, option, kListHint,
              [=](const char* text, List** items) { return parse_items(text, empty, items); });
}

}  // namespace

std::span<const std::string_view> option_names() {
    return kNames;
}

void take_option(Options& options, const DefElem* option) {
    const std::string_view name = option->defname;
    if (take_switch(options, option)) return;
    if (name == "format-version") {
        options.version = parse_version(option);
    } else if (name == "actions") {
        take_actions(options.selection, option);
    } else if (name == "filter-tables") {
        take_tables(&options.selection.filtered, option);
    } else if (name == "add-tables") {
        options.selection.adds = true;
        options.selection.added = NIL;
        take_tables(&options.selection.added, option);
    } else if (name == "filter-msg-prefixes") {
        take_texts(&options.filtered_prefixes, option, EmptyItems::kRefused);
    } else if (name == "add-msg-prefixes") {
        take_texts(&options.added_prefixes, option, EmptyItems::kRefused);
    } else if (name == "filter-origins") {
        take_texts(&options.filtered_origins, option, EmptyItems::kSkipped);
    } else {
        throw pg::Error(pg::Sqlstate::kInvalidParameter, "option " + quoted(name) + " is no longer supported")
            .detail(
                "wal2json refuses it too. A TOASTed value that an UPDATE did not change is not in the WAL.")
            .hint("Leave the option out.");
    }
}

}  // namespace gpsync::decoder::wal2json
