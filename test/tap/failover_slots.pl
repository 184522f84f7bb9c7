# A failover with synchronised slots, PostgreSQL 17 and later: under a load of updates the primary is killed, its standby is
# promoted, and the stream goes on there by itself. Nothing is lost, nothing stays PENDING: the slot's position on the
# standby is never ahead of the books that it has. GPSYNC_FAILOVER_ROUNDS says how often (default 2).
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;
use Time::HiRes qw(time);

my $rounds = $ENV{GPSYNC_FAILOVER_ROUNDS} // 2;
my $rate   = $ENV{GPSYNC_FAILOVER_RATE}   // 300;    # updates a second

# In a file of its own, which a copy of the cluster does not have: each node writes it anew.
sub synchronised
{
    my ($node) = @_;
    $node->append_conf('postgresql.conf', join "\n", "synchronized_standby_slots = 'standby'", 'sync_replication_slots = on', 'hot_standby_feedback = on', "gpsync.home = 'pair'");
    return;
}

# A standby of a node, which takes over its slots.
sub standby_of
{
    my ($primary, $name) = @_;
    $primary->backup("for_$name");
    my $standby = GpsyncTest->new($name);
    $standby->init_from_backup($primary, "for_$name", has_streaming => 1);
    # Promoted, it has no standby yet that could be waited for.
    $standby->append_conf('postgresql.conf', join "\n", "primary_slot_name = 'standby'", "synchronized_standby_slots = ''",
        sprintf "primary_conninfo = 'host=%s port=%s dbname=postgres application_name=%s'", $primary->host, $primary->port, $name);
    $standby->start;
    return $standby;
}
# A relay with a connection string of its own.
sub to_servers
{
    my (@conninfo) = @_;
    my $text = @conninfo > 1 ? sprintf($conninfo[0], @conninfo[ 1 .. $#conninfo ]) : $conninfo[0];
    return GpsyncTest::Relay->spawn('relay_legacy', [ GpsyncTest::Relay::program(), '--dbname', $text, '--stream', 'legacy' ]);
}
sub slot_of { my ($node) = @_; return $node->sql(q{SELECT concat_ws(' ', failover, synced, temporary) FROM pg_replication_slots WHERE plugin = 'gpsync_decoder'}) }
sub findings { my ($node, $check) = @_; return $node->sql("SELECT coalesce(string_agg(severity || ' ' || finding || ' => ' || fix, E'\\n'), '') FROM gpsync.doctor() WHERE check_name = '$check'") }

# Updates of one row after the other, as fast as the rate says; what each wrote, and whether it was committed, is in the table itself.
sub load_on
{
    my ($node) = @_;
    my $script = $node->basedir . '/load.sql';
    PostgreSQL::Test::Utils::append_to_file($script, "\\set n random(1, 500)\nUPDATE provision_status SET status = status WHERE provision_id = 'row_' || :n;\n") unless -e $script;
    return GpsyncTest::Process->spawn('load', [ 'pgbench', '-n', '-c', '4', '-T', '600', '-R', $rate, '-f', $script, '-h', $node->host, '-p', $node->port, 'postgres' ]);
}

my $nws     = GpsyncTest::Emulator->new('nws');
my $primary = GpsyncTest->new('node0');
$primary->init(allows_streaming => 'logical', extra => [ '--no-locale', '--encoding=UTF8' ]);
$primary->configure;
$primary->start;
plan(skip_all => 'slots are synchronised from PostgreSQL 17 on') if $primary->sql('SHOW server_version_num') < 170000;
$primary->create_platform;
$primary->create_endpoint($nws);
$primary->create_stream('legacy', 'nws');
is(slot_of($primary), 'f f f', 'without settings for it, a slot stays with its primary');
$primary->sql(q{SELECT gpsync.drop_stream('legacy')});

# --- the doctor, before there is a standby
synchronised($primary);
$primary->restart;
$primary->create_stream('legacy', 'nws', { failover => 'false' });
my ($slot) = $primary->sql(q{SELECT slot_name FROM gpsync.stream_status});
like(findings($primary, 'failover'), qr/^warning replication slot "$slot" is not synchronised to standbys, others are: a promotion loses it => SELECT gpsync.pause_stream/, 'a slot that a promotion loses is found');
$primary->sql(q{SELECT gpsync.pause_stream('legacy')});
my (undef, undef, $error) = $primary->psql('postgres', qq{ALTER_REPLICATION_SLOT "$slot" (FAILOVER true)}, replication => 'database');
is($error, '', '... its fix runs');
$primary->sql(q{SELECT gpsync.resume_stream('legacy')});
is($primary->sql('SELECT failover FROM gpsync.stream_status'), 't', '... and the slot is synchronised');
unlike(findings($primary, 'failover'), qr/a promotion loses it/, '... and the finding gone');
$primary->sql(q{SELECT gpsync.drop_stream('legacy')});
$primary->create_stream('legacy', 'nws');
is(slot_of($primary), 't f f', 'where synchronised slots are configured, create_stream() makes one');
is($primary->sql('SELECT failover FROM gpsync.stream'), 't', '... and the stream keeps it');
like(findings($primary, 'failover'), qr/^error standby slot "standby" of synchronized_standby_slots does not exist: streams legacy wait for it.* => -- start its standby, or leave it out:\nALTER SYSTEM SET synchronized_standby_slots = ''/, 'a standby slot that does not exist is found');
$primary->sql(q{SELECT pg_create_physical_replication_slot('standby', true)});
like(findings($primary, 'failover'), qr/^error standby slot "standby" of synchronized_standby_slots is not in use: streams legacy wait/, '... and one whose standby is away');
my $relay = $primary->start_relay('legacy');
$primary->sql(q{SELECT gpsync.generate_test_data('provision_status', 500, 'row_')});
ok($primary->wait_for_sql(q{SELECT wait_event FROM pg_stat_activity WHERE backend_type = 'walsender' AND application_name = 'gpsync-relay'}, 'WaitForStandbyConfirmation'), 'nothing is sent before the standby has it');
like(findings($primary, 'failover'), qr/is not in use: streams legacy wait for it \(WaitForStandbyConfirmation\)/, '... and the doctor says what it waits for');
is(scalar(my @none = $nws->events), 0, '... not one event');
my $standby = standby_of($primary, 'node1');
$primary->wait_for_sync;
is(findings($primary, 'failover'), '', 'with the standby there, there is no finding');
$primary->sql(q{ALTER SYSTEM SET synchronized_standby_slots = ''; SELECT pg_reload_conf()});
ok(GpsyncTest::wait_until(sub { findings($primary, 'failover') =~ /^warning streams legacy are synchronised to standbys, and synchronized_standby_slots is empty.*SET synchronized_standby_slots = standby;/s }, 'found'), 'an empty synchronized_standby_slots is found');
$primary->sql(q{ALTER SYSTEM RESET synchronized_standby_slots; SELECT pg_reload_conf()});

# --- the doctor on the standby
ok($standby->wait_for_sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '$slot' AND synced AND NOT temporary", 1), 'the standby takes the slot over');
is(findings($standby, 'failover') . findings($standby, 'slot'), '', '... and there is no finding');
my $early = to_servers($standby->connstr('postgres') . ' user=relay');
ok(GpsyncTest::wait_until(sub { $early->log =~ /this server is a standby, and its primary delivers stream/ }, 'a relay there says so'), 'a relay of the standby waits for a promotion');
ok($early->is_running, '... and does not end');
$early->stop;
$standby->append_conf('postgresql.conf', "gpsync.home = 'other'");
$standby->reload;
ok(GpsyncTest::wait_until(sub { findings($standby, 'failover') =~ /standby's home is not that of stream "legacy".*gpsync.home = 'pair'/s }, 'found'), 'another home is found');
$standby->append_conf('postgresql.conf', "gpsync.home = 'pair'");
$standby->reload;
$relay->stop;

# --- failovers
my ($worst, $lost, $pending) = (0, 0, 0);
for my $round (1 .. $rounds)
{
    # Made before the primary goes: it has the port of the next one in its list.
    $relay = to_servers('host=%s,%s port=%s,%s dbname=postgres user=relay target_session_attrs=read-write',
        $primary->host, $standby->host, $primary->port, $standby->port);
    my $load  = load_on($primary);
    my $start = scalar(my @before = $nws->events);
    GpsyncTest::wait_until(sub { scalar(my @now = $nws->events) > $start + 3 * $rate }, 'the load is delivered');
    $standby->wait_for_sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '$slot' AND synced AND NOT temporary", 1);
    my $killed = time;
    $primary->kill9;
    $load->kill9;
    $standby->promote;
    # The next event that is taken and booked.
    $standby->sql(qq{UPDATE provision_status SET status = status WHERE provision_id = 'row_1'});
    ok($standby->wait_for_sql(q{SELECT sync_status FROM provision_status WHERE provision_id = 'row_1'}, 'COMPLETED'), "round $round: the stream goes on at the promoted standby");
    my $gap = time - $killed;
    $worst = $gap if $gap > $worst;
    $standby->wait_for_sync;
    my $differences = $standby->ledger_differences($nws, 'provision_status');
    is($differences, '', '... nothing is lost');
    my $left = $standby->sql(q{SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'});
    is($left, 0, '... nothing stays PENDING');
    note(sprintf 'round %d: %.2f s from the kill to the next booked event', $round, $gap);
    $relay->stop;
    last if $round == $rounds;

    $standby->sql(q{SELECT pg_create_physical_replication_slot('standby', true)});
    $standby->append_conf('postgresql.conf', "synchronized_standby_slots = 'standby'");
    $standby->reload;
    my $next = standby_of($standby, 'node' . ($round + 1));
    ($primary, $standby) = ($standby, $next);
}
diag(sprintf '%d failovers under %d updates/s: longest gap %.2f s', $rounds, $rate, $worst);
done_testing;
