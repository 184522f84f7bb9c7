# A child process with its output in a file. It dies with the test, also when the test is killed.
package GpsyncTest::Process;

use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Utils;
use POSIX qw(WNOHANG);
use Time::HiRes qw(usleep time);

my %running;    # pid => object
my $count = 0;

# Calls a function that ends in exec, in a child; gives its pid. A signal that comes before exec waits until then: what
# the test does when it is told to end, to stop its servers, is not for the child to do.
sub in_child
{
    my ($body) = @_;
    my $all = POSIX::SigSet->new(POSIX::SIGTERM, POSIX::SIGINT, POSIX::SIGHUP);
    my $before = POSIX::SigSet->new;
    POSIX::sigprocmask(POSIX::SIG_BLOCK, $all, $before);
    my $pid = fork // die "fork: $!";
    if ($pid == 0)
    {
        $SIG{$_} = 'DEFAULT' for qw(TERM INT HUP __DIE__);
        POSIX::sigprocmask(POSIX::SIG_SETMASK, $before);
        $body->();
        POSIX::_exit(127);
    }
    POSIX::sigprocmask(POSIX::SIG_SETMASK, $before);
    return $pid;
}

# Starts a command; $name shows in the name of its log file. %env are variables for it alone.
sub spawn
{
    my ($class, $name, $command, %env) = @_;
    my $testname = $PostgreSQL::Test::Utils::test_logfile =~ s{.*regress_log_|\.\w+$}{}gr;
    my $log = sprintf '%s/%s_%s_%d.log', $PostgreSQL::Test::Utils::log_path, $testname, $name, ++$count;
    open my $output, '>>', $log or die "$log: $!";
    my $pid = in_child(sub {
        delete $ENV{PGAPPNAME};    # the test's, which would be the name of the program's connections too
        $ENV{$_} = $env{$_} for keys %env;
        open STDIN,  '<',  '/dev/null';
        open STDOUT, '>&', $output;
        open STDERR, '>&', \*STDOUT;
        exec 'setpriv', '--pdeathsig', 'KILL', @$command;
    });
    return $running{$pid} = bless { name => $name, pid => $pid, logfile => $log, status => undef }, $class;
}

sub pid { return $_[0]{pid} }

sub log { return PostgreSQL::Test::Utils::slurp_file($_[0]{logfile}) }

sub is_running
{
    my ($self) = @_;
    return 0 unless $running{ $self->{pid} };
    return 1 if waitpid($self->{pid}, WNOHANG) == 0;
    $self->{status} = $?;
    delete $running{ $self->{pid} };
    return 0;
}

# The most memory that it has taken, MB.
sub peak_memory
{
    my ($self) = @_;
    my ($kb) = PostgreSQL::Test::Utils::slurp_file("/proc/$self->{pid}/status") =~ /^VmHWM:\s+(\d+)/m;
    return $kb / 1024;
}

sub signal { my ($self, $signal) = @_; return kill($signal, $self->{pid}) }

# Waits for the end: the exit status (128 + n after signal n), or undef if it still runs after $timeout seconds.
sub wait_exit
{
    my ($self, $timeout) = @_;
    my $end = time + ($timeout // $GpsyncTest::TIMEOUT);
    while ($self->is_running)
    {
        return undef if time > $end;
        usleep(20_000);
    }
    return ($self->{status} & 127) ? 128 + ($self->{status} & 127) : $self->{status} >> 8;
}

# SIGTERM, and the exit status.
sub stop
{
    my ($self, $timeout) = @_;
    $self->signal('TERM') if $self->is_running;
    return $self->wait_exit($timeout);
}

sub kill9
{
    my ($self) = @_;
    $self->signal('KILL') if $self->is_running;
    return $self->wait_exit;
}

END {
    my $code = $?;
    $_->kill9 for values %running;
    $? = $code;
}

1;
