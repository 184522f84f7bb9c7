# The spool: an endpoint that fails holds back neither the others nor the slot. What it misses waits in the database, in
# order, through kills of the relay and of the server, and each row says when the last endpoint has it.
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
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

sub rows { return $node->add_rows($_[0]) }

# Every row of a prefix goes on to its next states, a transaction each.
sub advance
{
    my ($mine) = @_;
    $node->sql("UPDATE provision_status SET status = '$_' WHERE provision_id LIKE '${mine}\\_%'") for qw(PROCESSING COMPLETED);
    return;
}

sub statuses
{
    my ($mine) = @_;
    return $node->sql("SELECT string_agg(DISTINCT sync_status, ' ' ORDER BY sync_status) FROM provision_status WHERE provision_id LIKE '${mine}\\_%'");
}

# Changes an option of nws; the relay has begun again then.
sub configure
{
    my ($option) = @_;
    my $begun = () = $relay->log =~ /"message":"streaming"/g;
    $node->sql("ALTER SERVER nws OPTIONS ($option)");
    GpsyncTest::wait_until(sub { (() = $relay->log =~ /"message":"streaming"/g) > $begun }, 'the relay begins again') or die;
    return;
}

sub fails { my ($endpoint, %more) = @_; $endpoint->faults(kind => 'status', status => 503, %more); return }

sub feed { my ($endpoint) = @_; return $node->sql("SELECT feed FROM gpsync.endpoint_status WHERE endpoint = '" . $endpoint->name . "'") }

sub falls_behind
{
    my ($endpoint) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT feed = 'behind' FROM gpsync.endpoint_status WHERE endpoint = '" . $endpoint->name . "'"),
        $endpoint->name . ' falls behind');
}

sub catches_up
{
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT bool_and(feed = 'live') FROM gpsync.endpoint_status"), 'every endpoint is live again');
}

# The slot is confirmed behind everything that was committed so far.
sub slot_moves_on
{
    my ($what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
    return ok($node->wait_for_sql("SELECT confirmed_lsn >= '$now' FROM gpsync.stream_status"), $what);
}

sub agree
{
    my ($what) = @_;
    note($what);
    $node->wait_for_sync;
    $node->ledger_agrees($_, qw(provision_status token_status)) for @endpoints;
    is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status = 'PENDING'"), 0, "$what: no row is left PENDING");
    return;
}

sub send_again
{
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    $node->sql(q{DELETE FROM gpsync.dead_letter; UPDATE provision_status SET sync_status = 'PENDING' WHERE sync_status = 'FAILED'});
    agree('what was refused is sent again');
    catches_up();
    return;
}

# The statuses that an endpoint saw of a key, in the order of arrival, repeats left out.
sub story
{
    my ($endpoint, $subject) = @_;
    my %seen;
    return join ' ', map { $_->{data}{row}{status} } grep { $_->{subject} eq $subject && !$seen{ $_->{id} }++ } $endpoint->events($subject);
}

subtest 'one endpoint fails' => sub {
    fails($nws);
    my $mine = rows(300);
    falls_behind($nws);
    slot_moves_on('the slot moves on without it');
    advance($mine);
    slot_moves_on('... also with what comes later');
    ok($node->wait_for_sql("SELECT confirmed_lsn IS NOT NULL FROM gpsync.stream_status"), 'status');
    is($ods->entry("public.provision_status/${mine}_7")->{data}{row}{status}, 'COMPLETED', 'the other endpoint has the last state');
    is(statuses($mine), 'PENDING', 'the rows are not marked: one endpoint lacks them');
    is($node->sql("SELECT gpsync.wait_for_sync(timeout => '10ms')"), 'f', 'wait_for_sync() knows');
    is($node->sql('SELECT "table", state, endpoint, events FROM gpsync.parked_events'), 'public.provision_status|spooled|nws|900', 'parked_events');
    is($node->sql("SELECT endpoint, behind_events, behind_bytes > 100000, behind_seconds >= 0 FROM gpsync.endpoint_status ORDER BY 1"),
        "nws|900|t|t\nods|0|f|t", 'endpoint_status');
    is($node->sql('SELECT parked, spool_bytes > 0, spool_limit_at > now() FROM gpsync.stream_status'), '900|t|t', 'stream_status');
    is(feed($ods), 'live', 'the other endpoint is live');

    $nws->clear_faults;
    agree('after it has come back');
    is(story($nws, "public.provision_status/${mine}_$_"), 'RECEIVED PROCESSING COMPLETED', "the order of key $_ is kept") for 1, 150, 300;
    catches_up();
    ok($node->wait_for_sql('SELECT sum(events) = 0 FROM gpsync.spool_segment'), 'the spool is emptied');
    is($node->sql('SELECT count(*) FROM gpsync.parked_events'), 0, 'nothing is parked');
    my $later = rows(50);
    agree('after that');
};

subtest 'the relay is killed while it spools, and while it drains' => sub {
    fails($nws);
    my $mine = rows(500);
    falls_behind($nws);
    for my $round (1 .. 6) {
        rows(100);
        $relay->kill9;
        $relay = $node->start_relay('legacy');
    }
    slot_moves_on('the slot moves on');
    advance($mine);
    $nws->clear_faults;
    $nws->faults(kind => 'delay', ms => 5);
    for my $round (1 .. 6) {
        $node->wait_for_sql("SELECT behind_events < " . (7 - $round) * 300 . " FROM gpsync.endpoint_status WHERE endpoint = 'nws'");
        $relay->kill9;
        $relay = $node->start_relay('legacy');
    }
    $nws->clear_faults;
    agree('after the kills');
    is(story($nws, "public.provision_status/${mine}_$_"), 'RECEIVED PROCESSING COMPLETED', "the order of key $_ is kept") for 1, 250, 500;
    catches_up();
};

subtest 'both fail, one after the other, and the server crashes' => sub {
    fails($nws);
    my $mine = rows(200);
    falls_behind($nws);
    fails($ods);
    rows(200);
    falls_behind($ods);
    advance($mine);
    slot_moves_on('the slot moves on without both');
    $node->stop('immediate');
    $node->start;
    rows(50);
    slot_moves_on('... and after a crash');
    $ods->clear_faults;
    ok($node->wait_for_sql("SELECT feed = 'live' FROM gpsync.endpoint_status WHERE endpoint = 'ods'"), 'one comes back');
    is(statuses($mine), 'PENDING', 'the rows wait for the other');
    $nws->clear_faults;
    agree('after both have come back');
    is(story($_, "public.provision_status/${mine}_9"), 'RECEIVED PROCESSING COMPLETED', 'the order is kept at ' . $_->name) for @endpoints;
    catches_up();
};

subtest 'an event of the spool is refused' => sub {
    fails($nws);
    my $mine = rows(30);
    falls_behind($nws);
    slot_moves_on('the slot moves on');
    $nws->clear_faults;
    $nws->faults(kind => 'status', status => 400, match => "${mine}_7");
    $node->wait_for_sync;
    is($node->sql("SELECT endpoint, subject FROM gpsync.dead_letter"), "nws|public.provision_status/${mine}_7", 'a dead letter is kept');
    is($node->sql("SELECT provision_id FROM provision_status WHERE sync_status = 'FAILED'"), "${mine}_7", 'its row is FAILED');
    is($node->sql("SELECT count(*) FROM provision_status WHERE provision_id LIKE '${mine}\\_%' AND sync_status = 'COMPLETED'"), 29, 'the others are COMPLETED');
    $nws->clear_faults;
    send_again();
};

subtest 'an event that a live endpoint refuses while the other one is behind' => sub {
    fails($nws);
    $ods->faults(kind => 'status', status => 400, match => '_3');
    my $mine = rows(9);
    falls_behind($nws);
    slot_moves_on('the slot moves on');
    $relay->stop;
    $relay = $node->start_relay('legacy');
    $nws->clear_faults;
    $node->wait_for_sync;
    is($node->sql("SELECT provision_id FROM provision_status WHERE provision_id LIKE '${mine}\\_%' AND sync_status = 'FAILED'"), "${mine}_3", 'its row is FAILED');
    $ods->clear_faults;
    send_again();
};

subtest 'the spool is full' => sub {
    configure(q{ADD spool_limit '100kB'});
    fails($nws);
    my $mine = rows(1000);
    ok($node->wait_for_sql("SELECT relay_state = 'waiting' AND last_error LIKE '%spool_limit%' FROM gpsync.stream_status"), 'the stream waits and says so');
    is($node->sql("SELECT severity, fix FROM gpsync.doctor() WHERE finding LIKE 'stream \"legacy\" waits, for all%'"),
        "error|ALTER SERVER nws OPTIONS (SET spool_limit '1GB')", 'the doctor knows what mends it');
    $nws->clear_faults;
    agree('after it was full');
    catches_up();
    configure(q{SET spool_limit '0'});
    fails($nws);
    rows(10);
    ok($node->wait_for_sql("SELECT breaker <> 'closed' FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'it fails');
    is(feed($nws), 'live', 'with a limit of 0 nothing is spooled');
    $nws->clear_faults;
    agree('without a spool');
    configure('DROP spool_limit');
};

subtest 'an orderly end repeats nothing' => sub {
    $nws->hold;
    my $mine = rows(400);
    ok(GpsyncTest::wait_until(sub { @{ [ $ods->events("/${mine}_") ] } >= 400 }, 'one endpoint has it all'), 'one endpoint has it all');
    my $before = $ods->stats->{duplicates};
    $nws->clear_faults;
    $relay->stop;
    $relay = $node->start_relay('legacy');
    agree('after the end');
    is($ods->stats->{duplicates}, $before, 'nothing is repeated to the endpoint that had it');
};

$relay->stop;
$node->sql("SELECT gpsync.drop_stream('legacy')");
is($node->sql("SELECT count(*) FROM pg_class WHERE relname LIKE 'spool\\_legacy%'"), 0, 'the spool goes with its stream');
done_testing;
