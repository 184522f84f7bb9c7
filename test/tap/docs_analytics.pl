# The examples of docs/analytics.md and the third act of the demo, as they stand.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

sub file { return PostgreSQL::Test::Utils::slurp_file("$ENV{GPSYNC_TEST_ROOT}/$_[0]") }
my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql("CREATE SCHEMA demo;\n" . file('demo/history.sql'));
my $relay = $node->start_relay('gpsync_local');
$node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status");
$node->sql('CALL demo.move_wallets(30)');
my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
ok($node->wait_for_sql("SELECT gpsync.wait_for_sync('$now', 'gpsync_local')"), 'the history has come so far');
cmp_ok($node->sql('SELECT count(*) FROM gpsync.status_history'), '>=', 240, 'there are entries');
for my $name ('durations', 'funnel')
{
    my $out = $node->sql(file("demo/$name.sql"));
    like($out, qr/^\w+\|\d+\|/, "demo/$name.sql gives rows");
}
my @blocks = file('docs/analytics.md') =~ /```sql\n(.*?)```/gs;
cmp_ok(scalar @blocks, '>=', 7, 'the page has examples');
for my $block (@blocks)
{
    my ($first) = $block =~ /^(.*)$/m;
    my ($out, $err) = ('', '');
    is($node->psql('postgres', "SET client_min_messages = warning;\n$block", stdout => \$out, stderr => \$err, on_error_stop => 1),
        $block =~ /CREATE SCHEMA reports/ ? 3 : 0, "runs: $first") or diag($err);
    next if $block =~ /create_|interval '1 day'|p99 ON|JOIN usual/;
    like($out, qr/\S/, '... and gives rows');
}
# The schema of the second example is there already.
my ($block) = grep { /CREATE SCHEMA reports/ } @blocks;
$block =~ s/CREATE SCHEMA reports;//;
is($node->psql('postgres', $block), 0, 'runs, in a schema that is there: create_analytics()');
is($node->sql('SELECT count(*) FROM reports.wallet'), $node->sql('SELECT count(*) FROM wallet'), 'the copy has all wallets');
done_testing;
