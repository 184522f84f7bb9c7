# Look-ups: the relay of the stream that books a table asks the token system for its tokens, by a period and on demand;
# answers move the status through the machine, as the table's owner, and are streamed like any change; what cannot be
# taken over is listed.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::TokenSystem;
use JSON::PP ();
use Test::More;

my $node   = GpsyncTest->new_node('main');
my $nws    = GpsyncTest::Emulator->new('nws');
my $system = GpsyncTest::TokenSystem->new('tokens');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms');
$system->create($node);
$node->sql(<<~'SQL');
    CREATE ROLE issuer LOGIN;
    GRANT CREATE ON SCHEMA public TO issuer;
    SELECT gpsync.grant_operator('issuer');
    GRANT USAGE ON FOREIGN SERVER tokens, nws TO issuer;
    CREATE TABLE cards (token_id varchar(64) PRIMARY KEY, status varchar(20), pan_status varchar(10), pan_expiry text, suspended_by text[],
        written_by name);
    ALTER TABLE cards OWNER TO issuer;
    GRANT issuer TO postgres;
    SELECT gpsync.attach('cards', 'token_lifecycle');
    SECURITY LABEL FOR gpsync ON COLUMN cards.pan_expiry IS 'pass';
    SQL
$node->create_stream('legacy', 'nws');
$node->sql(q{INSERT INTO cards SELECT 't' || lpad(n::text, 4, '0'), 'ACTIVE' FROM generate_series(1, 120) AS n});
my $relay = $node->start_relay('legacy');

my $all = '{"status": "status", "panStatus": "pan_status", "panExpiry": "pan_expiry"}';

sub create
{
    my ($name, $columns, %arguments) = @_;
    my $more = join '', map { ", $_ => $arguments{$_}" } sort keys %arguments;
    return $node->sql("BEGIN; SET LOCAL ROLE issuer; SELECT gpsync.create_lookup('$name', 'cards', 'tokens', '$columns'$more); RESET ROLE; "
          . GpsyncTest::TokenSystem::without_pauses($name) . ' COMMIT');
}

sub status_of { my ($column, $name) = @_; return $node->sql("SELECT $column FROM gpsync.lookup_status WHERE lookup = '" . ($name // 'cards') . q{'}) }
sub row { my ($token, $columns) = @_; return $node->sql("SELECT " . ($columns // 'status, pan_status, pan_expiry') . " FROM cards WHERE token_id = '$token'") }
sub conflict { my ($token, $columns) = @_; return $node->sql('SELECT ' . ($columns // 'kind, status_here, status_there, detail') . " FROM gpsync.lookup_conflicts WHERE token_id = '$token'") }

# Asks for tokens and waits until they are answered.
sub ask
{
    my @tokens = @_;
    $node->sql("SELECT gpsync.lookup_now('cards', '{" . join(',', @tokens) . "}')");
    return ok($node->wait_for_sql(q{SELECT waiting FROM gpsync.lookup_status WHERE lookup = 'cards'}, 0), "@tokens: asked for, and answered");
}

subtest 'by a period' => sub {
    $system->set(
        t0001 => { status => 'SUSPENDED', panStatus => 'BLOCKED', panExpiry => '2030-01' },
        t0002 => { status => 'INACTIVE', panStatus => 'ACTIVE' },
        t0003 => undef,
        t0004 => { status => 'FROZEN' },
        t0005 => { status => 'DEACTIVATED' });
    create('cards', $all);
    ok($node->wait_for_sql(q{SELECT pass_ended_at IS NOT NULL FROM gpsync.lookup_status}), 'every token is asked for');
    my $asked = $system->asked;
    is(scalar(keys %$asked), 120, '120 tokens');
    is_deeply([ grep { $asked->{$_} != 1 } sort keys %$asked ], [], '... each once');
    is($system->stats->{bad_requests}, 0, 'all requests were as they must be') or diag($system->stats->{last_problem});
    is(row('t0001'), 'SUSPENDED|BLOCKED|2030-01', 'an answer moves the status and writes the rest');
    is(row('t0005', 'status'), 'DEACTIVATED', 'another legal move');
    is(row('t0100'), 'ACTIVE|ACTIVE|2031-07', 'without a move, only the rest');
    is(row('t0002'), 'ACTIVE|ACTIVE|', 'an illegal move is not made; what is said of the PAN is written');
    is(conflict('t0002'), 'illegal|ACTIVE|INACTIVE|', '... but listed');
    is(conflict('t0003'), 'unknown token|ACTIVE||UNKNOWN_TOKEN', 'a token that the system does not know is listed');
    is(conflict('t0004'), 'unknown status|ACTIVE|FROZEN|', 'so is a state that the machine does not have');
    ok($node->wait_for_sql(q{SELECT state FROM gpsync.lookup_status}, 'idle'), 'then there is nothing to do');
    is(status_of('asked, answered, unknown, conflicts, breaker, stream'), '120|120|1|3|closed|legacy', 'lookup_status counts');
    is(status_of(q{next_due_at - pass_began_at, waiting, in_flight, changed}), '1 day|0|0|0', '... and says when the next period begins');
    is(status_of(q{written}), 118, '... 118 rows were changed');
    $node->wait_for_sync;
    my $entry = $nws->entry('public.cards/t0001');
    is($entry->{data}{row}{status}, 'SUSPENDED', 'what answers change is delivered like any change');
    $node->ledger_agrees($nws, 'cards');
    is($node->sql("SELECT count(*) FROM cards WHERE sync_status <> 'COMPLETED'"), 0, '... and booked');
};

subtest 'what is as it was is not written' => sub {
    my $before = $node->sql('SELECT md5(string_agg(sync_revision::text, $$,$$ ORDER BY token_id)) FROM cards');
    $system->forget;
    $node->sql(q{UPDATE gpsync.lookup SET every = '1 s'});
    my $pass = status_of('pass');
    ok($node->wait_for_sql("SELECT pass >= $pass + 2 FROM gpsync.lookup_status"), 'periods pass');
    $node->sql(q{BEGIN; UPDATE gpsync.lookup SET every = '1 day'; } . GpsyncTest::TokenSystem::without_pauses('cards') . ' COMMIT');
    is($node->sql('SELECT md5(string_agg(sync_revision::text, $$,$$ ORDER BY token_id)) FROM cards'), $before, 'no row was touched');
    ok($node->sql('SELECT bool_and(times > 1) FROM gpsync.lookup_conflicts') eq 't', 'conflicts count');
    ok($node->wait_for_sql(q{SELECT pass_ended_at IS NOT NULL AND in_flight = 0 FROM gpsync.lookup_status}), 'the last one ends');
};

subtest 'a pass is spread over its period' => sub {
    $node->sql(q{SELECT gpsync.create_lookup('calm', 'cards', 'tokens', '{"panStatus": "pan_status"}', every => '1 day')});
    ok($node->wait_for_sql(q{SELECT asked >= 50 FROM gpsync.lookup_status WHERE lookup = 'calm'}), 'it begins');
    # What is asked for on demand does not wait for it.
    $node->sql(q{SELECT gpsync.lookup_now('calm', '{t0119}')});
    ok($node->wait_for_sql(q{SELECT waiting FROM gpsync.lookup_status WHERE lookup = 'calm'}, 0), 'on demand: at once');
    is($node->sql(q{SELECT asked <= 51 + 50 * floor(extract(epoch FROM clock_timestamp() - pass_began_at) / 60) FROM gpsync.lookup_status WHERE lookup = 'calm'}),
        't', '50 tokens a minute')
      or diag($node->sql('TABLE gpsync.lookup_status'));
    is($node->sql(q{SELECT expected > 0 AND passed = asked - 1 FROM gpsync.lookup_state WHERE lookup = 'calm'}), 't', 'they are counted');
    $relay->stop;
    $node->sql(GpsyncTest::TokenSystem::without_pauses('calm'));
    $relay = $node->start_relay('legacy');
    ok($node->wait_for_sql(q{SELECT pass_ended_at IS NOT NULL FROM gpsync.lookup_status WHERE lookup = 'calm'}), 'one that is late makes no pause');
    is($node->sql(q{SELECT passed, pass FROM gpsync.lookup_state WHERE lookup = 'calm'}), '120|1', '... and goes on where it was');
    $node->sql(q{SELECT gpsync.drop_lookup('calm')});
};

subtest 'on demand' => sub {
    $system->forget;
    $system->set(t0003 => { status => 'ACTIVE' }, t0004 => { status => 'SUSPENDED' });
    ask('t0003', 't0004');
    is_deeply($system->asked, { t0003 => 1, t0004 => 1 }, 'only these');
    is(row('t0004', 'status'), 'SUSPENDED', 'the answer is taken over');
    is(conflict($_), '', "$_: the conflict is gone") for qw(t0003 t0004);
    my ($rc, $out, $err) = $node->psql('postgres', q{SELECT gpsync.lookup_now('cards', '{t0001,nobody,NULL,t0001}')});
    is($out, 1, 'a key without a row is not asked for') or diag($err);
    $node->sql(q{BEGIN; SELECT gpsync.lookup_now('cards', '{t0009}'); ROLLBACK});
    ok($node->wait_for_sql(q{SELECT waiting FROM gpsync.lookup_status}, 0), 'answered');
    is_deeply($system->asked, { t0001 => 1, t0003 => 1, t0004 => 1 }, '... nor what was rolled back');
    $node->sql(q{SELECT gpsync.lookup_now('cards', '{t0120}'); DELETE FROM cards WHERE token_id = 't0120'});
    ok($node->wait_for_sql(q{SELECT waiting FROM gpsync.lookup_status}, 0), 'a row that is gone is not waited for');
};

subtest 'a row that changes while it is asked for' => sub {
    my $slow = $system->fault(kind => 'delay', ms => 1500, match => 't0010');
    $system->forget;
    $system->set(t0010 => { status => 'SUSPENDED' });
    $node->sql(q{SELECT gpsync.lookup_now('cards', '{t0010}')});
    ok(GpsyncTest::wait_until(sub { $system->stats->{in_progress} == 1 }, 'it is asked for'), 'it is asked for');
    $node->sql(q{UPDATE cards SET pan_status = 'LOCAL' WHERE token_id = 't0010'});
    $system->clear_faults;
    ok($node->wait_for_sql(q{SELECT waiting FROM gpsync.lookup_status}, 0), 'answered');
    is($system->asked->{t0010}, 2, 'it was asked for again');
    is(status_of('changed'), 1, '... since an answer was refused');
    is(row('t0010', 'status, pan_status'), 'SUSPENDED|LOCAL', 'the second one was taken over');
};

subtest 'a row that is locked is not waited for' => sub {
    my $session = $node->background_psql('postgres', on_error_die => 1);
    $session->query_safe(q{BEGIN; SELECT FROM cards WHERE token_id = 't0011' FOR UPDATE});
    $system->set(t0011 => { status => 'SUSPENDED' }, t0012 => { status => 'SUSPENDED' });
    $node->sql(q{SELECT gpsync.lookup_now('cards', '{t0011,t0012}')});
    ok($node->wait_for_sql(q{SELECT status FROM cards WHERE token_id = 't0012'}, 'SUSPENDED'), 'the others are written');
    $session->query_safe('COMMIT');
    $session->quit;
    ok($node->wait_for_sql(q{SELECT waiting FROM gpsync.lookup_status}, 0), 'answered');
    # Asked again until it is free, or listed when that lasts.
    ask('t0011');
    is(row('t0011', 'status'), 'SUSPENDED', 'and so is this one, once it is free');
    is(conflict('t0011'), '', '... without a conflict');
};

subtest 'pause, resume, restart' => sub {
    $node->sql(q{SELECT gpsync.pause_lookup('cards')});
    is(status_of('state'), 'paused', 'paused');
    $system->forget;
    ok(GpsyncTest::wait_until(sub { $node->sql(q{SELECT gpsync.lookup_now('cards', '{t0020}')}); $node->sql(q{SELECT count(*) > 3 FROM gpsync.lookup_request}) eq 't' },
        'requests wait'), 'what is asked for waits');
    is($system->asked->{t0020} // 0, 0, '... and nobody asks');
    $relay->stop;
    $relay = $node->start_relay('legacy');
    $node->sql(q{SELECT gpsync.resume_lookup('cards')});
    ok($node->wait_for_sql(q{SELECT waiting FROM gpsync.lookup_status}, 0), 'resumed, it is answered');
    is($system->asked->{t0020}, 1, '... once');
    is(status_of('pass_ended_at IS NOT NULL'), 't', 'the period did not begin again');
};

subtest 'walk' => sub {
    $node->sql(q{SELECT gpsync.drop_lookup('cards')});
    is($node->sql('SELECT count(*) FROM gpsync.lookup_conflicts'), 0, 'dropped, with its conflicts');
    $node->sql(<<~'SQL');
        INSERT INTO cards VALUES ('w1', 'INACTIVE'), ('w2', 'INACTIVE'), ('w3', 'ACTIVE');
        UPDATE cards SET status = 'SUSPENDED' WHERE token_id = 'w3'; UPDATE cards SET status = 'DEACTIVATED' WHERE token_id = 'w3';
        SQL
    $system->set(w1 => { status => 'SUSPENDED', panStatus => 'BLOCKED' }, w2 => { status => 'ACTIVE' }, w3 => { status => 'ACTIVE' });
    create('cards', $all, on_illegal => q{'walk'}, every => 'NULL');
    ask('w1', 'w2', 'w3');
    is(row('w1', 'status, pan_status'), 'SUSPENDED|BLOCKED', 'by the shortest legal path');
    is(row('w2', 'status'), 'ACTIVE', 'a legal move is one step');
    is(row('w3', 'status'), 'DEACTIVATED', 'where there is no path');
    is(conflict('w3', 'kind'), 'illegal', '... it is a conflict');
    $node->wait_for_sync;
    is_deeply([ map { $_->{data}{row}{status} } grep { $_->{subject} eq 'public.cards/w1' } $nws->events ], [qw(INACTIVE ACTIVE SUSPENDED)],
        'each step is a change, and is delivered');
    is(status_of('next_due_at IS NULL, pass'), 't|0', 'every NULL: on demand alone');
};

subtest 'suspended by several' => sub {
    $node->sql(q{SELECT gpsync.drop_lookup('cards'); INSERT INTO cards VALUES ('s1', 'ACTIVE'), ('s2', 'ACTIVE'), ('s3', 'ACTIVE')});
    create('cards', '{"status": "status", "suspendedBy": "suspended_by"}', every => 'NULL');
    my $is = sub {
        my ($token, $answer, $expected, $what) = @_;
        $system->set($token => $answer);
        ask($token);
        return is(row($token, 'status, suspended_by'), $expected, $what);
    };
    $is->('s1', { status => 'SUSPENDED', suspendedBy => 'WALLET' }, 'SUSPENDED|{WALLET}', 'one suspends it');
    $is->('s1', { status => 'SUSPENDED', suspendedBy => 'ISSUER' }, 'SUSPENDED|{ISSUER,WALLET}', 'another one, too');
    $is->('s1', { status => 'ACTIVE', suspendedBy => 'WALLET' }, 'SUSPENDED|{ISSUER}', 'the first lifts it: the token stays suspended');
    $is->('s1', { status => 'ACTIVE' }, 'SUSPENDED|{ISSUER}', 'ACTIVE without a name lifts nothing');
    $is->('s1', { status => 'ACTIVE', suspendedBy => 'ISSUER' }, 'ACTIVE|{}', 'the last lifts it: it is active');
    $is->('s2', { status => 'ACTIVE', suspendedBy => [ 'B', 'A' ] }, 'SUSPENDED|{A,B}', 'a list is all who suspend it');
    $is->('s2', { status => 'ACTIVE', suspendedBy => [] }, 'ACTIVE|{}', 'an empty one lifts it');
    $is->('s3', { status => 'ACTIVE' }, 'ACTIVE|', 'nothing is written where nothing changes');
    $is->('s3', { status => 'DEACTIVATED', suspendedBy => ['A'] }, 'DEACTIVATED|{A}', 'other states are what they are');
};

subtest 'sync_token_status() asks the token system' => sub {
    $node->sql(<<~'SQL');
        SELECT gpsync.drop_lookup('cards'); SELECT gpsync.detach('token_status');
        ALTER PUBLICATION gpsync OWNER TO postgres; SELECT gpsync.attach('token_status', 'token_lifecycle');
        INSERT INTO token_status (token_id, status) VALUES ('k1', 'ACTIVE'), ('k2', 'ACTIVE');
        SELECT gpsync.create_lookup('cards', 'token_status', 'tokens', '{"status": "status"}', every => NULL);
        SQL
    $system->set(k1 => { status => 'SUSPENDED' }, k2 => { status => 'SUSPENDED' }, k3 => { status => 'SUSPENDED' });
    # A row that is just being booked is locked, and sync_token_status() waits for nobody.
    $node->wait_for_sync;
    $node->sql(q{SELECT gpsync.sync_token_status('k1')});
    ok($node->wait_for_sql(q{SELECT status FROM token_status WHERE token_id = 'k1'}, 'SUSPENDED'), 'in the background, waiting for nobody');
    is($node->sql(q{CALL gpsync.sync_token_status_now('k2', '20 s')}) =~ s/\|.*//r, 'COMPLETED', 'sync_token_status_now() waits for both');
    is($node->sql(q{SELECT status FROM token_status WHERE token_id = 'k2'}), 'SUSPENDED', '... first for the answer');
    is($nws->entry('public.token_status/k2')->{data}{row}{status}, 'SUSPENDED', '... and then for the endpoint');
    $node->wait_for_sync;
};

subtest 'sync_token_status_now() waits for what it asks for' => sub {
    # Two look-ups, one of them by another column, a UUID that its text spells in small letters.
    $node->sql(<<~'SQL');
        ALTER TABLE token_status ADD COLUMN reference uuid UNIQUE, ADD COLUMN pan_state text;
        INSERT INTO token_status (token_id, status, reference) VALUES ('k3', 'ACTIVE', 'A0000000-0000-0000-0000-00000000000B');
        SELECT gpsync.create_lookup('by_reference', 'token_status', 'tokens', '{"tokenId": "reference", "panStatus": "pan_state"}', every => NULL);
        SQL
    $node->wait_for_sync;
    my $reference = 'a0000000-0000-0000-0000-00000000000b';
    $system->set($reference => { panStatus => 'OK' });
    $system->forget;
    is($node->sql(q{CALL gpsync.sync_token_status_now('k3', '20 s')}) =~ s/\|.*//r, 'COMPLETED', 'of several look-ups, all are waited for');
    is($node->sql(q{SELECT status, pan_state FROM token_status WHERE token_id = 'k3'}), 'SUSPENDED|OK', '... each has answered');
    is_deeply([ sort keys %{ $system->asked } ], [ $reference, 'k3' ], '... asked by the text of its column');
    is($nws->entry('public.token_status/k3')->{data}{row}{pan_state}, 'OK', '... and sent');

    # An answer that is refused since the row has changed is no answer: it is waited for the next one.
    my $slow = $system->fault(kind => 'delay', ms => 1500, match => 'k3');
    my $call = $node->background_psql('postgres', on_error_die => 1);
    $system->set(k3 => { status => 'ACTIVE' });
    $system->forget;
    $call->query_until(qr/begins/, "\\echo begins\nCALL gpsync.sync_token_status_now('k3', '60 s');\n");
    ok(GpsyncTest::wait_until(sub { $system->stats->{in_progress} == 1 }, 'it is asked for'), 'it is asked for');
    $node->sql(q{UPDATE token_status SET pan_state = 'LOCAL' WHERE token_id = 'k3'});
    $system->clear_faults;
    like($call->query('SELECT 1'), qr/COMPLETED/, 'a row that changes meanwhile is waited for');
    $call->quit;
    cmp_ok($system->asked->{k3}, '>=', 2, '... until it is asked for again');
    is($node->sql(q{SELECT status FROM token_status WHERE token_id = 'k3'}), 'ACTIVE', '... and answered');

    # What others ask for, and what is paused, is waited for by nobody.
    $node->sql(q{SELECT gpsync.pause_lookup('by_reference'), gpsync.pause_lookup('cards'); SELECT gpsync.lookup_now('by_reference', '{a0000000-0000-0000-0000-00000000000b}')});
    is($node->sql(q{SET statement_timeout = '30 s'; CALL gpsync.sync_token_status_now('k3', '200 s')}) =~ s/\|.*//r, 'COMPLETED', 'a paused one is not waited for');
    is($node->sql(q{SELECT count(*) FROM gpsync.lookup_request WHERE lookup = 'by_reference'}), 2, '... but asks later');
    $node->sql(q{CREATE ROLE partial LOGIN; GRANT USAGE ON SCHEMA public TO partial; SELECT gpsync.grant_reader('partial'); GRANT SELECT, UPDATE ON token_status TO partial;
        ALTER TABLE token_status ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON token_status TO partial USING (token_id = 'k1')});
    my ($state) = $node->sql_error(q{CALL gpsync.sync_token_status_now('k3', '5 s')}, extra_params => [ '-U', 'partial' ]);
    is($state, 'P0002', 'a row that the caller does not see');
    is($node->sql(q{SELECT count(*) FROM gpsync.lookup_request WHERE lookup = 'by_reference'}), 2, '... is not asked for');
    $node->sql(q{SELECT gpsync.drop_lookup('by_reference')});
};

subtest 'refused at the call' => sub {
    my @cases = (
        [ '42602', q{create_lookup('A b', 'cards', 'tokens', '{"status": "status"}')} ],
        [ '42602', q{create_lookup(NULL, 'cards', 'tokens', '{"status": "status"}')} ],
        [ '55000', q{create_lookup('x', 'pg_class', 'tokens', '{"status": "status"}')} ],
        [ '42704', q{create_lookup('x', 'cards', 'token', '{"status": "status"}')} ],
        [ '42809', q{create_lookup('x', 'cards', 'nws', '{"status": "status"}')} ],
        [ '42809', q{create_stream('other', '{tokens}', bookkeeping => false)} ],
        [ '42703', q{create_lookup('x', 'cards', 'tokens', '{"status": "state"}')} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', '{"status": "pan_status"}')} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', '{"state": "status"}')} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', '{"tokenId": "token_id"}')} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', '[]')} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', NULL)} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', '{"panStatus": "sync_status"}')} ],
        [ '42804', q{create_lookup('x', 'cards', 'tokens', '{"panStatus": "suspended_by"}')} ],
        [ '42804', q{create_lookup('x', 'cards', 'tokens', '{"status": "status", "suspendedBy": "pan_status"}')} ],
        [ '55000', q{create_lookup('x', 'cards', 'tokens', '{"tokenId": "pan_status", "panExpiry": "pan_expiry"}')} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', '{"status": "status"}', every => '0')} ],
        [ '22023', q{create_lookup('x', 'cards', 'tokens', '{"status": "status"}', on_illegal => 'force')} ],
        [ '42710', q{create_lookup('cards', 'cards', 'tokens', '{"status": "status"}')} ],
        [ '42704', q{lookup_now('card', '{}')} ], [ '22004', q{lookup_now('cards', NULL)} ],
        [ '42704', q{drop_lookup('card')} ],      [ '42704', q{pause_lookup(NULL)} ]);
    for my $case (@cases)
    {
        my ($state) = $node->sql_error("SELECT gpsync.$case->[1]");
        is($state, $case->[0], $case->[1]);
    }
    $node->sql(q{CREATE ROLE other LOGIN; SELECT gpsync.grant_operator('other'); GRANT SELECT ON cards TO other});
    for my $call (q{create_lookup('x', 'cards', 'tokens', '{"status": "status"}')}, q{lookup_now('cards', '{k1}')})
    {
        my ($state) = $node->sql_error("SELECT gpsync.$call", extra_params => [ '-U', 'other' ]);
        is($state, '42501', "not the owner: $call");
    }
    my ($rc, $out, $err) = $node->psql('postgres', <<~'SQL');
        SELECT gpsync.has_pii('{}');
        BEGIN; SECURITY LABEL FOR gpsync ON COLUMN cards.pan_expiry IS NULL;
        SELECT gpsync.create_lookup('x', 'cards', 'tokens', '{"panExpiry": "pan_expiry"}'); ROLLBACK
        SQL
    like($err, qr/WARNING.*pan_expiry.*no security label.*HINT.*redact_in_stream/s, 'an unlabelled expiry warns');
};

unlike($relay->log, qr/t0001|BLOCKED|2031-07|SUSPENDED/, 'no answer is in the log');
done_testing;
