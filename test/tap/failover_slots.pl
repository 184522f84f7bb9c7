# Failovers with synchronised slots, PostgreSQL 17 and later: under a load of updates all of the primary is killed, its
# standby is promoted, the load goes on there, and so does the stream, by itself. Nothing is lost, nothing stays PENDING.
# Before that: what the doctor says of slots, standbys and settings. The environment:
#   GPSYNC_FAILOVER_ROUNDS   how many failovers (default 2)
#   GPSYNC_FAILOVER_RATE     updates a second, each a transaction of its own (default 300)
#   GPSYNC_FAILOVER_MAX_GAP  seconds: a failover must not take longer (default: only printed)
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest::Failover;
use List::Util qw(sum);
use Test::More;
use Time::HiRes qw(time);

plan(skip_all => 'slots are synchronised from PostgreSQL 17 on') unless GpsyncTest::Failover::is_supported();
my $rounds  = $ENV{GPSYNC_FAILOVER_ROUNDS} // 2;
my $rate    = $ENV{GPSYNC_FAILOVER_RATE}   // 300;
my $max_gap = $ENV{GPSYNC_FAILOVER_MAX_GAP};
my $nws     = GpsyncTest::Emulator->new('nws');

# Waits until the endpoint has taken so many more events. Gives how many it took a second.
sub delivered_at_least
{
    my ($count) = @_;
    my ($start, $before) = (time, $nws->stats->{accepted});
    my $now = $before;
    GpsyncTest::wait_until(sub { ($now = $nws->stats->{accepted}) >= $before + $count }, 'the load is delivered');
    return ($now - $before) / (time - $start);
}

my $primary = GpsyncTest::Failover->new_node('node0');
$primary->create_platform;
$primary->create_endpoint($nws);
$primary->create_stream('legacy', 'nws');
my $slot = $primary->slot_name;
is($primary->slot_flags($slot), 'f f f', 'without settings for it, a slot stays with its primary');
$primary->sql(q{SELECT gpsync.drop_stream('legacy')});

# --- the doctor, before there is a standby
$primary->synchronise('standby');
$primary->restart;
$primary->create_stream('legacy', 'nws', { failover => 'false' });
like($primary->findings('failover'), qr/^warning replication slot "$slot" is not synchronised to standbys, others are: a promotion loses it => SELECT gpsync.pause_stream/, 'a slot that a promotion loses is found');
$primary->sql(q{SELECT gpsync.pause_stream('legacy')});
my (undef, undef, $error) = $primary->psql('postgres', qq{ALTER_REPLICATION_SLOT "$slot" (FAILOVER true)}, replication => 'database');
is($error, '', '... its fix runs');
$primary->sql(q{SELECT gpsync.resume_stream('legacy')});
is($primary->sql('SELECT failover FROM gpsync.stream_status'), 't', '... and the slot is synchronised');
unlike($primary->findings('failover'), qr/a promotion loses it/, '... and the finding gone');
$primary->sql(q{SELECT gpsync.drop_stream('legacy')});
$primary->create_stream('legacy', 'nws');
is($primary->slot_flags($slot), 't f f', 'where synchronised slots are configured, create_stream() makes one');
is($primary->sql('SELECT failover FROM gpsync.stream'), 't', '... and the stream keeps it');
like($primary->findings('failover'), qr/^error standby slot "standby" of synchronized_standby_slots does not exist: streams legacy wait for it.* => -- start its standby, or leave it out:\nALTER SYSTEM SET synchronized_standby_slots = ''/, 'a standby slot that does not exist is found');
$primary->sql(q{SELECT pg_create_physical_replication_slot('standby', true)});
like($primary->findings('failover'), qr/^error standby slot "standby" of synchronized_standby_slots is not in use: streams legacy wait/, '... and one whose standby is away');
my $relay = $primary->start_relay('legacy');
$primary->sql(q{SELECT gpsync.generate_test_data('provision_status', 500, 'row_')});
ok($primary->wait_for_sql(q{SELECT wait_event FROM pg_stat_activity WHERE backend_type = 'walsender' AND application_name = 'gpsync-relay'}, 'WaitForStandbyConfirmation'), 'nothing is sent before the standby has it');
like($primary->findings('failover'), qr/is not in use: streams legacy wait for it \(WaitForStandbyConfirmation\)/, '... and the doctor says what it waits for');
is($nws->stats->{accepted}, 0, '... not one event');
my $standby = $primary->add_standby('node1', 'standby');
$primary->wait_for_sync;
is($primary->findings('failover'), '', 'with the standby there, there is no finding');
$primary->sql(q{ALTER SYSTEM SET synchronized_standby_slots = ''; SELECT pg_reload_conf()});
ok($primary->finds('failover', qr/^warning streams legacy are synchronised to standbys, and synchronized_standby_slots is empty.*SET synchronized_standby_slots = standby;/s), 'an empty synchronized_standby_slots is found');
$primary->sql(q{ALTER SYSTEM RESET synchronized_standby_slots; SELECT pg_reload_conf()});

# --- the doctor on the standby
ok($standby->wait_for_slot($slot), 'the standby takes the slot over');
is($standby->findings('failover') . $standby->findings('slot'), '', '... and there is no finding');
my $early = $standby->start_relay('legacy');
ok(GpsyncTest::wait_until(sub { $early->log =~ /this server is a standby, and its primary delivers stream/ }, 'a relay there says so'), 'a relay of the standby waits for a promotion');
ok($early->is_running, '... and does not end');
$early->stop;
$standby->append_conf('postgresql.conf', "gpsync.home = 'other'");
$standby->reload;
ok($standby->finds('failover', qr/standby's home is not that of stream "legacy".*gpsync.home = 'pair'/s), 'another home is found');
$standby->append_conf('postgresql.conf', "gpsync.home = 'pair'");
$standby->reload;
$relay->stop;

# --- failovers
$primary->sql(q{SELECT gpsync.generate_test_data('provision_status', 500, 'before_'), gpsync.generate_test_data('provision_status', 500, 'after_'),
                       gpsync.generate_test_data('provision_status', 1, 'probe_')});
my $worst = 0;
for my $round (1 .. $rounds)
{
    $relay = GpsyncTest::Failover::relay_of($primary, $standby);
    $primary->wait_for_sync;
    my $load = $primary->load('before', $rate);
    delivered_at_least($rate);
    my $delivered = delivered_at_least(3 * $rate);
    $standby->wait_for_slot($slot);
    my @updates = $load->log =~ /progress: \S+ s, (\S+) tps/g;
    my $killed = time;
    $primary->kill_all;
    $standby->promote;
    # Other rows than before: an update would hide that the one before it was lost.
    my $load_after = $standby->load('after', $rate);
    $standby->update('probe_1');
    ok($standby->wait_for_status('probe_1', 'COMPLETED'), "round $round: the stream goes on at the promoted standby");
    my $gap = time - $killed;
    $worst = $gap if $gap > $worst;
    cmp_ok($gap, '<=', $max_gap, "... within $max_gap s") if defined $max_gap;
    delivered_at_least($rate);
    $_->stop for $load, $load_after;
    $standby->wait_for_sync;
    is($standby->ledger_differences($nws, 'provision_status'), '', '... nothing is lost');
    is($standby->sql(q{SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'}), 0, '... nothing stays PENDING');
    diag(sprintf 'failover %d: %.0f updates/s, %.0f events/s delivered; %.2f s from the kill to the next event that is booked', $round, sum(@updates) / @updates, $delivered, $gap);
    $relay->stop;
    last if $round == $rounds;

    ($primary, $standby) = ($standby, $standby->add_waited_for('node' . ($round + 1), 'standby'));
}
diag(sprintf '%d failovers under %d updates/s: longest gap %.2f s', $rounds, $rate, $worst);
done_testing;
