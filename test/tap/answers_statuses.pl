# What an endpoint answers and what becomes of the events: every line of the table in docs/endpoints.md.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
my $ods  = GpsyncTest::Emulator->new('ods');
$node->create_platform;
$node->create_endpoint($_, retry_base => '50ms', timeout => '1s', linger => '20ms') for $nws, $ods;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');
my $round = 0;

# Ten rows in one transaction, named after the round.
sub insert_ten
{
    my $name = 'r' . ++$round;
    $node->sql("INSERT INTO provision_status (provision_id, status) SELECT '${name}_' || n || '.', 'RECEIVED' FROM generate_series(1, 10) n");
    return $name;
}

sub statuses
{
    my ($name) = @_;
    return $node->sql("SELECT string_agg(format('%s %s', n, sync_status), ', ' ORDER BY sync_status) FROM
        (SELECT sync_status, count(*) n FROM provision_status WHERE provision_id LIKE '${name}\\_%' GROUP BY 1) s");
}

sub wait_statuses
{
    my ($name, $expected, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok(GpsyncTest::wait_until(sub { statuses($name) eq $expected }, "$name is $expected"), $what) or diag(statuses($name));
    return;
}

sub endpoint_status { return $node->sql("SELECT $_[0] FROM gpsync.endpoint_status WHERE endpoint = 'nws'") }

note('2xx without a body: all taken');
wait_statuses(insert_ten(), '10 COMPLETED', 'all taken');

note('2xx with results, event by event');
$nws->faults(kind => 'results', match => '_3.', error => 'no such partner', retryable => JSON::PP::false, times => 1);
my $name = insert_ten();
wait_statuses($name, '9 COMPLETED, 1 FAILED', 'the rejected event\'s row says so, the others are taken');
is($node->sql("SELECT endpoint, key, attempts > 0, last_error ~ 'no such partner', payload->>'subject', count(*) OVER () FROM gpsync.dead_letters"),
    qq(nws|{"provision_id": "${name}_3."}|t|t|public.provision_status/${name}_3.|1), 'it is a dead letter, with reason and payload');
ok($ods->entry("public.provision_status/${name}_3."), 'the other endpoint has taken it');
$nws->clear_faults;
$nws->faults(kind => 'results', match => '_5.', error => 'busy', retryable => JSON::PP::true, times => 1);
wait_statuses(insert_ten(), '10 COMPLETED', 'an event rejected for now is sent again');
$nws->clear_faults;
$nws->faults(kind => 'half', times => 1);
$nws->faults(kind => 'results', match => 'nothing');
wait_statuses(insert_ten(), '10 COMPLETED', 'a duplicate counts as taken');
cmp_ok($nws->stats->{duplicates}, '>', 0, '... and there was one');
$nws->clear_faults;

note('400, 409, 422: something in the batch is refused');
for my $status (400, 409, 422)
{
    my $letters = $node->sql('SELECT count(*) FROM gpsync.dead_letters');
    $nws->faults(kind => 'status', status => $status, match => '_7.', body => '{"error":"seven is odd"}');
    $name = insert_ten();
    wait_statuses($name, '9 COMPLETED, 1 FAILED', "$status: the refused event is found, the others are taken");
    is($node->sql("SELECT key->>'provision_id', http_status FROM gpsync.dead_letters ORDER BY created_at DESC LIMIT 1"),
        "${name}_7.|$status", '... and it is a dead letter');
    is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), $letters + 1, '... the only new one');
    $nws->clear_faults;
}
$node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = '${name}_7.'");
wait_statuses($name, '10 COMPLETED', 'a later change of the key is delivered as any other');

note('413: too large');
$nws->faults(kind => 'status', status => 413, more_than => 2);
wait_statuses(insert_ten(), '10 COMPLETED', 'a batch that is too large is split');
$nws->clear_faults;

note('408, 425, 429, 5xx, broken connections: again');
for my $status (408, 425, 429, 500, 502, 503, 504)
{
    $nws->faults(kind => 'status', status => $status, times => 2);
    wait_statuses(insert_ten(), '10 COMPLETED', "$status is tried again");
    $nws->clear_faults;
}
for my $fault ([ 'reset', kind => 'reset' ], [ 'half an answer', kind => 'half' ], [ 'no answer in time', kind => 'delay', ms => 1500 ])
{
    my ($what, @fault) = @$fault;
    $nws->faults(@fault, times => 1);
    wait_statuses(insert_ten(), '10 COMPLETED', "$what: tried again");
    $nws->clear_faults;
}
$nws->kill9;
$name = insert_ten();
ok(GpsyncTest::wait_until(sub { endpoint_status('errors') > 0 && endpoint_status('last_error') ne '' }, 'the relay meets it'), 'an endpoint that is down is reported');
is(statuses($name), '10 PENDING', '... and waited for');
$nws->start;
wait_statuses($name, '10 COMPLETED', '... until it is back');

note('Retry-After, and the same Idempotency-Key at every attempt');
$nws->faults(kind => 'status', status => 429, retry_after => 2, match => '_1.', times => 1);
$name = insert_ten();
wait_statuses($name, '10 COMPLETED', '429 with Retry-After is tried again');
my ($refused) = grep { $_->{status} == 429 } $nws->requests;
my ($taken) = grep { $_->{status} == 200 && $_->{first_id} eq $refused->{first_id} } $nws->requests;
cmp_ok($taken->{time_ms} - $refused->{time_ms}, '>=', 1950, '... not before it allows');
is($taken->{idempotency_key}, $refused->{idempotency_key}, '... with the key of the first attempt');
$nws->clear_faults;

note('401, 403, 404, 405, 410, 3xx: the endpoint is misconfigured');
my $letters = $node->sql('SELECT count(*) FROM gpsync.dead_letters');
my $elsewhere = GpsyncTest::Emulator->new('elsewhere');
for my $status (401, 403, 404, 405, 410, 301, 307, 308)
{
    $nws->faults($status < 400 ? (kind => 'redirect', location => $elsewhere->url) : (kind => 'status'), status => $status);
    $name = insert_ten();
    my $seen = sub { endpoint_status("breaker || ' ' || last_error") =~ /^open .*$status/ };
    ok(GpsyncTest::wait_until($seen, 'the status says so'), "$status: the breaker opens, and the status says why");
    is(statuses($name), '10 PENDING', '... and the events wait');
    $nws->clear_faults;
    wait_statuses($name, '10 COMPLETED', '... until it is mended');
}
is($elsewhere->stats->{requests}, 0, 'redirects are not followed');
is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), $letters, 'nothing of it is a dead letter');

$node->wait_for_sync;
is($node->ledger_differences($ods, 'provision_status'), $node->sql("SELECT string_agg(format('provision_status|{\"provision_id\": \"%s\"}|sync_status is FAILED|%s|%s', provision_id, doc, doc), E'\n')
    FROM provision_status p, LATERAL (SELECT to_jsonb(p) - '{sync_status,last_sync_timestamp,sync_revision}'::text[]) d(doc) WHERE sync_status = 'FAILED'"),
    'the endpoint without faults holds everything');
is($_->stats->{refused}, 0, 'nothing came out of order at ' . $_->name) for $nws, $ods;
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
