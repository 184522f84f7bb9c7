# Analytical copies: typed, without PII, fed from the stream, owned by who asked for them; and what their owner does to them.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $PAN  = '4111111111111111';
my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE ROLE analyst LOGIN;
    SELECT gpsync.grant_operator('analyst');
    CREATE SCHEMA reports AUTHORIZATION analyst;
    CREATE TYPE channel AS ENUM ('app', 'web');
    CREATE TABLE orders (id int, part text, status text NOT NULL, amount numeric(12, 2), tags text[], how channel,
        document jsonb, note varchar(40), secret text, photo text, at timestamptz, PRIMARY KEY (id, part));
    ALTER TABLE orders ALTER photo SET STORAGE EXTERNAL;
    SELECT gpsync.attach('orders');
    SECURITY LABEL FOR gpsync ON COLUMN orders.secret IS 'drop';
    SQL
my @analyst = (connstr => $node->connstr('postgres') . ' user=analyst');

# ---- Refused ----
my @refused = (
    [ "'{state}'",        '42703', 'a column that is not there' ],
    [ "'{secret}'",       '22023', 'one that the stream does not show' ],
    [ "'{sync_status}'",  '22023', "gpsync's own" ],
    [ "'{status,status}'", '42701', 'one given twice' ],
    [ 'NULL',             '22023', 'no list' ]);
is(($node->sql_error("SELECT gpsync.create_analytics('orders', 'reports', $_->[0])"))[0], $_->[1], "refused: $_->[2]") for @refused;
is(($node->sql_error("SELECT gpsync.create_analytics('orders', 'reports', '{status}')", @analyst))[0], '42501', 'refused: who may not read the rows');
$node->sql('GRANT SELECT ON orders TO analyst');
is(($node->sql_error("SELECT gpsync.create_analytics('orders', 'public', '{status}')", @analyst))[0], '42501', 'refused: who may not create tables there');
is(($node->sql_error("SELECT gpsync.create_analytics('orders', 'pg_temp', '{status}')"))[0], '42809', 'refused: a temporary table');
is(($node->sql_error("SELECT gpsync.create_analytics('pg_class', 'reports', '{relname}')"))[0], '55000', 'refused: a table that is not attached');
is($node->sql('SELECT count(*) FROM gpsync.stream'), 0, 'what is refused leaves no stream');

# ---- Made ----
$node->sql("INSERT INTO orders (id, part, status) VALUES (1, 'a', 'RECEIVED')");
my ($out, $err) = ('', '');
is($node->psql('postgres', "SELECT gpsync.create_analytics('orders', 'reports', '{status,amount,tags,how,document,note,photo,at}')", @analyst, stdout => \$out, stderr => \$err),
    0, 'an operator makes a copy') or diag $err;
is($out, 'reports.orders', '... in a schema of its own');
is($node->sql("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'reports.orders'::regclass AND attnum > 0"),
    'id integer, part text, status text, amount numeric(12,2), tags text[], how channel, document jsonb, note text, photo text, at timestamp with time zone, '
    . 'gpsync_at timestamp with time zone, gpsync_sequence text', 'typed, the key first');
is($node->sql("SELECT relowner::regrole FROM pg_class WHERE oid = 'reports.orders'::regclass"), 'analyst', 'it is the caller\'s');
my $relay = $node->start_relay('gpsync_local');

sub caught_up
{
    my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
    return ok($node->wait_for_sql("SELECT gpsync.wait_for_sync('$now', 'gpsync_local')"), 'the copy has come so far');
}
my $copied = 'id, part, status, amount, tags, how, document, photo, at';
sub same
{
    my ($what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    caught_up();
    is($node->sql("SELECT count(*) FROM (SELECT $copied FROM orders EXCEPT SELECT $copied FROM reports.orders) AS x"), 0, "$what: nothing is missing");
    is($node->sql("SELECT count(*) FROM (SELECT $copied FROM reports.orders EXCEPT SELECT $copied FROM orders) AS x"), 0, "$what: nothing is too much");
    return;
}

# ---- First copy, changes ----
$node->sql("SELECT gpsync.resend('orders')");
ok($node->wait_for_sql("SELECT state FROM gpsync.resend_progress", 'done'), 'resend()');
same('the rows that were there come with resend()');
$node->sql(<<~'SQL');
    INSERT INTO orders SELECT i, 'a', 'RECEIVED', i / 7.0, ARRAY['x', NULL, 'y"' || i], 'web', jsonb_build_object('n', i, 'os', 'android'),
        NULL, NULL, repeat('photo' || i, 1000), now() FROM generate_series(2, 300) AS i;
    UPDATE orders SET status = 'PROCESSING', amount = NULL WHERE id % 3 = 0;
    DELETE FROM orders WHERE id % 10 = 0;
    SQL
same('inserts, updates, deletes');
$node->sql(<<~'SQL');
    BEGIN;
    UPDATE orders SET status = 'PROCESSING' WHERE id = 2;
    UPDATE orders SET status = 'COMPLETED' WHERE id = 2;
    DELETE FROM orders WHERE id = 4;
    INSERT INTO orders VALUES (4, 'a', 'RECEIVED');
    UPDATE orders SET id = 1000, status = 'PROCESSING' WHERE id = 5;
    UPDATE orders SET id = 1001 WHERE id = 1000;
    COMMIT;
    SQL
same('several changes of a key; a value that the event leaves out');
$node->sql("BEGIN; TRUNCATE orders; INSERT INTO orders VALUES (7, 'b', 'RECEIVED'), (8, 'b', 'RECEIVED'); COMMIT");
same('TRUNCATE');

# ---- PII ----
$node->sql(qq(INSERT INTO orders (id, part, status, document, note, secret) VALUES (9, 'a', 'RECEIVED', '{"pan": "$PAN", "os": "ios"}', 'card $PAN', '$PAN')));
caught_up();
is($node->sql("SELECT document ->> 'os' FROM reports.orders WHERE id = 9"), 'ios', 'a document is there');
is($node->sql("SELECT count(*) FROM reports.orders AS o WHERE o::text LIKE '%$PAN%'"), 0, '... without PII');

# ---- Renames, and a column that is dropped ----
$node->sql(q(ALTER TABLE orders RENAME status TO "the state"; ALTER TABLE orders RENAME id TO "number"; ALTER TABLE orders RENAME TO "Orders"));
$node->sql(q(UPDATE "Orders" SET "the state" = 'PROCESSING' WHERE "number" = 7; DELETE FROM "Orders" WHERE "number" = 8));
caught_up();
is($node->sql('SELECT status FROM reports.orders WHERE id = 7'), 'PROCESSING', 'renames of table and columns change nothing');
is($node->sql('SELECT count(*) FROM reports.orders WHERE id = 8'), 0, '... also for deletes');
$node->sql(q(ALTER TABLE "Orders" RENAME TO orders; ALTER TABLE orders RENAME "the state" TO status; ALTER TABLE orders RENAME "number" TO id));
$node->sql('ALTER TABLE orders DROP at');
$node->sql("INSERT INTO orders (id, part, status) VALUES (10, 'a', 'RECEIVED')");
caught_up();
is($node->sql('SELECT status, at IS NULL FROM reports.orders WHERE id = 10'), 'RECEIVED|t', 'a column that the table has no more is NULL');
is($node->sql("SELECT state, problem FROM gpsync.analytics_status"), 'broken|column "at" of the table was dropped', '... and said');

# ---- The owner changes the copy ----
sub letters { return $node->sql("SELECT coalesce(string_agg(key ->> 'id' || ' ' || error, '; ' ORDER BY event_id), '') FROM gpsync.dead_letter") }
$node->sql("SET ROLE analyst; CREATE INDEX ON reports.orders (status); ALTER TABLE reports.orders ADD CONSTRAINT cheap CHECK (amount < 100)");
$node->sql(q(BEGIN; INSERT INTO orders (id, part, status, amount) VALUES (11, 'a', 'RECEIVED', 99), (12, 'a', 'RECEIVED', 101), (13, 'a', 'RECEIVED', 98); COMMIT));
ok($node->wait_for_sql("SELECT count(*) = 1 FROM gpsync.dead_letter"), 'what a constraint of the owner refuses is a dead letter');
like(letters(), qr/^12 rejected: SQLSTATE 23514, table orders, constraint cheap$/, '... with SQLSTATE and names, without a value');
is($node->sql('SELECT count(*) FROM reports.orders WHERE id IN (11, 13)'), 2, '... and the rest goes on');
$node->sql("SET ROLE analyst; ALTER TABLE reports.orders DROP CONSTRAINT cheap");
$node->sql("SELECT gpsync.retry_dead_letters('gpsync_local')");
ok($node->wait_for_sql('SELECT count(*) = 1 FROM reports.orders WHERE id = 12'), 'retried, it is there');
ok($node->wait_for_sql("SELECT count(*) = 0 FROM gpsync.dead_letter"), '... and its letter gone');

# A letter that is sent again as it was never overwrites what is newer: here a delete that was refused.
$node->sql(q(SET ROLE analyst; CREATE TABLE reports.refs (id int, part text, FOREIGN KEY (id, part) REFERENCES reports.orders DEFERRABLE INITIALLY DEFERRED); INSERT INTO reports.refs VALUES (13, 'a')));
$node->sql('DELETE FROM orders WHERE id = 13');
ok($node->wait_for_sql("SELECT count(*) = 1 FROM gpsync.dead_letter"), 'a foreign key of the owner, also a deferred one, refuses a delete');
like(letters(), qr/^13 rejected: SQLSTATE 23503/, '... by its SQLSTATE');
$node->sql(q(INSERT INTO orders (id, part, status, amount) VALUES (13, 'a', 'RECEIVED', 1)));
caught_up();
$node->sql('DROP TABLE reports.refs');
$node->sql("SELECT gpsync.retry_dead_letters('gpsync_local')");
ok($node->wait_for_sql("SELECT count(*) = 0 FROM gpsync.dead_letter"), 'it is sent again');
is($node->sql('SELECT amount FROM reports.orders WHERE id = 13'), '1.00', '... and leaves alone what has come since');

# ---- Rights: what the owner puts on the copy runs as the owner, restricted ----
$node->sql(<<~'SQL');
    SET ROLE analyst;
    CREATE TABLE reports.seen (who text, db_owner boolean);
    CREATE FUNCTION reports.spy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO reports.seen VALUES (current_user, pg_has_role(current_user, 'relay', 'USAGE'));
        RETURN NEW;
    END $$;
    CREATE TRIGGER spy BEFORE INSERT OR UPDATE ON reports.orders FOR EACH ROW EXECUTE FUNCTION reports.spy();
    SQL
$node->sql("INSERT INTO orders (id, part, status) VALUES (20, 'a', 'RECEIVED')");
caught_up();
is($node->sql('SELECT DISTINCT who, db_owner FROM reports.seen'), 'analyst|f', 'its trigger runs as the owner of the copy');
$node->sql(<<~'SQL');
    SET ROLE analyst;
    CREATE OR REPLACE FUNCTION reports.spy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        SET ROLE relay;
        INSERT INTO reports.seen VALUES (current_user, true);
        RETURN NEW;
    END $$;
    SQL
$node->sql("INSERT INTO orders (id, part, status) VALUES (21, 'a', 'RECEIVED')");
ok($node->wait_for_sql('SELECT state FROM gpsync.analytics_status', 'broken'), 'a copy whose trigger wants another role stops');
ok($node->wait_for_sql('SELECT waiting_events FROM gpsync.analytics_status', 1), '... and its event waits');
is($node->sql('SELECT sqlstate FROM gpsync.local_failure'), '42501', '... with the reason');
$node->sql('DROP TRIGGER spy ON reports.orders');
ok($node->wait_for_sql('SELECT count(*) = 1 FROM reports.orders WHERE id = 21'), '... and is taken without it');
ok($node->wait_for_sql('SELECT count(*) = 0 FROM gpsync.local_failure'), '... by itself');

# What the owner's constraints put off is checked as the owner: here a constraint trigger that says who it is.
$node->sql(<<~'SQL');
    SET ROLE analyst;
    TRUNCATE reports.seen;
    CREATE OR REPLACE FUNCTION reports.spy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO reports.seen VALUES (current_user, pg_has_role(current_user, 'relay', 'USAGE'));
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER spy AFTER INSERT OR UPDATE ON reports.orders DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION reports.spy();
    SQL
$node->sql("INSERT INTO orders (id, part, status) VALUES (23, 'a', 'RECEIVED')");
caught_up();
is($node->sql('SELECT who, db_owner FROM reports.seen'), 'analyst|f', 'a deferred trigger of the copy runs as its owner');
$node->sql('DROP TRIGGER spy ON reports.orders');

# ---- Types of the table's owner ----
# A domain's CHECK would run as who owns the copy, the difference of a range's subtype as who analyzes it.
$node->sql(<<~'SQL');
    CREATE ROLE mallory;
    SELECT gpsync.grant_operator('mallory');
    CREATE SCHEMA m AUTHORIZATION mallory;
    GRANT USAGE ON SCHEMA m TO analyst;
    GRANT CREATE ON DATABASE postgres TO mallory;
    SET ROLE mallory;
    CREATE TABLE m.seen (who text);
    GRANT INSERT ON m.seen TO PUBLIC;
    CREATE FUNCTION m.note() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO m.seen VALUES (current_user); RETURN true; END $$;
    CREATE DOMAIN m.size AS numeric(6, 2) CHECK (m.note());
    CREATE DOMAIN m.sizes AS integer[] CHECK (m.note());
    CREATE TYPE m.box AS (high m.size, wide m.size);
    CREATE FUNCTION m.apart(integer, integer) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note(); RETURN $1 - $2; END $$;
    CREATE TYPE m.span AS RANGE (subtype = integer, subtype_diff = m.apart);
    CREATE TABLE m.parcels (id m.size PRIMARY KEY, box m.box, boxes m.box[], sizes m.size[], lists m.sizes[], span m.span, spans m.span[], plain int4range);
    SELECT gpsync.attach('m.parcels', machine => NULL, publication => 'mallory');
    GRANT SELECT ON m.parcels TO analyst;
    SQL
$node->sql("SELECT gpsync.create_analytics('m.parcels', 'reports', '{box,boxes,sizes,lists,span,spans,plain}')", @analyst);
is($node->sql("SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'reports.parcels'::regclass AND attnum BETWEEN 1 AND 8"),
    'numeric(6,2), jsonb, jsonb[], numeric(6,2)[], jsonb, text, text[], int4range', 'types of the table\'s owner are not in a copy');
$node->sql(<<~'SQL');
    INSERT INTO m.parcels SELECT i, ROW(i, 1)::m.box, ARRAY[ROW(i, 2)::m.box, NULL], ARRAY[i, 2.5], '{"{1,2}","{3}"}', m.span(i, i + 5),
        ARRAY[m.span(i, i + 5), 'empty'], int4range(i, i + 1) FROM generate_series(1, 30) AS i;
    UPDATE m.parcels SET box = NULL WHERE id > 1;
    DELETE FROM m.parcels WHERE id > 20;
    TRUNCATE m.seen;
    INSERT INTO m.parcels (id) VALUES (40);
    SQL
caught_up();
$node->sql('ANALYZE reports.parcels');
is($node->sql("SELECT * FROM reports.parcels WHERE id = 1") =~ s/\|20\d\d-.*//r,
    '1.00|{"high": 1.00, "wide": 1.00}|{"{\"high\": 1.00, \"wide\": 2.00}",NULL}|{1.00,2.50}|[[1, 2], [3]]|[1,6)|{"[1,6)",empty}|[1,2)',
    '... their values are, as the stream shows them');
is($node->sql('SELECT count(*), count(box) FROM reports.parcels'), '21|1', '... and NULL is NULL');
is($node->sql("SELECT DISTINCT who FROM m.seen WHERE who <> 'postgres'"), '', '... nothing of that owner has run as who has the copy');
$node->sql("SELECT gpsync.drop_analytics('reports.parcels')");

# ---- A copy that is gone ----
is(($node->sql_error("SELECT gpsync.drop_analytics('reports.orders')", connstr => $node->connstr('postgres') . ' user=relay'))[0], '42501', 'only its owner ends a copy');
$node->sql('ALTER TABLE reports.orders DROP CONSTRAINT orders_pkey');
is($node->sql("SELECT problem FROM gpsync.analytics_status"), 'the copy has no unique index on its key any more', 'a copy without its index is known');
my $oid = $node->sql("SELECT 'reports.orders'::regclass::oid");
$node->sql('DROP TABLE reports.orders');
$node->sql("INSERT INTO orders (id, part, status) VALUES (22, 'a', 'RECEIVED')");
caught_up();
is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), 0, 'a copy that was dropped makes no dead letters');
is($node->sql("SELECT problem FROM gpsync.analytics_status"), 'the copy was dropped', '... it is said');
$node->sql("SELECT gpsync.drop_analytics('$oid')");
is($node->sql('SELECT count(*) FROM gpsync.stream'), 0, '... and ended by its number');
done_testing;
