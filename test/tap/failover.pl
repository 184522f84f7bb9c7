# A failover without synchronised slots (every version): the primary is killed under load, a standby is promoted. The doctor
# and stream_status say what is missing, with the fix; after the fix the stream goes on, nothing is lost and nothing stays PENDING.
# What is sent again is what docs/failover.md says: rows that the standby has as PENDING.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $nws     = GpsyncTest::Emulator->new('nws');
my $primary = GpsyncTest->new_node('primary');
$primary->create_platform;
$primary->create_endpoint($nws);
if ($primary->sql('SHOW server_version_num') < 170000)
{
    my ($state, $error) = $primary->sql_error(q{SELECT gpsync.create_stream('legacy', '{nws}', failover => true)});
    is($state, '0A000', 'failover => true is refused before PostgreSQL 17');
    like($error, qr/needs PostgreSQL 17.*HINT:.*recreate_stream/s, '... with what to do instead');
}
$primary->create_stream('legacy', 'nws', { failover => 'false' });
is($primary->sql('SELECT failover FROM gpsync.stream_status'), 'f', 'the slot stays on the primary');
$primary->backup('base');
my $standby = GpsyncTest->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
my $relay = $primary->start_relay('legacy');
$primary->sql(q{SELECT gpsync.generate_test_data('provision_status', 200, 'row_')});
$primary->wait_for_sync;

sub events { return scalar(my @events = $nws->events) }

# Updates one by one until the server is killed.
my $load = GpsyncTest::Process->spawn('load', [ 'bash', '-c',
    'for i in $(seq 1 100000); do echo "UPDATE provision_status SET status = status WHERE provision_id = $\$row_$((i % 200 + 1))$\$;"; done | psql -X -q -d "$0"',
    $primary->connstr('postgres') ]);
GpsyncTest::wait_until(sub { events() > 1000 }, 'the load is delivered');
$primary->sql(q{DELETE FROM provision_status WHERE provision_id = 'row_200'});
$primary->kill9;
$relay->stop;
$load->wait_exit;
$standby->promote;
$standby->wait_for_sql('SELECT NOT pg_is_in_recovery()');

like($standby->sql('SELECT concat_ws($$|$$, slot_state, last_error) FROM gpsync.stream_status'), qr/^missing\|.*promoted standby/, 'stream_status says that the slot is missing');
my ($found) = $standby->sql(q{SELECT concat_ws('|', severity, fix) FROM gpsync.doctor() WHERE check_name = 'slot'});
like($found, qr/^error\|.*SELECT gpsync\.recreate_stream\('legacy'\)/s, '... and the doctor, with the fix');
my $again = $standby->start_relay('legacy');
is($again->wait_exit, 1, 'a relay does not go on as if nothing had happened');
like($again->log, qr/promoted standby.*recreate_stream/, '... and says why, and what to do');

my $pending = $standby->sql(q{SELECT coalesce(string_agg(provision_id, ' ' ORDER BY provision_id), '') FROM provision_status WHERE sync_status = 'PENDING'});
my $before  = events();
my $end     = $standby->sql('SELECT pg_current_wal_insert_lsn()');
my $said    = '';
$standby->psql('postgres', $standby->sql(q{SELECT fix FROM gpsync.doctor() WHERE check_name = 'slot'}), stderr => \$said, on_error_die => 1);
like($said, qr/rows of table public.provision_status are sent again/, 'the fix says what is sent again');
like($said, qr/Not known and not sent: rows deleted/, '... and what it cannot know');
is($standby->sql("SELECT commit_lsn - '$end' >= 16 * 1024 * 1024 FROM gpsync.stream_position"), 't', 'what comes now is behind what the old primary may have delivered');
$relay = $standby->start_relay('legacy');
$standby->wait_for_sync;
my %again = map { $_->{subject} =~ m{/(row_\d+)$} ? ($1 => 1) : () } ($nws->events)[ $before .. events() - 1 ];
is(join(' ', sort keys %again), $pending, 'sent again is what the standby had as PENDING, no more');
is($standby->sql(q{SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'}), 0, 'nothing stays PENDING');
my @rows = split /\n/, $standby->sql(q{SELECT provision_id FROM provision_status});
my %ledger = map { $_->{subject} =~ m{/(row_\d+)$} ? ($1 => 1) : () } $nws->ledger;
is((grep { !$ledger{$_} } @rows), 0, 'no row is missing at the endpoint');
$standby->sql(q{UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'row_7'});
$standby->wait_for_sync;
is($standby->sql(q{SELECT sync_status FROM provision_status WHERE provision_id = 'row_7'}), 'COMPLETED', 'the stream goes on');
is($standby->sql(q{SELECT count(*) FROM gpsync.doctor() WHERE severity = 'error'}), 0, 'the doctor finds no error');
done_testing;
