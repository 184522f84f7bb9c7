# A name server (RFC 1035, over UDP on a loopback port) for processes that are started with its environment.
package GpsyncTest::NameServer;

use strict;
use warnings FATAL => 'all';
use Carp;
use Fcntl qw(F_SETFD);
use IO::Socket::INET;
use POSIX ();
use GpsyncTest::Process;
use PostgreSQL::Test::Utils;

# Knows no name yet. It dies with the test.
sub new
{
    my ($class) = @_;
    my $socket = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0) or croak "no socket: $!";
    my $dir  = PostgreSQL::Test::Utils::tempdir();
    my $self = bless { port => $socket->sockport, names => "$dir/names", asked => "$dir/asked", parent => $$, known => {} }, $class;
    PostgreSQL::Test::Utils::append_to_file($self->{$_}, '') for qw(names asked);
    $self->{pid} = GpsyncTest::Process::in_child(sub {
        exec 'setpriv', '--pdeathsig', 'KILL', $^X, "$ENV{GPSYNC_TEST_ROOT}/test/name_server/name-server.pl", number_kept($socket), @$self{qw(names asked)};
    });
    return $self;
}

# The number of a descriptor that exec leaves open.
sub number_kept
{
    my ($socket) = @_;
    fcntl($socket, F_SETFD, 0) or croak "fcntl: $!";
    return fileno $socket;
}

# What a process needs in its environment to ask here.
sub environment
{
    my ($self) = @_;
    return (LD_PRELOAD => $ENV{GPSYNC_OWN_NAME_SERVER}, GPSYNC_TEST_NAME_SERVER => $self->{port});
}

# Names that it knows from now on, with an IPv4 address each, 'none' (no such name) or 'mute' (no answer at all).
sub set
{
    my ($self, %names) = @_;
    my $known = $self->{known};
    @$known{ keys %names } = values %names;
    my $file = "$self->{names}.new";
    open my $out, '>', $file or croak "$file: $!";
    print $out "$_ $known->{$_}\n" for sort keys %$known;
    close $out or croak "$file: $!";
    rename $file, $self->{names} or croak "$file: $!";
    return;
}

# How often it was asked for a name's IPv4 address.
sub asked
{
    my ($self, $name) = @_;
    return scalar grep { $_ eq "$name A" } split /\n/, PostgreSQL::Test::Utils::slurp_file($self->{asked});
}

sub DESTROY
{
    my ($self) = @_;
    return unless $$ == $self->{parent} && $self->{pid};
    local ($?, $!);
    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
    return;
}

1;
