# A table's owner whose code runs when the relay's marks are written (a trigger, a constraint, an index expression)
# gains nothing from it: it runs with the owner's rights, and what it breaks is its own table's marks.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);

# The owner of the trapped table. Every trap notes who it ran as, and tries what only others may do.
$node->sql(<<'SQL');
CREATE ROLE mallory LOGIN;
CREATE SCHEMA mallory AUTHORIZATION mallory;
SET ROLE mallory;
CREATE TABLE mallory.diary (at text, who text, what text, outcome text);
CREATE FUNCTION mallory.try(place text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    attempt text;
BEGIN
    FOREACH attempt IN ARRAY ARRAY[
        'ALTER ROLE mallory SUPERUSER',
        'CREATE ROLE evil SUPERUSER LOGIN',
        'SET ROLE relay',
        'SET SESSION AUTHORIZATION DEFAULT',
        'RESET ROLE',
        'INSERT INTO gpsync.dead_letter SELECT',
        'UPDATE gpsync.stream_position SET ordinal = 0',
        $q$SELECT gpsync_internal.relay_acquire('legacy')$q$,
        $q$SELECT gpsync.pause_stream('legacy')$q$,
        $q$UPDATE public.provision_status SET detail = '"stolen"'$q$,
        $q$SELECT pg_read_file('postgresql.conf')$q$,
        $q$SELECT pg_drop_replication_slot('gpsync_5_legacy')$q$] LOOP
        BEGIN
            EXECUTE attempt;
            INSERT INTO mallory.diary VALUES (place, current_user, attempt, 'went through');
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO mallory.diary VALUES (place, current_user, attempt, SQLSTATE);
        END;
    END LOOP;
END $$;
CREATE FUNCTION mallory.trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM mallory.try(TG_NAME); RETURN NEW; END $$;
CREATE FUNCTION mallory.constraint_trap(text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN PERFORM mallory.try('constraint'); RETURN true; END $$;
CREATE FUNCTION mallory.index_trap(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN IF $1 = 'COMPLETED' THEN PERFORM mallory.try('index'); END IF; RETURN $1; END $$;
RESET ROLE;
GRANT USAGE ON SCHEMA gpsync TO mallory;
CREATE TABLE mallory.trapped (id int PRIMARY KEY, status text NOT NULL, sync_status varchar(20));
SELECT gpsync.attach('mallory.trapped');
ALTER TABLE mallory.trapped OWNER TO mallory;
CREATE TABLE mallory.broken (id int PRIMARY KEY, status text NOT NULL);
SELECT gpsync.attach('mallory.broken');
ALTER TABLE mallory.broken OWNER TO mallory;
SQL
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

$node->safe_psql('postgres', <<'SQL', extra_params => [ '-U', 'mallory' ]);
INSERT INTO mallory.trapped (id, status) VALUES (1, 'RECEIVED');
SQL
$node->wait_for_sync;

# The traps are set when the row is there, so that only the marks meet them.
$node->sql('SELECT gpsync.pause_stream(\'legacy\')');
$node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'paused');
$node->safe_psql('postgres', <<'SQL', extra_params => [ '-U', 'mallory' ]);
UPDATE mallory.trapped SET status = 'PROCESSING';
INSERT INTO mallory.broken (id, status) VALUES (1, 'RECEIVED');
CREATE TRIGGER before_trap BEFORE UPDATE ON mallory.trapped FOR EACH ROW EXECUTE FUNCTION mallory.trap();
CREATE TRIGGER after_trap AFTER UPDATE ON mallory.trapped FOR EACH ROW EXECUTE FUNCTION mallory.trap();
CREATE CONSTRAINT TRIGGER deferred_trap AFTER UPDATE ON mallory.trapped DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mallory.trap();
ALTER TABLE mallory.trapped ENABLE ALWAYS TRIGGER before_trap, ENABLE ALWAYS TRIGGER after_trap, ENABLE ALWAYS TRIGGER deferred_trap;
ALTER TABLE mallory.trapped ADD CHECK (mallory.constraint_trap(sync_status)) NOT VALID;
CREATE INDEX ON mallory.trapped (mallory.index_trap(sync_status));
CREATE FUNCTION mallory.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no marks here'; END $$;
CREATE TRIGGER refuse AFTER UPDATE ON mallory.broken FOR EACH ROW EXECUTE FUNCTION mallory.refuse();
ALTER TABLE mallory.broken ENABLE ALWAYS TRIGGER refuse;
DELETE FROM mallory.diary;
SQL
$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('innocent', 'RECEIVED')");
$node->sql('SELECT gpsync.resume_stream(\'legacy\')');
ok($node->wait_for_sql("SELECT sync_status FROM mallory.trapped", 'COMPLETED'), 'the trapped row is marked');
ok($node->wait_for_sql("SELECT sync_status FROM provision_status", 'COMPLETED'), '... and so is another owner\'s row');
is($node->sql("SELECT gpsync.wait_for_sync(timeout => '200ms')"), 'f', 'wait_for_sync() is not true while a mark is refused');

note($node->sql('SELECT at, who, what, outcome, count(*) FROM mallory.diary GROUP BY 1, 2, 3, 4 ORDER BY 1, 3'));
is($node->sql("SELECT string_agg(DISTINCT at, ' ' ORDER BY at) FROM mallory.diary"), 'after_trap constraint deferred_trap index', 'the traps ran');
is($node->sql("SELECT DISTINCT who FROM mallory.diary WHERE who <> 'mallory'"), '', 'no trap ran as anybody but the owner');
is($node->sql("SELECT DISTINCT what FROM mallory.diary WHERE outcome = 'went through'"), '', 'nothing that was tried went through');
is($node->sql("SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolsuper"), 'postgres', 'nobody became superuser');
is($node->sql("SELECT detail FROM provision_status"), '', 'no other table was touched');
is($node->sql("SELECT paused FROM gpsync.stream_status"), 'f', 'the stream was left alone');

ok($node->wait_for_sql("SELECT sum(deferred_marks) FROM gpsync.stream_status", 1), 'a trigger that refuses the mark keeps it waiting');
is($node->sql("SELECT sync_status FROM mallory.broken"), 'PENDING', '... and its own row unmarked');
$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('later', 'RECEIVED')");
ok($node->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = 'later'", 'COMPLETED'), '... while other rows are marked');
$node->safe_psql('postgres', 'ALTER TABLE mallory.broken DISABLE TRIGGER refuse', extra_params => [ '-U', 'mallory' ]);
ok($node->wait_for_sql("SELECT sync_status FROM mallory.broken", 'COMPLETED'), '... until it lets go');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
