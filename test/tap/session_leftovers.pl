# What a session has left to be met by code that then runs as another role: triggers that its transaction has deferred,
# and temporary objects. Neither runs as the owner of a table.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE ROLE ops; CREATE ROLE tables_owner;
    SELECT gpsync.grant_operator('ops');
    CREATE SCHEMA owned AUTHORIZATION tables_owner;
    GRANT USAGE ON SCHEMA owned TO PUBLIC;
    SET ROLE tables_owner;
    CREATE TABLE owned.cards (id int PRIMARY KEY, status text NOT NULL);
    CREATE TABLE owned.audit_log (who name, place text);
    -- Its own search_path, in which pg_temp comes first because it does not say where.
    CREATE FUNCTION owned.note_it() RETURNS trigger LANGUAGE plpgsql SET search_path = owned AS
        $$ BEGIN INSERT INTO audit_log VALUES (current_user, 'owned'); RETURN NULL; END $$;
    RESET ROLE;
    SELECT gpsync.attach('owned.cards', 'provision', publication => 'owned');
    SELECT gpsync.track_batches('owned.cards');
    SET ROLE tables_owner;
    INSERT INTO owned.cards SELECT n, 'RECEIVED' FROM generate_series(1, 10) AS n;
    CREATE TRIGGER note_it AFTER UPDATE ON owned.cards FOR EACH STATEMENT EXECUTE FUNCTION owned.note_it();
    RESET ROLE;

    CREATE SCHEMA spy AUTHORIZATION ops;
    GRANT USAGE ON SCHEMA spy TO PUBLIC;
    SET ROLE ops;
    CREATE TABLE spy.seen (who name, place text);
    GRANT INSERT ON spy.seen TO PUBLIC;
    CREATE TABLE spy.t (i int);
    CREATE FUNCTION spy.see() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO spy.seen VALUES (current_user, TG_RELID::regclass::text); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER later AFTER INSERT ON spy.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION spy.see();
    SQL

# What ops writes to take a batch back by hand, in one transaction.
sub rolled_back
{
    my ($batch) = @_;
    $node->sql("SET gpsync.batch = '$batch'; SET ROLE tables_owner; UPDATE owned.cards SET status = 'PROCESSING' WHERE status = 'RECEIVED' AND id % 2 = 0");
    return <<~"SQL";
        DO \$\$
        DECLARE n bigint := gpsync_internal.begin_rollback('$batch', NULL, '{}', false, NULL);
        BEGIN
            FOR i IN 1 .. 100 LOOP
                EXIT WHEN gpsync_internal.rollback_step(n) = 'done';
            END LOOP;
        END \$\$;
        SQL
}

my $steps = rolled_back('deferred');
$node->sql("SET ROLE ops; BEGIN; INSERT INTO spy.t VALUES (1); $steps COMMIT");
is($node->sql("SELECT count(*) FROM owned.cards WHERE status = 'PROCESSING'"), 0, 'the batch is taken back');
is($node->sql('SELECT who FROM spy.seen'), 'ops', 'what the caller deferred runs once, and as the caller');

$node->sql('DELETE FROM spy.seen');
$steps = rolled_back('temporary');
my $table = 'SET ROLE ops; CREATE TEMP TABLE audit_log (who name, place text);
    CREATE TRIGGER see AFTER INSERT ON pg_temp.audit_log FOR EACH ROW EXECUTE FUNCTION spy.see();';
my $granted = 'GRANT INSERT ON pg_temp.audit_log TO PUBLIC;';
for my $object ("$table $granted", q{SET ROLE ops; CREATE DOMAIN pg_temp.number AS int})
{
    my ($state, $text) = $node->sql_error("$object; $steps");
    is($state, '55000', 'a temporary object that the owner could use is refused');
    like($text, qr/code of role "tables_owner" could find a temporary object of this session.*HINT:  DISCARD TEMP/s, '... and it is said how to go on');
}
is($node->sql('SELECT count(*) FROM spy.seen'), 0, '... and nothing ran');
my $log = $node->sql("SELECT count(*) FROM owned.audit_log");
$node->sql("SET ROLE ops; CREATE TEMP TABLE mine AS SELECT 1 AS i; $steps");
is($node->sql("SELECT count(*) FROM owned.cards WHERE status = 'PROCESSING'"), 0, 'one that the owner has no right on is in nobody\'s way');
cmp_ok($node->sql('SELECT count(*) FROM owned.audit_log'), '>', $log, 'the owner\'s trigger ran as ever');

# A GRANT of another table does not fail because a table of a history is locked.
$node->sql("CREATE TABLE other (i int); CREATE ROLE reader; SELECT gpsync.create_history('owned.cards')");
my $month = $node->sql("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent::regclass::text LIKE 'gpsync.history%' LIMIT 1");
my $holder = $node->background_psql('postgres');
$holder->query("BEGIN; LOCK TABLE $month IN ACCESS EXCLUSIVE MODE");
$node->sql("SET lock_timeout = '50ms'; GRANT SELECT ON other TO reader");
is($node->sql("SELECT has_table_privilege('reader', 'other', 'SELECT')"), 't', 'GRANT does not wait for a history');
$holder->query('ROLLBACK');
$holder->quit;

# What is written behind a chunk of an import, in its transaction, belongs to the batch that the session names.
$node->sql(<<~'SQL');
    CREATE TABLE source AS SELECT 'RECEIVED' AS status, n AS id FROM generate_series(101, 110) AS n;
    CREATE INDEX ON source (id);
    SELECT gpsync.import('owned.cards', 'public.source', job => 'brought', on_conflict => 'update');
    SELECT gpsync_internal.import_work('brought');
    SELECT gpsync_internal.import_work('brought');
    BEGIN;
    SELECT gpsync_internal.import_work('brought');
    SET LOCAL gpsync.batch = 'behind';
    UPDATE owned.cards SET status = 'PROCESSING' WHERE id = 1;
    COMMIT;
    SQL
is($node->sql("SELECT batch FROM gpsync.batches WHERE batch IN ('behind', 'import:brought') ORDER BY 1"), "behind\nimport:brought", 'both batches are there');
is($node->sql("SELECT count(*) FROM gpsync.preview_rollback('behind')"), 1, '... and each has its rows');
$node->stop;
done_testing;
