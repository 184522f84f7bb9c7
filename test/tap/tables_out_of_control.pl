# Rows that slip out of control: tables that inherit, partitions that bring rows along, tables that become unlogged; load_row(), the way in for a row in a later
# state; what a database's owner and a standby see.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $nws  = GpsyncTest::Emulator->new('nws');
my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->create_endpoint($nws);
$node->sql("CREATE TABLE orders (id text PRIMARY KEY, status text, note text DEFAULT 'none'); SELECT gpsync.attach('orders')");
$node->sql("CREATE TABLE parts (id int PRIMARY KEY, status text) PARTITION BY RANGE (id); CREATE TABLE parts_0 PARTITION OF parts FOR VALUES FROM (0) TO (10);
    SELECT gpsync.attach('parts')");
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

sub warnings { my ($sql) = @_; my ($out, $err) = ('', ''); $node->psql('postgres', $sql, stdout => \$out, stderr => \$err); return $err }
sub one { my ($sql) = @_; return $node->sql("SELECT $sql") }

note('inheritance');
$node->sql('CREATE TABLE base (id int PRIMARY KEY, status text); CREATE TABLE heir () INHERITS (base)');
my ($state, $error) = $node->sql_error("SELECT gpsync.attach('base')");
is($state, '55000', 'a table that others inherit from is refused');
like($error, qr/because table public.heir inherits from it.*HINT:.*Attach public.heir first.*NO INHERIT/s, '... with both ways out');
$node->sql("ALTER TABLE heir ADD PRIMARY KEY (id); SELECT gpsync.attach('heir'); SELECT gpsync.attach('base')");
$node->sql("INSERT INTO heir VALUES (1, 'RECEIVED'); UPDATE base SET status = 'PROCESSING'");
$node->wait_for_sync;
is(one('status || sync_status FROM ONLY heir'), 'PROCESSINGCOMPLETED', 'attached each by itself, a write through the parent is sent as the child\'s');
my $hint = qr/inherits from attached table public.base and is not under its control.*HINT:.*attach\('public.second'\).*NO INHERIT/s;
like(warnings('CREATE TABLE second () INHERITS (base)'), $hint, 'CREATE TABLE ... INHERITS warns');
like(warnings('CREATE TABLE third (LIKE base); ALTER TABLE third INHERIT base'), qr/table public.third inherits from attached table/, 'so does ALTER TABLE ... INHERIT');
like(warnings('CREATE SCHEMA s CREATE TABLE fourth () INHERITS (public.base)'), qr/table s.fourth inherits from attached table/, '... and CREATE SCHEMA');
is(warnings('CREATE TEMP TABLE fifth () INHERITS (base)'), '', 'a temporary table is its session\'s');
is(warnings('CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (10) TO (20)'), '', 'a partition is under control');

note('partitions with rows');
$node->sql("CREATE TABLE parts_2 (LIKE parts INCLUDING ALL); INSERT INTO parts_2 VALUES (20, 'VERIFIED'), (21, 'RECEIVED')");
my $warning = warnings('ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES FROM (20) TO (30)');
like($warning, qr/partition public.parts_2 brings rows into attached table public.parts that were never stamped/, 'a partition attached with rows warns');
my ($fix) = $warning =~ /To send them now: (.*;)/;
$node->sql($fix);
$node->wait_for_sync;
is(one("string_agg(sync_status, ' ') FROM parts_2"), 'COMPLETED COMPLETED', '... and its hint sends them, in the states they are in');
$node->sql('CREATE TABLE parts_3 (LIKE parts INCLUDING ALL)');
is(warnings('ALTER TABLE parts ATTACH PARTITION parts_3 FOR VALUES FROM (30) TO (40)'), '', 'an empty one does not');
$node->sql('ALTER TABLE parts DETACH PARTITION parts_2');
is(warnings('ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES FROM (20) TO (30)'), '', 'nor one whose rows were stamped');
like(warnings('ALTER TABLE parts_3 SET UNLOGGED'), qr/table public.parts_3 is unlogged now: its changes are not sent/, 'SET UNLOGGED warns');
is(warnings('ALTER TABLE parts_3 SET LOGGED'), '', 'SET LOGGED does not');
($state) = $node->sql_error('ALTER TABLE orders SET UNLOGGED');
is($state, '55000', 'of a table that is published itself the server refuses it') or note($state);

note('load_row()');
$node->sql("SELECT gpsync.load_row('orders', '{\"id\": \"moved\", \"status\": \"VERIFIED\"}')");
$node->wait_for_sync;
is(one("concat_ws('|', status, note, sync_status) FROM orders WHERE id = 'moved'"), 'VERIFIED|none|COMPLETED', 'a row in a later state, with its defaults, is sent');
is((grep { $_->{subject} eq 'public.orders/moved' } $nws->events)[0]{type}, 'gpsync.row.inserted', '... as an insert');
like(PostgreSQL::Test::Utils::slurp_file($node->logfile), qr/a row was loaded into table "orders" in state "VERIFIED" by role "postgres"/, '... and recorded');
is(($node->sql_error("UPDATE orders SET status = 'RECEIVED' WHERE id = 'moved'"))[0], '23514', '... its next transition is checked');
$node->sql("SELECT gpsync.load_row('orders', to_jsonb(o) || '{\"id\": \"copy\"}') FROM orders AS o WHERE id = 'moved'");
is(one("sync_revision > (SELECT sync_revision FROM orders WHERE id = 'moved') FROM orders WHERE id = 'copy'"), 't', 'a whole row gets a revision of its own');
for my $row (
    [ '23514', '{"id": "x", "status": "NOWHERE"}', 'no state of the machine' ],
    [ '23514', '{"id": "x", "status": null}',      'no status' ],
    [ '42703', '{"id": "x", "statsu": "FAILED"}',  'no such column' ],
    [ '22023', '[1]',                              'no object' ],
    [ '23505', '{"id": "moved", "status": "FAILED"}', 'a key that is there' ])
{
    is(($node->sql_error("SELECT gpsync.load_row('orders', '$row->[1]')"))[0], $row->[0], "refused: $row->[2]");
}
is(($node->sql_error("CREATE TABLE plain (id int); SELECT gpsync.load_row('plain', '{\"id\": 1}')"))[0], '55000', 'refused: a table that is not attached');
$node->sql("SELECT gpsync.load_row('parts', '{\"id\": 5, \"status\": \"FAILED\"}'); SELECT gpsync.load_row('parts_0', '{\"id\": 6, \"status\": \"FAILED\"}')");
is(one('count(*) FROM parts_0 WHERE status = $$FAILED$$'), 2, 'into a partition');
# The permission is for one row of one table, and ends with its call and its subtransaction.
is(($node->sql_error("SELECT gpsync.load_row('orders', '{\"id\": \"y\", \"status\": \"FAILED\"}'); INSERT INTO orders VALUES ('z', 'FAILED')"))[0], '23514', 'after it INSERT is checked');
is(($node->sql_error("SELECT gpsync.load_row('orders', '{\"id\": \"initial\", \"status\": \"RECEIVED\"}'); INSERT INTO orders VALUES ('z', 'FAILED')"))[0], '23514', '... also where the row did not need it');
is(($node->sql_error("BEGIN; DO \$\$ BEGIN PERFORM gpsync.load_row('orders', '{\"id\": \"moved\", \"status\": \"FAILED\"}'); EXCEPTION WHEN OTHERS THEN END \$\$;
    INSERT INTO orders VALUES ('z', 'FAILED'); COMMIT"))[0], '23514', '... and where an error was caught');
$node->sql("CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN IF pg_trigger_depth() = 1 THEN INSERT INTO public.orders VALUES (NEW.id || '+', 'ELIGIBLE'); END IF; RETURN NULL; END \$\$;
    CREATE TRIGGER zz_more AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION more()");
is(($node->sql_error("SELECT gpsync.load_row('orders', '{\"id\": \"w\", \"status\": \"FAILED\"}')"))[0], '23514', 'a trigger\'s rows are checked');
$node->sql('DROP TRIGGER zz_more ON orders');
$node->sql("CREATE ROLE op; SELECT gpsync.grant_operator('op'); CREATE ROLE writer; GRANT INSERT ON orders TO writer; GRANT USAGE ON SCHEMA gpsync TO writer");
is(($node->sql_error("SET ROLE op; SELECT gpsync.load_row('orders', '{\"id\": \"v\", \"status\": \"FAILED\"}')"))[0], '42501', 'an operator needs INSERT on the table');
is(($node->sql_error("SET ROLE writer; SELECT gpsync.load_row('orders', '{\"id\": \"v\", \"status\": \"FAILED\"}')"))[0], '42501', 'who may INSERT needs to be an operator');
$node->sql("GRANT INSERT ON orders TO op; SET ROLE op; SELECT gpsync.load_row('orders', '{\"id\": \"v\", \"status\": \"FAILED\"}')");
is(one("status FROM orders WHERE id = 'v'"), 'FAILED', '... with both it works');

note('last_updated without time zone');
$node->sql("SET TimeZone = 'Asia/Tokyo'; INSERT INTO token_status (token_id, status) VALUES ('t1', 'RECEIVED')");
is(one("abs(extract(epoch FROM last_updated - now() AT TIME ZONE 'Asia/Tokyo')) < 60 FROM token_status WHERE token_id = 't1'"), 't',
    'it is the local time of the session that writes, as LOCALTIMESTAMP');

note('a database\'s owner dumps it');
$node->sql('CREATE ROLE owner LOGIN; CREATE DATABASE owned OWNER owner');
$node->safe_psql('owned', "CREATE EXTENSION gpsync; SELECT gpsync.grant_operator('owner'); CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://localhost/');
    GRANT USAGE ON FOREIGN SERVER nws TO owner");
$node->safe_psql('owned', "SET ROLE owner; CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY, status text); SELECT gpsync.attach('app.t', publication => 'p')");
$node->safe_psql('owned', q{SET ROLE owner; SELECT gpsync.create_stream('dumped', '{nws}', 'p')});
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump.sql';
is(system('pg_dump', '-w', '-U', 'owner', '-h', $node->host, '-p', $node->port, '-f', $dump, 'owned'), 0, 'pg_dump by the owner works');
like(PostgreSQL::Test::Utils::slurp_file($dump), qr/COPY gpsync.stream .*\ndumped\t/, '... and has the streams');
$node->safe_psql('owned', "SELECT gpsync.drop_stream('dumped')");

note('a standby');
$node->backup('base');
my $standby = GpsyncTest->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay');
is($standby->sql("SELECT count(*) FROM gpsync.stream_status"), 1, 'stream_status');
is($standby->sql("SELECT count(*) FROM gpsync.endpoint_status"), 1, 'endpoint_status');
is($standby->sql("SELECT coalesce(string_agg(finding, E'\\n'), '') FROM gpsync.doctor() WHERE check_name = 'doctor'"), '', '... and every area of the doctor');
done_testing;
