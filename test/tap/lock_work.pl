# What one transaction at a time does: the stream of histories, which one session begins to use as another ends its last
# use; and locks that no role without rights can take.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<'SQL');
CREATE TABLE a (id int PRIMARY KEY, status text);
CREATE TABLE b (id int PRIMARY KEY, status text);
SELECT gpsync.attach('a'), gpsync.attach('b'), gpsync.track_batches('a');
SELECT gpsync.create_history('a');
SQL
my $beginner = $node->background_psql('postgres');
my $ender    = $node->background_psql('postgres');
$beginner->query_safe(q(BEGIN; SELECT gpsync.create_history('b')));
$ender->query_until(qr/begun/, "\\echo begun\nSELECT gpsync.drop_history('a');\n");
ok($node->wait_for_sql(q(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted), 1), 'who ends the last use waits for who begins one');
$beginner->query_safe('COMMIT');
ok($node->wait_for_sql(q(SELECT count(*) FROM gpsync.history_status WHERE relation = 'a'::regclass), 0), '... and then ends it');
is($node->sql('SELECT state FROM gpsync.history_status'), 'scanning rows', '... and the other history has its stream');
is($node->sql(q(SELECT count(*) FROM pg_replication_slots WHERE slot_name ~ 'gpsync_local')), 1, '... and the stream its slot');

# SQL's functions take classes 1 and 2.
$node->sql(q(BEGIN; SET LOCAL gpsync.batch = 'batch'; INSERT INTO a VALUES (1, 'RECEIVED'); COMMIT));
for my $call (q(gpsync_internal.begin_rollback('batch', NULL, '{}', false, NULL)), q(gpsync.detach('a')), q(gpsync.drop_history('b')))
{
    is($node->sql("BEGIN; SELECT $call; SELECT string_agg(DISTINCT objsubid::text, ',') FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid(); ROLLBACK") =~ /(?:^|[\n,])[12](?:,|$)/ ? 1 : 0,
        0, "$call takes no lock that everybody can take");
}
$_->quit for $beginner, $ender;
done_testing;
