# Where things are: PostgreSQL's programs and its Perl test modules, gpsync's stage, the folder for results.
# Must be loaded before PostgreSQL::Test::Utils, which reads TESTDIR and its like as the program starts.
package GpsyncTest::Environment;

use strict;
use warnings FATAL => 'all';
use Cwd ();
use File::Basename qw(dirname);
use File::Temp ();

my $own_testdir;

sub pg_config
{
    my ($option) = @_;
    my $program = $ENV{PG_CONFIG} || `'$ENV{GPSYNC_TEST_ROOT}/scripts/pg-config'`;
    chomp $program;
    my $value = `$program $option` or die "cannot run $program $option\n";
    chomp $value;
    return $value;
}

# Whether this minor release knows a setting: an unknown one keeps the server from starting.
sub knows_setting
{
    my ($name) = @_;
    my $bin = pg_config('--bindir');
    return scalar grep { /^\Q$name\E\t/ } `'$bin/postgres' --describe-config 2>/dev/null`;
}

# Where a server finds gpsync in a stage, as stage_setting in scripts/lib.sh.
sub stage_setting
{
    my ($stage) = @_;
    return (extension_destdir => $stage) if knows_setting('extension_destdir');
    return (extension_control_path => $stage . pg_config('--sharedir') . ':$system') if knows_setting('extension_control_path');
    return;
}

sub find_everything
{
    my $root = $ENV{GPSYNC_TEST_ROOT} = Cwd::abs_path(dirname(__FILE__) . '/../../../..');
    my $pgxs = dirname(pg_config('--pgxs')) . '/../..';
    $ENV{GPSYNC_STAGE}    ||= "$root/build/stage";
    $ENV{GPSYNC_EMULATOR} ||= "$root/build/cmake/nws-emulator";
    $ENV{GPSYNC_TOKEN_SYSTEM} ||= "$root/build/cmake/token-system";
    $ENV{GPSYNC_MQ_EMULATOR} ||= "$root/build/cmake/mq-emulator";
    $ENV{PG_REGRESS}      ||= "$pgxs/src/test/regress/pg_regress";
    $ENV{PATH} = join ':', $ENV{GPSYNC_SERVER_BIN} // (), pg_config('--bindir'), $ENV{PATH};
    $ENV{TESTDIR} ||= $own_testdir = File::Temp::tempdir('/tmp/gpsync-tap.XXXXXX');
    # From PostgreSQL 16 on its modules read these two instead.
    $ENV{TESTDATADIR} ||= "$ENV{TESTDIR}/tmp_check";
    $ENV{TESTLOGDIR}  ||= "$ENV{TESTDATADIR}/log";
    unshift @INC, "$pgxs/src/test/perl";
    return;
}

find_everything();

END {
    # The folder of a test that failed stays, with its logs.
    if ($own_testdir)
    {
        if ($? == 0) { File::Temp::cleanup(); system('rm', '-rf', $own_testdir); $? = 0; }
        else         { print STDERR "# logs are in $own_testdir\n"; }
    }
}

1;
