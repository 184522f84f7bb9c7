# Running it: pause and resume, an idle database, a standby relay, SIGTERM, what the relay logs and what it measures.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use HTTP::Tiny;
use Test::More;
use Time::HiRes qw(time);

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws', '--authorization', 'Bearer s3cret-token');
$node->create_platform;
$node->create_endpoint($nws, timeout => '600s');
$node->sql("CREATE USER MAPPING FOR relay SERVER nws OPTIONS (bearer_token 's3cret-token')");
$node->create_stream('legacy', 'nws');

my @ports = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
my $http  = HTTP::Tiny->new(timeout => 10);

# start(N): a relay with its metrics on port N.
sub start { return $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$ports[$_[0]]", '--log-level', 'debug') }
sub get { my ($n, $path) = @_; return $http->get("http://127.0.0.1:$ports[$n]$path") }
sub state_is { my ($state, $what) = @_; return ok($node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', $state), $what) }
sub row { return $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('$_[0]', 'RECEIVED')") }

sub status_becomes
{
    my ($key, $status, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'", $status), $what);
}

note('pause and resume');
my $relay = start(0);
row('first');
status_becomes('first', 'COMPLETED', 'delivered, with the bearer token');
$node->sql("SELECT gpsync.pause_stream('legacy')");
state_is('paused', 'a paused stream says so');
ok($node->wait_for_sql('SELECT active FROM pg_replication_slots', 'f'), '... and nobody reads its slot');
row('paused');
my $since = $node->sql('SELECT clock_timestamp()');
ok($node->wait_for_sql("SELECT reported_at > '$since' AND state = 'paused' FROM gpsync.relay_report"), 'the relay has looked again since');
is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = 'paused'"), 'PENDING', 'nothing is delivered meanwhile');
$node->sql("SELECT gpsync.resume_stream('legacy')");
status_becomes('paused', 'COMPLETED', 'resumed, it goes on where it was');
state_is('streaming', '... and says so');

note('an idle database');
$node->sql('CREATE DATABASE busy');
$node->safe_psql('busy', 'CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 50000) n');
my $end = $node->sql('SELECT pg_current_wal_lsn()');
ok($node->wait_for_sql("SELECT confirmed_flush_lsn >= '$end' FROM pg_replication_slots"), 'the slot moves on while only other databases write');

note('a second relay stands by and takes over');
my $standby = start(1);
ok(GpsyncTest::wait_until(sub { $standby->log =~ /stand/ }, 'it stands by'), 'the second relay stands by');
ok($standby->is_running, '... and stays');
is(get($_, '/healthz')->{status}, 200, "relay $_ is healthy") for 0, 1;
row('one');
status_becomes('one', 'COMPLETED', 'one delivers');
$relay->kill9;
my $killed = time;
row('two');
status_becomes('two', 'COMPLETED', 'the other one takes over');
note(sprintf 'after %.1f s', time - $killed);
is($nws->stats->{refused}, 0, '... in order');
($relay, $standby) = ($standby, undef);
@ports = reverse @ports;

note('metrics');
my $metrics = get(0, '/metrics');
is($metrics->{status}, 200, '/metrics answers');
like($metrics->{headers}{'content-type'}, qr{^text/plain}, '... as Prometheus text');
my $text = $metrics->{content};
for my $le (10, 50, 100, 200, 500, 1000, '+Inf')
{
    like($text, qr/^sync_latency_ms_bucket\{[^}]*le="\Q$le\E"[^}]*\} \d+$/m, "sync_latency_ms has a bucket for $le");
}
is(() = ($text =~ /^sync_latency_ms_bucket\{[^}]*endpoint="nws"/mg), 7, '... and no others');
like($text, qr/^sync_latency_ms_count\{[^}]*stream="legacy"[^}]*\} [1-9]/m, '... which counts what was delivered');
like($text, qr/^sync_errors_total\{(?=[^}]*stream="legacy")(?=[^}]*endpoint="nws")[^}]*\} 0$/m, 'sync_errors_total, with stream and endpoint');
my %typed = $text =~ /^# TYPE (\S+) (\w+)$/mg;
is($typed{sync_latency_ms}, 'histogram', 'the types are told');
my @odd = grep { !/^(?:# (?:HELP|TYPE) [a-zA-Z_:][\w:]* .*|[a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})? (?:[-+]?[\d.]+(?:e[-+]?\d+)?|NaN|[-+]Inf))$/ } split /\n/, $text;
is("@odd", '', 'every line is of the text format');
my @names = grep { !/^(?:gpsync_|sync_latency_ms|sync_errors_total|exposer_|process_)/ } map { /^(\w+)/ ? $1 : () } grep { !/^#/ } split /\n/, $text;
is("@names", '', 'other metrics are gpsync_…');
SKIP: {
    skip 'promtool is not installed', 1 unless grep { -x "$_/promtool" } split /:/, $ENV{PATH};
    my $err = '';
    IPC::Run::run([qw(promtool check metrics)], '<', \$text, '>', \my $out, '2>', \$err);
    unlike($err, qr/error/, 'promtool takes it');
}
$nws->faults(kind => 'status', status => 503, times => 1);
row('again');
status_becomes('again', 'COMPLETED', 'a failed attempt');
like(get(0, '/metrics')->{content}, qr/^sync_errors_total\{[^}]*endpoint="nws"[^}]*\} [1-9]/m, '... is counted');
is(get(0, '/nothing')->{status}, 404, 'other paths do not exist');

note('SIGTERM');
my $hold = $nws->hold('/last');
row('last');
ok($nws->wait_holding, 'a batch is in flight');
$relay->signal('TERM');
ok(GpsyncTest::wait_until(sub { $relay->log =~ /"message":"asked to stop/ }, 'the relay has SIGTERM'), 'the relay is asked to stop');
ok($relay->is_running, '... and waits for what is in flight');
$nws->clear_faults($hold);
is($relay->wait_exit, 0, '... then it ends with status 0');
is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = 'last'"), 'COMPLETED', '... having booked it');
is($node->sql('SELECT relay_state FROM gpsync.stream_status'), 'stopped', '... and said so');
my $duplicates = $nws->stats->{duplicates};
$hold = $nws->hold('/stuck');
my $stuck = start(0);
row('stuck');
ok($nws->wait_holding, 'a batch that is never answered');
my $start = time;
$stuck->signal('TERM');
is($stuck->wait_exit(60), 0, 'does not keep the relay for ever');
note(sprintf 'after %.1f s', time - $start);
$nws->clear_faults;

note('what the relay says');
my @records = $relay->log_records;
is(scalar(grep { exists $_->{raw} } @records), 0, 'every line of the log is JSON');
is(scalar(grep { ($_->{service} // '') ne 'migration-service' || !$_->{timestamp} || !$_->{level} || !$_->{message} } @records), 0,
    '... with timestamp, level, service and message');
unlike($relay->log . $stuck->log, qr/s3cret-token/, 'the token is in no line');
unlike($relay->log . $stuck->log, qr/"row"|RECEIVED/, '... nor a payload');

note('configuration that trying again does not mend');
is($node->start_relay('nosuch')->wait_exit(30), 1, 'an unknown stream: exit status 1');
is(GpsyncTest::Process->spawn('relay_usage', [ $ENV{GPSYNC_STAGE} . GpsyncTest::Environment::pg_config('--bindir') . '/gpsync-relay', '--nonsense' ])->wait_exit(30), 1,
    'an unknown option: exit status 1');
my $dir    = PostgreSQL::Test::Utils::tempdir();
my $logger = $node->start_relay('nosuch', '--log-file', "$dir/all.log", '--error-log-file', "$dir/errors.log");
$logger->wait_exit(30);
like(PostgreSQL::Test::Utils::slurp_file("$dir/all.log"), qr/"level":"error"/, 'the log goes to its file');
like(PostgreSQL::Test::Utils::slurp_file("$dir/errors.log"), qr/"level":"error"/, '... errors also to theirs');
unlike(PostgreSQL::Test::Utils::slurp_file("$dir/errors.log"), qr/"level":"info"/, '... which holds nothing else');
done_testing;
