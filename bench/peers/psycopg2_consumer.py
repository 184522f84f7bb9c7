#!/usr/bin/python3
"""What a good engineer writes in an afternoon: a consumer of a wal2json slot that posts changes as CloudEvents
batches of up to 100 over one keep-alive connection an endpoint, to one endpoint after the other, and books each batch
with one UPDATE.

usage: psycopg2_consumer.py DSN SLOT TABLE KEY_COLUMN URL...

It works on a table with gpsync's columns (sync_status, sync_revision, last_sync_timestamp). Its own bookkeeping
runs under a replication origin that wal2json leaves out. It stops at SIGTERM; a batch that fails three times ends it.
"""
import http.client
import json
import select
import signal
import sys
import time
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from urllib.parse import quote, urlsplit

import psycopg2
from psycopg2.extras import LogicalReplicationConnection

BATCH = 100
ATTEMPTS = 3
VISIBLE_ATTEMPTS = 20
FEEDBACK_EVERY = 5.0  # seconds

stopping = False


def stop(_signal, _frame):
    global stopping
    stopping = True


class Endpoint:
    """One keep-alive connection; a broken one is made again."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.path = parts.path or "/"
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)

    def post(self, body, batch_id):
        headers = {"Content-Type": "application/cloudevents-batch+json; charset=utf-8", "Idempotency-Key": batch_id}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self.connection.request("POST", self.path, body, headers)
                response = self.connection.getresponse()
                answer = response.read()
                if 200 <= response.status < 300:
                    return
                problem = f"{response.status} {answer[:200]!r}"
            except (OSError, http.client.HTTPException) as error:
                self.connection.close()
                problem = repr(error)
            if attempt < ATTEMPTS:
                time.sleep(2**attempt)
        sys.exit(f"batch {batch_id} failed: {problem}")


class Booker:
    """Marks the rows of a batch, unless they have changed since."""

    def __init__(self, dsn, table, key, origin):
        self.connection = psycopg2.connect(dsn)
        self.cursor = self.connection.cursor()
        self.cursor.execute("SET session_replication_role = replica")
        self.cursor.execute("SELECT pg_replication_origin_session_setup(%s)", (origin,))
        self.connection.commit()
        self.update = (
            f"UPDATE {table} t SET sync_status = 'COMPLETED', last_sync_timestamp = now() "
            f"FROM unnest(%s::varchar[], %s::bigint[]) b(key, revision) "
            f"WHERE t.{key} = b.key AND t.sync_revision = b.revision RETURNING b.key"
        )

    def book(self, keys, revisions):
        """A change can arrive a moment before its transaction is visible to others: what was not found is tried again."""
        for _ in range(VISIBLE_ATTEMPTS):
            self.cursor.execute(self.update, (keys, revisions))
            if self.cursor.rowcount == len(keys):
                break
            found = {key for key, in self.cursor.fetchall()}
            left = [pair for pair in zip(keys, revisions) if pair[0] not in found]
            keys, revisions = [key for key, _ in left], [revision for _, revision in left]
            self.connection.commit()
            time.sleep(0.001)
        self.connection.commit()


def make_origin(dsn, origin):
    """Makes the consumer's replication origin if it is not there; returns its id, which wal2json wants."""
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT roident FROM pg_replication_origin WHERE roname = %s", (origin,))
        found = cursor.fetchone()
        if not found:
            cursor.execute("SELECT pg_replication_origin_create(%s)", (origin,))
            found = cursor.fetchone()
        return found[0]


TYPES = {"I": "gpsync.row.inserted", "U": "gpsync.row.updated", "D": "gpsync.row.deleted"}
BOOKKEEPING = ("sync_status", "sync_revision", "last_sync_timestamp")


EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@lru_cache(maxsize=16)
def commit_time(text):
    """wal2json's timestamp as RFC 3339 and as the µs since 1970 in the event's id."""
    moment = datetime.fromisoformat(text).astimezone(timezone.utc)
    micros = (moment - EPOCH) // timedelta(microseconds=1)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), f"{micros:016X}"


def cloud_event(message, change, key_column, source):
    """The event the receiver gets, its key and its revision."""
    row = {column["name"]: column["value"] for column in change.get("columns") or change["identity"]}
    revision = row.get("sync_revision")
    for name in BOOKKEEPING:
        row.pop(name, None)
    key = row[key_column]
    subject = f"{change['schema']}.{change['table']}/{quote(str(key), safe='')}"
    moment, micros = commit_time(change["timestamp"])
    sequence = f"{message.data_start:016X}-00000001"  # a change has its own place in the WAL
    event = {
        "specversion": "1.0", "id": f"{sequence}-{micros}", "source": source, "type": TYPES[change["action"]],
        "subject": subject, "time": moment,
        "datacontenttype": "application/json", "sequence": sequence, "partitionkey": subject,
        "data": {"schema": change["schema"], "table": change["table"], "key": {key_column: key},
                 "xid": change["xid"]},
    }
    if change["action"] == "D":
        return event, key, None
    event["data"]["revision"] = revision
    event["data"]["row"] = row
    return event, key, revision


class Consumer:
    def __init__(self, dsn, slot, table, key_column, *urls):
        self.key_column = key_column
        self.source = "/peer/" + slot
        origin_id = make_origin(dsn, slot)
        self.booker = Booker(dsn, table, key_column, slot)
        self.endpoints = [Endpoint(url) for url in urls]
        self.connection = psycopg2.connect(dsn, connection_factory=LogicalReplicationConnection,
                                           options="-c timezone=UTC")
        self.cursor = self.connection.cursor()
        self.cursor.start_replication(slot_name=slot, decode=False, status_interval=FEEDBACK_EVERY, options={
            "format-version": "2", "include-transaction": "false", "include-types": "false",
            "include-timestamp": "true", "include-xids": "true", "filter-origins": str(origin_id), "add-tables": table})
        self.events, self.keys, self.revisions, self.last = [], [], [], 0

    def take(self, message):
        change = json.loads(message.payload)
        if change["action"] not in TYPES:
            return
        event, key, revision = cloud_event(message, change, self.key_column, self.source)
        self.events.append(event)
        if change["action"] != "D":
            self.keys.append(key)
            self.revisions.append(revision)
        self.last = message.data_start
        if len(self.events) == BATCH:
            self.flush()

    def flush(self):
        body = json.dumps(self.events, separators=(",", ":")).encode()
        for endpoint in self.endpoints:
            endpoint.post(body, self.events[0]["id"])
        self.booker.book(self.keys, self.revisions)
        self.cursor.send_feedback(flush_lsn=self.last)
        self.events, self.keys, self.revisions = [], [], []

    def run(self):
        while not stopping:
            message = self.cursor.read_message()
            if message:
                self.take(message)
            elif self.events:
                self.flush()
            else:
                select.select([self.connection], [], [], 1.0)


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, stop)
    Consumer(*sys.argv[1:]).run()


main()
