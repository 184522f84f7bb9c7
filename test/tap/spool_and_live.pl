# What is in the spool beside endpoints that are live and late: it stays until they have passed it, since they may need it
# next; a refusal counts whoever says so first; and nobody who reads a segment stops the stream.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

$GpsyncTest::Relay::SANITIZED = 1;
my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($nws, retry_base => '20ms', retry_attempts => 2);
# Answers of 503 do not open its breaker: it is live, and late.
$node->create_endpoint($ods, retry_base => '300ms', retry_attempts => 100);
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

sub rows { return $node->add_rows($_[0]) }

sub has_feed
{
    my ($endpoint, $feed) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT feed FROM gpsync.endpoint_status WHERE endpoint = '" . $endpoint->name . "'", $feed), $endpoint->name . " is $feed");
}

sub fails { my ($endpoint, $status, %more) = @_; $endpoint->clear_faults; $endpoint->faults(kind => 'status', status => $status, %more); return }

sub mended
{
    $_->clear_faults for $nws, $ods;
    $node->sql("SELECT gpsync.reset_breaker('legacy', '$_')") for qw(nws ods);
    return;
}

sub agree
{
    my ($what) = @_;
    note($what);
    $node->wait_for_sync;
    $node->ledger_agrees($_, qw(provision_status token_status)) for $nws, $ods;
    is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, "$what: every row is marked");
    return;
}

sub emptied
{
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql('SELECT sum(events) = 0 FROM gpsync.spool_segment'), 'the spool is emptied');
}

sub spooled { return $node->sql('SELECT coalesce(sum(events), 0) FROM gpsync.spool_segment') }

subtest 'an endpoint that is late falls behind when another one has come back' => sub {
    fails($ods, 503);
    fails($nws, 503);
    my $mine = rows(200);
    has_feed($nws, 'behind');
    has_feed($ods, 'live');
    ok($node->wait_for_sql('SELECT sum(events) = 200 FROM gpsync.spool_segment'), 'it is spooled');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
    has_feed($nws, 'live');
    # Whatever would be emptied is emptied now: a booking and a report later.
    my $later = rows(1);
    ok(GpsyncTest::wait_until(sub { @{ [ $nws->events("/${later}_1") ] } == 1 }, 'nws goes on'), 'the other one goes on');
    is(spooled(), 200, 'the spool has what the late one may need');
    fails($ods, 401);
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'ods')");
    has_feed($ods, 'behind');
    mended();
    agree('nothing is lost');
    emptied();
};

subtest 'the same, and the relay begins anew in between' => sub {
    fails($ods, 503);
    fails($nws, 503);
    rows(100);
    has_feed($nws, 'behind');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
    has_feed($nws, 'live');
    $relay->kill9;
    $relay = $node->start_relay('legacy');
    fails($ods, 401);
    has_feed($ods, 'behind');
    mended();
    agree('nothing is lost');
    emptied();
};

for my $restart (0, 1)
{
    subtest 'the one that reads the spool refuses, the live one takes it later' . ($restart ? ', from another relay' : '') => sub {
        fails($ods, 503);
        # It is not probed before somebody says so: until then its next fault is there.
        fails($nws, 401, retry_after => '3600');
        my $mine = rows(9);
        has_feed($nws, 'behind');
        ok($node->wait_for_sql('SELECT sum(events) = 9 FROM gpsync.spool_segment'), 'it is spooled');
        $nws->clear_faults;
        $nws->faults(kind => 'status', status => 400, match => "${mine}_3");
        $node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
        ok($node->wait_for_sql('SELECT count(*) = 1 FROM gpsync.dead_letter'), 'a dead letter');
        if ($restart)
        {
            has_feed($nws, 'live');
            $relay->kill9;
            $relay = $node->start_relay('legacy');
        }
        mended();
        $node->wait_for_sync;
        is($node->sql("SELECT provision_id FROM provision_status WHERE sync_status = 'FAILED'"), "${mine}_3", 'its row is FAILED');
        $node->sql(q{DELETE FROM gpsync.dead_letter; UPDATE provision_status SET sync_status = 'PENDING' WHERE sync_status = 'FAILED'});
        agree('sent again');
        emptied();
    };
}

subtest 'somebody reads a segment' => sub {
    fails($nws, 503);
    rows(50);
    has_feed($nws, 'behind');
    ok($node->wait_for_sql('SELECT sum(events) = 50 FROM gpsync.spool_segment'), 'it is spooled');
    my $segment = $node->sql('SELECT table_name FROM gpsync.spool_segment WHERE events > 0');
    my $reader  = $node->background_psql('postgres');
    $reader->query_safe("BEGIN; SELECT count(*) FROM gpsync.$segment");
    my $begun = () = $relay->log =~ /"message":"streaming"/g;
    mended();
    agree('the stream goes on');
    has_feed($nws, 'live');
    rows(5);
    agree('and on');
    is(spooled(), 50, 'the segment waits for its reader');
    is((() = $relay->log =~ /"message":"streaming"/g), $begun, 'the relay did not begin anew');
    $reader->query_safe('COMMIT');
    $reader->quit;
    emptied();
};

is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
