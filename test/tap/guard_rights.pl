# Commands that gpsync's event triggers watch, given by somebody who has no right to them: they take no lock that others
# would queue behind, and the commands of who has the right wait for nothing but create_stream().
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE ROLE mallory LOGIN;
    CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:9/');
    SELECT gpsync.create_stream('legacy', '{nws}');
    SQL

# What must go on while somebody tries: reports, books and views read and write these tables.
my $work = q{SET statement_timeout = '5s'; SELECT count(*) FROM gpsync.stream_status; UPDATE gpsync.stream SET paused = false; SELECT count(*) FROM gpsync.attached_tables};

subtest 'a reader holds gpsync.stream' => sub {
    my $reader = $node->background_psql('postgres');
    $reader->query($_) for 'BEGIN', 'SELECT count(*) FROM gpsync.stream';
    for my $command ('DROP SCHEMA gpsync', 'DROP SCHEMA gpsync CASCADE', 'DROP EXTENSION gpsync', 'ALTER SERVER nws RENAME TO a', 'ALTER PUBLICATION gpsync RENAME TO a')
    {
        my ($state, $err) = $node->sql_error("SET statement_timeout = '5s'; $command", extra_params => [ '-U', 'mallory' ]);
        is($state, '42501', "$command is refused at once");
        unlike($err, qr/legacy/, 'and names no stream');
    }
    my ($state, $err) = $node->sql_error(q{SET statement_timeout = '5s'; DROP EXTENSION gpsync});
    is($state, '2BP01', 'its owner does not wait for readers either');
    like($err, qr/legacy/, 'and is told which stream there is');
    $reader->query('COMMIT');
    $reader->quit;
};

subtest 'somebody without rights, in an open transaction' => sub {
    my $mallory = $node->background_psql('postgres', on_error_stop => 0, extra_params => [ '-U', 'mallory' ]);
    $mallory->query($_) for 'BEGIN', 'SAVEPOINT a', 'DROP SCHEMA gpsync', 'ROLLBACK TO SAVEPOINT a';
    is($node->sql(q{SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
                    WHERE a.usename = 'mallory' AND (l.locktype = 'advisory' OR l.relation::regclass::text LIKE 'gpsync.%')}), 0, 'holds no lock of ours');
    is((split /\n/, $node->sql($work))[0], 1, 'everything goes on');
    $mallory->quit;
};

subtest 'the owner, while a stream is being created' => sub {
    $node->sql(q{SELECT gpsync.drop_stream('legacy')});
    my $writer = $node->background_psql('postgres');
    $writer->query($_) for 'BEGIN', q{INSERT INTO token_status (token_id, status) VALUES ('a', 'RECEIVED')};
    my $creator = $node->background_psql('postgres');
    my $pid = $creator->query('SELECT pg_backend_pid()');
    $creator->query_until(qr/sent/, qq{\\echo sent\nSELECT gpsync.create_stream('legacy', '{nws}');\n});
    ok($node->wait_for_sql("SELECT wait_event FROM pg_stat_activity WHERE pid = $pid", 'transactionid'), 'create_stream() waits for a writer');

    my $owner = $node->background_psql('postgres', on_error_stop => 0);
    my $owner_pid = $owner->query('SELECT pg_backend_pid()');
    $owner->query_until(qr/sent/, qq{\\echo sent\nDROP EXTENSION gpsync CASCADE;\n});
    ok($node->wait_for_sql("SELECT $pid = ANY (pg_blocking_pids($owner_pid))"), 'DROP EXTENSION waits for create_stream()');
    is((split /\n/, $node->sql($work))[0], 0, 'and nobody waits for it');
    $writer->query('COMMIT');
    $creator->query('SELECT 1');
    $owner->query('SELECT 1');
    is($node->sql(q{SELECT count(*) FROM gpsync.stream}), 1, 'the stream is there, and so is the extension');
    $_->quit for $writer, $creator, $owner;
};

subtest 'an older snapshot' => sub {
    $node->sql(q{SELECT gpsync.drop_stream('legacy')});
    my $owner = $node->background_psql('postgres', on_error_stop => 0);
    $owner->query($_) for 'BEGIN ISOLATION LEVEL REPEATABLE READ', 'SELECT count(*) FROM gpsync.stream';
    $node->sql(q{SELECT gpsync.create_stream('legacy', '{nws}')});
    $owner->query($_) for 'DROP EXTENSION gpsync CASCADE', 'COMMIT';
    is($node->sql(q{SELECT count(*) FROM gpsync.stream}), 1, 'the stream that it does not see counts');
    $owner->quit;
};

# The planner's hook sees a query before the server asks who may write the table.
subtest 'a plan for a table that is broken' => sub {
    $node->sql(q{ALTER TABLE token_status RENAME sync_revision TO hidden});
    my ($state, $err) = $node->sql_error('EXPLAIN UPDATE token_status SET status = status', extra_params => [ '-U', 'mallory' ]);
    is($state, '42501', 'who may not write it is told so') or diag($err);
    ($state, $err) = $node->sql_error(q{UPDATE token_status SET status = status});
    like($err, qr/has no column "sync_revision"/, 'its owner is told what is wrong');
};

done_testing;
