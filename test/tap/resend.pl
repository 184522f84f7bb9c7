# resend() marks rows PENDING in the background: a first copy. Killed in the middle it goes on where it was, and every
# row is delivered.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', max_worker_processes => 12);
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, batch_size => 500);
$node->sql(<<~'SQL');
    CREATE ROLE desk LOGIN;
    SELECT gpsync.grant_operator('desk');
    GRANT SELECT, UPDATE ON provision_status, token_status TO desk;
    CREATE ROLE stranger LOGIN;
    SELECT gpsync.grant_operator('stranger');
    INSERT INTO provision_status (provision_id, status) SELECT 'p' || n, 'RECEIVED' FROM generate_series(1, 20000) AS n;
    SQL

# SQL as the operator: what it gives, or dies.
sub as_desk { my ($sql, @more) = @_; return $node->safe_psql('postgres', $sql, extra_params => [ '-U', 'desk' ], @more) }
sub error_of { my ($sql, $user) = @_; return $node->sql_error($sql, extra_params => [ '-U', $user // 'desk' ]) }
sub progress { my ($job, $columns) = @_; return $node->sql("SELECT $columns FROM gpsync.resend_progress WHERE job = '$job'") }
sub wait_done { my ($job) = @_; return ok($node->wait_for_sql("SELECT state FROM gpsync.resend_progress WHERE job = '$job'", 'done'), "$job is done") }
sub findings { return $node->sql(q{SELECT string_agg(finding, '; ') FROM gpsync.doctor() WHERE check_name = 'resend'}) }

subtest 'errors' => sub {
    my @cases = (
        [ '55000', q{SELECT gpsync.resend('pg_class')} ], [ '55000', q{SELECT gpsync.resend(NULL)} ],
        [ '22023', q{SELECT gpsync.resend('provision_status', rows_per_second => 0)} ],
        [ '42703', q{SELECT gpsync.resend('provision_status', 'no_column = 1')} ],
        [ '42601', q{SELECT gpsync.resend('provision_status', '')} ],
        [ '42804', q{SELECT gpsync.resend('provision_status', 'status')} ],
        [ '22023', q{SELECT gpsync.resend('provision_status', 'true) LIMIT 0; SELECT 1 WHERE (true')} ],
        [ '42704', q{CALL gpsync.run_resend('none')} ], [ '42704', q{SELECT gpsync.cancel_resend('none')} ],
        [ '22023', q{CALL gpsync.run_resend(NULL)} ],
        [ '25001', q{BEGIN; CALL gpsync.run_resend('none')} ]);
    is((error_of($_->[1]))[0], $_->[0], $_->[1]) for @cases;
    is((error_of(q{SELECT gpsync.resend('provision_status')}, 'stranger'))[0], '42501', 'not without rights on the table');
    is((error_of(q{SELECT gpsync.resend('provision_status', 'EXISTS (SELECT FROM public.hidden)')}))[0], '42P01', 'a filter\'s table');
    $node->sql('CREATE TABLE hidden ()');
    is((error_of(q{SELECT gpsync.resend('provision_status', 'EXISTS (SELECT FROM public.hidden)')}))[0], '42501', '... which the caller may not read');
    is($node->sql('SELECT count(*) FROM gpsync.resend_job'), '0', 'no job is left');
};

$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

subtest 'a first copy' => sub {
    is(scalar($nws->ledger), 0, 'the endpoint has nothing');
    my $job = as_desk(q{SELECT gpsync.resend('provision_status')});
    is($job, 'provision_status_1', 'a job');
    wait_done($job);
    is(progress($job, 'rows_read, rows_sent, owner, error, runners'), '20000|20000|desk||0', 'its progress');
    $node->wait_for_sync;
    $node->ledger_agrees($nws, 'provision_status');
    is(as_desk(q{SELECT gpsync.resend('provision_status')}), 'provision_status_2', 'it can be done again');
    wait_done('provision_status_2');
};

subtest 'a filter, and a session that is gone' => sub {
    my $job = as_desk(q{SELECT gpsync.resend('provision_status', $$provision_id LIKE 'p1%' -- those$$, rows_per_second => 4000)});
    is($node->sql(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename = 'desk'}), '0', 'the session is gone');
    is(as_desk(q{SELECT gpsync.resend('provision_status', $$provision_id LIKE 'p1%' -- those$$)}), $job, 'called again it is the same job');
    wait_done($job);
    is(progress($job, 'rows_read, rows_sent'), '20000|11111', 'the rows that the filter chooses');
    cmp_ok(progress($job, 'extract(epoch FROM finished_at - created_at) * 1000'), '>', 1500, 'not faster than told');
};

subtest 'rights' => sub {
    my $job = as_desk(q{SELECT gpsync.resend('provision_status', rows_per_second => 100)});
    is((error_of("CALL gpsync.run_resend('$job')", 'stranger'))[0], '42501', 'another role may not run it');
    is((error_of("SELECT gpsync.cancel_resend('$job')", 'stranger'))[0], '42501', '... nor end it');
    as_desk("SELECT gpsync.cancel_resend('$job')");
    ok($node->wait_for_sql("SELECT state, runners FROM gpsync.resend_progress WHERE job = '$job'", 'cancelled|0'), 'it is cancelled');
    $node->sql(<<~'SQL');
        CREATE TABLE noted (who text);
        GRANT INSERT ON noted TO PUBLIC;
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.noted VALUES (current_user); RETURN new; END $$;
        CREATE TRIGGER note AFTER UPDATE ON provision_status FOR EACH STATEMENT EXECUTE FUNCTION public.note();
        SQL
    $job = as_desk(q{BEGIN; SELECT gpsync.resend('provision_status', $$provision_id = 'p7'$$, 1); COMMIT});
    wait_done($job);
    $job = as_desk(q{SELECT gpsync.resend('provision_status', $$provision_id = 'p8'$$)});
    $node->sql("CALL gpsync.run_resend('$job')");
    wait_done($job);
    is($node->sql('SELECT DISTINCT who FROM noted'), 'desk', 'it is the owner\'s UPDATE, also when a superuser runs it');
    $node->sql('DROP TRIGGER note ON provision_status');
    as_desk(q{BEGIN; SELECT gpsync.resend('token_status'); ROLLBACK});
    is($node->sql(q{SELECT count(*) FROM gpsync.resend_job WHERE relation = 'token_status'::regclass}), '0', 'a job that was rolled back is none');
    ok($node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'gpsync resend'}, '0'), '... and has no worker');
    $node->sql(q{CREATE ROLE team; GRANT team TO desk; GRANT SELECT, UPDATE ON provision_status TO team; SELECT gpsync.grant_operator('team')});
    my ($out, $err) = ('', '');
    $node->psql('postgres', q{SET ROLE team; SELECT gpsync.resend('provision_status', $$provision_id = 'p9'$$)}, stdout => \$out, stderr => \$err, extra_params => [ '-U', 'desk' ]);
    like($err, qr/no background worker was started.*must not log in.*CALL gpsync\.run_resend/s, 'a role that must not log in has no worker');
    as_desk("CALL gpsync.run_resend('$out')");
    wait_done($out);
};

subtest 'locked rows, a failure' => sub {
    my $holder = $node->background_psql('postgres');
    $holder->query_safe(q{BEGIN; SELECT FROM provision_status WHERE provision_id = 'p500' FOR UPDATE});
    my $job = as_desk(q{SELECT gpsync.resend('provision_status')});
    ok($node->wait_for_sql("SELECT waits_for FROM gpsync.resend_job WHERE job = '$job' AND chunk = 1", 'a row that another transaction has locked'), 'it waits for a locked row');
    $holder->query_safe('COMMIT');
    $holder->quit;
    wait_done($job);
    is(progress($job, 'rows_sent'), '20000', 'and goes on');
    $node->sql(q{ALTER TABLE provision_status ADD CONSTRAINT no_p5 CHECK (provision_id <> 'p5001') NOT VALID});
    $job = as_desk(q{SELECT gpsync.resend('provision_status')});
    ok($node->wait_for_sql("SELECT state, error FROM gpsync.resend_progress WHERE job = '$job'", 'failed|23514'), 'an error that stays');
    like(findings(), qr/"$job".*failed with SQLSTATE 23514/, 'the doctor knows');
    my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
    unlike($log, qr/Failing row/, 'the log has no row');
    $node->sql('ALTER TABLE provision_status DROP CONSTRAINT no_p5');
    is(as_desk(q{SELECT gpsync.resend('provision_status')}), $job, 'the cause is mended');
    wait_done($job);
    is(progress($job, 'rows_sent'), '20000', 'all rows');
    is(findings(), '', 'the doctor is content');
};

subtest 'composite keys and partitions' => sub {
    $node->sql(<<~'SQL');
        CREATE TABLE pairs (a integer, b text COLLATE "C", at timestamptz, status text, PRIMARY KEY (a, b, at)) PARTITION BY RANGE (a);
        CREATE TABLE pairs_1 PARTITION OF pairs FOR VALUES FROM (0) TO (50);
        CREATE TABLE pairs_2 PARTITION OF pairs FOR VALUES FROM (50) TO (200);
        INSERT INTO pairs SELECT n % 100, 'é' || n % 7, now() + n * interval '1 us', 'RECEIVED' FROM generate_series(1, 5000) AS n;
        SELECT gpsync.attach('pairs');
        GRANT SELECT, UPDATE ON pairs TO desk;
        SQL
    my $job = as_desk(q{SELECT gpsync.resend('pairs')});
    wait_done($job);
    is(progress($job, 'rows_read, rows_sent'), '5000|5000', 'each row once');
    is($node->sql('SELECT count(*) FROM pairs WHERE sync_revision = 0'), '0', 'each was marked');
    $node->wait_for_sync;
    is(scalar(grep { $_->{subject} =~ /pairs/ } $nws->ledger), 5000, 'each was delivered');
};

subtest 'killed, and the server too' => sub {
    $node->append_conf('postgresql.conf', 'restart_after_crash = on');
    my $job = as_desk(q{SELECT gpsync.resend('provision_status', rows_per_second => 1000)});
    for my $round (1 .. 3)
    {
        my $read = progress($job, 'rows_read');
        ok($node->wait_for_sql("SELECT rows_read > $read FROM gpsync.resend_progress WHERE job = '$job'"), 'it is under way');
        my $pid;
        GpsyncTest::wait_until(sub { ($pid = $node->sql(q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'gpsync resend'})) =~ /^\d+$/ }, 'one worker');
        my $log = -s $node->logfile;
        kill 'KILL', $pid;
        ok(GpsyncTest::wait_until(sub { PostgreSQL::Test::Utils::slurp_file($node->logfile, $log) =~ /ready to accept connections/ }, 'the server is back'), "killed -9, $round");
        ok($node->wait_for_sql("SELECT state FROM gpsync.resend_progress WHERE job = '$job'", 'interrupted'), 'nobody runs it');
        if ($round == 1) { ok($node->wait_for_sql(q{SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'resend' AND finding LIKE '%is run by nobody%'}, '1'), '... which the doctor says') }
        as_desk(q{SELECT gpsync.resend('provision_status')}) if $round < 3;
    }
    as_desk("CALL gpsync.run_resend('$job', '200 ms')");
    is(progress($job, 'state'), 'interrupted', 'a session runs it for a while') if progress($job, 'state') ne 'done';
    as_desk("CALL gpsync.run_resend('$job')");
    wait_done($job);
    is(progress($job, 'rows_read, rows_sent'), '20000|20000', 'no row was counted twice or left out');
    is($node->sql('SELECT count(*) FROM provision_status WHERE sync_revision < (SELECT max(sync_revision) FROM pairs)'), '0', 'each was marked by it');
    $relay->stop;
    $relay = $node->start_relay('legacy');
    $node->wait_for_sync;
    $node->ledger_agrees($nws, 'provision_status');
};

is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
