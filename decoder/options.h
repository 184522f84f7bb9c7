// The plugin's options, as START_REPLICATION and pg_logical_slot_get_changes give them.
#pragma once

#include "pg/prelude.h"

#include "wal2json/options.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/pg_list.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

enum class FormatName : uint8_t { kCloudEvents, kWal2Json };

// Larger messages gain nothing, and the reader has to hold one in memory.
inline constexpr int kMaxPackBytes = 64 * 1024 * 1024;

// Of several streams of the same tables: the rows of some keys. count 0: of all keys.
struct StreamPartition {
    uint32_t number;  // from 1
    uint32_t count;
};
inline constexpr uint32_t kMostPartitions = 64;

struct Options {
    List* publication_names;  // of char *; NIL: none, or in format wal2json all tables
    FormatName format;
    size_t pack_bytes;  // 0: one event a message
    List* skipped;      // of SkippedChange *
    bool book_lines;    // each event is led by what relay_book() wants to know of its row
    List* topics;       // of char *: whose events are streamed
    StreamPartition partition;
    wal2json::Options wal2json;
};

// A change that is left out, by its position in the stream.
struct SkippedChange {
    uint64_t commit_lsn;
    uint32_t ordinal;
};

// REQUIRES: called directly under guarded(). Allocates in the current memory context. An unknown or repeated
// option and a bad value are errors that name the option.
Options parse_options(List* given);

}  // namespace gpsync::decoder
