# A relay that stands by takes the stream over from one that was killed, was stopped (SIGSTOP) or lost its network, also
# when its sessions stay on the server. The other one sends nothing when it comes back.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use HTTP::Tiny;
use Test::More;
use Time::HiRes qw(time);

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms', lanes => 4);
$node->create_stream('legacy', 'nws');
$node->sql("INSERT INTO provision_status (provision_id, status) SELECT 'k' || n, 'RECEIVED' FROM generate_series(1, 20) n");

my $proxy = GpsyncTest::Process->spawn('proxy', [ "$FindBin::RealBin/tcp-proxy", $node->host . '/.s.PGSQL.' . $node->port ]);
ok(GpsyncTest::wait_until(sub { $proxy->log =~ /^\d+$/m }, 'the proxy listens'), 'a network that can be cut');
my ($proxy_port) = $proxy->log =~ /^(\d+)$/m;

# relay(through the proxy or not)
sub relay
{
    my ($through_proxy) = @_;
    my $dbname = $through_proxy ? "host=127.0.0.1 port=$proxy_port dbname=postgres user=relay" : $node->connstr('postgres') . ' user=relay';
    return GpsyncTest::Relay->spawn('relay', [ GpsyncTest::Relay->program, '--dbname', $dbname, '--stream', 'legacy', '--metrics-listen', '127.0.0.1:0' ]);
}

sub says { my ($relay, $pattern, $what) = @_; local $Test::Builder::Level = $Test::Builder::Level + 1; return ok(GpsyncTest::wait_until(sub { $relay->log =~ $pattern }, $what), $what) }

sub health
{
    my ($relay, $path) = @_;
    my ($port) = map { $_->{port} // () } $relay->log_records;
    return HTTP::Tiny->new(timeout => 30)->get("http://127.0.0.1:$port$path");
}

sub is_health
{
    my ($relay, $alive, $ready, $body, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $last = '';
    return ok(GpsyncTest::wait_until(sub {
        my ($healthz, $readyz) = map { health($relay, $_) } '/healthz', '/readyz';
        $last = "$healthz->{status} $readyz->{status} $readyz->{content}";
        return $healthz->{status} == $alive && $readyz->{status} == $ready && $readyz->{content} =~ $body;
    }, $what), $what) || diag($last);
}

# Changes every row again and again, in the background, until it is stopped.
my $changes = <<'SQL';
DO $$ BEGIN
    FOR n IN 1 .. 100000 LOOP
        UPDATE provision_status SET last_updated = clock_timestamp() WHERE provision_id = 'k' || (1 + n % 20);
        COMMIT;
        PERFORM pg_sleep(0.002);
    END LOOP;
END $$
SQL
sub load { return GpsyncTest::Process->spawn('load', [ 'psql', '-X', '-d', $node->connstr('postgres'), '-c', $changes ]) }

# Something done to the leader under load; the standby delivers what is committed afterwards.
sub taken_over
{
    my ($standby, $how, $end_leader) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $load  = load();
    my $taken = $nws->stats->{accepted};
    ok(GpsyncTest::wait_until(sub { $nws->stats->{accepted} > $taken + 50 }, 'the leader delivers'), "$how: the leader delivers under load");
    my $start = time;
    $end_leader->();
    my $requests;
    says($standby, qr/"message":"streaming"/, '... the standby streams');
    $taken = $nws->stats->{accepted};
    ok(GpsyncTest::wait_until(sub { $nws->stats->{accepted} > $taken }, 'the standby delivers'), '... and delivers');
    note(sprintf '%s: taken over after %.2f s', $how, time - $start);
    $load->kill9;
    $node->sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE query LIKE 'DO%clock_timestamp()%' AND pid <> pg_backend_pid()");
    $node->wait_for_sync;
    return;
}

# The leader was away and comes back: it sends nothing, and stands by.
sub stands_by_again
{
    my ($leader, $come_back) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $before = () = $leader->log =~ /standing by: another/g;
    my $requests = () = $nws->requests;
    $come_back->();
    ok(GpsyncTest::wait_until(sub { (() = $leader->log =~ /standing by: another/g) > $before }, 'the old leader stands by'), '... the old leader stands by');
    is(scalar(() = $nws->requests), $requests, '... without a request to the endpoint');
    $node->ledger_agrees($nws, 'provision_status');
    is($nws->stats->{refused}, 0, '... which has refused nothing as out of order');
    return;
}

my $first = relay(1);
says($first, qr/"message":"streaming"/, 'the first streams');
$node->wait_for_sync;
my $second = relay(0);
says($second, qr/standing by: another/, 'the second stands by');
is_health($first,  200, 200, qr/^leader: streaming$/, 'the leader is alive and ready');
is_health($second, 200, 200, qr/^standby: another relay has the stream$/, 'so is the standby');

taken_over($second, 'SIGSTOP', sub { $first->signal('STOP') });
like($second->log, qr/ended the session of the relay that has the stream/, '... having ended what the leader had');
stands_by_again($first, sub { $first->signal('CONT') });

taken_over($first, 'kill -9', sub { $second->kill9 });
$second = relay(0);
says($second, qr/standing by: another/, 'another stands by');

taken_over($second, 'network cut', sub { $proxy->signal('STOP') });
is_health($first, 503, 503, qr/^broken: the server does not answer$/, 'the old leader is broken');
stands_by_again($first, sub { $proxy->signal('CONT') });

note('a leader that lives keeps the stream');
my $slow = $node->sql('SELECT gpsync_internal.lock_holder($$legacy$$)');
is($node->sql(q{SELECT gpsync_internal.relay_seize('legacy', '1.2 s') IS NULL}), 't', 'a leader that calls the server keeps the stream');
my ($state) = $node->sql_error(q{SELECT gpsync_internal.relay_seize('legacy', '1 s')});
is($state, '22023', 'a lease shorter than the time for which a leader sends is refused');
is($node->sql('SELECT gpsync_internal.lock_holder($$legacy$$)'), $slow, '... it has it still');

note('without a standby the doctor names who has the lock');
is($first->stop, 0, 'the standby ends');
my $walsender = $node->sql('SELECT active_pid FROM pg_replication_slots');
$second->signal('STOP');
ok($node->wait_for_sql(qq{SELECT count(*) FROM gpsync.doctor() WHERE finding ~ '^process $slow holds the lock of stream "legacy" and has not reported for \\d+ s\$'}, 1),
    'the doctor names the backend');
my $fix = $node->sql(q{SELECT fix FROM gpsync.doctor() WHERE finding ~ 'holds the lock'});
like($fix, qr/ARRAY\[$slow, $walsender\]/, '... and says how it is ended');
$node->sql($fix);
ok($node->wait_for_sql('SELECT gpsync_internal.lock_holder($$legacy$$) IS NULL AND NOT active FROM pg_replication_slots'), 'the lock and the slot are free');
$second->signal('CONT');
$node->wait_for_sync;

note('nothing flows');
$nws->faults(kind => 'status', status => 503);
$node->sql("UPDATE provision_status SET status = 'PROCESSING'");
is_health($second, 503, 503, qr/^broken: waiting for every endpoint: nws$/, 'a leader whose only endpoint fails is broken');
$nws->clear_faults;
$node->wait_for_sync;
is_health($second, 200, 200, qr/^leader: /, '... until it delivers again');
$nws->faults(kind => 'status', status => 503);
$node->sql("UPDATE provision_status SET last_updated = now()");
my $kept = 'UPDATE provision_status SET last_updated = now()';
ok(GpsyncTest::wait_until(sub { $node->sql($kept); health($second, '/metrics')->{content} =~ /^gpsync_retained_bytes\{[^}]*\} [1-9]/m }, 'the metrics show what the slot keeps'),
    'the metrics show what the slot keeps');
$nws->clear_faults;
$node->wait_for_sync;

is($second->stop, 0, 'ends cleanly');

note('who is ended');
my $holder = 'gpsync_internal.lock_holder($$legacy$$)';
my $seize  = q{SELECT gpsync_internal.relay_seize('legacy', '1.2 s')};
sub lasts { return $node->wait_for_sql("SELECT state = '$_[0]' AND state_change < clock_timestamp() - interval '1.3 s' FROM pg_stat_activity WHERE pid = $holder") }
my $call = GpsyncTest::Process->spawn('call', [ 'psql', '-X', '-d', $node->connstr('postgres') . ' user=relay', '-c', q{SELECT gpsync_internal.relay_acquire('legacy')}, '-c', 'SELECT pg_sleep(600)' ]);
ok(lasts('active'), 'a call takes long');
is($node->sql($seize), '', '... which is no reason to end the session');
$node->sql("SELECT pg_terminate_backend($holder, 10000)");
$call->wait_exit;
my $booking = GpsyncTest::Booking->new($node, 'legacy');
$booking->query('BEGIN');
ok(lasts('idle in transaction'), 'a transaction is open');
is($node->sql($seize), '', '... nor is that');
$booking->query('COMMIT');
ok(lasts('idle'), 'the session is idle');
my $idle = $node->sql("SELECT $holder");
is($node->sql($seize), $idle, '... and is ended');
is($node->sql("SELECT $holder"), '', '... the lock is free');
is($node->sql($seize), '', 'where nobody has the lock nobody is ended');
eval { $booking->quit };

$node->ledger_agrees($nws, 'provision_status');
done_testing;
