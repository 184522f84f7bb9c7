# Dead letters that go as they were, and those of deleted rows: each to its endpoint alone, in the order of its key, also
# when the relay is killed, the endpoint is down, or refuses again.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

$GpsyncTest::Relay::SANITIZED = 1;
my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for $nws, $ods;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

sub outcomes { my ($key) = @_; return $node->sql("SELECT string_agg(concat_ws(' ', endpoint, action), ', ' ORDER BY event_id, id) FROM gpsync.dead_letter_log WHERE key->>'provision_id' = '$key'") }
sub letters { my ($key) = @_; return $node->sql("SELECT string_agg(concat_ws(' ', endpoint, state), ', ' ORDER BY event_id, endpoint) FROM gpsync.dead_letter WHERE key->>'provision_id' = '$key'") }
sub retry { my ($endpoint, $more) = @_; return $node->sql("SELECT gpsync.retry_dead_letters('$endpoint'" . ($more // '') . ')') }
sub change { my ($key, $status) = @_; return $node->sql("UPDATE provision_status SET status = '$status' WHERE provision_id = '$key'") }

# What an endpoint took of a row, in the order of arrival.
sub events_of { my ($endpoint, $key) = @_; return $endpoint->events(qq(public.provision_status/$key")) }
sub types { my ($endpoint, $key) = @_; return join ' ', map { $_->{type} =~ s/^gpsync\.row\.//r } events_of($endpoint, $key) }

# A row that both endpoints have.
sub row
{
    my ($key) = @_;
    $node->sql("SELECT gpsync.generate_test_data('provision_status', 1, '${key}_')");
    $node->wait_for_sync;
    return "${key}_1";
}

sub closes
{
    my ($key, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(GpsyncTest::wait_until(sub { letters($key) eq '' }, "the letters of $key are closed"), $what);
}

subtest 'an update and a delete of a row that is gone' => sub {
    my $key   = row('a');
    my $fault = $nws->faults(kind => 'status', status => 422, match => $key);
    change($key, 'PROCESSING');
    $node->wait_for_sync;
    $node->sql("DELETE FROM provision_status WHERE provision_id = '$key'");
    ok(GpsyncTest::wait_until(sub { letters($key) eq 'nws open, nws open' }, 'both are refused'), 'both are refused');
    $node->wait_for_sync;
    $nws->clear_faults($fault);
    my $position = $node->sql('SELECT commit_lsn, ordinal FROM gpsync.stream_position');
    my $requests = $ods->stats->{requests};
    is(retry('nws'), '2', 'both are retried');
    closes($key, '... and go to their endpoint');
    is(outcomes($key), 'nws retried, nws delivered, nws retried, nws delivered', '... which the log says');
    is($node->sql(q{SELECT DISTINCT logged_by FROM gpsync.dead_letter_log WHERE action = 'delivered'}), 'relay', '... and who');
    is(types($nws, $key), 'inserted updated deleted', '... in the order of their key');
    is($ods->stats->{requests}, $requests, 'the other endpoint is not asked');
    is($node->sql('SELECT commit_lsn, ordinal FROM gpsync.stream_position'), $position, 'the position stays');
    $node->ledger_agrees($_, 'provision_status') for $nws, $ods;
};

subtest 'an operator has locked the letter' => sub {
    my $key   = row('locked');
    my $fault = $nws->faults(kind => 'status', status => 422, match => $key);
    change($key, 'PROCESSING');
    $node->wait_for_sync;
    $node->sql("DELETE FROM provision_status WHERE provision_id = '$key'");
    ok(GpsyncTest::wait_until(sub { letters($key) eq 'nws open, nws open' }, 'both are refused'), 'both are refused');
    $nws->clear_faults($fault);
    $nws->faults(kind => 'delay', ms => 500, match => $key);
    is(retry('nws'), '2', 'both are retried');
    my $operator = $node->background_psql('postgres');
    $operator->query_safe("BEGIN; SELECT gpsync.discard_dead_letters('nws', reason => 'perhaps')");
    my $other = row('unlocked');
    is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$other'"), 'COMPLETED', 'the stream goes on');
    ok(GpsyncTest::wait_until(sub { types($nws, $key) =~ /deleted/ }, 'the letters are sent'), 'the letters are sent');
    $other = row('later');
    is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$other'"), 'COMPLETED', '... and it still does');
    $operator->query_safe('ROLLBACK');
    $operator->quit;
    $nws->clear_faults;
    closes($key, 'then they are closed');
};

subtest 'refused again, and closed by something newer' => sub {
    my $key   = row('b');
    my $fault = $nws->faults(kind => 'status', status => 422, body => 'no', match => $key);
    change($key, 'PROCESSING');
    $node->wait_for_sync;
    $nws->clear_faults($fault);
    $fault = $nws->faults(kind => 'status', status => 409, body => 'still not', match => $key);
    is(retry('nws', ', as_it_was => true'), '1', 'a letter is retried as it was');
    ok(GpsyncTest::wait_until(sub { outcomes($key) eq 'nws retried, nws refused' }, 'it is refused'), '... and refused again');
    is($node->sql("SELECT concat_ws('|', state, as_it_was, attempts, http_status, error) FROM gpsync.dead_letter WHERE key->>'provision_id' = '$key'"),
        'open|f|2|409|HTTP 409: still not', '... it is open again, with the new reason');
    $nws->clear_faults($fault);
    is(retry('nws', ', as_it_was => true'), '1', 'it is retried');
    closes($key, '... and taken');
    is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'"), 'FAILED', 'no row is marked by that');
    change($key, 'COMPLETED');
    $node->wait_for_sync;
};

subtest 'a newer event of the key waits for the letter, and not the other way round' => sub {
    my $key   = row('c');
    my $fault = $nws->faults(kind => 'status', status => 422, match => $key);
    change($key, 'PROCESSING');
    $node->wait_for_sync;
    $nws->clear_faults($fault);
    my $hold = $nws->hold($key);
    retry('nws', ', as_it_was => true');
    $nws->wait_holding;
    change($key, 'COMPLETED');
    ok(GpsyncTest::wait_until(sub { types($ods, $key) eq 'inserted updated updated' }, 'ods has it'), 'the other endpoint has the newer event');
    is(types($nws, $key), 'inserted', '... this one waits for the letter');
    $nws->clear_faults($hold);
    $node->wait_for_sync;
    is(outcomes($key), 'nws retried, nws delivered', 'the letter is delivered');
    my @sequences = map { $_->{sequence} } events_of($nws, $key);
    is_deeply(\@sequences, [ sort @sequences ], '... before the newer event');
    $node->ledger_agrees($nws, 'provision_status');
};

subtest 'the relay is killed while the endpoint has the letter' => sub {
    my $key   = row('d');
    my $fault = $nws->faults(kind => 'status', status => 422, match => $key);
    $node->sql("DELETE FROM provision_status WHERE provision_id = '$key'");
    ok(GpsyncTest::wait_until(sub { letters($key) eq 'nws open' }, 'it is refused'), 'a delete is refused');
    $nws->clear_faults($fault);
    my $hold       = $nws->hold($key);
    my $duplicates = $nws->stats->{duplicates};
    retry('nws');
    $nws->wait_holding;
    $relay->kill9;
    $nws->clear_faults($hold);
    ok(GpsyncTest::wait_until(sub { types($nws, $key) eq 'inserted deleted' }, 'it is taken'), 'the endpoint took it');
    is(letters($key), 'nws retrying', '... and nobody knows');
    $relay = $node->start_relay('legacy');
    closes($key, 'the next relay sends it again');
    is($nws->stats->{duplicates}, $duplicates + 1, '... with the same id');
};

subtest 'the endpoint is down' => sub {
    my $key = row('e');
    my @faults = map { $_->faults(kind => 'status', status => 422, match => $key) } $nws, $ods;
    $node->sql("DELETE FROM provision_status WHERE provision_id = '$key'");
    ok(GpsyncTest::wait_until(sub { letters($key) eq 'nws open, ods open' }, 'it is refused'), 'a delete is refused by both');
    $_->clear_faults for $nws, $ods;
    $nws->stop;
    is(retry('nws'), '1', 'the letter of the one that is down is retried');
    ok($node->wait_for_sql(q{SELECT breaker <> 'closed' FROM gpsync.endpoint_status WHERE endpoint = 'nws'}), '... which is noticed');
    is(retry('ods'), '1', 'the other one is, too');
    ok(GpsyncTest::wait_until(sub { letters($key) eq 'nws retrying' }, 'ods takes it'), '... and does not wait for the first');
    $nws->start;
    closes($key, 'the first goes when its endpoint is back, in a stream that sends nothing else');
    is(types($nws, $key), 'inserted deleted', '... once');
    ok($node->wait_for_sql(q{SELECT feed = 'live' AND breaker = 'closed' FROM gpsync.endpoint_status WHERE endpoint = 'nws'}), '... and the endpoint is live');
    $node->ledger_agrees($_, 'provision_status') for $nws, $ods;
};

subtest 'more letters than are fetched at once, and one that is no event' => sub {
    $node->sql("SELECT gpsync.generate_test_data('provision_status', 250, 'm_')");
    $node->wait_for_sync;
    my $fault = $nws->faults(kind => 'status', status => 422, match => 'provision_status/m_');
    $node->sql(q{DELETE FROM provision_status WHERE provision_id LIKE 'm\_%'});
    ok($node->wait_for_sql('SELECT count(*) FROM gpsync.dead_letter', 250), '250 deletes are refused');
    $nws->clear_faults($fault);
    $node->sql(q{UPDATE gpsync.dead_letter SET payload = '{"type": "gpsync.row.deleted"}' WHERE key->>'provision_id' = 'm_7'});
    is(retry('nws'), '250', 'all are retried');
    ok($node->wait_for_sql(q{SELECT string_agg(state || ' ' || error, ', ') FROM gpsync.dead_letter},
        'open the payload cannot be sent: malformed event in the replication stream'), 'all are taken but the one that is no event, which is open again');
    is($node->sql(q{SELECT count(*) FROM gpsync.dead_letter_log WHERE action = 'delivered' AND key->>'provision_id' LIKE 'm\_%'}), '249', '... as the log says');
    is($relay->stop, 0, 'the relay ends in order');
};

done_testing;
