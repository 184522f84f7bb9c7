# A gpsync-relay process of a node's stream.
package GpsyncTest::Relay;

use strict;
use warnings FATAL => 'all';
use JSON::PP ();
use parent 'GpsyncTest::Process';

# Set to 1, the relays that follow are those of `make sanitized`, where it was run: what AddressSanitizer or UBSan
# finds ends them, with a status that no test expects.
our $SANITIZED = 0;

sub program
{
    my $sanitized = $ENV{GPSYNC_SANITIZED_RELAY};
    return $sanitized if $SANITIZED && $sanitized && -x $sanitized;
    return $ENV{GPSYNC_STAGE} . GpsyncTest::Environment::pg_config('--bindir') . '/gpsync-relay';
}

# Connects as role "relay" unless an argument says otherwise.
sub start
{
    my ($class, $node, $stream, @args) = @_;
    my $dbname  = $node->connstr('postgres') . ' user=relay';
    @args = ('--dbname', $dbname, '--stream', $stream, @args);
    return $class->spawn("relay_$stream", [ program(), @args ]);
}

# The same with variables in its environment.
sub start_with
{
    my ($class, $node, $stream, %env) = @_;
    return $class->spawn("relay_$stream", [ program(), '--dbname', $node->connstr('postgres') . ' user=relay', '--stream', $stream ], %env);
}

# Its log, a hash a line; lines that are not JSON come as { raw => … }.
sub log_records
{
    my ($self) = @_;
    return map { eval { JSON::PP::decode_json($_) } // { raw => $_ } } split /\n/, $self->log;
}

1;
