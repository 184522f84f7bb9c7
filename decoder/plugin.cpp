// gpsync_decoder.so: the output plugin's entry point.
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/output_plugin.h"
GPSYNC_SERVER_HEADERS_END

extern "C" {
PG_MODULE_MAGIC;
PGDLLEXPORT void _PG_output_plugin_init(OutputPluginCallbacks* callbacks);
}

void _PG_output_plugin_init(OutputPluginCallbacks* callbacks) {
    (void)callbacks;
}
