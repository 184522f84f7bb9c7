// The columns by which a row says whether it is synchronised. attach() adds them, the triggers stamp them,
// bookkeeping marks them, the stream leaves them out of data.row.
#pragma once

#include "pg/prelude.h"

namespace gpsync::pg {

inline constexpr const char* kSyncStatusColumn = "sync_status";
inline constexpr const char* kSyncTimeColumn = "last_sync_timestamp";
inline constexpr const char* kSyncRevisionColumn = "sync_revision";  // of type bigint

inline bool is_sync_column(const char* name) {
    for (const char* column : {kSyncStatusColumn, kSyncTimeColumn, kSyncRevisionColumn})
        if (std::strcmp(name, column) == 0) return true;
    return false;
}

}  // namespace gpsync::pg
