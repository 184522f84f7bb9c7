# A process of test/npm/receiver.js: a receiver that reads webhooks with the npm packages that others use.
package GpsyncTest::WebhookReceiver;

use strict;
use warnings FATAL => 'all';
use Carp;
use HTTP::Tiny;
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use GpsyncTest::Process;

# Started on a free loopback port; with a secret it takes only what is signed with it.
sub new
{
    my ($class, $name, $secret) = @_;
    my $folder = "$ENV{GPSYNC_TEST_ROOT}/test/npm";
    croak 'the npm packages of test/npm are not installed: scripts/install-deps test' if !-d "$folder/node_modules/standardwebhooks";
    my $port = PostgreSQL::Test::Cluster::get_free_port();
    my $self = bless { name => $name, port => $port, file => PostgreSQL::Test::Utils::tempdir() . "/$name.json" }, $class;
    $self->{process} = GpsyncTest::Process->spawn($name, [ 'node', "$folder/receiver.js", $port, $self->{file}, $secret // () ]);
    GpsyncTest::wait_until(sub { $self->{process}->log =~ /^listening$/m || !$self->{process}->is_running }, "receiver $name listens");
    croak "receiver $name does not start: " . $self->{process}->log if !$self->{process}->is_running;
    return $self;
}

sub name { return $_[0]{name} }
sub url  { return "http://127.0.0.1:$_[0]{port}/hook" }

# What it answers from now on; {headers} in the body stands for the headers of the request.
sub answer
{
    my ($self, $status, $body) = @_;
    my $response = HTTP::Tiny->new->post("http://127.0.0.1:$self->{port}/answer", { content => JSON::PP::encode_json({ status => $status, body => $body // '' }) });
    croak "receiver $self->{name}: $response->{status} $response->{content}" if !$response->{success};
    return;
}

# Everything it got so far, a hash a request: method, url, headers, body, verified, events, error.
sub requests
{
    my ($self) = @_;
    return () if !-e $self->{file};
    return map { JSON::PP::decode_json($_) } split /\n/, PostgreSQL::Test::Utils::slurp_file($self->{file});
}

sub stop { return $_[0]{process}->stop }

1;
