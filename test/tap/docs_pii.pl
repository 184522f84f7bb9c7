# The queries of docs/pii.md and docs/pci-dss.md, run from top to bottom, and what the pages show of their results.
# A comment behind a query is its result: a line a row, columns apart by " | ", "…" for anything, ERROR: for an error.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils;
use Test::More;

# The statements of a page: [text, lines that are shown of its result].
sub statements_of
{
    my ($page) = @_;
    my $text = PostgreSQL::Test::Utils::slurp_file("$ENV{GPSYNC_TEST_ROOT}/docs/$page");
    my @statements;
    for my $block ($text =~ /```sql\n(.*?)```/gs)
    {
        my ($statement, $behind) = ('', 0);
        for my $line (split /\n/, $block)
        {
            if ($line =~ /^-- ?(.*)/ && $statement eq '')
            {
                push @{ $statements[-1][1] }, $1 if $behind;
                next;
            }
            $behind = 0;
            next if $line =~ /^\s*$/;
            $statement .= "$line\n";
            next if $line !~ /;(?: +-- (.*))?$/;
            push @statements, [ $statement, [ $1 // () ] ];
            ($statement, $behind) = ('', 1);
        }
        is($statement, '', 'the block ends with its last statement');
    }
    return @statements;
}

# A pattern for what is shown; where each "…" stands for anything.
sub pattern_of
{
    my $shown = join "\n", map { s/\s+$//r } @_;
    my $pattern = join '.*', map { quotemeta } split /…/, $shown, -1;
    return qr/^$pattern$/s;
}

my $node = GpsyncTest->new_node('main');
my $keys = PostgreSQL::Test::Utils::tempdir() . '/keys';
PostgreSQL::Test::Utils::append_to_file($keys, "gpsync-keys 1\nkey 2026a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
chmod 0600, $keys or die "$keys: $!\n";
$node->append_conf('postgresql.conf', "session_preload_libraries = 'gpsync'\ngpsync.key_file = '$keys'");
$node->reload;

for my $page (qw(pii.md pci-dss.md))
{
    my $database = "docs_" . $page =~ s/\W/_/gr;
    $node->sql(qq(CREATE DATABASE "$database"));
    $node->safe_psql($database, 'CREATE EXTENSION gpsync');
    my $shown = 0;
    for my $statement (statements_of($page))
    {
        my ($sql, $lines) = @$statement;
        my ($out, $err) = ('', '');
        $node->psql($database, $sql, stdout => \$out, stderr => \$err, on_error_stop => 0,
            on_error_die => 0, extra_params => [ '-F', ' | ' ]);
        my ($error) = $err =~ /^\S+ (ERROR:  .*)/ms;
        my $result = defined $error ? $error =~ s/ERROR:  /ERROR: /r : $out;
        $result =~ s/^(DETAIL|HINT):  /$1: /gm;
        $result =~ s/\s+$//;
        my ($name) = "$page: $sql" =~ /^(.{1,100})/;
        if (!@$lines)
        {
            is($error, undef, $name);
            next;
        }
        $shown++;
        like($result, pattern_of(@$lines), $name);
    }
    cmp_ok($shown, '>', 10, "$page shows results");
}

done_testing;
