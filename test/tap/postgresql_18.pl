# What PostgreSQL 18 brings: virtual generated columns, temporal keys, libraries with a name. Elsewhere: a slot that is lost
# since nobody reads it (slot_lost.pl), settings that doctor() knows (doctor_fixes.pl).
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main');
plan(skip_all => 'needs PostgreSQL 18') if $node->sql('SHOW server_version_num') < 180000;
my $nws = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);

# Text of an error, and its SQLSTATE.
sub refused
{
    my ($sql, $expected, $pattern, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my ($state, $error) = $node->sql_error("$sql;");
    is($state, $expected, $what);
    like($error, $pattern, '... and why');
    return;
}

subtest 'libraries have a name and a version' => sub {
    my $slot = GpsyncTest::Slot->new($node, 'loads_decoder');
    my $version = $node->sql("SELECT extversion FROM pg_extension WHERE extname = 'gpsync'");
    is($node->sql(q{SELECT FROM pg_logical_slot_peek_changes('loads_decoder', NULL, NULL); SELECT gpsync.library_version();
            SELECT string_agg(module_name || ' ' || version, ', ' ORDER BY module_name) FROM pg_get_loaded_modules() WHERE starts_with(module_name, 'gpsync')}) =~ s/.*\n//sr,
        "gpsync $version, gpsync_decoder $version", 'pg_get_loaded_modules() shows them');
    $slot->drop;
};

# ------------------------------------------------------------------------------------------- virtual generated columns
$node->sql(<<~'SQL');
    CREATE TABLE orders (id text PRIMARY KEY, status text, amount int, note text,
        doubled int GENERATED ALWAYS AS (amount * 2), loud text GENERATED ALWAYS AS (upper(note)) VIRTUAL,
        kept int GENERATED ALWAYS AS (amount + 1) STORED, shown text GENERATED ALWAYS AS (lower(status)));
    SELECT gpsync.attach('orders'), gpsync.track_batches('orders');
    SQL
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');
my $slot  = GpsyncTest::Slot->new($node, 'reads');
my $columns = sub { return join ' ', sort keys %{ $_[0] } };

subtest 'in the stream' => sub {
    $node->sql(<<~'SQL');
        INSERT INTO orders (id, status, amount, note) VALUES ('a', 'RECEIVED', 1, 'word'), ('b', 'RECEIVED', 2, 'word');
        UPDATE orders SET status = 'PROCESSING', amount = 5 WHERE id = 'a';
        DELETE FROM orders WHERE id = 'b';
        SQL
    $node->wait_for_sync;
    is($node->sql("SELECT id, sync_status, doubled, loud, kept, shown FROM orders"), 'a|COMPLETED|10|WORD|6|processing', 'rows are stamped, checked and booked');
    my @data = map { $_->{data} } $slot->peek;
    is($columns->($_->{row}), 'amount id kept note status', 'a row is sent without them') for grep { $_->{row} } @data;
    is($columns->($_->{old}), 'id', '... and an old row with its key') for grep { $_->{old} } @data;
    is(scalar @data, 4, 'four changes');
    for my $format ('wal2json 1', 'wal2json 2')
    {
        my $text = $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes', GpsyncTest::Slot::format_options($format)));
        like($text, qr/"kept"/, "$format has the stored one");
        unlike($text, qr/doubled|loud|shown/, '... and no other');
    }
    my @there = map { $columns->($_->{data}{row}) } grep { $_->{subject} eq 'public.orders/a' } $nws->events;
    is_deeply(\@there, [ ('amount id kept note status') x 2 ], 'the endpoint got the same');
    refused("UPDATE orders SET status = 'RECEIVED' WHERE id = 'a'", '23514', qr/invalid status transition from "PROCESSING" to "RECEIVED"/, 'an illegal transition is refused');
    refused("INSERT INTO orders (id, status) VALUES ('a', 'RECEIVED') ON CONFLICT (id) DO UPDATE SET status = 'RECEIVED'", '23514', qr/invalid status transition/, '... in an upsert, too');
};

subtest 'row filters over them' => sub {
    $node->sql("CREATE TABLE filtered (id int PRIMARY KEY, amount int, doubled int GENERATED ALWAYS AS (amount * 2));
        CREATE PUBLICATION few FOR TABLE filtered WHERE (doubled > 10) WITH (publish = 'insert')");
    my $few = GpsyncTest::Slot->new($node, 'few');
    $node->sql('INSERT INTO filtered VALUES (1, 5), (2, 6)');
    is_deeply([ map { join ' ', $_->{type} =~ /(\w+)$/, $_->{data}{key}{id} } $few->events(publication_names => 'few') ],
        [ 'inserted 2' ], 'are computed for each row');
    $few->drop;
    $node->sql('DROP PUBLICATION few; DROP TABLE filtered');
};

subtest 'rows come and go' => sub {
    $node->sql(q{SELECT gpsync.load_row('orders', '{"id": "c", "status": "VERIFIED", "amount": 7, "doubled": 1}')});
    $node->sql("SELECT gpsync.generate_test_data('orders', 3, 'test_')");
    is($node->sql("SELECT count(*), count(doubled) FROM orders WHERE id LIKE 'test_%' OR id = 'c'"), '4|1', 'load_row() and generate_test_data() leave them out');
    my $before = $node->sql('SELECT string_agg(o::text, chr(10) ORDER BY id) FROM (SELECT id, status, amount, note, doubled, loud, kept FROM orders) AS o');
    $node->sql(q{BEGIN; SET LOCAL gpsync.batch = 'b1'; UPDATE orders SET amount = 100, status = 'PROCESSING' WHERE id LIKE 'test_%'; DELETE FROM orders WHERE id = 'c';
        INSERT INTO orders (id, status) VALUES ('d', 'RECEIVED'); COMMIT});
    $node->sql(q{CALL gpsync.emergency_rollback('b1', fence => false, reason => 'test')});
    is($node->sql('SELECT string_agg(o::text, chr(10) ORDER BY id) FROM (SELECT id, status, amount, note, doubled, loud, kept FROM orders) AS o'), $before, 'a batch is taken back');
    $node->sql(q{CREATE TABLE legacy_orders AS SELECT id, status, amount, note, kept FROM orders;
        INSERT INTO legacy_orders VALUES ('new', 'RECEIVED', 9, 'n', 10)});
    $node->sql(q{SELECT gpsync.import('orders', 'legacy_orders', job => 'j'); CALL gpsync.run_import('j')});
    is($node->sql("SELECT doubled, loud, sync_status FROM orders WHERE id = 'new'"), '18|N|COMPLETED', 'an import fills the other columns');
    $node->sql(q{SELECT gpsync.verify('orders', 'legacy_orders', run => 'r'); CALL gpsync.run_verify('r')});
    is($node->sql("SELECT count(*) FROM gpsync.verify_differences WHERE run = 'r'"), '0', 'both sides are equal');
    $node->wait_for_sync;
};

subtest 'what needs a value in the row' => sub {
    is($node->sql("SELECT string_agg(column_name, ' ' ORDER BY column_name) FROM gpsync.redacted_columns WHERE relation = 'orders'::regclass AND in_stream IS NULL"),
        'doubled last_sync_timestamp loud shown sync_revision sync_status', 'redacted_columns: they are not shown');
    refused("SELECT gpsync.create_analytics('orders', 'public', '{loud}')", '22023', qr/column "loud" of table public\.orders cannot be in an analytical copy.*virtual generated column/s, 'an analytical copy cannot have them');
    refused("CREATE TABLE v (id int PRIMARY KEY, s text, status text GENERATED ALWAYS AS (upper(s))); SELECT gpsync.attach('v')", '22023',
        qr/column "status" of table public\.v cannot be the status column.*virtual generated column/s, 'it is no status');
    refused("CREATE TABLE whole (id int PRIMARY KEY, status text, s text GENERATED ALWAYS AS (upper(status))); ALTER TABLE whole REPLICA IDENTITY FULL; SELECT gpsync.attach('whole')", '55000',
        qr/table public\.whole has REPLICA IDENTITY FULL and generated columns/, 'nor in an identity that is the whole row');
    refused("SELECT gpsync.scrub_on_write('orders', 'loud')", '42804', qr/generated column/, 'it cannot be scrubbed on write');
    $node->sql('CREATE TABLE other (id text PRIMARY KEY, loud text)');
    refused("SELECT gpsync.keep_in_step('orders', 'other', '{id}', '{loud}')", '42P10', qr/column "loud" of table public\.orders cannot follow.*generated/s, 'nor follow another table');
};

# ------------------------------------------------------------------------------------------- temporal keys
subtest 'a key WITHOUT OVERLAPS' => sub {
    my $key = 'id int4range, valid daterange, status text';
    $node->sql("CREATE TABLE terms ($key, PRIMARY KEY (id, valid WITHOUT OVERLAPS))");
    refused("SELECT gpsync.attach('terms')", '55000', qr/table public\.terms has no key.*neither deferrable nor WITHOUT OVERLAPS/s, 'is refused: no look-up of a row can use its index');
    $node->sql("CREATE TABLE terms_2 ($key, PRIMARY KEY (id, valid WITHOUT OVERLAPS))");
    refused("SELECT gpsync.keep_in_step('terms', 'terms_2', '{id,valid}', '{status}')", '42P10', qr/no unique index of table public\.terms/, 'as the key of tables in step, too');
    $node->sql("ALTER TABLE terms ADD n int NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE; ALTER TABLE terms REPLICA IDENTITY USING INDEX terms_n_key; SELECT gpsync.attach('terms')");
    $node->sql("INSERT INTO terms (id, valid, status) VALUES ('[1,1]', '[2026-01-01,2026-02-01)', 'RECEIVED'), ('[1,1]', '[2026-02-01,2026-03-01)', 'RECEIVED')");
    $node->sql("UPDATE terms SET status = 'PROCESSING' WHERE n = 2");
    $node->wait_for_sync;
    is($node->sql("SELECT string_agg(n || ' ' || status || ' ' || sync_status, ', ' ORDER BY n) FROM terms"), '1 RECEIVED COMPLETED, 2 PROCESSING COMPLETED', 'with another index as its identity it is attached, and booked');
    $node->sql('ALTER TABLE terms REPLICA IDENTITY DEFAULT');
    ok($node->sql("SELECT count(*) FROM gpsync.doctor() WHERE finding ~ 'terms' AND finding ~ 'key'"), 'doctor() says when that is taken away');
};

done_testing;
