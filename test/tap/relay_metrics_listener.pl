# /metrics and /healthz answer whoever else holds connections to them, and nobody who does keeps the relay from ending.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use HTTP::Tiny;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(time);

$GpsyncTest::Relay::SANITIZED = 1;
my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $port = PostgreSQL::Test::Cluster::get_free_port();

# A connection that says this much, and reads nothing.
sub hold
{
    my ($text) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp') or die "connect: $!";
    setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 1024);
    syswrite $socket, $text;
    return $socket;
}

# The status, and whether it came at once.
sub answers
{
    my ($path, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $start = time;
    my $answer = HTTP::Tiny->new(timeout => 20)->get("http://127.0.0.1:$port$path");
    is($answer->{status}, 200, "$what: $path answers");
    cmp_ok(time - $start, '<', 4, '... at once');
    return $answer;
}

my $relay = $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$port");
ok($node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'streaming'), 'the relay streams');
answers('/healthz', 'nobody else');

my @held;
push @held, hold('') for 1 .. 2;
answers($_, 'two connections that say nothing') for '/healthz', '/metrics';
push @held, hold('GET /metr') for 1 .. 100;
answers($_, 'a hundred half requests') for '/healthz', '/metrics';
push @held, hold("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" x 20) for 1 .. 20;
answers($_, 'twenty that do not read') for '/healthz', '/metrics';
push @held, hold('x' x 100_000);
answers('/healthz', 'one without an end');

$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('one', 'RECEIVED')");
ok($node->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = 'one'", 'COMPLETED'), 'delivery goes on meanwhile');

push @held, hold($_) for '', 'GET /metr', "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
my $start = time;
$relay->signal('TERM');
is($relay->wait_exit(30), 0, 'SIGTERM ends the relay while they are held');
cmp_ok(time - $start, '<', 5, '... at once');
$relay = $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$port");
ok($node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'streaming'), 'the next one listens on the same port');
answers('/healthz', 'again');

# While the server is away the relay's own loop does not run: it waits in connect and sleep.
$node->stop('immediate');
ok(GpsyncTest::wait_until(sub { HTTP::Tiny->new(timeout => 20)->get("http://127.0.0.1:$port/healthz")->{status} eq '503' }, 'it is not healthy'),
    'without the server /healthz answers 503');
push @held, hold('GET /') for 1 .. 3;
$start = time;
$relay->signal('TERM');
is($relay->wait_exit(30), 0, 'SIGTERM ends it there too');
cmp_ok(time - $start, '<', 5, '... at once');
done_testing;
