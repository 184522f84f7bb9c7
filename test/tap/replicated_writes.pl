# Rows that come by replication (a native subscription, session_replication_role = replica, a replication origin):
# stamped and streamed like any, checked unless attach() says otherwise.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $source = GpsyncTest->new_node('source');
my $node   = GpsyncTest->new_node('main');
my $nws    = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
my $definition = 'id int PRIMARY KEY, status text NOT NULL, note text';
$node->sql("CREATE TABLE checked ($definition); SELECT gpsync.attach('checked');
    CREATE TABLE trusted ($definition); SELECT gpsync.attach('trusted', check_replicated => false);
    CREATE TABLE parts ($definition) PARTITION BY RANGE (id);
    CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
    SELECT gpsync.attach('parts');
    CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20);");
is($node->sql("SELECT bool_and(t.tgenabled = 'A') FROM pg_trigger t, gpsync_internal.partitions('parts') p WHERE t.tgrelid = p.relid AND NOT t.tgisinternal"),
    't', 'triggers of partitions fire always, also those of later ones');
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

sub revisions { return $node->sql("SELECT string_agg(sync_revision::text, ',' ORDER BY id) FROM $_[0]") }

# --- a subscription ------------------------------------------------------------------------------------------
$source->sql(join ';', map { "CREATE TABLE $_ ($definition)" } qw(checked trusted parts));
$source->sql("INSERT INTO trusted VALUES (1, 'VERIFIED'); INSERT INTO checked VALUES (1, 'RECEIVED'); CREATE PUBLICATION upstream FOR ALL TABLES");
$node->sql(sprintf "CREATE SUBSCRIPTION upstream CONNECTION \$\$%s\$\$ PUBLICATION upstream", $source->connstr('postgres'));
$node->wait_for_sql("SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel");
$node->wait_for_sync;
is($node->sql('SELECT id, status, sync_status FROM checked UNION ALL SELECT id + 10, status, sync_status FROM trusted ORDER BY 1'),
    "1|RECEIVED|COMPLETED\n11|VERIFIED|COMPLETED", 'the first copy is stamped, delivered and booked');
isnt(revisions('trusted'), '0', '... with a revision');

my $before = revisions('checked');
$source->sql("UPDATE checked SET status = 'PROCESSING'; UPDATE trusted SET status = 'RECEIVED'; INSERT INTO parts VALUES (1, 'RECEIVED'), (11, 'RECEIVED')");
ok($node->wait_for_sql("SELECT count(*) = 4 FROM (SELECT status FROM checked WHERE status = 'PROCESSING' UNION ALL SELECT status FROM trusted WHERE status = 'RECEIVED'
    UNION ALL SELECT status FROM parts) a"), 'changes arrive');
$node->wait_for_sync;
isnt(revisions('checked'), $before, '... are stamped with a new revision');
is($node->sql("SELECT string_agg(DISTINCT sync_status, ',') FROM (SELECT sync_status FROM checked UNION ALL SELECT sync_status FROM trusted UNION ALL SELECT sync_status FROM parts) a"),
    'COMPLETED', '... delivered and booked');
$node->ledger_agrees($nws, 'checked', 'trusted', 'parts');

$source->sql("UPDATE checked SET status = 'ELIGIBLE'");
ok(GpsyncTest::wait_until(sub { PostgreSQL::Test::Utils::slurp_file($node->logfile) =~ /invalid status transition from "PROCESSING" to "ELIGIBLE"/ }, 'it is refused'),
    'an illegal transition stops the subscription');
is($node->sql('SELECT status FROM checked'), 'PROCESSING', '... and is not applied');
$node->sql("ALTER SUBSCRIPTION upstream DISABLE; ALTER SUBSCRIPTION upstream SET (slot_name = NONE); DROP SUBSCRIPTION upstream");

# --- session_replication_role, and an origin of somebody else's ---------------------------------------------------
my ($state) = $node->sql_error("SET session_replication_role = replica; UPDATE checked SET status = 'ELIGIBLE'");
is($state, '23514', 'session_replication_role = replica: transitions are checked');
($state) = $node->sql_error("SET session_replication_role = replica; INSERT INTO parts VALUES (12, 'ELIGIBLE')");
is($state, '23514', '... and new rows');
$before = revisions('trusted');
is($node->sql("SET session_replication_role = replica; UPDATE trusted SET status = 'ELIGIBLE'"), '', '... where attach() says so');
isnt(revisions('trusted'), $before, '... every write is stamped');
$node->sql("SELECT pg_replication_origin_create('elsewhere')");
$node->sql("SELECT pg_replication_origin_session_setup('elsewhere'); BEGIN; SELECT pg_replication_origin_xact_setup('0/1', '2001-02-03 04:05:06+00');
    UPDATE checked SET note = 'by another tool'; COMMIT");
$node->sql("SELECT pg_replication_origin_session_setup('elsewhere'); UPDATE checked SET note = 'without a time'");
$node->wait_for_sync;
is($node->sql("SELECT string_agg(sync_status, ',') FROM (SELECT sync_status FROM checked UNION ALL SELECT sync_status FROM trusted) a"), 'COMPLETED,COMPLETED', 'a foreign origin: delivered and booked');
$node->ledger_agrees($nws, 'checked', 'trusted', 'parts');
my @old = grep { $_->{time} !~ /^20[2-9]/ } $nws->events;
is(scalar @old, 0, 'events carry the time of the commit here');

$relay->stop;
$node->stop;
$source->stop;
done_testing;
