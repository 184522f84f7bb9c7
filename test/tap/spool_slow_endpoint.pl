# The only endpoint is slow and does not fail. What it does not take in time is spooled before the slot keeps so much WAL
# that the server gives it up.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', max_slot_wal_keep_size => '96MB', min_wal_size => '32MB', max_wal_size => '64MB');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '20ms');
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

sub retained_mb { return $node->sql('SELECT retained_bytes / 1048576 FROM gpsync.stream_status') }

is($node->sql('SELECT gpsync_internal.most_retained_bytes() / 1048576'), 48, 'half of max_slot_wal_keep_size');
$nws->faults(kind => 'delay', ms => 1000);
my ($parts, $most) = (0, 0);
while ($node->sql("SELECT feed FROM gpsync.endpoint_status") eq 'live' && $parts < 60)
{
    ++$parts;
    # About 2 kB of WAL a row.
    $node->sql("INSERT INTO provision_status (provision_id, status, detail) SELECT 'r${parts}_' || n, 'RECEIVED', to_jsonb(d)
        FROM generate_series(1, 4000) n, LATERAL (SELECT string_agg(md5(n::text || '-' || i), '') FROM generate_series(1, 50) i) AS t (d)");
    GpsyncTest::wait_until(sub { $node->sql("SELECT s.lag_bytes < 60000000 OR e.feed = 'behind' FROM gpsync.stream_status s, gpsync.endpoint_status e") eq 't' }, 'no more than that waits');
    $node->sql('CHECKPOINT');
    $most = retained_mb() if retained_mb() > $most;
}
is($node->sql('SELECT feed FROM gpsync.endpoint_status'), 'behind', "it is spooled for, after $parts times 4,000 rows");
is($node->sql('SELECT breaker FROM gpsync.endpoint_status'), 'closed', '... although it does not fail');
note("the slot kept at most $most MB");
my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
ok($node->wait_for_sql("SELECT confirmed_lsn >= '$now' FROM gpsync.stream_status"), 'the slot moves on');
$node->sql('CHECKPOINT');
is($node->sql('SELECT wal_status FROM pg_replication_slots'), 'reserved', '... and is not about to be lost');
$nws->clear_faults;
# Between checkpoints the server lets go of WAL every 15 s: at this speed it would be too much.
ok(GpsyncTest::wait_until(sub { $node->sql('CHECKPOINT'); $node->sql('SELECT feed FROM gpsync.endpoint_status') eq 'live' }, 'it catches up'), 'it catches up');
$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');
is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, 'every row is marked');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
