# The supervisor, with a program in the relay's place: who runs when, what happens to its output, how it ends.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use File::Copy qw(copy);
use Test::More;
use Time::HiRes qw(time);

my $dir = PostgreSQL::Test::Utils::tempdir();
my $program = "$dir/fake-relay";
copy("$ENV{GPSYNC_TEST_ROOT}/test/tap/fake-relay", $program) or die "copy: $!";
chmod 0755, $program;

sub set_mode
{
    my ($stream, $mode) = @_;
    open my $file, '>', "$dir/$stream.mode" or die $!;
    print $file $mode;
    return close $file;
}

# PIDs the program was started with for a stream, in order.
sub pids
{
    my ($stream) = @_;
    my @pids;
    if (open my $file, '<', "$dir/calls") { @pids = map { (split /\t/)[1] } grep { /^\Q$stream\E\t/ } <$file> }
    return @pids;
}

sub arguments
{
    my ($stream) = @_;
    open my $file, '<', "$dir/calls" or return '';
    return (grep { /^\Q$stream\E\t/ } <$file>)[-1];
}

# Running, and not only a zombie that nobody has waited for.
sub alive
{
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/stat" or return 0;
    my $stat = <$file> // return 0;                             # it went after the file was opened
    return ($stat =~ /\) ([A-Z])/)[0] ne 'Z';
}

sub wait_started
{
    my ($stream, $count, $what, $timeout) = @_;
    return ok(GpsyncTest::wait_until(sub { pids($stream) >= $count }, "$stream was started $count times", $timeout), $what);
}

sub wait_gone
{
    my ($pid, $what) = @_;
    return ok(GpsyncTest::wait_until(sub { !alive($pid) }, "PID $pid is gone"), $what);
}

my $node = GpsyncTest->new_node('main',
    shared_preload_libraries => 'gpsync', 'gpsync.databases' => 'postgres, missing, "postgres"', 'gpsync.relay_path' => $program);

sub logged
{
    my ($pattern) = @_;
    return GpsyncTest::wait_until(sub { PostgreSQL::Test::Utils::slurp_file($node->logfile) =~ $pattern }, "the log has $pattern");
}

# --- settings ---------------------------------------------------------------------------------------------
for my $bad ("user=a password=secret", "sslpassword = x", "dbname=other", "postgresql://u:p\@h/d", "host='a")
{
    my ($state) = $node->sql_error("ALTER SYSTEM SET gpsync.relay_conninfo = '" . $bad =~ s/'/''/gr . "'");
    is($state, '22023', "relay_conninfo is refused: $bad");
}
is(($node->sql_error("ALTER SYSTEM SET gpsync.metrics_listen = 'localhost'"))[0], '22023', 'metrics_listen without a port is refused');
is(($node->sql_error("ALTER SYSTEM SET gpsync.databases = 'a,,b'"))[0], '22023', 'a malformed list of databases is refused');
is(($node->sql_error("SET gpsync.no_such_setting = 1"))[0], '42602', 'the prefix is reserved');

# --- no extension, no stream ------------------------------------------------------------------------------
ok($node->wait_for_sql("SELECT query FROM pg_stat_activity WHERE backend_type = 'gpsync supervisor'", '0 of 0 relays running'),
    'the supervisor is seen in pg_stat_activity, and waits for the extension');
ok(logged(qr/database "missing" does not exist/), 'a database that is missing is in the log');

$node->create_platform;
$node->sql("CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/')");

# --- one relay a stream ----------------------------------------------------------------------------------
my $start = time;
$node->create_stream('one', 'nws');
wait_started('one', 1, 'a stream gets its relay');
cmp_ok(time - $start, '<', 5, '... at once');
my ($one) = pids('one');
like(PostgreSQL::Test::Utils::slurp_file("$dir/calls"), qr/\Aone\t/, 'nothing ran before there was a stream');
like(arguments('one'), qr/--dbname\thost='\S+' port='\d+' application_name='gpsync-relay one'  dbname='postgres'\t--stream\tone\n/, 'it knows where to connect');
ok(logged(qr/LOG:  gpsync-relay of stream "one": \{"level":"info","message":"hello from one"\}/), 'its output is in the log');
ok(logged(qr/WARNING:  gpsync-relay of stream "one": \{"level":"error"/), '... at its level');
ok(logged(qr/gpsync-relay of stream "one": open: \[\] group: own/), 'it inherits no file, and has a process group of its own');
ok($node->wait_for_sql("SELECT query FROM pg_stat_activity WHERE backend_type = 'gpsync supervisor'", '1 of 1 relays running'), 'pg_stat_activity says so');

$node->sql("BEGIN; UPDATE gpsync.stream SET paused = true; ROLLBACK");
set_mode('two', 'flood');
$node->sql("SELECT gpsync.create_stream('two', endpoints => '{nws}', bookkeeping => false)");
wait_started('two', 1, 'a second stream gets its own');
ok(alive($one), '... beside the first, which what was rolled back did not touch');
ok(logged(qr/stream "two": x{8192} \[cut\]\n/), 'a long line is cut');
ok(logged(qr/stream "two": %s%n \?\[31mred \?\n/), 'a line is text, whatever is in it');

# --- killed, restarted with back-off ---------------------------------------------------------------------
kill 'KILL', $one;
$start = time;
wait_started('one', 2, 'a killed relay is started again');
cmp_ok(time - $start, '>', 0.7, '... not before a second');
kill 'KILL', (pids('one'))[-1];
$start = time;
wait_started('one', 3, '... and again');
cmp_ok(time - $start, '>', 1.7, '... after twice the time');
ok(logged(qr/gpsync-relay of stream "one": child process was terminated by signal 9: Killed.*\n.*DETAIL:  It is started again in 2 s/), 'the log says why, and when');

# --- pause and resume ------------------------------------------------------------------------------------
my $pid = (pids('one'))[-1];
$node->sql("SELECT gpsync.pause_stream('one')");
wait_gone($pid, 'a paused stream has no relay');
ok(logged(qr/stream "one": \{"level":"info","message":"bye from one"\}/), '... it could say good-bye');
ok($node->wait_for_sql("SELECT query FROM pg_stat_activity WHERE backend_type = 'gpsync supervisor'", '1 of 1 relays running'),
    '... and the supervisor does not look after it any more');
is(scalar(pids('one')), 3, '... so that it is not started again');
$node->sql("SELECT gpsync.resume_stream('one')");
wait_started('one', 4, 'a resumed one has');

# --- configuration ---------------------------------------------------------------------------------------
set_mode('three', 'exit 1');
$node->create_stream('three', 'nws', { bookkeeping => 'false' });
wait_started('three', 1, 'a relay that cannot run with its configuration');
# For how long it is left alone: process_keeper_test.cpp, on a virtual clock.
ok(logged(qr/stream "three": child process exited with exit code 1\n.*DETAIL:  It cannot run with this configuration; it is started again when that changes, or in (?:59|60) s/),
    '... is named in the log, with how long it is left alone');
is(scalar(pids('three')), 1, '... is not started again');
$node->sql("ALTER SERVER nws OPTIONS (ADD batch_size '7')");
wait_started('three', 2, '... until the configuration changes', 10);

$pid = (pids('one'))[-1];
$node->append_conf('postgresql.conf', "gpsync.relay_conninfo = 'user=relay'\ngpsync.metrics_listen = '127.0.0.1:9900'\n");
$node->reload;
wait_gone($pid, 'other settings make a relay start again');
ok(GpsyncTest::wait_until(sub { arguments('one') =~ /user=relay dbname='postgres'.*--metrics-listen\t127\.0\.0\.1:\d+/ }, 'relay one has the settings'), '... with them');
ok(GpsyncTest::wait_until(sub { 2 == grep { arguments($_) =~ /--metrics-listen/ } 'two', 'three' }, 'all have the settings'), '... each of them');
my %ports = map { $_ => 1 } map { arguments($_) =~ /127\.0\.0\.1:(\d+)/ } 'one', 'two', 'three';
is(scalar(keys %ports), 3, '... and a metrics port of its own');
$node->append_conf('postgresql.conf', "gpsync.metrics_token_file = '/etc/gpsync/page.token'\n");
$node->reload;
ok(GpsyncTest::wait_until(sub { 3 == grep { arguments($_) =~ /--metrics-token-file\t\/etc\/gpsync\/page\.token/ } 'one', 'two', 'three' }, 'all have the token'), '... and the token of the status page');
ok($ports{9900}, '... the first being the one that was set');

$node->append_conf('postgresql.conf', "gpsync.relay_path = '$dir/nowhere'\n");
$pid = (pids('one'))[-1];
$node->reload;
wait_gone($pid, 'with another program');
ok(logged(qr/could not start ".*nowhere": No such file/), '... that is missing, the log says so');
$node->append_conf('postgresql.conf', "gpsync.relay_path = '$program'\n");
$node->reload;
my $before = pids('one');
ok(GpsyncTest::wait_until(sub { alive((pids('one'))[-1]) }, 'relay one runs'), 'mended, it runs again');

# --- the supervisor itself -------------------------------------------------------------------------------
$pid = (pids('one'))[-1];
$node->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'gpsync supervisor'");
wait_gone($pid, 'relays go with their supervisor');
ok(GpsyncTest::wait_until(sub { alive((pids('one'))[-1]) }, 'relay one runs', 30), '... which comes back, and they with it');

is($node->sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'gpsync supervisor' AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)"),
    '0', 'between its looks it holds no snapshot');

# --- stopping the server ---------------------------------------------------------------------------------
sub running_pids { return grep { alive($_) } map { (pids($_))[-1] // () } 'one', 'two', 'three' }

my @running;
ok(GpsyncTest::wait_until(sub { (@running = running_pids()) >= 2 }, 'relays run'), 'relays run');
$node->stop('fast');
is(scalar(grep { alive($_) } @running), 0, 'they go down with the server: fast');
ok(logged(qr/bye from one/), '... having been asked to');

set_mode('one', 'ignore-term');
my $starts = pids('one');
$node->start;
wait_started('one', $starts + 1, 'the server up again');
$start = time;
$node->stop('fast');
cmp_ok(time - $start, '<', 10, 'a relay that does not listen does not keep the server from going down');
is(scalar(running_pids()), 0, '... and goes with it');

set_mode('one', 'run');
for my $how ('immediate', 'kill9')
{
    $starts = pids('one');
    $node->start;
    wait_started('one', $starts + 1, 'the server up again');
    @running = running_pids();
    # A server cannot start while processes of a killed one are there.
    push @running, split /\n/, $node->sql('SELECT pid FROM pg_stat_activity');
    my ($postmaster) = PostgreSQL::Test::Utils::slurp_file($node->data_dir . '/postmaster.pid') =~ /^(\d+)/;
    if ($how eq 'kill9') { $node->kill9 } else { $node->stop($how) }
    ok(GpsyncTest::wait_until(sub { !grep { alive($_) } @running }, 'all processes are gone', 20), "they go down with the server: $how");
    ok(GpsyncTest::wait_until(sub { !kill 0, $postmaster }, 'the postmaster is reaped'), '... and the postmaster');
}

# --- a backend crash -------------------------------------------------------------------------------------
$starts = pids('one');
$node->start;
wait_started('one', $starts + 1, 'the server up again');
@running = running_pids();
my $backend = $node->background_psql('postgres', on_error_die => 0, on_error_stop => 0);
my $victim  = $backend->query('SELECT pg_backend_pid()');
kill 'KILL', $victim;
ok(GpsyncTest::wait_until(sub { !grep { alive($_) } @running }, 'relays are gone', 20), 'a backend crash takes the relays along');
wait_started('one', $starts + 2, '... and the restarted server starts them again', 40);
eval { $backend->quit };

# --- DROP DATABASE ---------------------------------------------------------------------------------------
$node->wait_for_sql('SELECT 1', 1);
$node->sql("SELECT gpsync.drop_stream(stream) FROM gpsync.stream");
$pid = (pids('one'))[-1];
wait_gone($pid, 'a dropped stream has no relay');
$node->stop('fast');
$node->append_conf('postgresql.conf', "gpsync.databases = 'victim'\n");
$node->start;
$node->sql('CREATE DATABASE victim');
ok($node->wait_for_sql("SELECT count(*) FROM pg_stat_activity WHERE datname = 'victim'", '1', 30), 'a supervisor for a database created later');
$node->safe_psql('victim', 'CREATE EXTENSION gpsync');
$node->sql('DROP DATABASE victim');
is($node->sql("SELECT count(*) FROM pg_database WHERE datname = 'victim'"), '0', '... does not hold up DROP DATABASE while there is no stream');
$node->sql('CREATE DATABASE victim');
ok($node->wait_for_sql("SELECT count(*) FROM pg_stat_activity WHERE datname = 'victim'", '1', 30), 'it comes back when the database does');
$node->sql('DROP DATABASE victim WITH (FORCE)');
is($node->sql("SELECT count(*) FROM pg_database WHERE datname = 'victim'"), '0', '... and DROP DATABASE ... WITH (FORCE) is at once');
$node->stop('fast');

done_testing;
