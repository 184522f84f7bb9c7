# repair(): both ways, previewed; then both sides are equal, and what has changed since is untouched.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Legacy;
use Test::More;

my $node   = GpsyncTest->new_node('modern', autovacuum => 'off');
my $legacy = GpsyncTest::Legacy->new($node,
    'things (id bigint PRIMARY KEY, status text NOT NULL, a int NOT NULL, q varchar(20))',
    'pairs (a text, b int, status text NOT NULL, v numeric, PRIMARY KEY (a, b)) ',
    'linked (id text PRIMARY KEY, status text NOT NULL, ref int)', 'noted (id text PRIMARY KEY, status text NOT NULL)',
    'parts (id int, at date, status text NOT NULL, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)',
    "parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')", 'parts_other PARTITION OF parts DEFAULT');
my $relay = $node->start_relay('legacy');
my $run = 0;

sub verify
{
    my ($table) = @_;
    my $name = "r" . ++$run;
    $node->sql("SELECT gpsync.verify('public.$table', 'legacy.$table', run => '$name')");
    $node->sql("CALL gpsync.run_verify('$name')");
    return $name;
}

sub found { my ($name) = @_; return $node->sql("SELECT string_agg(concat_ws(' ', key, kind), E'\\n' ORDER BY key) FROM gpsync.verify_differences WHERE run = '$name'") }

sub repair
{
    my ($name, $direction, $more) = @_;
    return $node->sql("SELECT string_agg(concat_ws('|', key, kind, action, outcome), E'\\n' ORDER BY key) FROM gpsync.repair('$name', '$direction'" . ($more // '') . ')');
}

$node->sql("INSERT INTO things SELECT n, 'RECEIVED', n, 'q' || n FROM generate_series(1, 1000) n");
$node->sql("INSERT INTO pairs SELECT 'k' || n, n, 'RECEIVED', n FROM generate_series(1, 100) n");
$node->wait_for_sync;

# Of the same differences, for each direction.
sub plant
{
    $legacy->sql("UPDATE things SET a = -1 WHERE id IN (1, 2, 3); DELETE FROM things WHERE id IN (4, 5);
        INSERT INTO things VALUES (2001, 'ACTIVE', 1, 'x'), (2002, 'ACTIVE', 2, NULL), (2003, 'RECEIVED', 3, NULL)");
    my $name = verify('things');
    is(found($name), join("\n", (map { qq({"id": $_} differs) } 1 .. 3), (map { qq({"id": $_} missing) } 4, 5), map { qq({"id": $_} extra) } 2001 .. 2003),
        'the planted differences');
    # Since then: a row has changed, one is deleted, one is there.
    $node->sql("UPDATE things SET a = 33 WHERE id = 3; DELETE FROM things WHERE id = 5; INSERT INTO things VALUES (2003, 'RECEIVED', 9, 'mine')");
    $node->wait_for_sync;
    return $name;
}

# --------------------------------------------------------------------------------------------------------- to legacy
my $name = plant();
my $preview = repair($name, 'to_legacy');
is($preview, <<~'TEXT' =~ s/\n\z//r, 'the preview');
    {"id": 1}|differs|send again|to do
    {"id": 2}|differs|send again|to do
    {"id": 3}|differs|send again|changed since
    {"id": 4}|missing|send again|to do
    {"id": 5}|missing|send again|changed since
    {"id": 2001}|extra|send a deletion|to do
    {"id": 2002}|extra|send a deletion|to do
    {"id": 2003}|extra|send a deletion|changed since
    TEXT
my $revisions = 'SELECT array_agg(sync_revision ORDER BY id) FROM things';
my $before = $node->sql($revisions);
repair($name, 'to_legacy');
is($node->sql($revisions), $before, 'a preview writes nothing');
is(repair($name, 'to_legacy', q(, keys => '{"id": 1}', apply => true)), '{"id": 1}|differs|send again|sent again', 'one key');
is(repair($name, 'to_legacy', q(, kinds => '{extra}', apply => true)), <<~'TEXT' =~ s/\n\z//r, 'one kind');
    {"id": 2001}|extra|send a deletion|deletion sent
    {"id": 2002}|extra|send a deletion|deletion sent
    {"id": 2003}|extra|send a deletion|changed since
    TEXT
is(repair($name, 'to_legacy', q(, apply => true)), <<~'TEXT' =~ s/\n\z//r, 'the others, and what was done is not done again');
    {"id": 2}|differs|send again|sent again
    {"id": 3}|differs|send again|changed since
    {"id": 4}|missing|send again|sent again
    {"id": 5}|missing|send again|changed since
    {"id": 2003}|extra|send a deletion|changed since
    TEXT
$node->wait_for_sync;
is(found(verify('things')), '', 'both sides are equal');
is($node->sql('SELECT a || q FROM things WHERE id = 2003'), '9mine', 'a row that came since is untouched');
is($node->sql('SELECT a FROM things WHERE id = 3'), '33', '... and one that changed');
is($legacy->sql('SELECT count(*) FROM things WHERE id IN (2001, 2002)'), 0, 'what the legacy side alone had is deleted there');

# A deletion stands in the order of its key: whoever inserts the key meanwhile comes after it.
$legacy->sql("INSERT INTO pairs VALUES ('new', 1, 'ACTIVE', 5)");
$name = verify('pairs');
my $one = $node->background_psql('postgres');
my $two = $node->background_psql('postgres');
$one->query("BEGIN; SELECT outcome FROM gpsync.repair('$name', 'to_legacy', apply => true)");
$two->{stdin} .= "INSERT INTO pairs VALUES ('new', 1, 'RECEIVED', 6);\n";
$two->{run}->pump_nb;
ok($node->wait_for_sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO pairs%'", 1), 'who inserts the key waits');
$one->query('COMMIT');
$one->quit;
$two->quit;
$node->wait_for_sync;
is($legacy->sql("SELECT v FROM pairs WHERE a = 'new'"), 6, '... and its row is what both sides have');
is(found(verify('pairs')), '', 'both sides are equal');

# Somebody else's row of an extra key, not committed yet: the repair waits, and then it is "changed since".
$legacy->sql("INSERT INTO pairs VALUES ('late', 1, 'ACTIVE', 5)");
$name = verify('pairs');
$two = $node->background_psql('postgres');
$two->query("BEGIN; INSERT INTO pairs VALUES ('late', 1, 'RECEIVED', 7)");
is(repair($name, 'to_legacy', q(, apply => true)) =~ s/.*\|//r, 'changed since', 'a key that somebody is about to insert');
$two->query('COMMIT');
$two->quit;
$node->wait_for_sync;
is(found(verify('pairs')), '', '... both sides are equal');

# Dropped columns, a partitioned table, all of a row under REPLICA IDENTITY FULL.
$node->sql("ALTER TABLE pairs REPLICA IDENTITY FULL");
$legacy->sql("INSERT INTO pairs VALUES ('full', 1, 'ACTIVE', 5)");
$name = verify('pairs');
repair($name, 'to_legacy', q(, apply => true));
$node->wait_for_sync;
is(found(verify('pairs')), '', 'REPLICA IDENTITY FULL');
is($node->sql("SELECT count(*) FROM pairs WHERE a = 'full'"), 0, 'nothing is left here');
$node->sql("VACUUM pairs; REINDEX TABLE pairs");

# --------------------------------------------------------------------------------------------------------- to modern
$legacy->sql("DELETE FROM things WHERE id IN (2001, 2002, 2003)");
$node->sql("DELETE FROM things WHERE id = 2003; INSERT INTO things VALUES (5, 'RECEIVED', 5, 'q5'); UPDATE things SET a = 3 WHERE id = 3");
$node->wait_for_sync;
is(found(verify('things')), '', 'both sides are equal');
$legacy->sql("UPDATE things SET status = 'nonsense' WHERE id = 10; UPDATE things SET status = 'COMPLETED', a = 0 WHERE id = 11;
    UPDATE things SET status = 'PENDING', a = 12 WHERE id = 12; ALTER TABLE things ALTER q TYPE text; UPDATE things SET q = repeat('x', 50) WHERE id = 13");
$node->sql("ALTER FOREIGN TABLE legacy.things ALTER q TYPE text");
my ($from, $to) = split /\|/, $node->sql("SELECT 'RECEIVED', (gpsync.next_states('provision', 'RECEIVED'))[1]");
$legacy->sql("UPDATE things SET status = '$to', a = 12 WHERE id = 12");
$legacy->sql("UPDATE things SET a = -1 WHERE id IN (1, 2, 3); DELETE FROM things WHERE id IN (4, 5);
    INSERT INTO things VALUES (2001, 'ACTIVE', 1, 'x'), (2002, '$to', 2, NULL), (2003, 'RECEIVED', 3, NULL)");
$name = verify('things');
$node->sql("UPDATE things SET a = 33 WHERE id = 3; DELETE FROM things WHERE id = 5; INSERT INTO things VALUES (2003, 'RECEIVED', 9, 'mine')");
$node->wait_for_sync;
my $delivered = $legacy->sql('SELECT count(*) FROM seen');
is(repair($name, 'to_modern', q(, apply => true)), <<~'TEXT' =~ s/\n\z//r, 'to modern');
    {"id": 1}|differs|update from the source|updated
    {"id": 2}|differs|update from the source|updated
    {"id": 3}|differs|update from the source|changed since
    {"id": 4}|missing|none|not done: only the table here has the row
    {"id": 5}|missing|none|changed since
    {"id": 10}|differs|update from the source|not done: illegal transition
    {"id": 11}|differs|update from the source|not done: illegal transition
    {"id": 12}|differs|update from the source|updated
    {"id": 13}|differs|update from the source|failed with SQLSTATE 22001
    {"id": 2001}|extra|insert from the source|failed with SQLSTATE 23514
    {"id": 2002}|extra|insert from the source|inserted
    {"id": 2003}|extra|insert from the source|changed since
    TEXT
is($node->sql("SELECT string_agg(concat_ws('|', id, status, a, q, sync_status, sync_revision % 8), E'\\n' ORDER BY id) FROM things WHERE id IN (1, 2, 12, 2002)"),
    "1|RECEIVED|-1|q1|COMPLETED|1\n2|RECEIVED|-1|q2|COMPLETED|1\n12|$to|12|q12|COMPLETED|1\n2002|$to|2||COMPLETED|1" =~ s/\|\|/|/r,
    'the rows are what the source has, booked, with the revision of an import');
is($node->sql('SELECT a FROM things WHERE id = 3'), 33, 'a row that has changed since is untouched');
$node->wait_for_sync;
is($legacy->sql('SELECT count(*) FROM seen'), $delivered, 'nothing of it is sent to the legacy side');
is(found(verify('things')), join("\n", qw({"id":4} {"id":10} {"id":11} {"id":13} {"id":2001})) =~ s/:(\d+)\}/: $1} differs/gr =~ s/(4}|2001}) differs/$1 . ($1 eq '4}' ? ' missing' : ' extra')/ger,
    'what is left is what was not done');
is(repair('r' . $run, 'to_legacy', q(, apply => true)) =~ tr/|//, 15, 'the rest, to legacy');
$node->wait_for_sync;
is(found(verify('things')), '', 'both sides are equal');
is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), 0, 'no dead letter');

# ------------------------------------------------------------------- what an import refuses, and triggers of the table
$node->sql(<<~'SQL');
    CREATE TABLE refs (id int PRIMARY KEY);
    INSERT INTO refs VALUES (1);
    ALTER TABLE linked ADD FOREIGN KEY (ref) REFERENCES refs DEFERRABLE INITIALLY DEFERRED;
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.noted VALUES (NEW.id, 'RECEIVED'); RETURN NULL; END $$;
    CREATE TRIGGER note AFTER INSERT ON linked FOR EACH ROW EXECUTE FUNCTION note();
    SQL
$legacy->sql("INSERT INTO linked VALUES ('one', '$to', 1), ('two', '$to', 99), ('4111111111111111', '$to', 1)");
$name = verify('linked');
is(repair($name, 'to_modern', q(, apply => true)), <<~'TEXT' =~ s/\n\z//r, 'a deferred constraint, and a key that is PII');
    {"id": "4111111111111111"}|extra|insert from the source|not done: the key holds PII
    {"id": "one"}|extra|insert from the source|inserted
    {"id": "two"}|extra|insert from the source|failed with SQLSTATE 23503
    TEXT
$node->wait_for_sync;
is($legacy->sql('SELECT string_agg(id, $$ $$) FROM noted'), 'one', 'what a trigger of the table writes is sent');
is($legacy->sql(q(SELECT count(*) FROM seen WHERE subject LIKE 'public.linked/%')), 0, '... and not the row of the import');

# ------------------------------------------------------------------------------- a partitioned table, and another role
$node->sql("SELECT gpsync.grant_operator('verifier'); GRANT SELECT, UPDATE, DELETE ON parts TO verifier");
$node->sql("INSERT INTO parts SELECT n, '2024-01-01'::date + n, 'RECEIVED', n FROM generate_series(1, 100) n");
$node->wait_for_sync;
$legacy->sql("UPDATE parts SET v = 'x' WHERE id IN (1, 2); INSERT INTO parts VALUES (1000, '2024-02-01', '$to', 'y'), (1001, '2026-02-01', 'ACTIVE', 'z')");
my $as = "SET ROLE verifier;";
$node->sql("$as SELECT gpsync.verify('public.parts', 'legacy.parts', run => 'by_role')");
$node->sql("$as CALL gpsync.run_verify('by_role')");
my $parts = found('by_role');
is($parts =~ tr/\n//, 3, 'partitions: four differences, found by a role that may only read') or diag($parts);
sub repair_as
{
    my ($direction, $key) = @_;
    return $node->sql(qq($as SELECT outcome FROM gpsync.repair('by_role', '$direction', keys => '$key', apply => true)));
}
is(repair_as('to_legacy', '{"id": 1, "at": "2024-01-02"}'),    'sent again', '... sent again by it');
is(repair_as('to_legacy', '{"id": 1001, "at": "2026-02-01"}'), 'deletion sent', '... the deletion of a row of a partition');
is(repair_as('to_modern', '{"id": 2, "at": "2024-01-03"}'),    'failed with SQLSTATE 42501', '... which may not insert');
$node->sql('GRANT INSERT ON parts TO verifier');
is(repair_as('to_modern', '{"id": 2, "at": "2024-01-03"}'),    'updated',  '... and then may');
is(repair_as('to_modern', '{"id": 1000, "at": "2024-02-01"}'), 'inserted', '... insert too');
$node->wait_for_sync;
is(found(verify('parts')), '', 'both sides are equal');
my ($state) = $node->sql_error("$as SELECT * FROM gpsync.repair('$name', 'to_legacy')");
is($state, '42501', 'the run of another role');
done_testing;
