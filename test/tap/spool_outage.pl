# A long outage, compressed: one endpoint is down while many more changes come than the relay holds in memory. The other
# endpoint gets them all, the WAL that the slot keeps and the relay's memory stay bounded, and what the spool took on
# disk is given back.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $CHANGES = 162_000;    # about 97 MB of events: three times what the relay holds in memory
my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for $nws, $ods;
$node->create_stream('legacy', qw(nws ods));
$node->sql("ALTER SERVER $_ OPTIONS (ADD spool_limit '160MB')") for qw(nws ods);    # a segment is full at 20 MB
my $relay = $node->start_relay('legacy');

sub memory_mb
{
    my ($kb) = PostgreSQL::Test::Utils::slurp_file('/proc/' . $relay->pid . '/status') =~ /^VmRSS:\s+(\d+)/m;
    return $kb / 1024;
}

sub spool_mb { return $node->sql('SELECT spool_bytes / 1048576.0 FROM gpsync.stream_status') }

$nws->faults(kind => 'status', status => 503);
my ($most_memory, $most_wal) = (0, 0);
for my $part (1 .. 12)
{
    $node->sql("SELECT gpsync.generate_test_data('provision_status', " . $CHANGES / 12 . ", 'part${part}_')");
    my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
    ok($node->wait_for_sql("SELECT confirmed_lsn >= '$now' FROM gpsync.stream_status"), "part $part: the slot moves on");
    my $wal = $node->sql('SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn) / 1048576.0 FROM pg_replication_slots');
    $most_wal    = $wal if $wal > $most_wal;
    $most_memory = memory_mb() if memory_mb() > $most_memory;
}
is($ods->stats->{accepted}, $CHANGES, 'the other endpoint has them all');
is($node->sql("SELECT behind_events FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), $CHANGES, 'the one that is down is behind by all of them');
cmp_ok($node->sql('SELECT count(*) FROM gpsync.spool_segment WHERE events > 0'), '>', 2, 'several segments are in use');
my $full = spool_mb();
note(sprintf 'WAL kept by the slot: at most %.0f MB; memory of the relay: at most %.0f MB; spool on disk: %.1f MB for %.0f MB of events',
    $most_wal, $most_memory, $full, $node->sql('SELECT sum(bytes) / 1048576.0 FROM gpsync.spool_segment'));
cmp_ok($most_memory, '<=', 100, 'memory is bounded');
$node->sql('CHECKPOINT');
cmp_ok($node->sql('SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn) / 1048576.0 FROM pg_replication_slots'), '<=', 64,
    'the WAL that the slot keeps is bounded');

$nws->clear_faults;
ok($node->wait_for_sql("SELECT behind_events < $CHANGES / 2 FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'it drains');
ok($node->wait_for_sql("SELECT feed = 'live' FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'it has caught up');
$node->wait_for_sync;
$node->ledger_agrees($_, 'provision_status') for $nws, $ods;
ok($node->wait_for_sql('SELECT sum(events) = 0 FROM gpsync.spool_segment'), 'the segments are empty');
note(sprintf 'spool on disk afterwards: %.2f MB', spool_mb());
cmp_ok(spool_mb(), '<', 1, '... and take no space');
cmp_ok(memory_mb(), '<=', 100, 'memory is bounded');
is($node->sql("SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE relname LIKE 'spool\\_legacy%'"), 0, 'no dead rows are left');
$relay->stop;
done_testing;
