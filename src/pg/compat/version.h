// The one place that knows differences between PostgreSQL major versions (15 to 18).
#pragma once

#if PG_VERSION_NUM < 150000
#error "gpsync needs PostgreSQL 15 or newer"
#endif
