# A token system that is slow, wrong, down, or hostile: no row gets into an illegal state, nothing of an answer is believed
# that was not checked, every token is answered or listed, the stream goes on, and nothing is in the logs. The table
# owner's code runs as the owner, and is bounded.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::TokenSystem;
use Test::More;

my $node   = GpsyncTest->new_node('main');
my $nws    = GpsyncTest::Emulator->new('nws');
my $system = GpsyncTest::TokenSystem->new('tokens');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms');
$system->create($node, timeout => '500ms');
$node->sql(q{CREATE USER MAPPING FOR relay SERVER tokens OPTIONS (bearer_token 'T0P-secret-of-the-token-system')});
$node->sql(<<~'SQL');
    CREATE ROLE issuer LOGIN;
    CREATE TABLE cards (token_id varchar(64) PRIMARY KEY, status varchar(20), pan_status varchar(10), pan_expiry date, suspended_by text[]);
    CREATE TABLE trace (who name, session name);
    ALTER TABLE cards OWNER TO issuer;
    ALTER TABLE trace OWNER TO issuer;
    SELECT gpsync.attach('cards', 'token_lifecycle');
    SELECT gpsync.redact_in_stream('cards', 'pan_expiry', 'drop');
    SQL
$node->create_stream('legacy', 'nws');
$node->sql(q{INSERT INTO cards SELECT 't' || lpad(n::text, 3, '0'), 'ACTIVE' FROM generate_series(1, 60) AS n});
my $relay = $node->start_relay('legacy');
$node->sql(<<~'SQL');
    SELECT gpsync.create_lookup('cards', 'cards', 'tokens',
        '{"status": "status", "panStatus": "pan_status", "panExpiry": "pan_expiry", "suspendedBy": "suspended_by"}', every => NULL)
    SQL

$system->set_default({ status => 'ACTIVE' });

sub row { my ($token) = @_; return $node->sql("SELECT status, pan_status, pan_expiry, suspended_by FROM cards WHERE token_id = '$token'") }
sub conflict { my ($token, $columns) = @_; return $node->sql('SELECT ' . ($columns // 'kind') . " FROM gpsync.lookup_conflicts WHERE token_id = '$token'") }
sub request { my @tokens = @_; return $node->sql("SELECT gpsync.lookup_now('cards', '{" . join(',', @tokens) . "}')") }

sub ask
{
    my @tokens = @_;
    request(@tokens);
    return ok($node->wait_for_sql(q{SELECT waiting = 0 AND in_flight = 0 FROM gpsync.lookup_status}), "@tokens: answered or listed");
}

# The answer for one token, as JSON text.
sub answer
{
    my ($token, $json) = @_;
    my $fault = $system->fault(kind => 'result', match => $token, result => $json);
    ask($token);
    $system->clear_faults($fault);
    return;
}

sub t { return sprintf 't%03d', $_[0] }

my $n = 0;
subtest 'an answer that is wrong is listed, and changes nothing' => sub {
    my $long = 'x' x 300;
    my @cases = (
        [ '{"tokenId":"{token}","status":5}',                                   'malformed' ],
        [ '{"tokenId":"{token}","status":{"a":1}}',                             'malformed' ],
        [ '{"tokenId":"{token}","status":""}',                                  'malformed' ],
        [ '{"tokenId":"{token}"}',                                              'malformed' ],
        [ '{"tokenId":"{token}","error":7}',                                    'malformed' ],
        [ '{"tokenId":"{token}","status":"ACTIVE","panStatus":["a"]}',          'malformed' ],
        [ '{"tokenId":"{token}","status":"SUSPENDED\u0000"}',                   'malformed' ],
        [ qq({"tokenId":"{token}","status":"$long"}),                           'malformed' ],
        [ '{"tokenId":"{token}","status":"SUSPENDED"},{"tokenId":"{token}","status":"DEACTIVATED"}', 'malformed' ],
        [ '{"tokenId":"{token}","status":"SUSPENDED","suspendedBy":[1]}',       'malformed' ],
        [ '{"tokenId":"{token}","status":"SUSPENDED","suspendedBy":{"a":"b"}}', 'malformed' ],
        [ '{"tokenId":"{token}","status":"T0P-secret-of-the-token-system"}',    'malformed' ],
        [ '{"tokenId":"{token}","status":"\'; DROP TABLE cards; --"}',          'unknown status' ],
        [ '{"tokenId":"{token}","status":"active"}',                            'unknown status' ],
        [ '{"tokenId":"{token}","status":"INACTIVE"}',                          'illegal' ],
        [ '{"tokenId":"{token}","status":"SUSPENDED","panStatus":"longer than ten"}', 'refused' ],
        [ '{"tokenId":"{token}","status":"SUSPENDED","panExpiry":"soon"}',      'refused' ],
        [ '{"tokenId":"{token}","error":"Token not found"}',                    'unknown token' ],
        [ '{"tokenId":"{token}","error":"try later"}',                          'error' ],
        [ '"{token}"',                                                          'unanswered' ],
        [ '{"id":"{token}","status":"SUSPENDED"}',                              'unanswered' ],
        [ '{"tokenId":["{token}"],"status":"SUSPENDED"}',                       'unanswered' ],
        [ '{"tokenId":"T{token}","status":"SUSPENDED"}',                        'unanswered' ]);
    for my $case (@cases)
    {
        my $token = t(++$n);
        answer($token, $case->[0]);
        is(conflict($token), $case->[1], substr($case->[0], 0, 60));
        is(row($token), 'ACTIVE|||', '... and the row is as it was');
    }
    ask(map { t($_) } 1 .. $n);
    is($node->sql('SELECT count(*) FROM gpsync.lookup_conflicts'), 0, 'right answers resolve them all') or diag($node->sql('TABLE gpsync.lookup_conflicts'));
};

subtest 'what the token system says is kept without PII and without secrets' => sub {
    my $token = t(++$n);
    answer($token, '{"tokenId":"{token}","error":"card 4111 1111 1111 1111 of max.mustermann@example.com refused, Bearer T0P-secret-of-the-token-system"}');
    my $detail = conflict($token, 'detail');
    like($detail, qr/refused/, 'there is a text');
    unlike($detail, qr/4111 1111|mustermann|T0P-secret/, '... without what must not be kept');
    answer($token, '{"tokenId":"{token}","status":"4111111111111111"}');
    unlike(conflict($token, 'status_there'), qr/4111111111111111/, 'nor a number that it calls a status');
    answer($token, '{"tokenId":"{token}","error":"' . ('e' x 5000) . '"}');
    is(conflict($token, 'length(detail)'), 200, 'it is short');
};

subtest 'a whole answer that is wrong' => sub {
    my $deep = '[' x 60000 . ']' x 60000;
    my %bodies = (
        'no JSON'  => 'oops', 'HTML' => '<html>', 'an empty one' => '', 'a list' => '[]', 'no results' => '{}', 'results that are none' => '{"results":"x"}',
        'a deep one' => qq({"results":$deep}), 'bytes that are no text' => qq({"results":[{"tokenId":"t001","status":"\\ud800"}]}),
        'a huge one' => '{"results":[' . join(',', map { qq({"tokenId":"nobody$_","status":"ACTIVE"}) } 1 .. 40_000) . ']}');
    for my $what (sort keys %bodies)
    {
        my $token = t(++$n);
        $system->set($token => { status => 'SUSPENDED' });
        $system->fault(kind => 'body', body => $bodies{$what}, times => 2);
        ask($token);
        is(row($token), 'SUSPENDED|||', "$what: it is asked again");
    }
    my $token = t(++$n);
    $system->fault(kind => 'repeat', times => 1);
    $system->fault(kind => 'extra', result => '{"tokenId":"t059","status":"DEACTIVATED"}', times => 1);
    ask($token);
    is(conflict($token), '', 'the same result twice is one');
    is(row('t059'), 'ACTIVE|||', 'a token that was not asked for is not written');
};

subtest 'a token system that is slow, or fails' => sub {
    for my $fault ({ kind => 'status', status => 503 }, { kind => 'status', status => 500 }, { kind => 'reset' }, { kind => 'delay', ms => 700 })
    {
        my $token = t(++$n);
        $system->set($token => { status => 'SUSPENDED' });
        $system->fault(%$fault, times => 2);
        ask($token);
        is(row($token), 'SUSPENDED|||', "$fault->{kind}, twice: the third attempt is answered");
    }
    my $token = t(++$n);
    $system->set($token => { status => 'SUSPENDED' });
    $system->forget;
    $system->fault(kind => 'status', status => 429, retry_after => '2', times => 1);
    my $began = time;
    ask($token);
    cmp_ok(time - $began, '>=', 1, 'Retry-After is honoured');

    my $down = $system->fault(kind => 'status', status => 503);
    request(t(1));
    ok($node->wait_for_sql(q{SELECT breaker IN ('open', 'half-open') FROM gpsync.lookup_status}), 'it is down: the breaker opens');
    is($node->sql(q{SELECT count(*) FROM gpsync.doctor() WHERE finding ~ 'token system of look-up "cards".*fails.*HTTP 503'}), 1, 'doctor() says so');
    like($node->sql(q{SELECT last_error FROM gpsync.lookup_status}), qr/HTTP 503/, 'so does lookup_status');
    $node->sql(q{INSERT INTO cards VALUES ('while_down', 'ACTIVE')});
    $node->wait_for_sync;
    ok($nws->entry('public.cards/while_down'), 'the stream goes on');
    my $asked = $system->stats->{requests};
    ok($node->wait_for_sql(q{SELECT breaker IN ('open', 'half-open') FROM gpsync.lookup_status}), 'it stays open');
    my $sessions = q{SELECT pid FROM pg_stat_activity WHERE application_name = 'gpsync-relay' AND query ~ 'relay_lookup'};
    ok($node->wait_for_sql("SELECT count(*) FROM ($sessions) AS s", 1), 'look-ups have a session of their own')
      or diag($node->sql('SELECT pid, application_name, state, query FROM pg_stat_activity'));
    my $lost = $node->sql($sessions);
    $node->sql("SELECT pg_terminate_backend($lost)");
    ok($node->wait_for_sql("SELECT count(*) FROM ($sessions) AS s WHERE pid <> $lost", 1), 'the session is lost: there is another');
    is(scalar(() = $relay->log =~ /running a look-up/g), 1, '... and the look-up goes on as it was, with its breaker');
    $relay->stop;
    $relay = $node->start_relay('legacy');
    ok(GpsyncTest::wait_until(sub { $relay->log =~ /running a look-up/ }, 'the look-up runs again'), 'the relay is another one');
    ok($node->wait_for_sql(q{SELECT breaker <> 'closed' AND state = 'waiting' FROM gpsync.lookup_status}), '... which begins with a probe');
    unlike($relay->log, qr/no token is asked for until/, '... and not with requests that fail until the breaker opens');
    $system->clear_faults;
    ok($node->wait_for_sql(q{SELECT waiting = 0 AND breaker = 'closed' FROM gpsync.lookup_status}, 't', 60), 'it is back: all is answered');
    $system->fault(kind => 'status', status => 403, times => 1);
    ask(t(2));
    is(conflict(t(2)), '', 'a misconfigured one is waited for, too');
    $node->wait_for_sql(q{SELECT breaker FROM gpsync.lookup_status}, 'closed', 60);
};

subtest 'a token that the system fails on is found among the others' => sub {
    my @tokens = map { t($_) } 1 .. 40;
    $system->fault(kind => 'status', status => 500, match => 't033');
    $system->set(map { $_ => { status => 'SUSPENDED' } } t(39), t(40));
    # Others are answered meanwhile.
    request(@tokens);
    ok(GpsyncTest::wait_until(sub { request('while_down'); conflict('t033') eq 'failing' }, 'it is found'), 'it is listed');
    is(conflict('t033', 'detail'), 'HTTP 500', '... with what the system says');
    $system->clear_faults;
    ok($node->wait_for_sql(q{SELECT waiting = 0 AND in_flight = 0 FROM gpsync.lookup_status}, 't', 60), 'the others are answered');
    is($node->sql('SELECT string_agg(token_id, $$,$$) FROM gpsync.lookup_conflicts'), 't033', '... all of them') or diag($node->sql('TABLE gpsync.lookup_conflicts'));
    is(row('t040'), 'SUSPENDED|||', '... and written');
    $system->fault(kind => 'status', status => 422, match => 't034');
    ask(@tokens);
    is(conflict('t034', 'kind, detail'), 'failing|HTTP 422', 'a request that is refused is divided, too');
    is($node->sql('SELECT count(*) FROM gpsync.lookup_conflicts'), 1, '... until one is left');
    $system->clear_faults;
    ask('t034');
};

subtest 'the table owner\'s code' => sub {
    $node->sql(<<~'SQL');
        CREATE FUNCTION trick() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public.trace VALUES (current_user, session_user);
            IF NEW.token_id = 'slow' THEN LOOP PERFORM 1; END LOOP; END IF;
            IF NEW.token_id = 'fails' THEN RAISE 'it holds %', NEW.pan_status; END IF;
            IF NEW.token_id = 'kept' THEN RETURN NULL; END IF;
            IF NEW.token_id = 'reset' THEN SET statement_timeout = 0; SET lock_timeout = 0; RESET ROLE; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER trick BEFORE UPDATE OF pan_status ON cards FOR EACH ROW EXECUTE FUNCTION trick();
        CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.trace VALUES (current_user, 'deferred'); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON cards DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late();
        INSERT INTO cards VALUES ('slow', 'ACTIVE'), ('fails', 'ACTIVE'), ('kept', 'ACTIVE'), ('fine', 'ACTIVE'), ('reset', 'ACTIVE');
        SQL
    $system->set(map { $_ => { status => 'SUSPENDED', panStatus => 'P-VALUE' } } qw(slow fails kept fine reset));
    ask(qw(slow fails kept fine reset));
    is(row('fine'), 'SUSPENDED|P-VALUE||', 'what its code lets through is written');
    like(conflict('fails', 'kind, detail'), qr/^refused\|.*SQLSTATE P0001/, 'what it refuses is listed');
    like(conflict('kept', 'kind, detail'), qr/^refused\|.*suppresses/, 'what it leaves out, too');
    like(conflict('slow', 'kind, detail'), qr/^refused\|.*too long/, 'what does not end is ended, and listed');
    is(row('slow'), 'ACTIVE|||', '... and not written');
    is($node->sql('SELECT DISTINCT who FROM trace'), 'issuer', 'it runs as the owner, deferred triggers too');
    is($node->sql(q{SELECT count(*) > 0 FROM trace WHERE session = 'deferred'}), 't', '... which there were');

    # A predicate is evaluated when a query of the table is planned.
    $node->sql(<<~'SQL');
        CREATE ROLE asker LOGIN; GRANT SELECT, UPDATE ON cards TO asker; SELECT gpsync.grant_operator('asker');
        CREATE FUNCTION in_index() RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE WARNING 'index of %', current_user; RETURN true; END $$;
        CREATE INDEX traced ON cards (status) WHERE in_index();
        SQL
    my ($found, $said);
    $node->psql('postgres', q{SELECT gpsync.lookup_now('cards', '{t001}'); SET ROLE asker; SELECT gpsync.lookup_now('cards', '{t001}')}, stdout => \$found, stderr => \$said);
    is($found, "1\n1", 'who may read the rows asks');
    is_deeply([ grep { !/issuer/ } $said =~ /index of (\w+)/g ], [], '... and an index of the owner is the owner\'s');
    like($said, qr/index of issuer/, '... which is evaluated');
    $node->sql('DROP INDEX traced');
    $node->wait_for_sync;
};

subtest '10,000 tokens of a system that is slow, wrong and down by turns' => sub {
    $node->sql(<<~'SQL');
        DROP TRIGGER trick ON cards; DROP TRIGGER late ON cards; SELECT gpsync.drop_lookup('cards'); DELETE FROM cards;
        ALTER TABLE cards DROP COLUMN pan_expiry;   -- the stream does not show it
        INSERT INTO cards SELECT 'm' || n, 'ACTIVE' FROM generate_series(1, 10000) AS n;
        CREATE TABLE seen (token_id text, was text, now text);
        ALTER TABLE seen OWNER TO issuer;
        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES (NEW.token_id, OLD.status, NEW.status); RETURN NULL; END $$;
        CREATE TRIGGER see AFTER UPDATE OF status ON cards FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION see();
        SQL
    my @states = ('ACTIVE', 'SUSPENDED', 'DEACTIVATED', 'INACTIVE', 'LOST');
    my %answers = map { my $state = $states[ $_ % 6 ]; ("m$_" => defined $state ? { status => $state } : undef) } 1 .. 10_000;
    $system->set(%answers);
    $system->forget;
    $system->fault(kind => 'status', status => 503, percent => 10);
    $system->fault(kind => 'leave-out', every => 7, percent => 10);
    $system->fault(kind => 'reset', percent => 5);
    $system->fault(kind => 'delay', ms => 600, percent => 3);
    $system->fault(kind => 'body', body => '{"results":[{]}', percent => 5);
    $node->sql(<<~'SQL' . GpsyncTest::TokenSystem::without_pauses('cards') . ' COMMIT');
        ALTER SERVER tokens OPTIONS (ADD breaker_successes '1');
        BEGIN;
        SELECT gpsync.create_lookup('cards', 'cards', 'tokens', '{"status": "status"}');
        SQL
    my $outage = 0;
    ok(GpsyncTest::wait_until(sub {
            $node->sql(q{SELECT asked > 500 FROM gpsync.lookup_status}) eq 't'
        }, 'some are asked for', 120), 'some are asked for');
    my $down = $system->fault(kind => 'status', status => 500);
    ok($node->wait_for_sql(q{SELECT breaker <> 'closed' FROM gpsync.lookup_status}, 't', 60), 'then it is down');
    $system->clear_faults($down);
    ok($node->wait_for_sql(q{SELECT pass_ended_at IS NOT NULL AND waiting = 0 AND in_flight = 0 FROM gpsync.lookup_status}, 't', 170), 'all are asked for')
      or diag($node->sql('TABLE gpsync.lookup_status'));
    $system->clear_faults;
    is($node->sql('SELECT count(*) FROM seen WHERE NOT gpsync.is_valid_transition($$token_lifecycle$$, was, now)'), 0, 'no illegal transition was made');
    my %listed = map { split /\|/ } split /\n/, $node->sql('SELECT token_id, kind FROM gpsync.lookup_conflicts');
    my %rows   = map { split /\|/ } split /\n/, $node->sql('SELECT token_id, status FROM cards');
    my @wrong;
    for my $token (keys %answers)
    {
        my $state = ($answers{$token} // { status => '' })->{status};
        my $kind  = $state eq '' ? 'unknown token' : $state eq 'INACTIVE' ? 'illegal' : $state eq 'LOST' ? 'unknown status' : '';
        my $is    = $listed{$token} // '';
        push @wrong, "$token: $state, $is, $rows{$token}"
          unless $is =~ /^(?:unanswered|failing)$/ || $is eq $kind && $rows{$token} eq ($kind eq '' ? $state : 'ACTIVE');
    }
    is_deeply(\@wrong, [], 'every token has its answer, or is listed');
    my $asked = $system->asked;
    is(scalar(keys %$asked), 10_000, 'every token was asked for');
    my $left_over = grep { /^(?:unanswered|failing)$/ } values %listed;
    cmp_ok($left_over, '<', 200, "few of them in vain: $left_over");
    is($system->stats->{bad_requests}, 0, 'all requests were as they must be') or diag($system->stats->{last_problem});
    $node->wait_for_sync(120);
    $node->ledger_agrees($nws, 'cards');
};

my $log = $relay->log . PostgreSQL::Test::Utils::slurp_file($node->logfile);
unlike($log, qr/4111.?1111|mustermann|T0P-secret|P-VALUE/, 'nothing of an answer, no secret in the logs');
done_testing;
