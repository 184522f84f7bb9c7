# A dump carries what redacts: policies, labels, scrub_on_write(), constraints, generated columns and indexes over scrub(). Restored in
# every way that pg_restore knows, all of it is there, works, and shows nothing that was not shown before.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
my $keys = $node->basedir . '/keys';
PostgreSQL::Test::Utils::append_to_file($keys, "gpsync-keys 1\nkey a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
chmod 0600, $keys;
$node->configure('gpsync.key_file' => $keys);
$node->restart;

# Schema "app" sorts before "gpsync": what is restored in that order meets tables before policies.
$node->sql('CREATE DATABASE source');
$node->safe_psql('source', <<~'SQL');
    CREATE EXTENSION gpsync;
    CREATE SCHEMA app;
    SELECT gpsync.define_policy('notes@1', '[{"key": "note", "action": "hash"}, {"key": "iban", "action": "encrypt"}]');
    SELECT gpsync.define_policy('later@1', '{"extends": "notes@1", "rules": [{"pattern": "ORD-[0-9]+", "action": "remove"}]}');
    CREATE TABLE app.partner (id int PRIMARY KEY, gone int, data jsonb, about jsonb, plain text);
    ALTER TABLE app.partner DROP COLUMN gone;
    SELECT gpsync.attach('app.partner', machine => NULL);
    SELECT gpsync.scrub_on_write('app.partner', 'data', 'later@1', 'about');
    SELECT gpsync.redact_in_stream('app.partner', 'plain', 'scrub later@1'), gpsync.redact_in_stream('app.partner', 'about', 'drop');
    CREATE TABLE app.checked (id int PRIMARY KEY, data jsonb CHECK (NOT gpsync.has_pii(data)), raw jsonb,
        clean jsonb GENERATED ALWAYS AS (gpsync.scrub(raw)) STORED);
    CREATE INDEX by_clean ON app.checked USING gin (gpsync.scrub(raw));
    CREATE INDEX dirty ON app.checked (id) WHERE gpsync.has_pii(raw);
    CREATE TABLE app.tree (id int, data json, PRIMARY KEY (id)) PARTITION BY RANGE (id);
    CREATE TABLE app.tree_1 PARTITION OF app.tree FOR VALUES FROM (0) TO (10);
    SELECT gpsync.scrub_on_write('app.tree', 'data', 'notes@1');
    CREATE TABLE app.tree_2 PARTITION OF app.tree FOR VALUES FROM (10) TO (20);
    SELECT gpsync.redact_in_stream('app.tree', 'data', 'hash');
    INSERT INTO app.partner VALUES (1, '{"email": "joe@example.com", "note": "secret", "iban": "DE89370400440532013000", "t": "see ORD-12", "keep": 1.50}', NULL, 'ORD-77');
    INSERT INTO app.checked VALUES (1, '{"ok": 1}', '{"email": "joe@example.com", "ok": 2}');
    INSERT INTO app.tree VALUES (1, '{"note": "n1", "email": "joe@example.com"}'), (11, '{"note": "n2"}');
    CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:9/');
    SQL
$node->safe_psql('source', q(SELECT gpsync.create_stream('legacy', '{nws}')));

# Everything that can be compared, as text.
my $all = <<~'SQL';
    SELECT 'policy', policy, rules::text FROM gpsync.policy
    UNION ALL SELECT 'label', objname, label FROM pg_seclabels WHERE provider = 'gpsync'
    UNION ALL SELECT 'trigger', pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal OR tgparentid <> 0
    UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'app'::regnamespace
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'app'
    UNION ALL SELECT 'partner', p::text, '' FROM app.partner p
    UNION ALL SELECT 'checked', c::text, '' FROM app.checked c
    UNION ALL SELECT 'tree', t.tableoid::regclass::text, t::text FROM app.tree t
    UNION ALL SELECT 'redacted', (r.relation, r.column_name, r.in_stream, r.label, r.scrubbed_on_write, r.metadata_column)::text, coalesce(r.problem, '') FROM gpsync.redacted_columns r
    ORDER BY 1, 2, 3
    SQL
my $was = $node->safe_psql('source', $all);
like($was, qr/gpsync:h1:a:.*gpsync:e1:a:|gpsync:e1:a:.*gpsync:h1:a:/, 'what is stored is hashed and encrypted');
unlike($was, qr/secret|DE8937|ORD-12/, 'nothing else is');

my $number = 0;
sub database { my $name = 'copy' . ++$number; $node->sql("CREATE DATABASE $name TEMPLATE template0"); return $name }
sub run_ok { my ($what, @command) = @_; return PostgreSQL::Test::Utils::command_ok(\@command, $what) }
sub dump_of { my (@options) = @_; my $file = $node->basedir . '/dump' . ++$number; run_ok("pg_dump @options", 'pg_dump', '-d', $node->connstr('source'), '-f', $file, @options); return $file }

sub check
{
    my ($db, $how) = @_;
    subtest $how => sub {
        is($node->safe_psql($db, $all), $was, 'all of it is there, and the data as they were');
        is($node->safe_psql($db, "SELECT data ->> 'email' IS NULL AND gpsync.decrypt(data ->> 'iban', 'later\@1') = 'DE89370400440532013000' FROM app.partner"), 't', 'what was encrypted opens');
        like($node->safe_psql($db, q(INSERT INTO app.partner (id, data) VALUES (2, '{"email": "joe@example.com", "note": "x", "t": "see ORD-9", "keep": 2}') RETURNING data)),
            qr/^\{"t": "see \[removed\]", "keep": 2, "note": "gpsync:h1:a:[^"]*"\}$/, 'documents are scrubbed');
        unlike($node->safe_psql($db, q(INSERT INTO app.tree VALUES (12, '{"email": "joe@example.com"}') RETURNING data)), qr/joe/, 'in partitions');
        like(($node->psql($db, q(INSERT INTO app.checked (id, data) VALUES (3, '{"email": "joe@example.com"}'))))[2], qr/violates check constraint/, 'the constraint holds');
        is($node->safe_psql($db, q(INSERT INTO app.checked (id, raw) VALUES (4, '{"email": "joe@example.com", "ok": 4}') RETURNING clean)), '{"ok": 4}', 'the generated column works');
        is($node->safe_psql($db, q(SELECT slot_state || ' ' || relay_state FROM gpsync.stream_status)), 'restored paused', 'the stream is paused');
        like(($node->psql($db, q(SELECT gpsync.define_policy('later@1', '[]'))))[2], qr/policy "later\@1" already exists/, 'policies stay what they are');
        my $slot = GpsyncTest::Slot->new($node, "slot_$db", db => $db);
        $node->safe_psql($db, q(INSERT INTO app.partner (id, data, plain) VALUES (5, '{"keep": 5}', 'see ORD-55')));
        my ($event) = $slot->events;
        is_deeply([ $event->{data}{row}{plain}, exists $event->{data}{row}{about} ? 1 : 0 ], [ 'see [removed]', 0 ], 'labels hold in the stream');
        $node->safe_psql($db, "SELECT pg_drop_replication_slot('slot_$db')");
        is($node->safe_psql($db, q(SELECT count(*) FROM gpsync.doctor() WHERE check_name IN ('label', 'scrub_on_write', 'key file', 'trigger'))), 0, 'doctor() finds nothing of it');
        is($node->safe_psql($db, q(SELECT gpsync.scrub_on_write('app.partner', 'data', 'notes@1'); INSERT INTO app.partner VALUES (6, '{"email": "joe@example.com"}') RETURNING data)), "\n{}", 'it can be changed');
        is($node->safe_psql($db, q(SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.partner'::regclass AND tgfoid = 'gpsync_internal.scrub_row()'::regprocedure)), 1, 'by the same triggers');
    };
    return;
}

my $custom = dump_of('-Fc');
my $db = database();
run_ok('pg_restore', 'pg_restore', '--exit-on-error', '-d', $node->connstr($db), $custom);
check($db, 'pg_restore');

$db = database();
run_ok('pg_restore -j', 'pg_restore', '--exit-on-error', '-j', 2, '-d', $node->connstr($db), $custom);
check($db, 'pg_restore -j 2');

$db = database();
run_ok("pg_restore --section=$_", 'pg_restore', '--exit-on-error', "--section=$_", '-d', $node->connstr($db), $custom) for qw(pre-data data post-data);
check($db, 'pg_restore section by section');

$db = database();
my $plain = dump_of('-Fp');
run_ok('psql', 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr($db), '-f', $plain);
check($db, 'psql');

# What the sections are made for: the schema first, the data later, in a session of its own.
$db = database();
my ($schema, $data) = (dump_of('-Fc', '--schema-only'), dump_of('-Fc', '--data-only'));
run_ok('pg_restore of the schema', 'pg_restore', '--exit-on-error', '-d', $node->connstr($db), $schema);
PostgreSQL::Test::Utils::command_fails_like([ 'pg_restore', '--exit-on-error', '--single-transaction', '-d', $node->connstr($db), $data ],
    qr/policy "later\@1" does not exist/, 'documents do not get in before their policies are there');
run_ok('pg_restore --disable-triggers', 'pg_restore', '--exit-on-error', '--disable-triggers', '-d', $node->connstr($db), $data);
my $left = q(SELECT %s FROM gpsync.doctor() WHERE check_name IN ('scrub_on_write', 'trigger'));
like($node->safe_psql($db, sprintf($left, q(string_agg(DISTINCT check_name || ' ' || substring(finding FROM 'does not fire in every.*'), ', ')))),
    qr/^scrub_on_write does not fire in every session_replication_role, trigger does not fire in every session_replication_role$/, 'doctor() says what that leaves');
$node->safe_psql($db, sprintf($left, 'fix') . ' \gexec');
check($db, 'data into a schema that is there');

done_testing;
