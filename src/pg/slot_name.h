// gpsync_<database oid>_<stream>: the name of a stream's slot and of its replication origin. In SQL it is
// gpsync_internal.slot_name().
#pragma once

#include "pg/prelude.h"

namespace gpsync::pg {

// What the names of this database's streams begin with. REQUIRES: a connection to a database.
inline NameData slot_name_prefix() {
    NameData prefix = {};
    snprintf(NameStr(prefix), NAMEDATALEN, "gpsync_%u_", MyDatabaseId);
    return prefix;
}

// A name that does not fit is cut off: no stream of such a name can have been made.
inline NameData slot_name(std::string_view stream) {
    NameData name = {};
    snprintf(NameStr(name), NAMEDATALEN, "gpsync_%u_%.*s", MyDatabaseId, static_cast<int>(stream.size()),
             stream.data());
    return name;
}

}  // namespace gpsync::pg
