# Held keys: an event that an endpoint rejects for now, again and again, waits in the database with the later ones of its
# key; other keys, the other endpoint and the slot go on. It is tried again, in order, through kills of the relay.
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
# The waits are long enough for nothing to be tried again by itself where a test does not want it.
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for $nws, $ods;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

my %reject = (
    'a rejection of one event'  => { kind => 'results', retryable => \1, error => 'not now, 4711' },
    'an answer of 500'          => { kind => 'status',  status    => 500 },
);

sub advance
{
    my ($id, @states) = @_;
    $node->sql("UPDATE provision_status SET status = '$_' WHERE provision_id = '$id'") for @states;
    return;
}

sub held { my ($key, $columns) = @_; return $node->sql("SELECT $columns FROM gpsync.parked_events WHERE state = 'held' AND key ->> 'provision_id' = '$key'") }

sub is_held
{
    my ($key, $events, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT events FROM gpsync.parked_events WHERE state = 'held' AND key ->> 'provision_id' = '$key'", $events), $what);
}

sub is_synced
{
    my ($id, $status, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = '$id'", $status), $what);
}

# What an endpoint has of a row, in the order in which it took it.
sub statuses { my ($endpoint, $id) = @_; return join(' ', map { $_->{data}{row}{status} } $endpoint->events("/$id")) }

sub agree
{
    my ($what) = @_;
    $node->wait_for_sync;
    $node->ledger_agrees($_, qw(provision_status token_status)) for $nws, $ods;
    is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, "$what: every row is marked");
    is($node->sql('SELECT held_events FROM gpsync.stream_status'), 0, '... and nothing is held');
    return;
}

for my $how (sort keys %reject)
{
    subtest $how => sub {
        my $mine = $node->add_rows(20);
        my $bad  = "${mine}_7";
        $node->wait_for_sync;
        $nws->faults(%{ $reject{$how} }, match => "/$bad");
        # Others follow until the event is held: they show that the endpoint does its work.
        $node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id LIKE '${mine}\\_%'");
        ok(GpsyncTest::wait_until(sub { $node->add_rows(1); held($bad, 'events') eq '1' }, 'the event is held'), 'its event is held');
        is_synced("${mine}_8", 'COMPLETED', 'another key goes on');
        advance($bad, 'COMPLETED');
        is_held($bad, 2, 'the later event of the key is held, too');
        is($nws->entry("public.provision_status/$bad")->{status} // 'RECEIVED', 'RECEIVED', '... and is not sent');
        is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$bad'"), 'PENDING', '... and its row waits');
        ok(GpsyncTest::wait_until(sub { statuses($ods, $bad) eq 'RECEIVED PROCESSING COMPLETED' }, 'ods has it'), 'the other endpoint has all of it');
        my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
        ok($node->wait_for_sql("SELECT confirmed_lsn >= '$now' FROM gpsync.stream_status"), 'the slot moves on');
        is($node->sql("SELECT breaker || ' ' || feed FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'closed live', 'the endpoint does its work');
        is($node->sql("SELECT gpsync.wait_for_sync(timeout => '100ms')"), 'f', 'wait_for_sync() waits for it');
        like(held($bad, 'attempts || last_error'), qr/^\d+(rejected: not now, #|HTTP #.*)$/, 'the view says what is wrong, without numbers');
        like($node->sql("SELECT string_agg(what || ' ' || detail, '; ') FROM gpsync.explain_sync('provision_status', '{\"provision_id\": \"$bad\"}')"),
            qr/endpoint in stream "legacy": it rejects this revision for now.*held stream "legacy": holds revision.*waits endpoint "nws" holds revision/s, 'explain_sync() tells it');
        like($node->sql("SELECT finding FROM gpsync.doctor() WHERE check_name = 'held events'"), qr/endpoint "nws" of stream "legacy" rejects 1 key\(s\) for now: 2 event\(s\) are held/,
            'doctor() names it');
        my $tried = held($bad, 'attempts');
        ok($node->wait_for_sql("SELECT attempts > $tried FROM gpsync.parked_events WHERE state = 'held' AND key ->> 'provision_id' = '$bad'"), 'it is tried again');
        is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), 0, 'and is no dead letter');
        $nws->clear_faults;
        is($node->sql("SELECT gpsync.retry_held('legacy', 'nws', '{\"provision_id\": \"$bad\"}')"), 2, 'retry_held()');
        is_synced($bad, 'COMPLETED', 'it is taken');
        is(statuses($nws, $bad), 'RECEIVED PROCESSING COMPLETED', '... in order');
        advance("${mine}_8", 'COMPLETED');
        agree($how);
    };
}

subtest 'a change of key, and a TRUNCATE' => sub {
    my $mine = $node->add_rows(3);
    $node->wait_for_sync;
    $nws->faults(kind => 'results', retryable => \1, match => "/${mine}_1");
    advance("${mine}_1", 'PROCESSING');
    is_held("${mine}_1", 1, 'a key is held');
    $node->sql("UPDATE provision_status SET provision_id = '${mine}_9' WHERE provision_id = '${mine}_1'");
    is_held("${mine}_9", 1, 'the change of its key is held');
    advance("${mine}_9", 'COMPLETED');
    is_held("${mine}_9", 2, '... and what comes under the new key');
    advance("${mine}_2", 'PROCESSING');
    is_synced("${mine}_2", 'COMPLETED', 'another key goes on');
    $node->sql('TRUNCATE token_status');
    my $later = $node->add_rows(1);
    ok(GpsyncTest::wait_until(sub { statuses($ods, "${later}_1") eq 'RECEIVED' }, 'ods has the row behind the TRUNCATE'), 'the other endpoint goes on');
    is(statuses($nws, "${later}_1"), '', 'a TRUNCATE does not overtake what is held');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.retry_held('legacy', 'nws')");
    agree('all of it is taken');
};

subtest 'the relay is killed, and the endpoint falls behind' => sub {
    my $mine = $node->add_rows(30);
    $node->wait_for_sync;
    my @bad = map { "${mine}_$_" } 10, 11, 12;
    $nws->faults(kind => 'results', retryable => \1, match => "/${mine}_1");
    $node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id LIKE '${mine}\\_%'");
    is_held($_, 1, 'a key is held') for @bad;
    $relay->kill9;
    $relay = $node->start_relay('legacy');
    $node->sql("UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id LIKE '${mine}\\_%'");
    is_held($_, 2, 'another relay knows the key') for @bad;
    is_synced("${mine}_4", 'COMPLETED', '... and delivers the others');
    # Now it fails altogether, and more comes.
    $nws->clear_faults;
    $nws->faults(kind => 'status', status => 401);
    $node->sql("UPDATE provision_status SET detail = '\"$_\"' WHERE provision_id LIKE '${mine}\\_%'") for qw(one two);
    ok($node->wait_for_sql("SELECT feed FROM gpsync.endpoint_status WHERE endpoint = 'nws'", 'behind'), 'it falls behind');
    $relay->kill9;
    $relay = $node->start_relay('legacy');
    $nws->clear_faults;
    $nws->faults(kind => 'results', retryable => \1, match => "/$bad[0]");
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
    ok($node->wait_for_sql("SELECT feed FROM gpsync.endpoint_status WHERE endpoint = 'nws'", 'live'), 'it comes back');
    is_held($bad[0], 4, 'what came from the spool is held behind the rest of its key');
    is_synced("${mine}_4", 'COMPLETED', '... and other keys have come through');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.retry_held('legacy', 'nws')");
    agree('all of it is taken');
    for my $id (@bad)
    {
        my @revisions = map { $_->{data}{revision} } $nws->events("/$id");
        is("@revisions", join(' ', sort { $a <=> $b } @revisions), 'in the order of the key');
    }
};

subtest 'refused in the end, and discarded' => sub {
    my $mine = $node->add_rows(3);
    $node->wait_for_sync;
    # One fault for both: a request meets one, and both may be in the same.
    my @for_now = $nws->faults(kind => 'results', retryable => \1, match => "/${mine}_");
    $node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id IN ('${mine}_1', '${mine}_2')");
    is_held("${mine}_$_", 1, 'a key is held') for 1, 2;
    for my $call (
        [ "gpsync.discard_held('legacy', 'nws', NULL, 'gone')",                       '22023', qr/does not say which/ ],
        [ "gpsync.discard_held('legacy', 'nws', '{\"provision_id\": \"x\"}', ' ')",  '22023', qr/needs a reason/ ],
        [ "gpsync.discard_held('legacy', 'nwz', '{\"provision_id\": \"x\"}', 'no')", '42704', qr/has no endpoint "nwz"/ ],
        [ "gpsync.retry_held('legaci', 'nws')",                                        '42704', qr/legaci/ ])
    {
        my ($state, $text) = $node->sql_error("SELECT $call->[0]");
        is($state, $call->[1], "$call->[0]");
        like($text, $call->[2], '... says why');
    }
    is($node->sql("SELECT gpsync.discard_held('legacy', 'nws', '{\"provision_id\": \"${mine}_1\"}', 'sent by hand', 'public.provision_status')"), 1, 'discard_held()');
    is_synced("${mine}_1", 'FAILED', 'its row is FAILED');
    is($node->sql("SELECT action || ' ' || detail FROM gpsync.dead_letter_log WHERE key ->> 'provision_id' = '${mine}_1'"), 'discarded sent by hand', '... and it is logged');
    is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), 0, '... without a letter');
    # In this order: in between an attempt would be taken.
    $nws->faults(kind => 'results', match => "/${mine}_2", error => 'never');
    $nws->clear_faults($_) for @for_now;
    is_synced("${mine}_2", 'FAILED', 'an endpoint may refuse it at last');
    is($node->sql('SELECT last_error FROM gpsync.dead_letters'), 'rejected: never', '... as a dead letter');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.retry_dead_letters('*')");
    $node->sql("UPDATE provision_status SET sync_status = 'PENDING' WHERE sync_status = 'FAILED'");
    agree('sent again');
};

subtest 'both endpoints hold the same key' => sub {
    my $mine = $node->add_rows(2);
    $node->wait_for_sync;
    $_->faults(kind => 'results', retryable => \1, match => "/${mine}_1") for $nws, $ods;
    advance("${mine}_1", 'PROCESSING');
    ok($node->wait_for_sql("SELECT count(*) FROM gpsync.parked_events WHERE state = 'held'", 2), 'both hold it');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.retry_held('legacy', 'nws')");
    ok(GpsyncTest::wait_until(sub { statuses($nws, "${mine}_1") =~ /PROCESSING/ }, 'nws has it'), 'one takes it');
    ok($node->wait_for_sql("SELECT count(*) FROM gpsync.parked_events WHERE state = 'held'", 1), '... and holds it no longer');
    is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '${mine}_1'"), 'PENDING', '... the row waits for the other');
    $relay->kill9;
    $relay = $node->start_relay('legacy');
    $ods->clear_faults;
    $node->sql("SELECT gpsync.retry_held('legacy', 'ods')");
    agree('the last one marks the row');
};

subtest 'an operator whose transaction stays open' => sub {
    my $mine = $node->add_rows(2);
    $node->wait_for_sync;
    $nws->faults(kind => 'results', retryable => \1, match => "/${mine}_1");
    advance("${mine}_1", 'PROCESSING');
    is_held("${mine}_1", 1, 'a key is held');
    my $operator = $node->background_psql('postgres');
    $operator->query_safe("BEGIN; SELECT gpsync.retry_held('legacy', 'nws'), gpsync.reset_breaker('legacy', 'nws')");
    my $tried = held("${mine}_1", 'attempts');
    ok($node->wait_for_sql("SELECT attempts > $tried + 1 FROM gpsync.parked_events WHERE state = 'held' AND key ->> 'provision_id' = '${mine}_1'"), 'it is tried again');
    advance("${mine}_2", 'PROCESSING');
    is_synced("${mine}_2", 'COMPLETED', 'the stream goes on');
    $nws->clear_faults;
    $operator->query_safe('COMMIT');
    $operator->quit;
    agree('what he asked for is done');
};

subtest 'the stream is read again from before what is held' => sub {
    my $mine = $node->add_rows(2);
    $node->wait_for_sync;
    # ods takes nothing and is not spooled for: the position stays.
    $node->sql("ALTER SERVER ods OPTIONS (ADD spool_limit '0')");
    $node->wait_for_sync;
    $ods->faults(kind => 'status', status => 503);
    advance("${mine}_1", 'PROCESSING');
    ok(GpsyncTest::wait_until(sub { statuses($nws, "${mine}_1") =~ /PROCESSING/ }, 'nws has it'), 'nws takes an event');
    $nws->faults(kind => 'results', retryable => \1, match => "/${mine}_1");
    advance("${mine}_1", 'COMPLETED');
    is_held("${mine}_1", 1, '... and rejects the next one');
    $relay->kill9;
    $nws->clear_faults;
    $node->sql("SELECT gpsync.retry_held('legacy', 'nws')");
    $relay = $node->start_relay('legacy');
    ok(GpsyncTest::wait_until(sub { statuses($nws, "${mine}_1") =~ /COMPLETED$/ }, 'nws has it'), 'another relay sends it');
    $ods->clear_faults;
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'ods')");
    agree('it is the last that nws has');
    like(statuses($nws, "${mine}_1"), qr/COMPLETED$/, '... of all that it was sent');
    $node->sql('ALTER SERVER ods OPTIONS (DROP spool_limit)');
    $node->wait_for_sync;
};

subtest 'a TRUNCATE behind a held key, and an endpoint that fails' => sub {
    my $mine = $node->add_rows(2);
    $node->wait_for_sync;
    $nws->faults(kind => 'results', retryable => \1, match => "/${mine}_1");
    advance("${mine}_1", 'PROCESSING');
    is_held("${mine}_1", 1, 'a key is held');
    $node->sql('TRUNCATE token_status');
    $nws->clear_faults;
    $nws->faults(kind => 'status', status => 401);
    ok($node->wait_for_sql("SELECT breaker <> 'closed' AND feed = 'behind' FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'then it fails, and falls behind');
    $node->add_rows(3);
    $nws->clear_faults;
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
    agree('it goes on by itself');
};

subtest 'discarded while no relay runs, and while another endpoint waits' => sub {
    my $mine = $node->add_rows(2);
    $node->wait_for_sync;
    $nws->faults(kind => 'results', retryable => \1, match => "/${mine}_1");
    $ods->faults(kind => 'status', status => 503);
    advance("${mine}_1", 'PROCESSING');
    is_held("${mine}_1", 1, 'a key is held');
    $relay->kill9;
    $nws->clear_faults;
    is($node->sql("SELECT gpsync.discard_held('legacy', 'nws', '{\"provision_id\": \"${mine}_1\"}', 'by hand')"), 1, 'discard_held()');
    $relay = $node->start_relay('legacy');
    ok($node->wait_for_sql("SELECT count(*) FROM gpsync.parked_events WHERE state = 'held'", 0), 'it is held no longer');
    is(statuses($nws, "${mine}_1"), 'RECEIVED', '... and was not sent');
    $ods->clear_faults;
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'ods')");
    is_synced("${mine}_1", 'FAILED', 'its row is FAILED when the other endpoint has it');
    $node->sql("UPDATE provision_status SET sync_status = 'PENDING' WHERE sync_status = 'FAILED'");
    agree('sent again');
};

is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
