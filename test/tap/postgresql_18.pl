# What PostgreSQL 18 brings: virtual generated columns, publications with or without stored ones, temporal keys, libraries
# with a name. Elsewhere: a slot that is lost since nobody reads it (slot_lost.pl), settings that doctor() knows
# (doctor_fixes.pl).
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
        qr/column "s" in the replica identity of table public\.whole is generated, and publication "gpsync" does not publish it.*Use ALTER TABLE public\.whole REPLICA IDENTITY DEFAULT/s, 'nor in an identity that is the whole row');
    refused("SELECT gpsync.scrub_on_write('orders', 'loud')", '42804', qr/generated column/, 'it cannot be scrubbed on write');
    $node->sql('CREATE TABLE other (id text PRIMARY KEY, loud text)');
    refused("SELECT gpsync.keep_in_step('orders', 'other', '{id}', '{loud}')", '42P10', qr/column "loud" of table public\.orders cannot follow.*generated/s, 'nor follow another table');
};

# ------------------------------------------------------------------------------------------- stored generated columns
subtest 'stored ones in the replica identity' => sub {
    my $unpublished = sub { return $node->sql("SELECT string_agg(finding || '|' || fix, chr(10) ORDER BY finding) FROM gpsync.doctor() WHERE check_name = 'replica identity' AND severity = 'error'") };
    my $text = sub { my ($column, $table, $publication) = @_; return qq{column "$column" in the replica identity of table public.$table is generated, and publication "$publication" does not publish it} };
    my $set  = sub { my ($publication, $value) = @_; return "ALTER PUBLICATION $publication SET (publish_generated_columns = $value)" };
    $node->sql(<<~'SQL');
        CREATE TABLE twice (a int, k int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY, status text);
        CREATE TABLE all_of_it (id int PRIMARY KEY, a int, s int GENERATED ALWAYS AS (a + 1) STORED, status text);
        ALTER TABLE all_of_it REPLICA IDENTITY FULL;
        CREATE TABLE in_parts (a int, k int GENERATED ALWAYS AS (a * 2) STORED, p int, status text, PRIMARY KEY (k, p)) PARTITION BY LIST (p);
        CREATE TABLE in_parts_1 PARTITION OF in_parts FOR VALUES IN (1);
        SELECT gpsync.attach(t) FROM unnest('{twice,all_of_it,in_parts}'::regclass[]) AS t;
        INSERT INTO twice (a, status) VALUES (1, 'RECEIVED'); INSERT INTO all_of_it (id, a, status) VALUES (1, 1, 'RECEIVED');
        INSERT INTO in_parts (a, p, status) VALUES (1, 1, 'RECEIVED');
        UPDATE twice SET a = 4; UPDATE all_of_it SET a = 4; UPDATE in_parts SET a = 4;
        SQL
    $node->wait_for_sync;
    is($node->sql('SELECT k, sync_status FROM twice; SELECT s, sync_status FROM all_of_it; SELECT k, sync_status FROM in_parts'), "8|COMPLETED\n5|COMPLETED\n8|COMPLETED", 'such tables are attached, written and booked');
    is(scalar($nws->events('public.twice/8')), 1, 'and sent');
    is($unpublished->(), '', 'doctor() has nothing to say');

    # As pg_upgrade brings it: an older PostgreSQL has no such option.
    $node->sql($set->('gpsync', 'none'));
    my ($state, $error) = $node->sql_error('UPDATE twice SET a = 5;');
    like($error, qr/cannot update table "twice"/, 'where the publication leaves them out the server refuses updates');
    is($unpublished->(), join("\n", map { $text->(@$_, 'gpsync') . ': PostgreSQL refuses UPDATE and DELETE|' . $set->('gpsync', 'stored') } [qw(k in_parts_1)], [qw(k twice)], [qw(s all_of_it)]), 'doctor() says why');
    $node->sql('CREATE TABLE twice_more (a int, k int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY, status text)');
    my $why = quotemeta($text->('k', 'twice_more', 'gpsync')) . '.*Use ' . quotemeta($set->('gpsync', 'stored'));
    refused("SELECT gpsync.attach('twice_more')", '55000', qr/$why/s, 'attach() refuses another table');
    $node->sql($set->('gpsync', 'stored'));
    $node->sql("UPDATE twice SET a = 6; SELECT gpsync.attach('twice_more'); INSERT INTO twice_more (a, status) VALUES (1, 'RECEIVED'); UPDATE twice_more SET a = 2");
    is($unpublished->(), '', 'with what it advises all is well');

    # Other publications count, too: not those that publish neither, nor those whose list has the column.
    $node->sql("CREATE PUBLICATION news FOR TABLE twice WITH (publish = 'insert'); CREATE PUBLICATION listed FOR TABLE twice (k)");
    is($unpublished->(), '', 'a publication of INSERT alone, and one with the column in its list');
    $node->sql('UPDATE twice SET a = 7; CREATE PUBLICATION foreign_one FOR TABLE twice');
    is($unpublished->(), $text->('k', 'twice', 'foreign_one') . ': PostgreSQL refuses UPDATE and DELETE|' . $set->('foreign_one', 'stored'), 'one that somebody else made');
    $node->sql('DROP PUBLICATION foreign_one, listed, news');

    $node->sql("SELECT gpsync.create_history('twice')");
    $node->sql('UPDATE twice SET a = 8');
    is($unpublished->(), '', 'the publication of history and analytics has them, too');
    $node->sql("SELECT gpsync.drop_history('twice')");
    $node->wait_for_sync;
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
