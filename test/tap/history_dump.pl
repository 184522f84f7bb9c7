# A dump has the history and what it goes on from; where it is restored it catches up with what changed meanwhile, and
# goes on. Analytical copies are tables like others.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql("CREATE SCHEMA reports");
$node->sql("SELECT gpsync.create_history('provision_status', '2 years')");
$node->sql("SELECT gpsync.create_analytics('provision_status', 'reports', '{status}')");
my $relay = $node->start_relay('gpsync_local');
$node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status");
$node->sql("SELECT gpsync.generate_test_data('provision_status', 100, 'p')");
$node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id IN ('p1', 'p2', 'p3')");
my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
ok($node->wait_for_sql("SELECT gpsync.wait_for_sync('$now', 'gpsync_local')"), 'there is a history');
$relay->stop;

# Who may dump the tables may dump their history, and nobody else reads it.
$node->sql("CREATE ROLE $_ LOGIN; SELECT gpsync.grant_operator('$_')") for qw(dumper operator);
$node->sql('GRANT USAGE ON SCHEMA reports TO dumper; GRANT SELECT ON ALL TABLES IN SCHEMA public, reports TO dumper');
PostgreSQL::Test::Utils::command_ok([ 'pg_dump', '-Fc', '-d', $node->connstr('postgres') . ' user=dumper', '-f', $node->basedir . '/dumpers' ], 'pg_dump by an operator who may read the tables');
is(($node->sql_error("SELECT * FROM gpsync.$_", connstr => $node->connstr('postgres') . ' user=operator'))[0], '42501', "an operator who may not cannot read $_")
    for qw(history_state history_state_1 history_entry history_1);

my $dump  = $node->basedir . '/dump';
my $other = GpsyncTest->new_node('other');
PostgreSQL::Test::Utils::command_ok([ 'pg_dump', '-Fc', '-d', $node->connstr('postgres'), '-f', $dump ], 'pg_dump');
$other->sql('CREATE ROLE relay LOGIN REPLICATION; CREATE ROLE dumper; CREATE ROLE operator');
PostgreSQL::Test::Utils::command_ok([ 'pg_restore', '--exit-on-error', '-d', $other->connstr('postgres'), $dump ], 'pg_restore into another cluster');

for my $what ('SELECT * FROM gpsync.history_entry ORDER BY pass, commit_lsn, ordinal, at, key', 'SELECT * FROM gpsync.history_state ORDER BY key',
    'SELECT relation, retention, key_columns FROM gpsync.history_status', 'SELECT relation, target, columns FROM gpsync.analytics_status',
    'SELECT * FROM reports.provision_status ORDER BY 1',
    "SELECT relid::regclass, level FROM pg_partition_tree('gpsync.history_entry')")
{
    is($other->sql($what), $node->sql($what), "the same: $what");
}
is($other->sql("SELECT count(*) FROM pg_indexes WHERE schemaname = 'gpsync' AND tablename LIKE 'history\\_%'"), $node->sql("SELECT count(*) FROM pg_indexes WHERE schemaname = 'gpsync' AND tablename LIKE 'history\\_%'"), 'the same indexes');
is($other->sql('SELECT count(*) FROM gpsync.local_position'), 0, 'a position is never dumped');

# Changed while no stream shows it.
$other->sql("UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'p1'; DELETE FROM provision_status WHERE provision_id = 'p2';
    INSERT INTO provision_status (provision_id, status) VALUES ('new', 'RECEIVED')");
$other->sql("SELECT gpsync.recreate_stream('gpsync_local')");
$relay = $other->start_relay('gpsync_local');
ok($other->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status"), 'the restored one scans the rows');
$other->sql("UPDATE provision_status SET status = 'VERIFIED' WHERE provision_id = 'p1'");
$now = $other->sql('SELECT pg_current_wal_insert_lsn()');
ok($other->wait_for_sql("SELECT gpsync.wait_for_sync('$now', 'gpsync_local')"), '... and goes on');
sub entries
{
    return $other->sql(qq(SELECT string_agg(concat_ws(' ', event, coalesce(from_state, '-'), coalesce(to_state, '-')), ', ')
        FROM gpsync.history_of('provision_status', '{"provision_id": "$_[0]"}')));
}
is(entries('p1'), 'inserted - RECEIVED, updated RECEIVED PROCESSING, observed PROCESSING COMPLETED, updated COMPLETED VERIFIED', 'a row that changed meanwhile');
is(entries('p2'), 'inserted - RECEIVED, updated RECEIVED PROCESSING, observed PROCESSING -', 'one that was deleted');
is(entries('new'), 'observed - RECEIVED', 'one that was inserted');
is(entries('p3'), 'inserted - RECEIVED, updated RECEIVED PROCESSING', 'one that was left alone');
$other->sql("SELECT gpsync.create_history('token_status')");
is($other->sql('SELECT count(DISTINCT history) FROM gpsync.history'), 2, 'another history gets a number of its own');
$relay->stop;
done_testing;
