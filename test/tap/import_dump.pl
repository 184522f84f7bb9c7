# A dump of a database in which imports are under way, and what it is restored into: the jobs are there and run only when
# somebody says so.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main', shared_preload_libraries => 'gpsync', 'gpsync.databases' => 'source,restored');
$node->sql('CREATE DATABASE source');
$node->safe_psql('source', <<'SQL');
CREATE EXTENSION gpsync;
CREATE TABLE rows_old (id bigint PRIMARY KEY, st text);
INSERT INTO rows_old SELECT i, CASE WHEN i % 100 = 0 THEN 'no state' ELSE 'RECEIVED' END FROM generate_series(1, 3000) AS i;
CREATE TABLE rows (id bigint PRIMARY KEY, status text);
CREATE TABLE gate (shut_after bigint);
INSERT INTO gate VALUES (1000);
SELECT gpsync.attach('rows');
SELECT gpsync.import('rows', 'rows_old', '{"id":"id","status":"st"}', job => 'half');
SELECT gpsync.set_import('half', 'max_chunk', '100');
SELECT gpsync.set_import('half', 'pause_when', 'SELECT shut_after <= (SELECT count(*) FROM public.rows) FROM public.gate');
SELECT gpsync.start_import('half', 2);
SQL

my $progress = q{SELECT read = written + rejected AND read > 900 AND read < 3000 AND rejected >= 9 FROM gpsync.import_progress WHERE job = 'half'};
my $workers = q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'gpsync import' AND datname = current_database()};
ok($node->poll_query_until('source', q{SELECT waits_for = 'pause_when' FROM gpsync.import_progress WHERE job = 'half'}), 'a third is there');
is($node->safe_psql('source', $progress), 't', '... with rejects');
is($node->safe_psql('source', $workers), 2, '... and two workers wait');

my $dump = $node->basedir . '/dump';
PostgreSQL::Test::Utils::command_ok([ 'pg_dump', '-Fc', '-d', $node->connstr('source'), '-f', $dump ], 'pg_dump');
$node->sql('CREATE DATABASE restored TEMPLATE template0');
PostgreSQL::Test::Utils::command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('restored'), $dump ], 'pg_restore');

my $state = q{SELECT state, read, written, rejects_open FROM gpsync.import_progress WHERE job = 'half'};
is($node->safe_psql('restored', $state), $node->safe_psql('source', $state), 'the job is restored as far as it was');
my $rejects = q{SELECT array_agg((key, sqlstate, state) ORDER BY id) FROM gpsync.import_rejects WHERE job = 'half'};
is($node->safe_psql('restored', $rejects), $node->safe_psql('source', $rejects), '... with its rejects');
my $imported = q{SELECT count(*), bool_and(r.sync_status = 'COMPLETED') FROM rows AS r JOIN gpsync.import_chunk AS c ON c.revision = r.sync_revision};
is($node->safe_psql('restored', $imported), $node->safe_psql('source', $imported), '... and which rows it wrote');

# What the supervisor does; and a restart, after which it does so by itself.
$node->safe_psql('restored', q{UPDATE gate SET shut_after = 1000000; UPDATE gpsync.import_job SET workers_at = NULL});
$node->safe_psql('restored', 'SELECT gpsync_internal.keep_import_workers()');
is($node->safe_psql('restored', $workers), 0, 'nothing of it starts there by itself');
$node->restart;
ok($node->poll_query_until('source', "SELECT ($workers) = 2"), 'where it was started, the workers come back');
is($node->safe_psql('restored', $workers), 0, '... and only there');

$node->safe_psql('restored', q{CALL gpsync.run_import('half')});
is($node->safe_psql('restored', $state), 'done|3000|2970|30', 'the restored import goes on where it was, and keeps new rejects');
is($node->safe_psql('restored', q{SELECT count(DISTINCT key) FROM gpsync.import_rejects WHERE job = 'half'}), 30, '... each once');
$node->safe_psql('restored', q{UPDATE rows_old SET st = 'FAILED' WHERE id % 100 = 0; SELECT gpsync.retry_rejects('half'); CALL gpsync.run_import('half')});
is($node->safe_psql('restored', q{SELECT count(*) FROM rows}), 3000, 'rejects are retried');
$node->safe_psql('restored', q{INSERT INTO rows_old SELECT i, 'no state' FROM generate_series(4001, 4005) AS i});
$node->safe_psql('restored', q{SELECT gpsync.import('rows', 'rows_old', '{"id":"id","status":"st"}', job => 'another'); CALL gpsync.run_import('another')});
is($node->safe_psql('restored', q{SELECT read, skipped, rejects_open FROM gpsync.import_progress WHERE job = 'another'}), '3005|3000|5', 'another import there works');
is($node->safe_psql('source', q{SELECT read < 3000 FROM gpsync.import_progress WHERE job = 'half'}), 't', 'and the first one still waits');

$node->stop;
done_testing();
