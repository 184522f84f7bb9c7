# Imports: whatever the keys, their duplicates, the sizes of chunks and the cuts of the source are, no row is read twice
# and none is left out. Random sources, with a seed that is printed; GPSYNC_TEST_SEED repeats one.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $seed = $ENV{GPSYNC_TEST_SEED} // int(rand(1_000_000));
srand($seed);
diag("seed $seed");

my $node = GpsyncTest->new_node('main');
$node->sql('CREATE EXTENSION gpsync');

# Types of keys: columns, and how a random value of each is made of random().
my %keys = (
    integer   => [ [ 'integer',     '(random() * %d)::integer' ] ],
    bigint    => [ [ 'bigint',      '(random() * %d)::bigint * 1000003 - 500000' ] ],
    text      => [ [ 'text',        q{(ARRAY['a','B','ä','Z','_','-',' '])[1 + (random() * 6)::int] || (random() * %d)::integer} ] ],
    numeric   => [ [ 'numeric',     '((random() * %d)::integer / 4.0)::numeric(20, 2)' ] ],
    timestamp => [ [ 'timestamptz', q{timestamptz '2020-01-01' + (random() * %d)::integer * interval '1 us'} ] ],
    pair      => [ [ 'smallint',    '(random() * 3)::smallint' ], [ 'uuid', q{md5((random() * %d)::integer::text)::uuid} ] ],
    triple    => [ [ 'date',        q{date '2024-01-01' + (random() * 2)::integer} ], [ 'text', q{(random() * 3)::integer::text} ], [ 'bigint', '(random() * %d)::bigint' ] ],
);

# A source with duplicates and NULLs, and a table for it.
sub make_source
{
    my ($name, $rows, $distinct) = @_;
    my @columns = @{ $keys{$name} };
    my @names   = map { "k$_" } 1 .. @columns;
    my $list    = join ', ', map { "$names[$_] $columns[$_][0]" } 0 .. $#columns;
    my $values  = join ', ', map { "CASE WHEN random() < 0.01 THEN NULL ELSE " . ($columns[$_][1] =~ s{%d}{$distinct}r) . " END" } 0 .. $#columns;
    my $key     = join ', ', @names;
    $node->sql(<<~SQL);
        SET client_min_messages = warning;
        DROP TABLE IF EXISTS source, target;
        DELETE FROM gpsync.import_job;
        CREATE TABLE source ($list, st text);
        SELECT setseed(${\rand()});
        INSERT INTO source SELECT $values, 'FAILED' FROM generate_series(1, $rows);
        CREATE INDEX ON source ($key);
        CREATE TABLE target ($list, status text, PRIMARY KEY ($key));
        SELECT gpsync.attach('target');
        SELECT gpsync.import('target', 'source', '{${\join(', ', map { qq("$_": "$_") } @names)}, "status": "st"}', job => 'ranges');
        SQL
    return ($key, join(' OR ', map { "$_ IS NULL" } @names));
}

# Steps of random chunks, with a cut asked for now and then, until it is done.
sub run_in_steps
{
    for my $step (1 .. 2000)
    {
        my $most = 10 + int rand 60;
        my $state = $node->sql(<<~SQL);
            UPDATE gpsync.import_job SET split_wanted = random() < 0.3, max_chunk = $most;
            UPDATE gpsync.import_part SET chunk_rows = $most;
            CALL gpsync.run_import('ranges', for_at_most => '0 s');
            SELECT state FROM gpsync.import_job;
            SQL
        return $step if $state eq 'done';
    }
    return;
}

for my $name (sort keys %keys)
{
    my $rows = 200 + int rand 800;
    my ($key, $null) = make_source($name, $rows, int($rows / (1 + rand 4)));
    ok(run_in_steps(), "$name: an import of $rows rows ends");
    my $parts = $node->sql('SELECT count(*) FROM gpsync.import_part WHERE part > 0');
    is($node->sql('SELECT read, written + skipped + rejected FROM gpsync.import_progress'), "$rows|$rows", "... each is read once, in $parts part(s)");
    is($node->sql('SELECT skipped FROM gpsync.import_progress'), 0, '... and none is met again');
    is($node->sql("SELECT count(*) FROM target"), $node->sql("SELECT count(*) FROM (SELECT DISTINCT $key FROM source WHERE NOT ($null)) AS d"), '... each key is there');
    is($node->sql("SELECT count(*) FROM (SELECT $key FROM source WHERE NOT ($null) EXCEPT SELECT $key FROM target) AS d"), 0, '... and no other');
}

$node->stop;
done_testing();
