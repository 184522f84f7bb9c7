# An outage of the history: its tables are locked, its function fails, its sessions are refused. Nothing else notices: no
# writer waits, the other streams go on, the slot is not held back for ever; afterwards the history has everything, once.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
$node->sql("SELECT gpsync.create_history('provision_status')");
$node->sql("ALTER SERVER gpsync_local OPTIONS (ADD retry_base '50ms', ADD retry_attempts '2')");
my @relays = map { $node->start_relay($_) } qw(legacy gpsync_local);
$node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status");

my $written = 0;
sub write_rows
{
    my ($what) = @_;
    my $rows = 200;
    $node->sql("SET statement_timeout = '10s'; SELECT gpsync.generate_test_data('provision_status', $rows, 'w${written}_')");
    $written += $rows;
    my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
    ok($node->wait_for_sql("SELECT gpsync.wait_for_sync('$now', 'legacy')"), "$what: no writer waits, and the other stream delivers");
    return $now;
}
sub history_has { return $node->sql('SELECT count(*) FROM gpsync.status_history') }

sub outage
{
    my ($what) = @_;
    my $now = write_rows($what);
    ok($node->wait_for_sql("SELECT breaker = 'open' FROM gpsync.endpoint_status WHERE endpoint = 'gpsync_local'"), "$what: its breaker opens");
    ok($node->wait_for_sql("SELECT behind_events > 0 FROM gpsync.endpoint_status WHERE endpoint = 'gpsync_local'"), "$what: its events are spooled");
    ok($node->wait_for_sql("SELECT confirmed_lsn >= '$now' FROM gpsync.stream_status WHERE stream = 'gpsync_local'"), "$what: its slot moves on");
    is($node->sql("SELECT sync_status, count(*) FROM provision_status GROUP BY 1"), "COMPLETED|$written", "$what: rows are COMPLETED without it");
    return;
}

sub recovered
{
    my ($what) = @_;
    $node->sql("SELECT gpsync.reset_breaker('gpsync_local', 'gpsync_local')");
    ok($node->wait_for_sql("SELECT count(*) FROM gpsync.status_history", $written), "$what: the history has everything");
    ok($node->wait_for_sql("SELECT feed = 'live' FROM gpsync.endpoint_status WHERE endpoint = 'gpsync_local'"), "$what: it is live again");
    is($node->sql('SELECT count(DISTINCT key) FROM gpsync.status_history'), $written, "$what: ... once");
    is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), 0, "$what: nothing is a dead letter");
    return;
}

write_rows('before');
ok($node->wait_for_sql("SELECT count(*) FROM gpsync.status_history", $written), 'the history follows');

# A lock on its tables: the history stops, and its events wait beside it, so the stream goes on.
my $locker = $node->background_psql('postgres');
$locker->query_safe('BEGIN; LOCK TABLE gpsync.history_state, gpsync.history_entry IN ACCESS EXCLUSIVE MODE');
my $locked = write_rows('locked');
ok($node->wait_for_sql("SELECT gpsync.wait_for_sync('$locked', 'gpsync_local')"), 'locked: its stream goes on');
ok($node->wait_for_sql("SELECT state FROM gpsync.history_status", 'stopped'), 'locked: the history has stopped');
like($node->sql("SELECT problem FROM gpsync.history_status"), qr/SQLSTATE 55P03/, '... and says why');
is($node->sql("SELECT waiting_events FROM gpsync.history_status"), 200, '... and what waits');
is($node->sql("SELECT breaker, feed FROM gpsync.endpoint_status WHERE endpoint = 'gpsync_local'"), 'closed|live', '... while the endpoint is fine');
is($node->sql("SELECT count(*) FROM gpsync.doctor() WHERE finding LIKE 'the history of public.provision_status has stopped: %'"), 1, 'doctor() finds it');
$locker->query_safe('COMMIT');
$locker->quit;
recovered('locked');
ok($node->wait_for_sql("SELECT state, waiting_events FROM gpsync.history_status", 'following|'), 'locked: it follows again');

# The function cannot be called.
$node->sql('REVOKE EXECUTE ON FUNCTION gpsync_internal.relay_apply_local FROM relay');
outage('no right');
$node->sql('GRANT EXECUTE ON FUNCTION gpsync_internal.relay_apply_local TO relay');
recovered('no right');

# Its sessions are refused: the relay's others keep theirs.
my $limit = $node->sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'relay' AND backend_type = 'client backend'") - 1;
$node->sql("ALTER ROLE relay CONNECTION LIMIT $limit");
$node->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'relay' AND query LIKE '%_local(%'");
outage('no session');
ok($_->is_running, 'the relays run') for @relays;
$node->sql('ALTER ROLE relay CONNECTION LIMIT -1');
recovered('no session');

# It is stuck: one that holds the position, and does not end.
my $stuck = $node->background_psql('postgres');
$stuck->query_safe('BEGIN; SELECT * FROM gpsync.local_position FOR UPDATE');
outage('stuck');
$stuck->query_safe('COMMIT');
$stuck->quit;
recovered('stuck');
$_->stop for @relays;
done_testing;
