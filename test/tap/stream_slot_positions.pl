# A slot's confirmed position against the books: whoever else reads or moves a stream's slot loses changes, so the stream stops with the reason, and
# recreate_stream() mends it. Restarts, crashes and idle streams beside other WAL traffic never look like that.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $nws  = GpsyncTest::Emulator->new('nws');
my $node = GpsyncTest->new_node('main', checkpoint_timeout => '30s');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
$node->sql('CREATE TABLE foreign_traffic (n bigint)');
my $slot = $node->sql("SELECT gpsync_internal.slot_name('legacy')");

sub generate { my ($prefix) = @_; return $node->sql("SELECT gpsync.generate_test_data('provision_status', 5, '${prefix}_')") }
sub taken { my ($prefix) = @_; return scalar grep { $_->{subject} =~ m{/${prefix}_} } $nws->events }
sub state { return $node->sql('SELECT slot_state FROM gpsync.stream_status') }
sub problem { return $node->sql("SELECT concat_ws('|', state, problem, fix) FROM gpsync_internal.slot_problem('legacy')") }
sub confirmed { return $node->sql("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '$slot'") }

# --- no false alarm
my $relay = $node->start_relay('legacy');
generate('first');
$node->wait_for_sync;
is(problem(), '', 'a relay at work has no problem');
my $alarms = 0;
my $before = confirmed();
for my $round (1 .. 60)
{
    $node->sql('INSERT INTO foreign_traffic SELECT generate_series(1, 200)');
    ++$alarms if problem() ne '' || state() eq 'consumed';
}
is($alarms, 0, 'an idle stream beside WAL of others never looks consumed');
$node->wait_for_sync;
is($node->sql("SELECT pg_wal_lsn_diff('" . confirmed() . "', '$before') > 100000"), 't', '... and its slot follows');
$node->sql("BEGIN; SELECT pg_logical_emit_message(true, 'other', 'x'); COMMIT");
my $start = time;
$node->wait_for_sync;
cmp_ok(time - $start, '<', 5, '... without anybody waiting for it');
for my $way (qw(kill9 stop))
{
    generate($way);
    $relay->$way;
    $node->sql('INSERT INTO foreign_traffic SELECT generate_series(1, 200)');
    is(problem(), '', "$way of the relay leaves no problem");
    $relay = $node->start_relay('legacy');
    $node->wait_for_sync;
    is(taken($way), 5, '... and nothing is missing');
}
for my $mode (qw(immediate fast))
{
    $node->sql('INSERT INTO foreign_traffic SELECT generate_series(1, 200)');
    generate($mode);
    ok(GpsyncTest::wait_until(sub { taken($mode) == 5 }, 'it is delivered'), 'delivered');
    $node->sql('CHECKPOINT') if $mode eq 'fast';
    $node->stop($mode);
    $node->start;
    is(problem(), '', "a server that was stopped in mode $mode has no problem");
    ok($node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'streaming'), '... and the relay comes back');
    generate("after$mode");
    $node->wait_for_sync;
    is(taken("after$mode"), 5, '... and delivers');
}
$relay->stop;
$node->sql("SELECT gpsync.pause_stream('legacy')");
$node->sql("SELECT gpsync.resume_stream('legacy')");
is(problem(), '', 'pause and resume leave no problem');

# --- each way to take what is the relay's: $consume is called while there is no relay and five rows wait
my %consumers = (
    advance => sub { $node->sql("SELECT pg_replication_slot_advance('$slot', pg_current_wal_lsn())") },
    sql     => sub { $node->sql("SELECT count(*) FROM pg_logical_slot_get_changes('$slot', NULL, NULL, 'publication_names', 'gpsync')") },
    program => sub {
        my $end  = $node->sql('SELECT pg_current_wal_lsn()');
        my ($out, $err);
        PostgreSQL::Test::Utils::run_command([ 'pg_recvlogical', '-d', $node->connstr('postgres'), '-S', $slot, '--start', '-f', '-',
            '-o', 'publication_names=gpsync', '--endpos', $end, '--no-loop' ]);
    });
for my $way (sort keys %consumers)
{
    generate("lost$way");
    $consumers{$way}->();
    is(state(), 'consumed', "$way: stream_status says so");
    like(problem(), qr/^consumed\|replication slot "$slot" is ahead of the books.*\|SELECT gpsync.recreate_stream\('legacy'\)$/, '... the reason names both, with the fix');
    like($node->sql("SELECT concat_ws('|', severity, finding, fix) FROM gpsync.doctor() WHERE check_name = 'slot'"),
        qr/^error\|.*ahead of the books.*recreate_stream/, '... and the doctor');
    my $second = $node->start_relay('legacy');
    is($second->wait_exit, 1, '... a relay leaves: trying again does not help');
    like($second->log, qr/ahead of the books/, '... and says why');
    is(($node->sql_error("SELECT gpsync.resume_stream('legacy')"))[0], '55000', '... resume_stream() refuses');
    is(taken("lost$way"), 0, '... nothing was delivered');
    $node->sql($node->sql("SELECT fix FROM gpsync_internal.slot_problem('legacy')"));
    is(problem(), '', '... recreate_stream() mends it');
    $relay = $node->start_relay('legacy');
    $node->wait_for_sync;
    is(taken("lost$way"), 5, '... and what was lost is sent again');
    $relay->stop;
}

# --- what lies between is nothing of the stream: the books cannot know, so it counts all the same
$node->sql('INSERT INTO foreign_traffic VALUES (1)');
$consumers{advance}->();
is(state(), 'consumed', 'the books do not guess what was passed over');
$node->sql("SELECT gpsync.recreate_stream('legacy')");

# --- somebody reads the slot while a relay stands by for it, and leaves again
generate('between');
my $reader = GpsyncTest::Process->spawn('reader', [ 'pg_recvlogical', '-d', $node->connstr('postgres'), '-S', $slot, '--start', '-f', '/dev/null',
    '-o', 'publication_names=gpsync', '--status-interval', '1' ]);
ok($node->wait_for_sql("SELECT active FROM pg_replication_slots WHERE slot_name = '$slot'"), 'another program reads the slot');
$relay = $node->start_relay('legacy');
ok(GpsyncTest::wait_until(sub { $relay->log =~ /standing by: the slot is in use|ahead of the books/ }, 'the relay stands by'), 'the relay stands by');
ok($node->wait_for_sql("SELECT confirmed_flush_lsn > p.confirmed_lsn FROM pg_replication_slots AS r JOIN gpsync.stream_position AS p USING (slot_name)"), 'the other confirms');
$reader->stop;
is($relay->wait_exit, 1, '... and the relay does not go on as if nothing were missing');
like($relay->log, qr/ahead of the books/, '... and says why');
$node->sql("SELECT gpsync.recreate_stream('legacy')");
$relay = $node->start_relay('legacy');
$node->wait_for_sync;
is(taken('between'), 5, '... recreate_stream() sends it again');

# --- a promoted standby with a slot made there, in place of a copied one, further than the books that came with the WAL
$node->backup('base');
my $standby = GpsyncTest->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay');
$standby->promote;
ok($standby->wait_for_sql('SELECT pg_is_in_recovery()', 'f'), 'a standby is promoted');
$standby->sql("SELECT pg_create_logical_replication_slot('$slot', 'gpsync_decoder')");
is($standby->sql('SELECT slot_state FROM gpsync.stream_status'), 'consumed', 'a slot that begins beyond the books is found there');
is(($standby->sql_error("SELECT gpsync.resume_stream('legacy')"))[0], '55000', '... and resume_stream() does not make it the home');
$standby->sql("SELECT gpsync.recreate_stream('legacy')");
is($standby->sql("SELECT count(*) FROM gpsync_internal.slot_problem('legacy')"), 0, '... recreate_stream() does');
is(problem(), '', 'the first server is fine');
done_testing;
