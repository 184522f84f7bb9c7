# The documents of the bench's row "pii", as different partners and systems send them: of those without PII none is changed,
# and of those with PII nothing is left.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql('CREATE EXTENSION IF NOT EXISTS gpsync');
for my $file (qw(pii_documents.sql pii_families.sql))
{
    my ($said, $error) = ('', '');
    my $rc = $node->psql('postgres', "\\i $ENV{GPSYNC_TEST_ROOT}/bench/$file", stdout => \$said, stderr => \$error,
        on_error_stop => 1, extra_params => [ '-v', 'documents=1000' ]);
    is($rc, 0, $file) or diag $error;
}
for my $family (split /\n/, $node->sql('SELECT DISTINCT family FROM bench.family ORDER BY 1'))
{
    is($node->sql("SELECT d FROM bench.family WHERE clean AND family = '$family' AND gpsync.has_pii(d) LIMIT 1"), '', "$family, without PII");
    is($node->sql("SELECT d FROM bench.family WHERE NOT clean AND family = '$family' AND gpsync.has_pii(gpsync.scrub(d)) LIMIT 1"), '', "$family, with PII");
}
done_testing;
