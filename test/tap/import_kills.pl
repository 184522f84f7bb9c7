# An import under write load, with kills in between: of the session that runs it, of its server process, of a worker, of
# the whole server. Every row of the source is written, skipped or rejected once; nothing that the modern side wrote is
# lost; no endpoint hears of the import; every other change arrives, in order; no imported row is ever PENDING.
# GPSYNC_IMPORT_ROWS (default 100000) and GPSYNC_KILLS (default 12) make it larger.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;
use Time::HiRes qw(usleep);

my $rows  = $ENV{GPSYNC_IMPORT_ROWS}  // 100_000;
my $kills = $ENV{GPSYNC_KILLS} // 12;
my $seed  = $ENV{GPSYNC_IMPORT_SEED}  // time;
srand $seed;
note("$rows rows, $kills kills, seed $seed");

my $node = GpsyncTest->new_node('main');
$node->configure(
    shared_preload_libraries => 'gpsync',
    'gpsync.databases'       => 'postgres',
    'gpsync.relay_conninfo'  => 'host=' . $node->host . ' port=' . $node->port . ' user=relay',
    max_wal_size             => '2GB');
$node->restart;
my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_) for @endpoints;

$node->sql('CREATE TABLE moved (id text PRIMARY KEY, status varchar(20) NOT NULL, origin text, n bigint)');
$node->sql("SELECT gpsync.attach('moved')");
$node->create_stream('legacy', qw(nws ods));

# The legacy side. One row in 2,000 has a code that no state is for; the keys of one in 1,000 are taken already.
$node->safe_psql('postgres', 'CREATE DATABASE legacy');
$node->safe_psql('legacy', <<~"SQL");
    CREATE TABLE provision (id text PRIMARY KEY, code text, origin text);
    INSERT INTO provision SELECT 'k' || lpad(i::text, 9, '0'), CASE WHEN i % 2000 = 7 THEN '?' WHEN i % 2 = 0 THEN 'V' ELSE 'P' END, 'imported'
        FROM generate_series(1, $rows) AS i;
    ANALYZE;
    SQL
my $host = $node->host;
my $port = $node->port;
$node->sql(<<~"SQL");
    CREATE EXTENSION postgres_fdw;
    CREATE SERVER old FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'legacy', fetch_size '5000');
    CREATE USER MAPPING FOR CURRENT_USER SERVER old;
    CREATE FOREIGN TABLE legacy_provision (id text, code text, origin text) SERVER old OPTIONS (schema_name 'public', table_name 'provision');
    INSERT INTO moved (id, status, origin, n) SELECT 'k' || lpad(i::text, 9, '0'), 'RECEIVED', 'modern', 0 FROM generate_series(13, $rows, 1000) AS i;
    -- What the application has written last, in the transaction that wrote it.
    CREATE TABLE written (id text PRIMARY KEY, n bigint);
    INSERT INTO written SELECT id, n FROM moved;
    -- Sees every row as it was written, also what the stream leaves out.
    SELECT FROM pg_create_logical_replication_slot('audit', 'test_decoding');
    SQL

# The application: moves rows of its own, rows that were imported and rows that may be, in transactions of all sizes.
my $script = $node->basedir . '/application.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<~"SQL");
    \\set k random(1, $rows)
    \\set many random(1, 5)
    \\set n random(1, 1000000000)
    BEGIN;
    INSERT INTO moved AS m (id, status, origin, n) SELECT 'k' || lpad(i::text, 9, '0'), 'RECEIVED', 'modern', :n FROM generate_series(:k, :k + :many) i
        ON CONFLICT (id) DO UPDATE SET status = coalesce((gpsync.next_states('provision', m.status))[1], m.status), origin = 'modern', n = :n;
    INSERT INTO written SELECT 'k' || lpad(i::text, 9, '0'), :n FROM generate_series(:k, :k + :many) i
        ON CONFLICT (id) DO UPDATE SET n = :n;
    \\if :n % 5 = 0
    ROLLBACK;
    \\else
    COMMIT;
    \\endif
    SQL
my $application;

sub start_writing
{
    $application = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-T', 900, '-R', 150, '--max-tries=50', '-f', $script, $node->connstr('postgres') ]);
    return;
}

$node->sql(q{SELECT gpsync.import('moved', 'legacy_provision', columns => '{"id": "id", "status": "code", "origin": "origin"}',
    status_map => '{"V": "VERIFIED", "P": "PROCESSING"}', job => 'all')});
$node->sql("SELECT gpsync.set_import('all', 'max_chunk', '" . int($rows / 100 > 5000 ? 5000 : $rows / 100) . "')");
# Not done before the last kill.
$node->sql("SELECT gpsync.set_import('all', 'rows_per_second', '" . int($rows / $kills) . "')");

sub progress
{
    my ($columns) = @_;
    return $node->sql("SELECT $columns FROM gpsync.import_progress WHERE job = 'all'");
}
sub done { return eval { progress("phase IN ('done', 'finished', 'completed')") eq 't' } }

# PIDs of server processes that run the import.
sub importers
{
    my ($kind) = @_;
    my $which = $kind eq 'worker' ? "backend_type = 'gpsync import'" : "query LIKE 'CALL gpsync.run_import%' AND pid <> pg_backend_pid()";
    return split /\n/, eval { $node->sql("SELECT pid FROM pg_stat_activity WHERE $which") } // '';
}

my @sessions;

sub start_session
{
    push @sessions, GpsyncTest::Process->spawn('psql', [ 'psql', '-XAtqc', "CALL gpsync.run_import('all')", $node->connstr('postgres') ]);
    return;
}

# Two that import at a time, of either kind.
sub keep_running
{
    return if done();
    @sessions = grep { $_->is_running } @sessions;
    if ($_[0] eq 'worker') { $node->sql("SELECT gpsync.start_import('all', 1)") if !importers('worker') }
    start_session() while @sessions < 1;
    return;
}

# After a kill of a server process the server restarts itself.
sub wait_server
{
    ok($node->wait_for_sql('SELECT true'), 'the server is back');
    return;
}

my %kill = (
    session => sub { $_->kill9 for grep { $_->is_running } @sessions },
    backend => sub { my ($pid) = importers('session'); $node->crash_backend($pid) },
    worker  => sub { my ($pid) = importers('worker'); $node->crash_backend($pid) },
    cancel  => sub { $node->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CALL gpsync.run_import%' AND pid <> pg_backend_pid()") },
    server  => sub { $node->stop('immediate'); $node->start; 1 },
);
my @kinds = qw(session backend worker cancel server);
my %killed;

start_writing();
for my $i (1 .. $kills)
{
    last if done();
    my $kind = $kinds[ $i % @kinds ];
    keep_running($kind);
    ok(GpsyncTest::wait_until(sub { importers('worker') }, 'a worker runs'), 'a worker runs') if $kind eq 'worker';
    usleep(rand 600_000);
    $killed{$kind}++ if $kill{$kind}->();
    wait_server() if $kind =~ /backend|worker|server/;
    start_writing() if !$application->is_running;
}
my $killed = 0;
$killed += $_ for values %killed;
cmp_ok($killed, '>=', $kills / 2, 'killed: ' . join ', ', map { "$_ $killed{$_}" } sort keys %killed);
$node->sql("SELECT gpsync.set_import('all', 'rows_per_second', NULL)");
ok(GpsyncTest::wait_until(sub { keep_running('session'); usleep(200_000); done() }, 'the import is done', 600), 'the import is done');
$_->wait_exit for @sessions;
ok($application->is_running, 'the application met no error');
$application->stop;
$node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'}, 0);

my ($read, $written, $skipped, $rejected) = split /\|/, progress('read, written, skipped, rejected');
cmp_ok($skipped, '>', 0, "read $read, written $written, skipped $skipped, rejected $rejected");
is($read, $rows, 'every row of the source was read once');
is($written + $skipped + $rejected, $read, 'and written, skipped or rejected');
is($rejected, $node->sql("SELECT count(*) FROM legacy_provision WHERE code = '?'"), 'those with an unknown code are rejected');
is($node->sql("SELECT count(*) FROM gpsync.import_rejects WHERE job = 'all'"), $rejected, 'and listed');
is($node->sql(q{SELECT count(*) FROM legacy_provision AS l WHERE code <> '?' AND NOT EXISTS (SELECT FROM moved AS m WHERE m.id = l.id)}), 0, 'no row is missing');
is($node->sql('SELECT count(*) - count(DISTINCT id) FROM moved'), 0, 'no key is there twice');
is($node->sql("SELECT count(*) FROM written AS w LEFT JOIN moved AS m USING (id) WHERE m.n IS DISTINCT FROM w.n OR m.origin <> 'modern'"), 0, 'no write of the modern side is lost');
is($node->sql("SELECT count(*) FROM moved AS m JOIN legacy_provision AS l USING (id) WHERE m.origin = 'imported' AND m.status <> CASE l.code WHEN 'V' THEN 'VERIFIED' ELSE 'PROCESSING' END"), 0, 'what nobody has written since is as in legacy');

ok($node->wait_for_sql('SELECT gpsync.wait_for_sync()'), 'everything committed is booked');
$node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 0);
is($node->sql("SELECT count(*) FROM moved WHERE sync_status IS DISTINCT FROM 'COMPLETED'"), 0, 'every row is COMPLETED');
is($node->sql("SELECT count(*) FROM moved WHERE origin = 'imported' AND sync_revision % 8 <> 1"), 0, 'imported rows have the revision of a chunk');
is($node->sql("SELECT count(*) FROM moved WHERE origin = 'modern' AND sync_revision % 8 = 1"), 0, 'and no others');

# Each imported row as it was written, in the WAL since the import was made.
my $seen = $node->sql(<<~'SQL');
    SELECT count(*) FILTER (WHERE data LIKE '%imported%'), count(*) FILTER (WHERE data LIKE '%imported%' AND data LIKE '%PENDING%')
    FROM pg_logical_slot_get_changes('audit', NULL, NULL) WHERE data LIKE 'table public.moved: INSERT%'
    SQL
is($seen, "$written|0", 'no imported row ever was PENDING');

for my $endpoint (@endpoints)
{
    my $name = $endpoint->name;
    is($endpoint->stats->{refused}, 0, "$name got nothing out of order");
    is(scalar(() = $endpoint->events('"origin":"imported"')), 0, "$name has heard nothing of the import");
    my $file = PostgreSQL::Test::Utils::tempdir() . "/ledger_$name";
    $endpoint->save_ledger($file);
    my $wrong = $node->sql(<<~"SQL");
        CREATE TEMP TABLE ledger_line (line jsonb);
        \\copy ledger_line FROM '$file' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')
        SELECT count(*) FROM (SELECT id, n, status, sync_revision FROM moved WHERE origin = 'modern') AS m
        FULL JOIN (SELECT line #>> '{data,key,id}' AS id, line #> '{data,row}' AS content, (line #>> '{data,revision}')::bigint AS revision
                   FROM ledger_line WHERE line #>> '{data,table}' = 'moved') AS l USING (id)
        WHERE (l.content ->> 'n')::bigint IS DISTINCT FROM m.n OR l.content ->> 'status' IS DISTINCT FROM m.status
            OR l.revision IS DISTINCT FROM m.sync_revision;
        SQL
    is($wrong, 0, "$name has every row as the modern side wrote it, and no others");
}
is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), 0, 'there are no dead letters');
done_testing();
