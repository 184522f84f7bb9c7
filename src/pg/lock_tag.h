// Advisory locks of gpsync: of classes (objsubid) that SQL's advisory lock functions cannot take, so that
// pg_locks shows them and no other user of the database can take them.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

enum class LockClass : uint16 {
    kStream = 3,    // who delivers a stream
    kRow = 4,       // a row that sync_row_now() waits for
    kJob = 5,       // a job that somebody runs
    kStep = 6,      // writers of two tables that are kept in step
    kOpsEvent = 7,  // who sums up and sends operational events of a name and subject
    kWork = 8,      // what one transaction at a time does, or several that share it
};

// SQL's hashtextextended(name, 0) is the key, in the class.
inline LOCKTAG lock_tag(LockClass lock_class, std::string_view name) {
    const uint64 key = hash_bytes_extended(reinterpret_cast<const unsigned char*>(name.data()),
                                           static_cast<int>(name.size()), 0);
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, static_cast<uint32>(key >> 32), static_cast<uint32>(key),
                         static_cast<uint16>(lock_class));
    return tag;
}

}  // namespace gpsync::pg
