# keep_in_step(): whichever of two tables is written, the other follows in the same transaction: by every kind of
# statement, under concurrency and every isolation level, with partitions, renames, rights and triggers of others.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;
use PostgreSQL::Test::Utils;
use Time::HiRes qw(time);

my $node = GpsyncTest->new_node('main', max_locks_per_transaction => 64);
$node->create_platform;

# The value on both sides.
sub both { my ($key) = @_; return $node->sql("SELECT (SELECT ob FROM device_temp WHERE id = '$key'), (SELECT ob FROM device WHERE id = '$key')") }
sub differences { return $node->sql('SELECT count(*) FROM gpsync.step_differences') }

$node->sql(<<'SQL');
CREATE TABLE device_temp (id text PRIMARY KEY, ob boolean, note text);
-- Columns in another order, and one that was dropped.
CREATE TABLE device (gone int, serial int GENERATED ALWAYS AS IDENTITY, ob boolean, id text UNIQUE NOT NULL, model text);
ALTER TABLE device DROP COLUMN gone;
SELECT gpsync.keep_in_step('device_temp', 'device', key => '{id}', columns => '{ob}');
SQL

subtest 'statements' => sub {
    $node->sql("INSERT INTO device_temp SELECT 'd' || i, true FROM generate_series(1, 20) AS i");
    $node->sql("INSERT INTO device (id, ob) SELECT 'd' || i, false FROM generate_series(1, 20) AS i");
    is(both('d1'), 'f|f', 'INSERT');
    $node->sql("UPDATE device_temp SET ob = true WHERE id IN ('d1', 'd2')");
    is(both('d1'), 't|t', 'UPDATE of the one side');
    $node->sql("UPDATE device SET ob = false WHERE id = 'd1'");
    is(both('d1'), 'f|f', '... and of the other');
    $node->sql("UPDATE device SET ob = NULL WHERE id = 'd2'");
    is(both('d2'), '|', 'NULL is a value, too');
    $node->sql("UPDATE device SET model = 'm' WHERE id = 'd2'; UPDATE device_temp SET note = 'n'");
    is(differences(), 0, 'other columns');
    $node->sql("MERGE INTO device AS d USING (VALUES ('d3', true), ('d21', true)) AS s (id, ob) ON d.id = s.id "
          . 'WHEN MATCHED THEN UPDATE SET ob = s.ob WHEN NOT MATCHED THEN INSERT (id, ob) VALUES (s.id, s.ob)');
    is(both('d3'), 't|t', 'MERGE');
    $node->sql("INSERT INTO device_temp (id, ob) VALUES ('d3', false), ('d21', false), ('d22', true) ON CONFLICT (id) DO UPDATE SET ob = excluded.ob");
    is(both('d3'), 'f|f', 'INSERT ... ON CONFLICT, of a row that is there');
    is(both('d21'), 'f|f', '... and of one that is not');
    $node->sql("INSERT INTO device (id) VALUES ('d22')");
    is(both('d22'), 't|t', 'a row inserted without a value takes the other one');
    $node->sql("COPY device_temp (id, ob) FROM PROGRAM 'seq 1 3 | sed s/^/c/ | sed s/\$/,t/' WITH (FORMAT csv); "
          . "COPY device (id, ob) FROM PROGRAM 'seq 1 3 | sed s/^/c/ | sed s/\$/,f/' WITH (FORMAT csv)");
    is(both('c2'), 'f|f', 'COPY');
    $node->sql("UPDATE device SET ob = true WHERE id = 'c1'; UPDATE device SET id = 'c4' WHERE id = 'c1'; UPDATE device_temp SET id = 'c4' WHERE id = 'c2'");
    is(both('c4'), 'f|f', 'a change of key makes a row the pair of another');
    $node->sql("WITH w AS (UPDATE device SET ob = true WHERE id = 'd5' RETURNING id) UPDATE device_temp SET note = 'x' WHERE id = 'd6'");
    is(both('d5'), 't|t', 'WITH ... UPDATE');
    $node->sql("DELETE FROM device WHERE id = 'd6'; UPDATE device_temp SET ob = true WHERE id = 'd6'");
    is(both('d6'), 't|', 'DELETE is not followed, and a row without a pair is written');
    my $before = both('d7');
    $node->sql("BEGIN; UPDATE device SET ob = NOT ob WHERE id = 'd7'; SAVEPOINT s; UPDATE device_temp SET ob = NULL WHERE id = 'd7'; ROLLBACK TO s; COMMIT");
    isnt(both('d7'), $before, 'the savepoint is undone, the rest is not');
    is(differences(), 0, 'equal');
};

subtest 'concurrent transactions' => sub {
    my $seconds = $ENV{GPSYNC_STEP_SECONDS} // 8;
    $node->sql("TRUNCATE device_temp, device; INSERT INTO device_temp SELECT i, false FROM generate_series(1, 40) AS i; INSERT INTO device (id, ob) SELECT i, false FROM generate_series(1, 40) AS i");
    my $script = sub {
        my ($own, $from) = @_;
        my $file = PostgreSQL::Test::Utils::tempdir . "/$own.sql";
        PostgreSQL::Test::Utils::append_to_file($file, <<"SQL");
\\set k random(1, 40)
\\set l random(1, 40)
\\set n random(1, 1000000)
\\set what random(1, 6)
\\if :what = 1
INSERT INTO $own (id, ob) VALUES ('n' || :n % 500, random() < 0.5) ON CONFLICT DO NOTHING;
\\elif :what = 2
DELETE FROM $own WHERE id = 'n' || :n % 500;
\\elif :what = 3
UPDATE $own SET ob = random() < 0.5 WHERE id IN (:k::text, :l::text, 'n' || :n % 500);
\\elif :what = 4
BEGIN;
UPDATE $own SET ob = NOT ob WHERE id = :k::text;
UPDATE $own SET ob = NOT ob WHERE id = :l::text;
COMMIT;
\\else
UPDATE $own SET ob = random() < 0.5 WHERE id = :k::text;
\\endif
SQL
        return ('-f', $file);
    };
    my $deadlocks = $node->sql('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
    my @sessions = map { GpsyncTest::Process->spawn("pgbench_$_", [ 'pgbench', '-n', '-c', 2, '-T', $seconds, $script->($_), $node->connstr('postgres') ]) } qw(device_temp device);
    for my $session (@sessions)
    {
        ok(GpsyncTest::wait_until(sub { !$session->is_running }, 'pgbench ends', $seconds + 120), 'ended');
        unlike($session->log, qr/ERROR|aborted/, 'without an error');
    }
    is($node->sql('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'), $deadlocks, 'no deadlock');
    is(differences(), 0, 'equal');
};

# Steps of two sessions, one at a time; what waits is waited for.
sub session { return $node->background_psql('postgres', on_error_stop => 0) }

sub begins_to_wait
{
    my ($session, $sql) = @_;
    my $pid = $session->query_safe('SELECT pg_backend_pid()');
    $session->{stdin} .= "$sql;\n";
    $session->{run}->pump_nb;
    return GpsyncTest::wait_until(sub { $node->sql("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $pid") eq 't' }, "$sql waits");
}

subtest 'rows that two transactions insert' => sub {
    my ($one, $two) = (session(), session());
    $one->query_safe("BEGIN; INSERT INTO device_temp (id, ob) VALUES ('both', true)");
    ok(begins_to_wait($two, "INSERT INTO device (id, ob) VALUES ('both', false)"), 'the second one waits');
    $one->query_safe('COMMIT');
    $two->query_safe('SELECT 1');
    is(both('both'), 'f|f', '... and is followed');

    # Keys that the other side has: what then waits for the first one does not hold a row that the first one needs.
    $node->sql("INSERT INTO device (id, ob) VALUES ('k1', true), ('k2', true)");
    $one->query_safe("BEGIN; INSERT INTO device_temp (id, ob) VALUES ('k1', false)");
    ok(begins_to_wait($two, "BEGIN; UPDATE device SET ob = false WHERE id = 'k2'"), 'an UPDATE waits for an INSERT of a key that the other side has');
    $one->query_safe("INSERT INTO device_temp (id, ob) VALUES ('k2', true); COMMIT");
    $two->query_safe("UPDATE device SET ob = NULL WHERE id = 'k1'; COMMIT");
    is(both('k1') . ', ' . both('k2'), '|, f|f', '... and both are followed');

    # Many keys: of one side at the same time.
    $one->query_safe("BEGIN; INSERT INTO device_temp (id) SELECT 'many' || i FROM generate_series(1, 5000) AS i");
    $two->query_safe("BEGIN; INSERT INTO device_temp (id) SELECT 'many' || i FROM generate_series(5001, 10000) AS i; COMMIT");
    ok(begins_to_wait($two, "INSERT INTO device (id) VALUES ('many5000')"), 'many keys: the other side waits, the same side does not');
    $one->query_safe("UPDATE device_temp SET ob = true WHERE id = 'many5000'; COMMIT");
    $two->query_safe('SELECT 1');
    is(both('many5000'), 't|t', '... and is followed');

    # An update that began before a row is inserted on the other side, which does not see what it writes.
    $node->sql("INSERT INTO device (id, ob) VALUES ('late', true)");
    $one->query_safe("BEGIN; UPDATE device SET ob = false WHERE id = 'late'");
    ok(begins_to_wait($two, "INSERT INTO device_temp (id, ob) VALUES ('late', true)"), 'an INSERT waits for the row of the other side');
    $one->query_safe('COMMIT');
    $two->query_safe('SELECT 1');
    is(both('late'), 't|t', '... and the later one is followed');
    $_->quit for $one, $two;
};

# The server looks for what a row is to have once more, in the rows that were written.
subtest 'a row that follows, and that somebody else has changed meanwhile' => sub {
    my ($one, $two) = (session(), session());
    $node->sql("INSERT INTO device_temp SELECT 'e' || i, true FROM generate_series(1, 3000) AS i; "
          . "INSERT INTO device (id, ob) SELECT 'e' || i, true FROM generate_series(1, 3000) AS i; ANALYZE device, device_temp");
    my $value = 'false';
    for my $rows ('id = $$e7$$', 'id IN ($$e7$$, $$e8$$)', 'id LIKE $$e%$$')
    {
        $one->query_safe("BEGIN; UPDATE device SET model = 'changed' WHERE id IN ('e7', 'e2999')");
        ok(begins_to_wait($two, "UPDATE device_temp SET ob = $value WHERE $rows"), "WHERE $rows: it waits for the row");
        $one->query_safe('COMMIT');
        $two->query_safe('SELECT 1');
        is($node->sql("SELECT ob, model FROM device WHERE id = 'e7'"), substr($value, 0, 1) . '|changed', '... and the row follows, and has what the other has written');
        is($node->sql("SELECT count(*) FROM device AS d JOIN device_temp AS t USING (id) WHERE d.ob IS DISTINCT FROM t.ob"), 0, '... as the others do');
        $node->sql("UPDATE device SET model = 'm' WHERE id LIKE 'e%'");
        $value = $value eq 'false' ? 'true' : 'false';
    }
    $one->query_safe("BEGIN; DELETE FROM device WHERE id = 'e9'");
    ok(begins_to_wait($two, "UPDATE device_temp SET ob = true WHERE id LIKE 'e%'"), 'a row that is deleted');
    $one->query_safe('COMMIT');
    $two->query_safe('SELECT 1');
    is(differences(), 0, '... does not follow, and the others do');
    $node->sql("DELETE FROM device_temp WHERE id LIKE 'e%'; DELETE FROM device WHERE id LIKE 'e%'");
    $_->quit for $one, $two;
};

subtest 'isolation levels' => sub {
    for my $level ('REPEATABLE READ', 'SERIALIZABLE')
    {
        my ($key) = lc($level) =~ /^(\w+)/;
        $node->sql("INSERT INTO device_temp (id, ob) VALUES ('$key', false)");
        my $one = session();
        $one->query_safe("BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM device");
        $node->sql("INSERT INTO device (id, ob) VALUES ('$key', false)");
        $one->query("UPDATE device_temp SET ob = true WHERE id = '$key'");
        $one->query('COMMIT');
        my ($temp, $device) = split /\|/, both($key);
        is($temp, $device, "$level: a row that came after its snapshot is followed, or the transaction fails");
        like($one->{stderr}, qr/could not serialize/, '... with 40001');
        $one->quit;
    }
};

subtest 'partitions' => sub {
    $node->sql(<<'SQL');
CREATE TABLE part (model text, ob boolean, id int NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100);
CREATE TABLE part_2 (id int NOT NULL, dropped int, ob boolean, model text);
ALTER TABLE part_2 DROP COLUMN dropped;
ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES FROM (100) TO (200);
CREATE TABLE flat (id int PRIMARY KEY, ob boolean);
SELECT gpsync.keep_in_step('part', 'flat', '{id}', '{ob}');
INSERT INTO part (id, ob) VALUES (1, true), (101, true);
INSERT INTO flat VALUES (1, false), (101, false);
SQL
    is($node->sql('SELECT bool_or(ob) FROM part'), 'f', 'the partitions follow');
    $node->sql('UPDATE part_2 SET ob = true WHERE id = 101');
    is($node->sql('SELECT ob FROM flat WHERE id = 101'), 't', 'a write to a partition is followed');
    $node->sql('CREATE TABLE part_3 PARTITION OF part FOR VALUES FROM (200) TO (300)');
    my $fix = $node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%part_3%'");
    like($fix, qr/keep_in_step/, 'doctor() finds a new partition');
    $node->sql($fix);
    $node->sql('INSERT INTO flat VALUES (201, true); INSERT INTO part_3 (id, ob) VALUES (201, false)');
    is($node->sql('SELECT ob FROM flat WHERE id = 201'), 'f', '... and its fix mends it');
    $node->sql('ALTER TABLE part DETACH PARTITION part_3; UPDATE part_3 SET ob = true');
    is($node->sql('SELECT ob FROM flat WHERE id = 201'), 'f', 'one that was detached is a table like any other');
};

subtest 'rights' => sub {
    $node->sql(<<'SQL');
CREATE ROLE owner; CREATE ROLE writer; CREATE ROLE stranger;
GRANT CREATE ON SCHEMA public TO owner, stranger;
SELECT gpsync.grant_operator('owner'), gpsync.grant_operator('stranger');
SET ROLE owner;
CREATE TABLE left_side (id int PRIMARY KEY, ob boolean);
CREATE TABLE right_side (id int PRIMARY KEY, ob boolean);
CREATE TABLE who (name name);
SELECT gpsync.keep_in_step('left_side', 'right_side', '{id}', '{ob}');
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.who VALUES (current_user); RETURN NEW; END $$;
CREATE TRIGGER note AFTER UPDATE ON right_side FOR EACH ROW EXECUTE FUNCTION note();
INSERT INTO left_side VALUES (1, false); INSERT INTO right_side VALUES (1, false);
GRANT SELECT, UPDATE ON left_side TO writer;
ALTER TABLE right_side ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
RESET ROLE;
SQL
    $node->sql('SET ROLE writer; UPDATE left_side SET ob = true');
    is($node->sql('SELECT ob FROM right_side'), 't', 'who may write one side needs no right on the other');
    is($node->sql('SELECT * FROM who'), 'owner', 'what is done there is done as its owner');
    like($node->sql_error('SET ROLE writer; UPDATE right_side SET ob = false'), qr/permission denied/, '... and has none');
    like($node->sql_error("SET ROLE stranger; SELECT gpsync.keep_in_step('left_side', 'right_side', '{id}', '{ob}')"), qr/42501.*must be owner/s, 'only the owner may');
    like($node->sql_error("SET ROLE stranger; SELECT gpsync.drop_step('left_side', 'right_side')"), qr/42501/, '... end it, too');

    # What the owner's trigger calls is found in the table's schema, not where the writer looks.
    $node->sql(<<'SQL');
SET ROLE owner;
CREATE FUNCTION named() RETURNS text LANGUAGE sql AS $$ SELECT 'the owner''s' $$;
CREATE TABLE called (answer text, path text);
CREATE FUNCTION call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO called VALUES (named(), current_setting('search_path')); RETURN NULL; END $$;
CREATE TRIGGER call AFTER UPDATE ON right_side FOR EACH ROW EXECUTE FUNCTION call();
RESET ROLE;
CREATE SCHEMA writers AUTHORIZATION writer;
SET ROLE writer;
CREATE FUNCTION writers.named() RETURNS text LANGUAGE sql AS $$ SELECT 'the writer''s, run by ' || current_user $$;
SET search_path = writers, public;
UPDATE left_side SET ob = NOT ob;
SELECT current_setting('search_path') = 'writers, public' AS kept \gset
\if :kept
\else
SELECT 1 / 0;
\endif
SQL
    is($node->sql('SELECT * FROM called'), q(the owner's|pg_catalog, public, pg_temp), 'a trigger there finds nothing of the writer');

    # A table that is given away.
    $node->sql('ALTER TABLE right_side OWNER TO stranger');
    my $before = $node->sql('SELECT * FROM left_side');
    like($node->sql_error('SET ROLE writer; UPDATE left_side SET ob = NOT ob'), qr/55000.*belong to two roles/s, 'tables of two roles: a write is refused');
    is($node->sql('SELECT * FROM left_side'), $before, '... and nothing is written');
    $node->sql('ALTER TABLE right_side OWNER TO owner');
    $node->sql('SET ROLE writer; UPDATE left_side SET ob = NOT ob');
    isnt($node->sql('SELECT * FROM left_side'), $before, '... until they have one owner again');
    # Triggers of the pair on a table that is none of its sides.
    $node->sql(<<'SQL');
SET ROLE stranger;
CREATE TABLE forged (id int PRIMARY KEY, ob boolean);
CREATE TRIGGER gpsync_step_lock_9 BEFORE UPDATE OF id, ob ON forged FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.step_lock('3', 'a', '1');
CREATE TRIGGER gpsync_step_insert_9 AFTER INSERT ON forged REFERENCING NEW TABLE AS gpsync_written FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.step_follow('3', 'a', '1');
INSERT INTO forged VALUES (1, NULL);
INSERT INTO forged VALUES (2, false);
SQL
    is($node->sql('SELECT ob FROM right_side'), 't', 'a forged trigger reaches nothing');
    is($node->sql("SELECT finding FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%right_side%'"),
        'tables public.left_side and public.right_side cannot be compared: SQLSTATE 42501', 'row security of the owner: doctor() says that it cannot compare');
};

subtest 'triggers of others' => sub {
    $node->sql(<<'SQL');
CREATE TABLE alters_a (id int PRIMARY KEY, level int);
CREATE TABLE alters_b (id int PRIMARY KEY, level int);
CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.level := least(NEW.level, 10); RETURN NEW; END $$;
CREATE TRIGGER cap BEFORE UPDATE ON alters_b FOR EACH ROW EXECUTE FUNCTION cap();
SELECT gpsync.keep_in_step('alters_a', 'alters_b', '{id}', '{level}');
INSERT INTO alters_a VALUES (1, 1); INSERT INTO alters_b VALUES (1, 1);
UPDATE alters_a SET level = 50;
SQL
    is($node->sql('SELECT a.level, b.level FROM alters_a AS a, alters_b AS b'), '10|10', 'what a trigger makes of the value comes back');
    $node->sql(<<'SQL');
CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.level := NEW.level + 1; RETURN NEW; END $$;
CREATE TRIGGER odd BEFORE UPDATE ON alters_a FOR EACH ROW EXECUTE FUNCTION odd();
ALTER TABLE alters_b DISABLE TRIGGER cap;
CREATE TRIGGER odd BEFORE UPDATE ON alters_b FOR EACH ROW EXECUTE FUNCTION odd();
SQL
    like($node->sql_error('UPDATE alters_a SET level = 5'), qr/27000.*without end/s, 'triggers that never agree are an error');
};

subtest 'triggers of others that write' => sub {
    $node->sql(<<'SQL');
CREATE TABLE family_a (id int PRIMARY KEY, parent int, ob boolean);
CREATE TABLE family_b (id int PRIMARY KEY, parent int, ob boolean);
SELECT gpsync.keep_in_step('family_a', 'family_b', '{id}', '{ob}');
CREATE FUNCTION of_parent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE public.family_a SET ob = NEW.ob WHERE id = NEW.parent; RETURN NULL; END $$;
CREATE TRIGGER of_parent AFTER UPDATE ON family_b FOR EACH ROW EXECUTE FUNCTION of_parent();
INSERT INTO family_a VALUES (1, NULL, false), (2, 1, false); INSERT INTO family_b TABLE family_a;
UPDATE family_a SET ob = true WHERE id = 2;
SQL
    is($node->sql('SELECT bool_and(ob) FROM family_b'), 't', 'what a trigger of the other side writes to the first one is followed');

    $node->sql(<<'SQL');
CREATE TABLE parts_a (id int PRIMARY KEY, level int) PARTITION BY RANGE (id);
CREATE TABLE parts_a1 PARTITION OF parts_a FOR VALUES FROM (0) TO (10);
CREATE TABLE parts_b (id int PRIMARY KEY, level int);
SELECT gpsync.keep_in_step('parts_a', 'parts_b', '{id}', '{level}');
INSERT INTO parts_a VALUES (1, 1); INSERT INTO parts_b VALUES (1, 1);
UPDATE parts_b SET level = 2;
CREATE TRIGGER cap BEFORE UPDATE ON parts_a1 FOR EACH ROW EXECUTE FUNCTION cap();
UPDATE parts_b SET level = 50;
SQL
    is($node->sql('SELECT a.level, b.level FROM parts_a AS a, parts_b AS b'), '10|10', 'a trigger of a partition alone');

    $node->sql(<<'SQL');
CREATE TABLE documents_a (id int PRIMARY KEY, detail jsonb); CREATE TABLE documents_b (LIKE documents_a INCLUDING ALL);
SELECT gpsync.keep_in_step('documents_a', 'documents_b', '{id}', '{detail}'), gpsync.scrub_on_write('documents_b', 'detail');
INSERT INTO documents_a VALUES (1); INSERT INTO documents_b VALUES (1);
UPDATE documents_a SET detail = '{"pan": "4111111111111111"}';
SQL
    is($node->sql('SELECT count(*) FROM documents_a AS a JOIN documents_b AS b USING (id, detail) WHERE NOT gpsync.has_pii(detail)'), 1, 'a document that the other side scrubs is scrubbed on both');

    $node->sql(<<'SQL');
CREATE TABLE chain_a (id int PRIMARY KEY, alias int);
CREATE TABLE chain_b (id int PRIMARY KEY, alias int UNIQUE, flag boolean);
CREATE TABLE chain_c (alias int PRIMARY KEY, flag boolean);
SELECT gpsync.keep_in_step('chain_a', 'chain_b', '{id}', '{alias}'), gpsync.keep_in_step('chain_b', 'chain_c', '{alias}', '{flag}');
INSERT INTO chain_a VALUES (1, 1); INSERT INTO chain_b VALUES (1, 1, true); INSERT INTO chain_c VALUES (2, false);
UPDATE chain_a SET alias = 2;
SQL
    is($node->sql('SELECT flag FROM chain_c'), 't', 'a column that follows is the key of another pair');

    $node->sql(<<'SQL');
CREATE TABLE kinds (kind int PRIMARY KEY);
INSERT INTO kinds VALUES (1);
CREATE TABLE free (id int PRIMARY KEY, kind int);
CREATE TABLE bound (id int PRIMARY KEY, kind int REFERENCES kinds);
SELECT gpsync.keep_in_step('free', 'bound', '{id}', '{kind}');
INSERT INTO free VALUES (1, 1); INSERT INTO bound VALUES (1, 1);
SQL
    like($node->sql_error('UPDATE free SET kind = 2'), qr/23503/, 'a foreign key of the other side is checked');
    is($node->sql('SELECT f.kind, b.kind FROM free AS f, bound AS b'), '1|1', '... and nothing is written');
};

subtest 'WITH that updates the same table' => sub {
    $node->sql("INSERT INTO device_temp (id, ob) VALUES ('w1', false), ('w2', false); INSERT INTO device (id, ob) VALUES ('w1', false), ('w2', false)");
    my $with = sub { my ($value) = @_; return "WITH w AS (UPDATE device SET ob = $value WHERE id = 'w1' RETURNING id) UPDATE device SET model = 'x' FROM w WHERE device.id = 'w2'" };
    $node->sql($with->('true'));
    is(both('w1'), 't|t', 'as the first statement of a session');
    $node->sql("UPDATE device SET ob = false WHERE id = 'w2'; " . $with->('NULL'));
    is(both('w1'), '|', 'and behind others');
    is(both('w2'), 'f|f', '... which are followed, too');
};

subtest 'names that change under a session' => sub {
    my $session = session();
    $node->sql(<<'SQL');
CREATE SCHEMA old_names;
CREATE TABLE old_names.named_a (id int PRIMARY KEY, ob boolean);
CREATE TABLE old_names.named_b (id int PRIMARY KEY, ob boolean);
SELECT gpsync.keep_in_step('old_names.named_a', 'old_names.named_b', '{id}', '{ob}');
INSERT INTO old_names.named_a VALUES (1, false); INSERT INTO old_names.named_b VALUES (1, false);
SQL
    $session->query_safe('UPDATE old_names.named_a SET ob = true');
    $node->sql('ALTER SCHEMA old_names RENAME TO new_names; CREATE SCHEMA old_names; CREATE TABLE old_names.named_b (id int PRIMARY KEY, ob boolean); INSERT INTO old_names.named_b VALUES (1, NULL)');
    $session->query_safe('UPDATE new_names.named_a SET ob = NULL; UPDATE new_names.named_a SET ob = false');
    is($node->sql('SELECT n.ob, o.ob FROM new_names.named_b AS n, old_names.named_b AS o'), 'f|', 'a schema: the table follows, not another of its old name');
    $node->sql('ALTER TABLE new_names.named_b RENAME TO renamed; CREATE TABLE new_names.named_b (id int PRIMARY KEY, ob boolean); INSERT INTO new_names.named_b VALUES (1, NULL)');
    $session->query_safe('UPDATE new_names.named_a SET ob = true');
    is($node->sql('SELECT n.ob, o.ob FROM new_names.renamed AS n, new_names.named_b AS o'), 't|', 'and a table');
    $session->quit;
};

subtest 'ending it' => sub {
    $node->sql(<<'SQL');
CREATE TABLE ends_a (id int PRIMARY KEY, ob boolean); CREATE TABLE ends_b (id int PRIMARY KEY, ob boolean);
SELECT gpsync.keep_in_step('ends_a', 'ends_b', '{id}', '{ob}');
INSERT INTO ends_a VALUES (1, true); INSERT INTO ends_b VALUES (1, true);
ALTER TABLE ends_b OWNER TO owner;
SET ROLE owner;
SELECT gpsync.drop_step('ends_a', 'ends_b');
RESET ROLE;
UPDATE ends_a SET ob = false;
SQL
    is($node->sql('SELECT ob FROM ends_b'), 't', 'the owner of either table may');
    my $fix = $node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%ends_a has triggers%'");
    $node->sql($fix);
    is($node->sql("SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('ends_a'::regclass, 'ends_b'::regclass)"), 0, '... and what is left on the other one, doctor() finds');
};

subtest 'attached tables, types, many rows' => sub {
    $node->sql(<<'SQL');
CREATE TABLE provisioned (device_id varchar(40), status varchar(20), ob char(1), price numeric, detail jsonb, PRIMARY KEY (device_id));
SELECT gpsync.attach('provisioned');
CREATE TABLE enrolled (device_id varchar(40) PRIMARY KEY, ob char(1), price numeric, detail jsonb);
SELECT gpsync.keep_in_step('provisioned', 'enrolled', '{device_id}', '{ob,price,detail}');
INSERT INTO provisioned (device_id, status, ob, price) SELECT i, 'RECEIVED', 'N', 1 FROM generate_series(1, 20000) AS i;
INSERT INTO enrolled SELECT i, 'Y', 1.00, '{"a": 1}' FROM generate_series(1, 20000) AS i;
SQL
    is($node->sql("SELECT count(*) FROM provisioned WHERE ob = 'Y' AND price::text = '1.00' AND detail = '{\"a\": 1}'"), 20000, '20,000 rows, as they are stored');
    is($node->sql("SELECT count(*) FROM pg_locks WHERE objsubid = 6"), 0, 'no lock is left');
    $node->sql("UPDATE enrolled SET ob = 'N' WHERE device_id = '7'");
    is($node->sql("SELECT ob, sync_status FROM provisioned WHERE device_id = '7'"), 'N|PENDING', 'a row that follows is stamped like any');
    like($node->sql_error("UPDATE provisioned SET status = 'VERIFIED', ob = 'Y' WHERE device_id = '7'"), qr/23514/, 'an illegal transition is one');
    is($node->sql("SELECT ob FROM enrolled WHERE device_id = '7'"), 'N', '... and nothing of it follows');
};

subtest 'a dump, a rename, a dropped table' => sub {
    $node->sql('ALTER TABLE flat RENAME COLUMN ob TO ob_indicator; ALTER TABLE part RENAME TO parted; UPDATE flat SET ob_indicator = NOT ob_indicator WHERE id = 1');
    is($node->sql('SELECT p.ob = f.ob_indicator FROM parted AS p JOIN flat AS f USING (id) WHERE id = 1'), 't', 'names may change');
    my $dump = PostgreSQL::Test::Utils::tempdir . '/dump.sql';
    $node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('postgres') ], 'pg_dump');
    $node->sql('CREATE DATABASE restored');
    $node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, $node->connstr('restored') ], 'restored');
    is($node->safe_psql('restored', 'UPDATE public.flat SET ob_indicator = NOT ob_indicator WHERE id = 101; SELECT p.ob = f.ob_indicator FROM public.parted AS p JOIN public.flat AS f USING (id) WHERE id = 101'), 't', 'it is kept in step there');
    is($node->safe_psql('restored', 'SELECT count(*) FROM gpsync.step_differences'), 0, 'without a difference');
    $node->sql('DROP TABLE parted; UPDATE flat SET ob_indicator = true');
    is($node->sql('SELECT bool_and(ob_indicator) FROM flat'), 't', 'a table whose other side was dropped can be written');
    my $fix = $node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%dropped%'");
    $node->sql($fix);
    is($node->sql("SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%dropped%'"), 0, 'doctor() finds it, and mends it');
    is($node->sql("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'flat'::regclass"), 0, 'no trigger is left');
};

# What is locked, in which order: nobody ends with a deadlock.
subtest 'locks' => sub {
    $node->sql('CREATE TABLE lock_a (id int PRIMARY KEY, v text); CREATE TABLE lock_b (id int PRIMARY KEY, v text)');
    $node->sql(q(INSERT INTO lock_a VALUES (1, 'x'); INSERT INTO lock_b VALUES (1, 'x')));
    my $again = "SELECT gpsync.keep_in_step('lock_a', 'lock_b', '{id}', '{v}')";
    $node->sql($again);
    my ($one, $other) = (session(), session());
    my $waits = sub { my ($query) = @_; $node->wait_for_sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%$query%'") };
    $one->query_safe('BEGIN; LOCK TABLE lock_a IN SHARE ROW EXCLUSIVE MODE');
    $other->query_until(qr/begins/, "\\echo begins\nSELECT gpsync.drop_step('lock_a', 'lock_b');\n\\echo ends\n");
    $waits->('drop_step');
    is($one->query($again), '', 'keep_in_step() while drop_step() waits for the table');
    $one->query_safe('COMMIT');
    $other->query_until(qr/ends/, "\n");
    is($node->sql(q(SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('lock_a'::regclass, 'lock_b'::regclass))), 0, '... which then drops the triggers');
    $node->sql($again);
    $one->query_safe("BEGIN; LOCK TABLE lock_b IN ROW EXCLUSIVE MODE");
    $other->query_until(qr/begins/, "\\echo begins\n$again;\n\\echo ends\n");
    $waits->('keep_in_step');
    is($one->query("UPDATE lock_b SET v = 'y' RETURNING v"), 'y', 'a writer goes on to the other side while keep_in_step() waits for it');
    $one->query_safe('COMMIT');
    $other->query_until(qr/ends/, "\n");
    $one->query_safe('BEGIN; SELECT FROM lock_a');
    $node->sql("SET lock_timeout = '5s'; $again");
    pass('a reader is not waited for when it is called again');
    $_->quit for $one, $other;
    is($node->sql('SELECT v FROM lock_a'), 'y', '... and the sides are in step');
    $node->sql('ALTER TRIGGER gpsync_step_insert_' . $node->sql(q(SELECT max(pair) FROM gpsync.step_pair)) . ' ON lock_a RENAME TO other_name');
    $node->sql($again);
    is($node->sql(q(SELECT count(*) FROM pg_trigger WHERE tgrelid = 'lock_a'::regclass)), 3, 'a trigger that was renamed is replaced');
    $node->sql(q(SELECT gpsync.drop_step('lock_a', 'lock_b')));
};

subtest 'differences' => sub {
    $node->sql("ALTER TABLE device DISABLE TRIGGER USER; UPDATE device SET ob = NOT ob WHERE id IN ('1', '2'); ALTER TABLE device ENABLE TRIGGER USER");
    is($node->sql('SELECT key, columns FROM gpsync.step_differences ORDER BY key'), qq({"id": "1"}|{ob}\n{"id": "2"}|{ob}), 'the view shows them');
    my ($fix) = split /; --/, $node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%differ%'");
    $node->sql($fix);
    is(differences(), 0, 'the fix of doctor() mends them');
    $node->sql(<<'SQL');
CREATE TABLE shapes_a (id int PRIMARY KEY, at point, detail json); CREATE TABLE shapes_b (LIKE shapes_a INCLUDING ALL);
INSERT INTO shapes_a VALUES (1, '(1,1)', '{"a":1}'); INSERT INTO shapes_b VALUES (1, '(1,2)', NULL);
SELECT gpsync.keep_in_step('shapes_a', 'shapes_b', '{id}', '{at,detail}');
SQL
    ($fix) = split /; --/, $node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%shapes%differ%'");
    $node->sql($fix);
    is(differences(), 0, '... also of types that have no =');
    $node->sql('DROP TRIGGER gpsync_step_lock_1 ON device');
    like($node->sql_error("UPDATE device_temp SET ob = true WHERE id = '1'"), qr/55000.*has lost the triggers/s, 'a trigger that somebody dropped is an error');
    is($node->sql("SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'in step' AND finding LIKE '%lost triggers%'"), 1, '... and found');
    $node->sql("SELECT gpsync.keep_in_step('device', 'device_temp', '{id}', '{ob}'); UPDATE device_temp SET ob = true WHERE id = '1'");
    is(both('1'), 't|t', 'calling it again mends it');
};

done_testing;
