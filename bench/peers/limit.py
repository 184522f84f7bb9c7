#!/usr/bin/python3
"""The limit of the bookkeeping: one session that writes nothing but the marks and the position, batch by batch.

usage: limit.py DSN CHANGES BATCH_ROWS      prints the rows it marked in a second

It knows keys and revisions beforehand, in the order of the changes; the statements are prepared, the triggers are
off, and a batch is a transaction, as the relay's are.
"""
import sys
import time

import psycopg2

MARK = """
PREPARE mark(varchar[], bigint[]) AS
WITH free AS (
    SELECT t.ctid FROM unnest($1, $2) b(key, revision)
    JOIN public.token_status t ON t.token_id = b.key AND t.sync_revision = b.revision
    FOR UPDATE OF t SKIP LOCKED
)
UPDATE public.token_status t SET sync_status = 'COMPLETED', last_sync_timestamp = clock_timestamp()
FROM free WHERE t.ctid = free.ctid
"""
MOVE = "PREPARE move(bigint) AS UPDATE bench.position SET ordinal = $1 WHERE stream = 'bench'"


def cut(rows, size):
    """Batches of the size, which may be a fraction: 2.5 gives 2, 3, 2, 3 …"""
    edges = [int(size * n) for n in range(int(len(rows) / size) + 1)] + [len(rows)]
    return [rows[a:b] for a, b in zip(edges, edges[1:]) if a < b]


def main():
    dsn, changes, size = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SELECT token_id, sync_revision FROM generate_series(1, %s) n "
                   "JOIN public.token_status ON token_id = 'tok_' || n ORDER BY n", (changes,))
    batches = [([key for key, _ in rows], [revision for _, revision in rows]) for rows in cut(cursor.fetchall(), size)]
    cursor.execute(MARK)
    cursor.execute(MOVE)
    connection.commit()
    started = time.monotonic()
    marked = 0
    for number, batch in enumerate(batches):
        cursor.execute("EXECUTE mark(%s, %s)", batch)
        marked += cursor.rowcount
        cursor.execute("EXECUTE move(%s)", (number,))
        connection.commit()
    took = time.monotonic() - started
    if marked != changes:
        sys.exit(f"{marked} rows were marked instead of {changes}")
    print(f"{marked / took:.0f}")


main()
