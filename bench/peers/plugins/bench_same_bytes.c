/*
 * An output plugin that sends as many bytes as gpsync does, in messages of the same size, and formats nothing: what
 * remains when a row costs no time to write. Options: event_bytes, of each change; pack_bytes, as gpsync has it.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/parsenodes.h"
#include "replication/logical.h"
#include "replication/output_plugin.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_output_plugin_init(OutputPluginCallbacks *callbacks);

typedef struct
{
    int event_bytes;
    int pack_bytes;
    int waiting; /* bytes of the message that is being filled */
    char *bytes; /* a full message and one more event: what every message is cut from */
} Sender;

static void
start_up(LogicalDecodingContext *context, OutputPluginOptions *options, bool creating_slot)
{
    Sender *sender = palloc0(sizeof(Sender));
    ListCell *cell;

    options->output_type = OUTPUT_PLUGIN_TEXTUAL_OUTPUT;
    foreach (cell, context->output_plugin_options)
    {
        DefElem *option = lfirst(cell);
        int value = pg_strtoint32(strVal(option->arg));

        if (strcmp(option->defname, "event_bytes") == 0)
            sender->event_bytes = value;
        else
            sender->pack_bytes = value;
    }
    sender->bytes = palloc(sender->pack_bytes + sender->event_bytes);
    memset(sender->bytes, 'x', sender->pack_bytes + sender->event_bytes);
    context->output_plugin_private = sender;
}

static void
send_waiting(LogicalDecodingContext *context, Sender *sender)
{
    if (sender->waiting == 0)
        return;
    OutputPluginPrepareWrite(context, true);
    appendBinaryStringInfo(context->out, sender->bytes, sender->waiting);
    OutputPluginWrite(context, true);
    sender->waiting = 0;
}

static void
begin(LogicalDecodingContext *context, ReorderBufferTXN *txn)
{
}

static void
change(LogicalDecodingContext *context, ReorderBufferTXN *txn, Relation relation, ReorderBufferChange *change)
{
    Sender *sender = context->output_plugin_private;

    if (sender->waiting + sender->event_bytes > sender->pack_bytes)
        send_waiting(context, sender);
    sender->waiting += sender->event_bytes;
}

static void
commit(LogicalDecodingContext *context, ReorderBufferTXN *txn, XLogRecPtr commit_lsn)
{
    send_waiting(context, context->output_plugin_private);
}

void
_PG_output_plugin_init(OutputPluginCallbacks *callbacks)
{
    callbacks->startup_cb = start_up;
    callbacks->begin_cb = begin;
    callbacks->change_cb = change;
    callbacks->commit_cb = commit;
}
