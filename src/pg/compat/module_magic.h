// What a library says of itself to the server that loads it.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "fmgr.h"
GPSYNC_SERVER_HEADERS_END

// From 18 on a library has a name and a version, which pg_get_loaded_modules() shows.
#if PG_VERSION_NUM >= 180000
#define GPSYNC_MODULE_MAGIC(module_name) PG_MODULE_MAGIC_EXT(.name = module_name, .version = GPSYNC_VERSION)
#else
#define GPSYNC_MODULE_MAGIC(module_name) PG_MODULE_MAGIC
#endif
