# format 'wal2json': what it shares with wal2json, whatever the session's settings, and where it differs: redaction, names,
# messages, options. decoder_wal2json_random.pl compares both with random options.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
my $wal2json = eval { GpsyncTest::Slot->new($node, 'model', plugin => 'wal2json') };
plan skip_all => 'wal2json is not installed' if !$wal2json;

my $ours = GpsyncTest::Slot->new($node, 'ours');
$node->sql(<<~'SQL');
    CREATE PUBLICATION gpsync FOR ALL TABLES;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN positive AS int;
    CREATE TYPE pair AS (x int, y text);
    CREATE SCHEMA other; CREATE TYPE other.mood AS ENUM ('fine');
    CREATE TABLE w (junk int, id int PRIMARY KEY, a varchar(20), b numeric(10, 2), c float8, d bool, e bytea, f jsonb, g json, h int[], i mood,
        j timestamptz, k positive, l text, m pair, n char(5), o "char", p name, q oid, r int2, s int8, t real, u uuid, v date, x time,
        "Y ""y""" text, z bit(3), aa money, ab text[], ac interval(3), ad other.mood, ae timestamp(0), sync_revision bigint DEFAULT 7);
    ALTER TABLE w DROP COLUMN junk;
    INSERT INTO w VALUES (1, E'a"b\\c\n', 1.50, 1.5e-7, true, '\x00ff', '{"a": 1}', '{"b" : 2}', '{1,2}', 'ok', '2026-01-01Z', 5, 'abc', '(1,"x y")', 'ab', 'c', 'nm',
        7, 1, 2, 1.1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2026-02-02', '10:00', 'q', '101', '12.5', '{"a b","c,d"}', '1 day', 'fine', 'now');
    INSERT INTO w (id, b, c, t, d) VALUES (2, 'NaN', 'Infinity', '-Infinity', false);
    UPDATE w SET a = 'z' WHERE id = 1;
    UPDATE w SET id = 3 WHERE id = 1;
    DELETE FROM w WHERE id = 3;
    ALTER TABLE w REPLICA IDENTITY FULL;
    UPDATE w SET a = 'zz' WHERE id = 2;
    DELETE FROM w WHERE id = 2;
    CREATE TABLE alt (id int PRIMARY KEY, other text UNIQUE NOT NULL, v int);
    ALTER TABLE alt REPLICA IDENTITY USING INDEX alt_other_key;
    INSERT INTO alt VALUES (1, 'one', 1); UPDATE alt SET v = 2; UPDATE alt SET other = 'uno'; DELETE FROM alt;
    CREATE TABLE toasted (id int PRIMARY KEY, v int, big text); ALTER TABLE toasted ALTER big SET STORAGE EXTERNAL;
    INSERT INTO toasted VALUES (1, 1, repeat('x', 3000) || 'end');
    UPDATE toasted SET v = 2;
    BEGIN; INSERT INTO toasted VALUES (2, 1, repeat('y', 3000)); SAVEPOINT a; DELETE FROM toasted; ROLLBACK TO a; UPDATE toasted SET big = 'q' || big WHERE id = 2; COMMIT;
    BEGIN; TRUNCATE toasted, alt; INSERT INTO toasted SELECT i FROM generate_series(1, 3) i; COMMIT;
    CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
    INSERT INTO part VALUES (1);
    SQL

sub without_empty
{
    my @lines;
    for my $line (@_)
    {
        if ($line eq '{"action":"C"}' && @lines && $lines[-1] eq '{"action":"B"}') { pop @lines }
        else                                                                       { push @lines, $line }
    }
    return @lines;
}
$ENV{PGOPTIONS} = '-c timezone=UTC -c lc_monetary=C';
my @expected = $wal2json->lines('format-version' => 2);
$ENV{PGOPTIONS} = '-c timezone=Asia/Tokyo -c search_path=other';
my %v2   = (format => 'wal2json', 'format-version' => 2);
my @copy = map { $ours->copy("copy$_") } 1 .. 3;
is_deeply([ $ours->lines(%v2) ], \@expected, 'the same lines, whatever the time zone');
is_deeply([ map { @{ $_->{lines} } } $copy[0]->messages(%v2, pack_bytes => 500) ], \@expected, 'the same lines, packed');
my @shown = without_empty(@expected);
is_deeply([ $copy[1]->lines(%v2, publication_names => 'gpsync') ], \@shown, 'with a publication, transactions without a change of it are left out');
like(($copy[2]->lines(format => 'wal2json'))[-1], qr/^\{"change":\[.*\]\}$/, 'the default is version 1, as it is for wal2json');
cmp_ok(scalar @shown, '>', 40, 'and there were some');

delete $ENV{PGOPTIONS};

# --- gpsync's own tables, and everything else, without a publication
$node->sql('DROP PUBLICATION gpsync; CREATE EXTENSION gpsync; CREATE ROLE someone');
$ours->lines(%v2);
sub v1 { my (%options) = @_; return join "\n", $ours->lines(format => 'wal2json', %options) }
sub v2 { my (%options) = @_; return join "\n", grep { !/"action":"[BC]"/ } $ours->lines(%v2, %options) }
$node->sql("SELECT gpsync.define_machine('own', '{\"a\": [\"b\"], \"b\": []}', '{a}'); INSERT INTO part VALUES (7)");
is(v2(), '{"action":"I","schema":"public","table":"part1","columns":[{"name":"id","type":"integer","value":7}]}', 'gpsync\'s own tables are not shown');

# --- options
sub refused
{
    my ($options, $error, $what) = @_;
    my ($state, $text) = $ours->error(format => 'wal2json', %$options);
    is($state, '22023', "$what: SQLSTATE");
    like($text, $error, $what);
    return;
}
refused({ 'include-xid' => 1 }, qr/unrecognized option "include-xid".*Perhaps you meant "include-xids"/s, 'a misspelt option');
refused({ 'include-xids' => 'maybe' }, qr/option "include-xids": "maybe".*true or false/s, 'no boolean');
refused({ 'format-version' => $_ }, qr/option "format-version": "$_".*are 1 and 2/s, "format-version $_") for 0, 3, 'x';
refused({ actions => 'insert,upsert' }, qr/option "actions": "upsert".*Valid actions are: insert, update, delete, truncate/s, 'an unknown action');
refused({ actions => 'insert,' }, qr/option "actions": "insert,".*commas/s, 'an empty item');
refused({ 'filter-tables' => $_ }, qr/option "filter-tables": "\Q$_\E".*public\.orders/s, "filter-tables '$_'") for 'w', 'public.w public.a', ',public.w';
refused({ 'include-unchanged-toast' => 1 }, qr/"include-unchanged-toast" is no longer supported.*Leave/s, 'an option that wal2json refuses');
refused({ topics => 'audit' }, qr/"topics" needs format "cloudevents"/, 'topics');
is(($ours->error('include-xids' => 1))[0], '22023', 'an option of wal2json with the other format');
is(($ours->error(format => 'wal2json', 'filter-origins' => 'nobody'))[0], '42704', 'an origin that does not exist');
$node->sql('INSERT INTO part VALUES (8)');
my ($streamed, $errors) = PostgreSQL::Test::Utils::run_command([ 'pg_recvlogical', '--dbname' => $node->connstr('postgres'), '--slot' => 'ours', '--start', '--no-loop',
    '--file' => '-', '--endpos' => $node->sql('SELECT pg_current_wal_lsn()'), map { ('-o', $_) } 'format=wal2json', 'include-xids', 'format-version' ]);
like($streamed, qr/"B","xid":\d+.*"action":"I"/s, 'a switch without a value is on, and the version the newest');
is($errors, '', '... over the replication protocol');
$ours->lines(%v2);
$node->sql('INSERT INTO part VALUES (9)');
is(v1('add-tables' => ''), '{"change":[]}', 'add-tables without a table: none');

# --- what 2.6 has and 2.5 has not
$node->sql(q(CREATE TABLE n (id int PRIMARY KEY, a numeric, b float8, c real, d text); ALTER TABLE n REPLICA IDENTITY FULL));
$ours->lines(%v2);
my $numbers = q(INSERT INTO n VALUES (1, 'NaN', 'Infinity', 1.5, '7'); DELETE FROM n);
$node->sql($numbers);
is(v1('numeric-data-types-as-string' => 1, 'include-types' => 0), <<~'END' =~ s/\n$//r, 'numbers as strings');
    {"change":[{"kind":"insert","schema":"public","table":"n","columnnames":["id","a","b","c","d"],"columnvalues":["1","NaN","Infinity","1.5","7"]}]}
    {"change":[{"kind":"delete","schema":"public","table":"n","oldkeys":{"keynames":["id","a","b","c","d"],"keyvalues":["1","NaN","Infinity","1.5","7"]}}]}
    END
$node->sql($numbers);
like(v2('numeric-data-types-as-string' => 1, 'include-types' => 0), qr/"columns":\[\{"name":"id","value":"1"\},\{"name":"a","value":"NaN"\},\{"name":"b","value":"Infinity"\},\{"name":"c","value":"1.5"\}/, '... in version 2');
$node->sql($numbers);
like(v1('include-pk' => 1), qr/"pk":\{"pknames":\["id"\],"pktypes":\["integer"\]\}.*"pk":\{"pknames":\["id"\]/s, 'the primary key, whatever the replica identity is');

# --- documents: their text is the server's, which is not asked for it
$node->sql(<<~'SQL');
    CREATE TABLE documents (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, doc jsonb, passed jsonb); SELECT gpsync.redact_in_stream('documents', 'passed', 'pass');
    SQL
$wal2json->lines;
$ours->lines(%v2);
$node->sql(<<~'SQL');
    INSERT INTO documents (doc, passed) SELECT d::jsonb, d::jsonb FROM unnest(ARRAY['{}', '[]', 'null', 'true', '-0.50', '1e3', '12345678901234567890.10', '"a\"b\\c\u0001\n/\u00e9"', '[1, {"a": [], "b": {}}, [[]], false]',
        '{"b": 1, "a": {"c": [null, "x"]}, "": {"y": [{}, {"z": 1}]}}', repeat('[', 300) || '1, {"a": {}, "b": [2, 3]}' || repeat(']', 300), repeat('{"a":', 300) || '[]' || repeat('}', 300)]) d;
    INSERT INTO documents (doc, passed) SELECT d, d FROM (SELECT jsonb_agg(jsonb_build_object('text', repeat('large ', i), 'n', i)) FROM generate_series(1, 500) i) x (d);
    SQL
@expected = $wal2json->lines('format-version' => 2);
is_deeply([ $ours->lines(%v2) ], \@expected, 'documents: the same text as wal2json');
cmp_ok(length "@expected", '>', 1_000_000, '... also of a large one');

# --- a partition of the keys does not deliver TRUNCATE; version 1 has none
$node->sql('INSERT INTO n VALUES (1); TRUNCATE n; INSERT INTO n VALUES (2)');
$errors = ($ours->error(%v2, partition => '1/2'))[1];
like($errors, qr/ERROR:\s+0A000:.*cannot deliver TRUNCATE.*table "n"; option skip_changes.*HINT:\s+Use option actions/s, 'TRUNCATE and partition: what to do');
is(($ours->error(%v2, partition => '1/2', actions => 'insert,update,delete'))[1], '', '... which helps');
my $halves = join "\n", map { $node->sql('SELECT data FROM ' . $ours->call('pg_logical_slot_peek_changes', format => 'wal2json', partition => "$_/2")) } 1, 2;
is(join(' ', sort $halves =~ /columnvalues":\[(\d)/g), '1 2', '... version 1 has none');
$ours->lines(%v2);

# --- names: always JSON
$node->sql(<<~'SQL');
    CREATE TYPE "a ""b""" AS ENUM ('x'); CREATE SCHEMA "S"; CREATE TYPE "S"."T" AS ENUM ('y');
    CREATE TABLE names (id int PRIMARY KEY, a "a ""b""", b "S"."T", c "a ""b"""[], d text DEFAULT 'a"b\c');
    SQL
$ours->lines(%v2);
$node->sql(q(INSERT INTO names VALUES (1, 'x', 'y', '{x}', 'z')));
my ($change) = grep { $_->{action} eq 'I' } $ours->events(%v2, 'include-default' => 1);
is_deeply([ map { $_->{type} } @{ $change->{columns} } ], [ 'integer', '"a ""b"""', '"S"."T"', '"a ""b"""[]', 'text' ], 'types of any name');
is($change->{columns}[4]{default}, q('a"b\c'::text), 'defaults of any text');

# --- names that change while the reader goes on: of types, and what defaults mention
$node->sql(<<~'SQL');
    CREATE SCHEMA place; CREATE TYPE hue AS ENUM ('red'); CREATE DOMAIN size AS int; CREATE TYPE spot AS (x int); CREATE SEQUENCE counted; CREATE FUNCTION one() RETURNS int RETURN 1;
    CREATE TABLE renames (id int PRIMARY KEY DEFAULT nextval('counted'), a hue, b hue[], c size, d spot, e int DEFAULT one(), f text DEFAULT 'red'::hue::text);
    SQL
$wal2json->lines;
$ours->lines(%v2);
$node->sql("$_; INSERT INTO renames (c, d) VALUES (1, '(1)')")
    for 'ALTER TYPE hue RENAME TO hues', 'ALTER TYPE hues SET SCHEMA place', q(ALTER TYPE place.hues RENAME VALUE 'red' TO 'rot'), 'ALTER DOMAIN size RENAME TO length',
    'ALTER TYPE spot RENAME TO spots', 'ALTER SEQUENCE counted RENAME TO counter', 'ALTER FUNCTION one() RENAME TO uno';
for my $version (1, 2)
{
    for my $default (0, 1)
    {
        my %options = ('format-version' => $version, 'include-default' => $default);
        my $both = $node->sql(join ';', map { 'SELECT data FROM ' . $_ } $wal2json->call('pg_logical_slot_peek_changes', %options), $ours->call('pg_logical_slot_peek_changes', %options, format => 'wal2json'));
        my @both = split /\n/, $both;
        my @expected = splice @both, 0, @both / 2;
        is_deeply(\@both, \@expected, "version $version, include-default $default: names as they were at each change");
    }
}
$ours->lines(%v2);

# --- tables without identity
$node->sql('CREATE TABLE heap (id int); INSERT INTO heap VALUES (1), (2)');
$ours->lines(%v2);
$node->sql('UPDATE heap SET id = 3; DELETE FROM heap');
my $warnings = $ours->warnings_of_reading(%v2);
like($warnings, qr/WARNING:\s+updates and deletes of table "public.heap" are not shown.*HINT/s, 'changes of a table without a replica identity');
is(() = $warnings =~ /WARNING/g, 1, '... said once');

# --- origins by name
$node->sql("SELECT pg_replication_origin_create('elsewhere')");
$node->sql('CREATE TABLE places (id int PRIMARY KEY)');
$ours->lines(%v2);
my $elsewhere = "SELECT pg_replication_origin_session_setup('elsewhere'); INSERT INTO places VALUES";
$node->sql("$elsewhere (1)");
is(v2('filter-origins' => 'elsewhere'), '', 'an origin by its name');
$node->sql("$elsewhere (2)");
like(v2('filter-origins' => '77'), qr/places/, 'another one');

# --- redaction: columns, defaults, messages
$node->sql(<<~'SQL');
    CREATE TABLE people (id int PRIMARY KEY, note text DEFAULT 'mail joe@example.com', secret text DEFAULT 'hidden', masked text DEFAULT 'hidden', doc jsonb);
    SELECT gpsync.redact_in_stream('people', 'secret', 'drop'), gpsync.redact_in_stream('people', 'masked', 'mask');
    SQL
$ours->lines(%v2);
my $people = q(INSERT INTO people VALUES (1, 'card 4111 1111 1111 1111', 'x', 'abcdefgh1', '{"cvv": "123", "ok": 1}'); DELETE FROM people);
my $all = { map { $_ => 1 } qw(include-default include-pk include-not-null include-type-oids include-column-positions include-lsn include-xids) };
for my $version (1, 2)
{
    $node->sql($people);
    my $text = $version == 1 ? v1(%$all) : v2(%$all);
    unlike($text, qr/4111|joe|123"|hidden|secret|abcd/, "version $version: no PII in values, defaults and lists of names");
    like($text, qr/card \[removed\].*"\*{9}".*\{\\"ok\\":1\}/, '... and the rest is there');
}
$node->sql(q(CREATE DOMAIN blob AS bytea; CREATE TABLE blobs (id int PRIMARY KEY, a bytea, b blob);
    INSERT INTO blobs SELECT 1, v, v FROM (VALUES ('mail joe@example.com'::bytea)) AS v (v)));
my $hex = unpack 'H*', 'mail [removed]';
like(v2(), qr/"name":"a","type":"bytea","value":"$hex"}.*"name":"b","type":"blob","value":"\\\\x$hex"}/, 'bytes that are redacted have their \\x where wal2json has it');
$node->sql(q(INSERT INTO people VALUES (2, 'plain', 'x', 'm', '{}')));
is(v1('include-default' => 1, 'include-types' => 0), <<~'END' =~ s/\n$//r, 'every list leaves the dropped column out');
    {"change":[{"kind":"insert","schema":"public","table":"people","columnnames":["id","note","masked","doc"],"columndefaults":[null,"'mail [removed]'::text",null,null],"columnvalues":[2,"plain","*","{}"]}]}
    END
for my $transactional ('true', 'false')
{
    $node->sql(qq(SELECT pg_logical_emit_message($transactional, 'to joe\@example.com', 'card 4111 1111 1111 1111'),
        pg_logical_emit_message($transactional, 'json', '{"cvv": "123", "a": 1}'), pg_logical_emit_message($transactional, 'bytes', '\\xff41'::bytea),
        pg_logical_emit_message($transactional, 'zero', '\\x410042'::bytea); CREATE TABLE flush_$transactional ()));
    is(v2(), join("\n", map { qq({"action":"M","transactional":$transactional,$_}) } '"prefix":"to [removed]","content":"card [removed]"', '"prefix":"json","content":"{\"a\": 1}"',
            '"prefix":"bytes","content":null', '"prefix":"zero","content":"A"'), "messages, transactional $transactional: without PII");
}
$node->sql(q(SELECT pg_logical_emit_message(true, p, 'x') FROM unnest('{gpsync.echo,gpsync.reverts,gpsync.event}'::text[]) p));
is(v2(), '', 'messages under prefixes of gpsync that emit() did not write');

# --- messages of a database in SQL_ASCII, in which all bytes are text: what is not UTF-8 does not stop a stream in UTF-8
$node->sql(q(CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0));
GpsyncTest::Slot->new($node, 'ascii', db => 'ascii');
$node->safe_psql('ascii', q(SELECT pg_logical_emit_message(t, p, c) FROM (VALUES (false, 'bytes', '\xff41'::bytea), (true, 'bytes', '\xff41'), (true, 'text', '\xc3a9')) m (t, p, c)));
($streamed, $errors) = PostgreSQL::Test::Utils::run_command([ 'pg_recvlogical', '--dbname' => $node->connstr('ascii'), '--slot' => 'ascii', '--start', '--no-loop', '--file' => '-',
    '--endpos' => $node->safe_psql('ascii', 'SELECT pg_current_wal_lsn()'), map { ('-o', $_) } 'format=wal2json', 'format-version' ]);
is($errors, '', 'bytes in messages do not stop the stream');
is_deeply([ grep { /"M"/ } split /\n/, $streamed ], [ map { qq({"action":"M","transactional":$_}) } 'false,"prefix":"bytes","content":null', 'true,"prefix":"bytes","content":null',
        qq(true,"prefix":"text","content":"\xc3\xa9") ], '... and are null');

# --- in a database of another encoding of several bytes a character, the extension and the decoder's texts are texts
$node->sql(q(CREATE DATABASE euc ENCODING 'EUC_JP' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0));
$node->safe_psql('euc', 'CREATE EXTENSION gpsync; CREATE TABLE heap (id int, v text)');
my $euc = GpsyncTest::Slot->new($node, 'euc', db => 'euc');
{
    local $ENV{PGCLIENTENCODING} = 'UTF8';
    $node->safe_psql('euc', qq(INSERT INTO heap VALUES (1, '\xe6\x97\xa5'); UPDATE heap SET id = 2));
    $warnings = $euc->warnings_of_reading(%v2);
}
like($warnings, qr/WARNING:\s+updates and deletes.*HINT:\s+Give/s, 'a warning in EUC_JP');
unlike($warnings, qr/ERROR/, '... does not stop the stream');

# --- events of emit()
$node->sql("CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://127.0.0.1:1/'); SELECT gpsync.create_stream('s', '{nws}', publication => NULL, topics => '{audit}')");
$ours->lines(%v2);
$node->sql(q(SELECT gpsync.emit('com.example.checked', '{"mail": "joe@example.com", "n": [1]}', 'k1')));
like(v2(), qr/^\{"action":"M","transactional":true,"prefix":"gpsync.event","content":"\{\\"type\\":\\"com.example.checked\\",\\"topic\\":\\"audit\\",\\"key\\":\\"k1\\",\\"data\\":\{\\"n\\": ?\[1\]\}\}"\}$/,
    'an event of emit() is a document');
$node->sql(q(SELECT gpsync.emit('com.example.checked', '{}')));
is(v2('filter-msg-prefixes' => 'gpsync.event'), '', '... that can be filtered');
$node->sql("SELECT gpsync.drop_stream('s')");

done_testing;
