# emit() and the topics of streams: events arrive in order with the rows of their transaction, once, never if it rolls
# back, without PII in the WAL or at an endpoint; nobody else's messages become events; request_status() is right.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use JSON::PP ();
use Test::More;

my $node = GpsyncTest->new_node('main', max_prepared_transactions => 5);
my ($nws, $acl) = map { GpsyncTest::Emulator->new($_) } qw(nws acl);
$node->create_platform;
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for $nws, $acl;
$node->create_stream('legacy', 'nws', { topics => "'{audit}'" });
$node->create_stream('checks', 'acl', { topics => "'{audit,acl}'", publication => 'NULL' });
$node->sql(q{CREATE ROLE app LOGIN; SELECT gpsync.grant_emitter('app')});
my %relay = map { $_ => $node->start_relay($_) } qw(legacy checks);

sub status { my ($id) = @_; return JSON::PP::decode_json($node->sql("SELECT gpsync.request_status('$id')")) }
sub emit { my ($arguments) = @_; return $node->sql("SELECT gpsync.emit($arguments) ->> 'requestId'") }

# Waits for every stream; events of topics are waited for as rows are.
sub wait_for_all
{
    is($node->sql("SELECT bool_and(gpsync.wait_for_sync(stream => s.stream, timeout => '${GpsyncTest::TIMEOUT} s')) FROM gpsync.stream_status AS s"), 't', 'all is delivered');
    return;
}
sub events_of { my ($endpoint, $text) = @_; return grep { defined $_->{topic} } $endpoint->events($text) }

subtest 'an event' => sub {
    my $answer = JSON::PP::decode_json($node->sql(q{SELECT gpsync.emit('com.example.acl.checked', '{"allowed": true, "n": [1, null]}', 'user/7')}));
    is($answer->{status}, 'ACCEPTED', 'the answer comes at once');
    like($answer->{requestId}, qr/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, '... with a UUID of version 8');
    wait_for_all();
    for my $endpoint ($nws, $acl)
    {
        my ($event, @more) = events_of($endpoint);
        is(scalar @more, 0, $endpoint->name . ' gets one event');
        is_deeply([ @$event{qw(type subject partitionkey topic requestid)} ],
            [ 'com.example.acl.checked', 'user/7', 'audit/user%2F7', 'audit', $answer->{requestId} ], '... with its attributes');
        is_deeply($event->{data}, { allowed => JSON::PP::true, n => [ 1, undef ] }, '... and its data');
    }
    is_deeply(status($answer->{requestId}), { requestId => $answer->{requestId}, status => 'DELIVERED' }, 'request_status() knows');
    is($node->sql('SELECT publication IS NULL, topics FROM gpsync.stream_status ORDER BY stream'), "t|{audit,acl}\nf|{audit}", 'stream_status shows the topics');
};

subtest 'topics' => sub {
    my $id = emit(q{'acl.only', '{}', topic => 'acl'});
    wait_for_all();
    is(scalar(events_of($nws, $id)), 0, 'a stream gets no event of another topic');
    my ($event) = events_of($acl, $id);
    is_deeply([ @$event{qw(subject partitionkey data)} ], [ 'acl', 'acl', {} ], 'an event without a key has the topic as its subject');
    is(status($id)->{status}, 'DELIVERED', '... and is delivered once those that take it have it');
};

subtest 'with the rows of its transaction, or not at all' => sub {
    $node->sql(<<'SQL');
BEGIN;
SELECT gpsync.emit('t.first', '{}', 'k');
INSERT INTO provision_status (provision_id, status) VALUES ('a', 'RECEIVED');
SAVEPOINT s;
SELECT gpsync.emit('t.never', '{}', 'k');
ROLLBACK TO s;
SELECT gpsync.emit('t.second', '{}', 'k');
UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'a';
SELECT gpsync.emit('t.third', '{}', 'k');
COMMIT;
BEGIN;
SELECT gpsync.emit('t.never', '{}', 'k');
ROLLBACK;
SQL
    wait_for_all();
    is(join(' ', map { $_->{type} } sort { $a->{sequence} cmp $b->{sequence} } grep { $_->{type} =~ /^t\./ || $_->{subject} =~ m{/a$} } $nws->events),
        't.first gpsync.row.inserted t.second gpsync.row.updated t.third', 'the order in the stream is that in the transaction');
    is(join(' ', map { $_->{type} } grep { $_->{subject} eq 'k' } events_of($nws)), 't.first t.second t.third', 'events of one key arrive in their order');
    is(join(' ', map { $_->{type} } grep { $_->{subject} eq 'k' } events_of($acl)), 't.first t.second t.third', '... at each stream');
    is($node->sql('SELECT sync_status FROM provision_status'), 'COMPLETED', 'the row is marked');
    $node->ledger_agrees($nws, 'provision_status');
};

subtest 'request_status()' => sub {
    my $held = $acl->hold;
    my $session = $node->background_psql('postgres');
    $session->query_safe('BEGIN');
    my $id = $session->query_safe(q{SELECT gpsync.emit('t.open', '{}') ->> 'requestId'});
    is(status($id)->{status}, 'IN PROGRESS', 'an open transaction');
    is($session->query_safe("SELECT gpsync.request_status('$id') ->> 'status'"), 'IN PROGRESS', '... by itself, too');
    $session->query_safe('SAVEPOINT s');
    my $rolled_back = $session->query_safe(q{SELECT gpsync.emit('t.savepoint', '{}') ->> 'requestId'});
    is(status($rolled_back)->{status}, 'IN PROGRESS', 'a savepoint');
    $session->query_safe('ROLLBACK TO s');
    is(status($rolled_back)->{status}, 'ABORTED', '... that is rolled back');
    $session->query_safe('SAVEPOINT s');
    my $kept = $session->query_safe(q{SELECT gpsync.emit('t.kept', '{}') ->> 'requestId'});
    $session->query_safe('RELEASE s');
    is(status($kept)->{status}, 'IN PROGRESS', '... that is released');
    $session->query_safe('COMMIT');
    $session->quit;
    is(status($_)->{status}, 'ACCEPTED', 'committed, and one endpoint has not answered') for $id, $kept;
    is(status($rolled_back)->{status}, 'ABORTED', 'the savepoint stays rolled back');
    $acl->clear_faults($held);
    wait_for_all();
    is(status($_)->{status}, 'DELIVERED', 'delivered') for $id, $kept;

    my $aborted = $node->sql(q{BEGIN; SELECT gpsync.emit('t.aborted', '{}') ->> 'requestId'; ROLLBACK});
    is(status($aborted)->{status}, 'ABORTED', 'a transaction that rolled back');
    my $prepared = $node->sql(q{BEGIN; SELECT gpsync.emit('t.prepared', '{}') ->> 'requestId'; PREPARE TRANSACTION 'p'});
    is(status($prepared)->{status}, 'IN PROGRESS', 'a prepared transaction');
    $node->sql(q{COMMIT PREPARED 'p'});
    wait_for_all();
    is(status($prepared)->{status}, 'DELIVERED', '... that is committed');

    for my $forged ('00000000-0000-8000-8000-000000000000', 'ffffffff-ffff-8fff-bfff-ffffffffffff', '6ba7b810-9dad-11d1-80b4-00c04fd430c8', substr($id, 0, 35) . (substr($id, 35) eq '1' ? '2' : '1'), ('0' x 8) . substr($id, 8, 6) . '4' . substr($id, 15))
    {
        is(status($forged)->{status}, 'UNKNOWN', "$forged is no request");
    }
    $node->sql('CREATE DATABASE other; ');
    $node->safe_psql('other', 'CREATE EXTENSION gpsync');
    is($node->safe_psql('other', "SELECT gpsync.request_status('$id') ->> 'status'"), 'UNKNOWN', 'a request of another database is none of this one');
    $node->sql('SELECT pg_switch_wal(); CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT');
    is(status($_)->{status}, 'DELIVERED', 'still delivered later') for $id, $kept, $prepared;
    $node->restart;
    is(status($_)->{status}, 'DELIVERED', '... and after a restart') for $id, $kept, $prepared;
    is(status($aborted)->{status}, 'ABORTED', '... as what was aborted is');
};

subtest 'PII is neither in the WAL nor at an endpoint' => sub {
    my $start = $node->lsn('insert');
    my $id = $node->sql(q{SELECT gpsync.emit('t.pii', '{"card": "4111111111111111", "mail": "alice.miller@example.com", "note": "call alice.miller@example.com", "harmless": "stays-here"}') ->> 'requestId'}, extra_params => [ '-U', 'app' ]);
    wait_for_all();
    my ($wal) = PostgreSQL::Test::Utils::run_command([ 'pg_waldump', '-p', $node->data_dir . '/pg_wal', '-s', $start, '-e', $node->lsn('insert'), '-r', 'LogicalMessage' ]);
    like($wal, qr/gpsync\.event/, 'pg_waldump shows the message');
    my $bytes = '';
    for my $file (glob $node->data_dir . '/pg_wal/0*') { $bytes .= PostgreSQL::Test::Utils::slurp_file($file) }
    like($bytes, qr/stays-here/, 'what is harmless is in the WAL');
    unlike($bytes, qr/4111111111111111/, 'the card number is not');
    unlike($bytes, qr/alice\.miller/, '... and the address is not');
    my ($event) = events_of($acl, $id);
    is($event->{data}{harmless}, 'stays-here', 'the endpoint gets what is harmless');
    unlike(JSON::PP::encode_json($event), qr/4111111111111111|alice\.miller/, '... and nothing else');
    my ($state) = $node->sql_error(q{SELECT gpsync.emit('t.pii', '{}', 'card 4111111111111111')});
    is($state, '22023', 'a key with a card number is refused');
};

subtest 'messages of others are no events' => sub {
    my $count = events_of($acl);
    # From PostgreSQL 17 on these functions have another argument.
    $node->sql("GRANT EXECUTE ON FUNCTION $_ TO app")
        for split /\n/, $node->sql(q{SELECT oid::regprocedure FROM pg_proc WHERE proname = 'pg_logical_emit_message'});
    # What a real message has, read from the WAL by whoever may.
    $node->sql(q{SELECT pg_create_logical_replication_slot('spy', 'test_decoding')});
    my $id = emit(q{'t.real', '{"real": 1}', 'k2'});
    my $content = $node->sql(q{SELECT substring(data FROM 'content:(.*)') FROM pg_logical_slot_get_changes('spy', NULL, NULL) WHERE data ~ 'prefix: gpsync.event'});
    isnt($content, '', 'a spy sees the message');
    $node->psql('postgres', <<'SQL', extra_params => [ '-U', 'app' ], on_error_die => 1);
SELECT pg_logical_emit_message(true, 'gpsync.event', '{"forged": "alice.miller@example.com"}');
SELECT pg_logical_emit_message(false, 'gpsync.event', '{"forged": "alice.miller@example.com"}');
-- Version 1, no key, type "t.forged", topic "audit", data "{}".
SELECT pg_logical_emit_message(b, 'gpsync.event', '\x01000800050000000000000002000000'::bytea || '\x0102030400000000'::bytea || 't.forgedaudit{}'::bytea) FROM (VALUES (true), (false)) AS v (b);
SQL
    emit(q{'t.after', '{}'});
    wait_for_all();
    my @all = events_of($acl);
    is(join(' ', map { $_->{type} } @all[ $count .. $#all ]), 't.real t.after', 'only what emit() wrote arrives');
    is(scalar(grep { $_->is_running } values %relay), 2, 'and they stop no stream');
    $node->sql(q{SELECT pg_drop_replication_slot('spy')});
};

subtest 'refused, retried, discarded' => sub {
    my $fault = $acl->faults(kind => 'status', status => 422, body => 'no', match => 'bad');
    my $id = emit(q{'t.bad', '{"bad": true}', 'bad'});
    my $other = emit(q{'t.other', '{"bad": true}', 'bad'});
    my $third = emit(q{'t.third', '{"bad": true}', 'bad/3'});
    wait_for_all();
    my $status = status($id);
    is($status->{status}, 'FAILED', 'a request that an endpoint refuses has failed');
    my $letter = $status->{deadLetters}[0];
    is_deeply([ @$letter{qw(stream endpoint state httpStatus error)} ], [ 'checks', 'acl', 'open', 422, 'HTTP #: no' ], '... with its dead letter');
    is(scalar @{ $status->{deadLetters} }, 1, '... the other endpoint has it');
    is($node->sql(q{SELECT schema_name, table_name, key, payload ->> 'type' FROM gpsync.dead_letters ORDER BY event_id}),
        qq(|audit|{"key": "bad"}|t.bad\n|audit|{"key": "bad"}|t.other\n|audit|{"key": "bad/3"}|t.third), 'the letters name topic and key');
    is($node->sql(q{SELECT table_name, letters FROM gpsync.dead_letter_groups}), 'audit|3', '... and are a group');
    $acl->clear_faults($fault);
    $node->sql("SELECT gpsync.retry_dead_letters(ids => ARRAY['$letter->{eventId}'])");
    ok($node->wait_for_sql("SELECT gpsync.request_status('$id') ->> 'status'", 'DELIVERED'), 'retried as it was, it is delivered');
    is(scalar(events_of($acl, $id)), 1, '... once');
    $node->sql(q{SELECT gpsync.discard_dead_letters('acl', reason => 'not needed')});
    is(status($_)->{status}, 'FAILED', 'one that is discarded stays failed') for $other, $third;
    is(status($other)->{deadLetters}[0]{state}, 'discarded', '... and says so');
};

subtest 'an outage is spooled' => sub {
    my $fault = $acl->faults(kind => 'status', status => 503);
    my @ids = split /\n/, $node->sql(q{SELECT gpsync.emit('t.spooled', jsonb_build_object('n', n), 'k' || n % 3) ->> 'requestId' FROM generate_series(1, 200) AS n});
    ok($node->wait_for_sql(q{SELECT feed FROM gpsync.endpoint_status WHERE endpoint = 'acl'}, 'behind'), 'the endpoint falls behind');
    ok($node->wait_for_sql(q{SELECT confirmed_lsn > (SELECT commit_lsn FROM gpsync.endpoint_cursor WHERE endpoint = 'acl') FROM gpsync.stream_status WHERE stream = 'checks'}), 'the stream goes on');
    is(status($ids[$_])->{status}, 'ACCEPTED', 'what is spooled is not delivered') for 0, 199;
    is($node->sql(q{SELECT "table", state, events FROM gpsync.parked_events}), 'topic audit|spooled|200', 'parked_events has the topic');
    $acl->clear_faults($fault);
    $node->sql(q{SELECT gpsync.reset_breaker('checks', 'acl')});
    wait_for_all();
    is(status($ids[$_])->{status}, 'DELIVERED', 'then it is') for 0, 199;
    is(join(' ', map { $_->{data}{n} } grep { $_->{type} eq 't.spooled' && $_->{subject} eq 'k1' } events_of($acl)), join(' ', map { 3 * $_ + 1 } 0 .. 66), 'in order');
};

subtest 'held keys' => sub {
    my $fault = $acl->faults(kind => 'results', retryable => \1, error => 'not now', match => 'stuck');
    my $id = emit(q{'t.held', '{}', 'stuck'});
    my $other = emit(q{'t.free', '{}', 'free'});
    ok($node->wait_for_sql(q{SELECT "table", state, key FROM gpsync.parked_events}, 'topic audit|held|{"key": "stuck"}'), 'an event that is rejected for now is held');
    ok($node->wait_for_sql("SELECT gpsync.request_status('$other') ->> 'status'", 'DELIVERED'), 'other keys go on');
    is(status($id)->{status}, 'ACCEPTED', 'what is held is not delivered');
    $acl->clear_faults($fault);
    $node->sql(q{SELECT gpsync.retry_held('checks', 'acl')});
    ok($node->wait_for_sql("SELECT gpsync.request_status('$id') ->> 'status'", 'DELIVERED'), 'then it is');
};

subtest 'skip_change()' => sub {
    $relay{checks}->stop;
    my $id = $node->sql(q{BEGIN; SELECT gpsync.emit('t.unskipped', '{}', 'skip'); SELECT gpsync.emit('t.skipped', '{}', 'skip') ->> 'requestId'; COMMIT}) =~ s/.*\n//sr;
    my ($commit_lsn) = $node->sql(qq{SELECT commit_lsn FROM gpsync_internal.request_state('$id')});
    $node->sql("SELECT gpsync.skip_change('checks', '$commit_lsn', 2, 'a test')");
    $relay{checks} = $node->start_relay('checks');
    ok($node->wait_for_sql("SELECT gpsync.request_status('$id') ->> 'status'", 'FAILED'), 'a skipped event has failed');
    is(scalar(grep { $_->{type} eq 't.skipped' } events_of($acl)), 0, '... and is not sent');
    is(scalar(grep { $_->{type} eq 't.unskipped' } events_of($acl)), 1, '... the other one of its transaction is');
    is(scalar(grep { $_->{type} eq 't.skipped' } events_of($nws)), 1, '... but by the other stream');
    like(status($id)->{deadLetters}[0]{error}, qr/^skipped by postgres/, '... the letter says why');
};

subtest 'recreate_stream() and drop_stream()' => sub {
    is($relay{checks}->stop, 0, 'the relay stops');
    my $lost = emit(q{'t.lost', '{}'});
    is(status($lost)->{status}, 'ACCEPTED', 'nobody delivers');
    $node->sql(q{SELECT gpsync.recreate_stream('checks', force => true)});
    $relay{checks} = $node->start_relay('checks');
    my $id = emit(q{'t.found', '{}'});
    wait_for_all();
    is(status($lost)->{status}, 'FAILED', 'an event that the new slot does not have has failed');
    is(status($lost)->{deadLetters}[0]{error}, 'the stream was made again', '... and it is said why');
    is(status($id)->{status}, 'DELIVERED', 'the next one is delivered');
    my $session = $node->background_psql('postgres');
    $session->query_safe('BEGIN');
    my $open = $session->query_safe(q{SELECT gpsync.emit('t.open', '{}', topic => 'acl') ->> 'requestId'});
    my ($state) = $node->sql_error(q{SELECT gpsync.drop_stream('checks')});
    is($state, '55006', 'drop_stream() does not drop what an open transaction emits to');
    $session->query_safe('COMMIT');
    $relay{checks}->stop;
    my $late = emit(q{'t.late', '{}', topic => 'acl'});
    $node->sql(q{SELECT gpsync.drop_stream('checks')});
    is(status($id)->{status}, 'DELIVERED', 'what was delivered stays so');
    is(status($late)->{status}, 'FAILED', 'what was not has failed');
    $session->quit;
    ($state) = $node->sql_error(q{SELECT gpsync.emit('t.open', '{}', topic => 'acl')});
    is($state, '42704', 'nobody takes the topic any more');
};

is($relay{legacy}->stop, 0, 'the relay stops');
done_testing;
