# What an import reads from: tables, views, queries, foreign tables of several wrappers, keys of all kinds; sources that
# change, go, or have rows that cannot be brought over. The outcome is the same, or the error is clear; and nothing of a
# row that was not brought over is anywhere to be read.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
my ($host, $port) = ($node->host, $node->port);
$node->safe_psql('postgres', 'CREATE DATABASE legacy');
$node->safe_psql('legacy', <<'SQL');
CREATE TABLE provision (id text PRIMARY KEY, code text, device text, n bigint);
INSERT INTO provision SELECT md5(i::text), CASE WHEN i % 100 = 7 THEN '?' WHEN i % 2 = 0 THEN 'V' ELSE 'P' END,
    'device ' || i, CASE WHEN i % 3 = 0 THEN NULL ELSE i END FROM generate_series(1, 5000) AS i;
SQL
$node->sql(<<~"SQL");
    CREATE EXTENSION postgres_fdw;
    CREATE EXTENSION file_fdw;
    CREATE SERVER old FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'legacy');
    CREATE USER MAPPING FOR CURRENT_USER SERVER old;
    CREATE FOREIGN TABLE wire (id text, code text, device text, n bigint) SERVER old OPTIONS (schema_name 'public', table_name 'provision');
    CREATE TABLE local AS TABLE wire;
    CREATE UNIQUE INDEX ON local (id);
    CREATE VIEW of_local AS SELECT * FROM local;
    CREATE VIEW nothing_pushed AS SELECT * FROM wire OFFSET 0;
    COPY local TO '$host/provision.csv' WITH (FORMAT csv);
    CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE file (id text, code text, device text, n bigint) SERVER files OPTIONS (filename '$host/provision.csv', format 'csv');
    SQL

my $tables = 0;

# A new attached table; gives its name.
sub target
{
    my ($columns, %more) = @_;
    my $name = 'target' . ++$tables;
    $node->sql("CREATE TABLE $name ($columns); SELECT gpsync.attach('$name'" . join('', map { ", $_ => $more{$_}" } sort keys %more) . ')');
    return $name;
}

my $PROVISION = 'id text PRIMARY KEY, status varchar(20) NOT NULL, device text, n bigint';
my $COLUMNS   = q{columns => '{"id": "id", "status": "code", "device": "device", "n": "n"}', status_map => '{"V": "VERIFIED", "P": "PROCESSING"}'};

sub quoted { my ($text) = @_; return "'" . $text =~ s/'/''/gr . "'" }

# Registers an import; gives the job's name.
sub job
{
    my ($table, $source, $arguments) = @_;
    return $node->sql("SET client_min_messages = error; SELECT gpsync.import('$table', " . quoted($source) . ($arguments ? ", $arguments" : '') . ", job => 'job_$table')");
}
sub run { my ($job) = @_; $node->sql("CALL gpsync.run_import('$job')"); return }

sub counts { my ($job) = @_; return $node->sql("SELECT read, written, skipped, rejected FROM gpsync.import_progress WHERE job = '$job'") }

# A digest of what a table has, apart from what gpsync writes.
sub content { my ($table, $columns) = @_; return $node->sql("SELECT md5(string_agg(r::text, ';' ORDER BY r::text)) FROM (SELECT $columns FROM $table) AS r") }

my $expected = $node->sql(q{SELECT md5(string_agg(r::text, ';' ORDER BY r::text)) FROM (SELECT id, CASE code WHEN 'V' THEN 'VERIFIED' ELSE 'PROCESSING' END, device, n
    FROM local WHERE code <> '?') AS r});

for my $source ('local', 'of_local', '(SELECT * FROM public.local)', '(SELECT id, code, device, n FROM public.wire)', 'wire', 'nothing_pushed', 'file')
{
    subtest "source $source" => sub {
        my $table = target($PROVISION);
        my $job = job($table, $source, $COLUMNS);
        $node->sql("SELECT gpsync.set_import('$job', 'max_chunk', '700')");
        run($job);
        is(counts($job), '5000|4950|0|50', 'read, written, skipped, rejected');
        is(content($table, 'id, status, device, n'), $expected, 'the rows');
        is($node->sql("SELECT string_agg(DISTINCT sync_status, ' ') FROM $table"), 'COMPLETED', 'are COMPLETED');
        is($node->sql("SELECT count(*) FROM gpsync.import_rejects WHERE job = '$job'"), 50, 'the others are rejects');
        run($job);
        is(counts($job), '5000|4950|0|50', 'nothing is left to do');
    };
}

# Keys of all kinds: nothing is left out where a chunk ends, and nothing is read twice.
my %keys = (
    'bigint'      => [ 'k bigint',      'i * 1000000007::bigint % 1000003' ],
    'uuid'        => [ 'k uuid',        'md5(i::text)::uuid' ],
    'timestamptz' => [ 'k timestamptz', q{timestamptz '2024-03-31 00:00+00' + i * interval '7 seconds' + interval '1 microsecond'} ],
    'timestamp'   => [ 'k timestamp',   q{timestamp '2024-10-27' + i * interval '7 seconds'} ],
    'numeric'     => [ 'k numeric',     'i / 7.0' ],
    'date'        => [ 'k date',        q{date '1990-01-01' + i::int} ],
    'text'        => [ 'k text',        q{CASE i % 4 WHEN 0 THEN 'a' WHEN 1 THEN 'B' WHEN 2 THEN 'ä' ELSE '_' END || i} ],
    'text by ICU' => [ 'k text COLLATE "und-x-icu"', q{CASE i % 4 WHEN 0 THEN 'a' WHEN 1 THEN 'B' WHEN 2 THEN 'ä' ELSE '_' END || i} ],
    'composite'   => [ 'a text COLLATE "und-x-icu", b int, c date', q{'Key' || i % 3, (i / 3)::int % 17, date '2024-01-01' + i::int} ],
);
for my $kind (sort keys %keys)
{
    my ($columns, $values) = @{ $keys{$kind} };
    my $names = join ', ', map { /^\s*(\w+)/ } split /,/, $columns;
    for my $wrapped (0, 1)
    {
        subtest "key $kind" . ($wrapped ? ' through postgres_fdw' : '') => sub {
            (my $plain = $columns) =~ s/ COLLATE "und-x-icu"//g;
            my $table = target("$plain, v bigint, PRIMARY KEY ($names)", machine => 'NULL');
            my $create = "CREATE TABLE source_$table ($columns, v bigint, PRIMARY KEY ($names));"
                . "INSERT INTO source_$table SELECT $values, i FROM generate_series(1, 2000) AS i";
            $node->safe_psql($wrapped ? 'legacy' : 'postgres', $create);
            $node->sql("CREATE FOREIGN TABLE source_$table ($plain, v bigint) SERVER old OPTIONS (schema_name 'public')") if $wrapped;
            my $job = job($table, "source_$table");
            $node->sql("SELECT gpsync.set_import('$job', 'max_chunk', '37')");
            run($job);
            is(counts($job), '2000|2000|0|0', 'each row once');
            is(content($table, "$names, v"), content("source_$table", "$names, v"), 'as they are in the source');
        };
    }
}

subtest 'NULL and repeated keys' => sub {
    $node->sql(<<~'SQL');
        CREATE TABLE odd (id text, code text, device text, n bigint);
        INSERT INTO odd SELECT i::text, 'V', 'd', i FROM generate_series(1, 100) AS i;
        INSERT INTO odd VALUES (NULL, 'V', 'no key', 1), (NULL, 'V', 'no key', 2), ('50', 'P', 'again', 3), ('50', 'P', 'again', 4);
        SQL
    my $table = target($PROVISION);
    my ($state, $error) = $node->sql_error("SELECT gpsync.import('$table', 'odd', $COLUMNS, job => 'job_$table')");
    if (defined $state)
    {
        like($state, qr/^(?:23505|22004|42P10|22023|23502)$/, 'a source whose key is none is refused');
        like($error, qr/HINT|DETAIL/, 'with a way out');
    }
    else
    {
        $node->sql("SELECT gpsync.set_import('job_$table', 'max_chunk', '20')");
        run("job_$table");
        my ($read, $written, $skipped, $rejected) = split /\|/, counts("job_$table");
        is($written + $skipped + $rejected, $read, 'each row that was read is accounted for');
        is($read, 104, 'and all are read');
        is($node->sql("SELECT count(*) FROM $table"), 100, 'each key is there once');
    }
};

subtest 'the source changes its type, and goes' => sub {
    $node->sql('CREATE TABLE moving (id bigint PRIMARY KEY, v bigint); INSERT INTO moving SELECT i, i FROM generate_series(1, 3000) AS i');
    my $table = target('id bigint PRIMARY KEY, v bigint', machine => 'NULL');
    my $job = job($table, 'moving');
    $node->sql("SELECT gpsync.set_import('$job', 'max_chunk', '100'); SELECT gpsync.set_import('$job', 'rows_per_second', '2000')");
    $node->sql("CALL gpsync.run_import('$job', for_at_most => '300 ms')");
    my $some = $node->sql("SELECT count(*) FROM $table");
    cmp_ok($some, '>', 0, 'some rows are there');
    cmp_ok($some, '<', 3000, 'not all');
    $node->sql("SELECT gpsync.set_import('$job', 'rows_per_second', NULL)");

    $node->sql("ALTER TABLE moving ALTER v TYPE text USING 'v' || v");
    my ($state, $error) = $node->sql_error("CALL gpsync.run_import('$job')");
    my $rejected = (split /\|/, counts($job))[3];
    ok(defined $state || $rejected > 0, 'a column of another type: an error or rejects') and note($state // "$rejected rejects");
    $node->sql("ALTER TABLE moving ALTER v TYPE bigint USING substr(v, 2)::bigint");
    $node->sql("SELECT gpsync.resume_import('$job')") if defined $state;
    $node->sql("SELECT gpsync.retry_rejects('$job')") if !defined $state;
    $node->sql('ALTER TABLE moving RENAME TO moved_away');
    ($state, $error) = $node->sql_error("CALL gpsync.run_import('$job')");
    is($state, '55000', 'a source that is gone is an error');
    like($error, qr/source of import "$job" cannot be read.*42P01: .*does not exist.*HINT/s, 'which says so');
    $node->sql('ALTER TABLE moved_away RENAME TO moving');
    $node->sql_error("SELECT gpsync.resume_import('$job')");
    run($job);
    is($node->sql("SELECT count(*) FROM $table"), 3000, 'the import goes on where it stood');
    is(content($table, 'id, v'), content('moving', 'id, v'), 'with every row once');
};

subtest 'values of the source are no part of a statement' => sub {
    $node->sql(<<~'SQL');
        CREATE FUNCTION planted(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE 'planted'; END $$;
        CREATE TABLE filled (a text, b text, PRIMARY KEY (a, b));
        INSERT INTO filled VALUES (' AND public.planted(1::text) AND (1::text)=', 'OPERATOR(pg_catalog.>) $1 '), ('a''b\', '$2 OPERATOR(pg_catalog.>) $1');
        SQL
    my $table = target('a text, b text, PRIMARY KEY (a, b)', machine => 'NULL');
    my $job   = job($table, 'filled');
    like($node->sql("SELECT gpsync.explain_import('$job')"), qr/AND public\.planted\(1::text\) AND \(1::text\)='::text.*'OPERATOR\(pg_catalog\.>\) \$1 '::text/, 'the plan compares with them');
    run($job);
    is(content($table, 'a, b'), content('filled', 'a, b'), 'and they are brought over');
};

subtest 'nothing of a rejected row is to be read anywhere' => sub {
    my @secrets = ('4111111111111111', 'jane.doe@example.com', '5500005555555559', 'DE89370400440532013000');
    $node->sql(<<~"SQL");
        CREATE TABLE private (id text PRIMARY KEY, code text, device text, n bigint, detail jsonb);
        INSERT INTO private SELECT 'p' || i, 'V', 'd', i, '{}' FROM generate_series(1, 200) AS i;
        UPDATE private SET code = '$secrets[0]' WHERE id = 'p10';
        UPDATE private SET device = 'mail $secrets[1] now, it is too long' WHERE id = 'p20';
        UPDATE private SET device = '$secrets[2]' WHERE id = 'p30';
        UPDATE private SET id = '$secrets[3]', code = '?' WHERE id = 'p40';
        UPDATE private SET detail = '{"mail": "$secrets[1]", "pan": "$secrets[0]"}' WHERE id = 'p50';
        SQL
    my $table = target(q{id text PRIMARY KEY, status varchar(20) NOT NULL, device varchar(20) CHECK (device <> '5500005555555559'), n bigint, detail jsonb});
    $node->sql("SELECT gpsync.scrub_on_write('$table', 'detail')");
    (my $with_detail = $COLUMNS) =~ s/"n": "n"/"n": "n", "detail": "detail"/;
    my $job = job($table, 'private', $with_detail);
    my $offset = -s $node->logfile;
    run($job);
    is(counts($job), '200|196|0|4', 'four rows are rejected');
    is($node->sql("SELECT count(DISTINCT sqlstate) FROM gpsync.import_rejects WHERE job = '$job'") >= 2 ? 1 : 0, 1, 'for different reasons');
    is($node->sql("SELECT detail::text ~ '4111111111111111|jane' FROM $table WHERE id = 'p50'"), 'f', 'a document is scrubbed on the way');
    my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile, $offset);
    my $tables = join ' UNION ALL ', map { "SELECT t::text FROM $_ AS t" } split /\n/, $node->sql(<<~'SQL');
        SELECT c.oid::regclass FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'gpsync' AND c.relkind IN ('r', 'v') AND c.relname LIKE 'import%'
        SQL
    my $kept = $node->sql($tables) . $node->sql('SELECT query FROM pg_stat_activity');
    for my $secret (@secrets)
    {
        unlike($log, qr/\Q$secret\E/, "the server log has no $secret");
        unlike($kept, qr/\Q$secret\E/, 'nor have tables, views or pg_stat_activity');
    }
    is($node->sql("SELECT count(*) FROM gpsync.import_rejects AS r, gpsync.find_pii(to_jsonb(r)) WHERE job = '$job'"), 0, 'find_pii finds nothing in the rejects');

    $node->sql("UPDATE private SET code = 'V' WHERE id = 'p10'");
    $node->sql("SELECT gpsync.retry_rejects('$job')");
    run($job);
    is($node->sql("SELECT status FROM $table WHERE id = 'p10'"), 'VERIFIED', 'what was mended is brought over');
    is($node->sql("SELECT count(*) FROM gpsync.import_rejects WHERE job = '$job'"), 3, 'the others are rejects still');
};

done_testing();
