# Three relays of a stream are replaced one by one under load, as a rolling update does it: a new one is ready before an
# old one is stopped. Nothing is lost, the order is kept, and only one relay delivers at a time.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use HTTP::Tiny;
use List::Util qw(max);
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, lanes => 4);
$node->create_stream('legacy', 'nws');
$node->sql("INSERT INTO provision_status (provision_id, status) SELECT 'k' || n, 'RECEIVED' FROM generate_series(1, 20) n");

sub answer
{
    my ($relay, $path) = @_;
    my ($port) = map { $_->{port} // () } $relay->log_records;
    return { status => 0, content => '' } unless $port && $relay->is_running;
    return HTTP::Tiny->new(timeout => 10)->get("http://127.0.0.1:$port$path");
}

sub is_ready  { my ($relay) = @_; return answer($relay, '/readyz')->{status} == 200 }
sub is_leader { my ($relay) = @_; return answer($relay, '/readyz')->{content} =~ /^leader/ }

# A relay, once its probe says that it is ready.
sub ready_relay
{
    my $relay = $node->start_relay('legacy', '--metrics-listen', '127.0.0.1:0');
    ok(GpsyncTest::wait_until(sub { is_ready($relay) }, 'a relay is ready'), 'a new relay is ready');
    return $relay;
}

sub delivers
{
    my ($what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $taken = $nws->stats->{accepted};
    return ok(GpsyncTest::wait_until(sub { $nws->stats->{accepted} > $taken + 100 }, 'changes are delivered'), $what);
}

# The longest time without a request that was answered, s.
sub longest_gap
{
    my @times = map { $_->{time_ms} } grep { $_->{status} == 200 } $nws->requests;
    return max(map { $times[$_] - $times[ $_ - 1 ] } 1 .. $#times) / 1000;
}

my @relays = map { ready_relay() } 1 .. 3;
is(scalar(grep { is_leader($_) } @relays), 1, 'one of three is the leader');

my $load = GpsyncTest::Process->spawn('load', [ 'psql', '-X', '-d', $node->connstr('postgres'), '-c', <<'SQL' ]);
DO $$ BEGIN
    FOR n IN 1 .. 1000000 LOOP
        UPDATE provision_status SET last_updated = clock_timestamp() WHERE provision_id = 'k' || (1 + n % 20);
        COMMIT;
        PERFORM pg_sleep(0.002);
    END LOOP;
END $$
SQL
delivers('the leader delivers under load');

# The leader first, so that each round has one.
for my $round (1 .. 3)
{
    my ($leader, @others) = sort { is_leader($b) <=> is_leader($a) } @relays;
    @relays = (@others, ready_relay());
    is(scalar(grep { is_ready($_) } $leader, @relays), 4, "round $round: all that are to stay are ready before one is stopped");
    is($leader->stop, 0, '... the leader ends with status 0');
    delivers('... another one delivers');
    ok(GpsyncTest::wait_until(sub { grep { is_leader($_) } @relays }, 'there is a leader'), '... and says so');
    is(scalar(grep { is_leader($_) } @relays), 1, '... one alone');
    is(scalar(grep { is_ready($_) } @relays), 3, '... and three are ready');
}
$load->kill9;
$node->sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE query LIKE 'DO%clock_timestamp()%' AND pid <> pg_backend_pid()");
$node->wait_for_sync;
note(sprintf 'the longest time without a delivery: %.2f s', longest_gap());

$node->ledger_agrees($nws, 'provision_status');
is($nws->stats->{refused}, 0, 'nothing came out of order');
is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, 'every row is booked');
done_testing;
