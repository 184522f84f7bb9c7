# An nws-emulator process: a legacy endpoint that checks what it is sent and keeps a ledger of it.
package GpsyncTest::Emulator;

use strict;
use warnings FATAL => 'all';
use Carp;
use HTTP::Tiny;
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Time::HiRes qw(usleep time);
use GpsyncTest::Process;

# Started on a free loopback port. $name is also the server's name in create_endpoint(). Further arguments go to
# the program; with --tls-cert the URL is https, and what the test asks goes over a port of its own.
sub new
{
    my ($class, $name, @args) = @_;
    return $class->new_at($name, '127.0.0.1', PostgreSQL::Test::Cluster::get_free_port(), @args);
}

# The same, at another loopback address and a port of the caller's.
sub new_at
{
    my ($class, $name, $address, $port, @args) = @_;
    my $tls     = grep { /^--tls-cert/ } @args;
    my $control = $tls ? PostgreSQL::Test::Cluster::get_free_port() : $port;
    push @args, '--control', "127.0.0.1:$control" if $tls;
    my $self = bless {
        name    => $name,
        address => $address,
        port    => $port,
        url     => ($tls ? 'https' : 'http') . "://$address:$port/events",
        control => 'http://' . ($tls ? '127.0.0.1' : $address) . ":$control",
        ledger  => PostgreSQL::Test::Utils::tempdir() . "/$name.ledger",
        args    => \@args,
    }, $class;
    $self->start;
    return $self;
}

sub name { return $_[0]{name} }
sub port { return $_[0]{port} }
sub url  { return $_[0]{url} }

# Starts it, on the port and the ledger it had before.
sub start
{
    my ($self) = @_;
    $self->{process} = GpsyncTest::Process->spawn($self->{name},
        [ $ENV{GPSYNC_EMULATOR}, '--listen', "$self->{address}:$self->{port}", '--ledger', $self->{ledger}, '--name', $self->{name}, @{ $self->{args} } ]);
    my $end = time + $GpsyncTest::TIMEOUT;
    until ($self->_request('GET', '/stats')->{success})
    {
        croak "emulator $self->{name} does not start: " . $self->{process}->log
          if time > $end || !$self->{process}->is_running;
        usleep(20_000);
    }
    return $self;
}

sub stop  { my ($self) = @_; return $self->{process}->stop }
sub kill9 { my ($self) = @_; return $self->{process}->kill9 }
sub process_running { my ($self) = @_; return $self->{process}->is_running }
sub log   { my ($self) = @_; return $self->{process}->log }

# Counters: accepted, duplicates, refused, requests, …
sub stats { my ($self) = @_; return $self->_json('GET', '/stats') }

# Sets a fault; see docs in test/emulator/faults.hpp. Gives its number.
sub faults
{
    my ($self, %fault) = @_;
    return $self->_json('POST', '/faults', \%fault)->{fault};
}

# Clears one fault, or all.
sub clear_faults
{
    my ($self, $number) = @_;
    return $self->_json('DELETE', '/faults' . (defined $number ? "?fault=$number" : ''));
}

# Holds the next request of a match (of any, without one) until the fault given back is cleared.
sub hold
{
    my ($self, $match) = @_;
    return $self->faults(kind => 'delay', ms => 600_000, times => 1, match => $match // '');
}

# Waits until $count batches (default 1) are at the endpoint and not answered.
sub wait_holding
{
    my ($self, $count) = @_;
    $count //= 1;
    return GpsyncTest::wait_until(sub { $self->stats->{in_progress} >= $count }, "$count batches are in flight");
}

# The last state of every key, or of one subject, a hash each: subject, type, sequence, deleted, events, data.
sub ledger
{
    my ($self, $subject) = @_;
    return $self->_lines('/ledger', subject => $subject);
}

# The ledger's entry of one subject, or undef.
sub entry
{
    my ($self, $subject) = @_;
    my ($entry) = $self->ledger($subject);
    return $entry;
}

# Every event it took, in the order of arrival, first deliveries only; or those that hold a text.
sub events
{
    my ($self, $text) = @_;
    return $self->_lines('/events', with => $text);
}

# The request ids of the events of topics that it took, in the order of arrival. Much faster than events().
sub request_ids
{
    my ($self) = @_;
    return $self->_request('GET', '/events')->{content} =~ /"requestid":"([0-9a-f-]+)"/g;
}

# Every POST of events, in the order of their answers: time_ms, status, events, idempotency_key, first_id.
sub requests
{
    my ($self) = @_;
    return $self->_lines('/requests');
}

# Milliseconds from the commit of a request's first event to its answer, for 99 of 100 requests of those since the last
# call (the last 20,000 requests are known); undef when there was none.
sub latency
{
    my ($self) = @_;
    my @new = grep { $_->{time_ms} > ($self->{latency_until} // 0) } $self->requests;
    my @ms = sort { $a <=> $b } map { $_->{time_ms} - commit_us($_->{first_id}) / 1000 } grep { $_->{status} == 200 } @new;
    $self->{latency_until} = $new[-1]{time_ms} if @new;
    return @ms ? $ms[ 0.99 * $#ms ] : undef;
}

# The commit time of an event, µs since 1970: the last part of its id.
sub commit_us { my ($high, $low) = $_[0] =~ /(.{8})(.{8})$/; return hex($high) * 2**32 + hex($low) }

# The ledger as JSON lines in a file.
sub save_ledger
{
    my ($self, $file) = @_;
    open my $out, '>', $file or croak "$file: $!";
    print $out $self->_request('GET', '/ledger')->{content};
    close $out;
    chmod 0644, $file;
    return;
}

# The JSON lines of a path, with a parameter where its value is defined.
sub _lines
{
    my ($self, $path, $name, $value) = @_;
    $path .= "?$name=" . $value =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger if defined $value;
    return map { JSON::PP::decode_json($_) } split /\n/, $self->_request('GET', $path)->{content};
}

sub _json
{
    my ($self, $method, $path, $body) = @_;
    my $response = $self->_request($method, $path, $body);
    croak "$method $path: $response->{status} $response->{content}" unless $response->{success};
    return JSON::PP::decode_json($response->{content});
}

sub _request
{
    my ($self, $method, $path, $body) = @_;
    my $http = HTTP::Tiny->new(timeout => 60);
    return $http->request($method, $self->{control} . $path,
        defined $body ? { content => JSON::PP::encode_json($body), headers => { 'Content-Type' => 'application/json' } } : {});
}

1;
