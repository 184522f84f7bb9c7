-- doctor() on streams: slots, publications, endpoints, what the relay said last.

-- As a shell's word and as a value in libpq's connection strings; names that need no quotes stay as they are.
CREATE FUNCTION gpsync.shell_word(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT '''' || replace(word, '''', '''' || chr(92) || '''''') || '''' $$;
COMMENT ON FUNCTION gpsync.shell_word(text) IS 'Text as one word of a shell';

CREATE FUNCTION gpsync.conninfo_value(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN value ~ '^[A-Za-z0-9_]+$' THEN value
            ELSE '''' || replace(replace(value, chr(92), chr(92) || chr(92)), '''', chr(92) || '''') || '''' END $$;
COMMENT ON FUNCTION gpsync.conninfo_value(text) IS 'Text as a value in a connection string of libpq';

-- Who holds the lock of a stream: src/stream/lock.h.
CREATE FUNCTION gpsync.lock_holder(stream text) RETURNS integer
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT l.pid FROM pg_locks AS l
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 3 AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND (l.classid::bigint << 32 | l.objid::bigint) = gpsync.stream_lock_key(lock_holder.stream) LIMIT 1 $$;
COMMENT ON FUNCTION gpsync.lock_holder(text) IS 'The process that holds the lock of a stream: its relay, or who acts as one';

-- Where in a stream the decoder's error stopped its relay, as arguments of skip_change(); NULL: no such error, or the stream is past it.
CREATE FUNCTION gpsync.stopping_change(stream text, error text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('%L, %L, %s', p.stream, m.place[1], m.place[2])
FROM gpsync.stream_position AS p,
     regexp_match(error, 'gpsync\.skip_change\(stream, ''([0-9A-F]{1,8}/[0-9A-F]{1,8})'', (\d{1,10}), reason\)') AS m (place)
WHERE p.stream = stopping_change.stream AND error NOT LIKE 'endpoint %' AND m.place IS NOT NULL
    AND (m.place[1]::pg_lsn, m.place[2]::bigint) > (p.commit_lsn, p.ordinal) AND m.place[1]::pg_lsn <= gpsync.wal_end() $$;
COMMENT ON FUNCTION gpsync.stopping_change(text, text) IS 'The change that an error of a stream names, as the first arguments of skip_change()';

-- Why nothing is delivered, or nothing gets on. In the second case a relay lives, or did two minutes ago and comes back with the
-- same error: another one would only stand by.
CREATE FUNCTION gpsync.doctor_relays() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH relay AS MATERIALIZED (
    SELECT s.stream, s.last_error, s.last_error_at, s.relay_state = 'down' AS down, gpsync.lock_holder(s.stream) AS holder,
           s.slot_state = 'active' OR s.relay_state <> 'down' AS at_work, s.lag_bytes, p.booked_at, s.reported_at,
           gpsync.stopping_change(s.stream, s.last_error) AS stopped_by,
           s.reported_at > clock_timestamp() - interval '2 min' AND r.state <> 'stopped' AS comes_back,
           EXISTS (SELECT FROM gpsync.endpoint_status AS e WHERE e.stream = s.stream AND e.breaker IN ('open', 'half-open')) AS waits
    FROM gpsync.stream_states() AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
        LEFT JOIN gpsync.relay_reports() AS r ON r.stream = s.stream
    WHERE s.slot_state IN ('active', 'inactive') AND NOT s.paused)
SELECT 'relay', 'error', format('process %s holds the lock of stream "%s" and does not deliver it', r.holder, r.stream),
       format('SELECT pg_terminate_backend(%s)', r.holder)
FROM relay AS r WHERE r.down AND r.holder IS NOT NULL
UNION ALL
SELECT 'relay', 'error', format('no relay delivers stream "%s"%s', r.stream, coalesce('; the last one said: ' || r.last_error, '')),
       format('gpsync-relay --dbname %s --stream %s  # or let the server start it: shared_preload_libraries, gpsync.databases',
              gpsync.shell_word('dbname=' || gpsync.conninfo_value(current_database())), r.stream)
FROM relay AS r WHERE r.down AND r.holder IS NULL AND NOT coalesce(r.comes_back AND r.last_error IS NOT NULL, false)
UNION ALL
SELECT 'relay', CASE WHEN r.last_error_at > r.booked_at OR r.down THEN 'error' ELSE 'warning' END, format('the relay of stream "%s" gets nowhere%s%s', r.stream,
              CASE WHEN r.at_work THEN format(': nothing was booked for %s s', extract(epoch FROM clock_timestamp() - r.booked_at)::bigint)
                   ELSE format(': it has not reported for %s s', extract(epoch FROM clock_timestamp() - r.reported_at)::bigint) END,
              coalesce('; its last error: ' || r.last_error, '')),
       CASE WHEN r.stopped_by IS NULL
            THEN format('SELECT last_error_at, last_error FROM gpsync.stream_status WHERE stream = %L; -- and the server log', r.stream)
            ELSE format('SELECT gpsync.skip_change(%s, ''cannot be delivered'') -- unless its cause can be mended', r.stopped_by) END
FROM relay AS r
WHERE NOT r.waits AND (r.down AND r.holder IS NULL AND r.comes_back AND r.last_error IS NOT NULL
                       OR r.at_work AND r.lag_bytes > 0 AND (r.stopped_by IS NOT NULL OR r.booked_at < clock_timestamp() - interval '30 s')) $$;
COMMENT ON FUNCTION gpsync.doctor_relays() IS 'doctor() on whether relays deliver and get on';

CREATE FUNCTION gpsync.doctor_slots() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE p.state WHEN 'moved' THEN 'home' ELSE 'slot' END, 'error', p.problem, p.fix FROM gpsync.stream AS s, gpsync.slot_problem(s.stream) AS p
UNION ALL
SELECT 'slot', 'error', format('replication slot "%s" is about to be lost: it needs WAL beyond max_slot_wal_keep_size', r.slot_name),
       'ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf();'
FROM gpsync.stream AS s JOIN pg_replication_slots AS r ON r.slot_name = gpsync.slot_name(s.stream) AND r.wal_status = 'unreserved'
UNION ALL
-- 1 GB: more than any burst that a running relay leaves unread for long.
SELECT 'slot', 'warning', format('replication slot "%s" holds back %s of WAL', s.slot_name, pg_size_pretty(s.retained_bytes)),
       format('SELECT * FROM gpsync.stream_status WHERE stream = %L', s.stream)
FROM gpsync.stream_states() AS s WHERE s.retained_bytes > 1024 * 1024 * 1024
UNION ALL
SELECT 'paused', 'info', format('stream "%s" is paused; its slot holds back %s of WAL', s.stream, pg_size_pretty(s.retained_bytes)),
       format('SELECT gpsync.resume_stream(%L)', s.stream)
FROM gpsync.stream_states() AS s WHERE s.paused AND s.slot_state IN ('active', 'inactive') $$;
COMMENT ON FUNCTION gpsync.doctor_slots() IS 'doctor() on the streams'' slots';

-- With the tables whose labels name it, as attach() makes it.
CREATE FUNCTION gpsync.create_publication_fix(publication name) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('CREATE PUBLICATION %I%s WITH (publish_via_partition_root = true)', create_publication_fix.publication,
              coalesce(' FOR TABLE ' || (SELECT string_agg(format('ONLY %s', a.relation), ', ' ORDER BY a.relation::text)
                                         FROM gpsync.attached_tables AS a WHERE a.publication = create_publication_fix.publication), '')) $$;
COMMENT ON FUNCTION gpsync.create_publication_fix(name) IS 'The SQL that makes a publication as attach() had made it';

CREATE FUNCTION gpsync.doctor_publications() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'publication', 'error', format('publication "%s" of stream "%s" does not exist', s.publication, s.stream),
       gpsync.create_publication_fix(s.publication)
FROM gpsync.stream AS s WHERE NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = s.publication)
UNION ALL
SELECT 'publication', 'error', format('publication "%s" of stream "%s" has a %s for table %s, which is not honoured yet', s.publication, s.stream,
              CASE WHEN r.prattrs IS NOT NULL THEN 'column list' ELSE 'row filter' END, r.prrelid::regclass),
       format('ALTER PUBLICATION %I DROP TABLE %s; ALTER PUBLICATION %1$I ADD TABLE %2$s', s.publication, r.prrelid::regclass)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication JOIN pg_publication_rel AS r ON r.prpubid = p.oid
WHERE r.prattrs IS NOT NULL OR r.prqual IS NOT NULL
UNION ALL
SELECT 'publication', 'warning', format('publication "%s" of stream "%s" publishes no table', s.publication, s.stream),
       format('ALTER PUBLICATION %I ADD TABLE ...', s.publication)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication
WHERE NOT EXISTS (SELECT FROM gpsync.publication_relations(p.pubname))
UNION ALL
SELECT 'publication', 'warning', format('publication "%s" of stream "%s" leaves out some kinds of change', s.publication, s.stream),
       format('ALTER PUBLICATION %I SET (publish = ''insert, update, delete, truncate'')', s.publication)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication
WHERE NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate)
UNION ALL
SELECT 'publication', 'error', format('table %s is booked by streams %s', b.relation, b.streams),
       format('SELECT gpsync.drop_stream(%L); SELECT gpsync.create_stream(%1$L, endpoints => %L, publication => %L, bookkeeping => false)',
              s.stream, s.endpoints, s.publication)
FROM (SELECT r, string_agg(quote_ident(s.stream), ' and ' ORDER BY s.stream), (array_agg(s.stream ORDER BY s.created_at DESC))[1]
      FROM gpsync.stream AS s, gpsync.publication_relations(s.publication) AS r
      WHERE s.bookkeeping GROUP BY r HAVING count(*) > 1) AS b (relation, streams, latest)
JOIN gpsync.stream AS s ON s.stream = b.latest $$;
COMMENT ON FUNCTION gpsync.doctor_publications() IS 'doctor() on what the streams publish';

-- Roles that were granted the relay's part, by the privilege that only that part has.
CREATE FUNCTION gpsync.relay_roles() RETURNS SETOF regrole
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT a.grantee::regrole FROM pg_proc AS p, aclexplode(p.proacl) AS a
WHERE p.oid = 'gpsync.relay_config(text)'::regprocedure AND a.grantee <> p.proowner AND a.grantee <> 0 $$;
COMMENT ON FUNCTION gpsync.relay_roles() IS 'The roles that grant_relay() was called for';

CREATE FUNCTION gpsync.doctor_endpoints() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH endpoint AS (
    SELECT DISTINCT e.name, f.oid, (SELECT o.option_value FROM pg_options_to_table(f.srvoptions) AS o WHERE o.option_name = 'url') AS url
    FROM gpsync.stream AS s, unnest(s.endpoints) AS e (name)
    LEFT JOIN (pg_foreign_server AS f JOIN pg_foreign_data_wrapper AS w ON w.oid = f.srvfdw AND w.fdwname = 'gpsync_http') ON f.srvname = e.name)
SELECT 'endpoint', 'error', format('endpoint "%s" does not exist', e.name),
       format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')', e.name)
FROM endpoint AS e WHERE e.oid IS NULL AND EXISTS (SELECT FROM pg_foreign_data_wrapper AS w WHERE w.fdwname = 'gpsync_http')
    AND NOT EXISTS (SELECT FROM pg_foreign_server AS f WHERE f.srvname = e.name)
UNION ALL
SELECT 'endpoint', 'error', format('endpoint "%s" is a server of another foreign data wrapper', e.name),
       format('ALTER EVENT TRIGGER gpsync_guard DISABLE; ALTER SERVER %I RENAME TO ...; ALTER EVENT TRIGGER gpsync_guard ENABLE ALWAYS; '
              'CREATE SERVER %1$I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')', e.name)
FROM endpoint AS e WHERE e.oid IS NULL AND EXISTS (SELECT FROM pg_foreign_data_wrapper AS w WHERE w.fdwname = 'gpsync_http')
    AND EXISTS (SELECT FROM pg_foreign_server AS f WHERE f.srvname = e.name)
UNION ALL
SELECT 'endpoint', 'error', format('foreign data wrapper "gpsync_http" is called "%s" now: no endpoint is found', w.fdwname),
       format('ALTER FOREIGN DATA WRAPPER %I RENAME TO gpsync_http', w.fdwname)
FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid AND x.extname = 'gpsync'
JOIN pg_foreign_data_wrapper AS w ON w.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_foreign_data_wrapper'::regclass AND d.deptype = 'e' AND w.fdwname <> 'gpsync_http'
UNION ALL
SELECT 'endpoint', 'warning', format('endpoint "%s" gets changes and credentials unencrypted (%s)', e.name, e.url),
       format('ALTER SERVER %I OPTIONS (SET url %L)', e.name, regexp_replace(e.url, '^http:', 'https:', 'i'))
FROM endpoint AS e WHERE gpsync.is_exposed_url(e.url)
UNION ALL
SELECT 'user mapping', 'info', format('role %s has no user mapping for endpoint "%s": requests carry no credentials', r, e.name),
       format('CREATE USER MAPPING FOR %s SERVER %I OPTIONS (bearer_token_file ''/...'')', r, e.name)
FROM endpoint AS e, gpsync.relay_roles() AS r
WHERE NOT gpsync.is_local_url(e.url)
    AND NOT EXISTS (SELECT FROM pg_user_mapping AS u WHERE u.umserver = e.oid AND u.umuser IN (0, r))
UNION ALL
SELECT 'relay role', 'error', format('role %s lacks %s, which gpsync-relay needs', a.rolname, a.missing), format('ALTER ROLE %I %s', a.rolname, a.missing)
FROM (SELECT r.rolname, concat_ws(' ', CASE WHEN NOT r.rolcanlogin THEN 'LOGIN' END,
                                  CASE WHEN NOT (r.rolreplication OR r.rolsuper) THEN 'REPLICATION' END) AS missing
      FROM pg_roles AS r WHERE r.oid IN (SELECT gpsync.relay_roles())) AS a
WHERE a.missing <> '' $$;
COMMENT ON FUNCTION gpsync.doctor_endpoints() IS 'doctor() on endpoints and the role that delivers to them';

CREATE FUNCTION gpsync.doctor_delivery() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'delivery', 'warning', format('stream "%s" waits for endpoint "%s"%s', e.stream, e.endpoint, coalesce(': ' || e.last_error, '')),
       format('SELECT * FROM gpsync.endpoint_status WHERE stream = %L AND endpoint = %L', e.stream, e.endpoint)
FROM gpsync.endpoint_status AS e
WHERE e.breaker IN ('open', 'half-open') OR e.waiting_until > clock_timestamp()
UNION ALL
SELECT 'dead letters', 'warning', format('endpoint "%s" of stream "%s" has refused %s event(s) for good', d.endpoint, d.stream, count(*)),
       format('SELECT * FROM gpsync.dead_letters WHERE stream = %L AND endpoint = %L', d.stream, d.endpoint)
FROM gpsync.dead_letter AS d GROUP BY d.stream, d.endpoint $$;
COMMENT ON FUNCTION gpsync.doctor_delivery() IS 'doctor() on what waits and what was refused';

REVOKE ALL ON FUNCTION gpsync.shell_word(text), gpsync.conninfo_value(text), gpsync.lock_holder(text), gpsync.stopping_change(text, text), gpsync.doctor_relays(), gpsync.create_publication_fix(name),
    gpsync.doctor_slots(), gpsync.doctor_publications(), gpsync.relay_roles(), gpsync.doctor_endpoints(),
    gpsync.doctor_delivery() FROM PUBLIC;
