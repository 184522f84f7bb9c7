# Each way to lose a slot, one by one: doctor() names it with the way on, the way on works as it is pasted, every row
# that was missed is sent, and recreate_stream() says what it cannot know. Copies of a server are in stream_home.pl.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');

sub error_of_slot { my ($server) = @_; return $server->sql(q{SELECT finding || ' => ' || fix FROM gpsync.doctor() WHERE check_name IN ('slot', 'home') AND severity = 'error'}) }
sub statuses { my ($server) = @_; return $server->sql('SELECT string_agg(provision_id || $$ $$ || sync_status, $$, $$ ORDER BY provision_id) FROM provision_status') }

# The doctor's fix, and what it said.
sub paste_fix
{
    my ($server) = @_;
    my ($fix) = error_of_slot($server) =~ / => (.*)\z/s;
    my $said = '';
    $server->psql('postgres', $fix, stderr => \$said, on_error_die => 1);
    return $said;
}

# Three rows that are booked; then, with the relay gone, one of them changes, one is deleted, one gets another key, and
# one is new.
sub miss_changes
{
    my ($prefix, $lose) = @_;
    $node->sql("DELETE FROM provision_status");
    my $relay = $node->start_relay('legacy');
    $node->sql("SELECT gpsync.generate_test_data('provision_status', 3, '${prefix}_')");
    $node->wait_for_sync;
    $relay->stop;
    $node->sql(<<~SQL);
        UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = '${prefix}_1';
        DELETE FROM provision_status WHERE provision_id = '${prefix}_2';
        UPDATE provision_status SET provision_id = '${prefix}_4' WHERE provision_id = '${prefix}_3';
        INSERT INTO provision_status (provision_id, status) VALUES ('${prefix}_5', 'RECEIVED');
        SQL
    $lose->();
    return;
}

# After the fix: all rows that are there arrive; what is gone stays at the endpoint.
sub arrives
{
    my ($server, $endpoint, $prefix) = @_;
    my $relay = $server->start_relay('legacy');
    $server->wait_for_sync;
    is(statuses($server), "${prefix}_1 COMPLETED, ${prefix}_4 COMPLETED, ${prefix}_5 COMPLETED", 'every row that was missed is sent and booked');
    my @there = sort map { $_->{subject} =~ m{/(${prefix}_\d)$} && !$_->{deleted} ? $1 : () } $endpoint->ledger;
    is("@there", "${prefix}_1 ${prefix}_2 ${prefix}_3 ${prefix}_4 ${prefix}_5", '... and what was deleted, and the old key, are still at the endpoint');
    is(error_of_slot($server), '', 'the finding is gone');
    $relay->stop;
    return;
}

my $unknown = qr/Not known and not sent: rows deleted, tables truncated and keys replaced by others since [0-9A-F]+\/[0-9A-F]+ \(\d{4}-.*HINT:  Compare the keys/s;

subtest 'the slot was dropped' => sub {
    miss_changes('a', sub { $node->sql(q{SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'))}) });
    my $relay = $node->start_relay('legacy');
    is($relay->wait_exit, 1, 'a relay ends with status 1');
    like($relay->log, qr/replication slot \S+ does not exist.*recreate_stream/, '... and says why, and what to do');
    is(error_of_slot($node) =~ s/gpsync_\d+/gpsync_DB/r, q{replication slot "gpsync_DB_legacy" does not exist => SELECT gpsync.recreate_stream('legacy')}, 'so does the doctor');
    like(paste_fix($node), $unknown, 'the fix says what it cannot know');
    arrives($node, $nws, 'a');
};

subtest 'the slot is invalidated by max_slot_wal_keep_size' => sub {
    miss_changes('b', sub {
        $node->append_conf('postgresql.conf', "max_slot_wal_keep_size = '1MB'");
        $node->reload;
        $node->sql('SELECT pg_logical_emit_message(true, $$x$$, $$x$$); SELECT pg_switch_wal(); CHECKPOINT') for 1 .. 4;
        $node->append_conf('postgresql.conf', 'max_slot_wal_keep_size = -1');
        $node->reload;
    });
    like(error_of_slot($node), qr/^replication slot "\S+" is lost: the server has removed WAL that it needs \(max_slot_wal_keep_size\) => SELECT gpsync.recreate_stream\('legacy'\)$/, 'the doctor says so');
    like(paste_fix($node), $unknown, 'the fix says what it cannot know');
    arrives($node, $nws, 'b');
};

subtest 'the slot is invalidated by idle_replication_slot_timeout' => sub {
    plan(skip_all => 'needs PostgreSQL 18') if $node->sql('SHOW server_version_num') < 180000;
    miss_changes('i', sub {
        $node->append_conf('postgresql.conf', "idle_replication_slot_timeout = '1s'");
        $node->reload;
        $node->wait_for_sql(q{CHECKPOINT; SELECT invalidation_reason FROM pg_replication_slots WHERE slot_name = gpsync_internal.slot_name('legacy')}, 'idle_timeout');
        $node->append_conf('postgresql.conf', 'idle_replication_slot_timeout = 0');
        $node->reload;
    });
    my $lost = qr/^replication slot "\S+" is lost: nobody read it for longer than idle_replication_slot_timeout allows/;
    like(error_of_slot($node), qr/$lost => SELECT gpsync.recreate_stream\('legacy'\)$/, 'the doctor says so');
    like($node->sql('SELECT last_error FROM gpsync.stream_status'), $lost, 'stream_status says so');
    like(paste_fix($node), $unknown, 'the fix says what it cannot know');
    arrives($node, $nws, 'i');
};

subtest 'somebody else has consumed the slot' => sub {
    miss_changes('c', sub { $node->sql(q{SELECT count(*) FROM pg_logical_slot_get_changes(gpsync_internal.slot_name('legacy'), NULL, NULL)}) });
    like(error_of_slot($node), qr/is ahead of the books.*somebody else has read or moved it.* => SELECT gpsync.recreate_stream/, 'the doctor says so');
    like(paste_fix($node), $unknown, 'the fix says what it cannot know');
    arrives($node, $nws, 'c');
};

subtest 'a table that is published and not attached, a stream without books' => sub {
    $node->sql(q{CREATE TABLE loose (id int PRIMARY KEY); ALTER PUBLICATION gpsync ADD TABLE loose});
    $node->sql(q{SELECT gpsync.create_stream('quiet', '{nws}', bookkeeping => false)});
    my $said = sub {
        my ($stream) = @_;
        my $text = '';
        $node->psql('postgres', "SELECT gpsync.recreate_stream('$stream', force => true)", stderr => \$text, on_error_die => 1);
        return $text;
    };
    like($said->('legacy'), qr/NOTICE:  table public.loose is not attached: which of its rows were missed is not known/, 'it is named');
    like($said->('quiet'), qr/DETAIL:  It keeps no books: what it has missed since \S+ \(.*is not known and not sent again/, 'of such a stream nothing is known');
    $node->sql(q{SELECT gpsync.drop_stream('quiet'); DROP TABLE loose});
};

subtest 'a standby, and its promotion' => sub {
    miss_changes('d', sub {});
    $node->backup('base');
    my $standby = GpsyncTest->new('standby');
    $standby->init_from_backup($node, 'base', has_streaming => 1);
    $standby->start;
    $node->wait_for_catchup($standby, 'replay');
    is(error_of_slot($standby), '', 'a standby that has no slot is no error');
    like($standby->sql(q{SELECT concat_ws(' ', severity, finding, fix) FROM gpsync.doctor() WHERE check_name = 'slot'}),
        qr/^info replication slot \S+ does not exist here: this server is a standby, and its primary delivers the stream -- when this server is promoted:\n.*recreate_stream/s, '... but what it is, with the way on');
    my ($state, $error) = $standby->sql_error(q{SELECT gpsync.recreate_stream('legacy')});
    like($error, qr/recovery is in progress|read-only transaction/, 'nothing can be recreated there');
    $node->stop;
    $standby->promote;
    ok($standby->wait_for_sql('SELECT pg_is_in_recovery()', 'f'), 'it is promoted');
    like(error_of_slot($standby), qr/does not exist; this server is a promoted standby, a copy or a restored backup of "\S+" => -- check the servers' URLs first/, 'the doctor names it');
    like(paste_fix($standby), qr/Not known and not sent.*What another server \("\S+"\) has delivered and this one never had is not known either/s, 'the fix says what it cannot know');
    arrives($standby, $nws, 'd');
    $standby->stop;
    $node->start;
};

subtest 'a dump, restored in another cluster' => sub {
    miss_changes('e', sub {});
    my $other = GpsyncTest->new_node('other');
    my $test  = GpsyncTest::Emulator->new('test');
    my $file  = $node->basedir . '/dump.sql';
    $node->command_ok([ 'pg_dump', '-f', $file, $node->connstr('postgres') ], 'pg_dump');
    $other->sql('CREATE ROLE relay LOGIN REPLICATION');
    $other->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file, $other->connstr('postgres') ], 'restored');
    like(error_of_slot($other), qr/^stream "legacy" has no position: it comes from a dump => -- check the servers' URLs first.*SELECT gpsync.recreate_stream\('legacy'\)$/s, 'the doctor names it');
    $other->sql("ALTER SERVER nws OPTIONS (SET url '" . $test->url . "')");
    like(paste_fix($other), qr/keys replaced by others since the dump was made\. What another server/, 'the fix says what it cannot know');
    my $relay = $other->start_relay('legacy');
    $other->wait_for_sync;
    is(statuses($other), 'e_1 COMPLETED, e_4 COMPLETED, e_5 COMPLETED', 'what was PENDING in the dump is sent');
    is($node->sql(q{SELECT count(*) FROM provision_status WHERE sync_status = 'PENDING'}), '3', '... and the original is not touched');
};

done_testing;
