# The statements of the extension's SQL, for scripts/check-sql and scripts/upgrade-script.
package SqlStatements;

use strict;
use warnings FATAL => 'all';
use Exporter qw(import);

our @EXPORT_OK = qw(slurp statements routine_key);

sub slurp
{
    my ($file) = @_;
    open my $in, '<', $file or die "cannot read $file: $!\n";
    local $/;
    return scalar <$in>;
}

# The statements of a file: [line, text]. A body in dollar quotes or BEGIN ATOMIC is part of its statement.
sub statements
{
    my ($text) = @_;
    my @found;
    while ($text =~ /\G(\s*(?:(?:--|\\)[^\n]*\n\s*)*)((?:\$\$.*?\$\$|'(?:[^']|'')*'|--[^\n]*|BEGIN ATOMIC.*?\nEND|[^;])*?);/gs)
    {
        my $line = 1 + (substr($text, 0, $-[2]) =~ tr/\n//);
        push @found, [ $line, $2 ];
    }
    return @found;
}

# What a CREATE FUNCTION or PROCEDURE statement creates: kind, name and arguments, however they are wrapped.
sub routine_key
{
    my ($text) = @_;
    my ($key) = $text =~ /^CREATE ((?:FUNCTION|PROCEDURE) gpsync(?:_internal)?\.\w+\(.*?\))\s+(?:RETURNS|LANGUAGE)\b/s or return;
    return $key =~ s/\s+/ /gr;
}

1;
