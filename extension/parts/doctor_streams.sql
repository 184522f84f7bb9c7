-- doctor() on streams: slots, publications, endpoints, what the relay said last.

CREATE FUNCTION gpsync_internal.doctor_slots() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
-- A standby has no logical slots, and needs none before it is promoted.
SELECT CASE p.state WHEN 'moved' THEN 'home' ELSE 'slot' END,
    CASE WHEN standby.yes AND p.state IN ('missing', 'moved') THEN 'info' ELSE 'error' END, p.problem,
    CASE WHEN standby.yes THEN E'-- when this server is promoted:\n' ELSE '' END || p.fix
FROM gpsync.stream AS s, gpsync_internal.slot_problem(s.stream) AS p, pg_is_in_recovery() AS standby (yes)
UNION ALL
SELECT 'slot', 'error',
    format('replication slot "%s" is about to be lost: it needs WAL beyond max_slot_wal_keep_size', r.slot_name),
       'ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf();'
FROM gpsync.stream AS s JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream)
    AND r.wal_status = 'unreserved'
UNION ALL
-- 1 GB: more than any burst that a running relay leaves unread for long.
SELECT 'slot', 'warning',
    format('replication slot "%s" holds back %s of WAL', s.slot_name, pg_size_pretty(s.retained_bytes)),
       format('SELECT * FROM gpsync.stream_status WHERE stream = %L', s.stream)
FROM gpsync_internal.stream_states() AS s WHERE s.retained_bytes > 1024 * 1024 * 1024
UNION ALL
SELECT 'paused', 'info',
    format('stream "%s" is paused; its slot holds back %s of WAL', s.stream, pg_size_pretty(s.retained_bytes)),
       format('SELECT gpsync.resume_stream(%L)', s.stream)
FROM gpsync_internal.stream_states() AS s WHERE s.paused AND s.slot_state IN ('active', 'inactive') $$;
COMMENT ON FUNCTION gpsync_internal.doctor_slots() IS 'doctor() on the streams'' slots';

-- With the tables whose labels name it, as attach() makes it.
CREATE FUNCTION gpsync_internal.create_publication_fix(publication name) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('CREATE PUBLICATION %I%s WITH (%s)', create_publication_fix.publication,
              coalesce(' FOR TABLE '
                  || (SELECT string_agg(format('ONLY %s', a.relation), ', ' ORDER BY a.relation::text)
                                         FROM gpsync.attached_tables AS a
                                             WHERE a.publication = create_publication_fix.publication), ''),
              gpsync_internal.publication_options()) $$;
COMMENT ON FUNCTION gpsync_internal.create_publication_fix(name) IS
    'The SQL that makes a publication as attach() had made it';

-- Without them the books still know each row, but receivers get no key or no revision.
CREATE FUNCTION gpsync_internal.short_column_lists(publication name)
    RETURNS TABLE (relation regclass, listed text[], missing text[], filter text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT a.relation, l.columns, m.columns, pg_get_expr(r.prqual, r.prrelid)
FROM pg_publication AS p JOIN pg_publication_rel AS r ON r.prpubid = p.oid
    JOIN gpsync.attached_tables AS a ON a.relation = r.prrelid,
    LATERAL (SELECT array_agg(quote_ident(t.attname) ORDER BY t.attnum) FROM pg_attribute AS t
             WHERE t.attrelid = r.prrelid AND t.attnum = ANY (r.prattrs)) AS l (columns),
    LATERAL (SELECT array_agg(quote_ident(c) ORDER BY n)
             FROM unnest(a.key_columns::text[] || 'sync_revision'::text) WITH ORDINALITY AS k (c, n)
             WHERE quote_ident(c) <> ALL (l.columns)) AS m (columns)
WHERE p.pubname = short_column_lists.publication AND m.columns IS NOT NULL
ORDER BY a.relation::text $$;
COMMENT ON FUNCTION gpsync_internal.short_column_lists(name) IS
    'Attached tables whose column list in a publication leaves out columns of the key or sync_revision: the columns '
    'listed, those missing, and the row filter; names are quoted';

CREATE FUNCTION gpsync_internal.doctor_publications()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'publication', 'error', format('publication "%s" of stream "%s" does not exist', s.publication, s.stream),
       gpsync_internal.create_publication_fix(s.publication)
FROM gpsync.stream AS s
WHERE s.publication IS NOT NULL AND NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = s.publication)
UNION ALL
SELECT 'publication', 'warning',
    format('the column list of table %s in publication "%s" of stream "%s" leaves out %s', l.relation, s.publication,
           s.stream, array_to_string(l.missing, ', ')),
       format('ALTER PUBLICATION %I DROP TABLE ONLY %s; ALTER PUBLICATION %1$I ADD TABLE ONLY %2$s (%3$s)%4$s',
           s.publication, l.relation, array_to_string(l.listed || l.missing, ', '), ' WHERE ' || l.filter)
FROM gpsync.stream AS s, gpsync_internal.short_column_lists(s.publication) AS l
UNION ALL
SELECT 'publication', 'warning', format('publication "%s" of stream "%s" publishes no table', s.publication, s.stream),
       format('ALTER PUBLICATION %I ADD TABLE ...', s.publication)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication
WHERE NOT EXISTS (SELECT FROM gpsync_internal.publication_relations(p.pubname))
UNION ALL
SELECT 'publication', 'warning',
    format('publication "%s" of stream "%s" leaves out some kinds of change', s.publication, s.stream),
       gpsync_internal.publish_fix(s.publication, cut.up)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication,
    LATERAL (SELECT EXISTS (SELECT FROM gpsync.stream AS o
                            WHERE o.publication = s.publication AND o.partition IS NOT NULL)
                        OR EXISTS (SELECT FROM gpsync_internal.publication_relations(s.publication) AS r,
                                       gpsync_internal.attached_shard(r) AS h WHERE h.number IS NOT NULL)) AS cut (up)
WHERE NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND (p.pubtruncate OR cut.up))
UNION ALL
SELECT 'publication', 'error', format('table %s is booked by streams %s', b.relation, b.streams),
       format('SELECT gpsync.drop_stream(%L); SELECT gpsync.create_stream(%1$L, endpoints => %L, publication => %L, '
              'bookkeeping => false)',
              s.stream, s.endpoints, s.publication)
FROM (SELECT r, string_agg(quote_ident(s.stream), ' and ' ORDER BY s.stream),
    (array_agg(s.stream ORDER BY s.created_at DESC))[1]
      FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r
      WHERE s.bookkeeping GROUP BY r
      HAVING count(DISTINCT s.publication || coalesce(' ' || gpsync_internal.partition_count(s.partition), '')) > 1
          OR count(*) > count(DISTINCT coalesce(s.partition, ''))) AS b (relation, streams, latest)
JOIN gpsync.stream AS s ON s.stream = b.latest $$;
COMMENT ON FUNCTION gpsync_internal.doctor_publications() IS 'doctor() on what the streams publish';

-- Not an error: the table is written as ever, and a stream may be dropped on purpose.
CREATE FUNCTION gpsync_internal.doctor_status_events()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'status events', 'warning',
       format('no stream takes topic "%s" of the status events of table %s', a.history_topic, a.relation),
       format('SELECT gpsync.stream_history(%L, NULL); -- or create_stream() with topics => ''{%s}''',
              a.relation, gpsync_internal.in_comment(a.history_topic))
FROM gpsync.attached_tables AS a
WHERE a.history_topic IS NOT NULL
    AND NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE a.history_topic = ANY (s.topics)) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_status_events() IS 'doctor() on tables of stream_history()';

-- Roles that were granted the relay's part, by the privilege that only that part has.
CREATE FUNCTION gpsync_internal.relay_roles() RETURNS SETOF regrole
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT a.grantee::regrole FROM pg_proc AS p, aclexplode(p.proacl) AS a
WHERE p.oid = 'gpsync_internal.relay_config(text)'::regprocedure AND a.grantee <> p.proowner AND a.grantee <> 0 $$;
COMMENT ON FUNCTION gpsync_internal.relay_roles() IS 'The roles that grant_relay() was called for';

CREATE FUNCTION gpsync_internal.doctor_endpoints()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH endpoint AS (
    SELECT DISTINCT e.name, f.oid,
        (SELECT o.option_value FROM pg_options_to_table(f.srvoptions) AS o WHERE o.option_name = 'url') AS url
    FROM gpsync.stream AS s, unnest(s.endpoints) AS e (name)
    LEFT JOIN (pg_foreign_server AS f JOIN pg_foreign_data_wrapper AS w ON w.oid = f.srvfdw
        AND w.fdwname = 'gpsync_http') ON f.srvname = e.name)
SELECT 'endpoint', 'error', format('endpoint "%s" does not exist', e.name),
       format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')', e.name)
FROM endpoint AS e WHERE e.oid IS NULL
    AND EXISTS (SELECT FROM pg_foreign_data_wrapper AS w WHERE w.fdwname = 'gpsync_http')
    AND NOT EXISTS (SELECT FROM pg_foreign_server AS f WHERE f.srvname = e.name)
UNION ALL
SELECT 'endpoint', 'error', format('endpoint "%s" is a server of another foreign data wrapper', e.name),
       format('ALTER EVENT TRIGGER gpsync_guard DISABLE; ALTER SERVER %I RENAME TO ...; ALTER EVENT TRIGGER '
              'gpsync_guard ENABLE ALWAYS; '
              'CREATE SERVER %1$I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')', e.name)
FROM endpoint AS e WHERE e.oid IS NULL
    AND EXISTS (SELECT FROM pg_foreign_data_wrapper AS w WHERE w.fdwname = 'gpsync_http')
    AND EXISTS (SELECT FROM pg_foreign_server AS f WHERE f.srvname = e.name)
UNION ALL
SELECT 'endpoint', 'error',
    format('foreign data wrapper "gpsync_http" is called "%s" now: no endpoint is found', w.fdwname),
       format('ALTER FOREIGN DATA WRAPPER %I RENAME TO gpsync_http', w.fdwname)
FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid AND x.extname = 'gpsync'
JOIN pg_foreign_data_wrapper AS w ON w.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_foreign_data_wrapper'::regclass AND d.deptype = 'e'
    AND w.fdwname <> 'gpsync_http'
UNION ALL
SELECT 'endpoint', 'warning', format('endpoint "%s" gets changes and credentials unencrypted (%s)', e.name, e.url),
       format('ALTER SERVER %I OPTIONS (SET url %L)', e.name, regexp_replace(e.url, '^http:', 'https:', 'i'))
FROM endpoint AS e WHERE gpsync_internal.is_exposed_url(e.url)
UNION ALL
SELECT 'user mapping', 'info',
    format('role %s has no user mapping for endpoint "%s": requests carry no credentials', r, e.name),
       format('CREATE USER MAPPING FOR %s SERVER %I OPTIONS (bearer_token_file ''/...'')', r, e.name)
FROM endpoint AS e, gpsync_internal.relay_roles() AS r
WHERE NOT gpsync_internal.is_local_url(e.url)
    AND NOT EXISTS (SELECT FROM pg_user_mapping AS u WHERE u.umserver = e.oid AND u.umuser IN (0, r))
UNION ALL
SELECT 'user mapping', 'error',
    format('requests to endpoint "%s" are to be signed, and the user mapping of role %s has no signing secret: nothing '
           'is sent', e.name, r),
       format('%s USER MAPPING FOR %s SERVER %I OPTIONS (%ssigning_secret_file ''/...'')',
           CASE WHEN u.umuser IS NULL THEN 'CREATE' ELSE 'ALTER' END,
           CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE r::text END, e.name,
           CASE WHEN u.umuser IS NULL THEN '' ELSE 'ADD ' END)
FROM endpoint AS e CROSS JOIN gpsync_internal.relay_roles() AS r
JOIN pg_foreign_server AS f ON f.oid = e.oid
LEFT JOIN LATERAL (SELECT m.umuser, m.umoptions FROM pg_user_mapping AS m
                   WHERE m.umserver = e.oid AND m.umuser IN (0, r) ORDER BY m.umuser DESC LIMIT 1) AS u ON true
WHERE gpsync_internal.endpoint_settings(f.srvoptions) ->> 'signing' = 'standard-webhooks'
    AND NOT EXISTS (SELECT FROM pg_options_to_table(u.umoptions) AS o
                    WHERE o.option_name IN ('signing_secret', 'signing_secret_file'))
UNION ALL
SELECT 'relay role', 'error', format('role %s lacks %s, which gpsync-relay needs', a.rolname, a.missing),
    format('ALTER ROLE %I %s', a.rolname, a.missing)
FROM (SELECT r.rolname, concat_ws(' ', CASE WHEN NOT r.rolcanlogin THEN 'LOGIN' END,
                                  CASE WHEN NOT (r.rolreplication OR r.rolsuper) THEN 'REPLICATION' END) AS missing
      FROM pg_roles AS r WHERE r.oid IN (SELECT gpsync_internal.relay_roles())) AS a
WHERE a.missing <> '' $$;
COMMENT ON FUNCTION gpsync_internal.doctor_endpoints() IS 'doctor() on endpoints and the role that delivers to them';

CREATE FUNCTION gpsync_internal.doctor_delivery() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'delivery', 'warning',
    format('stream "%s" waits for endpoint "%s"%s%s', e.stream, e.endpoint, coalesce(': ' || e.last_error, ''),
        CASE WHEN e.behind_events > 0 THEN format('; %s events wait in the spool, the oldest for %s s', e.behind_events,
            round(e.behind_seconds)) ELSE '' END),
       format(E'SELECT * FROM gpsync.endpoint_status WHERE stream = %1$L AND endpoint = %2$L;\n'
              'SELECT gpsync.reset_breaker(%1$L, %2$L)  -- when it is mended: tries it at once', e.stream, e.endpoint)
FROM gpsync.endpoint_status AS e
WHERE e.breaker IN ('open', 'half-open') OR e.waiting_until > clock_timestamp()
UNION ALL
SELECT 'delivery', 'error',
    format('stream "%s" waits, for all its endpoints: endpoint "%s" has been behind since %s, with %s bytes in the '
           'spool, and its limit is reached', f.stream, f.endpoint, f.since, f.bytes),
       format('ALTER SERVER %I OPTIONS (%s)', f.endpoint,
              CASE WHEN f.bytes >= f.spool_limit
                  THEN format('%s spool_limit ''%sGB''', f.set_limit, greatest(2 * f.spool_limit / 1073741824, 1))
                  ELSE 'SET spool_time ''0''' END)
FROM (SELECT e.*, CASE WHEN EXISTS (SELECT FROM pg_foreign_server AS s, pg_options_to_table(s.srvoptions) AS o
                                    WHERE s.srvname = e.endpoint AND o.option_name = 'spool_limit') THEN 'SET'
                       ELSE 'ADD' END AS set_limit
      FROM gpsync_internal.endpoint_feeds() AS e WHERE e.limit_at <= clock_timestamp()) AS f
UNION ALL
SELECT 'held events', 'warning',
    format('endpoint "%s" of stream "%s" rejects %s key(s) for now: %s event(s) are held, the first since %s%s',
        h.endpoint, h.stream, count(DISTINCT h.partition_key), count(*), min(h.held_at),
        coalesce('; it said: ' || gpsync_internal.error_pattern((array_agg(h.error ORDER BY h.held_at))[1]), '')),
       format(E'SELECT * FROM gpsync.parked_events WHERE endpoint = %2$L AND state = ''held'';\n'
              'SELECT gpsync.retry_held(%1$L, %2$L)  -- when the cause is mended: tries them at once', h.stream,
              h.endpoint)
FROM gpsync.held_event AS h GROUP BY h.stream, h.endpoint
UNION ALL
SELECT 'dead letters', 'warning',
    format('endpoint "%s" of stream "%s" has refused %s event(s) for good', d.endpoint, d.stream, count(*)),
       format(E'SELECT * FROM gpsync.dead_letter_groups WHERE endpoint = %1$L;\n'
              'SELECT gpsync.retry_dead_letters(endpoint => %1$L)  -- when the cause is mended', d.endpoint)
FROM gpsync.dead_letter AS d GROUP BY d.stream, d.endpoint $$;
COMMENT ON FUNCTION gpsync_internal.doctor_delivery() IS 'doctor() on what waits and what was refused';

REVOKE ALL ON FUNCTION gpsync_internal.create_publication_fix(name), gpsync_internal.doctor_slots(),
    gpsync_internal.short_column_lists(name), gpsync_internal.doctor_publications(),
    gpsync_internal.doctor_status_events(), gpsync_internal.relay_roles(),
    gpsync_internal.doctor_endpoints(), gpsync_internal.doctor_delivery() FROM PUBLIC;
