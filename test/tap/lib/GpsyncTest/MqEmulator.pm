# An mq-emulator process: the messaging REST API of IBM MQ, with queue manager QM1.
package GpsyncTest::MqEmulator;

use strict;
use warnings FATAL => 'all';
use Carp;
use HTTP::Tiny;
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use GpsyncTest::Process;

# Started on a free loopback port; further arguments go to the program.
sub new
{
    my ($class, $name, @args) = @_;
    my $self = bless { name => $name, port => PostgreSQL::Test::Cluster::get_free_port(), args => \@args }, $class;
    return $self->start;
}

# On the port it had before, with empty queues.
sub start
{
    my ($self) = @_;
    $self->{process} = GpsyncTest::Process->spawn($self->{name}, [ $ENV{GPSYNC_MQ_EMULATOR}, '--port', $self->{port}, @{ $self->{args} } ]);
    GpsyncTest::wait_until(sub { $self->{process}->log =~ /^listening$/m || !$self->{process}->is_running }, "$self->{name} listens");
    croak "$self->{name} does not start: " . $self->{process}->log if !$self->{process}->is_running;
    return $self;
}

sub name { return $_[0]{name} }
sub url  { return "http://127.0.0.1:$_[0]{port}" }
sub stop { return $_[0]{process}->kill9 }

# The messages of a queue (or a topic) in their order, a hash each: messageId, correlationId, persistence, expiry,
# contentType, body.
sub messages
{
    my ($self, $name) = @_;
    return map { JSON::PP::decode_json($_) } split /\n/,
      $self->_request('GET', '/control/messages?of=' . $name =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger);
}

# The events in them.
sub events { my ($self, $name) = @_; return map { JSON::PP::decode_json($_->{body}) } $self->messages($name) }

# What it was asked, in order: "put 201", "browse 204", "login 204".
sub requests { return split /\n/, $_[0]->_request('GET', '/control/requests') }

# How many messages were put so far.
sub puts { return $_[0]->_request('GET', '/control/puts') }

# Sets a fault (test/mq_emulator/mq_faults.hpp), or clears all.
sub fault { my ($self, %fault) = @_; return $self->_request('POST', '/control/faults', JSON::PP::encode_json(\%fault)) }
sub clear_faults { return $_[0]->_request('DELETE', '/control/faults') }

# A consumer takes everything; the log-ins expire.
sub consume { return $_[0]->_request('POST', '/control/consume', '') }
sub expire  { return $_[0]->_request('POST', '/control/expire',  '') }

# What is wrong with a queue's events: those that are there twice, and those that come behind a later one of their key.
sub faults_of
{
    my ($self, $name) = @_;
    my (%seen, %last, @wrong);
    for my $event ($self->events($name))
    {
        push @wrong, "$event->{id} is there twice" if $seen{ $event->{id} }++;
        push @wrong, "$event->{id} comes behind $last{ $event->{partitionkey} }" if ($last{ $event->{partitionkey} } // '') gt $event->{sequence};
        $last{ $event->{partitionkey} } = $event->{sequence};
    }
    return @wrong;
}

sub _request
{
    my ($self, $method, $path, $content) = @_;
    my $response = HTTP::Tiny->new(timeout => 60)->request($method, $self->url . $path, { content => $content });
    croak "$method $path: $response->{status} $response->{content}" if !$response->{success};
    return $response->{content};
}

1;
