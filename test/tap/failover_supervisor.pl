# A failover with synchronised slots (PostgreSQL 17 and later) of servers that start their relays themselves: the primary's
# relay ends with it, the promoted server starts its own, and the stream goes on without a call.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest::Failover;
use Test::More;

plan(skip_all => 'slots are synchronised from PostgreSQL 17 on') unless GpsyncTest::Failover::is_supported();
my $nws     = GpsyncTest::Emulator->new('nws');
my $primary = GpsyncTest::Failover->new_primary('node0', $nws, 'standby');
$primary->append_conf('postgresql.conf', join "\n", q{shared_preload_libraries = 'gpsync'}, q{gpsync.databases = 'postgres'}, q{gpsync.relay_conninfo = 'user=relay'});
$primary->restart;
$primary->create_stream('legacy', 'nws');
my $standby = $primary->add_standby('node1', 'standby');
my $load    = $primary->load('row', 200);
ok(GpsyncTest::wait_until(sub { $nws->stats->{accepted} > 600 }, 'the load is delivered'), "the primary's relay delivers");
ok($standby->wait_for_slot($primary->slot_name), '... and the standby takes the slot over');
is($standby->sql(q{SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'gpsync-relay%'}), 0, '... and starts no relay');
$primary->kill_all;
$load->stop;
$standby->promote;
$standby->update('row_1');
ok($standby->wait_for_status('row_1', 'COMPLETED'), 'promoted, it starts its own');
$standby->wait_for_sync;
is($standby->ledger_differences($nws, 'provision_status'), '', '... nothing is lost');
is($standby->sql(q{SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'}), 0, '... nothing stays PENDING');
done_testing;
