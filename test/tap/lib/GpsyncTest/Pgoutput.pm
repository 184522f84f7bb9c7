# Reads what PostgreSQL's own plugin pgoutput sends (protocol version 1) from a slot, as a list of row events:
#   { table => 'schema.name', action => 'I' | 'U' | 'D' | 'T', row => {…}, old => {…}, unchanged => [ names ] }
# Values are text, undef is NULL. A TOASTed value that the UPDATE left alone is in row if the old tuple has it,
# otherwise its column is named in unchanged. old is without NULLs: an old tuple of a key has NULL for all others.
package GpsyncTest::Pgoutput;

use strict;
use warnings FATAL => 'all';

# $messages: each a message in hex.
sub events
{
    my (@messages) = @_;
    my (%relations, @events);
    for (@messages)
    {
        my $data = pack 'H*', $_;
        my $kind = take(\$data, 'a1', 1);
        if    ($kind eq 'R')         { my ($oid, $relation) = relation(\$data); $relations{$oid} = $relation; }
        elsif ($kind eq 'T')         { push @events, truncates(\$data, \%relations); }
        elsif ($kind =~ /^[IUD]$/)   { push @events, change($kind, \$data, \%relations); }
        elsif ($kind !~ /^[BCOYM]$/) { die "unknown message of pgoutput: $kind"; }
    }
    return @events;
}

sub take { my ($data, $format, $length) = @_; return unpack $format, substr $$data, 0, $length, ''; }
sub name { my ($data) = @_; my $name = unpack 'Z*', $$data; substr $$data, 0, length($name) + 1, ''; return $name; }

sub relation
{
    my ($data) = @_;
    my $oid = take($data, 'N', 4);
    my $name = name($data) . '.' . name($data);
    take($data, 'a1', 1);
    my @columns;
    for (1 .. take($data, 'n', 2))
    {
        take($data, 'C', 1);
        push @columns, name($data);
        take($data, 'N', 4) for 1, 2;
    }
    return ($oid, { name => $name, columns => \@columns });
}

sub truncates
{
    my ($data, $relations) = @_;
    my $count = take($data, 'N', 4);
    take($data, 'C', 1);
    return map { { table => $relations->{ take($data, 'N', 4) }{name}, action => 'T' } } 1 .. $count;
}

sub tuple
{
    my ($data, $columns) = @_;
    my (%row, @unchanged);
    my $count = take($data, 'n', 2);
    die 'a tuple does not fit its relation' if $count != @$columns;
    for my $column (@$columns)
    {
        my $kind = take($data, 'a1', 1);
        if    ($kind eq 'n') { $row{$column} = undef; }
        elsif ($kind eq 'u') { push @unchanged, $column; }
        else                 { my $length = take($data, 'N', 4); $row{$column} = take($data, "a$length", $length); }
    }
    return (\%row, \@unchanged);
}

sub change
{
    my ($kind, $data, $relations) = @_;
    my $relation = $relations->{ take($data, 'N', 4) };
    my %event = (table => $relation->{name}, action => $kind);
    while (length $$data)
    {
        my $part = take($data, 'a1', 1);
        my ($row, $unchanged) = tuple($data, $relation->{columns});
        if ($part eq 'N') { @event{qw(row unchanged)} = ($row, $unchanged); }
        else              { $event{old} = { map { $_ => $row->{$_} } grep { defined $row->{$_} } keys %$row }; }
    }
    my $old = $event{old} // {};
    $event{row}{$_} = $old->{$_} for grep { exists $old->{$_} } @{ $event{unchanged} // [] };
    $event{unchanged} = [ grep { !exists $old->{$_} } @{ $event{unchanged} } ] if $event{unchanged};
    return \%event;
}

1;
