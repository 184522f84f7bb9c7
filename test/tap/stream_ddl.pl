# create_stream() and recreate_stream() while other sessions run DDL. Making a slot waits for the transactions that are
# writing, and reads what they did to the catalogs in subtransactions of its own, which it aborts.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;
use Time::HiRes qw(time);

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:9/');
    CREATE VIEW pairs AS
        SELECT coalesce(s.stream, '-') || '=' || coalesce(replace(r.slot_name, gpsync_internal.slot_name(''), ''), '-')
            || CASE WHEN r.temporary THEN ' temporary' ELSE '' END AS pair
        FROM gpsync.stream AS s FULL JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream);
    CREATE FUNCTION create_or_not(stream text) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN
        RETURN gpsync.create_stream(stream, '{nws}', bookkeeping => false)::text;
    EXCEPTION WHEN query_canceled OR others THEN
        RETURN sqlstate;
    END $$;
    SQL
my $server_start = $node->sql('SELECT pg_postmaster_start_time()');

# A test: the streams and their slots, as "stream=slot", are these, and the server has not crashed.
sub pairs_are
{
    my ($expected, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $pairs = q{SELECT coalesce(string_agg(pair, ',' ORDER BY pair), '') FROM pairs};
    return 0 unless ok($node->wait_for_sql($pairs, $expected, 30), $name);
    return is($node->sql('SELECT pg_postmaster_start_time()'), $server_start, 'the server has not been restarted');
}

sub session { return $node->background_psql('postgres', on_error_stop => 0); }

# A session that has run these statements.
sub session_after
{
    my (@statements) = @_;
    my $session = session();
    $session->query($_) for @statements;
    return $session;
}

my $tables = 0;

# DDL in an open transaction: a session to end with finish().
sub open_ddl { ++$tables; return session_after('BEGIN', "CREATE TABLE open_$tables (x int)", "ALTER TABLE open_$tables ADD COLUMN y int") }

sub finish
{
    my ($session, $end) = @_;
    $session->query($end // 'COMMIT');
    $session->quit;
    return;
}

# Sends a statement to a session and waits until it waits for a transaction.
sub send_and_wait
{
    my ($session, $statement) = @_;
    my $pid = $session->query('SELECT pg_backend_pid()');
    $session->query_until(qr/sent/, "\\echo sent\n$statement;\n");
    ok($node->wait_for_sql("SELECT wait_event FROM pg_stat_activity WHERE pid = $pid", 'transactionid', 30), 'it waits for a transaction');
    return $pid;
}

# Makes the call in a session while DDL commits around it: one transaction is open at the start, another begins while
# the call waits for the first and is open at that one's end, and others commit meanwhile.
sub call_amid_ddl
{
    my ($session, $call) = @_;
    my $first = open_ddl();
    my $pid = send_and_wait($session, $call);
    my $second = open_ddl();
    finish(open_ddl());
    finish($first);
    my $xid = $node->sql(q{SELECT max(backend_xid::text::bigint) FROM pg_stat_activity});
    ok($node->wait_for_sql("SELECT count(*) FROM pg_locks WHERE pid = $pid AND NOT granted AND transactionid = '$xid'", 1, 30), 'and for the next one');
    finish(open_ddl());
    finish(open_ddl(), 'ROLLBACK');
    finish($second);
    return;
}

subtest 'the recipe' => sub {
    my $session = session();
    call_amid_ddl($session, q{SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL});
    pairs_are('legacy=legacy', 'stream and slot are there');
    is($session->query('SELECT 1'), "t\n1", 'the call gave its LSN and the session lives');
    $session->quit;
    $node->sql(q{SELECT gpsync.drop_stream('legacy')});
};

subtest 'recreate_stream' => sub {
    $node->sql(q{SELECT gpsync.create_stream('legacy', '{nws}')});
    $node->sql(q{SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'))});
    my $session = session();
    call_amid_ddl($session, q{SELECT gpsync.recreate_stream('legacy') IS NOT NULL});
    pairs_are('legacy=legacy', 'stream and slot are there');
    $session->quit;
    $node->sql(q{SELECT gpsync.drop_stream('legacy')});
};

subtest 'in savepoints and blocks that catch errors' => sub {
    my $session = session_after('BEGIN', 'SAVEPOINT a', 'SAVEPOINT b');
    call_amid_ddl($session, q{SELECT create_or_not('legacy') <> ''});
    is($session->query('SELECT count(*) FROM gpsync.stream'), "t\n1", 'the stream is there in its transaction');
    $session->query('RELEASE SAVEPOINT b');
    $session->query('SELECT 1/0');
    $session->query('ROLLBACK TO SAVEPOINT a');
    pairs_are('', 'gone with the savepoint above it');
    $session->query($_) for 'ROLLBACK', 'BEGIN';    # a transaction that has written makes no slot
    call_amid_ddl($session, q{SELECT create_or_not('legacy') <> ''});
    # (One that reaches the top of the session drops its temporary slots, and the commit then refuses: stream_slots.pl.)
    $session->query($_) for 'SAVEPOINT c', 'DO $$ BEGIN PERFORM 1/0; EXCEPTION WHEN others THEN END $$', 'ROLLBACK TO SAVEPOINT c', 'COMMIT';
    pairs_are('legacy=legacy', 'a caught error and a savepoint after it leave it alone');
    $session->quit;
    $node->sql(q{SELECT gpsync.drop_stream('legacy')});
};

subtest 'an error in the middle, caught and not' => sub {
    for my $end ('pg_cancel_backend', 'statement_timeout', 'pg_terminate_backend')
    {
        for my $call (q{SELECT gpsync.create_stream('legacy', '{nws}')}, q{SELECT create_or_not('legacy')})
        {
            my $session = session();
            $session->query(q{SET statement_timeout = '3s'}) if $end eq 'statement_timeout';
            my $first = open_ddl();
            my $pid = send_and_wait($session, $call);
            finish(open_ddl());
            $node->sql("SELECT $end($pid)") if $end =~ /^pg_/;
            pairs_are('', "nothing is left ($end, $call)");
            finish($first);
            eval { $session->quit };
        }
    }
    # Cancelled while it reads what others have done, caught, and tried again in the same transaction.
    my $session = session_after('BEGIN', 'SAVEPOINT a');
    my $first = open_ddl();
    my $pid = send_and_wait($session, q{SELECT gpsync.create_stream('legacy', '{nws}')});
    finish(open_ddl());
    $node->sql("SELECT pg_cancel_backend($pid)");
    $session->query('ROLLBACK TO SAVEPOINT a');
    finish($first);
    call_amid_ddl($session, q{SELECT gpsync.create_stream('legacy', '{nws}')});
    $session->query('COMMIT');
    pairs_are('legacy=legacy', 'the second attempt holds');
    $session->quit;
    $node->sql(q{SELECT gpsync.drop_stream('legacy')});
};

# DDL from several sessions while others make, drop and recreate streams, sometimes cancelled: for a while, and then
# everything must agree.
subtest 'a storm' => sub {
    my $seconds = 15;
    my $dir = PostgreSQL::Test::Utils::tempdir();
    my %scripts = (
        ddl => <<~'SQL',
            \set n random(1, 1000000)
            BEGIN;
            CREATE TABLE storm_:client_id (x int);
            ALTER TABLE storm_:client_id ADD COLUMN y text DEFAULT 'a';
            SAVEPOINT s;
            CREATE INDEX ON storm_:client_id (x);
            ROLLBACK TO SAVEPOINT s;
            \if :n % 3
            COMMIT;
            DROP TABLE storm_:client_id;
            \else
            ROLLBACK;
            \endif
            SQL
        streams => <<~'SQL',
            \set way random(1, 4)
            \if :way = 1
            BEGIN;
            SELECT create_or_not('storm_' || :client_id);
            SELECT gpsync.drop_stream('storm_' || :client_id) WHERE EXISTS (SELECT FROM gpsync.stream WHERE stream = 'storm_' || :client_id);
            COMMIT;
            \elif :way = 2
            BEGIN;
            SAVEPOINT s;
            SELECT create_or_not('storm_' || :client_id);
            ROLLBACK TO SAVEPOINT s;
            SELECT create_or_not('storm_' || :client_id);
            COMMIT;
            \elif :way = 3
            SET lock_timeout = '20ms';
            SELECT create_or_not('storm_' || :client_id);
            RESET lock_timeout;
            \else
            SELECT create_or_not('storm_' || :client_id);
            SELECT pg_drop_replication_slot(gpsync_internal.slot_name('storm_' || :client_id)) WHERE EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = gpsync_internal.slot_name('storm_' || :client_id));
            SELECT gpsync.recreate_stream('storm_' || :client_id) WHERE EXISTS (SELECT FROM gpsync.stream WHERE stream = 'storm_' || :client_id);
            \endif
            SELECT gpsync.drop_stream('storm_' || :client_id) WHERE EXISTS (SELECT FROM gpsync.stream WHERE stream = 'storm_' || :client_id);
            SQL
    );
    my @running;
    for my $kind (sort keys %scripts)
    {
        my $file = "$dir/$kind.sql";
        PostgreSQL::Test::Utils::append_to_file($file, $scripts{$kind});
        my ($out, $err) = ('', '');
        push @running, { kind => $kind, out => \$out, err => \$err, process => IPC::Run::start(
            [ 'pgbench', '-n', '-c', $kind eq 'ddl' ? 3 : 2, '-T', $seconds, '-f', $file, $node->connstr('postgres') ],
            '>', \$out, '2>', \$err, IPC::Run::timeout($seconds + 120)) };
    }
    for my $run (@running)
    {
        ok($run->{process}->finish, "$run->{kind} went through") or diag("${$run->{out}}${$run->{err}}");
        my ($count) = ${$run->{out}} =~ /transactions actually processed: (\d+)/;
        cmp_ok($count // 0, '>', 5, "$run->{kind} got somewhere");
        note("$run->{kind}: $count transactions");
    }
    pairs_are('', 'no stream and no slot is left');
    $node->sql(q{SELECT gpsync.create_stream('legacy', '{nws}')});
    pairs_are('legacy=legacy', 'and the next stream is made as ever');
};

my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
unlike($log, qr/terminated by signal/, 'no backend crashed');
unlike($log, qr/is not owned by resource owner|reference leak|could not put replication slot/, 'no snapshot or buffer got lost');
done_testing;
