# Decoding beside other sessions: catalogs that change while transactions are open, snapshots that are built while they run,
# order of commits and subtransactions, rewrites, slots that are copied or created at awkward moments.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main', logical_decoding_work_mem => '64kB', autovacuum => 'off', fsync => 'off', max_replication_slots => 20);
$node->sql('CREATE EXTENSION gpsync; CREATE PUBLICATION gpsync FOR ALL TABLES');
my ($one, $two, $three) = map { $node->background_psql('postgres') } 1 .. 3;
my $slot;

# One event in short: what happened, to whom, and the row as JSON.
sub brief
{
    my ($event) = @_;
    my $type = $event->{type} =~ s/.*\.//r;
    my $row  = $event->{data}{row};
    return join ' ', $event->{subject} =~ s/^public\.//r, $type eq 'inserted' ? () : $type, $row ? join(',', map { "$_=" . ($row->{$_} // 'null') } sort grep { $_ ne 'id' } keys %$row) : ();
}
sub events_are
{
    my ($expected, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is_deeply([ map { brief($_) } $slot->events ], $expected, $what);
}

# A statement that waits: it is sent, and the next query on the session returns when it has ended.
sub send_to
{
    my ($session, $sql) = @_;
    return $session->query_until(qr/sent/, "\\echo sent\n$sql;\n");
}
sub waits { my ($sql) = @_; return $node->wait_for_sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%$sql%'") }

$slot = GpsyncTest::Slot->new($node, 'changes');

# --- a table changes between two transactions that overlap
$node->sql('CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE other (id int PRIMARY KEY, a text)');
$one->query("BEGIN; INSERT INTO other VALUES (1, 'before')");
$two->query("BEGIN; ALTER TABLE t ADD b int DEFAULT 7; INSERT INTO t VALUES (1, 'x', 1)");
$one->query("INSERT INTO other VALUES (2, 'while the other one is open')");
$two->query('ALTER TABLE t RENAME a TO c; COMMIT');
$one->query("INSERT INTO t (id, c) VALUES (2, 'new name'); ALTER TABLE other ADD b int; INSERT INTO other VALUES (3, 'y', 3); COMMIT");
events_are([ 't/1 a=x,b=1', 'other/1 a=before', 'other/2 a=while the other one is open', 't/2 b=7,c=new name', 'other/3 a=y,b=3' ],
    'each change has the columns of its moment, in the order of the commits');

# --- DDL that waits for a writer, and DML that waits for DDL
$one->query("BEGIN; INSERT INTO t VALUES (3, 'held', 3)");
send_to($two, 'BEGIN; ALTER TABLE t DROP b');
waits('DROP b');
send_to($three, "INSERT INTO t VALUES (4, 'behind')");
$one->query("INSERT INTO t VALUES (5, 'held', 5); COMMIT");
$two->query("INSERT INTO t VALUES (6, 'dropped'); ALTER TABLE t ADD d int; COMMIT");
$three->query('SELECT 1');
events_are([ 't/3 b=3,c=held', 't/5 b=5,c=held', 't/6 c=dropped', 't/4 c=behind,d=null' ], 'locks put them into an order, and the stream has it');

# --- the catalog change commits first, the older transaction's changes come later in the WAL
$one->query("BEGIN; INSERT INTO other VALUES (10, 'old', 1)");
$two->query("BEGIN; CREATE TABLE made (id int PRIMARY KEY, v text); INSERT INTO made VALUES (1, 'in its transaction'); COMMIT");
$one->query("INSERT INTO made VALUES (2, 'by an older transaction'); COMMIT");
$two->query('DROP TABLE made');
events_are([ 'made/1 v=in its transaction', 'other/10 a=old,b=1', 'made/2 v=by an older transaction' ], 'a table that another transaction made, and that is gone when it is read');

# --- subtransactions of sessions interleave; names and labels that are rolled back
$one->query("BEGIN; INSERT INTO other VALUES (20, 'one', 0); SAVEPOINT a; ALTER TABLE other RENAME a TO wrong; INSERT INTO other VALUES (21, 'wrong', 0)");
$two->query("BEGIN; SAVEPOINT x; INSERT INTO t VALUES (20, 'two', 0); SAVEPOINT y; INSERT INTO t VALUES (21, 'two', 0); RELEASE x");
$one->query("SAVEPOINT b; ALTER TABLE other DROP wrong; INSERT INTO other VALUES (22, 0); ROLLBACK TO a; INSERT INTO other VALUES (23, 'right', 0)");
$two->query("SAVEPOINT z; SELECT gpsync.redact_in_stream('t', 'c', 'drop'); INSERT INTO t VALUES (22, 'gone', 0); ROLLBACK TO z; INSERT INTO t VALUES (23, 'shown', 0); COMMIT");
$one->query('COMMIT');
events_are([ 't/20 c=two,d=0', 't/21 c=two,d=0', 't/23 c=shown,d=0', 'other/20 a=one,b=0', 'other/23 a=right,b=0' ], 'nothing of what was rolled back, nor its names or labels');

# --- many subtransactions, more than a PGPROC holds, with DDL in one and changes that are spilled
$one->query(<<~'SQL');
    BEGIN;
    DO $$ BEGIN
        FOR i IN 1 .. 90 LOOP
            BEGIN
                INSERT INTO other VALUES (1000 + i, repeat('x', 2000), i);
                IF i = 40 THEN ALTER TABLE other ADD forty int; END IF;
                IF i % 3 = 0 THEN RAISE EXCEPTION 'no'; END IF;
            EXCEPTION WHEN raise_exception THEN NULL;
            END;
        END LOOP;
    END $$;
    SQL
$two->query("INSERT INTO t VALUES (30, 'meanwhile', 0)");
$one->query('COMMIT');
my @events = $slot->events;
is(scalar @events, 61, 'subtransactions that overflow: every row that stayed');
is(brief($events[0]), 't/30 c=meanwhile,d=0', '... behind what was committed before');
is_deeply([ map { exists $_->{data}{row}{forty} ? 1 : 0 } @events[ 1 .. 60 ] ], [ (0) x 27, (1) x 33 ], '... with the column from its subtransaction on');
is_deeply([ map { $_->{data}{key}{id} } @events[ 1 .. 60 ] ], [ map { 1000 + $_ } grep { $_ % 3 } 1 .. 90 ], '... in their order');

# --- rewrites beside an open transaction, and of catalogs
$node->sql("CREATE TABLE big (id int PRIMARY KEY, a text, v int); ALTER TABLE big ALTER a SET STORAGE EXTERNAL; INSERT INTO big VALUES (1, repeat('b', 5000), 1)");
$slot->lines;
$one->query("BEGIN; INSERT INTO t VALUES (40, 'open', 0)");
$two->query('VACUUM FULL pg_class; VACUUM FULL pg_attribute; VACUUM FULL pg_index; VACUUM FULL pg_seclabel; VACUUM FULL pg_publication_rel; VACUUM FULL big');
$two->query("UPDATE big SET v = 2; CLUSTER big USING big_pkey; ALTER TABLE big ALTER v TYPE bigint; UPDATE big SET v = 3; ALTER TABLE big ALTER v TYPE text, ADD w int DEFAULT (random() * 0)::int; UPDATE big SET v = 'four'");
$one->query("INSERT INTO t VALUES (41, 'open', 0); COMMIT");
@events = $slot->events;
is_deeply([ map { brief($_) } @events ], [ 'big/1 updated v=2', 'big/1 updated v=3', 'big/1 updated v=four,w=0', 't/40 c=open,d=0', 't/41 c=open,d=0' ], 'no row of a rewrite, and all others');
is_deeply([ map { $_->{data}{unchanged} } @events[ 0 .. 2 ] ], [ ([ 'a' ]) x 3 ], '... TOASTed values that did not change');
$one->query("BEGIN; UPDATE big SET a = repeat('c', 6000)");
$two->query("INSERT INTO t VALUES (42, repeat('d', 6000), 0)");
$one->query("SAVEPOINT s; UPDATE big SET a = repeat('e', 7000), w = 5; ROLLBACK TO s; UPDATE big SET w = 6; COMMIT");
@events = $slot->events;
is_deeply([ map { length($_->{data}{row}{a} // $_->{data}{row}{c} // '') } @events ], [ 6000, 6000, 0 ], 'TOAST of interleaved and of rolled back changes');
is_deeply($events[2]{data}{unchanged}, ['a'], '... the last one is not in the WAL');

# --- a slot that is created while transactions run: it has none of what began before, all of what began after
$one->query("BEGIN; INSERT INTO t VALUES (50, 'began before', 0)");
send_to($two, "SELECT 'slot' FROM pg_create_logical_replication_slot('late', 'gpsync_decoder')");
waits('late');
$three->query("BEGIN; INSERT INTO t VALUES (51, 'began while it waits', 0)");
$one->query('ALTER TABLE big ADD while_waiting int; COMMIT');
ok($node->wait_for_sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%''late''%'"), 'it waits for the next one, too');
$three->query("CREATE TABLE in_between (id int PRIMARY KEY); INSERT INTO in_between VALUES (1); COMMIT");
ok($node->wait_for_sql("SELECT confirmed_flush_lsn IS NOT NULL FROM pg_replication_slots WHERE slot_name = 'late'"), 'then it is there');
$two->query('SELECT 1');
$one->query("BEGIN; INSERT INTO in_between VALUES (2); INSERT INTO big (id, while_waiting) VALUES (7, 7); INSERT INTO t VALUES (52, 'after', 0); COMMIT");
my $late = bless { %$slot, name => 'late' }, 'GpsyncTest::Slot';
my @expected = $slot->peek;
is(scalar @expected, 6, 'the older slot has all of them');
is_deeply([ $late->peek ], [ @expected[ 3 .. 5 ] ], 'the new one those that began later, equal in every field');

# --- copies: at the same place, and while the original is in use
my $copy = $slot->copy('copy');
is_deeply([ $copy->peek ], \@expected, 'a copy of a slot gives the same');
my @half = split /\n/, $node->sql("SELECT data FROM pg_logical_slot_get_changes('copy', NULL, 3)");
my $second = $copy->copy('second');
is_deeply([ map { JSON::PP->new->utf8->decode($_) } @half, $second->lines ], \@expected, 'a copy of one that stands in the middle goes on from there, with none twice');
is_deeply([ $copy->events ], [ @expected[ scalar(@half) .. 5 ] ], 'and so does the original');
$_->drop for $copy, $second, $late;
$slot->lines;

# --- created inside other transactions
$one->query('BEGIN; SELECT count(*) FROM t');
$one->query("SELECT FROM pg_create_logical_replication_slot('inside', 'gpsync_decoder')");
$two->query("INSERT INTO t VALUES (60, 'x', 0)");
my $seen = $one->query("SELECT count(*) FROM pg_logical_slot_peek_changes('inside', NULL, NULL)");
is($seen, 1, 'a slot can be created and read in a transaction that has written nothing');
$one->query('ROLLBACK');
is($node->sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'inside'"), 1, '... and stays when that rolls back');
my ($state) = $node->sql_error("BEGIN; INSERT INTO t VALUES (61, 'y', 0); SELECT FROM pg_create_logical_replication_slot('never', 'gpsync_decoder');");
is($state, '25001', 'not in one that has written');
$one->query("BEGIN; INSERT INTO t VALUES (62, 'own', 0)");
is($one->query("SELECT string_agg(data::json ->> 'subject', ' ') FROM pg_logical_slot_peek_changes('inside', NULL, NULL)"), 'public.t/60', 'a reader that has written does not see its own transaction');
is($one->query("ALTER TABLE t ADD e int; INSERT INTO t VALUES (63, 'z', 0, 5); SELECT data::json #>> '{data,row}' FROM pg_logical_slot_peek_changes('inside', NULL, NULL)"), '{"id":60,"c":"x","d":0}',
    '... nor the catalogs as it has changed them');
is($one->query('SELECT count(e) FROM t'), 1, '... which it still has for itself afterwards');
$one->query('COMMIT');
events_are([ 't/60 c=x,d=0', 't/62 c=own,d=0', 't/63 c=z,d=0,e=5' ], 'all of it when it is committed');
$node->sql("SELECT pg_drop_replication_slot('inside')");

# --- two readers at once, DDL between two of their reads; types and schemas that change
$node->sql("CREATE TYPE pair AS (x int, y text); CREATE TYPE mood AS ENUM ('calm', 'glad'); CREATE TABLE typed (id int PRIMARY KEY, p pair, m mood)");
$slot->lines;
$one->query("BEGIN; INSERT INTO typed VALUES (1, (1, 'a'), 'glad')");
$two->query("ALTER TYPE pair ADD ATTRIBUTE z int; ALTER TYPE pair RENAME ATTRIBUTE x TO first; ALTER TYPE mood RENAME VALUE 'glad' TO 'happy'");
$one->query("INSERT INTO typed VALUES (2, ROW(2, 'b', 3)::pair, 'happy'); COMMIT");
is_deeply([ map { $_->{data}{row} } $slot->events ], [ { id => 1, p => { x => 1, y => 'a' }, m => 'glad' }, { id => 2, p => { first => 2, y => 'b', z => 3 }, m => 'happy' } ],
    'types of columns as they were at the change');
$one->query('BEGIN; INSERT INTO t (id) VALUES (70)');
$two->query('CREATE SCHEMA moved; ALTER TABLE other SET SCHEMA moved');
$one->query('INSERT INTO moved.other (id) VALUES (70)');
$two->query('ALTER SCHEMA moved RENAME TO renamed; ALTER PUBLICATION gpsync SET (publish = \'insert\')');
$one->query('INSERT INTO renamed.other (id) VALUES (71); UPDATE t SET d = 1 WHERE id = 70; COMMIT');
is(join(' ', map { $_->{subject} } $slot->events), 'public.t/70 moved.other/70 renamed.other/71', 'schemas and publications as they were at each change');

$_->quit for $one, $two, $three;
done_testing;
