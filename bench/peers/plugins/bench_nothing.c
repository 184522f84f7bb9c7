/* An output plugin that sends nothing: what the server needs to read the WAL, sort its changes and call a plugin. */
#include "postgres.h"

#include "fmgr.h"
#include "replication/logical.h"
#include "replication/output_plugin.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_output_plugin_init(OutputPluginCallbacks *callbacks);

static void
start_up(LogicalDecodingContext *context, OutputPluginOptions *options, bool creating_slot)
{
    options->output_type = OUTPUT_PLUGIN_TEXTUAL_OUTPUT;
}

static void
begin(LogicalDecodingContext *context, ReorderBufferTXN *txn)
{
}

static void
change(LogicalDecodingContext *context, ReorderBufferTXN *txn, Relation relation, ReorderBufferChange *change)
{
}

static void
commit(LogicalDecodingContext *context, ReorderBufferTXN *txn, XLogRecPtr commit_lsn)
{
}

void
_PG_output_plugin_init(OutputPluginCallbacks *callbacks)
{
    callbacks->startup_cb = start_up;
    callbacks->begin_cb = begin;
    callbacks->change_cb = change;
    callbacks->commit_cb = commit;
}
