# The NWS emulator over HTTP: what it takes, drops and refuses, its ledger over restarts, its faults.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use HTTP::Tiny;
use JSON::PP ();
use POSIX qw(strftime);
use Test::More;
use Time::HiRes qw(time);

my $nws   = GpsyncTest::Emulator->new('nws');
my $http  = HTTP::Tiny->new(timeout => 10, max_redirect => 0, keep_alive => 0);
my $batch = 0;
my $json  = JSON::PP->new->canonical;

# An event: prov N at place ($lsn, 1) of the stream.
sub event
{
    my ($key, $lsn, %more) = @_;
    my $subject  = "public.provision_status/$key";
    my $sequence = sprintf '%016X-%08X', $lsn, 1;
    my %data     = (schema => 'public', table => 'provision_status', key => { provision_id => $key }, xid => 700,
        revision => $lsn, row => { provision_id => $key, status => 'RECEIVED' }, %{ delete $more{data} // {} });
    delete $data{$_} for grep { !defined $data{$_} } keys %data;
    return {
        specversion => '1.0', id => "$sequence-" . sprintf('%016X', 1_700_000_000_000_000), source => '/gpsync/1/app',
        type => 'gpsync.row.inserted', subject => $subject, partitionkey => $subject, sequence => $sequence,
        time => '2023-11-14T22:13:20Z', datacontenttype => 'application/json', data => \%data, %more };
}

sub post
{
    my ($events, %headers) = @_;
    my %all = ('Content-Type' => 'application/cloudevents-batch+json; charset=utf-8', 'Idempotency-Key' => 'batch-' . ++$batch, %headers);
    delete $all{$_} for grep { !defined $all{$_} } keys %all;
    return $http->post($nws->url, { content => $json->encode($events), headers => \%all });
}

my $answer = post([ event('a', 10), event('b', 11) ]);
is($answer->{status}, 200, 'a batch is taken');
is($answer->{content}, '', 'with an empty answer: all taken');
is($nws->entry('public.provision_status/a')->{data}{row}{status}, 'RECEIVED', 'the ledger shows the row');

post([ event('a', 10), event('a', 12, type => 'gpsync.row.updated', data => { row => { provision_id => 'a', status => 'FAILED' } }) ]);
my $stats = $nws->stats;
is("$stats->{accepted} $stats->{duplicates}", '3 1', 'a repeat is dropped by its id');
is($nws->entry('public.provision_status/a')->{data}{row}{status}, 'FAILED', 'the later state is kept');

$answer = post([ event('c', 9), event('a', 8) ]);
is($answer->{status}, 400, 'an event that comes too late for its key is refused');
like($answer->{content}, qr/out of order/, '... with the reason');
is(scalar(grep { $_->{subject} =~ m{/c$} } $nws->ledger), 0, '... and nothing else of its batch is taken');
is(post([ event('c', 9) ])->{status}, 200, '... which may come again');
is(post([ event('d', 10) ])->{status}, 400, 'an id stands for one subject');
is(post([ event('d', 21), event('d', 20) ])->{status}, 400, 'the order inside a batch counts too');

is(post([ event('e', 30) ], 'Content-Type' => 'application/json')->{status}, 400, 'another content type is refused');
is(post([ event('e', 30) ], 'Idempotency-Key' => undef)->{status}, 400, 'a batch without Idempotency-Key is refused');
is(post([ event('e', 30) ], 'Idempotency-Key' => 'same')->{status}, 200, 'a key');
is(post([ event('e', 30) ], 'Idempotency-Key' => 'same')->{status}, 200, '... may come again with its batch');
is(post([ event('e', 31) ], 'Idempotency-Key' => 'same')->{status}, 400, '... not with another');
is(post([ event('e', 32, specversion => '0.3') ])->{status}, 400, 'a broken event is refused');

# Deletions, changes of key, values that were not sent, TRUNCATE.
post([ event('b', 40, type => 'gpsync.row.deleted', data => { row => undef, revision => undef }) ]);
ok($nws->entry('public.provision_status/b')->{deleted}, 'a deleted row');
post([ event('b', 41) ]);
ok(!$nws->entry('public.provision_status/b')->{deleted}, '... inserted again');
post([ event('x/1', 42, subject => 'public.provision_status/x%2F1', partitionkey => 'public.provision_status/x%2F1',
        type => 'gpsync.row.updated', data => { old => { provision_id => 'b' }, unchanged => ['status'], row => { provision_id => 'x/1' } }) ]);
ok($nws->entry('public.provision_status/b')->{deleted}, 'a change of key ends the old one');
is($nws->entry('public.provision_status/x%2F1')->{data}{row}{status}, 'RECEIVED', '... and values that were not sent come from it');
post([ event('x', 50, type => 'gpsync.table.truncated', subject => 'public.provision_status', partitionkey => 'public.provision_status',
        data => { row => undef, key => undef, revision => undef }) ]);
is($nws->stats->{live}, 0, 'TRUNCATE ends all rows of the table');
is(post([ event('late', 49) ])->{status}, 400, '... and nothing may overtake it');
is(post([ event('a', 51) ])->{status}, 200, '... but a later row may come');

# The ledger survives.
my @before = map { $json->encode($_) } sort { $a->{subject} cmp $b->{subject} } $nws->ledger;
my $counts = $nws->stats;
$nws->kill9;
$nws->start;
is_deeply([ map { $json->encode($_) } sort { $a->{subject} cmp $b->{subject} } $nws->ledger ], \@before, 'the ledger survives kill -9');
is($nws->stats->{$_}, $counts->{$_}, "... and its count of $_") for qw(accepted duplicates keys live);
post([ event('a', 51) ]);
is($nws->stats->{duplicates}, $counts->{duplicates} + 1, '... and the ids it knows');
is($nws->stop, 0, 'SIGTERM ends it');
$nws->start;

# Faults.
$nws->faults(kind => 'status', status => 503, retry_after => 7, times => 1);
$answer = post([ event('f', 60) ]);
is("$answer->{status} $answer->{headers}{'retry-after'}", '503 7', 'a status with Retry-After');
is(post([ event('f', 60) ])->{status}, 200, '... once');

$nws->faults(kind => 'status', status => 422, match => '/g1');
is(post([ event('g2', 61) ])->{status}, 200, 'a fault for one key leaves the others');
is(post([ event('g1', 62), event('g2', 63) ])->{status}, 422, '... and meets its batch');
$nws->clear_faults;
is(post([ event('g1', 62) ])->{status}, 200, 'faults can be cleared');

$nws->faults(kind => 'status', status => 413, more_than => 1);
is(post([ event('h', 64), event('h', 65) ])->{status}, 413, 'a limit on the size of batches');
is(post([ event('h', 64) ])->{status}, 200, '... lets smaller ones pass');
$nws->clear_faults;

$nws->faults(kind => 'reset', times => 1);
is(post([ event('i', 66) ])->{status}, 599, 'a reset connection');
is($nws->entry('public.provision_status/i'), undef, '... takes nothing');
$nws->faults(kind => 'half', times => 1);
is(post([ event('i', 66) ])->{status}, 599, 'half an answer');
ok($nws->entry('public.provision_status/i'), '... after the batch was taken');

$nws->faults(kind => 'delay', ms => 300, times => 1);
my $start = time;
post([ event('j', 67) ]);
cmp_ok(time - $start, '>=', 0.3, 'a delay');
$nws->faults(kind => 'delay', ms => 600_000, take => JSON::PP::true);
my $body = $json->encode([ event('taken', 68) ]);
my $curl = GpsyncTest::Process->spawn('curl', [ 'curl', '-sS', '-d', $body, '-H', 'Content-Type: application/cloudevents-batch+json', '-H', 'Idempotency-Key: taken', $nws->url ]);
ok($nws->wait_holding && GpsyncTest::wait_until(sub { $nws->entry('public.provision_status/taken') }, 'the event is taken'), '... in which the batch is taken');
ok($curl->is_running, '... before it is answered');
$nws->clear_faults;
is($curl->wait_exit, 0, '... which it is at last');

$nws->faults(kind => 'results', match => '/k1', error => 'no such partner', retryable => JSON::PP::false);
$answer = JSON::PP::decode_json(post([ event('k1', 69), event('k2', 70) ])->{content});
is($answer->{results}[0]{status}, 'rejected', 'one event is rejected');
is($answer->{results}[0]{error}, 'no such partner', '... with the reason');
is($answer->{results}[1]{status}, 'accepted', '... and the other one taken');
$nws->clear_faults;

$nws->faults(kind => 'redirect', location => 'http://127.0.0.1:1/', seconds => 60);
is(post([ event('l', 71) ])->{status}, 307, 'a redirect');
$nws->clear_faults;
is($http->post($nws->url =~ s/events$/faults/r, { content => '{"kind":"statusx"}' })->{status}, 400, 'an unknown fault is refused');

done_testing;
