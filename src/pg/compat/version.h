// The PostgreSQL major versions that gpsync is for (15 to 18). The headers of this folder are the only ones
// that know what differs between them.
#pragma once

#if PG_VERSION_NUM < 150000
#error "gpsync needs PostgreSQL 15 or newer"
#endif

#if PG_VERSION_NUM >= 160000
// The headers of variable-length values, which postgres.h had before.
GPSYNC_SERVER_HEADERS_BEGIN
#include "varatt.h"
GPSYNC_SERVER_HEADERS_END
#endif
