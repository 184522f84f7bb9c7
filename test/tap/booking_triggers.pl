# What triggers of a table's owner can do while rows are marked: with the owner's rights, and nothing lost.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/');
    CREATE ROLE owner LOGIN;
    CREATE SCHEMA own AUTHORIZATION owner;
    GRANT CREATE ON DATABASE postgres TO owner, relay;
    CREATE TABLE own.t (id int PRIMARY KEY, note text);
    CREATE TABLE own.other (id int PRIMARY KEY, note text);
    CREATE TABLE own.log (at serial, who text, session text, what text);
    CREATE TABLE own.plain (id int PRIMARY KEY, t_id int);
    SELECT gpsync.attach('own.t', machine => NULL);
    SELECT gpsync.attach('own.other', machine => NULL);
    ALTER TABLE own.t OWNER TO owner;
    ALTER TABLE own.other OWNER TO owner;
    ALTER TABLE own.log OWNER TO owner;
    ALTER TABLE own.plain OWNER TO owner;
    SQL
$node->create_stream('legacy', 'nws');
my $relay = GpsyncTest::Booking->new($node, 'legacy');
my $slot  = $node->sql("SELECT slot_name FROM gpsync.stream_status WHERE stream = 'legacy'");

sub log_of { my $log = $node->sql('SELECT who, session, what FROM own.log ORDER BY at'); $node->sql('TRUNCATE own.log'); return $log }
sub deferred { my $marks = $node->sql('SELECT key, error FROM gpsync.deferred_mark ORDER BY id'); return $marks }

# The events of the stream since the last call: type and key.
sub events
{
    return $node->sql("SELECT string_agg((data::jsonb ->> 'type') || ' ' || (data::jsonb ->> 'subject'), ', ') FROM (SELECT regexp_split_to_table(data, E'\n') AS data"
        . " FROM pg_logical_slot_get_changes('$slot', NULL, NULL, 'publication_names', 'gpsync')) x");
}

# Replaces the trigger on own.t, made by its owner: timing, ENABLE state, body.
sub trigger
{
    my ($timing, $enable, $body, %options) = @_;
    my $kind = $options{constraint} ? 'CONSTRAINT TRIGGER' : 'TRIGGER';
    my $defer = $options{constraint} ? 'DEFERRABLE INITIALLY DEFERRED' : '';
    my $table = $options{table} // 'own.t';
    $node->sql(<<~SQL);
        SET ROLE owner;
        DROP TRIGGER IF EXISTS tr ON $table;
        CREATE OR REPLACE FUNCTION own.tr_@{[ $table =~ s/\W/_/gr ]}() RETURNS trigger LANGUAGE plpgsql AS \$f\$ BEGIN $body; RETURN NEW; END \$f\$;
        CREATE $kind tr $timing ON $table $defer FOR EACH ROW EXECUTE FUNCTION own.tr_@{[ $table =~ s/\W/_/gr ]}();
        ALTER TABLE $table ENABLE $enable TRIGGER tr;
        SQL
    return;
}

# Changes rows (row 1 by default) and books them; only ALWAYS triggers fire for the change itself.
sub change_and_book
{
    my (@ids) = @_;
    @ids = (1) unless @ids;
    my $list = join ',', @ids;
    $node->sql("DELETE FROM gpsync.deferred_mark; SET session_replication_role = local; UPDATE own.t SET note = note WHERE id IN ($list)");
    $node->sql('TRUNCATE own.log');
    events();
    return $relay->book($relay->marks('own.t', "id IN ($list)"));
}

$node->sql("INSERT INTO own.t SELECT i, 'n' FROM generate_series(1, 20) i; INSERT INTO own.other SELECT i, 'n' FROM generate_series(1, 3) i");
my $log = q{INSERT INTO own.log (who, session, what) VALUES (current_user, session_user, TG_NAME || ' ' || coalesce(NEW.sync_status, '?'))};

# --- which triggers fire, and as whom ---------------------------------------------------------------------
trigger('AFTER UPDATE', 'ALWAYS', $log);
is(change_and_book(), '1|0|0', 'an ALWAYS trigger');
is(log_of(), 'owner|relay|tr COMPLETED', '... fires, as the owner');
trigger('AFTER UPDATE', 'REPLICA', $log);
is(change_and_book(), '1|0|0', 'a REPLICA trigger');
is(log_of(), 'owner|relay|tr COMPLETED', '... fires too');
trigger('AFTER UPDATE OF sync_status', 'ALWAYS', $log);
is(change_and_book(), '1|0|0', 'one for the column that is written');
is(log_of(), 'owner|relay|tr COMPLETED', '... too');
trigger('AFTER UPDATE OF note', 'ALWAYS', $log);
is(change_and_book(), '1|0|0', 'one for another column');
is(log_of(), '', '... does not');
trigger('AFTER UPDATE', '', $log);
is(change_and_book(), '1|0|0', 'an ordinary trigger');
is(log_of(), '', '... does not');
trigger('BEFORE UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN $log; NEW.note := 'changed'; NEW.sync_status := 'MINE'; END IF");
is(change_and_book(), '1|0|0', 'a BEFORE trigger');
is(log_of(), '', '... does not');
is($node->sql('SELECT note, sync_status FROM own.t WHERE id = 1'), 'n|COMPLETED', '... and changes nothing of the mark');
$node->sql("ALTER TABLE own.t ENABLE ALWAYS TRIGGER gpsync_stamp");
trigger('AFTER UPDATE', '', $log);
is(change_and_book(), '1|0|0', 'gpsync_stamp itself, made ALWAYS');
is(change_and_book(2), '1|0|0', '... does not stamp what is marked');
is($node->sql('SELECT sync_status FROM own.t WHERE id = 2'), 'COMPLETED', '... indeed');
$node->sql("ALTER TABLE own.t ENABLE TRIGGER gpsync_stamp");

# --- the relay's rights -----------------------------------------------------------------------------------
my %attempts = (
    'RESET ROLE'                                => qr/42501: cannot set parameter "role" within security-/,
    'SET ROLE relay'                            => qr/42501: cannot set parameter "role" within security-/,
    'SET SESSION AUTHORIZATION relay'           => qr/42501: cannot set parameter "session_authorization"/,
    'RESET SESSION AUTHORIZATION'               => qr/42501: cannot set parameter "session_authorization"/,
    q{PERFORM gpsync_internal.relay_retry_deferred('legacy')} => qr/42501: permission denied for (?:schema gpsync|function relay_retry_deferred)/,
    q{DELETE FROM gpsync.stream}                => qr/42501: permission denied/,
    q{SET session_replication_role = replica}   => qr/42501: permission denied to set parameter/,
    q{CREATE TEMP TABLE x (a int)}              => qr/42501: cannot create temporary table within security-restricted operation/,
    q{RAISE EXCEPTION 'no'}                     => qr/P0001: no/,
    q{PERFORM pg_sleep(0); COMMIT}              => qr/2D000: invalid transaction termination/);
for my $attempt (sort keys %attempts)
{
    trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN $attempt; END IF");
    is(change_and_book(), '0|1|0', "a trigger that tries: $attempt");
    like(deferred(), $attempts{$attempt}, '... fails, and the mark is deferred with the error');
}
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN BEGIN RESET ROLE; EXCEPTION WHEN OTHERS THEN $log; END; $log; END IF");
is(change_and_book(), '1|0|0', 'one that catches its error');
is(log_of(), "owner|relay|tr COMPLETED\nowner|relay|tr COMPLETED", '... still is the owner');

trigger('AFTER UPDATE', 'ALWAYS', q{PERFORM set_config('search_path', 'own', false); PERFORM set_config('statement_timeout', '1', false);
    SET default_transaction_read_only = on; PERFORM pg_advisory_unlock_all()});
is(change_and_book(), '1|0|0', 'a trigger that leaves settings behind, and gives locks away');
is($relay->query(q{SELECT current_setting('search_path') LIKE '%own%', current_setting('statement_timeout'), current_setting('default_transaction_read_only')}),
    'f|0|off', '... leaves none');
is(change_and_book(), '1|0|0', '... and bookkeeping goes on');

# --- constraint triggers that are deferred ----------------------------------------------------------------
trigger('AFTER UPDATE', 'ALWAYS', $log, constraint => 1);
is(change_and_book(), '1|0|0', 'a DEFERRABLE INITIALLY DEFERRED constraint trigger');
is(log_of(), 'owner|relay|tr COMPLETED', '... fires as the owner, not at the commit');
$node->sql(<<~'SQL');
    SET ROLE owner;
    CREATE FUNCTION own.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO own.log (who, session, what) VALUES (current_user, session_user, 'late'); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON own.plain DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION own.late();
    SQL
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN INSERT INTO own.plain SELECT coalesce(max(id), 0) + 1 FROM own.plain; END IF");
is(change_and_book(), '1|0|0', 'a trigger that queues a deferred one elsewhere');
is(log_of(), 'owner|relay|late', '... which fires as the owner too');
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN SET CONSTRAINTS ALL DEFERRED; INSERT INTO own.plain SELECT coalesce(max(id), 0) + 1 FROM own.plain; END IF");
is(change_and_book(), '0|1|0', 'one that defers it again');
like(deferred(), qr/42501: cannot fire deferred trigger within security-restricted operation/, '... is refused');
is(log_of(), '', '... and nothing fires as anybody else');

# The other way round: what the relay's session has queued must not run with an owner's rights.
$node->sql(<<~'SQL');
    CREATE SCHEMA relays AUTHORIZATION relay;
    GRANT USAGE ON SCHEMA own TO relay;
    SET SESSION AUTHORIZATION relay;
    CREATE TABLE relays.bait (who text);
    CREATE FUNCTION relays.steal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE relays.bait SET who = current_user; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER steal AFTER INSERT ON relays.bait DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION relays.steal();
    SQL
trigger('AFTER UPDATE', 'ALWAYS', $log);
$node->sql("DELETE FROM gpsync.deferred_mark; UPDATE own.t SET note = note WHERE id = 1; TRUNCATE own.log");
my @mark = $relay->marks('own.t', 'id = 1');
$relay->query("BEGIN; INSERT INTO relays.bait VALUES ('nobody')");
is($relay->book(@mark), '1|0|0', 'marks in a transaction that has a trigger queued');
$relay->query('COMMIT');
is($node->sql('SELECT who FROM relays.bait'), 'relay', '... which fires with the rights of who queued it');
is(log_of(), 'owner|relay|tr COMPLETED', '... and the owner\'s with the owner\'s');

# --- writes of a trigger ----------------------------------------------------------------------------------
events();
for my $write ('UPDATE own.other SET note = note WHERE id = 1', "INSERT INTO own.other VALUES (99, 'n')", 'UPDATE own.t SET note = note WHERE id = NEW.id')
{
    trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN $write; END IF");
    is(change_and_book(), '0|1|0', "a trigger that writes a table under control: $write");
    like(deferred(), qr/09000: a trigger fired by gpsync's bookkeeping must not write table/, '... is refused');
    is($relay->retry, 1, '... each time');
}
is(events(), '', '... and nothing of it is streamed, or changed');
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN DELETE FROM own.other WHERE id = 1; END IF");
is(change_and_book(), '1|0|0', 'one that deletes there');
is(events(), 'gpsync.row.deleted own.other/1', '... does, and the deletion is streamed; the mark is not');
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN TRUNCATE own.other; END IF");
is(change_and_book(), '1|0|0', 'one that truncates');
is(events(), 'gpsync.table.truncated own.other', '... likewise');
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN BEGIN DELETE FROM own.other; RAISE 'x'; EXCEPTION WHEN OTHERS THEN DELETE FROM own.log; END; END IF");
$node->sql("INSERT INTO own.other VALUES (5, 'n')");
is(change_and_book(), '1|0|0', 'one that does it and takes it back');
is(events(), '', '... streams nothing');
is(change_and_book(), '1|0|0', 'and the next');
trigger('AFTER UPDATE', '', $log);
is(change_and_book(1, 2), '2|0|0', 'marks without triggers');
is(events(), '', '... are not streamed either');

# An index expression is code too, and runs before any trigger.
$node->sql(<<~'SQL');
    SET ROLE owner;
    CREATE FUNCTION own.touch() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE own.other SET note = note; END $$;
    CREATE FUNCTION own.trap(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
        IF session_user = 'relay' THEN PERFORM own.touch(); END IF; RETURN $1; END $$;
    CREATE INDEX trap ON own.t (own.trap(sync_status));
    SQL
is(change_and_book(), '0|1|0', 'an index expression that writes a table under control');
like(deferred(), qr/09000: a trigger fired by gpsync's bookkeeping must not write table/, '... is refused');
$node->sql('DROP INDEX own.trap');
ok($relay->retry_all, '... and the mark made without it');

# --- errors stay with their rows and their table ------------------------------------------------------------
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' AND NEW.id IN (3, 17) THEN RAISE 'not this one'; END IF");
is(change_and_book(1 .. 20), '18|2|0', 'rows whose trigger fails are deferred, alone');
is(deferred(), qq({"id": 3}|P0001: not this one\n{"id": 17}|P0001: not this one), '... with the error');
$node->sql("UPDATE own.other SET note = note");
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN RAISE 'none'; END IF");
$node->sql("DELETE FROM gpsync.deferred_mark; SET session_replication_role = local; UPDATE own.t SET note = note");
is($relay->book($relay->marks('own.t'), $relay->marks('own.other')), '1|20|0', 'a table whose trigger always fails keeps no other from being marked');
is($relay->retry, 20, 'they are tried again');
trigger('AFTER UPDATE', '', $log);
ok($relay->retry_all, '... and marked when it is mended');
is($node->sql("SELECT count(*) FROM own.t WHERE sync_status <> 'COMPLETED'"), '0', '... all');

# Every attempt writes rows and takes them back: a table that always fails is left alone for a few seconds.
$node->sql("INSERT INTO own.t SELECT i, 'n' FROM generate_series(21, 300) i");
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN RAISE 'none'; END IF");
is(change_and_book(1 .. 300), '0|300|0', 'a table of many rows whose trigger always fails');
$node->sql('ALTER TABLE own.t SET (autovacuum_enabled = false)');    # which would cut off its empty end
my $dead = $node->sql("SELECT pg_relation_size('own.t')");
$relay->retry for 1 .. 20;
is(change_and_book(1), '0|1|0', '... is given up for a while');
is($node->sql("SELECT pg_relation_size('own.t')"), $dead, '... in which nothing is written');
trigger('AFTER UPDATE', '', $log);
$node->sql('UPDATE own.t SET note = note');
is($relay->book($relay->marks('own.t')), '0|300|0', '... also when it is mended');
ok($relay->retry_all, '... and then marked');
is($node->sql("SELECT count(*) FROM own.t WHERE sync_status <> 'COMPLETED'"), '0', '... all of it');

my $other = $node->background_psql('postgres', on_error_stop => 0);
$other->query_safe('BEGIN; LOCK TABLE own.plain');
trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN DELETE FROM own.plain; END IF");
is(change_and_book(), '0|1|0', 'a trigger that waits for a lock');
like(deferred(), qr/55P03: canceling statement due to lock timeout/, '... does not wait long');
$other->query_safe('COMMIT');
ok($relay->retry_all, '... and the mark is made later');

trigger('AFTER UPDATE', 'ALWAYS', "IF session_user = 'relay' THEN PERFORM pg_sleep(3600); END IF");
$node->sql('UPDATE own.other SET note = note');
is(change_and_book(1 .. 300), '0|300|0', 'marks of a table with a trigger that does not end are deferred');
is($node->sql('SELECT DISTINCT error FROM gpsync.deferred_mark'), q(57014: code of the table's owner (triggers, constraints, types) took too long), '... it is ended');
is($relay->book($relay->marks('own.other')), '1|0|0', '... while others are made');
trigger('AFTER UPDATE', '', $log);
ok($relay->retry_all, '... and those too when it is mended');

$other->quit;
$relay->quit;
$node->stop;
done_testing;
