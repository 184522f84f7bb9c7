# The breaker of an endpoint: its states, its probes, and reset_breaker(). An event that makes its batch fail does not
# open it. Fewer lanes send while an endpoint is overloaded.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, retry_base => '50ms', timeout => '2s', linger => '20ms', lanes => 8) for $nws, $ods;
$node->create_stream('legacy', qw(nws ods));
$node->sql('CREATE ROLE boss LOGIN; CREATE ROLE nobody LOGIN');
$node->sql("SELECT gpsync.grant_operator('boss')");
my $relay = $node->start_relay('legacy');

sub insert_rows
{
    my ($prefix, $count) = @_;
    $node->sql("INSERT INTO provision_status (provision_id, status) SELECT '${prefix}_' || n || '.', 'RECEIVED' FROM generate_series(1, $count) n");
    return;
}

sub status { return $node->sql("SELECT $_[0] FROM gpsync.endpoint_status WHERE endpoint = '" . ($_[1] // 'nws') . "'") }

sub waits_for
{
    my ($condition, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($node->wait_for_sql("SELECT $condition FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), $what);
    return;
}

insert_rows('warm', 10);
$node->wait_for_sync;
waits_for("breaker = 'closed' AND breaker_since <= now() AND next_probe_at IS NULL AND lanes_in_use = 8", 'an endpoint that does its work');

subtest 'a long wait, and reset_breaker()' => sub {
    $node->sql("ALTER SERVER nws OPTIONS (SET retry_base '60s')");
    $nws->faults(kind => 'status', status => 404);
    insert_rows('long', 20);
    waits_for("breaker = 'open' AND next_probe_at > now() + interval '30 s' AND waiting_until = next_probe_at AND last_error LIKE '%404%'",
        'misconfigured: open at once');
    $nws->clear_faults;
    is($node->sql("SELECT count(*) FROM provision_status WHERE provision_id LIKE 'long%' AND sync_status = 'PENDING'"), 20, 'the events wait');
    my $call = "SELECT gpsync.reset_breaker('legacy', 'nws')";
    like(($node->sql_error("SET ROLE nobody; $call"))[1], qr/permission denied/, 'not everybody may have it tried');
    $node->sql("SET ROLE boss; $call");
    waits_for("breaker = 'closed'", 'an operator may');
    $node->wait_for_sync;
    $node->sql("ALTER SERVER nws OPTIONS (SET retry_base '50ms')");
};

subtest 'names that are not known' => sub {
    my ($state, $text) = $node->sql_error("SELECT gpsync.reset_breaker('legaci', 'nws')");
    is($state, '42704', 'no such stream');
    like($text, qr/HINT:  Perhaps you meant "legacy"/, '... the nearest name');
    ($state, $text) = $node->sql_error("SELECT gpsync.reset_breaker('legacy', 'nwz')");
    is($state, '42704', 'no such endpoint');
    like($text, qr/stream "legacy" has no endpoint "nwz".*HINT:  Perhaps you meant "nws"/s, '... the nearest name');
};

subtest 'probes come one at a time, and all lanes go on afterwards' => sub {
    my $before = $nws->requests;
    $nws->faults(kind => 'status', status => 503);
    insert_rows('down', 80);
    waits_for("breaker = 'open'", 'open');
    $nws->clear_faults;
    my $delay = $nws->faults(kind => 'delay', ms => 100);
    $node->wait_for_sync;
    waits_for("breaker = 'closed' AND breaker_since > now() - interval '1 min'", 'closed');
    my @times = map { $_->{time_ms} } grep { $_->{status} == 200 } ($nws->requests)[ $before .. $nws->requests - 1 ];
    cmp_ok($times[$_] - $times[ $_ - 1 ], '>=', 90, "probe $_ waits for the one before") for 1, 2;
    $nws->clear_faults;
};

subtest 'an event that makes its batch fail' => sub {
    $nws->faults(kind => 'status', status => 500, match => 'poison_33.');
    insert_rows('poison', 80);
    # Others go through while the batch has its attempts, so it is known to be the batch's fault.
    my $n = 0;
    ok(GpsyncTest::wait_until(sub { insert_rows('beside' . ++$n, 20); (grep { $_->{status} == 500 && $_->{events} == 1 } $nws->requests) >= 2 },
        'it is found'), 'the event stands alone');
    my $waiting = "provision_id ~ '^poison_' AND sync_status = 'PENDING'";
    waits_for("breaker = 'closed' AND last_error LIKE '%500%'", 'the breaker stays closed');
    is($node->sql("SELECT count(*) FROM gpsync.dead_letters"), 0, 'no dead letter');
    is($ods->entry('public.provision_status/poison_33.')->{data}{row}{status}, 'RECEIVED', 'the other endpoint has it');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
    $node->wait_for_sync;
    is($node->sql("SELECT count(*) FROM provision_status WHERE $waiting"), 0, 'taken once the endpoint can digest it');
};

subtest 'an overloaded endpoint gets fewer requests at once' => sub {
    $node->sql("ALTER SERVER nws OPTIONS (ADD retry_attempts '20')");
    $node->wait_for_sync;
    $nws->faults(kind => 'status', status => 429, times => 40);
    insert_rows('much', 400);
    waits_for('lanes_in_use < 8', 'fewer lanes');
    # On a slow machine all retries in a row fail, and the breaker opens: probes then wait ever longer.
    $nws->clear_faults;
    waits_for("breaker = 'closed'", 'the breaker is closed');
    $node->wait_for_sync;
    my $n = 0;
    ok(GpsyncTest::wait_until(sub { insert_rows('grow' . ++$n, 400); status('lanes_in_use') == 8 }, 'all lanes are back'), 'and all of them again afterwards');
};

$node->wait_for_sync;
$node->ledger_agrees($_, 'provision_status') for $nws, $ods;
is($_->stats->{refused}, 0, 'nothing came out of order at ' . $_->name) for $nws, $ods;
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
