# TAP tests of gpsync: a cluster of PostgreSQL::Test::Cluster with gpsync loaded from a stage, emulators of the
# legacy endpoints, and relay processes. Whatever a test starts ends with it.
#
#   use FindBin;
#   use lib "$FindBin::RealBin/lib";
#   use GpsyncTest;
#   use Test::More;
#
#   my $node = GpsyncTest->new_node('main');            # initialised, started; any setting can follow the name
#   my $nws  = GpsyncTest::Emulator->new('nws');        # started, on a free loopback port
#   $node->create_platform;                             # extension, the three tables attached, role "relay"
#   $node->create_endpoint($nws, batch_size => 10);     # CREATE SERVER nws …
#   $node->create_stream('legacy', 'nws');
#   my $relay = $node->start_relay('legacy');           # ->kill9, ->stop, ->log, ->is_running
#   $node->sql("SELECT gpsync.generate_test_data('provision_status', 10)");
#   $node->wait_for_sync;
#   $node->ledger_agrees($nws, 'provision_status');     # a test: row by row
#   $nws->faults(kind => 'status', status => 503, seconds => 2);
#   done_testing;
#
# Run one with scripts/tap test/tap/NAME.pl. The environment says where things are:
#   GPSYNC_STAGE     what `make stage` made (default build/stage)
#   GPSYNC_EMULATOR  the nws-emulator program (default build/cmake/nws-emulator)
#   GPSYNC_TOKEN_SYSTEM  the token-system program (default build/cmake/token-system)
#   PG_CONFIG        the server to test (default: what scripts/pg-config names)
#   TESTDIR          where clusters and logs go (default a folder under /tmp, removed when all passed)
package GpsyncTest;

use strict;
use warnings FATAL => 'all';

BEGIN {
    require GpsyncTest::Environment;    # finds PostgreSQL's own test modules
}
use Carp;
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils ();    # its functions would hide methods of the same names
use Test::More;
use Time::HiRes qw(usleep time);
use parent -norequire, 'PostgreSQL::Test::Cluster';
use GpsyncTest::Emulator;
use GpsyncTest::Relay;

# Seconds that anything may take before a test gives up on it.
our $TIMEOUT = $PostgreSQL::Test::Utils::timeout_default;

# A cluster named $name, initialised and started, that finds gpsync in the stage. %conf are further settings.
sub new_node
{
    my ($class, $name, %conf) = @_;
    my $node = $class->new($name);
    $node->init(allows_streaming => 'logical', extra => [ '--no-locale', '--encoding=UTF8' ]);
    $node->configure(%conf);
    $node->start;
    return $node;
}

# Settings every cluster of ours has, then %conf, appended to postgresql.conf.
sub configure
{
    my ($self, %conf) = @_;
    my $stage = $ENV{GPSYNC_STAGE};
    my $lib   = GpsyncTest::Environment::pg_config('--pkglibdir');
    my $bin   = GpsyncTest::Environment::pg_config('--bindir');
    my %all   = (
        GpsyncTest::Environment::stage_setting($stage),
        dynamic_library_path => "$stage$lib:\$libdir",
        'gpsync.relay_path'  => "$stage$bin/gpsync-relay",
        max_connections      => 40,
        shared_buffers       => '32MB',
        restart_after_crash  => 'on',
        log_statement        => 'none',
        GpsyncTest::Environment::knows_setting('output_plugin_libraries')
        ? (output_plugin_libraries => 'pgoutput, test_decoding, wal2json, gpsync_decoder')
        : (),
        %conf);
    $self->append_conf('postgresql.conf', join("\n", map { "$_ = '$all{$_}'" } sort keys %all));
    return;
}

# Runs SQL in database postgres and gives its output; an error fails the test.
sub sql
{
    my ($self, $sql) = @_;
    return $self->safe_psql('postgres', $sql);
}

# Runs SQL that must fail: gives (SQLSTATE, whole error text), or (undef, '') if it did not fail.
sub sql_error
{
    my ($self, $sql, %params) = @_;
    my ($out, $err) = ('', '');
    my $rc = $self->psql('postgres', "\\set VERBOSITY verbose\n$sql",
        stdout => \$out, stderr => \$err, on_error_stop => 1, %params);
    return (undef, '') if $rc == 0;
    my ($state) = $err =~ /(?:ERROR|FATAL):\s+([0-9A-Z]{5}):/;
    return ($state, $err);
}

# Calls $condition until it is true, or gives up after $timeout seconds with a diagnostic naming $what. Where nobody
# asks for the result, giving up ends the test.
sub wait_until
{
    my ($condition, $what, $timeout) = @_;
    my $end = time + ($timeout // $TIMEOUT);
    while (time < $end)
    {
        return 1 if $condition->();
        usleep(50_000);
    }
    diag("gave up waiting until $what");
    croak "gave up waiting until $what" if !defined wantarray;
    return 0;
}

# Waits until SQL gives $expected ('t' by default).
sub wait_for_sql
{
    my ($self, $sql, $expected, $timeout) = @_;
    $expected //= 't';
    my $last = '';
    return 1 if wait_until(sub { ($last = eval { $self->sql($sql) } // $@) eq $expected }, "$sql gives $expected", $timeout);
    diag("the last answer was: $last");
    croak "gave up waiting until $sql gives $expected" if !defined wantarray;
    return 0;
}

# Kills a server process, and waits until the server has noticed and is there again: it restarts all of its processes.
# 0: there was none.
sub crash_backend
{
    my ($self, $pid) = @_;
    my $started = "backend_start FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
    my $before = $self->sql("SELECT $started");
    return 0 unless $pid && kill 'KILL', $pid;
    return $self->wait_for_sql("SELECT '$before'::timestamptz <> $started", 't', 60);
}

# The extension, the platform's tables, and a role "relay" that may do what a relay must.
sub create_platform
{
    my ($self) = @_;
    $self->sql(<<~'SQL');
        CREATE EXTENSION gpsync;
        SELECT gpsync.create_platform_tables();
        CREATE ROLE relay LOGIN REPLICATION;
        SELECT gpsync.grant_relay('relay');
        SQL
    return;
}

# Rows of provision_status in one transaction, whose keys begin with a prefix of their own: PREFIX_1 and so on. Gives
# the prefix.
my $prefix = 'a';

sub add_rows
{
    my ($self, $count) = @_;
    my $mine = ++$prefix;
    $self->sql("SELECT gpsync.generate_test_data('provision_status', $count, '${mine}_')");
    return $mine;
}

# CREATE SERVER for an emulator, named like it, with further server options.
sub create_endpoint
{
    my ($self, $emulator, %options) = @_;
    my %all  = (url => $emulator->url, %options);
    my $list = join ', ', map { (my $v = $all{$_}) =~ s/'/''/g; "$_ '$v'" } sort keys %all;
    $self->sql(sprintf(<<~'SQL', $emulator->name, $list, $emulator->name));
        CREATE SERVER %s FOREIGN DATA WRAPPER gpsync_http OPTIONS (%s);
        GRANT USAGE ON FOREIGN SERVER %s TO relay;
        SQL
    return;
}

# A stream to endpoints (names). The last argument may be a hash of further arguments of create_stream().
sub create_stream
{
    my ($self, $stream, @endpoints) = @_;
    my $more = ref $endpoints[-1] ? pop @endpoints : {};
    my $args = join '', map { ", $_ => $more->{$_}" } sort keys %$more;
    return $self->sql(sprintf("SELECT gpsync.create_stream('%s', endpoints => '{%s}'%s)", $stream, join(',', @endpoints), $args));
}

# A relay process for the stream, as role "relay". Further arguments go to the program.
sub start_relay
{
    my ($self, $stream, @args) = @_;
    return GpsyncTest::Relay->start($self, $stream, @args);
}

# Waits until everything committed so far is booked and no mark waits for a locked row; a test of that name.
sub wait_for_sync
{
    my ($self, $timeout) = @_;
    $timeout //= $TIMEOUT;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $done = $self->sql("SELECT gpsync.wait_for_sync(timeout => '$timeout s')");
    my $ok   = is($done, 't', 'everything committed is booked');
    $ok = $self->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 0) && $ok;
    diag($self->sql('TABLE gpsync.stream_status'), "\n", $self->sql('TABLE gpsync.endpoint_status')) unless $ok;
    return $ok;
}

# How the emulator's ledger differs from the tables, a line each ('' when they agree). See compare_ledger.sql.
sub ledger_differences
{
    my ($self, $emulator, @tables) = @_;
    my $compare = PostgreSQL::Test::Utils::slurp_file("$ENV{GPSYNC_TEST_ROOT}/test/emulator/compare_ledger.sql");
    my $file    = PostgreSQL::Test::Utils::tempdir() . '/ledger';
    $emulator->save_ledger($file);
    my $queries = join "\n", map { "SELECT '$_', * FROM pg_temp.ledger_differences('$_') LIMIT 20;" } @tables;
    return $self->sql("$compare\n\\copy ledger_line FROM '$file' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')\n$queries");
}

# A test: the emulator's ledger holds exactly what the tables hold, and every row is marked with what it holds.
sub ledger_agrees
{
    my ($self, $emulator, @tables) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is($self->ledger_differences($emulator, @tables), '', "the ledger of " . $emulator->name . " agrees with @tables");
}

1;
