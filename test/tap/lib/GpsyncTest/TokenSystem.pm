# A token-system process: what look-ups ask. test/token_system/system.hpp has its interface.
package GpsyncTest::TokenSystem;

use strict;
use warnings FATAL => 'all';
use Carp;
use HTTP::Tiny;
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use Time::HiRes qw(usleep time);
use GpsyncTest::Process;

# Started on a free loopback port. $name is also the server's name in create().
sub new
{
    my ($class, $name, @args) = @_;
    my $self = bless { name => $name, port => PostgreSQL::Test::Cluster::get_free_port(), args => \@args }, $class;
    return $self->start;
}

sub name { return $_[0]{name} }
sub url  { return "http://127.0.0.1:$_[0]{port}/lookup" }

# Starts it, on the port it had before. What it was set to answer is gone.
sub start
{
    my ($self) = @_;
    $self->{process} = GpsyncTest::Process->spawn($self->{name}, [ $ENV{GPSYNC_TOKEN_SYSTEM}, '--port', $self->{port}, @{ $self->{args} } ]);
    my $end = time + $GpsyncTest::TIMEOUT;
    until ($self->_request('GET', '/stats')->{success})
    {
        croak "token system $self->{name} does not start: " . $self->{process}->log
          if time > $end || !$self->{process}->is_running;
        usleep(20_000);
    }
    return $self;
}

sub stop { my ($self) = @_; return $self->{process}->stop }

# CREATE SERVER for it, for role "relay".
sub create
{
    my ($self, $node, %options) = @_;
    my %all  = (url => $self->url, protocol => 'token-lookup', retry_base => '20ms', %options);
    my $list = join ', ', map { "$_ '$all{$_}'" } sort keys %all;
    $node->sql("CREATE SERVER $self->{name} FOREIGN DATA WRAPPER gpsync_http OPTIONS ($list); GRANT USAGE ON FOREIGN SERVER $self->{name} TO relay");
    return $self;
}

# What it answers from now on: token => { status => … }, or undef (not known).
sub set { my ($self, %tokens) = @_; return $self->_json('PUT', '/tokens', \%tokens) }
# The same for all other tokens.
sub set_default { my ($self, $result) = @_; return $self->_json('PUT', '/default', $result) }
# How often each token was asked for.
sub asked       { my ($self) = @_; return $self->_json('GET',    '/asked') }
sub forget      { my ($self) = @_; return $self->_json('DELETE', '/asked') }
sub stats       { my ($self) = @_; return $self->_json('GET',    '/stats') }
# Sets a fault (test/token_system/faults.hpp). Gives its number.
sub fault { my ($self, %fault) = @_; return $self->_json('POST', '/faults', \%fault)->{fault} }

sub clear_faults
{
    my ($self, $number) = @_;
    return $self->_json('DELETE', '/faults' . (defined $number ? "?fault=$number" : ''));
}

# SQL for behind create_lookup(), in its transaction: the pass began nine tenths of a period ago, and so goes on without
# pauses.
sub without_pauses
{
    my ($lookup) = @_;
    return "UPDATE gpsync.lookup_state AS s SET pass = greatest(s.pass, 1), began_at = coalesce(s.began_at, clock_timestamp()) - 0.9 * l.every
        FROM gpsync.lookup AS l WHERE l.lookup = s.lookup AND l.lookup = '$lookup' AND l.every IS NOT NULL;";
}

sub _json
{
    my ($self, $method, $path, $body) = @_;
    my $response = $self->_request($method, $path, @_ > 3 ? JSON::PP->new->utf8->allow_nonref->encode($body) : undef);
    croak "$method $path: $response->{status} $response->{content}" unless $response->{success};
    return JSON::PP::decode_json($response->{content});
}

sub _request
{
    my ($self, $method, $path, $content) = @_;
    my $http = HTTP::Tiny->new(timeout => 60);
    return $http->request($method, "http://127.0.0.1:$self->{port}$path",
        defined $content ? { content => $content, headers => { 'Content-Type' => 'application/json' } } : {});
}

1;
