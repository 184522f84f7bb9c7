# verify(): it finds the differences there are, with their columns, and no others, whatever is being written and whatever
# stands still; and it only reads.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Legacy;
use PostgreSQL::Test::Utils ();
use Test::More;
use Time::HiRes qw(usleep);

# A value of each type, and another one.
my %types = (
    a => [ 'int',           '1',               '2' ],
    b => [ 'bigint',        '1',               '4294967296' ],    # of one hash in hashint8extended()
    c => [ 'numeric(20,4)', '1.5',             '1.5001' ],
    d => [ 'timestamptz',   "'2024-01-01Z'",   "'infinity'" ],
    e => [ 'date',          "'2024-01-01'",    "'-infinity'" ],
    f => [ 'bytea',         "'\\x00'",         "'\\x0000'" ],
    g => [ 'jsonb',         q('{"a": 1}'),     q('{"a": 2}') ],
    h => [ 'boolean',       'true',            'false' ],
    i => [ 'mood',          "'ok'",            "'sad'" ],
    j => [ 'uuid',          "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'" ],
    k => [ 'char(8)',       "'x'",             "'y'" ],
    l => [ 'interval',      "'1 day'",         "'24 hours'" ],
    m => [ 'text[]',        "'{a,b}'",         "'{a,NULL}'" ],
    n => [ 'json',          q('{"a": 1}'),     q('{"b": 1}') ],
    o => [ 'float8',        '0.1',             '0.10000000000000002' ],
    p => [ 'inet',          "'10.0.0.1'",      "'10.0.0.1/8'" ],
    q => [ 'varchar(20)',   "'Straße'",        "'Strasse'" ],
    r => [ 'time',          "'12:00'",         "'12:00:00.000001'" ],
    s => [ 'timestamp',     "'2024-01-01'",    "'2024-01-01 00:00:00.000001'" ],
    t => [ 'point',         "'(1,2)'",         "'(1,3)'" ],
    u => [ 'numrange',      "'[1,2)'",         "'[1,2]'" ],
    v => [ 'timetz',        "'12:00+02'",      "'12:00+01'" ],
    w => [ 'money',         "'1.50'",          "'1.51'" ],
    x => [ 'smallint',      '1',               '-1' ],
    y => [ 'real',          '1.5',             "'NaN'" ],
    z => [ 'text',          "''",              'NULL' ],
);
my @columns = sort keys %types;
my $node    = GpsyncTest->new_node('modern', autovacuum => 'off');
my $legacy  = GpsyncTest::Legacy->new($node,
    'typed (id bigint PRIMARY KEY, status text NOT NULL, ' . join(', ', map { "$_ $types{$_}[0]" } @columns) . ')',
    'pairs (a text, b int, status text NOT NULL, v numeric, PRIMARY KEY (a, b))',
    'uuids (id uuid PRIMARY KEY, status text NOT NULL, v text)',
    'times (id timestamptz PRIMARY KEY, status text NOT NULL, v text)');
# An IP address would be redacted, and so would the answer (a) to a question (q) for the street.
$node->sql("SELECT gpsync.redact_in_stream('typed', c, 'pass') FROM unnest('{a,p}'::name[]) AS c");
my $relay = $node->start_relay('legacy');

# What a run of verify() found: "key kind columns", sorted. Options: set (of the run), before the call; run.
my $run = 0;

sub verify
{
    my ($table, %how) = @_;
    my $name = 'v' . ++$run;
    my $more = $how{with} // '';
    $node->sql("SELECT gpsync.verify('public.$table', 'legacy.$table', run => '$name'$more)");
    $node->sql("SELECT gpsync.set_verify('$name', '$_', '$how{set}{$_}')") for sort keys %{ $how{set} // {} };
    $how{run} ? $how{run}->($name) : $node->sql("CALL gpsync.run_verify('$name')");
    is($node->sql("SELECT state FROM gpsync.verify_progress WHERE run = '$name'"), 'finished', "$name of $table has finished");
    return found($name);
}

sub found
{
    my ($name) = @_;
    return $node->sql("SELECT string_agg(format('%s %s %s', array_to_string(array(SELECT v FROM jsonb_each_text(key) e (k, v) ORDER BY k), '/'),
        kind, array_to_string(columns, ',')), E'\\n' ORDER BY (key ->> 'id')::text COLLATE \"C\", key::text)
        FROM gpsync.verify_differences WHERE run = '$name'");
}

my %count = (typed => 4000, pairs => 2000, uuids => 2000, times => 2000);
$node->sql("INSERT INTO typed SELECT n, 'RECEIVED', " . join(', ', map { $types{$_}[1] } @columns) . " FROM generate_series(1, $count{typed}) n");
$node->sql("INSERT INTO pairs SELECT 'k' || n % 50, n, 'RECEIVED', n / 3.0 FROM generate_series(1, $count{pairs}) n");
$node->sql("INSERT INTO uuids SELECT md5(n::text)::uuid, 'RECEIVED', n FROM generate_series(1, $count{uuids}) n");
$node->sql("INSERT INTO times SELECT '2024-01-01Z'::timestamptz + n * interval '1 min', 'RECEIVED', n FROM generate_series(1, $count{times}) n");
$node->sql('ANALYZE');
$node->wait_for_sync;

# ------------------------------------------------------------------------------------------------------- both are equal
for my $table (sort keys %count)
{
    is(verify($table), '', "$table: no difference");
    is($node->sql("SELECT modern_rows || ' ' || legacy_rows FROM gpsync.verify_progress WHERE run = 'v$run'"), "$count{$table} $count{$table}", '... of all rows');
}
like($node->sql("SET client_min_messages = error; EXPLAIN VERBOSE " . $node->sql(
    "SELECT gpsync_internal.checksum_query(r, s, true) FROM gpsync.verify_run r JOIN gpsync.verify_slice s USING (run) WHERE relation = 'pairs'::regclass LIMIT 1")),
    qr/Remote SQL: SELECT \(.*bit_xor\(.*GROUP BY 1/, 'the legacy side computes the checksums');

# ------------------------------------------------------------------------------------------ planted, of all kinds and types
my @planted;
my $id = 100;
for my $column (@columns)
{
    $legacy->sql("UPDATE typed SET $column = $types{$column}[2] WHERE id = " . ++$id);
    push @planted, $types{$column}[2] eq "'24 hours'" ? () : "$id differs $column";
    next if $types{$column}[2] eq 'NULL';
    $legacy->sql("UPDATE typed SET $column = NULL WHERE id = " . ++$id);
    push @planted, "$id differs $column";
}
$legacy->sql("UPDATE typed SET a = 7, status = 'ACTIVE', q = 'other' WHERE id = 200; DELETE FROM typed WHERE id IN (300, 301)");
$legacy->sql("INSERT INTO typed (id, status) VALUES (900001, 'RECEIVED'), (900002, 'x')");
# Two rows that have exchanged their values.
$node->sql("UPDATE typed SET a = 11 WHERE id = 401; UPDATE typed SET a = 12 WHERE id = 402");
$node->wait_for_sync;
$legacy->sql("UPDATE typed SET a = 23 - a WHERE id IN (401, 402)");
push @planted, '200 differs a,q,status', '300 missing ', '301 missing ', '900001 extra ', '900002 extra ', '401 differs a', '402 differs a';

# The columns in one order: that of their names.
sub sorted { return join "\n", sort map { my @w = split / /, $_, 3; $w[2] = join ',', sort split /,/, $w[2] // ''; "@w[0, 1] $w[2]" } @_ }

my $expected = sorted(@planted);
is(sorted(split /\n/, verify('typed')), $expected, 'typed: every planted difference, with its columns, and no other');
is(sorted(split /\n/, verify('typed', set => { slice_rows => 300 })), $expected, '... in slices too');
cmp_ok($node->sql("SELECT slices FROM gpsync.verify_progress WHERE run = 'v$run'"), '>', 5, '... of which there were several');
is($node->sql("SELECT count(*) FROM gpsync.verify_differences WHERE run = 'v$run' AND (lsn IS NULL OR found_at IS NULL OR (revision IS NULL) <> (kind = 'extra'))"),
    0, '... each with revision, LSN and time');

$legacy->sql("UPDATE pairs SET v = v + 1 WHERE (a, b) = ('k7', 7); DELETE FROM pairs WHERE b = 8; INSERT INTO pairs VALUES ('k7', -7, 'RECEIVED', NULL)");
is(verify('pairs'), "k7/-7 extra \nk7/7 differs v\nk8/8 missing ", 'pairs: a composite key');
$legacy->sql("UPDATE uuids SET v = NULL WHERE id = md5('5')::uuid; UPDATE times SET v = NULL WHERE id = '2024-01-01 00:05Z'");
is(verify($_, set => { slice_rows => 100 }) =~ s/^.* differs/differs/r, 'differs v', "$_: sliced by its key") for qw(uuids times);
$legacy->sql("UPDATE pairs SET v = v + 0.000 WHERE b < 100");
is(verify('pairs'), "k7/-7 extra \nk7/7 differs v\nk8/8 missing ", 'equality is that of the type: 1.0 and 1.00');

# ----------------------------------------------------------------------------------------------------- what is declared
$node->sql("UPDATE uuids SET v = ' A1 ' WHERE id = md5('6')::uuid");
$node->wait_for_sync;
$legacy->sql("UPDATE uuids SET v = 'a1' WHERE id = md5('6')::uuid; UPDATE uuids SET v = '5' WHERE id = md5('5')::uuid");
my $sources = q(columns => '{"id": "id", "status": "status", "v": {"source": %s, "compare": %s}}');
is(verify('uuids', with => ', ' . sprintf $sources, '"v"', '["trim", "lower"]') =~ s/^.* differs/differs/r, 'differs v', 'a leading blank counts');
is(verify('uuids', with => ', ' . sprintf $sources, q("'' '' || s.v"), '["trim", "lower"]') =~ tr/\n//, $count{uuids} - 2, 'an expression of the source');
$node->sql("UPDATE uuids SET v = '' WHERE id = md5('6')::uuid");
$node->wait_for_sync;
$legacy->sql("UPDATE uuids SET v = NULL WHERE id = md5('6')::uuid");
is(verify('uuids', with => ', ' . sprintf $sources, '"v"', '"empty_is_null"'), '', 'empty text is NULL');

# ------------------------------------------------------------------------------------------------- nothing is written there
# The versions of all rows: statistics come late from sessions that stay, as the endpoint's do.
my $versions = sprintf "SELECT count(*) || ' ' || md5(string_agg(format('%%s %%s %%s %%s', tableoid, ctid, xmin, xmax), ',' ORDER BY tableoid, ctid)) FROM (%s) AS r",
    join ' UNION ALL ', map { "SELECT tableoid, ctid, xmin, xmax FROM $_" } qw(pairs seen times typed uuids);
$node->wait_for_sync;
my $before = $legacy->sql($versions);
verify('typed');
is($legacy->sql($versions), $before, 'nothing is written on the legacy side, no row is locked');
is($node->sql("SET ROLE verifier; SELECT count(*) FROM legacy.typed") > 0, 1, 'the role there may only read');

# ---------------------------------------------------------------------------------------------- while much is being written
my $script = $node->basedir . '/load.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<~'SQL');
    \set id random(1000, 3999)
    \set new random(5000, 5300)
    UPDATE typed SET a = a + 1, q = 'v' || :id, z = NULL WHERE id = :id;
    INSERT INTO typed (id, status, a) VALUES (:new, 'RECEIVED', 1) ON CONFLICT DO NOTHING;
    DELETE FROM typed WHERE id = 10300 - :new;
    SQL

sub load { my ($seconds) = @_; return GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 4, '-R', 200, '-T', $seconds, '-f', $script, $node->connstr('postgres') ]) }

my $seconds = $ENV{GPSYNC_TEST_SECONDS} // 20;
my $load = load($seconds);
my ($rounds, $unsettled, @false) = (0, 0);
while ($load->is_running)
{
    my @now = split /\n/, verify('typed');
    $unsettled += grep { / unsettled / } @now;
    my $differs = sorted(grep { !/ unsettled / } @now);
    push @false, $differs if $differs ne $expected;
    ++$rounds;
}
is("@false", '', "under load, in $rounds runs: every planted difference and no false alarm ($unsettled unsettled)");
$node->wait_for_sync;

# ---------------------------------------------------------------------------------------------------- what stands still
sub is_unsettled
{
    my ($what) = @_;
    $node->sql("UPDATE typed SET a = a + 1 WHERE id BETWEEN 1000 AND 1050; DELETE FROM typed WHERE id BETWEEN 1051 AND 1055; INSERT INTO typed (id, status) VALUES ("
      . (8000 + $run) . ", 'RECEIVED')");
    my @found = split /\n/, verify('typed', set => { rounds => 3, sync_timeout => '300ms' });
    is(scalar(grep { !/ unsettled / } @found), 0, "$what: nothing is called a difference");
    cmp_ok(scalar(@found), '>=', 57, '... all is unsettled');
    return;
}

$node->sql("SELECT gpsync.pause_stream('legacy')");
is_unsettled('a paused stream');
$node->sql("SELECT gpsync.resume_stream('legacy')");
$node->wait_for_sync;
$legacy->stop;
is_unsettled('an endpoint that is down');
$legacy->start;
$node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
$node->wait_for_sync;
is(sorted(split /\n/, verify('typed')), $expected, 'once it is up: the planted differences');

# ------------------------------------------------------------------------------------------------------- refused rows
$node->sql("UPDATE typed SET q = 'refuse me' WHERE id = 500");
ok($node->wait_for_sql("SELECT sync_status FROM typed WHERE id = 500", 'FAILED'), 'the endpoint refuses a row');
is(sorted(split /\n/, verify('typed')), sorted(@planted, '500 refused q'), '... which is called refused');
$node->sql("UPDATE typed SET q = 'good' WHERE id = 500");
$node->wait_for_sync;

# ------------------------------------------------------------------------------------------------- killed, and resumed
$node->sql("SELECT gpsync.verify('public.typed', 'legacy.typed', run => 'killed')");
$node->sql("SELECT gpsync.set_verify('killed', 'slice_rows', '100')");
my $killed = 0;
for my $attempt (1 .. 4)
{
    my $session = GpsyncTest::Process->spawn('verify', [ 'psql', '-X', '-c', "CALL gpsync.run_verify('killed')", '-d', $node->connstr('postgres') ]);
    my $pid = '';
    GpsyncTest::wait_until(sub { ($pid = $node->sql("SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL gpsync.run_verify%' AND state = 'active'")) ne ''
          || !$session->is_running }, 'the session runs');
    last if $pid eq '';
    usleep(1000 * (20 + 40 * $attempt));
    $killed += kill 9, $pid;
    $session->wait_exit;
    $node->wait_for_sql('SELECT true');
}
cmp_ok($killed, '>=', 1, "sessions were killed: $killed");
my $slices = $node->sql("SELECT slices_done || ' of ' || slices FROM gpsync.verify_progress WHERE run = 'killed'");
$node->sql("CALL gpsync.run_verify('killed')");
note("slices done when killed: $slices");
is(sorted(split /\n/, found('killed')), $expected, 'a run that was killed goes on, and finds the same');
$node->sql("SELECT gpsync.verify('public.typed', 'legacy.typed', run => 'short'), gpsync.set_verify('short', 'slice_rows', '100')");
$node->sql("CALL gpsync.run_verify('short', '1 ms')");
is($node->sql("SELECT state FROM gpsync.verify_progress WHERE run = 'short'"), 'checksums', 'for_at_most ends it between steps');
my @sessions = map { GpsyncTest::Process->spawn('verify', [ 'psql', '-X', '-c', "CALL gpsync.run_verify('short')", '-d', $node->connstr('postgres') ]) } 1 .. 3;
is($_->wait_exit, 0, 'sessions take turns') for @sessions;
is(sorted(split /\n/, found('short')), $expected, '... and find each difference once');

# -------------------------------------------------------------------------------------------------------- a lost slot
$relay = $node->start_relay('legacy') if !$relay->is_running;
$node->wait_for_sync;
$relay->stop;
$node->sql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
is_unsettled('a lost slot');
done_testing;
