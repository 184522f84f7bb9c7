# A random walk of DDL and DML in two sessions, and AFTER triggers that write what the stream must show: row, old row, key,
# unchanged columns, type, subject, and columns with a label. The seed is printed; GPSYNC_WALK_SEED repeats a walk,
# GPSYNC_WALK_ROUNDS makes it longer.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use IPC::Run ();
use Test::More;

use constant WORLDS => 2;
my $seed   = $ENV{GPSYNC_WALK_SEED}   // int(rand(1 << 30));
my $rounds = $ENV{GPSYNC_WALK_ROUNDS} // 200;
diag("GPSYNC_WALK_SEED=$seed");
srand $seed;

my $node = GpsyncTest->new_node('main', logical_decoding_work_mem => '64kB', autovacuum => 'off', max_prepared_transactions => 4, fsync => 'off',
    max_locks_per_transaction => 256, 'walk.directory' => PostgreSQL::Test::Utils::tempdir());
chmod 0777, PostgreSQL::Test::Utils::tempdir();
sub script { return PostgreSQL::Test::Utils::slurp_file("$ENV{GPSYNC_TEST_ROOT}/test/data/random_walk/$_[0].sql") }
$node->sql('CREATE EXTENSION gpsync');
$node->sql(script($_)) for qw(oracle steps compare);
my @schemas = map { ("w${_}_a", "w${_}_b") } 1 .. WORLDS;
$node->sql(join '', map { "CREATE SCHEMA $_;" } @schemas);
$node->sql("CREATE PUBLICATION leaves FOR TABLES IN SCHEMA " . join(', ', @schemas));
$node->sql("CREATE PUBLICATION roots FOR TABLES IN SCHEMA " . join(', ', @schemas) . " WITH (publish_via_partition_root)");
my $slot = GpsyncTest::Slot->new($node, 'walk');

sub chance { return rand() < $_[0] }
sub one_of { return $_[ int rand @_ ] }

# A transaction: savepoints around steps, some of them rolled back; prepared, committed, or rolled back as a whole.
sub transaction
{
    my ($world) = @_;
    my @lines = 'BEGIN;';
    for (0 .. int rand 5)
    {
        push @lines, 'SAVEPOINT s;' if my $savepoint = chance(0.6);
        push @lines, map { chance(0.3) ? "SELECT walk.nested($world, 2);" : "SELECT walk.step($world);" } 0 .. int rand 4;
        push @lines, one_of('ROLLBACK TO s;', 'RELEASE s;', 'RELEASE s;') if $savepoint;
    }
    my $prepared = "PREPARE TRANSACTION 'w$world';";
    push @lines, chance(0.2) ? ($prepared, chance(0.8) ? "COMMIT PREPARED 'w$world';" : "ROLLBACK PREPARED 'w$world';") : one_of(('COMMIT;') x 6, 'ROLLBACK;');
    return @lines;
}

sub world
{
    my ($world) = @_;
    my @lines = ("LOAD 'gpsync'; SET search_path = ''; SET client_min_messages = 'error'; SELECT setseed(" . ($seed % 100_000 / 100_000) . ' * 0.9 + ' . $world / 1000 . ');');
    push @lines, map { "SELECT walk.create_table($world);" } 1 .. 4;
    push @lines, map { "SELECT walk.create_partitioned($world);" } 1 .. 2;
    for (1 .. $rounds)
    {
        push @lines, chance(0.5) ? map { "SELECT walk.step($world);" } 0 .. 2 : transaction($world);
        push @lines, "SELECT 'VACUUM FULL ' || walk.any_table($world, '{r,p}') \\gexec" if chance(0.03);
        push @lines, one_of(map { "VACUUM FULL pg_catalog.$_;" } qw(pg_class pg_attribute pg_index pg_seclabel pg_inherits)) if $world == 1 && chance(0.015);
        push @lines, 'CHECKPOINT;' if chance(0.02);
    }
    return join "\n", @lines, '';
}

my @sessions;
for my $world (1 .. WORLDS)
{
    my $script = PostgreSQL::Test::Utils::tempdir() . "/script$world";
    PostgreSQL::Test::Utils::append_to_file($script, world($world));
    my $session = { out => '', err => '' };
    $session->{run} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', $script ], '>', \$session->{out}, '2>', \$session->{err});
    push @sessions, $session;
}
for my $session (@sessions)
{
    $session->{run}->finish;
    # VACUUM FULL copies rows that died a moment ago, whose chunks may be gone by then: PostgreSQL's bug #18351.
    is(join("\n", grep { /ERROR/ && !/ignored until|savepoint .* does not exist|missing chunk number/ } split /\n/, $session->{err}), '', 'no statement of the walk fails in another way than a step does');
}
note($node->sql('SELECT operation, count(*), count(DISTINCT xid::text) FROM walk.log GROUP BY 1 ORDER BY 1'));
note($node->sql("SELECT count(*), left(regexp_replace(error, '\"[^\"]*\"', '\"\"', 'g'), 80) FROM walk.refused GROUP BY 2 ORDER BY 1 DESC LIMIT 30"));
cmp_ok($node->sql('SELECT count(*) FROM walk.log'), '>', 2000, 'thousands of events');

for my $publication (qw(leaves roots))
{
    my $began = $node->sql('SELECT walk.labels_now()');
    $node->sql("TRUNCATE walk.event; INSERT INTO walk.event SELECT row_number() OVER (), data::jsonb FROM " . $slot->call('pg_logical_slot_peek_changes', publication_names => $publication));
        is($node->sql("SELECT walk.differences('$publication' = 'roots', '$began')"), '', "$publication: each as the trigger saw it (seed $seed)");
}

# Sessions that begin in the middle give the same lines, with none twice.
my @whole = split /\n/, $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes', publication_names => 'roots'));
my @pieces;
while (my @piece = split /\n/, $node->sql("SELECT data FROM pg_logical_slot_get_changes('walk', NULL, 700, 'publication_names', 'roots', 'pack_bytes', '10kB')"))
{
    push @pieces, @piece;
}
is(scalar @pieces, scalar @whole, 'read piece by piece, as many events');
is(join("\n", @pieces) eq join("\n", @whole), 1, '... which are the same, byte by byte');
done_testing;
