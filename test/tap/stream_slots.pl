# Streams and their slots where sessions die, transactions fail late, and the server crashes: never a slot without a
# stream, never a stream without a slot.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', max_replication_slots => 4, max_wal_senders => 4);
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:9/');
    CREATE TABLE a (id integer);
    CREATE TABLE b (id integer);
    CREATE VIEW pairs AS
        SELECT coalesce(s.stream, '-') || '=' || coalesce(replace(r.slot_name, gpsync_internal.slot_name(''), ''), '-')
            || CASE WHEN r.temporary THEN ' temporary' ELSE '' END AS pair
        FROM gpsync.stream AS s FULL JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream);
    SQL

my $create = q{SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL};
my $drop   = q{SELECT gpsync.drop_stream('legacy')};

# A test: the streams and their slots, as "stream=slot", are these.
sub pairs_are
{
    my ($expected, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    $node->wait_for_sql(q{SELECT coalesce(string_agg(pair, ',' ORDER BY pair), '') FROM pairs}, $expected, 10);
    return is($node->sql(q{SELECT string_agg(pair, ',' ORDER BY pair) FROM pairs}), $expected, $name);
}

sub session { return $node->background_psql('postgres', on_error_stop => 0); }

# A session that has run these statements, and its PID.
sub session_after
{
    my (@statements) = @_;
    my $session = session();
    my $pid     = $session->query('SELECT pg_backend_pid()');
    $session->query($_) for @statements;
    return ($session, $pid);
}

subtest 'a session that ends with the transaction open' => sub {
    for my $end ('pg_terminate_backend', 'disconnect')
    {
        my ($session, $pid) = session_after('BEGIN', $create);
        pairs_are('-=legacy temporary', "before the $end there is a temporary slot");
        $node->sql("SELECT pg_terminate_backend($pid)") if $end eq 'pg_terminate_backend';
        eval { $session->quit };
        pairs_are('', "after it there is none ($end)");
    }
};

subtest 'the server crashes with the transaction open' => sub {
    my ($session, $pid) = session_after('BEGIN', $create);
    $node->crash_backend($pid) or die 'the server did not come back';
    eval { $session->quit };
    pairs_are('', 'neither stream nor slot');
};

subtest 'a crash while the slot waits for a writing transaction' => sub {
    my ($writer) = session_after('BEGIN', 'INSERT INTO a VALUES (1)');
    my ($session, $pid) = session_after();
    $session->query_until(qr/started/, "\\echo started\n$create;\n");
    $node->wait_for_sql("SELECT wait_event_type FROM pg_stat_activity WHERE pid = $pid", 'Lock');
    # It is not in the way of what an operator may have to do meanwhile.
    is($node->sql(q{SET statement_timeout = '5s'; UPDATE gpsync.stream SET paused = true; SELECT count(*) FROM gpsync.stream_status}), 0, 'streams can be read and written');
    $node->crash_backend($pid) or die 'the server did not come back';
    eval { $_->quit } for $session, $writer;
    pairs_are('', 'neither stream nor slot');
};

subtest 'a wait that is cancelled, in a savepoint and alone' => sub {
    my ($writer) = session_after('BEGIN', 'INSERT INTO a VALUES (1)');
    my ($session) = session_after('BEGIN', "SET LOCAL statement_timeout = '300ms'", 'SAVEPOINT s');
    $session->query($create);
    like($session->{stderr}, qr/statement timeout/, 'the wait is cancelled');
    $session->query('ROLLBACK TO s');
    $session->query('COMMIT');
    pairs_are('', 'no slot is left behind');
    $session->query("SET statement_timeout = '300ms'");
    $session->query(qq{DO \$\$ BEGIN PERFORM gpsync.create_stream('legacy', '{nws}'); EXCEPTION WHEN query_canceled THEN NULL; END \$\$});
    pairs_are('', 'nor where PL/pgSQL caught it');
    $writer->query('ROLLBACK');
    $session->query('RESET statement_timeout');
    is($session->query($create), 't', 'the same session can create the stream then');
    $session->quit;
    $writer->quit;
    pairs_are('legacy=legacy', 'it has its slot');
    $node->sql($drop);
};

# A commit that fails at the very end, after the slot was made permanent or taken away: two serialisable
# transactions that read what the other one writes.
sub fail_to_commit
{
    my ($call) = @_;
    my ($loser)  = session_after('BEGIN ISOLATION LEVEL SERIALIZABLE', $call);
    my ($winner) = session_after('BEGIN ISOLATION LEVEL SERIALIZABLE', 'SELECT count(*) FROM b', 'INSERT INTO a VALUES (1)');
    $loser->query($_) for 'SELECT count(*) FROM a', 'INSERT INTO b VALUES (1)';
    $winner->query('COMMIT');
    $loser->{stderr} = '';
    $loser->query('COMMIT');
    like($loser->{stderr}, qr/could not serialize/, 'the commit fails');
    $_->quit for $loser, $winner;
    return;
}

subtest 'a commit that fails late' => sub {
    fail_to_commit($create);
    pairs_are('', 'no slot without its stream');
    $node->sql($create);
    fail_to_commit($drop);
    pairs_are('legacy=legacy', 'no stream without its slot');
    $node->stop('immediate');
    $node->start;
    pairs_are('legacy=legacy', 'nor after a crash');
    is($node->sql(q{SELECT gpsync_internal.relay_config('legacy') IS NOT NULL}), 't', 'it can be delivered');
};

subtest 'a slot that somebody reads' => sub {
    my $slot = $node->sql(q{SELECT gpsync_internal.slot_name('legacy')});
    my $reader = GpsyncTest::Process->spawn('pg_recvlogical',
        [ 'pg_recvlogical', '-d', $node->connstr('postgres'), '-S', $slot, '--start', '-f', '-', '-o', 'publication_names=gpsync' ]);
    $node->wait_for_sql(q{SELECT slot_state FROM gpsync.stream_status}, 'active');
    # The relay's other session: it holds the stream.
    my ($relay, $pid) = session_after(q{SELECT gpsync_internal.relay_acquire('legacy')});
    my ($outsider) = session_after(q{SELECT pg_advisory_lock(gpsync_internal.stream_lock_key('legacy'))});
    $node->sql($drop);
    pairs_are('', 'is dropped all the same');
    is($outsider->query('SELECT 1'), 1, 'an advisory lock of SQL is in nobody\'s way, and its session stays');
    $outsider->quit;
    is($node->sql("SELECT count(*) FROM pg_stat_activity WHERE pid = $pid"), 0, 'and its relay made to leave');
    is($node->sql('SELECT count(*) FROM pg_replication_origin'), 0, 'so that its origin goes, too');
    $reader->kill9;
    eval { $relay->quit };
};

subtest 'two at once' => sub {
    my ($first) = session_after('BEGIN', $create);
    my ($second) = session_after();
    $second->query_until(qr/started/, "\\echo started\n$create;\n");
    $node->wait_for_sql(q{SELECT count(*) FROM pg_locks WHERE NOT granted}, 1);
    $first->query('COMMIT');
    $second->query('SELECT 1');
    like($second->{stderr}, qr/stream "legacy" already exists/, 'the second one waits, and is told');
    $_->quit for $first, $second;
    pairs_are('legacy=legacy', 'there is one');

    # DROP EXTENSION waits for a create_stream() that is under way.
    $node->sql($drop);
    ($first) = session_after('BEGIN', $create);
    ($second) = session_after();
    $second->query_until(qr/started/, "\\echo started\nDROP EXTENSION gpsync CASCADE;\n");
    $node->wait_for_sql(q{SELECT count(*) FROM pg_locks WHERE NOT granted}, 1);
    $first->query('COMMIT');
    $second->query('SELECT 1');
    like($second->{stderr}, qr/cannot drop extension gpsync because streams exist/, 'DROP EXTENSION sees a stream that was under way');
    $_->quit for $first, $second;
};

subtest 'limits and settings' => sub {
    $node->sql("SELECT pg_create_physical_replication_slot('p$_')") for 1 .. 3;
    my ($state, $error) = $node->sql_error(q{SELECT gpsync.create_stream('more', '{nws}', bookkeeping => false)});
    is($state, '53400', 'no free replication slot is the server\'s error');
    like($error, qr/max_replication_slots/, 'with its hint');
    is($node->sql(q{SELECT severity FROM gpsync.doctor() WHERE check_name = 'max_replication_slots'}), 'warning', 'doctor() says so');
    $node->sql("SELECT pg_drop_replication_slot('p$_')") for 1 .. 3;
    $node->sql($drop);

    $node->append_conf('postgresql.conf', "wal_level = replica\n");
    $node->restart;
    ($state, $error) = $node->sql_error($create);
    is($state, '55000', 'wal_level is too low');
    like($error, qr/HINT:.*ALTER SYSTEM SET wal_level = logical/, 'the hint says what to do');
    is($node->sql(q{SELECT fix LIKE 'ALTER SYSTEM SET wal_level = logical%' FROM gpsync.doctor() WHERE check_name = 'wal_level'}), 't', 'doctor() says so');
    $node->append_conf('postgresql.conf', 'wal_level = logical');
    $node->restart;
};

subtest 'a relay that nobody starts' => sub {
    $node->sql($create);
    my $fix = $node->sql(q{SELECT fix FROM gpsync.doctor() WHERE check_name = 'supervisor'});
    like($fix, qr/shared_preload_libraries = gpsync/, 'doctor() knows who could');
    $node->sql($fix);
    $node->restart;
    ok($node->wait_for_sql('SELECT slot_state FROM gpsync.stream_status', 'active'), 'after a restart the supervisor does');
    is($node->sql(q{SELECT count(*) FROM gpsync.doctor() WHERE check_name IN ('supervisor', 'relay')}), 0, 'and the finding is gone');
    $node->sql('ALTER SYSTEM RESET ALL');
    $node->restart;
    $node->sql($drop);
};

subtest 'a lost slot' => sub {
    $node->sql($create);
    $node->append_conf('postgresql.conf', "max_slot_wal_keep_size = '1MB'");
    $node->reload;
    for (1 .. 4) { $node->sql('INSERT INTO a VALUES (1); SELECT pg_switch_wal(); CHECKPOINT'); }
    is($node->sql('SELECT slot_state FROM gpsync.stream_status'), 'lost', 'stream_status says so');
    my ($state, $error) = $node->sql_error(q{SELECT gpsync_internal.relay_config('legacy')});
    is($state, '55000', 'relay_config() too');
    ($state) = $node->sql_error(q{SELECT gpsync.wait_for_sync()});
    is($state, '55000', 'and wait_for_sync()');
    is($node->sql(q{SELECT fix FROM gpsync.doctor() WHERE check_name = 'slot'}), q{SELECT gpsync.recreate_stream('legacy')}, 'doctor() knows the remedy');
    $node->sql(q{SET client_min_messages = error; SELECT gpsync.recreate_stream('legacy')});
    pairs_are('legacy=legacy', 'which works');
    is($node->sql('SELECT slot_state FROM gpsync.stream_status'), 'inactive', 'the slot is fine again');
    $node->append_conf('postgresql.conf', 'max_slot_wal_keep_size = -1');
    $node->reload;
};

subtest 'a dump' => sub {
    my $file = $node->basedir . '/dump.sql';
    $node->sql(q{SELECT gpsync.generate_test_data('provision_status', 3)});
    $node->command_ok([ 'pg_dump', '-f', $file, $node->connstr('postgres') ], 'pg_dump');
    $node->sql('CREATE DATABASE restored');
    $node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file, $node->connstr('restored') ], 'restored');
    my $in_restored = sub { return $node->safe_psql('restored', $_[0]) };
    is($in_restored->('SELECT stream, publication, endpoints, slot_state, relay_state, paused FROM gpsync.stream_status'),
        'legacy|gpsync|{nws}|restored|paused|t', 'the stream is there, and counts as paused');
    my (undef, undef, $error) = $node->psql('restored', q{SELECT gpsync_internal.relay_config('legacy')});
    like($error, qr/it comes from a dump/, 'a relay is refused');
    (undef, undef, $error) = $node->psql('restored', q{SELECT gpsync.resume_stream('legacy')});
    like($error, qr/HINT:.*recreate_stream/, 'resuming is refused, with a hint');
    is($in_restored->(q{SELECT count(*) FROM pg_replication_slots WHERE database = 'restored'}), 0, 'there is no slot');
    (undef, undef, $error) = $node->psql('restored', 'DROP EXTENSION gpsync CASCADE');
    like($error, qr/streams exist/, 'the extension cannot be dropped');
    $in_restored->(q{SET client_min_messages = error; SELECT gpsync.recreate_stream('legacy')});
    is($in_restored->(q{SELECT slot_state, paused FROM gpsync.stream_status}), 'inactive|f', 'recreated');
    is($in_restored->(q{SELECT count(*) FROM pg_logical_slot_get_changes(gpsync_internal.slot_name('legacy'), NULL, NULL)}), 3,
        'what was pending is sent again');
    pairs_are('-=' . $in_restored->(q{SELECT gpsync_internal.slot_name('legacy')}) . ',legacy=legacy', 'the original has its own');
    $node->sql('DROP DATABASE restored');
    pairs_are('legacy=legacy', 'DROP DATABASE takes the slot along');
    is($node->sql(q{SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'origin without stream'}), 1, 'doctor() finds the origin');
    $node->sql($node->sql(q{SELECT fix FROM gpsync.doctor() WHERE check_name = 'origin without stream'}));
    is($node->sql(q{SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'origin without stream'}), 0, 'and knows how to drop it');
};

$node->sql($drop);
$node->sql('DROP EXTENSION gpsync CASCADE');
is($node->sql('SELECT count(*) FROM pg_replication_slots') . $node->sql('SELECT count(*) FROM pg_replication_origin'), '00', 'nothing is left behind');
done_testing;
