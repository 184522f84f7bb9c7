# What else can be wrong at a failover with synchronised slots (PostgreSQL 17 and later): a second standby that is waited
# for is away; primary and relay die at once, and the next relay finds no primary for a while; the standby is promoted
# before it has taken the slot over. The doctor's fixes are pasted as they stand.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest::Failover;
use Test::More;

plan(skip_all => 'slots are synchronised from PostgreSQL 17 on') unless GpsyncTest::Failover::is_supported();
my $nws     = GpsyncTest::Emulator->new('nws');
my $primary = GpsyncTest::Failover->new_primary('node0', $nws, 'standby', 'second');
$primary->create_stream('legacy', 'nws');
my $slot    = $primary->slot_name;
my $standby = $primary->add_standby('node1', 'standby');
my $relay   = GpsyncTest::Failover::relay_of($primary, $standby);

# Nothing is lost, and nothing stays PENDING.
sub agrees
{
    my ($node) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    $node->wait_for_sync;
    is($node->ledger_differences($nws, 'provision_status'), '', '... nothing is lost');
    is($node->sql(q{SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'}), 0, '... nothing stays PENDING');
    return;
}

# Changes rows, and waits until the stream stands still because of the second standby.
sub waits_for_second
{
    my ($why) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    $primary->add_rows(10);
    ok($primary->finds('failover', qr/^error standby slot "second" of synchronized_standby_slots $why: streams legacy wait for it \(WaitForStandbyConfirmation\) => /), "found: the second standby's slot $why");
    is($primary->sql(q{SELECT count(*) > 0 FROM provision_status WHERE sync_status = 'PENDING'}), 't', '... and nothing is delivered');
    return;
}

note('a second standby is away');
waits_for_second('does not exist');
my $second = $primary->add_standby('node2', 'second', 'sync_replication_slots = off');
agrees($primary);
ok($second->finds('failover', qr/^warning this standby does not have the slot of stream "legacy"/), 'found on the second: it synchronises no slots');
$second->paste_fixes('failover');
ok($second->wait_for_slot($slot), '... its fix runs, and the slot comes');
is($second->findings('failover'), '', '... and the finding is gone');
is($primary->findings('failover'), '', 'with both standbys there is no finding');
$second->stop;
waits_for_second('is not in use');
$second->start;
agrees($primary);
is($primary->findings('failover'), '', 'it is back, and the finding is gone');
$second->stop;
waits_for_second('is not in use');
$primary->paste_fixes('failover');
agrees($primary);
is($primary->sql('SHOW synchronized_standby_slots'), 'standby', 'the fix has left it out');
is($primary->findings('failover'), '', '... and there is no finding');

note('primary and relay die at once');
my $load = $primary->load('one', 300);
my $taken = $nws->stats->{accepted};
GpsyncTest::wait_until(sub { $nws->stats->{accepted} > $taken + 600 }, 'the load is delivered');
$standby->wait_for_slot($slot);
$primary->kill_all;
$relay->kill9;
$relay = GpsyncTest::Failover::relay_of($primary, $standby);
ok(GpsyncTest::wait_until(sub { $relay->log =~ /no connection to the server, will be tried again/ }, 'it tries again'), 'a new relay finds no primary, and tries again');
ok($relay->is_running, '... and does not end');
$standby->promote;
$standby->update('one_1');
ok($standby->wait_for_status('one_1', 'COMPLETED'), 'the standby is promoted, and the stream goes on');
$load->stop;
agrees($standby);

note('the standby is promoted before it has the slot');
($primary, $standby) = ($standby, undef);
$relay->stop;
$standby = $primary->add_standby('node3', 'standby', 'sync_replication_slots = off');
$primary->append_conf('postgresql.conf', "synchronized_standby_slots = 'standby'");
$primary->reload;
$relay = GpsyncTest::Failover::relay_of($primary, $standby);
agrees($primary);
ok($standby->finds('failover', qr/^warning this standby does not have the slot of stream "legacy", or not ready yet: promoted now it would lose it => .*SET sync_replication_slots = on/), 'found on the standby: it has no slot');
$load  = $primary->load('two', 300);
$taken = $nws->stats->{accepted};
GpsyncTest::wait_until(sub { $nws->stats->{accepted} > $taken + 600 }, 'the load is delivered');
$primary->kill_all;
$standby->promote;
is($relay->wait_exit, 1, 'promoted without it, the relay ends');
like($relay->log, qr/replication slot \\"$slot\\" does not exist; a standby that is promoted before it has taken the slot over never gets it.*recreate_stream/, '... and says why, and what to do');
is($standby->sql('SELECT slot_state FROM gpsync.stream_status'), 'missing', '... as stream_status does');
like($standby->findings('slot'), qr/^error replication slot "$slot" does not exist.* => SELECT gpsync\.recreate_stream\('legacy'\)/, '... and the doctor');
$load->stop;
my $end = $standby->sql('SELECT pg_current_wal_insert_lsn()');
like($standby->paste_fixes('slot'), qr/rows of table public.provision_status are sent again/, 'its fix runs');
is($standby->slot_flags($slot), 't f f', '... the new slot is one for standbys too');
is($standby->sql("SELECT commit_lsn - '$end' >= 16 * 1024 * 1024 FROM gpsync.stream_position"), 't', '... and begins behind what the old primary may have delivered');
$relay = GpsyncTest::Failover::relay_of($primary, $standby);
agrees($standby);
is($standby->findings('slot'), '', '... and the finding is gone');
done_testing;
