# A failover while the standby has an event and not its booking (PostgreSQL 17 and later): the position of the slot, which
# the standby may take over at any time, is not ahead of the books that it has, so it sends the event again and books it.
# The standby's WAL receiver stands still between the delivery and the booking. GPSYNC_FAILOVER_ROUNDS says how often (default 1).
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest::Failover;
use Test::More;

plan(skip_all => 'slots are synchronised from PostgreSQL 17 on') unless GpsyncTest::Failover::is_supported();
my $rounds  = $ENV{GPSYNC_FAILOVER_ROUNDS} // 1;
my $nws     = GpsyncTest::Emulator->new('nws');
my $primary = GpsyncTest::Failover->new_primary('node0', $nws, 'standby');
# The relay says every 2 s up to where it confirms, whether that has moved or not.
$primary->sql(q{ALTER ROLE relay SET wal_sender_timeout = '8s'});
$primary->create_stream('legacy', 'nws');
my $slot    = $primary->slot_name;
my $standby = $primary->add_standby('node1', 'standby');

# Stops the standby's WAL receiver where it waits: it reads nothing more when it is ended after that.
sub stop_receiver
{
    my $receiver = $standby->pid_of('walreceiver');
    GpsyncTest::wait_until(sub {
        kill 'STOP', $receiver;
        return 1 if $standby->sql("SELECT wait_event FROM pg_stat_activity WHERE pid = $receiver") eq 'WalReceiverMain';
        kill 'CONT', $receiver;
        return 0;
    }, 'the WAL receiver waits');
    return $receiver;
}

# Waits until the relay has told the server twice more up to where it confirms.
sub wait_for_confirmations
{
    my $said = q{SELECT coalesce(max(reply_time)::text, '') FROM pg_stat_replication WHERE application_name = 'gpsync-relay'};
    for (1 .. 2)
    {
        my $before = $primary->sql($said);
        GpsyncTest::wait_until(sub { $primary->sql($said) ne $before }, 'the relay confirms');
    }
    return;
}

for my $round (1 .. $rounds)
{
    my $relay = GpsyncTest::Failover::relay_of($primary, $standby);
    my $key   = $primary->add_rows(1) . '_1';
    $primary->wait_for_sync;
    $standby->wait_for_slot($slot);

    my $held = $nws->hold($key);
    $primary->update($key);
    ok($nws->wait_holding, "round $round: an event is at the endpoint");
    ok($standby->wait_for_status($key, 'PENDING'), '... and the standby has the change');
    my $receiver = stop_receiver();
    my $received = $standby->sql('SELECT pg_last_wal_receive_lsn()');
    $nws->clear_faults($held);
    ok($primary->wait_for_status($key, 'COMPLETED'), 'the endpoint takes it, and it is booked');
    wait_for_confirmations();
    my $confirmed = $primary->sql("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '$slot'");
    my $books     = $standby->sql('SELECT confirmed_lsn FROM gpsync.stream_position');
    is($standby->sql("SELECT '$confirmed'::pg_lsn <= '$books'"), 't', '... the slot is not confirmed beyond the books of the standby')
      or diag("slot $confirmed, books of the standby $books");

    $primary->kill_all;
    kill 'TERM', $receiver;
    kill 'CONT', $receiver;
    $standby->promote;
    is($standby->sql('SELECT pg_last_wal_receive_lsn()'), $received, 'promoted, the standby never had the booking');
    ok($standby->wait_for_status($key, 'COMPLETED'), '... sends the event again and books it');
    is($standby->sql('SELECT slot_state FROM gpsync.stream_status'), 'active', '... from the slot that it has taken over');
    is($standby->ledger_differences($nws, 'provision_status'), '', '... and nothing is lost');
    $relay->stop;
    last if $round == $rounds;

    ($primary, $standby) = ($standby, $standby->add_waited_for('node' . ($round + 1), 'standby'));
}
done_testing;
