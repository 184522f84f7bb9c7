# Answers in any coding and of any length: none of them may turn a rejection into a yes.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms', timeout => '10s', linger => '20ms');
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');
my $round = 0;

sub insert_ten
{
    my $name = 'r' . ++$round;
    $node->sql("INSERT INTO provision_status (provision_id, status) SELECT '${name}_' || n || '.', 'RECEIVED' FROM generate_series(1, 10) n");
    return $name;
}

sub wait_statuses
{
    my ($name, $expected, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $statuses = sub { $node->sql("SELECT string_agg(format('%s %s', n, sync_status), ', ' ORDER BY sync_status) FROM
        (SELECT sync_status, count(*) n FROM provision_status WHERE provision_id LIKE '${name}\\_%' GROUP BY 1) s") };
    ok(GpsyncTest::wait_until(sub { $statuses->() eq $expected }, "$name is $expected"), $what) or diag($statuses->());
    return;
}

note('a rejection is read in every coding');
# Without a coding of its own the emulator compresses with brotli, which the relay allows.
for my $coding ('', qw(gzip deflate bom utf-16))
{
    $nws->faults(kind => 'results', match => '_3.', error => 'no such partner', retryable => JSON::PP::false, times => 1, $coding ? (coding => $coding) : ());
    my $name = insert_ten();
    wait_statuses($name, '9 COMPLETED, 1 FAILED', ($coding || 'br') . ': the rejected event is a dead letter');
    like($node->sql("SELECT last_error FROM gpsync.dead_letters WHERE key->>'provision_id' = '${name}_3.'"), qr/no such partner/, '... with its reason');
    $nws->clear_faults;
}

note('what cannot be read is asked for again');
$nws->faults(kind => 'results', match => '_3.', retryable => JSON::PP::false, coding => 'gzip-unsaid', times => 1);
my $name = insert_ten();
wait_statuses($name, '10 COMPLETED', 'compressed without a word: sent again');
cmp_ok($nws->stats->{duplicates}, '>', 0, '... as duplicates');
$nws->clear_faults;

for my $coding (qw(gzip-half deflate-half))
{
    $nws->faults(kind => 'results', match => '_4.', retryable => JSON::PP::false, coding => $coding, times => 1);
    my $duplicates = $nws->stats->{duplicates};
    $name = insert_ten();
    wait_statuses($name, '10 COMPLETED', "$coding, which libcurl takes for an empty body: sent again");
    cmp_ok($nws->stats->{duplicates}, '>', $duplicates, '... as duplicates');
    $nws->clear_faults;
}

note('long answers');
for my $coding (qw(gzip bom))
{
    $nws->faults(kind => 'status', status => 422, match => '_7.', body => '{"error":"seven is odd"}', pad => 2_000_000, coding => $coding);
    $name = insert_ten();
    wait_statuses($name, '9 COMPLETED, 1 FAILED', "422 with 2 MB ($coding): the refused event is found");
    like($node->sql("SELECT last_error FROM gpsync.dead_letters WHERE key->>'provision_id' = '${name}_7.'"), qr/seven is odd/, '... and the reason is kept');
    $nws->clear_faults;
}
$nws->faults(kind => 'status', status => 200, body => '<html>', pad => 20_000_000, take => JSON::PP::true, times => 1);
wait_statuses(insert_ten(), '10 COMPLETED', '200 with a page of 20 MB: all taken');
$nws->clear_faults;
$nws->faults(kind => 'results', match => '_5.', retryable => JSON::PP::false, pad => 3_000_000, times => 1);
wait_statuses(insert_ten(), '9 COMPLETED, 1 FAILED', 'a list of results with 3 MB behind it is read');
$nws->clear_faults;

is($nws->stats->{refused}, 0, 'nothing came out of order');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
