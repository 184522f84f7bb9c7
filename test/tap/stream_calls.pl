# The calls on a stream while its relay is at work: waiting for it, pausing, dropping, recreating, and what
# stream_status, endpoint_status and doctor() say meanwhile.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;
use Time::HiRes qw(time);

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

sub status_is
{
    my ($columns, $expected, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT concat_ws(' ', $columns) FROM gpsync.stream_status", $expected), $name);
}

sub pending { return $node->sql(q{SELECT count(*) FROM provision_status WHERE sync_status = 'PENDING'}); }
sub add { my ($many) = @_; return $node->sql("SELECT gpsync.generate_test_data('provision_status', $many)"); }

# An answer of wait_for_sync() and how many seconds it took.
sub timed_wait
{
    my ($sql, $arguments) = @_;
    my $start = time;
    my $answer = $node->sql(sprintf($sql, 'SELECT gpsync.wait_for_sync(' . ($arguments // '') . ')'));
    return ($answer, time - $start);
}

# Older minor releases do not know the setting, and pg_regress has one output for all of them.
subtest 'output plugins' => sub {
    plan(skip_all => 'this release has no list of output plugins') unless GpsyncTest::Environment::knows_setting('output_plugin_libraries');
    my ($state, $error) = $node->sql_error(q{SET output_plugin_libraries = pgoutput, "wal2json"; SELECT gpsync.create_stream('other', '{nws}')});
    is($state, '55000', 'create_stream() asks whether the server loads gpsync_decoder');
    like($error, qr/DETAIL:  output_plugin_libraries is "pgoutput, wal2json"\./, '... says what it loads');
    like($error, qr/HINT:  ALTER SYSTEM SET output_plugin_libraries = pgoutput, wal2json, gpsync_decoder; SELECT pg_reload_conf\(\);/,
        '... and what to do');
    like($node->sql(q{SET output_plugin_libraries = pgoutput; SELECT severity, fix FROM gpsync.doctor() WHERE check_name = 'output_plugin_libraries'}),
        qr/^error\|ALTER SYSTEM SET output_plugin_libraries = pgoutput, gpsync_decoder;/, '... and so does doctor()');
};

subtest 'waiting' => sub {
    add(200);
    my ($answer, $seconds) = timed_wait('%s');
    is($answer, 't', 'everything is booked');
    is(pending(), 0, 'and so it is');
    for my $level ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE')
    {
        add(10);
        ($answer) = timed_wait("BEGIN ISOLATION LEVEL $level; SELECT count(*) > 0 FROM provision_status; %s; COMMIT");
        is($answer, "t\nt", "under $level");
    }
    # Asynchronous commits, other tables' WAL, a new segment: nothing that keeps a wait from ending at once.
    $node->sql('CREATE TABLE elsewhere (id integer); INSERT INTO elsewhere VALUES (1)');
    for my $before ("SET synchronous_commit = off; INSERT INTO elsewhere VALUES (1)", 'SELECT pg_switch_wal() IS NULL', 'CHECKPOINT')
    {
        $node->sql($before);
        ($answer, $seconds) = timed_wait('%s');
        is($answer, 't', "after $before");
        cmp_ok($seconds, '<', 5, 'without waiting for anything else to be written');
    }
    # The end of the WAL is what the relay's own bookkeeping wrote: left alone it books that once a second.
    # Beside calls that wait for nothing, which take as long as a psql takes to start.
    my ($waits, $calls) = (0, 0);
    for (1 .. 10)
    {
        $waits += (timed_wait('%s'))[1];
        $calls += (timed_wait('SELECT $$%s$$'))[1];
    }
    cmp_ok($waits - $calls, '<', 4, 'ten waits on an idle server');
};

subtest 'status' => sub {
    status_is('slot_state, relay_state, paused, deferred_marks, dead_letters, last_error', 'active streaming f 0 0', 'a healthy stream');
    status_is('in_flight_events, lag_seconds < 5', '0 t', 'nothing in flight, no lag, within a second or so');
    ok($node->wait_for_sql('SELECT delivered FROM gpsync.endpoint_status', 230), 'the endpoint took them all');
    is($node->sql('SELECT breaker, rejected FROM gpsync.endpoint_status'), 'closed|0', 'and nothing was refused');
    is($node->sql(q{SELECT count(*) FROM gpsync.doctor() WHERE severity IN ('error', 'warning')}), 0, 'doctor() finds nothing')
        or diag($node->sql('SELECT * FROM gpsync.doctor()'));
};

subtest 'pausing' => sub {
    $node->sql(q{SELECT gpsync.pause_stream('legacy')});
    status_is('slot_state, relay_state, paused', 'inactive paused t', 'the relay gives the slot back and waits');
    add(5);
    my ($answer) = timed_wait('%s', "timeout => '1 s'");
    is($answer, 'f', 'a wait ends without success');
    is(pending(), 5, 'nothing is delivered');
    is($node->sql(q{SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'paused'}), 1, 'doctor() mentions it');
    $node->sql(q{SELECT gpsync.resume_stream('legacy')});
    $node->wait_for_sync;
    is(pending(), 0, 'and all of it afterwards');
};

subtest 'a slot dropped by hand' => sub {
    $node->sql(<<~'SQL');
        SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots;
        DO $$ BEGIN
            FOR i IN 1 .. 500 LOOP
                BEGIN
                    PERFORM pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active;
                    PERFORM pg_drop_replication_slot(slot_name) FROM pg_replication_slots;
                    EXIT;
                EXCEPTION WHEN object_in_use THEN PERFORM pg_sleep(0.01);
                END;
            END LOOP;
        END $$;
        SQL
    is($relay->wait_exit, 1, 'the relay exits with 1');
    is($node->sql('SELECT count(*) FROM pg_replication_slots'), 0, 'and does not make it again');
    status_is('slot_state', 'missing', 'stream_status says so');
    add(7);
    $node->sql(q{SET client_min_messages = error; SELECT gpsync.recreate_stream('legacy')});
    $relay = $node->start_relay('legacy');
    $node->wait_for_sync;
    is(pending(), 0, 'recreated, it delivers what was missed');
    $node->ledger_agrees($nws, 'provision_status');
};

subtest 'dropping it under the relay' => sub {
    my $start = time;
    $node->sql(q{SELECT gpsync.drop_stream('legacy')});
    cmp_ok(time - $start, '<', 5, 'does not take long');
    is($relay->wait_exit, 1, 'the relay exits with 1');
    is($node->sql('SELECT count(*) FROM pg_replication_slots') . $node->sql('SELECT count(*) FROM pg_replication_origin'), '00', 'slot and origin are gone');
    # A name that is used again: what happens now is delivered, once, and marking it makes no events.
    $node->create_stream('legacy', 'nws');
    $relay = $node->start_relay('legacy');
    add(5);
    $node->wait_for_sync;
    my $events = scalar(my @before = $nws->events);
    $node->wait_for_sync;
    cmp_ok($events, '>', 5, 'the events are counted');
    is(scalar(my @after = $nws->events), $events, 'bookkeeping does not come round again');
    $node->ledger_agrees($nws, 'provision_status');
};

$relay->stop;
$node->sql(q{SELECT gpsync.drop_stream('legacy')});
done_testing;
