# A gpsync-relay process of a node's stream.
package GpsyncTest::Relay;

use strict;
use warnings FATAL => 'all';
use JSON::PP ();
use parent 'GpsyncTest::Process';

# Connects as role "relay" unless an argument says otherwise.
sub start
{
    my ($class, $node, $stream, @args) = @_;
    my $program = $ENV{GPSYNC_STAGE} . GpsyncTest::Environment::pg_config('--bindir') . '/gpsync-relay';
    my $dbname  = $node->connstr('postgres') . ' user=relay';
    @args = ('--dbname', $dbname, '--stream', $stream, @args);
    return $class->spawn("relay_$stream", [ $program, @args ]);
}

# Its log, a hash a line; lines that are not JSON come as { raw => … }.
sub log_records
{
    my ($self) = @_;
    return map { eval { JSON::PP::decode_json($_) } // { raw => $_ } } split /\n/, $self->log;
}

1;
