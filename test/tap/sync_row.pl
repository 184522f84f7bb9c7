# sync_row() and its like send one row again with the caller's rights; the procedures wait for its mark and say what
# became of it.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', deadlock_timeout => '10s');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms');
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');
$node->sql(<<~'SQL');
    CREATE ROLE app LOGIN;
    SELECT gpsync.grant_reader('app');
    GRANT SELECT, INSERT, UPDATE, DELETE ON provision_status, token_status TO app;
    CREATE ROLE watcher LOGIN;
    SELECT gpsync.grant_reader('watcher');
    GRANT SELECT ON provision_status TO watcher;
    INSERT INTO provision_status (provision_id, status) SELECT 'p' || n, 'RECEIVED' FROM generate_series(1, 20) AS n;
    INSERT INTO token_status (token_id, status) VALUES ('t1', 'RECEIVED');
    CREATE TABLE pairs (a integer, b text, status text, PRIMARY KEY (a, b)) PARTITION BY LIST (a);
    CREATE TABLE pairs_1 PARTITION OF pairs FOR VALUES IN (1);
    SELECT gpsync.attach('pairs');
    INSERT INTO pairs VALUES (1, 'x,y', 'RECEIVED');
    GRANT SELECT, UPDATE ON pairs, pairs_1 TO app;
    SQL
$node->wait_for_sync;

my @as_app = (extra_params => [ '-U', 'app' ]);

# What psql prints for SQL of role app: one command, since a procedure that commits takes no other beside it.
sub as_app
{
    my ($sql) = @_;
    my ($out, $err) = ('', '');
    is($node->psql('postgres', $sql, stdout => \$out, stderr => \$err, @as_app), 0, $sql) or diag($err);
    return $out;
}

# The SQLSTATE and the text of an error of role app.
sub error_of { my ($sql, $user) = @_; return $node->sql_error($sql, extra_params => [ '-U', $user // 'app' ]) }

sub events_of { my ($key) = @_; return $nws->entry("public.provision_status/$key")->{events} }

sub locks { return $node->sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid IN (4, 5)") }

subtest 'sync_row(): in the caller\'s transaction' => sub {
    my $before = events_of('p1');
    my $out = as_app(q{SELECT key, sync_status, revision > 0 FROM gpsync.sync_row('provision_status', '{"provision_id": "p1"}')});
    is($out, '{"provision_id": "p1"}|PENDING|t', 'it gives key, status and revision');
    like(as_app(q{SELECT key, sync_status FROM gpsync.sync_provision_status('p2')}), qr/p2.*PENDING/, 'by its number');
    like(as_app(q{SELECT key, sync_status FROM gpsync.sync_token_status('t1')}),     qr/t1.*PENDING/, 'a token, too');
    like(as_app(q{SELECT key FROM gpsync.sync_row('pairs', '{"b": "x,y", "a": 1}')}), qr/"a": 1, "b": "x,y"/, 'a row of a partition');
    $node->wait_for_sync;
    like(as_app(q{SELECT key FROM gpsync.sync_row('pairs_1', '{"b": "x,y", "a": 1}')}), qr/"a": 1, "b": "x,y"/, '... by its name');
    $node->wait_for_sync;
    is(events_of('p1'), $before + 1, 'the endpoint got the row once more');
    as_app(q{BEGIN; SELECT FROM gpsync.sync_provision_status('p1'); ROLLBACK});
    $node->wait_for_sync;
    is(events_of('p1'), $before + 1, 'and not if the transaction is rolled back');
};

subtest 'sync_row(): errors' => sub {
    my @cases = (
        [ '55000', qr/not an attached table/, q{SELECT gpsync.sync_row('pg_class', '{"oid": 1}')} ],
        [ '55000', qr/not an attached table/, q{SELECT gpsync.sync_row(NULL, '{}')} ],
        [ 'P0002', qr/no row of this key/, q{SELECT gpsync.sync_provision_status('none')} ],
        [ '22023', qr/does not fit.*key columns are: provision_id/s, q{SELECT gpsync.sync_provision_status(NULL)} ],
        (map { [ '22023', qr/does not fit.*key columns are/s, "SELECT gpsync.sync_row('provision_status', $_)" ] }
            'NULL', q{'[]'}, q{'1'}, q{'{}'}, q{'{"id": "p1"}'}, q{'{"provision_id": "p1", "x": 1}'}),
        [ '22023', qr/does not fit.*a, b/s, q{SELECT gpsync.sync_row('pairs', '{"a": "one", "b": "x"}')} ],
        [ '22023', qr/does not fit.*a, b/s, q{SELECT gpsync.sync_row('pairs', '{"a": 99999999999, "b": "x"}')} ],
        (map { [ '25001', qr/cannot run in a transaction block/, "BEGIN; CALL gpsync.$_" ] } q{sync_row_now('provision_status', '{"provision_id": "p1"}')},
            q{sync_provision_status_now('p1')}, q{sync_token_status_now('t1')}),
        [ '22023', qr/timeout must not be negative/, q{CALL gpsync.sync_provision_status_now('p1', '-1 s')} ],
        [ '22023', qr/timeout must not be null/, q{CALL gpsync.sync_provision_status_now('p1', NULL)} ],
        [ 'P0002', qr/no row of this key/, q{CALL gpsync.sync_provision_status_now('none')} ]);
    for my $case (@cases)
    {
        my ($state, $text) = error_of($case->[2]);
        is($state, $case->[0], $case->[2]);
        like($text, $case->[1], '... clearly');
    }
    is((error_of(q{SELECT gpsync.sync_provision_status('p1')}, 'watcher'))[0], '42501', 'it is an UPDATE of the caller\'s');
    is((error_of(q{CALL gpsync.sync_provision_status_now('p1')}, 'watcher'))[0], '42501', '... so is the procedure\'s');

    my $holder = $node->background_psql('postgres');
    $holder->query_safe(q{BEGIN; SELECT FROM provision_status WHERE provision_id = 'p3' FOR UPDATE});
    my ($state, $text) = error_of(q{SELECT gpsync.sync_provision_status('p3')});
    is($state, '55P03', 'a locked row is not waited for');
    like($text, qr/is locked by another transaction/, '... clearly');
    ($state, $text) = error_of(q{CALL gpsync.sync_provision_status_now('p3', '300 ms')});
    is($state, '55P03', '... the procedure waits for its timeout');
    like($text, qr/still was after 0\.3 s/, '... and says so');
    is((error_of(q{CALL gpsync.sync_provision_status_now('p3', '0 s')}))[0], '55P03', '... which may be none');
    my $call = $node->background_psql('postgres', on_error_die => 1);
    $call->query_until(qr/begins/, "\\echo begins\nCALL gpsync.sync_provision_status_now('p3', '60 s');\n");
    ok($node->wait_for_sql(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 4}, 1), 'it is at work');
    is($node->sql(q{SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'}), 0, '... and waits in no queue');
    $holder->query_safe('COMMIT');
    $holder->quit;
    like($call->query('SELECT 1'), qr/COMPLETED/, 'a row that becomes free meanwhile is sent');
    $call->quit;
    is(locks(), '0', 'no lock is left');
};

subtest 'the platform\'s tables are found by their attachment' => sub {
    $node->sql('CREATE SCHEMA other; CREATE TABLE other.token_status (token_id text PRIMARY KEY)');
    like(as_app(q{SET search_path = other; SELECT key FROM gpsync.sync_token_status('t1')}), qr/t1/, 'one that is not attached does not count');
    $node->sql(q{SELECT gpsync.attach('other.token_status', NULL)});
    my ($state, $text) = error_of(q{SELECT gpsync.sync_token_status('t1')});
    is($state, '21000', 'two that are, are an error');
    like($text, qr/other\.token_status, public\.token_status/, '... that names them');
    is((error_of(q{CALL gpsync.sync_token_status_now('t1')}))[0], '21000', '... of the procedure, too');
    $node->sql(q{DROP TABLE other.token_status});
    $node->sql(q{SELECT gpsync.detach('token_status')});
    is((error_of(q{SELECT gpsync.sync_token_status('t1')}))[0], '55000', 'and none');
    $node->sql(q{SELECT gpsync.attach('token_status')});
};

subtest 'sync_row_now(): outcomes' => sub {
    my $before = events_of('p4');
    like(as_app(q{CALL gpsync.sync_provision_status_now('p4')}), qr/^COMPLETED\|\d+$/, 'taken');
    is(events_of('p4'), $before + 1, '... by the endpoint');
    like(as_app(q{CALL gpsync.sync_token_status_now('t1')}), qr/^COMPLETED\|\d+$/, 'a token');
    like(as_app(q{CALL gpsync.sync_row_now('pairs', '{"a": 1, "b": "x,y"}', timeout => '1 min')}), qr/^COMPLETED\|\d+$/, 'a row of a partition');
    for my $level ('repeatable read', 'serializable')
    {
        like(as_app(qq{SET default_transaction_isolation = '$level';\n\\g\nCALL gpsync.sync_provision_status_now('p4')}), qr/^COMPLETED\|\d+$/, $level);
    }
    my $fault = $nws->faults(kind => 'status', status => 422, body => 'no', match => 'p5');
    like(as_app(q{CALL gpsync.sync_provision_status_now('p5')}), qr/^FAILED\|\d+$/, 'refused for good');
    $nws->clear_faults($fault);
    like(as_app(q{CALL gpsync.sync_provision_status_now('p5')}), qr/^COMPLETED\|\d+$/, '... and taken when the cause is mended');

    $fault = $nws->hold('p6');
    like(as_app(q{CALL gpsync.sync_provision_status_now('p6', '100 ms')}), qr/^PENDING\|\d+$/, 'time is up');
    like(as_app(q{CALL gpsync.sync_provision_status_now('p6', '0')}), qr/^PENDING\|\d+$/, '... at once');
    $nws->clear_faults($fault);
    $node->wait_for_sync;
    is($node->sql(q{SELECT sync_status FROM provision_status WHERE provision_id = 'p6'}), 'COMPLETED', '... and it is delivered later');
    is(locks(), '0', 'no lock is left');
};

# A call in a session of its own, and what it printed.
sub in_background
{
    my ($sql) = @_;
    my $session = $node->background_psql('postgres', @as_app, on_error_stop => 0, timeout => $GpsyncTest::TIMEOUT);
    $session->query_until(qr/begun/, "\\echo begun\n$sql;\n\\echo over\n");
    return $session;
}
sub answer_of { my ($session) = @_; my $out = $session->query_until(qr/over/, ''); $session->quit; return $out }

subtest 'sync_row_now(): two at a time, and what changes meanwhile' => sub {
    my $fault = $nws->hold('p7');
    my $first = in_background(q{CALL gpsync.sync_provision_status_now('p7', '1 min')});
    ok($nws->wait_holding, 'a row is on its way');
    is(locks(), '1', 'its lock is held, over the COMMIT');
    is(as_app(q{CALL gpsync.sync_provision_status_now('p7')}), 'BUSY|', 'a second call of the row is BUSY');
    my $other = $nws->hold('p8');
    like(as_app(q{CALL gpsync.sync_provision_status_now('p8', '0')}), qr/^PENDING\|/, '... one of another row is not');
    $nws->clear_faults($other);
    is($node->sql(q{SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)}),
        '0', 'who waits holds back no vacuum');
    $node->sql(q{UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'p7'});
    like(answer_of($first), qr/SUPERSEDED\|\d+/, 'a change meanwhile');
    $nws->clear_faults($fault);

    $fault = $nws->hold('p9');
    my $second = in_background(q{CALL gpsync.sync_provision_status_now('p9', '1 min')});
    ok($nws->wait_holding, 'a row is on its way');
    $node->sql(q{DELETE FROM provision_status WHERE provision_id = 'p9'});
    like(answer_of($second), qr/SUPERSEDED\|\d+/, 'a delete meanwhile');
    $nws->clear_faults($fault);

    $fault = $nws->hold('p10');
    my $third = in_background(q{CALL gpsync.sync_provision_status_now('p10', '1 min')});
    ok($nws->wait_holding, 'a row is on its way');
    is($node->sql(q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'app' AND query LIKE 'CALL%'}), 't', 'the wait is cancelled');
    ok($node->wait_for_sql(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 4}, '0'), 'its lock is released');
    $third->query_until(qr/over/, '');
    like($third->{stderr}, qr/canceling statement/, 'it was an error');
    $third->{stderr} = '';
    $nws->clear_faults($fault);
    like($third->query_safe(q{CALL gpsync.sync_provision_status_now('p10')}), qr/COMPLETED/, 'the session can do it again');
    $third->quit;
};

subtest 'row-level security and the owner\'s triggers' => sub {
    $node->sql(<<~'SQL');
        CREATE TABLE noted (who text);
        GRANT INSERT ON noted TO app;
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO noted VALUES (current_user); RETURN new; END $$;
        CREATE TRIGGER note AFTER UPDATE ON provision_status FOR EACH ROW EXECUTE FUNCTION note();
        SQL
    as_app(q{SELECT FROM gpsync.sync_provision_status('p11')});
    is($node->sql('SELECT who FROM noted'), 'app', 'a trigger runs as the caller, with the caller\'s search_path');
    $node->sql(<<~'SQL');
        DROP TRIGGER note ON provision_status;
        ALTER TABLE provision_status ENABLE ROW LEVEL SECURITY;
        CREATE POLICY mine ON provision_status TO app USING (provision_id <> 'p12');
        SQL
    is((error_of(q{SELECT gpsync.sync_provision_status('p12')}))[0], 'P0002', 'a hidden row is not there');
    is((error_of(q{CALL gpsync.sync_provision_status_now('p12')}))[0], 'P0002', '... nor for the procedure');
    like(as_app(q{CALL gpsync.sync_provision_status_now('p13')}), qr/COMPLETED/, 'another is');
    $node->sql('ALTER TABLE provision_status DISABLE ROW LEVEL SECURITY');
};

subtest 'out of a procedure' => sub {
    $node->sql(<<~'SQL');
        CREATE PROCEDURE send_both(OUT one text, OUT two text) LANGUAGE plpgsql AS $$
        DECLARE revision bigint; BEGIN
            CALL gpsync.sync_provision_status_now('p14', outcome => one, revision => revision);
            CALL gpsync.sync_row_now('provision_status', '{"provision_id": "p15"}', outcome => two, revision => revision);
        END $$;
        SQL
    is(as_app('CALL send_both(NULL, NULL)'), 'COMPLETED|COMPLETED', 'it can be called there');
    is((error_of(q{CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE plpgsql AS $$ DECLARE o text; r bigint; BEGIN CALL gpsync.sync_provision_status_now('p14', outcome => o, revision => r); RETURN o; END $$; SELECT pg_temp.f()}))[0],
        '25001', 'not in a function');
};

$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
