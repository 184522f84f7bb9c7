# kill -9 of the relay, of its session that writes the history, and of the server, at any moment of the work: the history
# is what the workload itself has written of it, without a gap and without a repeat. GPSYNC_KILLS says how many.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $kills = $ENV{GPSYNC_KILLS} // 24;
my $node  = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE TABLE truth (n bigserial PRIMARY KEY, id text, from_state text, to_state text);
    CREATE FUNCTION note_truth() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO truth (id, to_state) VALUES (NEW.provision_id, NEW.status);
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO truth (id, from_state) VALUES (OLD.provision_id, OLD.status);
        ELSIF OLD.status <> NEW.status THEN
            INSERT INTO truth (id, from_state, to_state) VALUES (NEW.provision_id, OLD.status, NEW.status);
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER note_truth AFTER INSERT OR UPDATE OR DELETE ON provision_status FOR EACH ROW EXECUTE FUNCTION note_truth();
    CREATE SCHEMA reports;
    SQL
$node->sql("SELECT gpsync.create_history('provision_status')");
my $analytics = $node->sql("SELECT to_regproc('gpsync.create_analytics') IS NOT NULL") eq 't';
$node->sql("SELECT gpsync.create_analytics('provision_status', 'reports', '{status}')") if $analytics;
my $relay = $node->start_relay('gpsync_local');
$node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status");

# Some keys are deleted, and inserted again in another transaction; a quarter is rolled back.
my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set n random(1, 200)
\set many random(1, 20)
BEGIN;
INSERT INTO provision_status AS t (provision_id, status) SELECT 'p' || n, 'RECEIVED' FROM generate_series(:n, :n + :many) n
ON CONFLICT (provision_id) DO UPDATE SET status = coalesce((gpsync.next_states('provision', t.status))[1], t.status);
\if :n % 4 = 0
ROLLBACK;
\else
COMMIT;
\endif
DELETE FROM provision_status WHERE provision_id = 'p' || (:n + 3);
SQL

sub start_writing
{
    return GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-R', 30, '-T', 600, '--max-tries=20', '-f', $script, $node->connstr('postgres') ]);
}

sub entries { return $node->sql('SELECT count(*) FROM gpsync.history_entry') }

sub progress
{
    my ($count) = @_;
    my $end = entries() + $count;
    return GpsyncTest::wait_until(sub { entries() >= $end }, "the history has $count entries more");
}

my $kill = {
    relay => sub {
        $relay->kill9;
        $relay = $node->start_relay('gpsync_local');
    },
    session => sub {
        my $pid = $node->sql("SELECT pid FROM pg_stat_activity WHERE usename = 'relay' AND query LIKE '%relay_apply_local%' AND pid <> pg_backend_pid() LIMIT 1");
        $node->sql("SELECT pg_terminate_backend($pid)") if $pid;
    },
    server => sub {
        $node->stop('immediate');
        $node->start;
    } };

my $writer = start_writing();
my ($done, %killed) = (0);
while ($done < $kills)
{
    my $what = $done % 6 == 5 ? 'server' : $done % 6 == 2 ? 'session' : 'relay';
    last if !progress(1 + int(rand(120)));
    $kill->{$what}->();
    ++$killed{$what};
    ++$done;
    next if $what ne 'server';
    $writer->wait_exit;
    $writer = start_writing();
}
is($done, $kills, join(', ', map { "$_ killed $killed{$_} times" } sort keys %killed));
$writer->stop;
$node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'}, 0);
my $end = $node->sql('SELECT pg_current_wal_insert_lsn()');
ok($node->wait_for_sql("SELECT gpsync.wait_for_sync('$end', 'gpsync_local')"), 'the stream is at its end');

my $entries_by_row = q(SELECT %s AS id, string_agg(coalesce(from_state, '-') || '>' || coalesce(to_state, '-'), ' ' ORDER BY %s) AS entries FROM %s GROUP BY 1);
my $differ = $node->sql(sprintf <<~'SQL', sprintf($entries_by_row, 'id', 'n', 'truth'), sprintf($entries_by_row, "key ->> 'provision_id'", 'pass, commit_lsn, ordinal, at', 'gpsync.status_history'));
    SELECT id || ': ' || left(t.entries, 500) || ' IS ' || left(h.entries, 500) FROM (%s) AS t FULL JOIN (%s) AS h USING (id)
    WHERE t.entries IS DISTINCT FROM h.entries LIMIT 3
    SQL
is($differ, '', 'the history of each row is what the workload has written');
cmp_ok($node->sql('SELECT count(*) FROM truth'), '>', 20 * $kills, 'there is something to compare');
is($node->sql('SELECT count(*) FROM truth'), entries(), 'there are as many entries');
is($node->sql(<<~'SQL'), 0, 'the states are those of the rows');
    SELECT count(*) FROM provision_status AS p FULL JOIN (SELECT * FROM gpsync.history_state WHERE state IS NOT NULL) AS s
        ON s.key ->> 'provision_id' = p.provision_id
    WHERE p.status IS DISTINCT FROM s.state
    SQL
is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), 0, 'nothing is a dead letter');
is($node->sql(<<~'SQL'), 0, 'the analytical copy has the rows as they are') if $analytics;
    SELECT count(*) FROM provision_status AS p FULL JOIN reports.provision_status AS r USING (provision_id)
    WHERE p.status IS DISTINCT FROM r.status
    SQL
done_testing;
