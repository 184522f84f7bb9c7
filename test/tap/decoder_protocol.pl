# The decoder over the replication protocol: messages and their LSNs, restarts, origins, time-outs, running decoders.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use JSON::PP ();
use Test::More;

my $node = GpsyncTest->new_node('main', wal_sender_timeout => '3s', logical_decoding_work_mem => '64kB');
$node->sql('CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE quiet (id int PRIMARY KEY, v text); CREATE PUBLICATION gpsync FOR TABLE t');
my $slot = GpsyncTest::Slot->new($node, 'stream');
my $json = JSON::PP->new->utf8;

# --- messages
sub event_ids { return map { $json->decode($_)->{id} } map { @{ $_->{lines} } } @_; }
$node->sql(<<~'SQL');
    BEGIN; INSERT INTO t SELECT i, repeat('v', 10 * i) FROM generate_series(1, 30) i; INSERT INTO quiet VALUES (1); COMMIT;
    INSERT INTO t VALUES (31, 'alone');
    INSERT INTO quiet VALUES (2);
    BEGIN; UPDATE t SET v = 'x' WHERE id = 1; INSERT INTO t VALUES (32, repeat('large', 1000)); UPDATE t SET v = 'y' WHERE id = 1; COMMIT;
    SQL
my @ids = map { $_->{id} } $slot->peek;
is(@ids, 34, 'events');
is_deeply([ sort @ids ], \@ids, 'sort as they come');
for my $pack (0, 1, 700, 2000, 1_000_000)
{
    my $copy = $slot->copy('copy');
    my @messages = $copy->messages(pack_bytes => $pack);
    $copy->drop;
    is_deeply([ event_ids(@messages) ], \@ids, "pack_bytes $pack: the same events");
    my %last;
    my ($too_large, $too_small, $mixed, $early, $late) = (0) x 5;
    for my $i (0 .. $#messages)
    {
        my @lines = @{ $messages[$i]{lines} };
        my @commits = map { GpsyncTest::Slot::commit_lsn($json->decode($_)) } @lines;
        my $last = $i == $#messages || GpsyncTest::Slot::commit_lsn($json->decode($messages[ $i + 1 ]{lines}[0])) != $commits[0];
        $mixed++ if grep { $_ != $commits[0] } @commits;
        $too_large++ if @lines > 1 && length(join "\n", @lines) > $pack;
        $too_small++ if !$last && length(join "\n", @lines, $messages[ $i + 1 ]{lines}[0]) <= $pack;
        $early++ if $last && $messages[$i]{lsn} <= $commits[0];
        $late++ if !$last && $messages[$i]{lsn} > $commits[0];
    }
    is("$mixed $too_large $too_small", '0 0 0', "pack_bytes $pack: messages are of one transaction and as full as they may be");
    is("$early $late", '0 0', "pack_bytes $pack: the last message of a transaction, and only that, lies beyond its commit");
    is(scalar @messages, 34, 'an event a message') if $pack <= 1;
    is(scalar @messages, 3, 'a message a transaction') if $pack == 1_000_000;
}

# --- pg_recvlogical
my $received = $node->basedir . '/received';
sub receive
{
    my (@options) = @_;
    unlink $received;
    my $end = $node->sql('SELECT pg_current_wal_insert_lsn()');
    my ($out, $err) = ('', '');
    IPC::Run::run([ 'pg_recvlogical', '-d', $node->connstr('postgres'), '--slot', 'stream', '--start', '--no-loop', '--endpos', $end,
            '-f', $received, map { ('-o', $_) } @options ], '>', \$out, '2>', \$err);
    return -e $received ? map { $json->decode($_) } split /\n/, PostgreSQL::Test::Utils::slurp_file($received) : ();
}
$node->restart;
is_deeply([ map { $_->{id} } receive('pack_bytes=1000') ], \@ids, 'pg_recvlogical: the same ids after a restart');
is($node->sql('SELECT count(*) FROM ' . $slot->call('pg_logical_slot_peek_changes')), 0, 'all of it is confirmed');

my ($rc, $out, $err) = $node->psql('postgres', 'START_REPLICATION SLOT stream LOGICAL 0/0 (pack_byte \'1\')', replication => 'database');
like($err, qr/unrecognized option "pack_byte".*"pack_bytes"/s, 'a bad option over the protocol');
($rc, $out, $err) = $node->psql('postgres', 'START_REPLICATION SLOT stream LOGICAL 0/0 (pack_bytes)', replication => 'database');
like($err, qr/option "pack_bytes" needs a value/, 'one without a value');
for my $how ('USE_SNAPSHOT', 'EXPORT_SNAPSHOT', 'NOEXPORT_SNAPSHOT')
{
    my @create = ("CREATE_REPLICATION_SLOT made LOGICAL gpsync_decoder $how");
    @create = ('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', @create, 'COMMIT') if $how eq 'USE_SNAPSHOT';
    my @sql = map { ('-c', $_) } @create, 'DROP_REPLICATION_SLOT made';
    ok(IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres') . ' replication=database', @sql ], '>', \$out, '2>', \$err),
        "CREATE_REPLICATION_SLOT … $how") or diag($err);
}

# --- origins
my $oid = $node->sql("SELECT oid FROM pg_database WHERE datname = 'postgres'");
my $id = 1000;

# Inserts a row under an origin ('' none); the id says which. gpsync.stream has to exist for relays to have origins.
sub insert_under
{
    my ($origin) = @_;
    ++$id;
    $node->sql(($origin eq '' ? '' : "SELECT FROM pg_replication_origin_session_setup('$origin');") . "INSERT INTO t VALUES ($id, '$origin')");
    return;
}
$node->sql("CREATE EXTENSION gpsync");
$node->sql("SELECT pg_replication_origin_create('$_')") for ("gpsync_${oid}_one", "gpsync_1${oid}_one", 'sub_12345', "gpsync_${oid}");
insert_under($_) for ("gpsync_${oid}_one", "gpsync_1${oid}_one", 'sub_12345', "gpsync_${oid}", '');
is(join(',', map { $_->{data}{row}{v} } $slot->peek), "gpsync_1${oid}_one,sub_12345,gpsync_${oid},", 'SQL: only origins of this database\'s relays are filtered');
is(join(',', map { $_->{data}{row}{v} } receive()), "gpsync_1${oid}_one,sub_12345,gpsync_${oid},", 'protocol: the same');

# A decoder that runs while a stream, and with it an origin, is made. gpsync.stream's row stands for create_stream().
my $follow = $node->basedir . '/follow';
sub follow
{
    my ($what) = @_;
    return GpsyncTest::Process->spawn($what, [ 'pg_recvlogical', '-d', $node->connstr('postgres'), '--slot', 'stream', '--start', '--no-loop', '-f', $follow, '--fsync-interval', '1' ]);
}
# The events whose lines are complete.
sub followed
{
    my @lines = -e $follow ? PostgreSQL::Test::Utils::slurp_file($follow) =~ /^(.*)\n/mg : ();
    my @events = map { $json->decode($_) } @lines;
    return @events;
}
sub followed_until { my ($condition, $what) = @_; return ok(GpsyncTest::wait_until($condition, $what), $what); }
my $process = follow('origins');
insert_under('');
followed_until(sub { followed() == 1 }, 'a decoder is running');
$node->sql("BEGIN; SELECT pg_replication_origin_create('gpsync_${oid}_two'); INSERT INTO gpsync.stream (stream, publication, endpoints) VALUES ('two', 'gpsync', '{x}'); COMMIT");
insert_under($_) for ("gpsync_${oid}_two", 'sub_12345');
followed_until(sub { followed() == 2 }, 'what another origin wrote arrives');
is((followed())[1]{data}{row}{v}, 'sub_12345', 'and not what the new stream\'s relay wrote');

# --- a running decoder learns what changes
$node->sql('INSERT INTO quiet VALUES (10); ALTER PUBLICATION gpsync ADD TABLE quiet; INSERT INTO quiet VALUES (11)');
followed_until(sub { followed() == 3 }, 'a table added to the publication is streamed');
is((followed())[2]{subject}, 'public.quiet/11', 'from then on');
$node->sql("ALTER PUBLICATION gpsync DROP TABLE t; INSERT INTO t VALUES (5000); ALTER PUBLICATION gpsync SET (publish = 'insert'); UPDATE quiet SET v = 'q'; INSERT INTO quiet VALUES (12)");
followed_until(sub { followed() == 4 }, 'a table taken out is not, nor an action');
is((followed())[3]{subject}, 'public.quiet/12', 'the rest is');
$node->sql("DELETE FROM gpsync.stream; DROP PUBLICATION gpsync; INSERT INTO quiet VALUES (13); CREATE PUBLICATION gpsync FOR TABLE quiet; INSERT INTO quiet VALUES (14)");
followed_until(sub { followed() == 5 }, 'a publication dropped and created again');
is((followed())[4]{subject}, 'public.quiet/14', 'is followed');
like($process->log, qr/publication "gpsync" does not exist/, 'with a warning between');
$process->kill9;
ok($node->wait_for_sql("SELECT NOT active FROM pg_replication_slots WHERE slot_name = 'stream'"), 'the slot is free');
$slot->lines;

# --- a long stretch of changes that are not streamed: spilled to disk, longer than wal_sender_timeout would bear
$node->sql("ALTER PUBLICATION gpsync SET TABLE t");
$node->sql("INSERT INTO quiet SELECT i, repeat('x', 100) FROM generate_series(100, 200000) i");
$node->sql("BEGIN; INSERT INTO quiet SELECT i, repeat('x', 100) FROM generate_series(200001, 210000) i; INSERT INTO t VALUES (9999, 'found'); COMMIT");
my ($last) = receive();
is($last->{subject}, 'public.t/9999', 'a change behind many that are not streamed');
is(GpsyncTest::Slot::ordinal($last), 10001, 'its ordinal counts them');
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile), qr/terminating walsender process due to replication timeout/, 'no time-out');

# --- backends that outlive their decoder go on taking invalidations
is($node->sql('SELECT count(*) FROM ' . $slot->call('pg_logical_slot_peek_changes') . "; ALTER PUBLICATION gpsync ADD TABLE quiet; ALTER TABLE t ADD w int; CREATE TABLE z (id int); DROP TABLE z; SELECT 'alive'"),
    "0\nalive", 'after the end of a decoder');
($rc, $out, $err) = $node->psql('postgres', 'SELECT count(*) FROM ' . $slot->call('pg_logical_slot_peek_changes', pack_bytes => 'bad') . ";\nALTER PUBLICATION gpsync DROP TABLE quiet; ALTER TABLE t DROP w; SELECT 'alive'", on_error_stop => 0);
is($out, 'alive', 'after one that failed');

done_testing;
