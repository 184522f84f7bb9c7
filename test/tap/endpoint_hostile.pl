# An endpoint that answers as no endpoint should: without end, with lengths that are wrong, with little that becomes much,
# or slowly. Each request to it ends, the relay's memory stays bounded, its answers count only where they are complete,
# and the other endpoint gets its events as ever. (How long that takes is shown, not tested.)
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

# What becomes of events: 1 taken, 0 sent again. A body that is no list of results says nothing, whatever its length.
my %kinds = (
    (map { $_ => 0 } qw(status-line headers short-headers header-line folded-header early-hints continue processing switching
        body-error endless-body nested-json chunks chunk-size chunk-size-long chunk-extension trailers trailer-line gzip-layers
        slow-headers slow-body silence length-short length-long length-negative two-answers garbage
        http-0.9 nothing)),
    (map { $_ => 1 } qw(body length-two length-huge gzip-bomb gzip-twice gzip-members deflate-bomb brotli-bomb)));

my $node = GpsyncTest->new_node('main');
my $ods  = GpsyncTest::Emulator->new('ods');
my $hostile = GpsyncTest::Process->spawn('hostile', [ "$FindBin::RealBin/hostile-endpoint" ]);
ok(GpsyncTest::wait_until(sub { $hostile->log =~ /^\d+$/m }, 'the hostile endpoint listens'), 'the hostile endpoint listens');
my ($port) = $hostile->log =~ /^(\d+)$/m;
$node->create_platform;
$node->create_endpoint($ods);
$node->sql("CREATE SERVER hostile FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:$port/silence', timeout '1s', retry_base '10ms',
    lanes '2', breaker_successes '1'); GRANT USAGE ON FOREIGN SERVER hostile TO relay");
$node->create_stream('legacy', qw(ods hostile));
my $relay = $node->start_relay('legacy');

# Inserts rows for a second, one a transaction.
sub load
{
    my ($prefix) = @_;
    my $script = $node->basedir . "/$prefix.pgbench";
    PostgreSQL::Test::Utils::append_to_file($script, "INSERT INTO provision_status (provision_id, status) VALUES ('$prefix-' || gen_random_uuid(), 'RECEIVED');\n");
    return GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-R', 60, '-T', 1, '-f', $script, $node->connstr('postgres') ]);
}

sub ends { my ($kind) = @_; return scalar(() = $hostile->log =~ /^\Q$kind\E ended/mg) }

sub marked { return $node->sql("SELECT count(*) FROM provision_status WHERE sync_status = 'COMPLETED'") }

load('warm')->wait_exit;
$ods->latency;
load('undisturbed')->wait_exit;
note(sprintf '%-16s p99 %4.0f ms', 'undisturbed', $ods->latency);

$relay->stop;
my @kinds = @ARGV ? @ARGV : sort keys %kinds;
for my $kind (@kinds)
{
    $node->sql("ALTER SERVER hostile OPTIONS (SET url 'http://127.0.0.1:$port/$kind')");
    # What was settled is in the books: no relay runs.
    my ($before, $marked) = ($ods->stats->{accepted}, marked());
    $ods->latency;
    $relay = $node->start_relay('legacy');
    my $load = load($kind);
    ok(GpsyncTest::wait_until(sub { ends($kind) >= 2 }, 'requests to it end'), "$kind: requests to it end") or last;
    $load->wait_exit;
    my $rows = $node->sql("SELECT count(*) FROM provision_status WHERE provision_id LIKE '$kind-%'");
    ok(GpsyncTest::wait_until(sub { $ods->stats->{accepted} >= $before + $rows }, 'the other endpoint has its events'), "... the other endpoint has its $rows events");
    my ($bytes) = sort { $b <=> $a } $hostile->log =~ /^\Q$kind\E ended (\d+)/mg;
    my $peak = $relay->peak_memory;
    note(sprintf '%-16s p99 %4.0f ms, memory %3.0f MB, at most %.1f MB of an answer', $kind, $ods->latency, $peak, $bytes / 1048576);
    cmp_ok($peak, '<=', 100, '... memory is bounded');
    ok($relay->is_running, '... the relay lives') or last;
    # Newer releases of libcurl refuse two lengths, older ones read on.
    $kinds{$kind} = 0 if $kind eq 'length-two' && $relay->log =~ /"Invalid Content-Length: value"/;
    ok(!$kinds{$kind} || GpsyncTest::wait_until(sub { marked() > $marked }, 'a row is marked'), '... a complete answer counts');
    is($relay->stop, 0, '... the relay ends cleanly');
    is(marked(), $marked, '... and nothing is called synchronised') unless $kinds{$kind};
}
is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), 0, 'no dead letter');

my $good = GpsyncTest::Emulator->new('good');
$node->sql("ALTER SERVER hostile OPTIONS (SET url '" . $good->url . "')");
$relay = $node->start_relay('legacy');
$node->wait_for_sync;
$node->ledger_agrees($ods, 'provision_status');
is($good->stats->{refused}, 0, 'in order');
is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, 'every row is marked once it answers well');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
