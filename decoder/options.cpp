#include "options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <string>
#include <vector>

#include "core/event_message.hpp"
#include "core/nearest_name.hpp"
#include "core/position.hpp"
#include "core/version.hpp"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/varlena.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

constexpr std::array<std::string_view, 8> kOptionNames = {
    "publication_names", "format",        "pack_bytes", "skip_changes",
    "book_lines",        "relay_version", "topics",     "partition"};
// A value for each of them, for hints.
constexpr std::array<std::string_view, kOptionNames.size()> kExamples = {
    "gpsync", "wal2json", "64kB", "0000000026B7FC80-00000003", "on", "0.2.0", "audit", "1/2"};
constexpr std::array<std::string_view, 2> kOfCloudEvents = {"book_lines", "topics"};
constexpr std::array<std::string_view, 2> kFormatNames = {"cloudevents", "wal2json"};

// REQUIRES: kOptionNames holds the name.
constexpr size_t option_index(std::string_view name) {
    for (size_t i = 0; i < kOptionNames.size(); ++i)
        if (kOptionNames[i] == name) return i;
    return kOptionNames.size();
}

std::string quoted(std::string_view name) {
    return '"' + std::string(name) + '"';
}

[[noreturn]] void refuse_value(const char* option, const char* value, std::string hint) {
    throw pg::Error(pg::Sqlstate::kInvalidParameter,
                    "invalid value for option " + quoted(option) + ": " + quoted(value))
        .hint(std::move(hint));
}

// REQUIRES: the option is one of kOptionNames.
// strVal and not defGetString: only text can be given, and this cannot raise.
const char* text_of(const DefElem* option) {
    if (option->arg == nullptr || !IsA(option->arg, String))
        throw pg::Error(pg::Sqlstate::kInvalidParameter,
                        "option " + quoted(option->defname) + " needs a value")
            .hint("Give one, as in " + std::string(option->defname) + " '" +
                  std::string(kExamples[option_index(option->defname)]) + "'.");
    return strVal(option->arg);
}

int compare_texts(const ListCell* a, const ListCell* b) {
    return strcmp(static_cast<const char*>(lfirst(a)), static_cast<const char*>(lfirst(b)));
}

// A list of char * in their order, each once.
List* distinct_texts(List* texts) {
    list_sort(texts, compare_texts);
    List* distinct = NIL;
    ListCell* cell;
    foreach (cell, texts) {
        auto* text = static_cast<char*>(lfirst(cell));
        if (distinct == NIL || strcmp(static_cast<const char*>(llast(distinct)), text) != 0)
            distinct = lappend(distinct, text);
    }
    return distinct;
}

List* parse_publication_names(const DefElem* option) {
    const char* text = text_of(option);
    List* names = NIL;
    if (!SplitIdentifierString(pstrdup(text), ',', &names) || names == NIL)
        refuse_value(
            option->defname, text,
            "Give publications as in publication_names 'a, \"B\"': identifiers, separated by commas.");
    return distinct_texts(names);
}

FormatName parse_format(const DefElem* option) {
    const char* text = text_of(option);
    for (size_t i = 0; i < kFormatNames.size(); ++i)
        if (kFormatNames[i] == text) return static_cast<FormatName>(i);
    refuse_value(option->defname, text, core::unknown_name_hint(text, "formats", kFormatNames));
}

size_t parse_pack_bytes(const DefElem* option) {
    const char* text = text_of(option);
    int bytes;
    if (!parse_int(text, &bytes, GUC_UNIT_BYTE, nullptr) || bytes < 0 || bytes > kMaxPackBytes)
        refuse_value(
            option->defname, text,
            "Give a number of bytes (units as in '64kB' are understood) from 0, one event a message, to " +
                std::to_string(kMaxPackBytes) + '.');
    return static_cast<size_t>(bytes);
}

// Nothing that a consumer skips is shown to it, so this widens nothing.
List* parse_skip_changes(const DefElem* option) {
    std::string_view text = text_of(option);
    List* skipped = NIL;
    while (!text.empty()) {
        const std::string_view sequence = text.substr(0, text.find(','));
        text.remove_prefix(std::min(sequence.size() + 1, text.size()));
        const auto position = core::parse_sequence(sequence);
        if (!position)
            refuse_value(option->defname, text_of(option),
                         "Give the sequences of events, as in skip_changes '0000000026B7FC80-00000003', "
                         "separated by commas.");
        auto* change = static_cast<SkippedChange*>(palloc(sizeof(SkippedChange)));
        *change = {position->commit_lsn, position->ordinal};
        skipped = lappend(skipped, change);
    }
    return skipped;
}

// What emit() and the checks of statuses write is scrubbed already, so this widens nothing either.
List* parse_topics(const DefElem* option) {
    std::string_view text = text_of(option);
    List* topics = NIL;
    while (!text.empty()) {
        const std::string_view topic = text.substr(0, text.find(','));
        text.remove_prefix(std::min(topic.size() + 1, text.size()));
        if (!core::is_topic(topic))
            refuse_value(
                option->defname, text_of(option),
                "Give topics as in topics 'audit,odi': lower-case letters, digits and . _ -, separated "
                "by commas.");
        topics = lappend(topics, pnstrdup(topic.data(), topic.size()));
    }
    return topics;
}

// '2/4': the second of four.
StreamPartition parse_partition(const DefElem* option) {
    const std::string_view text = text_of(option);
    StreamPartition partition{0, 0};
    const char* end = text.data() + text.size();
    const auto number = std::from_chars(text.data(), end, partition.number);
    if (number.ec == std::errc{} && number.ptr != end && *number.ptr == '/') {
        const auto count = std::from_chars(number.ptr + 1, end, partition.count);
        if (count.ec == std::errc{} && count.ptr == end && partition.count <= kMostPartitions &&
            partition.number >= 1 && partition.number <= partition.count)
            return partition;
    }
    refuse_value(option->defname, text_of(option),
                 "Give number and count of the partitions, as in partition '1/2'; there are at most " +
                     std::to_string(kMostPartitions) + '.');
}

bool parse_book_lines(const DefElem* option) {
    const char* text = text_of(option);
    bool on;
    if (!parse_bool(text, &on)) refuse_value(option->defname, text, "Give on or off.");
    return on;
}

// A relay says which version it is of: what stands before an event (book_lines) is a matter between the two.
void require_fitting_relay(const DefElem* option) {
    const std::string version = text_of(option);
    if (core::compare_versions(core::kVersion, version) == core::VersionFit::kFits) return;
    throw pg::Error(pg::Sqlstate::kNotInPrerequisiteState, "gpsync_decoder " + std::string(core::kVersion) +
                                                               " and gpsync-relay " + version +
                                                               " do not fit together")
        .hint("Install both from one version of gpsync.");
}

bool is_option_of_wal2json(std::string_view name) {
    return std::ranges::count(wal2json::option_names(), name) > 0;
}

// The hint names what this format takes.
[[noreturn]] void refuse_option(std::string_view name, FormatName format) {
    std::vector<std::string_view> names(kOptionNames.begin(), kOptionNames.end());
    if (format == FormatName::kWal2Json) {
        std::erase_if(names, [](std::string_view n) { return std::ranges::count(kOfCloudEvents, n) > 0; });
        std::ranges::copy_if(wal2json::option_names(), std::back_inserter(names),
                             [](std::string_view n) { return n != wal2json::kRefusedOption; });
    }
    throw pg::Error(pg::Sqlstate::kInvalidParameter, "unrecognized option " + quoted(name))
        .hint(core::unknown_name_hint(name, "options", names));
}

[[noreturn]] void refuse_format(std::string_view option, std::string_view format) {
    throw pg::Error(pg::Sqlstate::kInvalidParameter,
                    "option " + quoted(option) + " needs format " + quoted(format))
        .hint("Leave it out, or give option \"format\" the value " + quoted(format) + '.');
}

// Of an option that is not ours: it is wal2json's, or an error.
void take_other_option(Options& options, const DefElem* option) {
    if (!is_option_of_wal2json(option->defname)) refuse_option(option->defname, options.format);
    if (options.format != FormatName::kWal2Json) refuse_format(option->defname, "wal2json");
    wal2json::take_option(options.wal2json, option);
}

void take_option(Options& options, bool (&seen)[kOptionNames.size()], const DefElem* option) {
    const size_t index = option_index(option->defname);
    if (index == kOptionNames.size()) return;
    if (seen[index])
        throw pg::Error(pg::Sqlstate::kInvalidParameter,
                        "option " + quoted(option->defname) + " is given more than once")
            .hint("Give it once. An option that takes several items has commas between them.");
    seen[index] = true;
    switch (index) {
        case option_index("publication_names"):
            options.publication_names = parse_publication_names(option);
            break;
        case option_index("format"):
            options.format = parse_format(option);
            break;
        case option_index("book_lines"):
            options.book_lines = parse_book_lines(option);
            break;
        case option_index("relay_version"):
            require_fitting_relay(option);
            break;
        case option_index("topics"):
            options.topics = parse_topics(option);
            break;
        case option_index("partition"):
            options.partition = parse_partition(option);
            break;
        case option_index("pack_bytes"):
            options.pack_bytes = parse_pack_bytes(option);
            break;
        default:
            options.skipped = parse_skip_changes(option);
            break;
    }
}

}  // namespace

Options parse_options(List* given) {
    Options options{NIL, FormatName::kCloudEvents, 0, NIL, false, NIL, {}, {}};
    bool seen[kOptionNames.size()] = {};
    ListCell* cell;
    foreach (cell, given) take_option(options, seen, lfirst_node(DefElem, cell));
    // What format they are of is known now.
    foreach (cell, given) {
        const auto* option = lfirst_node(DefElem, cell);
        if (option_index(option->defname) == kOptionNames.size()) take_other_option(options, option);
    }
    if (options.wal2json.version == 1) options.wal2json.selection.truncates = false;
    const bool is_cloudevents = options.format == FormatName::kCloudEvents;
    if (options.book_lines && !is_cloudevents) refuse_format("book_lines", "cloudevents");
    if (options.topics != NIL && !is_cloudevents) refuse_format("topics", "cloudevents");
    // A consumer of topics alone names no publication, nor does one of wal2json's format.
    if (options.publication_names == NIL && options.topics == NIL && is_cloudevents)
        options.publication_names = list_make1(pstrdup("gpsync"));
    return options;
}

}  // namespace gpsync::decoder
