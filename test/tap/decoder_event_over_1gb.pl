# An event that is larger than a message of the server can be stops its stream before it, with an error that names table and
# column; skip_change() gets past it, with what the doctor says.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
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
done_testing;
