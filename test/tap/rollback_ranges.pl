# Where a batch changed each row once, its roll-back takes parts of the shadow back without lists of rows. What such a part
# must not do: take what is not the batch's or came after the plan, or leave a row out that could not be taken back.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $rows = 45_000;
my $node = GpsyncTest->new_node('main', max_prepared_transactions => 2, autovacuum => 'off');
$node->sql(<<~"SQL");
    CREATE EXTENSION gpsync;
    CREATE TABLE cards (region text, number int, status text NOT NULL, note text UNIQUE, last_updated timestamptz,
        PRIMARY KEY (region, number));
    SELECT gpsync.attach('cards'), gpsync.track_batches('cards');
    INSERT INTO cards SELECT 'r' || n % 7, n, 'RECEIVED', 'before ' || n FROM generate_series(1, $rows) AS n;
    CREATE TABLE was AS SELECT region, number, status, note FROM cards;
    CREATE VIEW changed AS SELECT number FROM cards AS c FULL JOIN was AS w USING (region, number)
        WHERE (c.status, c.note) IS DISTINCT FROM (w.status, w.note);
    SQL

sub in_batch { my ($batch, $sql) = @_; return $node->sql("SET gpsync.batch = '$batch'; $sql; RESET gpsync.batch") }
sub changed  { return $node->sql(q{SELECT coalesce(string_agg(number::text, ' ' ORDER BY number), '') FROM changed}) }
sub left_of  { return $node->sql("SELECT coalesce(string_agg(key ->> 'number' || ' ' || reason, ', ' ORDER BY (key ->> 'number')::int), '') FROM gpsync.rollback_left_rows WHERE batch = '$_[0]'") }
sub undo     { return $node->sql('UPDATE cards AS c SET status = w.status, note = w.note FROM was AS w WHERE (c.region, c.number) = (w.region, w.number) AND c.number IN (SELECT number FROM changed)') }

# Begins a roll-back, and plans it: how many statements it has, and how many of them are ranges.
sub planned
{
    my ($batch) = @_;
    $node->sql("SELECT gpsync_internal.begin_rollback('$batch', NULL, '{}', false, 'test')");
    my $id = $node->sql("SELECT rollback FROM gpsync.rollback WHERE batch = '$batch' AND phase <> 'done'");
    $node->sql("SELECT gpsync_internal.rollback_step($id)") for 1 .. 3;
    return $node->sql("SELECT count(*) || ' ' || count(*) FILTER (WHERE rows IS NULL) FROM gpsync.rollback_item WHERE rollback = $id");
}

sub take_back { return $node->sql("CALL gpsync.emergency_rollback('$_[0]', fence => false)") }

sub is_accounted_for
{
    my ($batch, $taken, $left) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is($node->sql("SELECT items || ' ' || reverted || ' ' || changed_since + conflicts FROM gpsync.rollback_status WHERE batch = '$batch' ORDER BY rollback DESC LIMIT 1"),
        join(' ', $taken + $left, $taken, $left), 'all are taken back or left');
    return;
}

subtest 'all rows' => sub {
    my $batch = 'all-rows.1';
    in_batch($batch, q{UPDATE cards SET note = 'batch ' || number});
    is(planned($batch), '2 2', 'two ranges');
    take_back($batch);
    is(changed(), '', 'all are as before');
    is_accounted_for($batch, $rows, 0);
    in_batch($batch, q{UPDATE cards SET note = 'batch ' || number WHERE number <= 50});
    is(planned($batch), '1 1', 'taken back, written again: one range of what is new');
    take_back($batch);
    is(changed(), '', 'as before again');
    is_accounted_for($batch, 50, 0);
};

subtest 'rows that others changed, that are in the way, and that a trigger keeps' => sub {
    in_batch('some', q{UPDATE cards SET note = 'batch ' || number});
    $node->sql(q{UPDATE cards SET note = 'other' WHERE number = 17; DELETE FROM cards WHERE number = 44000});
    is(planned('some'), '2 2', 'two ranges');
    # Behind the plan.
    $node->sql(q{UPDATE cards SET note = 'before 30000' WHERE number = 31000});
    take_back('some');
    is(left_of('some'), '17 changed since, 30000 conflict (unique), 31000 changed since, 44000 changed since (deleted)', 'they are left, each with its reason');
    is(changed(), '17 30000 31000 44000', 'all others are as before');
    is_accounted_for('some', $rows - 4, 4);
    $node->sql(q{INSERT INTO cards SELECT * FROM was WHERE number = 44000});
    $node->sql(q{UPDATE cards SET note = 'way' WHERE number = 31000});
    undo();
    is(changed(), '', '(put right)');

    $node->sql(<<~'SQL');
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.number = 5 THEN RETURN NULL; END IF; IF NEW.number = 6 AND NEW.note LIKE 'before%' THEN RAISE 'no'; END IF; RETURN NEW; END $$;
        SQL
    in_batch('kept', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 1000});
    $node->sql('CREATE TRIGGER keep BEFORE UPDATE ON cards FOR EACH ROW EXECUTE FUNCTION keep()');
    is(planned('kept'), '1 1', 'one range');
    take_back('kept');
    like(left_of('kept'), qr/^5 failed: a trigger of the table keeps the row as it is, 6 failed with SQLSTATE P0001$/, 'what a trigger keeps is left');
    is(changed(), '5 6', 'the others are as before');
    is_accounted_for('kept', 998, 2);
    $node->sql('DROP TRIGGER keep ON cards');
    undo();
};

subtest 'where rows were changed more than once' => sub {
    in_batch('late', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 500});
    $node->sql(q{UPDATE cards SET note = 'other ' || number WHERE number BETWEEN 501 AND 600});
    in_batch('late', q{UPDATE cards SET note = 'batch ' || number WHERE number BETWEEN 501 AND 600});
    is(planned('late'), '1 1', 'others wrote before the batch did, in its time: the keys tell that a range will do');
    take_back('late');
    is($node->sql(q{SELECT count(*) FILTER (WHERE note = 'other ' || number) || ' ' || count(*) FROM cards WHERE number IN (SELECT number FROM changed)}),
        '100 100', 'all are as before the batch');
    undo();

    in_batch('twice', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 500; UPDATE cards SET note = 'again ' || number WHERE number = 3});
    is(planned('twice'), '1 0', 'a row changed twice: no range');
    take_back('twice');
    is(changed(), '', 'all are as before');

    in_batch('mixed', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 500; DELETE FROM cards WHERE number = 700});
    like(planned('mixed'), qr/ 0$/, 'a row deleted: no range');
    take_back('mixed');
    is(changed(), '', 'all are as before');

    in_batch('one', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 500});
    in_batch('two', q{UPDATE cards SET note = 'two ' || number WHERE number <= 300});
    is(planned('two'), '1 1', 'of two batches the later one is a range');
    take_back('two');
    is($node->sql(q{SELECT count(*) FROM cards WHERE note LIKE 'batch %'}), 500, 'it is taken back');
    like(planned('one'), qr/ 0$/, 'the rows have got other revisions by that: no range');
    take_back('one');
    is(changed(), '', 'all are as before');
    in_batch('next', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 500});
    is(planned('next'), '1 1', 'what happened before a batch does not matter to it');
    take_back('next');
    is(changed(), '', 'all are as before');
};

subtest 'the batch is still written' => sub {
    # A statement that began before the plan and is committed behind it: its rows are the batch's, and not of the plan.
    in_batch('open', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 500});
    my $writer = $node->background_psql('postgres');
    $writer->query_safe(q{SET gpsync.batch = 'open'; BEGIN; UPDATE cards SET note = 'later ' || number WHERE number <= 10});
    is(planned('open'), '1 0', 'a writer that does not end: no range');
    $writer->query_safe('COMMIT');
    take_back('open');
    is(left_of('open'), '', 'the plan is made anew when it finds that rows have other revisions');
    is(changed(), '', 'all are as before');

    in_batch('prepared', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 500});
    $writer->query_safe(q{SET gpsync.batch = 'prepared'; BEGIN; UPDATE cards SET note = 'later ' || number WHERE number = 800; PREPARE TRANSACTION 'p'; RESET gpsync.batch});
    is(planned('prepared'), '1 0', 'a prepared transaction: no range');
    $node->sql(q{COMMIT PREPARED 'p'});
    take_back('prepared');
    is(changed(), '800', 'what was prepared was not of the plan');
    take_back('prepared');
    is(changed(), '', 'a second call takes it back');

    # One that begins behind the plan, in a place of the shadow that is free.
    in_batch('after', q{UPDATE cards SET note = 'batch ' || number WHERE number <= 250});
    in_batch('gone', q{UPDATE cards SET note = 'gone ' || number WHERE number BETWEEN 2000 AND 3000});
    in_batch('after', q{UPDATE cards SET note = 'batch ' || number WHERE number BETWEEN 251 AND 500});
    $node->sql(q{SELECT gpsync.drop_batch('gone'); UPDATE cards SET note = 'before ' || number WHERE number BETWEEN 2000 AND 3000});
    my $shadow = $node->sql('SELECT shadow FROM gpsync.batch_shadow WHERE is_current');
    $node->sql("VACUUM $shadow");
    in_batch('after', q{UPDATE cards SET note = 'batch ' || number WHERE number BETWEEN 4000 AND 4100});
    is(planned('after'), '1 1', 'one range');
    in_batch('after', q{UPDATE cards SET note = 'batch ' || number WHERE number BETWEEN 5000 AND 5100});
    is($node->sql("SELECT count(*) > 0 FROM $shadow AS s, gpsync.rollback_item AS i WHERE s.c2 >= 5000 AND s.ctid BETWEEN i.first_row AND i.last_row"), 't', '(rows that came later are in the range)');
    take_back('after');
    is(changed(), join(' ', 5000 .. 5100), 'what came behind the plan is not taken');
    is_accounted_for('after', 601, 0);
    take_back('after');
    is(changed(), '', 'but by a second call');
};

done_testing();
