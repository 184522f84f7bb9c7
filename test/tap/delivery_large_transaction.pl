# A large transaction is delivered while it is read, resumed in its middle after a crash, and never sent from its
# start again.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $ROWS = 20_000;

my $node = GpsyncTest->new_node('main');
my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
my ($nws, $ods) = @endpoints;
$node->create_platform;
$node->create_endpoint($_, timeout => '60s') for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

sub ordinal { return $node->sql('SELECT ordinal FROM gpsync.stream_position') }
sub slot { return $node->sql('SELECT confirmed_flush_lsn FROM pg_replication_slots') }

# The delivery stops in the middle: NWS holds the row in the middle.
my $middle = $ROWS / 2;
my $hold   = $nws->hold("/big_$middle.");
my $before = slot();
$node->sql("INSERT INTO provision_status (provision_id, status) SELECT 'big_' || n || '.', 'RECEIVED' FROM generate_series(1, $ROWS) n");
ok($nws->wait_holding, 'the delivery is in the middle of a large transaction');
ok($node->wait_for_sql("SELECT ordinal > 100 FROM gpsync.stream_position"), 'what came before is booked');
ok(GpsyncTest::wait_until(sub { my $now = ordinal(); select undef, undef, undef, 0.5; $now == ordinal() }, 'it comes to rest'), '... as far as it goes');
my $ordinal = ordinal();
cmp_ok($ordinal, '<', $middle, '... up to the row that is held');
is($node->sql('SELECT confirmed_flush_lsn <= commit_lsn FROM pg_replication_slots, gpsync.stream_position'), 't',
    'the slot does not move beyond the transaction');
cmp_ok($node->sql("SELECT count(*) FROM provision_status WHERE sync_status = 'COMPLETED'"), '>=', $ordinal, 'rows of the prefix are marked');

# Crash of the relay, then of the server, each time in the same place.
my $taken = $nws->stats->{accepted};
$relay->kill9;
$nws->clear_faults;
$hold  = $nws->hold("/big_$middle.");
$relay = $node->start_relay('legacy');
ok($nws->wait_holding, 'after a crash of the relay the delivery comes to the same place');
cmp_ok(ordinal(), '>=', $ordinal, '... without going back');
cmp_ok($nws->stats->{duplicates}, '<=', $taken - $ordinal + 1000, '... repeating only what was not booked');
$node->stop('immediate');
$node->start;
$nws->clear_faults($hold);
$node->wait_for_sync;
$node->ledger_agrees($_, 'provision_status') for @endpoints;
is($_->stats->{refused}, 0, 'nothing out of order at ' . $_->name) for @endpoints;
is($nws->stats->{accepted}, $ROWS, 'every row was taken once');
ok($node->wait_for_sql("SELECT confirmed_flush_lsn > '$before' FROM pg_replication_slots"), 'the slot has moved on');

# A larger one through a small window: memory stays bounded while it passes.
$relay->stop;
$node->sql("CREATE TABLE wide (id bigint PRIMARY KEY, filler text); SELECT gpsync.attach('wide', machine => NULL)");
$node->sql("INSERT INTO wide SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 120000) n");
$relay = $node->start_relay('legacy');
my $peak = 0;
GpsyncTest::wait_until(sub {
    my ($kb) = (eval { PostgreSQL::Test::Utils::slurp_file('/proc/' . $relay->pid . '/status') } // '') =~ /VmRSS:\s+(\d+)/;
    $peak = $kb if defined $kb && $kb > $peak;
    return $node->sql("SELECT sync_status FROM wide WHERE id = 120000") eq 'COMPLETED';
}, 'the last row is marked');
cmp_ok($peak, '<', 100 * 1024, 'the relay needs less than 100 MB for 120 MB');
$node->wait_for_sync;
$node->ledger_agrees($nws, 'wide');

# A transaction that is rolled back after it was spilled leaves nothing.
$node->sql("BEGIN; INSERT INTO provision_status (provision_id, status) SELECT 'gone_' || n, 'RECEIVED' FROM generate_series(1, 5000) n; ROLLBACK");
$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('after', 'RECEIVED')");
$node->wait_for_sync;
is($nws->entry('public.provision_status/gone_1'), undef, 'a large transaction that is rolled back never arrives');
ok($nws->entry('public.provision_status/after'), '... what comes after it does');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
