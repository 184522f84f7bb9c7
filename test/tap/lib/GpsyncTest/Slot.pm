# A logical slot read through SQL.
#
#   my $slot = GpsyncTest::Slot->new($node, 'name');              # plugin gpsync_decoder, database postgres
#   my @events = $slot->events;                                   # consumes; each a decoded event
#   my @events = $slot->peek(publication_names => 'a');           # options of the plugin; does not consume
#   my @messages = $slot->messages(pack_bytes => 4096);           # consumes; each { lsn => …, lines => […] }
package GpsyncTest::Slot;

use strict;
use warnings FATAL => 'all';
use JSON::PP ();

my $json = JSON::PP->new->utf8->allow_nonref;

sub new
{
    my ($class, $node, $name, %params) = @_;
    my $self = bless { node => $node, name => $name, db => $params{db} // 'postgres' }, $class;
    my $plugin = $params{plugin} // 'gpsync_decoder';
    $self->{node}->safe_psql($self->{db}, "SELECT FROM pg_create_logical_replication_slot('$name', '$plugin')");
    return $self;
}

# Another slot that stands where this one does.
sub copy
{
    my ($self, $name) = @_;
    $self->{node}->safe_psql($self->{db}, "SELECT FROM pg_copy_logical_replication_slot('$self->{name}', '$name')");
    return bless { %$self, name => $name }, ref $self;
}

# The text of a call of a pg_logical_slot_… function.
sub call
{
    my ($self, $function, %options) = @_;
    my $options = join '', map { ", '$_', '$options{$_}'" } sort keys %options;
    return "$function('$self->{name}', NULL, NULL$options)";
}

sub lines
{
    my ($self, %options) = @_;
    return split /\n/, $self->{node}->safe_psql($self->{db}, 'SELECT data FROM ' . $self->call('pg_logical_slot_get_changes', %options));
}

sub events { my ($self, %options) = @_; return map { $json->decode($_) } $self->lines(%options); }

sub peek
{
    my ($self, %options) = @_;
    return map { $json->decode($_) } split /\n/,
        $self->{node}->safe_psql($self->{db}, 'SELECT data FROM ' . $self->call('pg_logical_slot_peek_changes', %options));
}

sub messages
{
    my ($self, %options) = @_;
    my $text = $self->{node}->safe_psql($self->{db},
        "SELECT lsn || ' ' || replace(data, E'\\n', E'\\t') FROM " . $self->call('pg_logical_slot_get_changes', %options));
    return map { my ($lsn, $lines) = /^(\S+) (.*)$/; { lsn => number($lsn), lines => [ split /\t/, $lines ] } } split /\n/, $text;
}

# What a reader would see that fails: (SQLSTATE, text).
sub error
{
    my ($self, %options) = @_;
    return $self->{node}->sql_error('SELECT data FROM ' . $self->call('pg_logical_slot_peek_changes', %options) . ';');
}

# Warnings while reading, as psql shows them.
sub warnings_of_reading
{
    my ($self, %options) = @_;
    my ($out, $err) = ('', '');
    $self->{node}->psql($self->{db}, 'SELECT data FROM ' . $self->call('pg_logical_slot_get_changes', %options), stdout => \$out, stderr => \$err);
    return $err;
}

sub drop
{
    my ($self) = @_;
    return $self->{node}->safe_psql($self->{db}, "SELECT pg_drop_replication_slot('$self->{name}')");
}

# The options for 'cloudevents', 'wal2json 1' and 'wal2json 2'.
sub format_options { my ($format, $version) = split / /, $_[0]; return (format => $format, defined $version ? ('format-version' => $version) : ()); }

# An LSN as SQL writes it, as a number; the commit LSN of an event.
sub number { my ($lsn) = @_; my ($high, $low) = split m{/}, $lsn; return hex($high) * 2**32 + hex($low); }
sub commit_lsn { my ($event) = @_; return hex substr($event->{sequence}, 0, 16); }
sub ordinal { my ($event) = @_; return hex substr($event->{sequence}, 17, 8); }

1;
