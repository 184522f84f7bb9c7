// The options of wal2json 2.6 under its own names, with its defaults and its rules: a switch without a value
// is on, an option may be given again, and the last value counts; lists add up.
#pragma once

#include "lists.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/parsenodes.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder::wal2json {

struct Options {
    int version = 1;  // which has no TRUNCATE, whatever is selected
    bool transaction = true;
    bool xids = false;
    bool timestamp = false;
    bool lsn = false;
    bool origin = false;
    bool schemas = true;
    bool types = true;
    bool type_oids = false;
    bool typmod = true;             // version 1
    bool domain_data_type = false;  // the type under a domain, instead of the domain
    bool column_positions = false;
    bool not_null = false;
    bool defaults = false;
    bool pk = false;
    bool pretty_print = false;     // version 1
    bool write_in_chunks = false;  // version 1
    bool numbers_as_strings = false;
    Selection selection{NIL, NIL, false, true, true, true, true};
    List* filtered_prefixes = NIL;  // of char *
    List* added_prefixes = NIL;
    List* filtered_origins = NIL;  // of char *: names and numbers
};

// wal2json has it no more: an error of its own.
inline constexpr std::string_view kRefusedOption = "include-unchanged-toast";

std::span<const std::string_view> option_names();

// REQUIRES: option_names() has the option; called directly under guarded(). Allocates in the current memory
// context. A bad value is an error that names the option.
void take_option(Options& options, const DefElem* option);

}  // namespace gpsync::decoder::wal2json
