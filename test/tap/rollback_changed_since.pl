# Rows of a batch that are booked and sent again, one by one, by a job, by hand, or with a stream that is recreated, are
# taken back, and the endpoint hears of it. What else counts as changed, or does not: sql/batch_changed_since.sql.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', max_worker_processes => 12);
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->sql(<<~'SQL');
    CREATE TABLE things (id int PRIMARY KEY, status text NOT NULL, note text, document text, last_updated timestamptz);
    SELECT gpsync.attach('things');
    SELECT gpsync.track_batches('things');
    INSERT INTO things SELECT i, 'RECEIVED', 'before', 'document ' || i FROM generate_series(1, 60) i;
    SQL
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');
$node->wait_for_sync;

sub note_of  { return $node->sql("SELECT string_agg(note, ' ' ORDER BY id) FROM things WHERE id IN ($_[0])") }
sub left_of  { return $node->sql("SELECT coalesce(string_agg(key ->> 'id' || ' ' || reason, ', ' ORDER BY (key ->> 'id')::int), '') FROM gpsync.rollback_left_rows WHERE batch = '$_[0]'") }
sub preview  { return $node->sql("SELECT coalesce(string_agg(key ->> 'id' || ' ' || reason, ', ' ORDER BY (key ->> 'id')::int), '') FROM gpsync.preview_rollback('$_[0]') WHERE reason IS NOT NULL AND reason <> 'as before'") }
sub in_batch { my ($batch, $sql) = @_; return $node->sql("SET gpsync.batch = '$batch'; $sql; RESET gpsync.batch") }

sub is_taken_back
{
    my ($batch, $ids, $left) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $asked = (() = $ids =~ /\d+/g);
    is(preview($batch), $left, 'the preview names what is left');
    $node->sql("CALL gpsync.emergency_rollback('$batch', fence => false)");
    is(left_of($batch), $left, '... and so does the roll-back');
    is(note_of($ids), join(' ', ('before') x $asked), 'rows that nobody changed are as before');
    is($node->sql("SELECT reverted + deleted + inserted + changed_since + conflicts = items FROM gpsync.rollback_status WHERE batch = '$batch' ORDER BY rollback DESC LIMIT 1"), 't', 'every item is accounted for');
    $node->wait_for_sync;
    return;
}

subtest 'rows that are sent again' => sub {
    in_batch('sent', "UPDATE things SET note = 'batch' WHERE id <= 10; INSERT INTO things VALUES (100, 'RECEIVED', 'batch')");
    in_batch('sent', 'UPDATE things SET id = 110 WHERE id = 10');
    $node->wait_for_sync;
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 1}')});
    $node->sql(q{CALL gpsync.sync_row_now('things', '{"id": 2}')}) for 1 .. 3;
    $node->sql(q{UPDATE things SET sync_status = 'PENDING' WHERE id IN (3, 4)});
    $node->sql(q{UPDATE things SET note = note, document = document || '', status = status WHERE id = 5});
    $node->sql(q{INSERT INTO things VALUES (6, 'RECEIVED', 'x') ON CONFLICT (id) DO UPDATE SET note = things.note});
    $node->wait_for_sync;
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 100}'), gpsync.sync_row('things', '{"id": 110}')});
    my $job = $node->sql(q{SELECT gpsync.resend('things', 'id IN (7, 8)')});
    $node->wait_for_sql("SELECT state = 'done' FROM gpsync.resend_progress WHERE job = '$job'");
    in_batch('sent', "UPDATE things SET note = 'batch again' WHERE id IN (1, 7)");
    $node->sql(q{CALL gpsync.sync_row_now('things', '{"id": 7}')});
    is_taken_back('sent', join(',', 1 .. 10), '');
    is($node->sql('SELECT count(*) FROM things WHERE id >= 100'), 0, 'a row that the batch inserted is gone');
};

subtest 'a stream that is recreated' => sub {
    $relay->stop;
    in_batch('recreated', "UPDATE things SET note = 'batch' WHERE id IN (19, 20)");
    $node->sql("SELECT gpsync.recreate_stream('legacy', force => true)");
    $relay = $node->start_relay('legacy');
    $node->wait_for_sync;
    is_taken_back('recreated', '19,20', '');
    $node->ledger_agrees($nws, 'public.things');
};

subtest 'two batches, the older one first' => sub {
    $node->sql("UPDATE things SET note = 'before' WHERE note <> 'before'");
    in_batch('older', "UPDATE things SET note = 'older' WHERE id BETWEEN 31 AND 36; DELETE FROM things WHERE id = 37; INSERT INTO things VALUES (201, 'RECEIVED', 'older')");
    in_batch('later', "UPDATE things SET note = 'later' WHERE id BETWEEN 35 AND 40 OR id = 201; INSERT INTO things VALUES (37, 'RECEIVED', 'later') ON CONFLICT (id) DO UPDATE SET note = 'later'");
    $node->wait_for_sync;
    is_taken_back('older', join(',', 31 .. 34), '35 changed since, 36 changed since, 37 changed since (inserted), 201 changed since');
    $node->sql("UPDATE things SET note = 'user' WHERE id IN (31, 36)");
    $node->sql("CALL gpsync.emergency_rollback('later', fence => false)");
    is(left_of('later'), '36 changed since', 'the later one is taken back, but for what a user changed');
    is($node->sql("SELECT state FROM gpsync.batches WHERE batch = 'older'"), 'kept', 'the older one can be taken back again');
    $node->sql("CALL gpsync.emergency_rollback('older', fence => false)");
    is(note_of(join ',', 31 .. 40), 'user before before before before user before before before before', 'it takes back what it had left, and what the user changed stays');
    is($node->sql('SELECT count(*) FROM things WHERE id = 201'), 0, '... and the row that it had inserted is gone');
    is($node->sql("SELECT state FROM gpsync.batches WHERE batch = 'older'"), 'taken back', 'the batch is taken back');
    is($node->sql("SELECT count(*) FROM gpsync.rollback_status WHERE batch = 'older'"), 2, 'by two roll-backs');
    $node->sql("CALL gpsync.emergency_rollback('older', fence => false)");
    is($node->sql("SELECT count(*) FROM gpsync.rollback_status WHERE batch = 'older'"), 2, '... and there is nothing left for a third one');
    $node->wait_for_sync;
    $node->ledger_agrees($nws, 'public.things');
};

subtest 'a preview while rows are sent again' => sub {
    $node->sql(<<~'SQL');
        CREATE TABLE previewed (id int PRIMARY KEY, note text);
        SELECT gpsync.attach('previewed', machine => NULL), gpsync.track_batches('previewed');
        INSERT INTO previewed SELECT i FROM generate_series(1, 5) AS i;
        CREATE TABLE seen (rows bigint);
        DO $$ BEGIN
            FOR i IN 1 .. 10 LOOP
                PERFORM set_config('gpsync.batch', 'preview' || i, false);
                UPDATE previewed SET note = i;
                PERFORM set_config('gpsync.batch', '', false);
                COMMIT;
                PERFORM gpsync.resend('previewed');
                COMMIT;
                FOR j IN 1 .. 10 LOOP
                    INSERT INTO seen SELECT count(*) FROM gpsync.preview_rollback('preview' || i);
                    COMMIT;
                END LOOP;
            END LOOP;
        END $$;
        SQL
    is($node->sql('SELECT DISTINCT rows FROM seen'), 5, 'lists every row');
};

$relay->stop;
done_testing();
