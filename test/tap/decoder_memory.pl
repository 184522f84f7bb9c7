# What the decoder keeps of each relation: its memory beside that of pgoutput, its bound, and that a relation whose
# entry was removed and built again is written as before.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Process;
use GpsyncTest::Slot;
use Test::More;

use constant { TABLES => 4_000, WIDE_TABLES => 220, WIDE_COLUMNS => 400, LIMIT_BYTES => 20 << 20 };

my $node = GpsyncTest->new_node('main', max_locks_per_transaction => 256, shared_buffers => '128MB', fsync => 'off');

# Runs a statement for i from 1 to $count, a transaction for every hundred.
sub for_each
{
    my ($count, $format, @arguments) = @_;
    my $arguments = join ', ', 'i', @arguments;
    $node->sql(<<~"SQL");
        DO \$do\$ BEGIN
            FOR i IN 1 .. $count LOOP
                EXECUTE format(\$\$$format\$\$, $arguments);
                IF i % 100 = 0 THEN COMMIT; END IF;
            END LOOP;
        END \$do\$
        SQL
    return;
}

# A walsender that streams a slot.
sub start_receiver
{
    my ($slot, @options) = @_;
    my $receiver = { slot => $slot };
    $receiver->{process} = GpsyncTest::Process->spawn($slot, [ 'pg_recvlogical', '-d', $node->connstr('postgres'), '-S', $slot, '--start', '--no-loop',
            '-f', $node->basedir . "/$slot.out", '-s', 1, '-F', 0, map { ('-o', $_) } @options ]);
    BAIL_OUT("$slot does not stream") unless $node->wait_for_sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND pid = "
            . "(SELECT active_pid FROM pg_replication_slots WHERE slot_name = '$slot')", 1);
    $receiver->{pid} = $node->sql("SELECT active_pid FROM pg_replication_slots WHERE slot_name = '$slot'");
    $receiver->{before} = 0;
    return $receiver;
}

# The walsender's own memory, which is not shared buffers.
sub added_kb
{
    my ($receiver) = @_;
    my ($kb) = PostgreSQL::Test::Utils::slurp_file("/proc/$receiver->{pid}/status") =~ /^RssAnon:\s+(\d+) kB$/m;
    return $kb - $receiver->{before};
}

sub wait_until_sent
{
    my ($receiver) = @_;
    my $end = $node->sql('SELECT pg_current_wal_insert_lsn()');
    $node->sql('SELECT pg_current_xact_id()');
    return ok($node->wait_for_sql("SELECT sent_lsn >= '$end' FROM pg_stat_replication WHERE pid = $receiver->{pid}"), "$receiver->{slot} has sent everything");
}

# --- a change of each of many tables
for_each(TABLES, 'CREATE TABLE t%s (id bigint PRIMARY KEY, created_at timestamptz, status text, amount numeric, detail jsonb,'
        . ' sync_status text, last_sync_timestamp timestamptz, sync_revision bigint)');
$node->sql('CREATE PUBLICATION gpsync FOR ALL TABLES; CREATE TABLE first (id int PRIMARY KEY)');
my %plugins = (pgoutput => [ 'proto_version=1', 'publication_names=gpsync' ], gpsync_decoder => ['book_lines=on']);
my %added;
for my $plugin (sort keys %plugins)
{
    GpsyncTest::Slot->new($node, $plugin, plugin => $plugin);
}
my %receivers = map { $_ => start_receiver($_, @{ $plugins{$_} }) } sort keys %plugins;
$node->sql('INSERT INTO first VALUES (1)');
for my $receiver (values %receivers)
{
    wait_until_sent($receiver);
    $receiver->{before} = added_kb($receiver);
}
for_each(TABLES, q(INSERT INTO t%s VALUES (1, now(), 'ACTIVE', 12.5, '{"os": "android"}', 'PENDING', NULL, 1)));
for my $receiver (values %receivers)
{
    wait_until_sent($receiver);
    $added{ $receiver->{slot} } = added_kb($receiver);
}
note(sprintf('%d tables, one change each: gpsync_decoder %d kB, pgoutput %d kB', TABLES, @added{qw(gpsync_decoder pgoutput)}));
cmp_ok($added{gpsync_decoder}, '<=', 1.2 * $added{pgoutput}, TABLES . ' tables take no more memory than 1.2 times that of pgoutput');
$receivers{$_}{process}->stop for sort keys %receivers;
ok($node->wait_for_sql('SELECT count(*) FROM pg_replication_slots WHERE active', 0), 'the receivers have left');
$node->sql("SELECT pg_drop_replication_slot('pgoutput'); SELECT pg_drop_replication_slot('gpsync_decoder'); DROP PUBLICATION gpsync");

# --- more than the bound: the entries of wide tables are large
my $columns = join ', ', map { "column_number_$_ text" } 1 .. WIDE_COLUMNS;
for_each(WIDE_TABLES, "CREATE TABLE wide%s (id bigint PRIMARY KEY, $columns)");
$node->sql(<<~'SQL');
    CREATE TABLE part (id int PRIMARY KEY, v text) PARTITION BY LIST (id);
    CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1, 11, 21);
    CREATE TABLE quiet (id int PRIMARY KEY);
    INSERT INTO wide3 (id) VALUES (1), (11), (21);
    INSERT INTO wide5 (id) VALUES (1);
    CREATE PUBLICATION gpsync WITH (publish_via_partition_root);
    DO $$ BEGIN
        FOR i IN 1 .. 220 LOOP EXECUTE format('ALTER PUBLICATION gpsync ADD TABLE wide%s', i); END LOOP;
    END $$;
    ALTER PUBLICATION gpsync ADD TABLE part;
    SQL
my $through = GpsyncTest::Slot->new($node, 'through');
sub change_a_few
{
    my ($id) = @_;
    $node->sql(<<~"SQL");
        INSERT INTO wide1 (id, column_number_1) VALUES ($id, 'card 4111 1111 1111 1111');
        INSERT INTO wide2 (id, column_number_2) VALUES ($id, 'a'); INSERT INTO part VALUES ($id, 'p');
        INSERT INTO quiet VALUES ($id);
        UPDATE wide5 SET column_number_3 = 'c$id' WHERE id = 1;
        DELETE FROM wide3 WHERE id = $id; TRUNCATE wide4;
        SQL
    return;
}
sub change_all { my ($id) = @_; return for_each(WIDE_TABLES, "INSERT INTO wide%s (id, column_number_7) VALUES ($id, 'x')"); }
change_a_few(1);
change_all(100);
my $plain = $through->copy('plain');
$node->sql("SELECT pg_replication_slot_advance('plain', pg_current_wal_insert_lsn())");
change_a_few(11);
change_all(101);
$node->sql(<<~'SQL');
    ALTER TABLE wide1 RENAME column_number_5 TO renamed; ALTER TABLE wide2 ADD added int; ALTER TABLE wide2 DROP column_number_9;
    ALTER TABLE wide3 REPLICA IDENTITY FULL; ALTER TABLE part RENAME TO part_renamed; ALTER TABLE part_renamed RENAME TO part;
    SQL
my $altered = $plain->copy('altered');
$node->sql("SELECT pg_replication_slot_advance('altered', pg_current_wal_insert_lsn())");
change_a_few(21);

my $receiver = start_receiver('through');
wait_until_sent($receiver);
my $log = -s $node->logfile;
$node->sql("SELECT pg_log_backend_memory_contexts($receiver->{pid})");
ok(GpsyncTest::wait_until(sub { PostgreSQL::Test::Utils::slurp_file($node->logfile, $log) =~ /Grand total: /; }, 'the memory contexts are in the log'),
    'the memory contexts are in the log');
my ($entries, $bytes) = (0, 0);
for (split /\n/, PostgreSQL::Test::Utils::slurp_file($node->logfile, $log))
{
    ($entries, $bytes) = ($entries + 1,  $bytes + $1) if /; gpsync relation: (\d+) total/;
    ($entries, $bytes) = ($entries + $1, $bytes + $2) if /level: 5; (\d+) more child contexts containing (\d+) total/;
}
note("$entries entries of $bytes bytes");
cmp_ok($entries, '<', WIDE_TABLES, 'some entries were removed');
cmp_ok($entries, '>', 20, 'and some are there');
cmp_ok($bytes, '<', 1.1 * LIMIT_BYTES, 'the entries are as large as the limit, and one more');
sub received { return split /\n/, PostgreSQL::Test::Utils::slurp_file($node->basedir . '/through.out') }
ok(GpsyncTest::wait_until(sub { received() >= 18 + 2 * WIDE_TABLES }, 'every event is received'), 'every event is received');
$receiver->{process}->stop;

# Sessions of their own, which begin behind the changes of all tables and so had nothing to remove.
my @lines = received();
for ([ $plain, 'a few, after all the others' ], [ $altered, 'a few, after all the others and ALTER TABLE' ])
{
    my ($slot, $what) = @$_;
    my @expected = split /\n/, $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes') . ' LIMIT 6');
    my %there = map { $_ => 1 } @lines;
    is(scalar @expected, 6, "$what: events");
    is_deeply([ grep { !$there{$_} } @expected ], [], "$what: the same lines as of a session without removals");
}
is(scalar @lines, 18 + 2 * WIDE_TABLES, 'and none twice');
done_testing;
