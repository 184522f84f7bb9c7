# Home: a copy of a cluster's files, started beside the original, delivers nothing until somebody says so with resume_stream(); the original
# notices nothing. The same files started in another way (a symbolic link) and servers that the operator gave one name are at home.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use PostgreSQL::Test::Utils ();
use Test::More;

my $nws  = GpsyncTest::Emulator->new('nws');
my $main = GpsyncTest->new_node('main');

# The settings that differ between a server and its copy.
sub supervise
{
    my ($node, %conf) = @_;
    $node->configure(
        shared_preload_libraries => 'gpsync',
        'gpsync.databases'       => 'postgres',
        'gpsync.relay_conninfo'  => 'host=' . $node->host . ' port=' . $node->port . ' user=relay',
        port                     => $node->port,
        %conf);
    return;
}

# A cold copy of a stopped cluster, not started.
sub copy_of
{
    my ($node, $name, %conf) = @_;
    my $copy = GpsyncTest->new($name);
    PostgreSQL::Test::Utils::system_or_bail('mkdir', '-p', $copy->basedir);
    PostgreSQL::Test::Utils::system_or_bail('cp', '-a', $node->data_dir, $copy->data_dir);
    supervise($copy, %conf);
    return $copy;
}

sub generate { my ($node, $prefix) = @_; return $node->sql("SELECT gpsync.generate_test_data('provision_status', 5, '${prefix}_')") }
sub taken { my ($emulator, $prefix) = @_; return scalar grep { $_->{subject} =~ m{/${prefix}_} } $emulator->events }
sub reload { my ($node, $home) = @_; return $node->sql("ALTER SYSTEM SET gpsync.home = '$home'; SELECT pg_reload_conf()") }
sub state_of { my ($node) = @_; return $node->sql("SELECT concat_ws('|', slot_state, relay_state, paused) FROM gpsync.stream_status") }
sub advice { my ($node) = @_; return $node->sql("SELECT concat_ws('|', check_name, severity, finding, fix) FROM gpsync.doctor() WHERE check_name IN ('home', 'slot') AND severity = 'error'") }

supervise($main);
$main->restart;
$main->create_platform;
$main->create_endpoint($nws);
$main->create_stream('legacy', 'nws');
generate($main, 'first');
$main->wait_for_sync;
my $here = $main->sql('SELECT gpsync_internal.server_home()');
like($here, qr{^[^:]+:/\S+$}, 'the home is host name and data directory by default');
is($main->sql('SELECT owner || home FROM gpsync.stream'), "postgres$here", 'the stream has its owner and its home');

# --- a cold copy, started beside the original
$main->stop;
my $copy = copy_of($main, 'copy');
$main->start;
$copy->start;
is($copy->sql('SELECT system_identifier FROM pg_control_system()'), $main->sql('SELECT system_identifier FROM pg_control_system()'), 'the system identifier does not tell them apart');
my $there = $copy->sql('SELECT gpsync_internal.server_home()');
isnt($there, $here, 'the home does');
generate($copy, 'copied');
my $log = sub { PostgreSQL::Test::Utils::slurp_file($copy->logfile) };
ok(GpsyncTest::wait_until(sub { $log->() =~ /gpsync-relay.*belongs to another server/ }, 'the relay has left'), 'the relay that the copy starts leaves, and the log says why');
my $relay = $copy->start_relay('legacy');
is($relay->wait_exit, 1, 'so does one that somebody starts by hand: its configuration is wrong');
like($relay->log, qr/belongs to another server: its home is .*resume_stream/, '... and it says why, and what to do');
ok($copy->wait_for_sql("SELECT concat_ws('|', slot_state, relay_state, paused) FROM gpsync.stream_status", 'moved|paused|t'), 'stream_status shows it');
like($copy->sql('SELECT last_error FROM gpsync.stream_status'), qr/its home is "\Q$here\E", and this server's is "\Q$there\E"/, '... with both homes');
like(advice($copy), qr/^home\|error\|stream "legacy" belongs to another server.*\|-- check the servers' URLs first[^\n]*\nSELECT gpsync.resume_stream\('legacy'\)$/s, 'the doctor advises to check the URLs first');
my ($sqlstate, $error) = $copy->sql_error("SELECT gpsync_internal.relay_acquire('legacy')");
is($sqlstate, '55000', 'a relay that has its configuration from elsewhere does not acquire the stream');
like($error, qr/belongs to another server.*DETAIL.*its home.*HINT.*resume_stream/is, '... with DETAIL and HINT');
is(($copy->sql_error("SELECT gpsync.recreate_stream('legacy')"))[0], '55000', 'there is nothing to recreate: the slot is fine');
is(taken($nws, 'copied'), 0, 'nothing of the copy was delivered');
generate($main, 'second');
$main->wait_for_sync;
is(taken($nws, 'second'), 5, 'the original goes on');

# --- the operator lets the copy deliver, elsewhere
my $test = GpsyncTest::Emulator->new('test');
$copy->sql("ALTER SERVER nws OPTIONS (SET url '" . $test->url . "'); SELECT gpsync.resume_stream('legacy')");
$copy->wait_for_sync;
is(taken($test, 'copied'), 5, 'after resume_stream() the copy delivers');
is($copy->sql("SELECT home = gpsync_internal.server_home() AND NOT paused FROM gpsync.stream"), 't', '... and is the home');
is(advice($copy), '', '... and the doctor is content');
is(taken($nws, 'copied'), 0, 'the endpoint of the original has nothing of it');
is(state_of($main) =~ s/\|.*//r, 'active', 'the original is undisturbed');

# --- the home changes under a relay at work, and under a session that books
my $booking = GpsyncTest::Booking->new($copy, 'legacy', no_acquire => 1);
$copy->sql("SELECT gpsync.pause_stream('legacy')");
ok(GpsyncTest::wait_until(sub { $booking->query("SELECT gpsync_internal.relay_acquire('legacy')") eq 't' }, 'the stream is free'), 'a session books in the place of the relay');
my $refused = sub { $booking->query("SELECT gpsync_internal.relay_retry_deferred('legacy')"); return $booking->errors =~ /belongs to another server/ };
ok(!$refused->(), '... at home');
reload($copy, 'elsewhere');
ok(GpsyncTest::wait_until($refused, 'booking is refused'), '... and nowhere else');
reload($copy, '');
ok(GpsyncTest::wait_until(sub { !$refused->() }, 'booking works again'), '... and again at home');
$booking->quit;
$copy->sql("SELECT gpsync.resume_stream('legacy')");
ok($copy->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'streaming'), 'the relay is back');
reload($copy, 'elsewhere');
ok(GpsyncTest::wait_until(sub { state_of($copy) eq 'moved|paused|t' && $log->() =~ /home is .*, and this server's is "elsewhere"/ }, 'the relay has left'),
    'a relay at work leaves when its server has another home');
generate($copy, 'late');
is(taken($test, 'late'), 0, '... and delivers nothing more');
reload($copy, '');
ok(GpsyncTest::wait_until(sub { taken($test, 'late') == 5 }, 'the rest is delivered'), 'at home again it goes on without a word');

# --- the same files, started through a symbolic link with a slash at its end
$copy->stop;
my $link = $copy->basedir . '/link';
symlink $copy->data_dir, $link or die "symlink: $!";
PostgreSQL::Test::Utils::system_or_bail('pg_ctl', '-w', '-s', '-D', "$link/", '-l', $copy->logfile, 'start');
is($copy->sql('SELECT gpsync_internal.server_home()'), $there, 'a symbolic link to the data directory makes no other home');
PostgreSQL::Test::Utils::system_or_bail('pg_ctl', '-w', '-s', '-D', $copy->data_dir, '-m', 'fast', 'stop');

# --- one name for both is the operator's word
reload($main, 'ours');
ok($main->wait_for_sql('SELECT slot_state FROM gpsync.stream_status', 'moved'), 'a new name is another home, at once');
$main->sql("SELECT gpsync.resume_stream('legacy')");
$main->stop;
my $named = copy_of($main, 'named');
$named->start;
is($named->sql('SELECT slot_state <> \'moved\' FROM gpsync.stream_status'), 't', 'two servers of one name are one home');
generate($named, 'named');
$named->wait_for_sync;
is(taken($nws, 'named'), 5, '... and deliver');
$named->stop;
$main->start;

# --- a physical standby shows the streams, and when it is promoted it is another home
$main->sql("ALTER SYSTEM RESET gpsync.home; SELECT pg_reload_conf()");
ok($main->wait_for_sql('SELECT gpsync_internal.server_home()', $here), 'the default again');
$main->sql("SELECT gpsync.resume_stream('legacy')");
$main->backup('base');
my $standby = GpsyncTest->new('standby');
$standby->init_from_backup($main, 'base', has_streaming => 1);
supervise($standby);
$standby->start;
$main->wait_for_catchup($standby, 'replay');
is(state_of($standby) =~ s/\|.*//r, 'missing', 'stream_status works on a standby, which has no slot');
is($standby->sql('SELECT count(*) FROM gpsync.endpoint_status'), 1, '... and so does endpoint_status');
like($standby->sql('SELECT string_agg(finding, $$ $$) FROM gpsync.doctor()'), qr/does not exist/, '... and the doctor');
$standby->promote;
ok($standby->wait_for_sql('SELECT pg_is_in_recovery()', 'f'), 'it is promoted');
like(advice($standby), qr/^slot\|error\|.*does not exist; this server is a promoted standby, a copy or a restored backup of "\Q$here\E"\|-- check the servers' URLs first[^\n]*\nSELECT gpsync.recreate_stream/s, 'recreating it there also begins with the URLs');
is(($standby->sql_error("SELECT gpsync.resume_stream('legacy')"))[0], '55000', 'resume_stream() is not enough without a slot');
is($standby->sql('SELECT home FROM gpsync.stream'), $here, '... and leaves the home');
$standby->sql("ALTER SERVER nws OPTIONS (SET url '" . $test->url . "'); SELECT gpsync.recreate_stream('legacy')");
generate($standby, 'promoted');
$standby->wait_for_sync;
is(taken($test, 'promoted'), 5, 'recreate_stream() makes it the home');
generate($main, 'last');
$main->wait_for_sync;
is(taken($nws, 'last'), 5, 'the original has gone on all the while');

# --- no session can say what the home is, also where the library is loaded late
$standby->configure(shared_preload_libraries => '');
$standby->restart;
my $real = $standby->sql('SELECT gpsync_internal.server_home()');
$standby->sql("ALTER DATABASE postgres SET gpsync.home = '$here'; ALTER ROLE relay SET gpsync.home = '$here'");
for my $options ('', "-c gpsync.home=$here")
{
    local $ENV{PGOPTIONS} = $options;
    my ($out, $err) = ('', '');
    $standby->psql('postgres', "SET gpsync.home = '$here'; SELECT 1 FROM gpsync_internal.relay_config('legacy'); SHOW gpsync.home",
        extra_params => [ '-U', 'relay' ], on_error_stop => 0, stdout => \$out, stderr => \$err);
    is($out, "1\n", "a role and a session with \"$options\" have no say in it");
}

done_testing;
