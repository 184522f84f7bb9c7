# Shards of a table that Citus distributes, on a server with the stand-in for Citus' catalogs (test/citus): attach(), what
# the stream shows, booking, and what becomes of it when shards are copied, split, dropped and renamed, also while their
# changes wait to be decoded.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Citus;
use GpsyncTest::Findings qw(findings mends $node);
use GpsyncTest::Slot;
use Test::More;

my $COLUMNS = 'id bigint PRIMARY KEY, status text NOT NULL, note text, holder text';
my $nws     = GpsyncTest::Emulator->new('nws');

subtest 'what is not Citus' => sub {
    my $plain = GpsyncTest->new_node('plain');
    $plain->sql(<<~"SQL");
        CREATE EXTENSION gpsync;
        CREATE TABLE account ($COLUMNS);
        CREATE TABLE account_102008 ($COLUMNS);
        CREATE TABLE pg_dist_shard (logicalrelid regclass, shardid bigint, shardstorage "char", shardminvalue text, shardmaxvalue text);
        INSERT INTO pg_dist_shard VALUES ('account', 102008, 't');
        CREATE SCHEMA mine;
        CREATE TABLE mine.pg_dist_shard (LIKE pg_dist_shard); ALTER TABLE mine.pg_dist_shard SET SCHEMA pg_catalog;
        SELECT gpsync.attach('account_102008', machine => NULL);
        SQL
    is($plain->sql('SELECT gpsync_internal.has_citus()'), 'f', 'tables called pg_dist_shard, in pg_catalog too, are not the extension citus');
    my $slot = GpsyncTest::Slot->new($plain, 'plain');
    $plain->sql(q{INSERT INTO account_102008 (id, status) VALUES (1, 'a')});
    is(($slot->events)[0]{subject}, 'public.account_102008/1', 'a table with the name of a shard is streamed as what it is');
    my ($state, $error) = $plain->sql_error(q{SELECT gpsync.attach_shards('account')});
    is($state, '42809', 'attach_shards() refuses a table that is not distributed');
    $plain->sql('CREATE ROLE owner; ALTER TABLE account OWNER TO owner');
    my $record = q({"shard": 1, "machine": null, "publication": "gpsync", "status_column": null, "check_replicated": true});
    ($state) = $plain->sql_error(qq{LOAD 'gpsync'; SET ROLE owner; SECURITY LABEL FOR gpsync ON TABLE account IS '$record'});
    is($state, '42501', 'the owner of a table cannot say that it is a shard');
    $plain->sql(q{GRANT CREATE ON DATABASE postgres TO owner; SELECT gpsync.grant_operator('owner'); CREATE TABLE victim_5 (id int PRIMARY KEY); ALTER TABLE victim_5 OWNER TO owner});
    ($state) = $plain->sql_error(qq{SET ROLE owner; SELECT gpsync.attach('victim_5', machine => NULL, publication => 'mine'); SELECT gpsync_internal.record_attachment('victim_5', '@{[ $record =~ s/1/5/r ]}')});
    is($state, '42501', '... nor an operator, of an attached table');
    $plain->stop;
};

$node = GpsyncTest::Citus->new_node('worker');
$node->create_platform;
$node->sql('DROP TABLE provision_status, token_status, partner_data');
$node->sql($_) for 'DROP PUBLICATION gpsync';
$node->distribute('account', $COLUMNS, 102008, 102009);
$node->add_shard('account', 102010, 2);
$node->create_endpoint($nws, batch_size => 10, linger => '2ms');

subtest 'attach()' => sub {
    my %refused = (
        q{SELECT gpsync.attach('account', machine => NULL)} => [ '42809', qr/account is distributed.*attach_shards/s ],
        q{CREATE PUBLICATION other; SELECT gpsync.attach('account_102008', machine => NULL, publication => 'other')} => [ '55000', qr/publishes TRUNCATE.*ALTER PUBLICATION other SET \(publish = 'insert, update, delete'\)/s ],
        q{BEGIN; ALTER TABLE account_102008 DROP sync_status, DROP sync_revision; SELECT gpsync.attach('account_102008', machine => NULL)}
          => [ '55000', qr/On the coordinator: ALTER TABLE public\.account ADD COLUMN sync_status varchar\(20\), ADD COLUMN sync_revision bigint/ ],
        q{BEGIN; INSERT INTO pg_catalog.pg_dist_placement (shardid, groupid) VALUES (102008, 2); SELECT gpsync.attach('account_102008', machine => NULL)}
          => [ '0A000', qr/is on 2 servers/ ]);
    for my $sql (sort keys %refused)
    {
        my ($state, $error) = $node->sql_error($sql);
        is($state, $refused{$sql}[0], "$sql is refused");
        like($error, $refused{$sql}[1], '... and says why');
    }
    my $long = 'l' x 60;
    $node->distribute($long, $COLUMNS);
    my $cut = substr($long, 0, 47) . '_0badcafe_102050';
    $node->sql("INSERT INTO pg_catalog.pg_dist_shard (logicalrelid, shardid) VALUES ('$long', 102050); INSERT INTO pg_catalog.pg_dist_placement (shardid, groupid) VALUES (102050, 1); CREATE TABLE $cut (LIKE $long INCLUDING ALL)");
    my ($state, $error) = $node->sql_error("SELECT gpsync.attach('$cut', machine => NULL)");
    is($state, '0A000', 'a shard whose name was cut is refused');
    like($error, qr/Rename it: 56 bytes do/, '... and says how long a name may be');
    $node->sql("DROP TABLE $cut; DELETE FROM pg_catalog.pg_dist_shard WHERE shardid = 102050");

    $node->sql('ALTER DATABASE postgres SET citus.override_table_visibility = on');
    ($state, $error) = $node->sql_error(q{SELECT gpsync.attach_shards('account', machine => NULL)});
    is($state, '55000', 'hidden shards are refused');
    like($error, qr/ALTER DATABASE postgres SET citus.override_table_visibility = off/, '... with the setting');
    $node->sql('ALTER DATABASE postgres SET citus.override_table_visibility = off');

    is($node->sql(q{SELECT string_agg(s::text, ' ') FROM gpsync.attach_shards('account', machine => NULL) AS s}), 'account_102008 account_102009', 'attach_shards() attaches the shards of this server');
    is($node->sql(q{SELECT count(*) FROM gpsync.attach_shards('account', machine => NULL)}), '0', '... once');
    is($node->sql(q{SELECT concat_ws(' ', pubinsert, pubupdate, pubdelete, pubtruncate) FROM pg_publication WHERE pubname = 'gpsync'}), 't t t f', 'the publication has no TRUNCATE');
    is($node->sql(q{BEGIN; SET LOCAL citus.enable_manual_changes_to_shards = off; SET LOCAL citus.enable_ddl_propagation = on; SELECT gpsync.detach('account_102009'), gpsync.attach('account_102009', machine => NULL);
        SELECT current_setting('citus.enable_manual_changes_to_shards') || current_setting('citus.enable_ddl_propagation'); COMMIT}) =~ s/^\|?\n//r, 'offon', 'the settings of the session are as before');
};

$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');
my $slot  = GpsyncTest::Slot->new($node, 'observer');

# The events since the last call: "type subject".
sub events { return join ', ', map { $_->{type} =~ s/gpsync\.row\.//r . ' ' . $_->{subject} } $slot->events }

subtest 'the stream and the books' => sub {
    $node->sql(q{INSERT INTO account_102008 (id, status, note) VALUES (1, 'a', 'n'), (2, 'a', 'n'); INSERT INTO account_102009 (id, status) VALUES (3, 'a');
        UPDATE account_102008 SET status = 'b' WHERE id = 1; DELETE FROM account_102009 WHERE id = 3; INSERT INTO account_102009 (id, status) VALUES (4, 'a')});
    $node->wait_for_sync;
    is(join(' ', sort map { $_->{subject} } grep { !$_->{deleted} } $nws->ledger), 'public.account/1 public.account/2 public.account/4', 'the endpoint has the rows under the name of the distributed table');
    is($nws->entry('public.account/1')->{data}{table}, 'account', '... which is their table');
    is($node->sql(q{SELECT string_agg(id || sync_status, ' ' ORDER BY id) FROM (SELECT * FROM account_102008 UNION ALL SELECT * FROM account_102009) AS a}), '1COMPLETED 2COMPLETED 4COMPLETED', 'the rows of the shards are marked');
    is($node->sql('SELECT count(*) FROM account'), '0', '... and nothing is written to the distributed table');
    is(events(), 'inserted public.account/1, inserted public.account/2, inserted public.account/3, updated public.account/1, deleted public.account/3, inserted public.account/4', 'each event once, in order');
    like($node->sql(q{SELECT string_agg(detail, ' ') FROM gpsync.explain_sync('account_102008', '{"id": 1}')}), qr/in table public\.account_102008.*took this revision/s, 'explain_sync() of a shard');
    is(scalar findings(qr/shard|TRUNCATE|rows that are PENDING|not in its publication/), 0, 'the doctor finds nothing');
};

subtest 'format wal2json' => sub {
    $node->sql(q{UPDATE account_102008 SET status = 'w' WHERE id = 1});
    my ($change) = grep { $_->{action} eq 'U' } $slot->peek(format => 'wal2json', 'format-version' => 2);
    is("$change->{schema}.$change->{table}", 'public.account', 'names the distributed table');
    my @chosen = grep { $_->{action} eq 'U' } $slot->peek(format => 'wal2json', 'format-version' => 2, 'add-tables' => 'public.account');
    is(scalar @chosen, 1, '... by which it is chosen');
    $slot->lines;
};

subtest 'labels of the distributed table' => sub {
    $node->sql(q{LOAD 'gpsync'; SECURITY LABEL FOR gpsync ON COLUMN account.note IS 'drop'; SECURITY LABEL FOR gpsync ON COLUMN account_102009.holder IS 'mask'});
    $node->sql(q{INSERT INTO account_102008 (id, status, note, holder) VALUES (10, 'a', 'secret', 'x'); INSERT INTO account_102009 (id, status, note, holder) VALUES (11, 'a', 'secret', 'Jane Roe')});
    my @rows = map { $_->{data}{row} } $slot->events;
    is(scalar(grep { exists $_->{note} } @rows), 0, 'count for its shards');
    unlike($rows[1]{holder}, qr/Jane/, '... besides their own');
    $node->wait_for_sync;
    ok(!exists $nws->entry('public.account/10')->{data}{row}{note}, 'the relay began again with them');
    $node->sql(q{LOAD 'gpsync'; SECURITY LABEL FOR gpsync ON COLUMN account.note IS NULL});
};

subtest 'copies of shards' => sub {
    $node->wait_for_sync;
    events();
    $node->sql(q{SELECT pg_replication_origin_create('of_citus')});
    $node->sql(q{SELECT pg_replication_origin_session_setup('of_citus'); INSERT INTO account_102008 (id, status) VALUES (20, 'copied'); UPDATE account_102008 SET status = 'copied' WHERE id = 20; DELETE FROM account_102008 WHERE id = 20});
    $node->sql(q{INSERT INTO account_102008 (id, status) VALUES (21, 'written')});
    is(events(), 'inserted public.account/21', 'what has an origin is a copy and not streamed');
    $node->wait_for_sync;
    ok(!$nws->entry('public.account/20'), '... nor delivered');
    $node->sql(q{CREATE TABLE ordinary (id int PRIMARY KEY); SELECT gpsync.attach('ordinary', machine => NULL)});
    $node->sql(q{SELECT pg_replication_origin_session_setup('of_citus'); INSERT INTO ordinary (id) VALUES (1)});
    is(events(), 'inserted public.ordinary/1', 'of a table that is no shard it is');
};

subtest 'while the relay is away' => sub {
    $relay->stop;
    # Written, then the table is renamed, as Citus renames it: with its shards.
    $node->sql(q{UPDATE account_102008 SET status = 'before' WHERE id = 1});
    $node->sql(q{BEGIN; ALTER TABLE account RENAME TO wallet; ALTER TABLE account_102008 RENAME TO wallet_102008; ALTER TABLE account_102009 RENAME TO wallet_102009; COMMIT});
    $node->sql(q{UPDATE wallet_102008 SET status = 'after' WHERE id = 1});
    is(events(), 'updated public.account/1, updated public.wallet/1', 'each change has the name of its time');
    $node->sql(q{BEGIN; ALTER TABLE wallet RENAME TO account; ALTER TABLE wallet_102008 RENAME TO account_102008; ALTER TABLE wallet_102009 RENAME TO account_102009; COMMIT});

    # Split: two new shards have the rows of one, which is dropped and gone from the catalog when its changes are decoded.
    $node->sql(q{INSERT INTO account_102009 (id, status) VALUES (30, 'last words')});
    $node->add_shard('account', $_) for 102011, 102012;
    $node->sql(q{SELECT pg_replication_origin_session_setup('of_citus'); INSERT INTO account_102011 SELECT * FROM account_102009 WHERE id < 10; INSERT INTO account_102012 SELECT * FROM account_102009 WHERE id >= 10});
    $node->sql(q{DROP TABLE account_102009; DELETE FROM pg_catalog.pg_dist_placement WHERE shardid = 102009; DELETE FROM pg_catalog.pg_dist_shard WHERE shardid = 102009});
    $node->sql('VACUUM FULL pg_catalog.pg_dist_shard');
    is(events(), 'inserted public.account/30', 'changes of a shard that is gone have the name of the distributed table, and the copies are not streamed');
    $relay = $node->start_relay('legacy');
    $node->wait_for_sync;
    is($nws->entry('public.account/30')->{data}{row}{status}, 'last words', '... and are delivered');
    is($nws->entry('public.account/1')->{data}{row}{status}, 'before', 'the old name');
    is($nws->entry('public.wallet/1')->{data}{row}{status}, 'after', '... and the new one');

    mends(qr/^shard public\.account_102011 of table public\.account is on this server and not attached: its changes are neither stamped nor streamed/);
    is($node->sql(q{SELECT string_agg(relation::text, ' ' ORDER BY relation::text) FROM gpsync.attached_tables WHERE publication = 'gpsync'}), 'account_102008 account_102011 account_102012 ordinary', 'all shards of this server are attached');
    $node->sql(q{UPDATE account_102011 SET status = 'split' WHERE id = 4; UPDATE account_102012 SET status = 'split' WHERE id = 30});
    $node->wait_for_sync;
    is(join(' ', map { $nws->entry("public.account/$_")->{data}{row}{status} } 4, 30), 'split split', 'the new shards are streamed');
    is($node->sql(q{SELECT sync_status FROM account_102012 WHERE id = 30}), 'COMPLETED', '... and booked');
    # The copy of a row whose event was on its way says PENDING: its event was booked where it came from.
    is($node->sql(q{SELECT count(*) FROM account_102012 WHERE sync_status = 'PENDING'}), '0', 'no row waits');
    events();
};

subtest 'dead letters' => sub {
    $nws->faults(kind => 'status', status => 422, match => 'account/30');
    $node->sql(q{UPDATE account_102012 SET status = 'refused' WHERE id = 30});
    $node->wait_for_sync;
    is($node->sql(q{SELECT schema_name || '.' || table_name FROM gpsync.dead_letters}), 'public.account', 'a dead letter has the name of the event');
    like($node->sql(q{SELECT string_agg(what || ' ' || detail, ' ') FROM gpsync.explain_sync('account_102012', '{"id": 30}')}), qr/dead letter refused revision/, 'explain_sync() of the shard finds it');
    is($node->sql(q{SELECT gpsync_internal.has_letter('account_102012', '{"id": 30}', sync_revision) FROM account_102012 WHERE id = 30}), 't', '... and so does verify()');
    $nws->clear_faults;
    is($node->sql(q{SELECT gpsync.retry_dead_letters(endpoint => 'nws')}), '1', 'it is retried');
    $node->wait_for_sync;
    is($nws->entry('public.account/30')->{data}{row}{status}, 'refused', '... by the row of its shard');
    is($node->sql(q{SELECT sync_status || (SELECT count(*) FROM gpsync.dead_letters) FROM account_102012 WHERE id = 30}), 'COMPLETED0', '... and closed');
    events();
};

subtest 'TRUNCATE' => sub {
    $node->sql(q{TRUNCATE account_102011});
    is(events(), '', 'is not published');
    $node->sql(q{ALTER PUBLICATION gpsync SET (publish = 'insert, update, delete, truncate')});
    $node->sql(q{TRUNCATE account_102011});
    my ($state, $error) = $slot->error;
    is($state, '0A000', 'one that is published stops the stream');
    like($error, qr/TRUNCATE of a shard cannot be delivered.*skip_change/s, '... and says so');
    my ($lsn, $ordinal) = $error =~ /skip_change\(stream, '([0-9A-F\/]+)', (\d+)/;
    my $sequence = sprintf '%016X-%08X', GpsyncTest::Slot::number($lsn), $ordinal;
    my ($skipped) = $slot->peek(skip_changes => $sequence);
    is("$skipped->{type} $skipped->{subject}", 'gpsync.change.skipped public.account', 'it can be skipped');
    $node->sql("SELECT gpsync.skip_change('legacy', '$lsn', $ordinal, 'a shard')");
    mends(qr/^publication "gpsync" has shards and publishes TRUNCATE/);
    $node->wait_for_sync;
    $slot->lines(skip_changes => $sequence);
};

subtest 'a shard with another name' => sub {
    $node->sql(q{ALTER TABLE account_102011 RENAME TO renamed});
    ok(scalar findings(qr/^table public\.renamed is attached as shard 102011, and its name or its owner is another/), 'is found');
    my $copy = $slot->copy('copied');
    $node->sql(q{BEGIN; INSERT INTO renamed (id, status) VALUES (40, 'a'); COMMIT});
    my ($state, $error) = $copy->error;
    is($state, '55000', 'and stops the stream');
    my ($lsn, $ordinal) = $error =~ /skip_change\(stream, '([0-9A-F\/]+)', (\d+)/;
    my ($skipped) = $copy->peek(skip_changes => sprintf('%016X-%08X', GpsyncTest::Slot::number($lsn), $ordinal));
    is("$skipped->{type} $skipped->{subject}", 'gpsync.change.skipped public.renamed/40', '... until its changes are skipped');
    $node->sql("SELECT gpsync.skip_change('legacy', '$lsn', $ordinal, 'renamed')");
    $node->sql(q{ALTER TABLE renamed RENAME TO account_102011});
    $node->wait_for_sync;
    is(scalar findings(qr/attached as shard/), 0, 'its name back, it is found no more');
    $_->drop for $copy, $slot;
};

subtest 'a shard of another owner' => sub {
    $node->distribute('purse', $COLUMNS, 102040);
    $node->sql(q{SELECT gpsync.attach_shards('purse', machine => NULL, publication => 'purses'); CREATE ROLE other; ALTER TABLE purse_102040 OWNER TO other});
    my $observer = GpsyncTest::Slot->new($node, 'purses');
    $node->sql(q{INSERT INTO purse_102040 (id, status) VALUES (1, 'a')});
    is(($observer->error(publication_names => 'purses'))[0], '55000', 'stops the stream: its owner could pass rows off as those of another owner');
    ok(scalar findings(qr/^table public\.purse_102040 is attached as shard 102040, and its name or its owner is another/), '... and is found');
    $observer->drop;
    $node->sql('DROP TABLE purse_102040');
};

subtest 'other findings' => sub {
    $node->sql(q{CREATE TABLE late (id bigint PRIMARY KEY, status text); SELECT gpsync.attach('late', machine => NULL)});
    $node->sql(q{INSERT INTO pg_catalog.pg_dist_partition (logicalrelid, partmethod) VALUES ('late', 'h')});
    $node->add_shard('late', 102020);
    mends(qr/^table public\.late was attached before Citus distributed it/);
    is($node->sql(q{SELECT string_agg(relation::text, ' ') FROM gpsync.attached_tables WHERE relation::text LIKE 'late%'}), 'late_102020', '... with its shards attached');
    $node->sql('ALTER DATABASE postgres SET citus.override_table_visibility = on');
    mends(qr/^Citus hides its shards from queries/);
};

subtest 'status events' => sub {
    $node->distribute('card', 'id bigint PRIMARY KEY, status text NOT NULL', 102030);
    $node->sql(q{SELECT gpsync.attach_shards('card'); SELECT gpsync.stream_history('card_102030', 'odi')});
    is($node->sql(q{SELECT history_topic FROM gpsync.attached_tables WHERE relation = 'card_102030'::regclass}), 'odi', 'stream_history() of a shard');
    my $history = GpsyncTest::Emulator->new('history');
    $node->create_endpoint($history);
    $node->create_stream('status', 'history', { topics => "'{odi}'", publication => 'NULL' });
    my $second = $node->start_relay('status');
    $node->sql(q{INSERT INTO card_102030 (id, status) VALUES (1, 'RECEIVED')});
    ok(GpsyncTest::wait_until(sub { $history->stats->{accepted} > 0 }, 'the event is there'), 'a status event');
    is(($history->events('gpsync.status.changed'))[0]{subject}, 'public.card/1', '... has the subject of the rows');
    $node->wait_for_sync;
    $second->stop;
};
$relay->stop;
done_testing;
