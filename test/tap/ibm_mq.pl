# Protocol ibm-mq-rest: what is put, how answers are judged, and that nothing is put twice after an unknown outcome.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::MqEmulator;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
my $key = 'k0';

sub insert { $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('" . ++$key . "', 'RECEIVED')"); return $key }

# An endpoint, its stream and its relay, all named like the emulator. The last argument: options of the user mapping.
sub start
{
    my ($mq, $options, $mapping) = @_;
    my %all = (protocol => 'ibm-mq-rest', qmgr => 'QM1', queue => 'Q.ONE', retry_base => '50ms', %$options);
    delete $all{queue} if $all{topic};
    $node->create_endpoint($mq, %all);
    $node->sql(sprintf 'CREATE USER MAPPING FOR relay SERVER %s OPTIONS (%s)', $mq->name, $mapping) if $mapping;
    $node->create_stream($mq->name, $mq->name, { bookkeeping => $mq->name eq 'one' ? 'true' : 'false' });
    return start_relay($mq);
}

# Changes from here on are none that an earlier relay may have put.
sub start_relay
{
    my ($mq) = @_;
    my $relay = $node->start_relay($mq->name, '--log-level', 'debug');
    GpsyncTest::wait_until(sub { $relay->log =~ /"message":"streaming"/ }, 'the relay streams');
    return $relay;
}

sub finish
{
    my ($mq, $relay) = @_;
    is($relay->stop, 0, 'the relay stops');
    $node->sql(sprintf "SELECT gpsync.drop_stream('%s')", $mq->name);
    $mq->stop;
    return;
}

sub status_of { my ($mq, $what) = @_; return $node->sql(sprintf "SELECT $what FROM gpsync.endpoint_status WHERE endpoint = '%s'", $mq->name) }

# CRC-32C, bit by bit.
sub crc32c
{
    my $crc = 0xFFFFFFFF;
    for my $byte (unpack 'C*', $_[0])
    {
        $crc ^= $byte;
        $crc = ($crc >> 1) ^ ($crc & 1 ? 0x82F63B78 : 0) for 1 .. 8;
    }
    return sprintf '%08x', $crc ^ 0xFFFFFFFF;
}

subtest 'what is put' => sub {
    my $mq = GpsyncTest::MqEmulator->new('one', '--queue', 'Q.ONE');
    my $relay = start($mq, { expiry => '1h' });
    insert() for 1 .. 5;
    $node->sql("UPDATE provision_status SET status = 'PROCESSING'");
    $node->wait_for_sync;
    my @messages = $mq->messages('Q.ONE');
    is(scalar @messages, 10, 'a message for each event');
    is_deeply([ $mq->faults_of('Q.ONE') ], [], 'each once, in order');
    my ($event) = $mq->events('Q.ONE');
    my $message = $messages[0];
    is($message->{persistence}, 'persistent', 'persistent');
    is($message->{expiry}, 3_600_000, 'with its expiry, in ms');
    is($message->{contentType}, 'application/json;charset=utf-8', 'content type');
    is($event->{specversion}, '1.0', 'the body is the event');
    is($message->{correlationId}, lc($event->{id} =~ s/-//gr) . crc32c($event->{source}), 'the correlation id: the event\'s id and CRC-32C of its source');
    is($node->sql("SELECT DISTINCT sync_status FROM provision_status"), 'COMPLETED', 'the rows are marked');
    is_deeply([ grep { $_ ne 'put 201' } $mq->requests ], [], 'no browse without need');

    # A relay that begins again looks for what an earlier one may have put.
    $mq->fault(kind => 'status', status => 503, times => 0);
    insert();
    GpsyncTest::wait_until(sub { ($mq->requests)[-1] eq 'put 503' }, 'it was refused for now');
    is($relay->stop, 0, 'the relay stops');
    $mq->clear_faults;
    my $before = () = $mq->requests;
    $relay = start_relay($mq);
    $node->wait_for_sync;
    insert();
    $node->wait_for_sync;
    my @since = $mq->requests;
    splice @since, 0, $before;
    is_deeply(\@since, [ 'browse 204', 'put 201', 'put 201' ], 'a new relay browses for the old event, and not for the new one');
    finish($mq, $relay);
};

subtest 'names and versions of the API' => sub {
    for my $case ([ 'v1', 'queue', 'A/B%C.D' ], [ 'v2', 'queue', 'A/B%C.D' ], [ 'v3', 'queue', 'A/B%C.D' ], [ 'v2', 'topic', 'status/prod.1/50%' ], [ 'v3', 'topic', 'status/prod.1/50%' ])
    {
        my ($api, $kind, $name) = @$case;
        my $mq = GpsyncTest::MqEmulator->new("name_$api$kind", '--qmgr', 'QM/1.%', "--$kind", $name);
        my $relay = start($mq, { qmgr => 'QM/1.%', $kind => $name, queue => $name, api => $api, $kind eq 'topic' ? (topic => $name) : () });
        $mq->fault(kind => 'reset', put => 1);
        my $row = insert();
        GpsyncTest::wait_until(sub { $mq->messages($name) }, "$api: put");
        GpsyncTest::wait_until(sub { status_of($mq, 'delivered') >= 1 }, "$api: known to be put");
        insert();
        GpsyncTest::wait_until(sub { $mq->messages($name) >= 2 }, "$api: goes on");
        my @events = $mq->events($name);
        is($events[0]{subject}, "public.provision_status/$row", "$api: $kind $name");
        is_deeply([ $mq->faults_of($name) ], [], '... each once') if $kind eq 'queue';
        # A topic cannot be browsed: a repeat has the same correlation id.
        my @messages = $mq->messages($name);
        is($messages[0]{correlationId}, $messages[1]{correlationId}, '... a repeat has the same correlation id') if $kind eq 'topic';
        finish($mq, $relay);
    }
};

subtest 'unknown outcomes' => sub {
    my $mq = GpsyncTest::MqEmulator->new('doubt', '--queue', 'Q.ONE');
    my $relay = start($mq, { timeout => '400ms', retry_attempts => 10 });
    for my $case (
        [ 'put, and the connection breaks',           kind => 'reset', put => 1 ],
        [ 'put, and half an answer',                  kind => 'half',  put => 1 ],
        [ 'put, and no answer in time',               kind => 'delay', put => 1, ms => 1000 ],
        [ 'put, and a proxy says 502',                kind => 'status', put => 1, status => 502 ],
        [ 'put, and a page that is none of IBM MQ',   kind => 'status', put => 1, status => 200, body => '<html>' ],
        [ 'not put, and the connection breaks',       kind => 'reset' ],
        [ 'not put, and 503',                         kind => 'status', status => 503 ],
        [ 'not put: the queue is full',               kind => 'status', status => 500, body => '{"error":[{"msgId":"MQWB0303E","reasonCode":2053,"completionCode":2}]}' ])
    {
        my ($what, %fault) = @$case;
        my $before = () = $mq->requests;
        $mq->fault(%fault);
        # Twice the same key: what comes behind it waits.
        my $row = insert();
        $node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = '$row'");
        GpsyncTest::wait_until(sub { 2 == grep { $_->{subject} eq "public.provision_status/$row" } $mq->events('Q.ONE') }, $what);
        is_deeply([ $mq->faults_of('Q.ONE') ], [], "$what: there once, in order");
        my @since = $mq->requests;
        splice @since, 0, $before;
        my $browses = grep { /^browse/ } @since;
        is($browses, $what =~ /full/ ? 0 : 1, $browses ? '... as it was looked for first' : '... and is put again without a look') or diag "@since";
    }
    # The look itself fails in every way: nothing is put before it is known.
    for my $fault ([ kind => 'reset' ], [ kind => 'delay', ms => 1000 ], [ kind => 'status', status => 500 ], [ kind => 'status', status => 200, body => 'welcome' ],
        [ kind => 'status', status => 500, body => '{"error":[{"msgId":"MQWB0303E","reasonCode":2016,"completionCode":2}]}' ])
    {
        my %fault = @$fault;
        $mq->fault(kind => 'reset', put => 1);
        $mq->fault(%fault, on => 'browse', times => 2);
        my $row = insert();
        my $next = insert();
        GpsyncTest::wait_until(sub { 2 == grep { $_->{subject} =~ m{/(?:$row|$next)$} } $mq->events('Q.ONE') }, 'both are there');
        GpsyncTest::wait_until(sub { status_of($mq, 'breaker') eq 'closed' && status_of($mq, 'waiting_until IS NULL') eq 't' }, 'nothing waits');
        is_deeply([ $mq->faults_of('Q.ONE') ], [], "a look that ends with $fault{kind} " . ($fault{status} // '') . ': there once');
    }
    is($node->sql("SELECT count(*) FROM gpsync.dead_letters WHERE endpoint = 'doubt'"), 0, 'no dead letter');
    # A consumer is faster than the look, which fails until then.
    $mq->fault(kind => 'delay', put => 1, ms => 1000);
    $mq->fault(kind => 'status', status => 503, on => 'browse', times => 1000);
    my $row = insert();
    GpsyncTest::wait_until(sub { grep { $_->{subject} =~ m{/$row$} } $mq->events('Q.ONE') }, 'it is put');
    my ($first) = grep { $_->{body} =~ m{/$row"} } $mq->messages('Q.ONE');
    $mq->consume;
    $mq->clear_faults;
    GpsyncTest::wait_until(sub { scalar $mq->messages('Q.ONE') }, 'consumed, it comes once more');
    is(($mq->messages('Q.ONE'))[0]{correlationId}, $first->{correlationId}, '... with the correlation id that it had');
    finish($mq, $relay);
};

subtest 'log-in' => sub {
    my $password = 'pa"ss wort-4711';
    my $mq = GpsyncTest::MqEmulator->new('ltpa', '--queue', 'Q.ONE', '--user', 'mqapp', '--password', $password);
    my $relay = start($mq, {}, "username 'mqapp', password '$password'");
    insert();
    GpsyncTest::wait_until(sub { 1 == $mq->messages('Q.ONE') }, 'put');
    is_deeply([ $mq->requests ], [ 'login 204', 'put 201' ], 'it logs in, and puts');
    $mq->expire;
    insert();
    GpsyncTest::wait_until(sub { 2 == $mq->messages('Q.ONE') }, 'put');
    is_deeply([ ($mq->requests)[ 2 .. 4 ] ], [ 'put 401', 'login 204', 'put 201' ], 'an expired log-in: it logs in again, in the same attempt');
    is(status_of($mq, 'errors'), 0, '... which is no error');
    $mq->fault(kind => 'reset', put => 1);
    $mq->fault(kind => 'status', status => 401, on => 'browse');
    my $row = insert();
    GpsyncTest::wait_until(sub { ($mq->requests)[-1] eq 'browse 200' }, 'the look needs a log-in too');
    is_deeply([ $mq->faults_of('Q.ONE') ], [], 'there once');
    # Many lanes, many expiries.
    for (1 .. 10) { $mq->expire; insert() for 1 .. 5 }
    GpsyncTest::wait_until(sub { 53 == $mq->messages('Q.ONE') }, 'all are put');
    is_deeply([ $mq->faults_of('Q.ONE') ], [], '... once');
    $node->sql("ALTER USER MAPPING FOR relay SERVER ltpa OPTIONS (SET password 'other')");
    GpsyncTest::wait_until(sub { insert(); ($mq->requests)[-1] eq 'login 401' }, 'a wrong password');
    GpsyncTest::wait_until(sub { status_of($mq, 'breaker') eq 'open' }, 'the breaker opens');
    is(status_of($mq, 'last_error'), 'log-in: HTTP 401, MQWB0104E', '... and says why');
    is($node->sql("SELECT count(*) FROM gpsync.dead_letters WHERE endpoint = 'ltpa'"), 0, 'no dead letter');
    my $kept = join "\n", $relay->log, map { $node->sql("SELECT * FROM $_") } qw(gpsync.endpoint_report gpsync.endpoint_status gpsync.doctor());
    unlike($kept, qr/pa"ss|4711|ltpa-/, 'neither password nor token are in reports and log');
    finish($mq, $relay);
};

subtest 'an endpoint that is misconfigured' => sub {
    for my $case (
        [ 'qmgr', 'no_qmgr', { qmgr => 'QM2' }, qr/^HTTP 404, MQWB0009E, MQ reason 2058: there is no such queue manager$/, "SET qmgr 'QM1'" ],
        [ 'queue', 'no_queue', { queue => 'Q.TWO' }, qr/^HTTP 404, MQWB0300E, MQ reason 2085: there is no such queue or topic$/, "SET queue 'Q.ONE'" ])
    {
        my ($what, $name, $options, $said, $fix) = @$case;
        my $mq = GpsyncTest::MqEmulator->new($name, '--queue', 'Q.ONE');
        my $relay = start($mq, $options);
        my $row = insert();
        GpsyncTest::wait_until(sub { status_of($mq, 'breaker') eq 'open' }, "$what: the breaker opens");
        like(status_of($mq, 'last_error'), $said, 'it says why');
        like($node->sql("SELECT string_agg(finding, E'\\n') FROM gpsync.doctor()"), qr/stream "$name" waits for endpoint "$name": HTTP 404, MQWB/, 'so does the doctor');
        is($node->sql("SELECT count(*) FROM gpsync.dead_letters WHERE endpoint = '$name'"), 0, 'no dead letter');
        $node->sql("ALTER SERVER $name OPTIONS ($fix)");
        GpsyncTest::wait_until(sub { grep { $_->{subject} =~ m{/$row$} } $mq->events('Q.ONE') }, 'mended, it goes on');
        is_deeply([ $mq->faults_of('Q.ONE') ], [], 'nothing twice');
        finish($mq, $relay);
    }
    # What the server answers, and what becomes of the event.
    my $mq = GpsyncTest::MqEmulator->new('answers', '--queue', 'Q.ONE');
    my $relay = start($mq, {});
    for my $case (
        [ 400, 'MQWB0302E', 0,    'open' ],
        [ 403, 'MQWB0103E', 2035, 'open' ],
        [ 405, 'MQWB0108E', 0,    'open' ],
        [ 415, 'MQWB0306E', 0,    'open' ],
        [ 500, 'MQWB0009E', 2058, 'open' ])
    {
        my ($status, $id, $reason, $breaker) = @$case;
        $mq->fault(kind => 'status', status => $status, body => qq({"error":[{"messageId":"$id","reasonCode":$reason,"completionCode":2}]}), times => 0);
        my $row = insert();
        GpsyncTest::wait_until(sub { status_of($mq, 'breaker') eq $breaker }, "$status $id: breaker $breaker");
        like(status_of($mq, 'last_error'), qr/HTTP $status, $id/, "$status, $id, $reason: breaker $breaker");
        $mq->clear_faults;
        $node->sql("SELECT gpsync.reset_breaker('answers', 'answers')");
        GpsyncTest::wait_until(sub { grep { $_->{subject} =~ m{/$row$} } $mq->events('Q.ONE') }, 'then it is put');
        GpsyncTest::wait_until(sub { status_of($mq, 'breaker') eq 'closed' || (insert() && 0) }, 'the breaker closes');
    }
    is($node->sql("SELECT count(*) FROM gpsync.dead_letters WHERE endpoint = 'answers'"), 0, 'no dead letter');
    # A message that is too long is the event's fault.
    my $row = ++$key;
    $mq->fault(kind => 'status', status => 400, body => '{"error":[{"msgId":"MQWB0303E","reasonCode":2030,"completionCode":2}]}', match => "/$row\"");
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('$row', 'RECEIVED')");
    $node->wait_for_sql("SELECT last_error ~ 'too long for the queue' FROM gpsync.dead_letters WHERE endpoint = 'answers'");
    is($node->sql("SELECT count(*) FROM gpsync.dead_letters WHERE endpoint = 'answers'"), 1, 'a message that is too long becomes a dead letter');
    is_deeply([ $mq->faults_of('Q.ONE') ], [], 'nothing twice, in order');
    finish($mq, $relay);
};

done_testing;
