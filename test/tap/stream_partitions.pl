# Streams that are partitions of one set: each key has one relay, and together they deliver what one stream would, also
# while keys move from one partition to another and relays are killed.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $PARTS = 3;
my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, batch_size => 20, linger => '2ms', timeout => '2s');
$node->sql(<<~'SQL');
    CREATE TABLE token (region text, id int, status text NOT NULL, document text, PRIMARY KEY (id, region));
    ALTER TABLE token ALTER document SET STORAGE EXTERNAL;
    SQL
$node->sql($_) for "SELECT gpsync.attach('token', machine => NULL)", "ALTER PUBLICATION gpsync SET (publish = 'insert, update, delete')";
$node->create_stream("legacy_$_", 'nws', { partition => "'$_/$PARTS'" }) for 1 .. $PARTS;
my %relay = map { $_ => $node->start_relay("legacy_$_") } 1 .. $PARTS;

my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set n random(1, 400)
\set many random(1, 20)
BEGIN;
INSERT INTO token AS t SELECT 'eu', n, 'new', repeat('d', n * 10) FROM generate_series(:n, :n + :many) n
ON CONFLICT (id, region) DO UPDATE SET status = 'seen ' || :n;
UPDATE token SET id = id + 1000 WHERE id = :n AND NOT EXISTS (SELECT FROM token WHERE id = :n + 1000);
DELETE FROM token WHERE id IN (:n + 5, :n + 1007);
UPDATE token SET document = 'short' WHERE id = :n + 1;
\if :n % 4 = 0
ROLLBACK;
\else
COMMIT;
\endif
SQL
my $writer = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 3, '-T', 600, '--max-tries=20', '-f', $script, $node->connstr('postgres') ]);

for my $round (1 .. 2 * $PARTS)
{
    my $end = $nws->stats->{accepted} + 300;
    ok(GpsyncTest::wait_until(sub { $nws->stats->{accepted} >= $end }, '300 events more'), "round $round: events come");
    my $part = $round % $PARTS + 1;
    $relay{$part}->kill9;
    $relay{$part} = $node->start_relay("legacy_$part");
}
ok($writer->is_running, 'the workload met no error');
$writer->stop;
$node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'}, 0);
$node->wait_for_sync;
is($node->sql("SELECT string_agg(DISTINCT sync_status, ',') FROM token"), 'COMPLETED', 'no row is left');
is($nws->stats->{refused}, 0, 'nothing was taken out of order');

# What the endpoint holds, but for values that the WAL does not hold of a row whose key changed.
my %held = map { $_->{subject} => $_ } grep { !$_->{deleted} } $nws->ledger;
my @rows = split /\n/, $node->sql("SELECT 'public.token/' || id || ',' || region || '|' || status FROM token ORDER BY 1");
is(join("\n", sort keys %held), join("\n", sort map { s/\|.*//r } @rows), 'the endpoint has the rows of the table, and no others');
is_deeply([ map { /^(.*)\|(.*)$/; $held{$1}{data}{row}{status} } @rows ], [ map { /\|(.*)$/; $1 } @rows ], '... with their values');

# Each key went through one stream.
my %subjects;
$subjects{ $_->{subject} =~ s{.*/}{}r } = 1 for $nws->events;
my $where = $node->sql("SELECT string_agg(DISTINCT gpsync_internal.key_partition(array[k[1], to_json(k[2])::text], $PARTS)::text, ',') FROM (SELECT string_to_array(unnest('{" . join(',', map { "\"$_\"" } keys %subjects) . "}'::text[]), ',')) AS s (k)");
is($where, join(',', 1 .. $PARTS), 'all partitions had keys');

# What operators see.
is($node->sql("SELECT count(*) FROM gpsync.doctor() WHERE severity <> 'info' AND check_name IN ('publication', 'rows', 'slot')"), '0', 'the doctor finds nothing');
my $key = q('{"id": 1, "region": "eu"}');
my $of_key = $node->sql("SELECT gpsync_internal.key_partition('{1, \"\\\"eu\\\"\"}', $PARTS)");
$node->sql("DELETE FROM token WHERE id = 1; INSERT INTO token VALUES ('eu', 1, 'new')");
$node->wait_for_sync;
my $explained = $node->sql("SELECT string_agg(detail, ' ') FROM gpsync.explain_sync('token', $key)");
like($explained, qr/stream "legacy_$of_key": it took this revision/, 'explain_sync() names the stream of the key');
is(() = $explained =~ /stream "legacy_/g, 1, '... and no other');
$relay{$of_key}->stop;
$node->sql("UPDATE token SET status = 'waits' WHERE id = 1");
is($node->sql("SELECT gpsync.wait_for_sync(timeout => '1 s')"), 'f', 'a change of a partition without a relay is waited for');
like($node->sql("SELECT string_agg(detail, ' ') FROM gpsync.explain_sync('token', $key)"), qr/stream "legacy_$of_key" is not delivered: (no relay runs|its relay is in state "stopped")/, '... and explained');
$node->sql("SELECT gpsync.drop_stream('legacy_$of_key')");
like($node->sql("SELECT finding FROM gpsync.doctor() WHERE check_name = 'publication'"), qr{no stream delivers partition $of_key/$PARTS of publication "gpsync"}, 'a partition without a stream is found');
my $fix = $node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'publication'");
$node->sql($fix);
is($node->sql("SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'publication'"), '0', '... and its fix mends it');
$node->sql("UPDATE token SET sync_status = 'PENDING' WHERE sync_status = 'PENDING'");
$relay{$of_key} = $node->start_relay("legacy_$of_key");
$node->wait_for_sync;
is($nws->entry('public.token/1,eu')->{data}{row}{status}, 'waits', 'what waited is delivered');
$_->stop for values %relay;
done_testing;
