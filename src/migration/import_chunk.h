// One chunk of an import, inside one transaction: rows are read from the source in the order of its key, and
// written into the attached table, each with the chunk's revision. The parts: import_reader.cpp reads, and
// decides how far the chunk goes; import_writer.cpp writes in groups, finds the rows that fail and why;
// import_chunk.cpp is the function in SQL.
//
// All of it runs as the import's owner, in the restricted context (pg/as_owner.h). All types are trivial or
// live in palloc'd memory: an ERROR may pass over them.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/tuplestore.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

// What a chunk is read with. Texts are as import_work() made them.
struct ChunkQuery {
    const char* read;  // with $1 … for after and upto
    int argument_count;
    Oid* argument_types;
    Datum* arguments;
    int limit;  // rows that read asks for
    int key_count;
    int* key_columns;        // their numbers in the result, from 1
    const char** key_names;  // in the table
    bool neutral_names;      // none of them says that its values are PII
};

// What was read.
struct ChunkRows {
    Tuplestorestate* store;
    TupleDesc columns;
    int64 count;      // rows in store
    int64 usable;     // the first of them that belong to the chunk: the next one begins behind these
    bool at_end;      // there is nothing behind them
    char** last_key;  // of the last usable row, as text
};

// Why a row was refused. Nothing in it shows a value of the row.
struct Reject {
    Datum key;  // jsonb, by the names of the table's key; {} where it holds PII
    char sqlstate[6];
    const char* message;
    const char* column;      // null: not known
    const char* constraint;  // null: none
};

struct ChunkOutcome {
    int64 written, skipped;
    Reject* rejects;
    int reject_count, reject_room;
};

// Reads a chunk into the current memory context. An error of the source, or of reading it, comes back; it is
// not raised unless it means that the session has to stop. REQUIRES: SPI is connected.
ErrorData* read_chunk(ChunkRows* rows, const ChunkQuery& query);

// What the rows of a chunk may take before they go to a file, in kB.
int chunk_memory();

// The key of a row, as a jsonb object of the table's names, and whether it holds PII.
Datum key_of(const ChunkQuery& query, TupleTableSlot* row);
bool key_has_pii(const ChunkQuery& query, TupleTableSlot* row);
// The key as a reject keeps it: {} where it holds PII.
Datum key_to_keep(const ChunkQuery& query, TupleTableSlot* row);
// Whether two rows have the same key: by the type's own equality.
bool same_key(const ChunkQuery& query, TupleTableSlot* a, TupleTableSlot* b);

// Notes a row that is not written.
void reject_row(ChunkOutcome* outcome, const ChunkQuery& query, TupleTableSlot* row, const char* sqlstate,
                const char* message, const char* column, const char* constraint);

// How rows are written.
struct ChunkInsert {
    Oid relation;
    const char* insert;       // INSERT … SELECT … FROM gpsync_import_chunk AS s
    const char* on_conflict;  // what follows it where a row of that key is there; empty: nothing
    int64 revision;
    bool unseen;  // the decoder is not to see the rows at all
    int column_count;
    const char** column_names;  // of the table
    const char**
        column_checks;  // SELECT … FROM gpsync_import_chunk AS s: true or an error if this column is why
};

// Writes the usable rows. Raises what is not the fault of one row.
void write_chunk(ChunkOutcome* outcome, const ChunkRows& rows, const ChunkQuery& query,
                 const ChunkInsert& insert);

// A restricted operation fires no deferred trigger; and a row that breaks a constraint is refused alone.
// REQUIRES: SPI is connected.
void make_constraints_immediate();

// Whether a write of the table may lead to writes of other rows, which the decoder has to see: by a trigger
// of the table's owner or, with cascades, by a foreign key. Locks the table and its partitions, so that no
// trigger comes meanwhile.
bool others_may_write(Oid relation, bool cascades);

// The revision of the rows written from here on: 1 modulo 8, and above all positions before. The decoder is
// informed first of who gets the rows (echo: the endpoints as JSON, null: all of them, or nobody). *unseen:
// nobody is to get them. It comes back false if triggers of the table's owner write other rows, which the
// decoder has to see; then it is informed that no endpoint gets the rows. may_update: rows may be updated.
int64 begin_revision(Oid relation, bool may_update, const char* echo, bool* unseen);

// An error's text without what it says of values: the places of arguments in its format are left out.
const char* message_without_values(const ErrorData* error);

}  // namespace gpsync::migration
