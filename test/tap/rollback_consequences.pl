# What a roll-back of a batch leaves behind elsewhere: the legacy side verifies clean, the status history has the
# transitions, which no machine lists, and notifications name what was done. Repairs are batches.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Legacy;
use JSON::PP ();
use Test::More;

my $node   = GpsyncTest->new_node('main', max_worker_processes => 12);
my $legacy = GpsyncTest::Legacy->new($node, 'things (id bigint PRIMARY KEY, status text NOT NULL, a int, note text)',
    'parts (id int, at date, status text NOT NULL, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)',
    "parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')", 'parts_other PARTITION OF parts DEFAULT');
my $pager = GpsyncTest::Emulator->new('pager');
$node->create_endpoint($pager);
$node->sql("SELECT gpsync.create_history('$_')") for qw(things parts);
$node->sql("SELECT gpsync.track_batches('$_')") for qw(things parts);
$node->sql($_) for "SELECT gpsync.create_notification('on_call', 'pager', '{rollback.*,ramp.*}')", "SELECT gpsync.create_notification('boss', 'pager', '{import.done}')";
my %relay = map { $_ => $node->start_relay($_) } qw(legacy gpsync_local ops_on_call ops_boss);
my $run   = 0;

sub contents { return $node->sql("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM (SELECT id, status, a::text, note FROM things UNION ALL SELECT id, status, at::text, v FROM parts) AS t") }

# The differences that a verification finds, a line each.
sub differences
{
    my ($table) = @_;
    my $name = 'r' . ++$run;
    $node->sql("SELECT gpsync.verify('public.$table', 'legacy.$table', run => '$name')");
    $node->sql("CALL gpsync.run_verify('$name')");
    return $node->sql("SELECT string_agg(concat_ws(' ', key, kind), E'\\n' ORDER BY key::text) FROM gpsync.verify_differences WHERE run = '$name'");
}

# Whether the history has seen the INSERT, or found the row, does not matter here.
sub history { return $node->sql("SELECT string_agg(concat_ws(' ', event, coalesce(from_state, '-'), coalesce(to_state, '-')), ', ') FROM gpsync.history_of('things', '{\"id\": $_[0]}')") =~ s{^(?:observed|inserted) }{}r }
sub ops_event { my ($type, $subject) = @_; return grep { $_->{type} eq "gpsync.ops.$type" && $_->{subject} eq $subject } $pager->events }

sub wait_for_ops_event
{
    my ($type, $subject) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok(GpsyncTest::wait_until(sub { ops_event($type, $subject) }, "$type of $subject"), "$type of $subject is reported");
    return (ops_event($type, $subject))[0];
}

$node->sql(<<~'SQL');
    INSERT INTO things SELECT n, 'RECEIVED', n, 'as before' FROM generate_series(1, 500) AS n;
    INSERT INTO parts SELECT n, '2024-03-04', 'RECEIVED', 'as before' FROM generate_series(1, 50) AS n;
    SQL
$node->wait_for_sync;
my $before = contents();

subtest 'the legacy side verifies clean' => sub {
    $node->sql(<<~'SQL');
        SET gpsync.batch = 'b1';
        UPDATE things SET status = 'PROCESSING', note = 'batch' WHERE id <= 400;
        UPDATE things SET status = 'COMPLETED' WHERE id <= 10;
        DELETE FROM things WHERE id > 450;
        INSERT INTO things VALUES (1001, 'RECEIVED', 1, 'batch');
        UPDATE parts SET at = '2025-01-02' WHERE id <= 10;
        SQL
    $node->wait_for_sync;
    isnt(contents(), $before, 'the batch has changed the tables');
    is(differences($_), '', "... and verification finds no difference of $_") for qw(things parts);
    $node->sql("CALL gpsync.emergency_rollback('b1', notify => '{boss}', reason => 'wrong rows')");
    is(contents(), $before, 'the tables are as before');
    $node->wait_for_sync;
    is(differences($_), '', "verification finds no difference of $_") for qw(things parts);
    is($legacy->sql("SELECT count(*) FILTER (WHERE note = 'as before' AND status = 'RECEIVED'), count(*) FROM things"), '500|500',
        'on the legacy side they are as before, too');
};

subtest 'the status history has the transitions' => sub {
    is(history(5), '- RECEIVED, updated RECEIVED PROCESSING, updated PROCESSING COMPLETED, updated COMPLETED RECEIVED',
        'a row that was changed twice goes back in one transition');
    is($node->sql(q{SELECT 'RECEIVED' = ANY (gpsync.next_states('provision', 'COMPLETED'))}), 'f', '... which its machine does not list');
    is(history(300), '- RECEIVED, updated RECEIVED PROCESSING, updated PROCESSING RECEIVED', 'one that was changed once');
    like(history(460), qr/deleted RECEIVED -, inserted - RECEIVED$/, 'one that was deleted is created');
    like(history(1001), qr/deleted RECEIVED -$/, 'one that was inserted is deleted');
    is($node->sql(q{SELECT bool_and(revision % 8 = 3), count(*) FROM gpsync.status_history WHERE relation = 'things'::regclass AND from_state IN ('PROCESSING', 'COMPLETED') AND to_state = 'RECEIVED'}),
        't|400', 'the revisions of these entries are a roll-back\'s');
    is($node->sql(q{SELECT count(*) FROM gpsync.status_history WHERE revision % 8 = 3 AND NOT (to_state = 'RECEIVED')}), 0, 'and no others are');
    $node->sql("SELECT gpsync.resume_traffic('{things,parts}')");
    my ($state) = $node->sql_error("UPDATE things SET status = 'COMPLETED' WHERE id = 5");
    is($state, '23514', 'from then on the machine is obeyed');
};

subtest 'notifications' => sub {
    my $started = wait_for_ops_event('rollback.started', 'b1');
    is_deeply($started->{data}{details}{tables}, [qw(public.things public.parts)], 'the start names the tables') or diag(JSON::PP::encode_json($started));
    is($started->{data}{details}{reason}, 'wrong rows', '... and the reason');
    is_deeply([ sort @{ $started->{data}{notifications} } ], [qw(boss on_call)], 'it goes to those who asked for it, and to the one that the call names');
    my $finished = wait_for_ops_event('rollback.finished', 'b1');
    is_deeply([ @{ $finished->{data}{details} }{qw(reverted deleted inserted left traffic_stopped)} ], [ 410, 1, 50, 0, JSON::PP::true ], 'the end says how many rows')
        or diag(JSON::PP::encode_json($finished));
    $node->sql("SELECT gpsync.create_ramp('wallet', first => 20), gpsync.roll_back_ramp('wallet', 'by hand')");
    my $back = wait_for_ops_event('ramp.roll_back', 'wallet');
    is($back->{data}{details}{reason}, 'by hand', 'a roll-back of a ramp says why');
    is($back->{data}{details}{share} + 0, 0, '... and where it is now');
    is_deeply($back->{data}{notifications}, ['on_call'], '... to who asked for it');
    $node->sql("SELECT gpsync.create_ramp('cards', first => 30)");
    $node->sql("SET gpsync.batch = 'b2'; UPDATE things SET note = 'batch' WHERE id = 7");
    $node->sql("CALL gpsync.emergency_rollback('b2', ramp => 'cards', fence => false, reason => 'all back')");
    my $ramp = wait_for_ops_event('ramp.roll_back', 'cards');
    like($ramp->{data}{details}{reason}, qr/all back/, 'an emergency roll-back reports that of its ramp') or diag(JSON::PP::encode_json($ramp));
    wait_for_ops_event("rollback.$_", 'b2') for qw(started finished);
    is((grep { JSON::PP::encode_json($_) =~ /as before/ } $pager->events), 0, 'no message has a value of a row');
};

subtest 'repairs are batches' => sub {
    is(contents(), $before, 'the tables are as before');
    $node->wait_for_sync;
    $legacy->sql("UPDATE things SET a = -1, note = 'legacy' WHERE id IN (1, 2, 3); INSERT INTO things VALUES (3001, 'RECEIVED', 1, 'legacy')");
    differences('things');
    $node->sql("SELECT FROM gpsync.repair('r$run', 'to_modern', apply => true)");
    is($node->sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM things WHERE note = 'legacy'"), '1 2 3 3001', 'a repair takes over what legacy has');
    is($node->sql("SELECT batch, inserts, updates, deletes FROM gpsync.batches WHERE batch LIKE 'repair:%'"), 'repair:1|1|3|0', '... as a batch');
    $node->wait_for_sync;
    is(differences('things'), '', 'both sides are equal');
    $node->sql("CALL gpsync.emergency_rollback('repair:1', fence => false)");
    is(contents(), $before, 'the repair is taken back');
    $node->wait_for_sync;
    is(differences('things'), '', '... on both sides');
};

# sql/batch_changed_since.sql and test/tap/rollback_changed_since.pl have the rest.
subtest 'what is sent again' => sub {
    $node->sql(<<~'SQL');
        SET gpsync.batch = 'again';
        SELECT gpsync.sync_row('things', '{"id": 11}');
        UPDATE things SET note = 'mine' WHERE id IN (12, 13);
        RESET gpsync.batch;
        CALL gpsync.sync_row_now('things', '{"id": 13}');
        SQL
    $node->wait_for_sync;
    $node->sql("CALL gpsync.emergency_rollback('again', fence => false)");
    is($node->sql('SELECT string_agg(note, $$, $$ ORDER BY id) FROM things WHERE id BETWEEN 11 AND 13'), 'as before, as before, as before', 'is taken back');
    is($node->sql("SELECT count(*) FROM gpsync.rollback_left_rows WHERE batch = 'again'"), 0, '... and nothing is listed');
    $node->wait_for_sync;
    is(differences('things'), '', 'both sides are equal');
};

$_->stop for values %relay;
done_testing();
