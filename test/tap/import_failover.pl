# An import goes on after a failover: its position, its rows and its rejects are of the transactions that the standby has.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $primary = GpsyncTest->new_node('primary');
$primary->sql(<<'SQL');
CREATE EXTENSION gpsync;
CREATE TABLE source (id integer PRIMARY KEY, st text);
INSERT INTO source SELECT i, CASE WHEN i % 1000 = 0 THEN 'NONE' ELSE 'FAILED' END FROM generate_series(1, 20000) AS i;
CREATE TABLE target (id integer PRIMARY KEY, status text);
SELECT gpsync.attach('target');
SELECT gpsync.import('target', 'source', '{"id":"id","status":"st"}', job => 'moved');
SELECT gpsync.set_import('moved', 'max_chunk', '100'), gpsync.set_import('moved', 'rows_per_second', '5000');
SQL
$primary->backup('base');
my $standby = GpsyncTest->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

my $session = $primary->background_psql('postgres', on_error_stop => 0);
$session->{stdin} .= "CALL gpsync.run_import('moved');\n";
$session->{run}->pump_nb;
$standby->wait_for_sql(q{SELECT coalesce(sum(read), 0) > 3000 FROM gpsync.import_part});
$primary->stop('immediate');
eval { $session->quit };
$standby->promote;

my $read = $standby->sql('SELECT read FROM gpsync.import_progress');
cmp_ok($read, '<', 20000, "the standby takes over at $read rows");
is($standby->sql('SELECT written + rejected FROM gpsync.import_progress'), $read, '... with what it counted');
is($standby->sql('SELECT count(*) FROM target'), $standby->sql('SELECT written FROM gpsync.import_progress'), '... and has these rows');
is($standby->sql('SELECT count(*) FROM gpsync.import_rejects'), $standby->sql('SELECT rejected FROM gpsync.import_progress'), '... and these rejects');
$standby->sql(q{SELECT gpsync.set_import('moved', 'rows_per_second', NULL)});
$standby->sql(q{CALL gpsync.run_import('moved')});
is($standby->sql('SELECT state, read, written, skipped, rejected FROM gpsync.import_progress'), 'done|20000|19980|0|20', 'it goes on to the end, with other options');
is($standby->sql('SELECT count(*), count(*) FILTER (WHERE sync_revision % 8 = 1) FROM target'), '19980|19980', 'every row once');

$standby->stop;
done_testing();
