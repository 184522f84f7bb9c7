// The message that comes first in an import's transaction when some endpoints, not all, are to get its rows:
// a transactional logical message of this prefix. Its content is the revision that the rows of the import's
// chunk have, a blank, and a JSON array with the names of those endpoints: 649591937 ["ods"]
//
// Anybody may write such a message (pg_logical_emit_message()). So it counts only for rows of its transaction
// that have its revision, and only if that is of an import: 1 modulo 8, and not beyond the message's own LSN.
// No trigger ever stamps a row with such a revision: stamps are multiples of 8 (revision_after()).
#pragma once

#include "pg/prelude.h"

namespace gpsync::pg {

inline constexpr char kEchoMessagePrefix[] = "gpsync.echo";
// A longer message is ignored: 64 endpoints with names of 63 bytes need less.
inline constexpr size_t kMostEchoBytes = 64 * 1024;

// Whether rows that a chunk of an import has written may have that revision, once the WAL has reached lsn.
inline bool is_import_revision(int64 revision, uint64 lsn) {
    return revision > 0 && revision % 8 == 1 && static_cast<uint64>(revision - 1) <= lsn;
}

}  // namespace gpsync::pg
