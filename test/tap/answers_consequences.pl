# What the relay makes of an endpoint's answers: nothing is lost, nothing overtakes, and what is refused for good is
# a dead letter.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

$GpsyncTest::Relay::SANITIZED = 1;
my $node = GpsyncTest->new_node('main');
my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
my ($nws, $ods) = @endpoints;
$node->create_platform;
$node->create_endpoint($_, retry_base => '50ms', timeout => '1s') for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

sub rows { return $node->add_rows($_[0]) }

sub dead_letters
{
    my ($where) = @_;
    return $node->sql("SELECT endpoint, subject, http_status, error, key->>'provision_id' = payload->'data'->'key'->>'provision_id'"
          . " FROM gpsync.dead_letter WHERE $where ORDER BY subject");
}

sub statuses
{
    my ($mine) = @_;
    return $node->sql("SELECT string_agg(DISTINCT sync_status, ' ') FROM provision_status WHERE provision_id LIKE '${mine}\\_%'");
}

# Requests of one endpoint made since the last call.
my %seen;

sub new_requests
{
    my ($endpoint) = @_;
    my @all = $endpoint->requests;
    my @new = @all[ ($seen{ $endpoint->name } // 0) .. $#all ];
    $seen{ $endpoint->name } = @all;
    return @new;
}

subtest 'an event refused with 400 is found and kept as a dead letter' => sub {
    new_requests($nws);
    $nws->faults(kind => 'status', status => 400, body => 'no such provision', match => '_7');
    my $mine = rows(20);
    $node->wait_for_sync;
    # A batch for each of four lanes, and twice the logarithm of the largest for the one with the event.
    cmp_ok(scalar(new_requests($nws)), '<=', 4 + 8, 'in a few requests');
    is(dead_letters("subject LIKE '%${mine}%'"), "nws|public.provision_status/${mine}_7|400|HTTP 400: no such provision|t", 'one dead letter');
    is($node->sql("SELECT string_agg(provision_id, ' ') FROM provision_status WHERE sync_status = 'FAILED'"), "${mine}_7", 'its row is FAILED');
    is($node->sql("SELECT count(*) FROM provision_status WHERE provision_id LIKE '${mine}%' AND sync_status = 'COMPLETED'"), 19, 'the others are COMPLETED');
    is($ods->entry("public.provision_status/${mine}_7")->{data}{row}{status}, 'RECEIVED', 'the other endpoint has it');
    $nws->clear_faults;
};

subtest 'a batch that is too large is split until it fits' => sub {
    new_requests($nws);
    $nws->faults(kind => 'status', status => 413, more_than => 3);
    my $mine = rows(200);
    $node->wait_for_sync;
    is(statuses($mine), 'COMPLETED', 'every row is marked');
    is((grep { $_->{status} == 200 && $_->{events} > 3 } new_requests($nws)), 0, 'nothing larger was taken');
    $mine = rows(36);
    $node->wait_for_sync;
    is(scalar(grep { $_->{status} == 413 } new_requests($nws)), 0, 'the size that passed is remembered');
    $nws->clear_faults;
    $nws->faults(kind => 'status', status => 413, match => '_5');
    $mine = rows(9);
    $node->wait_for_sync;
    like(dead_letters("subject LIKE '%${mine}%'"), qr/_5\|413\|/, 'an event that is too large by itself is a dead letter');
    $nws->clear_faults;
};

subtest 'results event by event' => sub {
    $nws->faults(kind => 'results', match => '_3', error => 'unknown partner', retryable => JSON::PP::false());
    $nws->faults(kind => 'results', match => '_4', error => 'busy', retryable => JSON::PP::true(), times => 2);
    my $mine = rows(10);
    $node->wait_for_sync;
    is(dead_letters("subject LIKE '%${mine}%'"), "nws|public.provision_status/${mine}_3|200|rejected: unknown partner|t", 'a rejected event is a dead letter');
    is(statuses($mine), 'COMPLETED FAILED', 'and only its row is FAILED');
    is($nws->entry("public.provision_status/${mine}_4")->{data}{row}{status}, 'RECEIVED', 'one rejected for now arrives later');
    $nws->clear_faults;
};

subtest 'retries keep batch, order and Idempotency-Key' => sub {
    new_requests($nws);
    $nws->faults(kind => 'status', status => 503, times => 2);
    my $mine = 'retried';
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('$mine', 'RECEIVED')");
    $node->sql("UPDATE provision_status SET status = '$_' WHERE provision_id = '$mine'") for qw(PROCESSING COMPLETED);
    $node->wait_for_sync;
    my @mine = new_requests($nws);
    is($mine[0]{status}, 503, 'the first attempt failed');
    is($mine[1]{idempotency_key}, $mine[0]{idempotency_key}, 'the second has the same key');
    my $waited = $mine[1]{time_ms} - $mine[0]{time_ms};
    ok($waited >= 100 && $waited < 1500, "after about 2 x retry_base ($waited ms)");
    is(join(' ', map { $_->{data}{row}{status} } $nws->events("/$mine\"")), 'RECEIVED PROCESSING COMPLETED', 'in order');
};

subtest 'Retry-After is honoured' => sub {
    new_requests($nws);
    $nws->faults(kind => 'status', status => 429, retry_after => '1', times => 1);
    rows(1);
    $node->wait_for_sync;
    my @mine = new_requests($nws);
    cmp_ok($mine[1]{time_ms} - $mine[0]{time_ms}, '>=', 1000, 'the next attempt waits as long as it asks for');
};

subtest 'broken connections, half answers, timeouts' => sub {
    for my $fault ({ kind => 'reset' }, { kind => 'half', take => JSON::PP::true() }, { kind => 'delay', ms => 1500 })
    {
        $nws->faults(%$fault, times => 1);
        my $mine = rows(3);
        $node->wait_for_sync;
        is(statuses($mine), 'COMPLETED', "$fault->{kind}: delivered all the same");
        $nws->clear_faults;
    }
};

# "waiting" as endpoint_status shows it, for a reason.
sub waits
{
    my ($reason) = @_;
    return $node->wait_for_sql("SELECT breaker = 'open' AND waiting_until IS NOT NULL AND last_error LIKE '%$reason%' FROM gpsync.endpoint_status WHERE endpoint = 'nws'");
}

for my $case ([ 401, {} ], [ 404, {} ], [ 307, { kind => 'redirect', location => $ods->url } ], [ 503, {} ])
{
    my ($status, $more) = @$case;
    subtest "$status: the lane waits, the other endpoint goes on" => sub {
        my $letters = $node->sql('SELECT count(*) FROM gpsync.dead_letters');
        my $taken   = $ods->stats->{accepted};
        $nws->faults(kind => 'status', status => $status, %$more);
        my $mine = rows(5);
        ok(waits("HTTP $status"), 'endpoint_status shows it');
        is($node->sql("SELECT relay_state FROM gpsync.stream_status"), 'waiting', 'and so does stream_status');
        GpsyncTest::wait_until(sub { $ods->stats->{accepted} >= $taken + 5 }, 'ods has its events');
        is($ods->stats->{accepted}, $taken + 5, 'the other endpoint has its events, once');
        is(statuses($mine), 'PENDING', 'nothing is called synchronised');
        $node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id LIKE '${mine}%'");
        $nws->clear_faults;
        $node->wait_for_sync;
        is(statuses($mine), 'COMPLETED', 'all is delivered once it answers again');
        is(join(' ', map { $_->{data}{row}{status} } $nws->events("/${mine}_1\"")), 'RECEIVED PROCESSING', 'in order');
        is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), $letters, 'no dead letter');
    };
}

subtest 'an endpoint that is down' => sub {
    $nws->stop;
    my $mine = rows(5);
    ok(waits('connect'), 'endpoint_status shows it');
    $nws->start;
    $node->wait_for_sync;
    is(statuses($mine), 'COMPLETED', 'delivered once it is back');
};

subtest 'TLS is verified, both ways' => sub {
    my $dir = PostgreSQL::Test::Utils::tempdir();
    for my $who (qw(server client))
    {
        system("openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=$who -addext subjectAltName=IP:127.0.0.1"
              . " -keyout $dir/$who.key -out $dir/$who.crt >$dir/openssl.log 2>&1") == 0 or die 'openssl failed';
    }
    my $secure = GpsyncTest::Emulator->new('secure', '--tls-cert', "$dir/server.crt", '--tls-key', "$dir/server.key");
    $node->create_endpoint($secure, retry_base => '50ms');
    $node->create_stream('tls', 'secure', { bookkeeping => 'false' });
    my $tls = $node->start_relay('tls');
    my $shows = sub { $node->wait_for_sql("SELECT breaker = 'open' AND last_error ~* '$_[0]' FROM gpsync.endpoint_status WHERE stream = 'tls'") };
    my $mine = rows(3);
    ok($shows->('certificate'), 'an unknown certificate is not accepted');
    $node->sql("ALTER SERVER secure OPTIONS (ADD ca_file '$dir/server.crt')");
    ok($node->wait_for_sql("SELECT gpsync.wait_for_sync(stream => 'tls')"), 'one that ca_file vouches for is');
    is($secure->stats->{accepted}, 3, 'delivered');
    is(statuses($mine), 'COMPLETED', 'by the other stream: this one keeps no books');

    $secure->stop;
    push @{ $secure->{args} }, '--tls-client-ca', "$dir/client.crt";
    $secure->{process} = GpsyncTest::Process->spawn('secure', [ $ENV{GPSYNC_EMULATOR}, '--listen', '127.0.0.1:' . $secure->port,
        '--ledger', $secure->{ledger}, '--name', 'secure', @{ $secure->{args} } ]);
    rows(3);
    # With TLS 1.3 the client may be sending already when it is refused, and the reset of the connection can overtake the alert that says why.
    ok($shows->('.'), 'an endpoint that wants to know us is not satisfied');
    is($secure->stats->{accepted}, 3, 'and gets nothing more');
    $node->sql("CREATE USER MAPPING FOR relay SERVER secure OPTIONS (client_cert_file '$dir/client.crt', client_key_file '$dir/client.key')");
    ok($node->wait_for_sql("SELECT gpsync.wait_for_sync(stream => 'tls')"), 'until it gets our certificate');
    is($tls->stop, 0, 'stopped');
    $node->sql("SELECT gpsync.drop_stream('tls')");
};

$node->sql("UPDATE provision_status SET sync_status = 'PENDING' WHERE sync_status = 'FAILED'");
$node->wait_for_sync;
$node->ledger_agrees($_, 'provision_status') for @endpoints;
my @noise = grep { $_->{raw} || $_->{service} ne 'migration-service' } $relay->log_records;
is_deeply(\@noise, [], 'every line of the log is JSON of our service');
unlike($relay->log, qr/no such provision|unknown partner/, "the endpoint's words stay out of the log");
is($relay->stop, 0, 'SIGTERM ends it with status 0');
done_testing;
