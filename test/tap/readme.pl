# What the README tells a newcomer to type, typed: the settings, the quick start, the machines.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $readme = PostgreSQL::Test::Utils::slurp_file("$ENV{GPSYNC_TEST_ROOT}/README.md");

# The SQL of the README's blocks that contain a text.
sub block_with
{
    my ($text) = @_;
    my ($block) = grep { index($_, $text) >= 0 } $readme =~ /```sql\n(.*?)```/gs;
    return $block // die "README.md has no SQL with: $text";
}

my $node = GpsyncTest->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->configure(wal_level => 'replica', max_wal_senders => 10);
$node->start;
$node->sql('CREATE DATABASE app');

# Install. The test's own postgresql.conf has some of these settings already; ALTER SYSTEM has the last word.
$node->sql(block_with('ALTER SYSTEM SET gpsync.databases'));
$node->sql(block_with('ALTER SYSTEM SET output_plugin_libraries'))
  if GpsyncTest::Environment::knows_setting('output_plugin_libraries');
$node->restart;
is($node->sql(q{SELECT current_setting('wal_level'), current_setting('gpsync.databases')}), 'logical|app', 'the settings took');

# The quick start, in the emulator's place the one of this test. One statement in it is there to be refused.
my $nws   = GpsyncTest::Emulator->new('nws');
my $start = block_with('CREATE EXTENSION gpsync');
my $url   = $nws->url;
like($start, qr{'http://127\.0\.0\.1:8080/events'}, 'the quick start has the URL of its emulator');
$start =~ s{http://127\.0\.0\.1:8080/events}{$url};
my ($out, $err) = ('', '');
$node->psql('app', $start, stdout => \$out, stderr => \$err, on_error_stop => 0, on_error_die => 0);
my @errors = $err =~ /ERROR:  (.*)/g;
is_deeply(\@errors, ['invalid status transition from "ACTIVE" to "INACTIVE" in table "wallet"'], 'one statement is refused');
unlike($err, qr/WARNING/, 'nothing is warned of');
like($out, qr/^t$/m, 'wait_for_sync() is true');
like($out, qr/^1\|ACTIVE\|COMPLETED\|\d{4}-/m, 'the row is booked');
like($out, qr/^legacy\|streaming\|\d+\|$/m, 'the relay streams');
unlike($out, qr/^(error|warning)\|/m, 'the doctor finds nothing that is wrong');
my $entry = $nws->entry('public.wallet/1');
is($entry && $entry->{data}{row}{status}, 'ACTIVE', 'the endpoint has the row');

like($node->safe_psql('app', block_with('define_machine')), qr/^t\|\{DONE,REJECTED\}\n.*OPEN --> DONE/ms, 'machines');
like($node->safe_psql('app', block_with('redact_in_stream')), qr/card \[removed\], ref 12.*^\$\.email\|email\|remove/ms, 'personal data');
# Schema gpsync has what the README's reference lists, and no other function.
my ($reference) = $readme =~ /^## Reference\n(.*)/ms;
my @functions = split /\n/, $node->safe_psql('app', q{SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'gpsync'::regnamespace ORDER BY 1});
cmp_ok(scalar @functions, '>', 30, 'the API');
is_deeply([ grep { $reference !~ /`$_\b/ } @functions ], [], '... is what the reference lists');

# Each guarantee has a test, and it is there.
my $root       = $ENV{GPSYNC_TEST_ROOT};
my @guarantees = grep { /^\| \*\*/ } split /\n/, PostgreSQL::Test::Utils::slurp_file("$root/docs/delivery.md");
cmp_ok(scalar @guarantees, '>', 30, 'docs/delivery.md has guarantees');
is_deeply([ grep { !/`[\w\/]+\.(?:pl|sql|cpp)`[^|]* \|$/ } @guarantees ], [], '... each with a test');
my @tests = map { /`([\w\/]+\.(?:pl|sql))`/g } map { (split / \| /)[-1] } @guarantees;
is_deeply([ grep { /\.pl$/ && !-e "$root/test/tap/$_" } @tests ], [], '... that exists');

like($node->safe_psql('app', "SELECT gpsync.drop_stream('legacy')"), qr/^$/, 'and the stream goes');

done_testing;
