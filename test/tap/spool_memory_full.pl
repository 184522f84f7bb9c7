# An endpoint takes nothing and does not count as failing yet, since its waits are long. When memory is full of what it is
# to get, that is spooled, and it stays behind until it has taken it: the other endpoint goes on.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $ROWS = 24_000;    # about 48 MB of events
my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($nws, retry_base => '5s', retry_attempts => 100);
$node->create_endpoint($ods);
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

$nws->faults(kind => 'status', status => 503);
$node->sql("INSERT INTO provision_status (provision_id, status, detail) SELECT 'r' || n, 'RECEIVED', to_jsonb(d)
    FROM generate_series(1, $ROWS) n, LATERAL (SELECT string_agg(md5(n::text || '-' || i), '') FROM generate_series(1, 50) i) AS t (d)");
ok(GpsyncTest::wait_until(sub { $ods->stats->{accepted} == $ROWS }, 'ods has them all'), 'the other endpoint has them all');
is($node->sql("SELECT breaker FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'closed', '... while nws does not count as failing');
is((() = $relay->log =~ /endpoint falls behind/g), 1, '... and fell behind once');
$nws->clear_faults;
$node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
$node->wait_for_sync;
$node->ledger_agrees($_, 'provision_status') for $nws, $ods;
is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, 'every row is marked');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
