# Rows that change, end or are locked while the relay is about to mark them, over the whole path.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, timeout => '600s');
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

sub status { return $node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$_[0]'") }

sub becomes
{
    my ($key, $status, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'", $status), $what);
}

# --- Bookkeeping meets a locked row.
$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('locked', 'RECEIVED')");
becomes('locked', 'COMPLETED', 'a row is marked');
my $hold = $nws->hold('/locked');
$node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'locked'");
ok($nws->wait_holding, 'a change is in flight');
my $locker = $node->background_psql('postgres');
$locker->query_safe("BEGIN; SELECT FROM provision_status WHERE provision_id = 'locked' FOR UPDATE");
$nws->clear_faults($hold);
ok($node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 1), 'the mark of a locked row is kept for later');
is(status('locked'), 'PENDING', '... and the row waits');
$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('free', 'RECEIVED')");
becomes('free', 'COMPLETED', 'other rows are marked meanwhile');
is($node->sql("SELECT gpsync.wait_for_sync(timeout => '200ms')"), 'f', 'wait_for_sync() is not true while the mark waits');
$locker->query_safe('COMMIT');
becomes('locked', 'COMPLETED', 'the mark is made when the lock is gone');
ok($node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 0), '... and forgotten');

# --- The one who holds the lock changes the row: the kept mark is void.
$hold = $nws->hold('/locked');
$node->sql("UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'locked'");
ok($nws->wait_holding, 'a change is in flight');
$locker->query_safe("BEGIN; UPDATE provision_status SET status = 'VERIFIED' WHERE provision_id = 'locked'");
$nws->clear_faults($hold);
ok($node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 1), 'its mark meets a row that is being changed');
$hold = $nws->hold('/locked');
$locker->query_safe('COMMIT');
ok($nws->wait_holding, 'the newer change is in flight');
ok($node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 0), 'the kept mark is void');
is(status('locked'), 'PENDING', '... and does not call the newer revision synchronised');
$nws->clear_faults($hold);
becomes('locked', 'COMPLETED', '... which its own delivery does');

# in_flight KEY SQL …: holds the delivery of the first statement's event; runs the others meanwhile; then lets the
# first delivery end while the next one is held.
sub in_flight
{
    my ($key, $first_sql, $then_sql) = @_;
    my $first = $nws->hold("/$key");
    $node->sql($first_sql);
    ok($nws->wait_holding, 'a first change is in flight');
    $node->sql($then_sql);
    my $second = $nws->hold("/$key");
    my $answered = grep { $_->{status} == 200 } $nws->requests;
    $nws->clear_faults($first);
    ok(GpsyncTest::wait_until(sub { $answered < grep { $_->{status} == 200 } $nws->requests }, 'the first is answered'), '... and delivered');
    ok($nws->wait_holding, '... and the next is in flight');
    my ($high, $low) = ($nws->events("/$key\""))[0]{sequence} =~ /^(\w{8})(\w{8})-/;
    ok($node->wait_for_sql("SELECT commit_lsn >= '$high/$low' FROM gpsync.stream_position"), '... and the first is booked');
    is(status($key), 'PENDING', 'the mark of the first does not hit what came after it');
    $nws->clear_faults($second);
    becomes($key, 'COMPLETED', '... which its own delivery marks');
    return;
}

# --- A row changed while its older revision is in flight.
in_flight('changed', "INSERT INTO provision_status (provision_id, status) VALUES ('changed', 'RECEIVED')",
    "UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'changed'");
is($node->sql("SELECT sync_revision FROM provision_status WHERE provision_id = 'changed'"),
    $nws->entry('public.provision_status/changed')->{data}{revision}, 'the endpoint holds the revision that is marked');

# --- Deleted and inserted again while its first life is in flight.
in_flight('reborn', "INSERT INTO provision_status (provision_id, status) VALUES ('reborn', 'RECEIVED')", <<'SQL');
DELETE FROM provision_status WHERE provision_id = 'reborn';
INSERT INTO provision_status (provision_id, status, detail) VALUES ('reborn', 'RECEIVED', '"second"');
SQL
is($nws->entry('public.provision_status/reborn')->{data}{row}{detail}, 'second', 'the endpoint holds the second life');
my @types = map { $_->{type} =~ s/.*\.//r } $nws->events('/reborn"');
is("@types", 'inserted deleted inserted', '... and saw the lives in order');

# --- A deferred mark survives a crash of relay and server.
$hold = $nws->hold('/survivor');
$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('survivor', 'RECEIVED')");
ok($nws->wait_holding, 'a change is in flight');
$locker->query_safe("BEGIN; SELECT FROM provision_status WHERE provision_id = 'survivor' FOR UPDATE");
$nws->clear_faults($hold);
ok($node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 1), 'its mark is deferred');
my $stats = $nws->stats;
$relay->kill9;
$node->stop('immediate');
eval { $locker->quit };
$node->start;
is($node->sql('SELECT count(*) FROM gpsync.deferred_mark'), '1', 'it survives the crash of the server');
is(status('survivor'), 'PENDING', '... the row still waits');
$relay = $node->start_relay('legacy');
becomes('survivor', 'COMPLETED', '... and is marked when the relay is back');
is($nws->stats->{accepted}, $stats->{accepted}, '... without a second delivery');

$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');
is($nws->stats->{refused}, 0, 'nothing came out of order');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
