# A relay's life: taking a stream over, ending, beginning again, and what it tells about itself meanwhile.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use HTTP::Tiny;
use Test::More;
use Time::HiRes qw(time);

my $node = GpsyncTest->new_node('main', track_commit_timestamp => 'on');
my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
my ($nws, $ods) = @endpoints;
$node->create_platform;
$node->create_endpoint($_, retry_base => '50ms') for @endpoints;
$node->create_stream('legacy', qw(nws ods));
sub rows { return $node->add_rows($_[0]) }

sub agree
{
    my ($what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    note($what);
    $node->wait_for_sync;
    $node->ledger_agrees($_, 'provision_status') for @endpoints;
    return;
}

sub told
{
    my ($relay, $text) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(GpsyncTest::wait_until(sub { $relay->log =~ /$text/ }, "the relay says \"$text\""), "the relay says \"$text\"");
}

# How often its log has a text.
sub said
{
    my ($relay, $text) = @_;
    return scalar(() = $relay->log =~ /$text/g);
}

sub http
{
    my ($relay, $path) = @_;
    my ($port) = $relay->log =~ /"message":"listening[^\n]*"port":(\d+)/;
    return HTTP::Tiny->new(timeout => 10)->get("http://127.0.0.1:$port$path");
}

subtest 'arguments and set-up that are wrong end it with status 1' => sub {
    my %cases = (
        'no stream'           => [ 'postgres', 'nothing' ],
        'unknown option'      => [ 'postgres', 'legacy', '--loglevel', 'debug' ],
        'bad log level'       => [ 'postgres', 'legacy', '--log-level', 'loud' ],
        'bad address'         => [ 'postgres', 'legacy', '--metrics-listen', 'nowhere' ],
        'no such database'    => [ 'nothing',  'legacy' ],
        'bad connection'      => [ 'postgres', 'legacy', '--dbname', 'host=/tmp nonsense=1' ],
        'no such role'        => [ 'postgres', 'legacy', '--dbname', $node->connstr('postgres') . ' user=nobody' ],
        'log that cannot be'  => [ 'postgres', 'legacy', '--log-file', '/nonexistent/log' ],
    );
    for my $case (sort keys %cases)
    {
        my ($database, $stream, @more) = @{ $cases{$case} };
        my $base = $node->connstr($database) . ' user=relay';
        $base = '' if grep { $_ eq '--dbname' } @more;
        my $program = $ENV{GPSYNC_STAGE} . GpsyncTest::Environment::pg_config('--bindir') . '/gpsync-relay';
        my $relay = GpsyncTest::Relay->spawn('wrong', [ $program, ($base ? ('--dbname', $base) : ()), '--stream', $stream, @more ]);
        is($relay->wait_exit(10), 1, $case);
        unlike($relay->log, qr/password|terminate called/i, 'and says so soberly');
    }
};

my $relay = $node->start_relay('legacy', '--metrics-listen', '127.0.0.1:0', '--log-level', 'debug');
rows(100);
agree('first start');

subtest 'metrics and health' => sub {
    my $health = http($relay, '/healthz');
    is($health->{status}, 200, 'healthy while it streams');
    my $metrics = http($relay, '/metrics')->{content};
    like($metrics, qr/^sync_latency_ms_bucket\{(?=[^}]*endpoint="nws")(?=[^}]*stream="legacy")[^}]*le="\+Inf"\} 100$/m, 'sync_latency_ms');
    like($metrics, qr/^sync_latency_ms_bucket\{[^}]*le="$_"\}/m, "bucket $_") for 10, 50, 100, 200, 500, 1000;
    like($metrics, qr/^sync_errors_total\{endpoint="nws",stream="legacy"\} 0$/m, 'sync_errors_total');
    like($metrics, qr/^gpsync_events_delivered_total\{endpoint="ods",stream="legacy"\} 100$/m, 'events delivered');
    like($metrics, qr/^gpsync_http_requests_total\{code="200",/m, 'requests by status');
    my %help;
    $help{$_}++ for $metrics =~ /^# HELP (\S+)/mg;
    is((grep { $_ != 1 } values %help), 0, 'each family once');
    is((grep { !/^#/ && !/^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-z_]+="[^"\\]*",?)*\})? [-+0-9.eInfNa]+$/ } split /\n/, $metrics), 0, 'valid lines only');
    my @odd = grep { /^# TYPE (\S+) counter/ && $1 !~ /_total$/ } split /\n/, $metrics;
    is_deeply(\@odd, [], 'counters end in _total');
};

subtest 'a commit timestamp of its own for each booking' => sub {
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('ts1', 'RECEIVED')");
    $node->wait_for_sync;
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('ts2', 'RECEIVED')");
    $node->wait_for_sync;
    is($node->sql(<<'SQL'), 't', 'one after the other');
SELECT (SELECT pg_xact_commit_timestamp(xmin) FROM provision_status WHERE provision_id = 'ts2')
     > (SELECT pg_xact_commit_timestamp(xmin) FROM provision_status WHERE provision_id = 'ts1')
SQL
};

subtest 'a second relay stands by and takes over' => sub {
    my $second = $node->start_relay('legacy', '--metrics-listen', '127.0.0.1:0');
    told($second, 'standing by: another relay');
    is(http($second, '/healthz')->{status}, 200, 'healthy on standby');
    my $mine = rows(10);
    $relay->kill9;
    told($second, '"message":"streaming"');
    rows(10);
    agree('after the take-over');
    $relay = $second;
};

subtest 'killed in the middle of a large transaction' => sub {
    $nws->faults(kind => 'delay', ms => 20);
    my $before = $nws->stats->{duplicates};
    my $mine = rows(20000);
    ok($node->wait_for_sql("SELECT count(*) > 2000 FROM provision_status WHERE provision_id LIKE '$mine%' AND sync_status = 'COMPLETED'"), 'some of it is booked');
    $relay->kill9;
    ok($node->sql("SELECT count(*) > 0 FROM provision_status WHERE provision_id LIKE '$mine%' AND sync_status = 'PENDING'"), 'some is not');
    $nws->clear_faults;
    $relay = $node->start_relay('legacy', '--metrics-listen', '127.0.0.1:0');
    agree('after the restart');
    my ($start) = grep { $_->{message} eq 'streaming' } $relay->log_records;
    cmp_ok($start->{ordinal}, '>', 0, "it went on at event $start->{ordinal} of the transaction");
    cmp_ok($nws->stats->{duplicates} - $before, '<', 20000, 'what the position covers is not sent again');
};

subtest 'the server restarted in the middle' => sub {
    $nws->faults(kind => 'delay', ms => 20);
    my $mine = rows(5000);
    ok($node->wait_for_sql("SELECT count(*) > 100 FROM provision_status WHERE provision_id LIKE '$mine%' AND sync_status = 'COMPLETED'"), 'some of it is booked');
    $node->stop('immediate');
    told($relay, 'no connection to the server');
    is(http($relay, '/healthz')->{status}, 503, 'not healthy meanwhile');
    ok(GpsyncTest::wait_until(sub { said($relay, 'will be tried again') >= 3 }, 'the relay has tried three times'), 'it goes on trying');
    $node->start;
    $nws->clear_faults;
    agree('after the restart');
    $node->restart;
    rows(10);
    agree('after a fast restart');
    ok($relay->is_running, 'by the same process');
};

subtest 'its connections broken off' => sub {
    rows(10);
    $node->sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
    rows(10);
    agree('replication');
    $node->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gpsync-relay' AND backend_type = 'client backend'");
    rows(10);
    agree('bookkeeping');
};

subtest 'paused and resumed' => sub {
    $node->sql("SELECT gpsync.pause_stream('legacy')");
    ok($node->wait_for_sql("SELECT relay_state = 'paused' FROM gpsync.stream_status"), 'stream_status shows it');
    my $taken = $nws->stats->{accepted};
    my $mine = rows(10);
    my $since = $node->sql('SELECT clock_timestamp()');
    ok($node->wait_for_sql("SELECT reported_at > '$since' AND state = 'paused' FROM gpsync.relay_report"), 'it has looked again since');
    is($node->sql('SELECT active FROM pg_replication_slots'), 'f', 'nobody reads the slot');
    is($nws->stats->{accepted}, $taken, 'nothing is delivered');
    is(http($relay, '/healthz')->{status}, 503, 'not healthy while paused');
    $node->sql("SELECT gpsync.resume_stream('legacy')");
    agree('resumed');
};

subtest 'an option changed while it runs' => sub {
    my $starts = said($relay, '"message":"streaming"');
    $node->sql("ALTER SERVER nws OPTIONS (ADD batch_size '1')");
    told($relay, 'configuration changed');
    ok(GpsyncTest::wait_until(sub { said($relay, '"message":"streaming"') > $starts }, 'it streams again'), 'it streams again');
    my $before = my @before = $nws->requests;
    rows(20);
    agree('with the new options');
    my @new = $nws->requests;
    splice @new, 0, $before;
    is((grep { $_->{events} > 1 } @new), 0, 'one event a request');
    $node->sql("ALTER SERVER nws OPTIONS (DROP batch_size)");
    agree('and back');
};

subtest 'an idle database moves the slot' => sub {
    my $target = $node->sql("CREATE TABLE elsewhere AS SELECT generate_series(1, 1000); SELECT pg_current_wal_lsn()");
    ok($node->wait_for_sql("SELECT confirmed_flush_lsn >= '$target' FROM pg_replication_slots"), 'past what it has no part in');
};

subtest 'the slot used by somebody else' => sub {
    my $slot = $node->sql("SELECT slot_name FROM pg_replication_slots");
    $relay->stop;
    my @receive = ('pg_recvlogical', '-d', $node->connstr('postgres') . ' user=relay', '--slot', $slot, '--start', '-f', '-', '--no-loop');
    my $thief = GpsyncTest::Process->spawn('thief', \@receive);
    ok($node->wait_for_sql("SELECT active FROM pg_replication_slots"), 'it is in use');
    $relay = $node->start_relay('legacy', '--metrics-listen', '127.0.0.1:0', '--log-file', "$ENV{TESTDIR}/relay.log", '--error-log-file', "$ENV{TESTDIR}/errors.log");
    ok($node->wait_for_sql("SELECT relay_state = 'standby' FROM gpsync.stream_status"), 'the relay waits');
    $thief->kill9;
    rows(3);
    agree('then takes it');
};

subtest 'log files' => sub {
    my $log = "$ENV{TESTDIR}/relay.log";
    ok(-s $log && -e "$ENV{TESTDIR}/errors.log", 'log and error log are there');
    is($relay->log, '', 'nothing on standard error');
    rename $log, "$log.old";
    $relay->signal('HUP');
    ok(GpsyncTest::wait_until(sub { -e $log }, 'the log is opened anew'), 'SIGHUP opens it anew');
};

subtest 'SIGTERM finishes and books what is in flight' => sub {
    $_->faults(kind => 'delay', ms => 500) for @endpoints;
    my $mine = rows(50);
    ok($_->wait_holding, $_->name . ' has a batch under way') for @endpoints;
    is($relay->stop, 0, 'status 0');
    $_->clear_faults for @endpoints;
    is($node->sql("SELECT count(*) FROM provision_status WHERE provision_id LIKE '$mine%' AND sync_status = 'COMPLETED'"), 50, 'all of it is booked');
    is($node->sql("SELECT state FROM gpsync.relay_report"), 'stopped', 'its last word');
};

subtest 'SIGTERM while an endpoint fails' => sub {
    $relay = $node->start_relay('legacy');
    $_->faults(kind => 'status', status => 503) for @endpoints;
    $nws->faults(kind => 'delay', ms => 700);
    rows(5);
    ok(GpsyncTest::wait_until(sub { grep { $_->{status} == 503 } $ods->requests }, 'ods has failed'), 'ods fails');
    my $start = time;
    is($relay->stop, 0, 'status 0');
    cmp_ok(time - $start, '<', 5, 'without waiting for it');
    $_->clear_faults for @endpoints;
};

subtest 'the stream dropped' => sub {
    $relay = $node->start_relay('legacy');
    told($relay, '"message":"streaming"');
    my $dropped = eval { $node->sql("SELECT gpsync.drop_stream('legacy')"); 1 };
    ok($dropped, 'under a running relay');
    is($relay->wait_exit, 1, 'ends the relay with status 1');
};

done_testing;
