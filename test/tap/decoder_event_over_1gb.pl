# An event that is larger than a message of the server can be stops its stream before it, with an error that names table and
# column; skip_change() gets past it, with what the doctor says.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use PostgreSQL::Test::Utils ();
use Test::More;

my ($available) = PostgreSQL::Test::Utils::slurp_file('/proc/meminfo') =~ /^MemAvailable:\s+(\d+) kB/m;
plan skip_all => 'needs 8 GB of free memory' if ($available // 0) < 8 * 1024 * 1024;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->sql(<<~'SQL');
    CREATE TABLE notes (id int PRIMARY KEY, other text, t text);
    SELECT gpsync.attach('notes', machine => NULL), gpsync.redact_in_stream('notes', 't', 'pass');
    SQL
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

# 180 MB, which are 2 MB on the disk and in the WAL, and 1.08 GB as JSON.
$node->sql("INSERT INTO notes VALUES (1, 'before', ''); INSERT INTO notes VALUES (2, 'large', repeat(chr(1), 180000000)); INSERT INTO notes VALUES (3, 'behind', '')");
my $fix;
ok(GpsyncTest::wait_until(sub { $fix = $node->sql("SELECT fix FROM gpsync.doctor() WHERE fix LIKE '%skip_change%'") }, 'the doctor has a fix'), 'an event of more than 1 GB stops the stream');
my $error = $node->sql('SELECT last_error FROM gpsync.stream_status');
like($error, qr/too large to be sent/, '... for its size');
like($error, qr/table "notes", column "t"/, '... which is named with table and column');
cmp_ok(length $error, '<', 1000, '... and not with its value');
ok($node->wait_for_sql('SELECT sync_status FROM notes WHERE id = 1', 'COMPLETED'), 'what came before is delivered');
$node->sql($fix);
ok($node->wait_for_sync(60), 'skipped, the stream goes on');
is($node->sql("SELECT string_agg(sync_status, ',' ORDER BY id) FROM notes"), 'COMPLETED,FAILED,COMPLETED', '... with the row marked FAILED');
is($node->sql('SELECT key, last_error FROM gpsync.dead_letters'), '{"id": 2}|skipped by postgres: cannot be delivered', '... and a dead letter');
$relay->stop;

# --- so does one that is only a few bytes smaller than what the server can allocate: it puts some before a message
$node->sql(q(CREATE TABLE near (id int PRIMARY KEY, t text); SELECT gpsync.redact_in_stream('near', 't', 'pass'); CREATE PUBLICATION near FOR TABLE near));
my $slot = GpsyncTest::Slot->new($node, 'near');
$node->sql(q(INSERT INTO near VALUES (1, '')));
my ($small) = $slot->lines(publication_names => 'near');
my $left = 2**30 - 1 - 10 - length $small;
$node->sql('INSERT INTO near VALUES (2, repeat(chr(1), ' . int($left / 6) . q{) || repeat('x', } . $left % 6 . '))');
my ($state, $text) = $slot->error(publication_names => 'near');
is($state, '54000', 'an event of nearly 1 GB: SQLSTATE');
like($text, qr/too large to be sent.*table "near".*skip_change/s, '... names table and position');

# --- numbers of 131,001 digits, which are some ten bytes each in a row: no more is written than could ever be sent
$node->sql(q(CREATE TABLE numbers (id int PRIMARY KEY, j jsonb, a numeric[]); ALTER PUBLICATION near ADD TABLE numbers));
for my $column ('j', 'a')
{
    my $value = { j => 'jsonb_agg(1e131000::numeric)', a => 'array_agg(1e131000::numeric)' }->{$column};
    $node->sql("SELECT pg_replication_slot_advance('near', pg_current_wal_lsn()); INSERT INTO numbers (id, $column) SELECT 1 + (SELECT count(*) FROM numbers), $value FROM generate_series(1, 40000)");
    for my $format ('cloudevents', 'wal2json')
    {
        ($state, $text) = $slot->error(publication_names => 'near', format => $format, $format eq 'wal2json' ? ('format-version' => 2) : ());
        is($state, '54000', "large numbers in $column, $format: SQLSTATE");
        my ($bytes) = $text =~ /(\d{10,}) bytes/;
        cmp_ok($bytes // 0, '<=', 2**31, '... before much more than a message is written');
        like($text, qr/table "numbers", column "$column"/, '... and the column is named');
    }
}

# --- format wal2json: the large column is named, of a document and of a part of one; what is too much together is not
my %v1 = (format => 'wal2json', publication_names => 'near');
$node->sql('CREATE TABLE wide (id int PRIMARY KEY, t text, other text); ALTER PUBLICATION near ADD TABLE wide');
$node->sql("SELECT gpsync.redact_in_stream('wide', c, 'pass') FROM unnest('{t,other}'::text[]) AS c");
$node->sql("SELECT pg_replication_slot_advance('near', pg_current_wal_lsn()); INSERT INTO wide VALUES (1, repeat(chr(1), 180000000), '')");
for my $chunks (0, 1)
{
    ($state, $text) = $slot->error(%v1, 'write-in-chunks' => $chunks);
    is($state, '54000', "version 1, write-in-chunks $chunks: SQLSTATE");
    like($text, qr/an event of \d+ bytes or more is too large.*table "wide", column "t"; option skip_changes/s, '... names table and column');
}
($state, $text) = $slot->error(%v1, 'format-version' => 2);
like($text, qr/too large to be sent.*table "wide", column "t"/s, 'version 2 does, too');
$node->sql("SELECT pg_replication_slot_advance('near', pg_current_wal_lsn()); INSERT INTO wide SELECT i, repeat(chr(1), 100000000), '' FROM generate_series(2, 3) i");
($state, $text) = $slot->error(%v1);
like($text, qr/transaction is too large for one document.*HINT:\s+Set write-in-chunks/s, 'a transaction that is too large has a way out');
unlike($text, qr/column "/, '... and no column');
done_testing;
