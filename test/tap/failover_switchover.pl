# A planned change of places with synchronised slots (PostgreSQL 17 and later), and back: the old primary becomes a standby
# of the new one. The first time it still has its own slot, which the doctor finds; the fix is pasted as it stands. The
# other server's slot was synchronised before, and is again.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest::Failover;
use Test::More;

plan(skip_all => 'slots are synchronised from PostgreSQL 17 on') unless GpsyncTest::Failover::is_supported();
my $nws     = GpsyncTest::Emulator->new('nws');
my $primary = GpsyncTest::Failover->new_primary('node0', $nws, 'standby');
$primary->create_stream('legacy', 'nws');
my $slot    = $primary->slot_name;
my $standby = $primary->add_standby('node1', 'standby');
my $relay   = GpsyncTest::Failover::relay_of($primary, $standby);
my $key     = $primary->add_rows(100) . '_1';
$primary->wait_for_sync;

# The primary is stopped, the standby promoted; the old primary is the standby of the new one.
sub change_places
{
    my $load = $primary->load('row', 200);
    my $taken = $nws->stats->{accepted};
    GpsyncTest::wait_until(sub { $nws->stats->{accepted} > $taken + 400 }, 'the load is delivered');
    $standby->wait_for_slot($slot);
    $primary->stop('fast');
    $load->stop;
    $standby->promote;
    $standby->sql(q{SELECT pg_create_physical_replication_slot('standby', true)
                    WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'standby')});
    $standby->append_conf('postgresql.conf', "synchronized_standby_slots = 'standby'");
    $standby->reload;
    $primary->follow($standby, 'standby');
    $primary->set_standby_mode;
    $primary->start;
    ($primary, $standby) = ($standby, $primary);
    return;
}

# Waits until the standby's slot has come to a position. A snapshot in the WAL lets it move although nothing happens.
sub follows
{
    my ($lsn) = @_;
    return GpsyncTest::wait_until(sub {
        $primary->sql('SELECT pg_log_standby_snapshot()');
        return $standby->sql("SELECT synced AND NOT temporary AND confirmed_flush_lsn >= '$lsn' FROM pg_replication_slots WHERE slot_name = '$slot'") eq 't';
    }, "the slot is at $lsn");
}

# The stream goes on at the new primary, and the new standby follows it.
sub goes_on
{
    $primary->update($key);
    ok($primary->wait_for_status($key, 'COMPLETED'), '... the stream goes on at the new primary');
    $primary->wait_for_sync;
    is($primary->ledger_differences($nws, 'provision_status'), '', '... nothing is lost');
    is($primary->sql(q{SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'}), 0, '... nothing stays PENDING');
    my $booked = $primary->sql('SELECT confirmed_lsn FROM gpsync.stream_position');
    ok(follows($booked), '... the new standby follows its slot');
    is($standby->findings('failover') . $primary->findings('failover'), '', '... there is no finding');
    return;
}

note('there');
change_places();
ok($standby->finds('failover', qr/^warning this standby has a slot of its own for stream "legacy", made while it was a primary/), 'the old primary still has its slot, which is found');
$standby->paste_fixes('failover');
goes_on();

note('and back');
change_places();
goes_on();
$relay->stop;
done_testing;
