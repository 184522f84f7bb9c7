-- doctor() on rows that nothing is going to deliver, and on tables that join or leave an attached one.

CREATE FUNCTION gpsync_internal.unbooked_rows(relation regclass, settled_xid xid, until timestamptz,
    OUT unstamped bigint,
    OUT passed bigint)
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_unbooked_rows';
COMMENT ON FUNCTION gpsync_internal.unbooked_rows(regclass, xid, timestamptz) IS
    'How many rows of a table were never stamped, and how many are PENDING although their transaction ended before '
    'settled_xid. At most 8 MB of the table are read, spread over it, and nothing after the given time, of a table '
    'that is locked, or without the columns: then null';

-- A slot's catalog_xmin moves behind what is booked: a transaction before it has been passed, and a row of it that is
-- still PENDING will stay so.
CREATE FUNCTION gpsync_internal.doctor_rows() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH clock AS MATERIALIZED (SELECT clock_timestamp() + interval '1 s' AS until),
booked AS MATERIALIZED (
    -- Of partitions the one that is furthest behind.
    SELECT DISTINCT ON (r) r AS oid, s.stream, slot.catalog_xmin FROM gpsync.stream AS s,
        gpsync_internal.publication_relations(s.publication)
        AS r, pg_replication_slots AS slot
    WHERE s.bookkeeping AND slot.slot_name = gpsync_internal.slot_name(s.stream)
        AND NOT EXISTS (SELECT FROM gpsync_internal.slot_problem(s.stream))
    ORDER BY r, age(slot.catalog_xmin) DESC),
found AS MATERIALIZED (
    SELECT a.relation, b.stream, u.unstamped, u.passed
    FROM clock, gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p LEFT
        JOIN booked AS b
        ON b.oid = p.relid,
        LATERAL gpsync_internal.unbooked_rows(p.relid, b.catalog_xmin, clock.until) AS u WHERE p.isleaf)
SELECT 'rows', 'warning',
    format('table %s has rows that are PENDING although stream "%s" has passed them', f.relation, f.stream),
       format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status = ''PENDING''', f.relation)
FROM found AS f WHERE f.passed > 0
    AND NOT EXISTS (SELECT FROM gpsync.deferred_mark AS m
                    WHERE m.stream = f.stream
                        AND m.relation IN (SELECT p.relid FROM gpsync_internal.partitions(f.relation) AS p))
GROUP BY f.relation, f.stream
UNION ALL
SELECT 'rows', 'info',
    format('table %s has rows that were never stamped: they are from before it was attached, and are sent when they '
           'change', f.relation),
       format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status IS NULL', f.relation)
FROM found AS f WHERE f.unstamped > 0 GROUP BY f.relation $$;
COMMENT ON FUNCTION gpsync_internal.doctor_rows() IS
    'doctor() on rows that nothing will deliver, as far as a short look finds them';

CREATE FUNCTION gpsync_internal.doctor_membership()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH leaf AS MATERIALIZED (
    SELECT a.relation, a.publication, p.relid AS oid
    FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p WHERE p.isleaf),
published AS MATERIALIZED (
    SELECT p.publication, r AS oid FROM (SELECT DISTINCT l.publication FROM leaf AS l) AS p,
        gpsync_internal.publication_relations(p.publication) AS r),
booked AS MATERIALIZED (SELECT r AS oid FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication)
    AS r
    WHERE s.bookkeeping)
SELECT 'publication', 'error', format('attached table %s is not in its publication "%s"', l.relation, l.publication),
       CASE WHEN EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = l.publication)
            THEN format('ALTER PUBLICATION %I ADD TABLE ONLY %s', l.publication, l.relation)
            ELSE gpsync_internal.create_publication_fix(l.publication) END
FROM leaf AS l
    WHERE NOT EXISTS (SELECT FROM published AS p WHERE p.publication = l.publication
    AND p.oid = l.oid) GROUP BY l.relation, l.publication
UNION ALL
SELECT 'stream', 'warning', format('no stream books table %s: its rows stay PENDING', l.relation),
       format('SELECT gpsync.create_stream(''...'', endpoints => ''{...}'', publication => %L)', l.publication)
FROM leaf AS l JOIN published AS p ON p.publication = l.publication AND p.oid = l.oid
WHERE NOT EXISTS (SELECT FROM booked AS b WHERE b.oid = l.oid)
GROUP BY l.relation, l.publication $$;
COMMENT ON FUNCTION gpsync_internal.doctor_membership() IS
    'doctor() on whether attached tables are published and booked';

REVOKE ALL ON FUNCTION gpsync_internal.unbooked_rows(regclass, xid, timestamptz), gpsync_internal.doctor_rows(),
    gpsync_internal.doctor_membership() FROM PUBLIC;
