# Findings of doctor() on a server, and whether their fixes mend them.
package GpsyncTest::Findings;

use strict;
use warnings FATAL => 'all';
use GpsyncTest;
use JSON::PP ();
use PostgreSQL::Test::Utils ();
use Test::More;
use Exporter 'import';
our @EXPORT_OK = qw(all_are_seen findings mends paste_sql $node %pasted %seen);

our (%seen, %pasted);    # findings that were there; those whose fix was pasted as it stands
our $node;               # the server that is asked

sub findings
{
    my ($pattern) = @_;
    my $rows = $node->sql("SELECT jsonb_build_array(check_name, severity, finding, fix) FROM gpsync.doctor()");
    my @found = map { JSON::PP->new->utf8(0)->decode($_) } split /\n/, $rows;
    $seen{ $_->[2] } = 1 for @found;
    return grep { $_->[2] =~ $pattern } @found;
}

# As somebody does who copies the fix: several statements, each a transaction.
sub paste_sql
{
    my ($fix, %edit) = @_;
    $fix =~ s/\Q$_\E/$edit{$_}/ for keys %edit;
    my ($out, $err) = ('', '');
    my $rc = $node->psql('postgres', "$fix\n;", on_error_stop => 1, stdout => \$out, stderr => \$err);
    diag("$fix: $err") if $rc != 0;
    return $rc == 0;
}

# There is the finding; its fix works; it is gone. %how: edit (placeholders), after (what a fix leaves to do: a restart), paste => 'shell'.
sub mends
{
    my ($pattern, %how) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $found;
    unless (ok(GpsyncTest::wait_until(sub { ($found) = findings($pattern) }, "the finding $pattern is there", $how{timeout}), "found: $pattern"))
    {
        diag(join "\n", map { join ' | ', map { $_ // '' } @$_ } findings(qr/./));
        return;
    }
    $pasted{ $found->[2] } = 1 unless $how{edit};
    ok(paste_sql($found->[3], %{ $how{edit} // {} }), '... its fix runs: ' . substr($found->[3], 0, 100));
    $how{after}->() if $how{after};
    ok(GpsyncTest::wait_until(sub { !findings($pattern) }, "the finding $pattern is gone", $how{timeout}), '... and it is gone')
        or diag(join "\n", map { join ' | ', map { $_ // '' } @$_ } findings($pattern));
    return $found->[3];
}

# Whether each finding in the source of the doctor's functions of these names has been seen, but those of %not_made: text => why not.
sub all_are_seen
{
    my ($functions, %not_made) = @_;
    my ($script) = grep { !/--.*--/ } glob $ENV{GPSYNC_STAGE} . GpsyncTest::Environment::pg_config('--sharedir') . '/extension/gpsync--*.sql';
    my %body = PostgreSQL::Test::Utils::slurp_file($script) =~ /CREATE FUNCTION gpsync_internal\.(doctor_\w+)\(.*?\$\$(.*?)\$\$/gs;
    my @of = sort grep { $_ =~ $functions } keys %body;
    cmp_ok(scalar @of, '>', 1, 'there are such functions');
    for my $source (@body{@of})
    {
        while ($source =~ /SELECT\s+(?:DISTINCT\s+)?(?:'[a-z_ ]+'|CASE[^;]*?END),\s*(?:'(?:error|warning|info)'|CASE[^;]*?END),\s*(?:format\()?'((?:[^']|'')*)'/g)
        {
            my $template = $1;
            next if exists $not_made{$template};
            (my $pattern = quotemeta($template)) =~ s/\\%(s|\\%)/$1 eq 's' ? '.*' : '%'/ge;
            ok((grep { /^$pattern/s } keys %seen), "this test knows: $template");
        }
    }
    return;
}

1;
