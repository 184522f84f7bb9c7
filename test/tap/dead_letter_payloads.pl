# A dead letter takes any payload, and any words of an endpoint: what was sent can be kept, and nothing in it keeps the
# stream's books from going on.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, batch_size => 1, lanes => 1);
$node->sql("CREATE TABLE documents (id int PRIMARY KEY, j json, t text); SELECT gpsync.attach('documents', machine => NULL)");
$node->create_stream('legacy', 'nws');

# --- end to end ------------------------------------------------------------------------------------------------
my $relay = $node->start_relay('legacy');
$nws->faults(kind => 'status', status => 422);
$node->sql(<<'SQL');
INSERT INTO documents VALUES
    (1, '{"zero": "a\u0000b"}'), (2, '{"half": "\ud83d"}'), (3, '{"halves": "\ude00\ud83d", "pair": "\ud83d\ude00"}'),
    (4, '{"zero\u0000key": 1}'), (5, '[1e400, 12345678901234567890123456789012345678901234567890]');
SQL
ok($node->wait_for_sql('SELECT count(*) FROM gpsync.dead_letters', '5'), 'events with odd JSON are dead letters');
$nws->clear_faults;
$node->sql("INSERT INTO documents VALUES (6, '{}')");
$node->wait_for_sync;
is($node->sql('SELECT string_agg(sync_status, \',\' ORDER BY id) FROM documents'), 'FAILED,FAILED,FAILED,FAILED,FAILED,COMPLETED', 'their rows are marked, and the stream goes on');
is($node->sql(q(SELECT strpos(payload::text, 'a\u0000b') > 0 FROM gpsync.dead_letters WHERE key = '{"id": 1}')), 't', 'the payload is what was sent');
is($node->sql("SELECT count(*) FROM gpsync.dead_letters WHERE payload::text LIKE '%payload_not_kept%'"), '0', '... of each');
$relay->stop;

# --- by hand: what no relay of ours sends -----------------------------------------------------------------------
my $booking = GpsyncTest::Booking->new($node, 'legacy');
sub letter { my ($id, $payload) = @_; return qq({"endpoint": "nws", "event_id": "$id", "subject": "s", "schema_name": "public", "table_name": "documents", "attempts": 1, "error": "no", "payload": $payload}) }
$booking->query($booking->call(undef, "'[" . join(',', letter('a', '"{\\"x\\": 1}"'), letter('b', '"no JSON at all"'), letter('c', '{"y": 2}'), letter('d', 'null')) . "]'"));
is($node->sql("SELECT event_id, payload FROM gpsync.dead_letters WHERE length(event_id) = 1 ORDER BY 1"),
    qq(a|{"x": 1}\nb|{"payload_not_kept": "22P02"}\nc|{"y": 2}\nd|null), 'a payload that is no JSON is set aside, the others are kept');
$booking->quit;

$node->stop;
done_testing;
