# Traffic is stopped: for every session at once, prepared statements and sessions that have never loaded the library
# included; a transaction that has written ends first; the bookkeeping goes on; a restart and a dump keep the stop.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->configure(max_prepared_transactions => 5);
$node->restart;
my $nws = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $table = 'provision_status';
$node->sql(<<~"SQL");
    CREATE ROLE app LOGIN; CREATE ROLE ops LOGIN;
    SELECT gpsync.grant_operator('ops');
    GRANT ALL ON provision_status TO app, ops;
    SQL
my $prefix = $node->add_rows(10);

sub as_app { my ($sql) = @_; return $node->sql_error("SET ROLE app; $sql") // '' }
sub stop { my ($more) = @_; return "SET ROLE ops; SELECT gpsync.stop_traffic('{provision_status}', 'a test'" . ($more // '') . ')' }
my $resume  = "SET ROLE ops; SELECT gpsync.resume_traffic('{provision_status}')";
my $stopped = qr/traffic to table "provision_status" is stopped/;

# ------------------------------------------------------------------------------------------------- sessions that write
# One that has written the table, with a plan that stamps; one that has a cursor on it; one that never touched it.
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query_safe("SET ROLE app; PREPARE u (text) AS UPDATE provision_status SET detail = '{}' WHERE provision_id = \$1; PREPARE d (text) AS DELETE FROM provision_status WHERE provision_id = \$1;");
$session->query_safe("EXECUTE u('${prefix}_1')") for 1 .. 7;
$node->sql(stop());
is($node->sql('SELECT relation, reason, stopped_by FROM gpsync.traffic_stops'), 'provision_status|a test|ops', 'view traffic_stops');
for my $statement ("EXECUTE u('${prefix}_1')", "EXECUTE d('${prefix}_1')", "UPDATE provision_status SET status = status", 'DELETE FROM provision_status', 'TRUNCATE provision_status')
{
    $session->query($statement);
    like($session->{stderr}, $stopped, "an open session: $statement");
    $session->{stderr} = '';
}
like(as_app('DELETE FROM provision_status'), qr/$stopped.*Role "ops" stopped it at 20.*: a test.*Try again when/s, 'a new session, whose first statement it is');
is($node->sql("SET ROLE app; SELECT count(*) FROM provision_status"), 10, 'reading goes on');
$node->sql("SET ROLE ops; UPDATE provision_status SET detail = '{\"ops\":1}' WHERE provision_id = '${prefix}_2'");

# The books are no traffic.
my $relay = $node->start_relay('legacy');
$node->wait_for_sync;
is($node->sql("SELECT DISTINCT sync_status FROM provision_status"), 'COMPLETED', 'rows are marked while traffic is stopped');
$node->ledger_agrees($nws, 'public.provision_status');

# ------------------------------------------------------------------------------------------------- restart and dump
$node->restart;
like(as_app("UPDATE provision_status SET status = status"), $stopped, 'a restart keeps the stop');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('postgres') ], 'a dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('restored') ], 'is restored, rows and all');
is($node->safe_psql('restored', 'SELECT count(*) FROM provision_status'), 10, 'its rows are there');
is($node->safe_psql('restored', 'SELECT relation, reason, stopped_by FROM gpsync.traffic_stops'), 'provision_status|a test|ops', 'and its traffic is stopped');
my (undef, undef, $error) = $node->psql('restored', 'SET ROLE app; DELETE FROM provision_status');
like($error, $stopped, 'which it says');
$node->safe_psql('postgres', 'DROP DATABASE restored');

# ------------------------------------------------------------------------------------------------- who has written
$node->sql($resume);
is(as_app("UPDATE provision_status SET status = status WHERE provision_id = '${prefix}_1'"), '', 'traffic flows again');
my $writer = $node->background_psql('postgres');
$writer->query_safe("SET ROLE app; BEGIN; UPDATE provision_status SET detail = '{\"w\":1}' WHERE provision_id = '${prefix}_3'");
like($node->sql_error(stop(", wait => '1 s'")), qr/transactions that have written to table public.provision_status do not end.*process \d+ \(role postgres, idle in transaction/s,
    'a transaction that does not end keeps traffic from being stopped');
is(as_app("UPDATE provision_status SET status = status WHERE provision_id = '${prefix}_1'"), '', 'and others still write');
my $stopper = $node->background_psql('postgres');
$stopper->{stdin} .= stop() . ";\n\\echo stopped\n";
$stopper->{run}->pump_nb;
$node->wait_for_sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%stop_traffic%' AND pid <> pg_backend_pid()", 1);
$writer->query_safe('COMMIT');
$node->wait_for_sql('SELECT count(*) FROM gpsync.traffic_stops', 1);
is($node->sql("SELECT detail FROM provision_status WHERE provision_id = '${prefix}_3'"), '{"w": 1}', 'it is stopped once the transaction has committed');
$stopper->quit;
$node->sql($resume);
$node->sql("BEGIN; UPDATE provision_status SET status = status WHERE provision_id = '${prefix}_4'; PREPARE TRANSACTION 'left'");
like($node->sql_error(stop(", wait => '1 s'")), qr/prepared transaction 'left'/, 'a prepared transaction is named');
$node->sql("ROLLBACK PREPARED 'left'");

# ------------------------------------------------------------------------------------------------- a reader in the way
$node->sql(stop());
my $reader = $node->background_psql('postgres');
$reader->query_safe('BEGIN; SELECT count(*) FROM provision_status');
$node->sql($resume);
is(as_app("UPDATE provision_status SET status = status WHERE provision_id = '${prefix}_1'"), '', 'a long reader does not keep traffic from being resumed');
is($node->sql('SELECT count(*) FROM gpsync.traffic_stops'), 0, 'it is not stopped');
is($node->sql("SELECT severity, fix FROM gpsync.doctor() WHERE check_name = 'traffic'"), "info|SELECT gpsync.resume_traffic('{public.provision_status}')",
    'doctor shows that triggers are left');
$node->sql(stop());
isnt(as_app("UPDATE provision_status SET status = status WHERE provision_id = '${prefix}_1'"), '', 'it can be stopped again meanwhile');
$node->sql($resume);
$reader->query_safe('COMMIT');
$node->sql('SELECT gpsync_internal.drop_resumed_stops()');
is($node->sql("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'gpsync_stopped%'"), 0, 'which go as soon as they can');

# ----------------------------------------------------------------------------------------------------------- under load
my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<~"SQL" =~ s/\n//gr);
    DO \$\$ BEGIN UPDATE provision_status SET detail = jsonb_build_object('n', random()) WHERE provision_id = '${prefix}_5';
     EXCEPTION WHEN read_only_sql_transaction THEN PERFORM pg_sleep(0.01); END \$\$;
    SQL
my $busy = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 3, '-T', 600, '--max-tries=100000', '-f', $script, '-U', 'app', $node->connstr('postgres') ]);
$node->wait_for_sql("SELECT count(*) > 50 FROM (SELECT sum(n_tup_upd) FROM pg_stat_user_tables WHERE relname = 'provision_status') AS s (n) CROSS JOIN generate_series(1, n::int)");
for my $round (1 .. 3)
{
    $node->sql(stop());
    my $sum = "SELECT md5(string_agg(t::text, '' ORDER BY provision_id)) FROM (SELECT provision_id, detail, sync_revision FROM provision_status) t";
    my $at = $node->sql($sum);
    $node->sql("SELECT pg_sleep(0.2)");
    is($node->sql($sum), $at, "no write between stop and resume under load, round $round");
    $node->sql($resume);
    ok($node->wait_for_sql("SELECT '$at' <> md5(string_agg(t::text, '' ORDER BY provision_id)) FROM (SELECT provision_id, detail, sync_revision FROM provision_status) t"),
        'then they write again');
}
ok($busy->is_running, 'the writers have met no other error');
$busy->kill9;

$_->quit for $session, $writer, $reader;
$relay->stop;
done_testing();
