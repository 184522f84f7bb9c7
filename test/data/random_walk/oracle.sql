-- What the stream must show of each change, written by AFTER triggers into walk.log.
CREATE SCHEMA walk;
CREATE TABLE walk.log (
    id bigserial PRIMARY KEY,
    xid xid NOT NULL DEFAULT pg_current_xact_id()::xid,
    operation text NOT NULL,
    leaf jsonb NOT NULL,   -- the relation that was changed, as walk.describe() has it
    root jsonb NOT NULL,   -- what it is shown as with publish_via_partition_root
    new_row jsonb,
    old_row jsonb,
    written json NOT NULL);  -- objects among the columns of the new row, or the old one, with their members in order

-- A relation and its ancestors, the topmost last.
CREATE FUNCTION walk.ancestors(relation oid) RETURNS oid[] LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT array_agg(a.relid ORDER BY ordinality)
        FROM pg_partition_ancestors(relation) WITH ORDINALITY a (relid, ordinality)), ARRAY[relation])
$$;

-- Names of the key: of the replica identity's index, else of the primary key.
CREATE FUNCTION walk.key_columns(relation oid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT array_agg(a.attname::text ORDER BY k.ordinality)
        FROM (SELECT i.* FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
              WHERE i.indrelid = relation AND i.indislive
                AND CASE WHEN c.relreplident = 'i' AND EXISTS (SELECT FROM pg_index j WHERE j.indrelid = relation
                    AND j.indisreplident)
                    THEN i.indisreplident ELSE i.indisprimary END) i
        CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, ordinality)
        JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = k.attnum), '{}')
$$;

CREATE FUNCTION walk.columns(relation oid) RETURNS SETOF pg_attribute LANGUAGE sql STABLE ROWS 8 AS $$
    SELECT a.* FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
$$;

-- "labelled" has, for each column, where a label may stand that counts for it; "hidden" those that have the label drop
-- now.
CREATE FUNCTION walk.describe(leaf oid, shown oid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH places AS (
        SELECT a.attname, p.attrelid, p.attnum
        FROM walk.columns(leaf) a
        CROSS JOIN unnest(walk.ancestors(leaf)) relation (relid)
        JOIN pg_attribute p ON p.attrelid = relation.relid AND p.attname = a.attname)
    SELECT jsonb_build_object('schema', n.nspname, 'table', c.relname, 'kind', c.relkind, 'key',
        walk.key_columns(shown),
        'identity', (SELECT relreplident FROM pg_class WHERE oid = leaf), 'identity_columns', walk.key_columns(leaf),
        'labelled', (SELECT jsonb_object_agg(attname, list) FROM (
            SELECT attname, jsonb_agg(format('%s.%s', attrelid, attnum)) AS list FROM places GROUP BY attname) p),
        'hidden', ARRAY(SELECT DISTINCT attname FROM places JOIN pg_seclabel l
            ON l.objoid = attrelid AND l.objsubid = attnum AND l.classoid = 'pg_class'::regclass
                AND l.provider = 'gpsync' AND l.label = 'drop'),
        'books', EXISTS (SELECT FROM walk.columns(shown) WHERE attname = 'sync_revision'
            AND atttypid = 'int8'::regtype))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = shown
$$;

-- jsonb has the members of a composite value in an order of its own.
CREATE FUNCTION walk.objects_of(document json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(json_object_agg(key, value), '{}') FROM json_each(document) WHERE json_typeof(value) = 'object'
$$;

CREATE FUNCTION walk.note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ancestors oid[] := walk.ancestors(TG_RELID);
    leaf jsonb := walk.describe(TG_RELID, TG_RELID);
    root jsonb := leaf;
    new_row jsonb;
    old_row jsonb;
    written json := '{}';
BEGIN
    IF cardinality(ancestors) > 1 THEN
        root := walk.describe(TG_RELID, ancestors[cardinality(ancestors)]);
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN new_row := to_jsonb(NEW); END IF;
    IF TG_OP IN ('UPDATE', 'DELETE') THEN old_row := to_jsonb(OLD); END IF;
    IF TG_LEVEL = 'ROW' THEN
        written := walk.objects_of(row_to_json(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END));
    END IF;
    INSERT INTO walk.log (operation, leaf, root, new_row, old_row, written)
        VALUES (TG_OP, leaf, root, new_row, old_row, written);
    RETURN NULL;
END
$$;

-- Every table has the trigger of TRUNCATE; those with rows the other one, too.
CREATE FUNCTION walk.watch(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER note_truncate AFTER TRUNCATE ON %s EXECUTE FUNCTION walk.note()', relation);
    IF (SELECT relkind FROM pg_class WHERE oid = relation) = 'r' THEN
        EXECUTE format('CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW '
            'EXECUTE FUNCTION walk.note()', relation);
    END IF;
END
$$;
