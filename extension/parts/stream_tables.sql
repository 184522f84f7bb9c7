-- Streams and what the relay writes back. gpsync.stream is the only one that a dump carries: a position
-- belongs to one system identifier and slot, so a restored stream has none and counts as paused.

CREATE TABLE gpsync.stream (
    stream      text PRIMARY KEY CHECK (stream ~ '^[a-z0-9_]{1,40}$'),
    publication name,
    endpoints   text[] NOT NULL CHECK (cardinality(endpoints) > 0),
    bookkeeping boolean NOT NULL DEFAULT true,
    paused      boolean NOT NULL DEFAULT false,
    owner       name NOT NULL DEFAULT CURRENT_USER,
    home        text NOT NULL DEFAULT gpsync_internal.server_home(),
    created_at  timestamptz NOT NULL DEFAULT now(),
    topics      text[] NOT NULL DEFAULT '{}',
    partition   text,
    failover    boolean NOT NULL DEFAULT false,
    CHECK (publication IS NOT NULL OR cardinality(topics) > 0)
);
COMMENT ON TABLE gpsync.stream IS
    'Streams, as create_stream() made them: a publication, topics, or both, delivered to foreign servers of wrapper '
    'gpsync_http';
COMMENT ON COLUMN gpsync.stream.publication IS 'NULL: the stream has topics alone';
COMMENT ON COLUMN gpsync.stream.topics IS 'Whose events, of emit() and stream_history(), the stream delivers';
COMMENT ON COLUMN gpsync.stream.partition IS
    '"1/2": the stream delivers the rows of one of two parts of the keys, and another stream the rest; NULL: of all '
    'keys';
COMMENT ON COLUMN gpsync.stream.failover IS
    'Whether the slot was made to be synchronised to standbys, and is to be so when it is made again. Whether it '
    'is, the slot says';
COMMENT ON COLUMN gpsync.stream.owner IS
    'The role that made the stream, or made it again: it must be able to read all that the stream shows. A name, so '
    'that a dump can be restored where there is no such role';
COMMENT ON COLUMN gpsync.stream.home IS
    'The server that delivers the stream, as gpsync_internal.server_home() named it when it was created, recreated or '
    'resumed';
SELECT pg_catalog.pg_extension_config_dump('gpsync.stream', '');

CREATE TABLE gpsync.stream_position (
    stream            text PRIMARY KEY REFERENCES gpsync.stream ON DELETE CASCADE,
    slot_name         name NOT NULL,
    system_identifier bigint NOT NULL,
    commit_lsn        pg_lsn NOT NULL,
    ordinal           bigint NOT NULL,
    confirmed_lsn     pg_lsn NOT NULL,
    commit_time       timestamptz,
    booked_at         timestamptz NOT NULL DEFAULT now(),
    ended_before      xid8 NOT NULL DEFAULT '0',
    next_ended_before xid8 NOT NULL DEFAULT '0',
    next_ended_lsn    pg_lsn NOT NULL DEFAULT '0/0'
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.stream_position IS
    'The longest prefix of each stream that is settled at every endpoint: (commit LSN, ordinal in the transaction), '
    'for one system identifier and slot; never dumped';
COMMENT ON COLUMN gpsync.stream_position.confirmed_lsn IS
    'Up to where the relay may have confirmed the slot: written before it does, so a slot that is further was moved by '
    'somebody else';
COMMENT ON COLUMN gpsync.stream_position.ended_before IS
    'All (sub)transactions with a lower id have ended before confirmed_lsn';
COMMENT ON COLUMN gpsync.stream_position.next_ended_before IS 'What ended_before is once next_ended_lsn is confirmed';

-- A row that does not agree with the position any more says of the stream that it has gone on.
CREATE TABLE gpsync.stream_end (
    stream            text PRIMARY KEY REFERENCES gpsync.stream ON DELETE CASCADE,
    slot_name         name NOT NULL,
    system_identifier bigint NOT NULL,
    commit_lsn        pg_lsn NOT NULL,
    ordinal           bigint NOT NULL,
    confirmed_lsn     pg_lsn NOT NULL,
    booked_at         timestamptz NOT NULL,
    slot_bound        pg_lsn NOT NULL,
    server_version    integer NOT NULL
);
COMMENT ON TABLE gpsync.stream_end IS
    'The positions of streams as prepare_upgrade() has found them, with everything delivered, and the '
    'server_version_num of the server; pg_upgrade takes it along, a dump does not';
COMMENT ON COLUMN gpsync.stream_end.slot_bound IS
    'Up to where prepare_upgrade() may have moved the slot beyond what the books call confirmed';

CREATE TABLE gpsync.endpoint_cursor (
    stream     text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    endpoint   text NOT NULL,
    feed       text NOT NULL CHECK (feed IN ('live', 'behind')),
    commit_lsn pg_lsn NOT NULL,
    ordinal    bigint NOT NULL,
    since      timestamptz NOT NULL DEFAULT now(),  -- it has this feed
    PRIMARY KEY (stream, endpoint)
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.endpoint_cursor IS
    'The longest prefix of each stream that is settled at an endpoint, as in gpsync.stream_position: of one that is '
    'behind, and is fed from the spool, always; of a live one when it was last written, and its stream''s position may '
    'be further by now';

CREATE TABLE gpsync.spool_segment (
    stream       text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    segment      smallint NOT NULL CHECK (segment BETWEEN 1 AND 8),
    table_name   name NOT NULL,                     -- in schema gpsync
    events       bigint NOT NULL DEFAULT 0,
    bytes        bigint NOT NULL DEFAULT 0,         -- before compression
    last_lsn     pg_lsn NOT NULL DEFAULT '0/0',     -- of the last change it had; stays when it is emptied
    last_ordinal bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, segment)
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.spool_segment IS 'The segments of each stream''s spool, and what is in them';

CREATE TABLE gpsync.held_event (
    stream        text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    commit_lsn    pg_lsn NOT NULL,
    ordinal       bigint NOT NULL,
    endpoint      text NOT NULL,
    event_id      text NOT NULL,
    schema_name   name NOT NULL,
    table_name    name NOT NULL,
    key           jsonb NOT NULL,
    revision      bigint,
    committed_at  timestamptz NOT NULL,
    held_at       timestamptz NOT NULL DEFAULT now(),
    attempts      integer NOT NULL,             -- 0: it waits behind an earlier event of its key
    next_attempt  timestamptz,                  -- NULL: once it is the first of its key
    http_status   integer,
    error         text,                         -- what the endpoint said last
    partition_key text NOT NULL,                -- what the order of events is by, as it stands in the event
    old_partition_key text,                     -- of an event that changes its row's key: the key before
    line          bytea NOT NULL,               -- the change as the decoder sent it
    PRIMARY KEY (stream, endpoint, commit_lsn, ordinal)
);
CREATE INDEX ON gpsync.held_event (stream, (jsonb_hash_extended(key, 0)));
COMMENT ON TABLE gpsync.held_event IS
    'Events that an endpoint rejects for now, again and again, and the later ones of their keys, in the order of the '
    'stream: each waits here, while other keys go on, until its endpoint takes it or refuses it or an operator '
    'discards it';

-- The relay never writes a row that an operator's transaction may have locked: it would wait for that transaction. So
-- operators only insert here, and the relay deletes.
CREATE TABLE gpsync.relay_request (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream       text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    endpoint     text NOT NULL,
    request      text NOT NULL CHECK (request IN ('probe', 'retry held', 'discard held')),
    key          jsonb,                         -- of held events; NULL: any
    table_name   text,                          -- of held events, as parked_events shows it; NULL: any
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE gpsync.relay_request IS
    'What operators ask of a stream''s relay, until it has done it: reset_breaker(), retry_held(), discard_held()';

CREATE TABLE gpsync.skipped_change (
    stream     text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    commit_lsn pg_lsn NOT NULL,
    ordinal    bigint NOT NULL CHECK (ordinal BETWEEN 1 AND 4294967295),
    reason     text NOT NULL CHECK (reason <> ''),
    skipped_by name NOT NULL,
    skipped_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, commit_lsn, ordinal)
);
COMMENT ON TABLE gpsync.skipped_change IS
    'Changes that skip_change() leaves out of a stream, by their place in it; each becomes a dead letter';

CREATE TABLE gpsync.deferred_mark (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream      text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    relation    regclass NOT NULL,
    key         jsonb NOT NULL,
    revision    bigint NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('COMPLETED', 'FAILED')),
    commit_lsn  pg_lsn NOT NULL DEFAULT '0/0',  -- of the event; 0/0: not known
    table_name  text,               -- as the event names it, quoted
    -- {"name": [attribute number, type OID], ...} in relation; NULL: only the name is known
    key_columns jsonb,
    error       text,               -- what keeps it waiting; NULL: a lock
    deferred_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON gpsync.deferred_mark (stream, id);
COMMENT ON TABLE gpsync.deferred_mark IS
    'Marks that found their row or table locked or met an error (of the owner''s trigger, say); tried again until they '
    'succeed or become void: a newer revision, the row or its table is gone. wait_for_sync() is not true for their '
    'events meanwhile';

CREATE TABLE gpsync.dead_letter (
    stream      text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    endpoint    text NOT NULL,
    event_id    text NOT NULL,
    subject     text NOT NULL,
    schema_name name NOT NULL,
    table_name  name NOT NULL,
    key         jsonb,
    revision    bigint,
    attempts    integer NOT NULL,
    http_status integer,
    error       text NOT NULL,
    payload     json NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retrying')),
    as_it_was   boolean NOT NULL DEFAULT false, -- while retrying: the payload is sent, not the row as it is now
    -- While retrying: the revision that the row got, whose event closes the letter; NULL with as_it_was.
    retry_revision bigint,
    retried_at  timestamptz,                    -- the call of retry_dead_letters(), for all its letters the same
    PRIMARY KEY (stream, endpoint, event_id)
);
-- What relay_book() looks for. A hash, because a key may be larger than an index's row.
CREATE INDEX ON gpsync.dead_letter (stream, (jsonb_hash_extended(key, 0)));
CREATE INDEX ON gpsync.dead_letter (stream, event_id) WHERE as_it_was;
CREATE INDEX ON gpsync.dead_letter ((payload ->> 'requestid')) WHERE schema_name = '';
CREATE INDEX ON gpsync.dead_letter (created_at);
COMMENT ON TABLE gpsync.dead_letter IS
    'Events an endpoint refused for good, with payload and reason, until they are retried, superseded or discarded';

CREATE TABLE gpsync.dead_letter_step (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    logged_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    logged_by   name NOT NULL DEFAULT session_user,
    action      text NOT NULL
                CHECK (action IN ('retried', 'refused', 'delivered', 'superseded', 'resent', 'discarded')),
    detail      text,                           -- why
    stream      text NOT NULL,
    endpoint    text NOT NULL,
    event_id    text NOT NULL,
    schema_name name NOT NULL,
    table_name  name NOT NULL,
    key         jsonb,
    http_status integer,
    error       text NOT NULL,                  -- as dead_letter_groups shows it
    request_id  uuid                            -- of an event of a topic
);
CREATE INDEX ON gpsync.dead_letter_step (event_id);
CREATE INDEX ON gpsync.dead_letter_step (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX ON gpsync.dead_letter_step ((jsonb_hash_extended(key, 0)));
COMMENT ON TABLE gpsync.dead_letter_step IS 'The rows of view dead_letter_log, with keys as they are';

CREATE TABLE gpsync.lost_events (
    stream           text NOT NULL,
    topics           text[] NOT NULL,
    after_lsn        pg_lsn NOT NULL,           -- what committed before it was delivered
    up_to_lsn        pg_lsn NOT NULL,
    reason           text NOT NULL,
    lost_at          timestamptz NOT NULL DEFAULT now(),
    lost_xids        xid8[] NOT NULL,           -- emitted before after_lsn, and ended behind it
    unknown_from_xid xid8,                      -- such transactions have ids from here on; NULL: lost_xids has all
    sent_xids        xid8[] NOT NULL            -- emitted before up_to_lsn, and ended behind it: these are delivered
);
COMMENT ON TABLE gpsync.lost_events IS
    'Stretches of the WAL whose events of topics a stream has never delivered: it was dropped, or made again. '
    'request_status() answers FAILED for these, by where they were emitted and by their transactions, so that it needs '
    'no WAL. It outlives the streams';

-- The relay's report of itself, once a second and at every change of state. It is unlogged: its loss does no harm.
CREATE UNLOGGED TABLE gpsync.relay_report (
    stream             text PRIMARY KEY,
    state              text NOT NULL,   -- starting, streaming, standby, paused, waiting, stopped
    relay_pid          integer,
    started_at         timestamptz,
    reported_at        timestamptz NOT NULL DEFAULT now(),
    in_flight_events   bigint NOT NULL DEFAULT 0,
    in_flight_bytes    bigint NOT NULL DEFAULT 0,
    oldest_unsettled   timestamptz,     -- commit time of the oldest event not settled everywhere
    last_error         text,
    last_error_at      timestamptz
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.relay_report IS 'The last report of each stream''s relay; shown by stream_status';

CREATE UNLOGGED TABLE gpsync.endpoint_report (
    stream         text NOT NULL,
    endpoint       text NOT NULL,
    breaker        text NOT NULL DEFAULT 'closed',   -- closed, open (waiting to try again), half-open
    delivered      bigint NOT NULL DEFAULT 0,        -- events taken since the relay started
    rejected       bigint NOT NULL DEFAULT 0,        -- events refused for good since the relay started
    errors         bigint NOT NULL DEFAULT 0,        -- failed attempts since the relay started
    latency_ms     double precision,                 -- median of the last reporting interval, commit to acknowledgement
    waiting_until  timestamptz,                      -- next attempt of a lane that waits
    last_error     text,
    last_error_at  timestamptz,
    breaker_since  timestamptz,
    next_probe_at  timestamptz,                      -- while the breaker is open
    lanes_in_use   integer,                          -- lanes that may send side by side at present
    failing        boolean NOT NULL DEFAULT false,   -- breaker.opened was raised, and breaker.closed not since
    at_limit       boolean NOT NULL DEFAULT false,   -- it has reached spool_limit or spool_time
    PRIMARY KEY (stream, endpoint)
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.endpoint_report IS 'The last report per stream and endpoint; shown by endpoint_status';

-- Events of topics are in the books with an empty schema, and the topic as their table.
CREATE FUNCTION gpsync_internal.shown_table(schema_name name, table_name name) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE WHEN schema_name = '' THEN 'topic ' ELSE schema_name || '.' END || table_name $$;
COMMENT ON FUNCTION gpsync_internal.shown_table(name, name) IS
    'What parked_events calls a table: schema.table, or "topic audit"';
REVOKE ALL ON FUNCTION gpsync_internal.shown_table(name, name) FROM PUBLIC;
