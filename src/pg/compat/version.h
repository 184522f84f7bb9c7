// The PostgreSQL major versions that gpsync is for (15 to 18). The headers of this folder are the only ones
// that knows what differs between them.
#pragma once

#if PG_VERSION_NUM < 150000
#error "gpsync needs PostgreSQL 15 or newer"
#endif
