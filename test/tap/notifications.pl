# Notifications: operational events reach their endpoint, the log and who listens. A breaker that flaps is one message and
# one with a count; dead letters, a full spool, an import and a verification are reported by themselves; no message has a
# payload or a value of a row. Nobody who raises an event fails or waits.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use JSON::PP ();
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main', 'gpsync.notify_interval' => '1h', max_prepared_transactions => 5);
my ($nws, $pager) = map { GpsyncTest::Emulator->new($_) } qw(nws pager);
$node->create_platform;
$node->create_endpoint($nws, retry_base => '20ms', retry_attempts => 2, spool_limit => '100kB');
$node->create_endpoint($pager, retry_base => '20ms');
$node->create_stream('legacy', 'nws');
$node->sql('CREATE ROLE boss LOGIN; CREATE ROLE watcher LOGIN; GRANT USAGE ON FOREIGN SERVER pager TO boss');
$node->sql("SELECT gpsync.grant_operator('boss'), gpsync.grant_reader('watcher')");
$node->sql(q{SET ROLE boss; SELECT gpsync.create_notification('on_call', 'pager', '{*}')});
my %relay = map { $_ => $node->start_relay($_) } qw(legacy ops_on_call);
my $listener = $node->background_psql('postgres');
$listener->query_safe('LISTEN gpsync_ops');

sub ops_events { my ($type) = @_; return grep { $_->{type} eq "gpsync.ops.$type" } $pager->events }

# Waits for as many events of a type, and gives them.
sub wait_for_events
{
    my ($type, $count) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok(GpsyncTest::wait_until(sub { ops_events($type) >= $count }, "$count events $type"), "$count of $type at the endpoint");
    return ops_events($type);
}

sub close_windows { return $node->sql('UPDATE gpsync.ops_window SET ends_at = clock_timestamp()') }

sub wait_for_breaker
{
    my ($state) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $is = $state eq 'open' ? "breaker <> 'closed'" : "breaker = 'closed'";
    ok($node->wait_for_sql("SELECT $is FROM gpsync.endpoint_status WHERE stream = 'legacy'"), "the breaker is $state");
    return;
}

my $secret = 'SECRET_VALUE';
my $rows   = 0;
sub insert_row
{
    my ($prefix) = @_;
    ++$rows;
    return $node->sql("INSERT INTO provision_status (provision_id, status, detail) VALUES ('$prefix$rows.', 'RECEIVED', '{\"note\": \"$secret\"}')");
}

subtest 'a breaker that flaps' => sub {
    insert_row('warm');
    $node->wait_for_sync;
    for my $round (1 .. 4)
    {
        my $fault = $nws->faults(kind => 'status', status => 404);
        insert_row('flap');
        wait_for_breaker('open');
        $nws->clear_faults($fault);
        $node->sql(q{SELECT gpsync.reset_breaker('legacy', 'nws')});
        $node->wait_for_sync;
        wait_for_breaker('closed');
    }
    my ($opened) = wait_for_events('breaker.opened', 1);
    is($opened->{subject}, 'legacy/nws', 'its subject says which');
    is($opened->{data}{count}, 1, 'the first goes out at once');
    is_deeply($opened->{data}{details}, { stream => 'legacy', endpoint => 'nws' }, '... and says no more than names');
    is_deeply($opened->{data}{notifications}, ['on_call'], '... and by which notification');
    like($opened->{data}{first_at}, qr/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, '... and when');
    wait_for_events('breaker.closed', 1);
    ok($node->wait_for_sql("SELECT sum(occurrences) = 6 FROM gpsync.ops_event"), 'the rest waits for the end of the window');
    is(scalar(ops_events('breaker.opened')), 1, 'one message so far');
    close_windows();
    my ($first, $rest) = wait_for_events('breaker.opened', 2);
    is($rest->{data}{count}, 3, 'one message with the count of the rest');
    ($first, $rest) = wait_for_events('breaker.closed', 2);
    is($rest->{data}{count}, 3, '... for each event');
    is($node->sql('SELECT count(*) FROM gpsync.ops_event'), 0, 'nothing waits any more');
    is((grep { $_->{type} =~ /breaker/ } $pager->events)[-1]{type}, 'gpsync.ops.breaker.closed', 'the last message says how it is');
};

subtest 'a relay that begins does not say that a breaker has closed' => sub {
    close_windows();
    my $fault = $nws->faults(kind => 'status', status => 404);
    insert_row('down');
    wait_for_breaker('open');
    wait_for_events('breaker.opened', 3);
    $relay{legacy}->stop;
    $relay{legacy} = $node->start_relay('legacy');
    wait_for_breaker('open');
    is($node->sql("SELECT count(*) FROM gpsync.ops_event"), 0, 'no event of it');
    $nws->clear_faults($fault);
    $node->sql(q{SELECT gpsync.reset_breaker('legacy', 'nws')});
    wait_for_events('breaker.closed', 3);
    $node->wait_for_sync;
};

subtest 'dead letters' => sub {
    my $fault = $nws->faults(kind => 'results', match => 'refused_');
    insert_row('refused_') for 1 .. 5;
    ok($node->wait_for_sql('SELECT count(*) = 5 FROM gpsync.dead_letter'), 'events are refused');
    wait_for_events('dead_letters.added', 1);
    close_windows();
    ok(GpsyncTest::wait_until(sub { my $n = 0; $n += $_->{data}{details}{letters} for ops_events('dead_letters.added'); $n == 5 }, 'all letters are reported'),
        'the messages count all letters');
    $nws->clear_faults($fault);
    $node->sql("SELECT gpsync.discard_dead_letters(endpoint => '*', reason => 'test')");
};

subtest 'the limit of the spool' => sub {
    my $fault = $nws->faults(kind => 'status', status => 503);
    $node->sql("SELECT gpsync.generate_test_data('provision_status', 2000, 'spool_')");
    my ($event) = wait_for_events('spool.limit', 1);
    is($event->{subject}, 'legacy/nws', 'which stream and endpoint');
    $nws->clear_faults($fault);
    $node->sql(q{SELECT gpsync.reset_breaker('legacy', 'nws')});
    $node->wait_for_sync;
};

subtest 'an import, a verification' => sub {
    $node->sql(<<"SQL");
CREATE TABLE legacy_status (provision_id text PRIMARY KEY, status text, detail jsonb);
INSERT INTO legacy_status SELECT 'old' || n, 'RECEIVED', '{"note": "$secret"}' FROM generate_series(1, 20) n;
SELECT gpsync.import('provision_status', 'legacy_status', job => 'bring');
SQL
    $node->sql("CALL gpsync.run_import('bring')");
    my ($done) = wait_for_events('import.done', 1);
    is($done->{subject}, 'bring', 'which job');
    is($done->{data}{details}{written}, 20, '... and its figures');
    $node->sql("UPDATE legacy_status SET status = 'PROCESSING' WHERE provision_id IN ('old3', 'old4')");
    $node->sql("SELECT gpsync.verify('provision_status', '(SELECT * FROM public.legacy_status)', columns => '{\"provision_id\": \"provision_id\", \"status\": \"status\"}', run => 'look')");
    $node->sql("CALL gpsync.run_verify('look')");
    my ($found) = wait_for_events('verify.differences', 1);
    is($found->{subject}, 'look', 'which verification');
    cmp_ok($found->{data}{details}{kinds}{differs}, '==', 2, '... and how many of each kind');
};

subtest 'nobody waits, nobody fails' => sub {
    my $raise = sub { "SELECT gpsync_internal.raise_ops_event('$_[0]', '$_[1]', '{}')" };
    my $open  = $node->background_psql('postgres');
    $open->query_safe("BEGIN; " . $raise->('traffic.stopped', 'a'));
    $node->sql("SET statement_timeout = '${GpsyncTest::TIMEOUT} s'; " . $raise->('traffic.stopped', 'a'));
    is(scalar(ops_events('traffic.stopped')), 0, 'of an event that another transaction sends nothing is sent');
    $node->sql($raise->('traffic.stopped', 'b'));
    wait_for_events('traffic.stopped', 1);
    $open->query_safe('ROLLBACK');
    wait_for_events('traffic.stopped', 2);    # by the next report of a relay
    is_deeply([ sort map { "$_->{subject} $_->{data}{count}" } ops_events('traffic.stopped') ], [ 'a 1', 'b 1' ], 'what was rolled back was never sent');

    # drop_stream() keeps those who emit away until it commits.
    $open->query_safe("BEGIN; LOCK TABLE gpsync.stream IN SHARE MODE");
    $node->sql("SET statement_timeout = '${GpsyncTest::TIMEOUT} s'; " . $raise->('traffic.resumed', 'a'));
    is($node->sql("SELECT count(*) FROM gpsync.ops_event WHERE event = 'traffic.resumed'"), 1, 'it is noted while streams are locked');
    $open->query_safe('COMMIT');
    wait_for_events('traffic.resumed', 1);
    $open->quit;

    $node->sql("BEGIN; SELECT gpsync_internal.raise_ops_event('ramp.step', 'r', '{}'); ROLLBACK");
    my @sessions = map { $node->background_psql('postgres') } 1 .. 4;
    $_->query_safe('BEGIN') for @sessions;
    $_->query_safe($raise->('ramp.step', 's')) for @sessions;
    $_->query_safe('COMMIT'), $_->quit for reverse @sessions;
    ok(GpsyncTest::wait_until(sub { close_windows(); my $n = 0; $n += $_->{data}{count} for ops_events('ramp.step'); $n == 4 }, 'four steps'),
        'of four sessions side by side each counts once');

    # Long words are cut, so that what waits beside them is sent.
    $node->sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT gpsync_internal.raise_ops_event('ramp.gate', 'r', jsonb_build_object('reason', repeat('x', 1200000)));"
            . $raise->('traffic.stopped', 'z') . '; COMMIT');
    ok(GpsyncTest::wait_until(sub { grep { $_->{subject} eq 'z' } ops_events('traffic.stopped') }, 'traffic.stopped of z'), 'an event beside one with long words arrives');
    is(length((wait_for_events('ramp.gate', 1))[0]{data}{details}{reason}), 1000, '... which are cut');

    # Expired windows are deleted under the lock of their event.
    $node->sql("INSERT INTO gpsync.ops_window (event, subject, ends_at) VALUES ('copy.stopped', 'w', clock_timestamp() + interval '1 h')");
    my $sender = $node->background_psql('postgres');
    $sender->query_safe("BEGIN; UPDATE gpsync.ops_window SET ends_at = clock_timestamp() WHERE subject = 'w'; SELECT gpsync_internal.send_ops_events()");
    $node->sql("SET statement_timeout = '${GpsyncTest::TIMEOUT} s'; " . $raise->('copy.stopped', 'w'));
    is($node->sql("SELECT occurrences FROM gpsync.ops_event WHERE subject = 'w'"), 1, 'who raises an event does not wait for its window');
    $sender->query_safe('ROLLBACK');
    $sender->quit;
    $node->sql("DELETE FROM gpsync.ops_window WHERE subject = 'w'");
    wait_for_events('copy.stopped', 1);

    # A crash between the note and the message.
    $node->sql("BEGIN ISOLATION LEVEL REPEATABLE READ; " . $raise->('ramp.roll_back', 'r') . '; COMMIT');
    $_->stop for values %relay;
    $node->stop('immediate');
    $node->start;
    $relay{$_} = $node->start_relay($_) for keys %relay;
    wait_for_events('ramp.roll_back', 1);
};

subtest 'NOTIFY and the log' => sub {
    $listener = $node->background_psql('postgres');
    $listener->query_safe('LISTEN gpsync_ops');
    $node->sql("SELECT gpsync_internal.raise_ops_event('rollback.finished', 'b1', '{\"rows\": 3}')");
    my $got = $listener->query('SELECT 1');
    like($got . $listener->{stdout}, qr/gpsync_ops/, 'who listens gets it') or diag($got);
    $listener->quit;
    my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
    like($log, qr/LOG:  gpsync: rollback\.finished of b1\n.*DETAIL:  \{.*"count": 1/, 'the log has it');
    like($log, qr/LOG:  gpsync: breaker\.opened of legacy\/nws\n.*DETAIL:  \{.*"count": 3/, '... and the sum of the flapping breaker');
    my @lines = grep { /gpsync: (?:[a-z_]+\.[a-z_]+ of|operational)/ || /"event": / } split /\n/, $log;
    is((grep { /\Q$secret\E/ } @lines), 0, 'no value of a row in the log');
};

subtest 'a notification endpoint that is down, and one that is gone' => sub {
    my $fault = $pager->faults(kind => 'status', status => 503);
    $node->sql("SELECT gpsync_internal.raise_ops_event('rollback.started', 'b2', '{}')");
    insert_row('meanwhile');
    is($node->sql("SELECT gpsync.wait_for_sync(stream => 'legacy', timeout => '${GpsyncTest::TIMEOUT} s')"), 't', 'rows go on');
    $pager->clear_faults($fault);
    $node->sql(q{SELECT gpsync.reset_breaker('ops_on_call', 'pager')});
    wait_for_events('rollback.started', 1);
    $relay{ops_on_call}->stop;    # it would end by itself, unless it does not look in time
    $node->sql('ALTER EVENT TRIGGER gpsync_guard_dropped DISABLE; DROP SERVER pager CASCADE; ALTER EVENT TRIGGER gpsync_guard_dropped ENABLE ALWAYS');
    $node->sql("SELECT gpsync_internal.raise_ops_event('rollback.started', 'b3', '{}')");
    like($node->sql('SELECT string_agg(finding, chr(10)) FROM gpsync.doctor()'), qr/endpoint "pager" does not exist/, 'the doctor says so');
    $node->create_endpoint($pager, retry_base => '20ms');
    $relay{ops_on_call} = $node->start_relay('ops_on_call');
    wait_for_events('rollback.started', 2);
};

subtest 'no payload' => sub {
    is((grep { JSON::PP::encode_json($_) =~ /\Q$secret\E/ } $pager->events), 0, 'no message has a value of a row');
    is((grep { $_->{type} !~ /^gpsync\.ops\./ } $pager->events), 0, 'and the endpoint gets nothing else');
};

subtest 'who may' => sub {
    like(($node->sql_error("SET ROLE watcher; SELECT gpsync.create_notification('n', 'pager', '{*}')"))[1], qr/permission denied/, 'not a reader');
    like(($node->sql_error("SET ROLE boss; SELECT gpsync.create_notification('n', 'nws', '{*}')"))[1], qr/permission denied for foreign server nws/,
        'an operator: to endpoints that he may use');
    like(($node->sql_error("SET ROLE boss; SELECT gpsync_internal.raise_ops_event('ramp.step', 'x', '{}')"))[1], qr/permission denied/, '... and he raises none');
    is($node->sql('SET ROLE watcher; SELECT notification, endpoint, stream FROM gpsync.notifications'), 'on_call|pager|ops_on_call', 'a reader sees them');
};

subtest 'a dump' => sub {
    my $file = PostgreSQL::Test::Utils::tempdir() . '/dump.sql';
    $node->command_ok([ 'pg_dump', '--no-sync', '-f', $file, '-d', $node->connstr('postgres') ], 'pg_dump');
    $node->sql('CREATE DATABASE restored');
    $node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('restored'), '-f', $file ], 'it is restored');
    is($node->safe_psql('restored', 'SELECT notification, endpoint, events, stream FROM gpsync.notifications'), 'on_call|pager|{*}|ops_on_call', 'with the notification');
    $node->safe_psql('restored', "SELECT gpsync_internal.raise_ops_event('ramp.step', 'x', '{}')");
    like($node->safe_psql('restored', q{SELECT fix FROM gpsync.doctor() WHERE finding ~ 'stream "ops_on_call" has no position'}), qr/recreate_stream\('ops_on_call'\)/,
        'whose stream has to be made again');
    $node->safe_psql('restored', "SELECT gpsync.recreate_stream('ops_on_call'); SELECT gpsync.drop_notification('on_call'); SELECT gpsync.drop_stream('legacy')");
    $node->sql('DROP DATABASE restored');
};

subtest 'drop_notification()' => sub {
    $node->sql("SET ROLE boss; SELECT gpsync.drop_notification('on_call')");
    is($node->sql('SELECT string_agg(stream, chr(32)) FROM gpsync.stream_status'), 'legacy', 'the stream goes with it');
    is($node->sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE '%ops%'"), 0, '... and its slot');
};
done_testing;
