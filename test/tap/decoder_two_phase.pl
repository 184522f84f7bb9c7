# Prepared transactions are delivered whole at COMMIT PREPARED, and never if they roll back: from a slot with two_phase, from one
# without, over a restart of the reader and of the server between PREPARE and COMMIT, and by a relay.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main', max_prepared_transactions => 10, logical_decoding_work_mem => '64kB', fsync => 'off');
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE TABLE t (id int PRIMARY KEY, v text);
    CREATE TABLE u (id int PRIMARY KEY, v text);
    CREATE PUBLICATION pub FOR TABLE t, u;
    SQL
my %slots = map { $_ => GpsyncTest::Slot->new($node, $_) } qw(without prompt);
$node->sql("SELECT FROM pg_create_logical_replication_slot('two_phase', 'gpsync_decoder', twophase => true)");
$slots{with} = bless { %{ $slots{without} }, name => 'two_phase' }, 'GpsyncTest::Slot';
is($node->sql("SELECT string_agg(slot_name || ':' || two_phase, ' ' ORDER BY slot_name) FROM pg_replication_slots"), 'prompt:false two_phase:true without:false', 'slots of both kinds');
my @options = (publication_names => 'pub');

sub shape { return join ' ', map { $_->{subject} =~ s/^public\.//r . ($_->{type} =~ /inserted/ ? '' : ':' . $_->{type} =~ s/.*\.//r) } @_ }

# --- a transaction that is open, prepared, committed; another one commits meanwhile
$node->sql(<<~'SQL');
    BEGIN; INSERT INTO t VALUES (1, 'prepared'); SAVEPOINT s; INSERT INTO t VALUES (2, 'rolled back'); ROLLBACK TO s; INSERT INTO u VALUES (3, 'prepared');
    PREPARE TRANSACTION 'first';
    INSERT INTO t VALUES (10, 'meanwhile');
    SQL
is(shape($slots{$_}->peek(@options)), 't/10', "$_: nothing of a prepared transaction") for qw(with without);
# One reader has confirmed what is behind the PREPARE, and begins anew.
is(shape($slots{prompt}->events(@options)), 't/10', 'a slot is confirmed behind the PREPARE');
$node->sql('CHECKPOINT');    # which keeps the position of the slot
$node->stop('immediate');
$node->start;
is(shape($slots{prompt}->events(@options)), '', 'nothing more after a crash of the server');
$node->sql("UPDATE t SET v = 'later' WHERE id = 10");
$node->sql("COMMIT PREPARED 'first'");
is(shape($slots{$_}->peek(@options)), 't/10 t/10:updated t/1 u/3', "$_: the whole transaction, where it was committed") for qw(with without);
is(shape($slots{prompt}->events(@options)), 't/10:updated t/1 u/3', 'also behind a position between PREPARE and COMMIT PREPARED, with nothing twice');
is_deeply([ $slots{with}->peek(@options) ], [ $slots{without}->peek(@options) ], 'ids, times and all else are equal');
my ($event) = grep { $_->{subject} eq 'public.t/1' } $slots{with}->peek(@options);
cmp_ok(GpsyncTest::Slot::commit_lsn($event), '>', GpsyncTest::Slot::commit_lsn(($slots{with}->peek(@options))[1]), 'its commit LSN is that of COMMIT PREPARED');
is($node->sql("SELECT '$event->{time}'::timestamptz > pg_postmaster_start_time()"), 't', 'and so is its time');
$_->lines(@options) for values %slots;

# --- rolled back
$node->sql(<<~'SQL');
    BEGIN; INSERT INTO t VALUES (20, 'never'); TRUNCATE u; PREPARE TRANSACTION 'second';
    ROLLBACK PREPARED 'second';
    INSERT INTO t VALUES (21, 'after');
    SQL
is(shape($slots{$_}->events(@options)), 't/21', "$_: nothing of one that was rolled back") for sort keys %slots;

# --- DDL, spilled changes, TRUNCATE, several at once; committed in another order than prepared
$node->sql(<<~'SQL');
    BEGIN; ALTER TABLE t ADD added int; INSERT INTO t SELECT i, repeat('x', 200), i FROM generate_series(1000, 2999) i; ALTER TABLE t RENAME v TO w;
    UPDATE t SET w = 'y' WHERE id = 1000; PREPARE TRANSACTION 'ddl';
    BEGIN; INSERT INTO u VALUES (30, 'a'); PREPARE TRANSACTION 'small';
    BEGIN; INSERT INTO u VALUES (31, 'b'); PREPARE TRANSACTION 'other';
    COMMIT PREPARED 'other';
    COMMIT PREPARED 'ddl';
    COMMIT PREPARED 'small';
    BEGIN; TRUNCATE u; PREPARE TRANSACTION 'empty'; COMMIT PREPARED 'empty';
    SQL
for my $name (sort keys %slots)
{
    my @events = $slots{$name}->events(@options);
    is(scalar @events, 2004, "$name: every event of four prepared transactions");
    is(shape(@events[ 0, 1, 2001, 2002, 2003 ]), 'u/31 t/1000 t/1000:updated u/30 u:truncated', "$name: in the order in which they were committed");
    is_deeply([ map { join ',', sort keys %{ $_->{data}{row} } } @events[ 1, 2001 ] ], [ 'added,id,v', 'added,id,w' ], "$name: with the columns of each moment");
}

# --- a slot that is created while a transaction is prepared: it waits for it, so all of the next ones are whole
$node->sql("BEGIN; INSERT INTO u VALUES (40, 'x'); PREPARE TRANSACTION 'before'");
my $creator = $node->background_psql('postgres');
$creator->query_until(qr/begun/, "\\echo begun\nSELECT FROM pg_create_logical_replication_slot('late', 'gpsync_decoder', false, true);\n");
ok($node->wait_for_sql("SELECT count(*) FROM pg_stat_activity WHERE query ~ '''late''' AND wait_event_type = 'Lock'", 1), 'a new slot waits for a prepared transaction');
$node->sql("COMMIT PREPARED 'before'");
ok($node->wait_for_sql("SELECT confirmed_flush_lsn IS NOT NULL FROM pg_replication_slots WHERE slot_name = 'late'"), '... and is there when it has ended');
$creator->quit;
$slots{late} = bless { %{ $slots{without} }, name => 'late' }, 'GpsyncTest::Slot';
$node->sql("BEGIN; INSERT INTO u VALUES (41, 'y'); PREPARE TRANSACTION 'next'; COMMIT PREPARED 'next'");
is(shape($slots{late}->events(@options)), 'u/41', 'what is prepared behind its start is whole');
$_->drop for values %slots;

# --- the relay, on the slot that create_stream() makes, and on one with two_phase in its place
my $nws = GpsyncTest::Emulator->new('nws');
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $slot_name = $node->sql('SELECT slot_name FROM pg_replication_slots');
is($node->sql('SELECT two_phase FROM pg_replication_slots'), 'f', "a stream's slot has no two_phase");
my $relay = $node->start_relay('legacy');
$node->add_rows(5);
$node->wait_for_sync;
$node->sql("BEGIN; SELECT gpsync.generate_test_data('provision_status', 20, 'two_'); PREPARE TRANSACTION 'rows'");
$node->add_rows(1);
$node->wait_for_sync;
unlike(PostgreSQL::Test::Utils::slurp_file($nws->{ledger}), qr/two_1\b/, 'the endpoint gets nothing of a prepared transaction');
$relay->kill9;
$relay = $node->start_relay('legacy');
$node->sql("COMMIT PREPARED 'rows'");
$node->wait_for_sync;
$node->sql("BEGIN; UPDATE provision_status SET status = status || ''; PREPARE TRANSACTION 'gone'; ROLLBACK PREPARED 'gone'");
$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');
my @lines = PostgreSQL::Test::Utils::slurp_file($nws->{ledger}) =~ /^(.*\btwo_\d+\b.*)$/mg;
is(scalar @lines, 20, '... and each row once, after COMMIT PREPARED');
$relay->stop;
done_testing;
