# request_status() never goes back: not when the WAL of a request is recycled, not after a restart, a slot that is lost,
# recreate_stream() or drop_stream(); and a commit that is called accepted survives a crash.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use JSON::PP ();
use Test::More;

my $node = GpsyncTest->new_node('main', wal_keep_size => 0, min_wal_size => '32MB', max_wal_size => '64MB');
my ($nws, $acl) = map { GpsyncTest::Emulator->new($_) } qw(nws acl);
$node->create_platform;
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for $nws, $acl;
$node->create_stream('legacy', 'nws', { topics => "'{audit}'" });
$node->create_stream('checks', 'acl', { topics => "'{audit,acl}'", publication => 'NULL' });
my %relay = map { $_ => $node->start_relay($_) } qw(legacy checks);

sub status { my ($id, $isolation) = @_; return $node->sql(($isolation ? "SET default_transaction_isolation = '$isolation'; " : '') . "SELECT gpsync.request_status('$id') ->> 'status'") }
sub error_of { my ($id) = @_; return $node->sql("SELECT gpsync.request_status('$id') -> 'deadLetters' -> 0 ->> 'error'") }
sub emit { my ($topic, $n) = @_; return $node->sql("SELECT gpsync.emit('t.x', jsonb_build_object('n', $n), topic => '$topic') ->> 'requestId'") }
sub wait_for_all { is($node->sql("SELECT bool_and(gpsync.wait_for_sync(stream => s.stream, timeout => '${GpsyncTest::TIMEOUT} s')) FROM gpsync.stream_status AS s"), 't', 'all is delivered'); return }

# Fills WAL and takes checkpoints until the segment that a request is in is gone.
sub recycle
{
    my ($id) = @_;
    my $segment = $node->sql("SELECT pg_walfile_name(message_lsn) FROM gpsync_internal.request_state('$id')");
    my $gone = GpsyncTest::wait_until(sub {
        $node->sql('SELECT pg_logical_emit_message(true, $$x$$, $$x$$); SELECT pg_switch_wal(); CHECKPOINT');
        $node->sql("SELECT count(*) FROM pg_ls_waldir() WHERE name = '$segment'") eq '0';
    }, "segment $segment is gone");
    ok($gone, 'the WAL of the request is gone');
    is($node->sql("SELECT commit_lsn IS NULL FROM gpsync_internal.request_state('$id')"), 't', '... and what it said');
    return;
}

subtest 'an endpoint of another topic is behind' => sub {
    my $fault = $nws->faults(kind => 'status', status => 503);
    my $audit = emit('audit', 1);
    my $acl_only = emit('acl', 2);
    ok($node->wait_for_sql(q{SELECT feed FROM gpsync.endpoint_status WHERE endpoint = 'nws'}, 'behind'), 'nws is behind');
    ok($node->wait_for_sql("SELECT gpsync.request_status('$acl_only') ->> 'status'", 'DELIVERED'), 'an event of a topic that it does not take is delivered');
    is(status($audit), 'ACCEPTED', '... the one that it takes is not');
    is($node->sql(q{SELECT count(*) FROM gpsync.spool_legacy_1 WHERE first_emitted = last_emitted}), '1', 'the spool says when it was emitted');
    recycle($acl_only);
    is(status($acl_only), 'DELIVERED', 'DELIVERED stays');
    is(status($audit), 'ACCEPTED', 'ACCEPTED stays');
    is(status($acl_only, 'repeatable read'), 'DELIVERED', '... for an older snapshot, too');
    # The text of the first one's id is in the data of another, which is still in the spool.
    my $quoting = emit('audit', qq{'{"requestid": "$audit"}'::jsonb});
    $nws->clear_faults($fault);
    $node->sql(q{SELECT gpsync.reset_breaker('legacy', 'nws')});
    wait_for_all();
    is(status($_), 'DELIVERED', 'delivered') for $audit, $quoting;
    $node->restart;
    $relay{$_}->is_running or $relay{$_} = $node->start_relay($_) for sort keys %relay;
    is(status($_), 'DELIVERED', '... after a restart, too') for $audit, $acl_only, $quoting;
};

subtest 'the id of a request in a line, not one in its data' => sub {
    my ($real, $other) = ('00000000-0000-8000-8000-000000000001', '00000000-0000-8000-8000-000000000002');
    my $find = sub { my ($line) = @_; return $node->sql(qq{SELECT gpsync_internal.request_in_line(\$x\$$line\$x\$)}) };
    is($find->(qq({"id":"A","partitionkey":"audit","topic":"audit","requestid":"$real","data":{"requestid":"$other"}})), $real, 'the envelope counts');
    is($find->(qq({"id":"A","subject":"x","data":{"row":{"doc":{"topic":"a","requestid":"$other"}}}})), '', 'a row has none');
    is($find->(qq({"id":"A","subject":"\\\\"requestid\\\\":\\\\"$other","topic":"a","requestid":"$real"})), $real, 'a quoted text is none');
};

subtest 'an asynchronous commit' => sub {
    $node->append_conf('postgresql.conf', "wal_writer_delay = '10s'\nwal_writer_flush_after = 0");
    $node->reload;
    $relay{checks}->stop;
    my $id = $node->sql(q{SET synchronous_commit = off; SELECT gpsync.emit('t.async', '{}', topic => 'acl') ->> 'requestId'});
    is(status($id), 'ACCEPTED', 'what is called accepted is flushed');
    $node->stop('immediate');
    $node->start;
    is(status($id), 'ACCEPTED', '... and is there after a crash');
    $relay{legacy}->wait_exit if !$relay{legacy}->is_running;
    $relay{checks} = $node->start_relay('checks');
    $relay{legacy} = $node->start_relay('legacy') if !$relay{legacy}->is_running;
    wait_for_all();
    is(status($id), 'DELIVERED', 'then it is delivered');
};

subtest 'the commit is more than 32 MB behind the message' => sub {
    my $id = $node->sql(q{BEGIN; SELECT gpsync.emit('t.long', '{}', topic => 'acl') ->> 'requestId'; SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) FROM generate_series(1, 40) \g /dev/null
COMMIT});
    $id =~ s/\n.*//s;
    wait_for_all();
    is(status($id), 'DELIVERED', 'each session finds it at once') for 1 .. 2;
};

subtest 'the topics are read again after an error' => sub {
    my $locking = $node->background_psql('postgres');
    $locking->query_safe('BEGIN; LOCK TABLE gpsync.stream IN SHARE MODE');
    my $session = $node->background_psql('postgres', on_error_stop => 0);
    $session->query(q{SET lock_timeout = '50ms'; SELECT gpsync.emit('t.x', '{}')});
    like($session->{stderr}, qr/lock timeout/, 'they cannot be read');
    $session->{stderr} = '';
    $locking->query_safe('COMMIT');
    is($session->query_safe(q{SELECT gpsync.emit('t.x', '{}') ->> 'status'}), 'ACCEPTED', 'then they can');
    $_->quit for $locking, $session;
};

# Emits in a transaction that stays open while others are delivered, so that it lies before the position, and commits
# behind it.
sub straddle
{
    my $session = $node->background_psql('postgres');
    $session->query_safe('BEGIN');
    my $open = $session->query_safe(q{SELECT gpsync.emit('t.open', '{}', topic => 'acl') ->> 'requestId'});
    my $delivered = emit('acl', 3);
    wait_for_all();
    is(status($delivered), 'DELIVERED', 'a later one is delivered');
    $relay{checks}->stop;
    $session->query_safe('COMMIT');
    $session->quit;
    return ($open, $delivered);
}

subtest 'recreate_stream()' => sub {
    my ($open, $delivered) = straddle();
    my $later = emit('acl', 4);
    is(status($_), 'ACCEPTED', 'not delivered') for $open, $later;
    my $slow = $node->background_psql('postgres');
    $node->sql(q{SELECT gpsync.recreate_stream('checks', force => true)});
    $relay{checks} = $node->start_relay('checks');
    my $found = emit('acl', 5);
    wait_for_all();
    $slow->quit;
    my $right = sub {
        is(status($_), 'FAILED', 'what is lost has failed') for $open, $later;
        is(error_of($open), 'the stream was made again', '... and it is said why');
        is(status($_), 'DELIVERED', 'what is delivered is not lost') for $delivered, $found;
    };
    $right->();
    recycle($found);
    $right->();
};

# The transaction begins once the new slot can see it, and commits behind the LSN from which the slot delivers: the
# making of the slot waits for one that began before.
subtest 'emitted while the slot is made, and delivered by it' => sub {
    my $before = $node->background_psql('postgres');
    $before->query_safe('BEGIN; SELECT pg_current_xact_id()');
    my $making = $node->background_psql('postgres');
    $making->query_until(qr/begun/, "\\echo begun\nSELECT gpsync.recreate_stream('checks', force => true);\n");
    ok($node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid'}, 1), 'the slot waits for a transaction');
    my $second = $node->background_psql('postgres');
    $second->query_safe('BEGIN; SELECT pg_current_xact_id()');
    $before->query_safe('COMMIT');
    ok($node->wait_for_sql("SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted", 1), '... and for one that began meanwhile');
    my $during = $node->background_psql('postgres');
    $during->query_safe('BEGIN');
    my $id = $during->query_safe(q{SELECT gpsync.emit('t.during', '{}', topic => 'acl') ->> 'requestId'});
    $second->query_safe('COMMIT');
    $node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%recreate_stream(''checks''%' AND state = 'active' AND pid <> pg_backend_pid()}, 0);
    $during->query_safe('COMMIT');
    $_->quit for $before, $second, $during, $making;
    $relay{checks}->stop if $relay{checks}->is_running;
    $relay{checks} = $node->start_relay('checks');
    wait_for_all();
    is(status($id), 'DELIVERED', 'it is delivered');
    is(scalar(grep { ($_->{requestid} // '') eq $id } $acl->events), 1, '... it is there');
    recycle($id);
    is(status($id), 'DELIVERED', '... and stays so');
};

subtest 'a lost slot' => sub {
    my $delivered = emit('acl', 6);
    wait_for_all();
    # What ended before the position is known once a later position is booked.
    ok($node->wait_for_sql("SELECT p.ended_before > gpsync_internal.request_xid('$delivered') FROM gpsync.stream_position AS p WHERE p.stream = 'checks'"), 'the books know it');
    $relay{checks}->stop;
    my $lost = emit('acl', 7);
    $node->append_conf('postgresql.conf', "max_slot_wal_keep_size = '1MB'");
    $node->reload;
    recycle($lost);
    $node->append_conf('postgresql.conf', 'max_slot_wal_keep_size = -1');
    $node->reload;
    is($node->sql(q{SELECT wal_status FROM pg_replication_slots WHERE slot_name = gpsync_internal.slot_name('checks')}), 'lost', 'the slot is lost');
    is(status($delivered), 'DELIVERED', 'what was delivered stays so');
    is(status($lost), 'ACCEPTED', 'what was not is accepted');
    $node->sql(q{SELECT gpsync.recreate_stream('checks')});
    is(status($delivered), 'DELIVERED', 'what was delivered stays so when the stream is made again');
    is(status($lost), 'FAILED', 'what was not has failed');
    # The other stream's slot went the same way.
    $relay{legacy}->stop if $relay{legacy}->is_running;
    $node->sql(q{SELECT gpsync.recreate_stream('legacy', force => true)});
    $relay{$_} = $node->start_relay($_) for qw(checks legacy);
};

subtest 'drop_stream()' => sub {
    my ($open, $delivered) = straddle();
    my $fault = $acl->faults(kind => 'status', status => 503);
    $relay{checks} = $node->start_relay('checks');
    my $spooled = emit('acl', 8);
    ok($node->wait_for_sql(q{SELECT feed FROM gpsync.endpoint_status WHERE endpoint = 'acl'}, 'behind'), 'acl is behind');
    ok($node->wait_for_sql(qq{SELECT confirmed_lsn > (SELECT commit_lsn FROM gpsync_internal.request_state('$spooled')) FROM gpsync.stream_status WHERE stream = 'checks'}), 'the stream goes on');
    my $own = $node->sql(q{BEGIN; SELECT gpsync.emit('t.own', '{}', topic => 'acl') ->> 'requestId'; SELECT gpsync.drop_stream('checks'); COMMIT});
    $own =~ s/\n.*//s;
    my $right = sub {
        is(status($_), 'FAILED', 'what is lost has failed') for $open, $spooled, $own;
        is(error_of($_), 'the stream was dropped', '... and it is said why') for $open, $spooled, $own;
        is(status($delivered), 'DELIVERED', 'what is delivered is not lost');
    };
    $right->();
    recycle($own);
    $right->();
    $acl->clear_faults($fault);
};

subtest 'two sessions drop streams' => sub {
    $node->create_stream($_, 'acl', { topics => "'{acl}'", publication => 'NULL' }) for qw(one two);
    my $dropping = $node->background_psql('postgres');
    $dropping->query_safe(q{BEGIN; SELECT gpsync.drop_stream('one')});
    my @others = map { $node->background_psql('postgres', on_error_stop => 0) } qw(two one);
    $others[0]->query_until(qr/begun/, "\\echo begun\nSELECT gpsync.drop_stream('two');\n");
    $others[1]->query_until(qr/begun/, "\\echo begun\nSELECT gpsync.drop_stream('one');\n");
    ok($node->wait_for_sql(q{SELECT count(*) FROM pg_locks WHERE NOT granted}, 2), 'they wait');
    $dropping->query_safe('COMMIT');
    $dropping->quit;
    $_->query('SELECT 1') for @others;
    is($others[0]->{stderr}, '', 'one after the other, without a deadlock');
    like($others[1]->{stderr}, qr/stream "one" does not exist/, 'what is gone is gone');
    $_->quit for @others;
    is($node->sql(q{SELECT count(*) FROM gpsync.stream WHERE stream IN ('one', 'two')}), '0', 'both are dropped');
};

$relay{legacy}->stop;
done_testing;
