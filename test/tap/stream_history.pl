# stream_history(): one event for every change of a status, by whatever command, once and in order with the row's own
# events; none for what is no change, for marks and for imports; off again without a trace.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my ($nws, $odi) = map { GpsyncTest::Emulator->new($_) } qw(nws odi);
$node->create_platform;
$node->create_endpoint($_) for $nws, $odi;
$node->create_stream('legacy', 'nws');
$node->create_stream('history', 'odi', { topics => "'{odi}'", bookkeeping => 'false' });
my @relays = map { $node->start_relay($_) } qw(legacy history);

sub wait_for_all
{
    is($node->sql("SELECT bool_and(gpsync.wait_for_sync(stream => s.stream, timeout => '${GpsyncTest::TIMEOUT} s')) FROM gpsync.stream_status AS s"), 't', 'all is delivered');
    return;
}
my $seen = 0;

# The status events since the last call: "key from to" each, in the order of their places.
sub transitions
{
    wait_for_all();
    my @all = grep { $_->{type} eq 'gpsync.status.changed' } $odi->events('gpsync.status.changed');
    my @new = @all[ $seen .. $#all ];
    $seen = @all;
    return join ', ', map { join ' ', join('/', map { $_ // 'NULL' } @{ $_->{data}{key} }{ sort keys %{ $_->{data}{key} } }), map { $_ // 'NULL' } @{ $_->{data} }{qw(from to)} }
      sort { $a->{sequence} cmp $b->{sequence} } @new;
}

$node->sql(q{INSERT INTO provision_status (provision_id, status) VALUES ('before', 'RECEIVED')});
is(transitions(), '', 'there is nothing before stream_history()');
is($node->sql(q{SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'gpsync_status%'}), '0', '... and no trigger');
$node->sql(q{SELECT gpsync.stream_history('provision_status')});
is($node->sql(q{SELECT history_topic FROM gpsync.attached_tables WHERE relation = 'provision_status'::regclass}), 'odi', 'attached_tables shows the topic');

subtest 'every command' => sub {
    $node->sql(<<'SQL');
INSERT INTO provision_status (provision_id, status) VALUES ('a', 'RECEIVED');
UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'a';
UPDATE provision_status SET status = status WHERE provision_id = 'a';
UPDATE provision_status SET last_updated = now() WHERE provision_id = 'a';
UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'a';
INSERT INTO provision_status (provision_id, status) VALUES ('a', 'RECEIVED') ON CONFLICT (provision_id) DO UPDATE SET status = 'VERIFIED';
INSERT INTO provision_status (provision_id, status) VALUES ('a', 'RECEIVED') ON CONFLICT DO NOTHING;
MERGE INTO provision_status AS p USING (VALUES ('a', 'ELIGIBLE'), ('m', 'RECEIVED')) AS s (id, status) ON p.provision_id = s.id
    WHEN MATCHED THEN UPDATE SET status = s.status WHEN NOT MATCHED THEN INSERT (provision_id, status) VALUES (s.id, s.status);
DELETE FROM provision_status WHERE provision_id = 'a';
SQL
    is(transitions(), 'a NULL RECEIVED, a RECEIVED PROCESSING, a PROCESSING COMPLETED, a COMPLETED VERIFIED, a VERIFIED ELIGIBLE, m NULL RECEIVED, a ELIGIBLE NULL', 'each change, and nothing else');
    $node->sql("COPY provision_status (provision_id, status) FROM stdin;\nc1\tRECEIVED\nc/2\tRECEIVED\n\\.\n");
    is(transitions(), 'c1 NULL RECEIVED, c/2 NULL RECEIVED', 'COPY');
    $node->sql(q{BEGIN; SAVEPOINT s; UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'c1'; ROLLBACK TO s; UPDATE provision_status SET status = 'FAILED' WHERE provision_id = 'c1'; COMMIT});
    is(transitions(), 'c1 RECEIVED FAILED', 'what was rolled back never happened');
    my ($state) = $node->sql_error(q{UPDATE provision_status SET status = 'ELIGIBLE' WHERE provision_id = 'c1'});
    is($state, '23514', 'an illegal transition is refused');
    is(transitions(), '', '... without an event');
    $node->sql(q{SET session_replication_role = replica; UPDATE provision_status SET status = 'RECEIVED' WHERE provision_id = 'c1'});
    is(transitions(), 'c1 FAILED RECEIVED', 'replication');
    is($node->sql('SELECT DISTINCT sync_status FROM provision_status'), 'COMPLETED', 'rows are marked');
};

subtest 'the event' => sub {
    my ($event) = grep { $_->{subject} =~ /2$/ } $odi->events('gpsync.status.changed');
    my ($row) = grep { $_->{type} eq 'gpsync.row.inserted' && $_->{data}{key}{provision_id} eq 'c/2' } $nws->events('c/2');
    is_deeply([ @$event{qw(type subject partitionkey topic)} ], [ 'gpsync.status.changed', $row->{subject}, $row->{partitionkey}, 'odi' ], 'it has the subject of the row');
    is_deeply($event->{data}{key}, $row->{data}{key}, '... its key as row events have it');
    is($event->{data}{revision}, $row->{data}{revision}, '... its revision');
    like($event->{data}{at}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/, '... and a time');
    is(scalar(grep { defined $_->{topic} } $nws->events), 0, 'a stream without the topic gets none');
};

subtest 'concurrent updates of one row' => sub {
    my @sessions = map { $node->background_psql('postgres') } 1, 2;
    $_->query_safe('BEGIN') for @sessions;
    $sessions[0]->query_safe(q{UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'm'});
    $sessions[1]->{stdin} .= "UPDATE provision_status SET status = 'FAILED' WHERE provision_id = 'm';\n\\echo done\n";
    $sessions[1]->{run}->pump_nb;
    $node->wait_for_sql(q{SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'});
    $sessions[0]->query_safe('COMMIT');
    $sessions[1]->query_safe('COMMIT');
    $_->quit for @sessions;
    is(transitions(), 'm RECEIVED PROCESSING, m PROCESSING FAILED', 'each has seen the row as the other left it');
};

subtest 'partitions and moves' => sub {
    $node->sql(<<'SQL');
CREATE TABLE parted (region text, id integer, status text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN ('b');
SELECT gpsync.attach('parted');
SELECT gpsync.stream_history('parted');
INSERT INTO parted VALUES ('a', 1, 'RECEIVED'), ('a', 2, 'RECEIVED');
CREATE TABLE parted_c PARTITION OF parted FOR VALUES IN ('c');
UPDATE parted SET status = 'PROCESSING' WHERE id = 1;
SQL
    is(transitions(), '1/a NULL RECEIVED, 2/a NULL RECEIVED, 1/a RECEIVED PROCESSING', 'partitions');
    $node->sql(q{ALTER TABLE parted DROP CONSTRAINT parted_pkey; ALTER TABLE parted_a ADD PRIMARY KEY (id); ALTER TABLE parted_b ADD PRIMARY KEY (id); ALTER TABLE parted_c ADD PRIMARY KEY (id)});
    $node->sql(q{UPDATE parted SET region = 'b', status = 'COMPLETED' WHERE id = 1; UPDATE parted SET region = 'c'; DELETE FROM parted WHERE id = 2; INSERT INTO parted VALUES ('a', 2, 'RECEIVED')});
    is(transitions(), '1 PROCESSING COMPLETED, 2 RECEIVED NULL, 2 NULL RECEIVED', 'a move is one change, or none');
    my ($event) = $odi->events('parted');
    is($event->{subject} =~ s{/.*}{}r, 'public.parted', 'under the name of the whole table');
    my ($state, $err) = $node->sql_error(q{SELECT gpsync.stream_history('parted_a')});
    is($state, '55000', 'a partition alone is refused');
};

subtest 'imports bring their history with them' => sub {
    $node->sql(q{CREATE TABLE old_side (provision_id text PRIMARY KEY, status text); INSERT INTO old_side VALUES ('i1', 'VERIFIED'), ('i2', 'RECEIVED')});
    my $job = $node->sql(q{SELECT gpsync.import('provision_status', 'old_side', '{"provision_id": "provision_id", "status": "status"}')});
    $node->sql("CALL gpsync.run_import('$job')");
    is($node->sql(q{SELECT count(*) FROM provision_status WHERE provision_id ~ '^i'}), '2', 'rows are imported');
    is(transitions(), '', '... without events');
    $node->sql(q{UPDATE provision_status SET status = 'ELIGIBLE' WHERE provision_id = 'i1'});
    is(transitions(), 'i1 VERIFIED ELIGIBLE', 'what happens then is one');
};

subtest 'who may, and what is no event' => sub {
    $node->sql(<<'SQL');
CREATE ROLE mallory LOGIN; CREATE SCHEMA mallory AUTHORIZATION mallory;
SET ROLE mallory;
CREATE TABLE mallory.t (id text PRIMARY KEY, status text, sync_status varchar(20), sync_revision bigint, last_sync_timestamp timestamptz);
CREATE TRIGGER gpsync_status_row AFTER INSERT OR DELETE ON mallory.t FOR EACH ROW EXECUTE FUNCTION gpsync_internal.status_event('odi');
INSERT INTO mallory.t VALUES ('forged', 'RECEIVED');
SQL
    is(transitions(), '', 'a trigger on a table that is not attached says nothing');
    my ($state) = $node->sql_error(q{SET ROLE mallory; SELECT gpsync.stream_history('provision_status')});
    is($state, '42501', 'and not everybody may call stream_history()');
    ($state) = $node->sql_error(q{SELECT gpsync.stream_history('provision_status', 'No Topic')});
    is($state, '42602', 'a topic has a name');
    $node->sql(q{SELECT gpsync.stream_history('token_status', 'nobody'); INSERT INTO token_status (token_id, status) VALUES ('t', 'RECEIVED')});
    is(transitions(), '', 'without a stream for its topic a table is written as ever');
};

subtest 'a dump, and off again' => sub {
    my $dump = $node->data_dir . '/../history.sql';
    $node->command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-f', $dump, '-t', 'provision_status', '-t', 'parted*' ], 'pg_dump');
    my $text = PostgreSQL::Test::Utils::slurp_file($dump);
    like($text, qr/history_topic.*odi/, 'has the record');
    like($text, qr/TRIGGER gpsync_status_update/, '... and the triggers');
    $node->sql(q{SELECT gpsync.stream_history('provision_status', NULL); UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'i2'});
    is(transitions(), '', 'there are no events any more');
    is($node->sql(q{SELECT count(*) FROM pg_trigger WHERE tgrelid = 'provision_status'::regclass AND tgname LIKE 'gpsync_status%'}), '0', '... and no triggers');
    $node->sql(q{SELECT gpsync.stream_history('provision_status', 'odi'); SELECT gpsync.detach('provision_status')});
    is($node->sql(q{SELECT count(*) FROM pg_trigger WHERE tgrelid = 'provision_status'::regclass AND NOT tgisinternal}), '0', 'detach() takes them along');
};

is($_->stop, 0, 'the relay stops') for @relays;
done_testing;
