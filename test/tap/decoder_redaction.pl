# PII in the stream: scrubbed by default, redacted by security labels, whatever a consumer asks for. Everything is read as any consumer could, through
# SQL functions of slots and pg_recvlogical.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<~'SQL');
    CREATE EXTENSION gpsync;
    CREATE EXTENSION hstore;
    CREATE EXTENSION citext;
    CREATE PUBLICATION gpsync FOR ALL TABLES;
    SQL
my $pan = '4111111111111111';

sub label { my ($table, $column, $rule) = @_; return $node->sql("SELECT gpsync.redact_in_stream('$table', '$column', " . (defined $rule ? "'$rule'" : 'NULL') . ')'); }
sub rows { my ($slot) = @_; return map { $_->{data}{row} } $slot->events; }

# --- by default, every kind of type
$node->sql(<<~'SQL');
    CREATE TYPE person AS (first_name text, contact text, n int);
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE DOMAIN mail AS text;
    CREATE DOMAIN doc AS jsonb;
    CREATE DOMAIN person_domain AS person;
    CREATE DOMAIN mails AS mail[];
    CREATE TABLE wide (id int PRIMARY KEY, t text, v varchar(80), c char(40), nm name, ci citext, j json, jb jsonb, d doc, m mail, ta text[], ta2 text[], ms mails,
        ja jsonb[], p person, pd person_domain, ps person[], n numeric, i8 int8, f8 float8, na numeric[], ba bytea, ip inet, net cidr, mac macaddr, hs hstore, x xml,
        r int8range, email text, birth_date date, cvv int, phone_number bigint, is_pin bool, pin int2,
        i2 int2, i4 int4, b bool, u uuid, at timestamptz, dt date, md mood, mda mood[], tsv tsvector);
    SQL
my $slot = GpsyncTest::Slot->new($node, 'defaults');
$node->sql(<<~'SQL');
    INSERT INTO wide VALUES (1, 'card 4111 1111 1111 1111 of joe@example.com', 'joe@example.com', '4111111111111111', 'joe@example.com', 'Joe@example.com',
        '{ "a" : "joe@example.com", "ok": [1, "4111111111111111"], "deep": {"last_name": "Doe"} }',
        '{"a": "joe@example.com", "n": 4111111111111111, "ok": [1, "4111111111111111"], "deep": {"last_name": "Doe"}, "joe@example.com": 1}',
        '{"iban": "DE89370400440532013000"}', 'joe@example.com', '{ok,joe@example.com}', '{{ok,joe@example.com},{a,b}}', '{joe@example.com}', ARRAY['{"email": "joe@example.com", "k": 1}'::jsonb],
        ROW('Joe', 'joe@example.com', 1), ROW('Joe', 'ok', 1), ARRAY[ROW('Joe', 'x', 1), NULL]::person[], 4111111111111111, 4111111111111111, 4111111111111111, '{1,4111111111111111}',
        'joe@example.com', '192.168.17.4', '10.11.12.0/24', '08:00:2b:01:02:03', 'a=>joe@example.com', '<a>joe@example.com</a>', '[4111111111111111,)',
        'anything@all.example', '1980-02-03', 123, 14155552671, true, 1234,
        7, 123456789, true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2026-01-02 03:04:05Z', '2026-01-02', 'sad', '{sad,happy}', 'joe@example.com');
    INSERT INTO wide (id, t, jb, j, ta, p, n, i8, ba, i4) VALUES (2, 'nothing here', '{"a": [1.50, null, {"b": "c"}]}', '{ "a" : 1 }', '{a,NULL}', ROW(NULL, 'none', 3), 1.50, 12, '\x00ff', 3);
    SQL
my $peek = $slot->call('pg_logical_slot_peek_changes');
for my $format ('cloudevents', 'wal2json 1', 'wal2json 2')
{
    my $text = $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes', GpsyncTest::Slot::format_options($format)));
    unlike($text, qr/joe|example|4111|1111|Doe|DE89|Joe|1980|14155552671|192\.168|10\.11|08:00:2b|6a6f65|1234\b/i, "$format: no trace of PII in a value of any type");
    like($text, qr/nothing here/, "$format: what is none is there");
}
my ($first, $second) = rows($slot);
is_deeply($first, {
        id => 1, t => 'card [removed] of [removed]', j => { ok => [ 1, undef ], deep => {} }, jb => $first->{jb}, d => {}, ta => [ 'ok', undef ],
        ta2 => [ [ 'ok', undef ], [ 'a', 'b' ] ], ms => [undef], ja => [ { k => 1 } ], p => { n => 1 }, pd => { contact => 'ok', n => 1 }, ps => [ { contact => 'x', n => 1 }, undef ],
        na => [ 1, undef ], hs => '', x => $first->{x}, net => $first->{net}, is_pin => $first->{is_pin},
        i2 => 7, i4 => 123456789, b => JSON::PP::true(), u => 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', at => '2026-01-02T03:04:05+00:00', dt => '2026-01-02', md => 'sad',
        mda => [ 'sad', 'happy' ] },
    'what is left of each value');
is_deeply($first->{jb}, { ok => [ 1, undef ], deep => {}, '[removed]' => 1 }, 'a key that is PII is replaced');
is_deeply($second, { %{$second}, t => 'nothing here', jb => { a => [ 1.5, undef, { b => 'c' } ] }, j => { a => 1 }, ta => [ 'a', undef ], p => { first_name => undef, contact => 'none', n => 3 }, ba => '\x00ff' },
    'what holds no PII is as it was');

# It is scrub() of the row.
is($node->sql(<<~'SQL'), '', 'the same as scrub(to_jsonb(row))');
    INSERT INTO wide (id, t, jb, n, i8) SELECT 100 + i, 'text ' || i || repeat('4', i), jsonb_build_object('email', i, 'x', '+1 415 555 26' || i),
        i * 4111111111111111, CASE i % 2 WHEN 0 THEN -4111111111111111 ELSE i END FROM generate_series(1, 30) i;
    SET timezone = 'UTC';
    WITH seen AS (SELECT data::jsonb e FROM pg_logical_slot_get_changes('defaults', NULL, NULL))
    SELECT id, e #> '{data,row}', gpsync.scrub(to_jsonb(w)) FROM wide w JOIN seen ON (e #>> '{data,key,id}')::int = id
    WHERE jsonb_strip_nulls(e #> '{data,row}') <> jsonb_strip_nulls(gpsync.scrub(to_jsonb(w)))
    SQL

# Arrays whose elements hold nothing are written without a visit. What they say together counts all the same.
$node->sql(<<~'SQL');
    CREATE TABLE arrays (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, tags text[], names text[], phone text[], numbers int8[], small int2[], moods mood[]);
    INSERT INTO arrays (tags, names) SELECT a::text[], a::text[] FROM unnest(ARRAY['{}', '{NULL}', '{plain,words}', '{plain,NULL,"and more words",joe@example.com}', '{ssn,123-45-6789}', '{4111,1111,1111,1111}',
        '{NULL,ssn}', '{email,joe}', '{"4111 1111 1111 1111",x,y,z,w,v}', '[3:5]={a,b,c}', '{{ssn,123-45-6789},{a,b}}', '{"item \"1\" of \\ 2",b,c,d,e,f}']) a;
    INSERT INTO arrays (numbers, small, moods) VALUES ('{1,NULL,3}', '{1,2}', '{sad,NULL}'), ('{1,2,4111111111111111}', '{4111,1111,1111,1111}', '{}'), ('{4111,1111,1111,1111}', NULL, NULL);
    INSERT INTO arrays (phone) VALUES ('{home,4155552671}'), ('{none,of,these,are,numbers,but,4155552671}');
    INSERT INTO arrays (tags) VALUES ('{{name,ssn},{Lee,123456789}}'), ('{{a,b},{c,d}}');
    INSERT INTO arrays (tags) SELECT array_agg(repeat('text ', i) || i) FROM generate_series(1, 300) i;
    SQL
my $arrays = $slot->copy('arrays');
is($node->sql(<<~'SQL'), '20|', 'arrays: the same as scrub(to_jsonb(row))');
    WITH seen AS (SELECT data::jsonb e FROM pg_logical_slot_get_changes('defaults', NULL, NULL))
    SELECT count(*), string_agg(concat_ws(' ', e #> '{data,row}', gpsync.scrub(to_jsonb(a))), '; ') FILTER (WHERE jsonb_strip_nulls(e #> '{data,row}') <> jsonb_strip_nulls(gpsync.scrub(to_jsonb(a)))) FROM arrays a JOIN seen ON (e #>> '{data,key,id}')::int = id
    SQL
my @of_arrays = map { [ grep { $_->{name} ne 'id' && defined $_->{value} } @{ $_->{columns} } ] } $arrays->events(format => 'wal2json', 'format-version' => 2, 'include-transaction' => 0);
$arrays->drop;
is_deeply([ map { $_->{value} } map { @$_ } @of_arrays[ 1, 2, 11 ] ], [ ('{NULL}') x 2, ('{plain,words}') x 2, (q({"item \"1\" of \\\\ 2",b,c,d,e,f})) x 2 ], '... in format wal2json as their text');
is_deeply([ map { scalar @$_ } @of_arrays[ 3, 4, 8 ] ], [ 0, 0, 0 ], '... which is left out where something would be removed');

# Documents under names that are judged by what stands beside them: the other columns are not in the document.
my @beside = qw(name value number label "from" code key holder description status type title id_number reference);
my @documents = map { "'$_'::jsonb" } '{"a": {"b": "joe@example.com"}, "name": "x"}', '[{"a": "joe@example.com"}, ["x"]]', '"joe@example.com"', '{}', '"4155552671"', '4155552671';
$node->sql('CREATE TABLE beside (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, ' . join(', ', map { "$_ jsonb" } @beside) . ')');
$node->sql("INSERT INTO beside (@{[ join ', ', @beside ]}) VALUES " . join ', ', map { '(' . join(', ', ($_) x @beside) . ')' } @documents);
my @shown = $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_get_changes'));
like($shown[0], qr/"table":"beside"/, 'documents beside columns that say what they are');
unlike($shown[0], qr/joe/, '... without PII');

# Bytes that are no text may have text among them; the bounds of ranges; an hstore is told by its keys.
$node->sql(<<~'SQL');
    CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");
    CREATE TABLE hidden (id int PRIMARY KEY, b1 bytea, b2 bytea, b3 bytea, b4 bytea, bs bytea[], cryptogram bytea, clean bytea, r1 int8range, r2 int8multirange, r3 numrange, r4 textrange,
        rs int8range[], ok int8range, h hstore, hs hstore[], v1 tsvector, v2 tsvector);
    SQL
my $hidden = GpsyncTest::Slot->new($node, 'hidden');
$node->sql(<<~'SQL');
    INSERT INTO hidden VALUES (1, '\xff' || 'joe@example.com'::bytea || '\x00', '\x00' || '4111111111111111'::bytea, convert_to('né joe@example.com', 'LATIN1'),
        '\x3400310031003100310031003100310031003100310031003100310031003100', ARRAY['\xffff'::bytea, '\xff' || 'joe@example.com'::bytea], '\xfffefdfcfbfaf9f8', '\xfffefdfcfbfaf9f8',
        '[1,4111111111111111]', '{[1,2],[7,4111111111111111]}', '[4111111111111111,)', '[joe@example.com,)', '{"[4111111111111111,)","[1,2)"}', '[1,5)',
        '"first name"=>"Joe \"J\" Doe", "a\\b"=>"c\"d", note=>"card 4111111111111111", n=>NULL, joe@example.com=>1', ARRAY['cvv=>123,tier=>gold'::hstore],
        to_tsvector('simple', 'card 4012 8888 8888 1881 seen'), to_tsvector('simple', 'nothing 12 in 34 here'));
    SQL
for my $format ('cloudevents', 'wal2json 1', 'wal2json 2')
{
    my $text = $node->sql('SELECT data FROM ' . $hidden->call('pg_logical_slot_peek_changes', GpsyncTest::Slot::format_options($format)));
    unlike($text, qr/4012|1881|6a6f65|3431313131|34003100|411111|joe|Joe|Doe|fdfcfbfaf9f8.*fdfcfbfaf9f8|"123|=>\\"123/, "$format: no trace of what is hidden in bytes, ranges and hstore");
}
is_deeply([ rows($hidden) ], [ { id => 1, bs => [ '\xffff', undef ], clean => '\xfffefdfcfbfaf9f8', rs => [ undef, '[1,2)' ], ok => '[1,5)',
            h => '"n"=>NULL, "a\\\\b"=>"c\"d", "note"=>"card [removed]", "[removed]"=>"1"', hs => ['"tier"=>"gold"'], v2 => q('12':2 '34':4 'here':5 'in':3 'nothing':1) } ], 'what is left of bytes, ranges and hstore');
$hidden->drop;

# --- each rule
my $keys = $node->basedir . '/keys';
PostgreSQL::Test::Utils::append_to_file($keys, "gpsync-keys 1\nkey a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
chmod 0600, $keys;
$node->sql("CREATE TABLE ruled (id int PRIMARY KEY, a text, b jsonb, c int[]); ALTER TABLE ruled REPLICA IDENTITY FULL; ALTER TABLE ruled ALTER a SET STORAGE EXTERNAL");
$slot = GpsyncTest::Slot->new($node, 'rules');
my $insert = "INSERT INTO ruled VALUES (1, '$pan', '{\"k\": \"joe\@example.com\"}', '{1,2}')";
my %shown;
sub shown
{
    my ($rule) = @_;
    label('ruled', $_, $rule) for qw(a b c);
    $node->sql('TRUNCATE ruled');
    $node->sql("$insert; UPDATE ruled SET c = c; DELETE FROM ruled");
    return;
}
shown('pass');
my @events = grep { $_->{type} =~ /row/ } $slot->events;
is_deeply($events[0]{data}{row}, { id => 1, a => $pan, b => { k => 'joe@example.com' }, c => [ 1, 2 ] }, 'pass');
is_deeply($events[2]{data}{old}, $events[0]{data}{row}, '... in old');
shown('drop');
@events = grep { $_->{type} =~ /row/ } $slot->events;
is_deeply([ map { @{ $_->{data} }{qw(row old unchanged)} } @events ], [ { id => 1 }, undef, undef, { id => 1 }, { id => 1 }, undef, undef, { id => 1 }, undef ], 'drop: absent everywhere');
shown('mask');
@events = grep { $_->{type} =~ /row/ } $slot->events;
is_deeply($events[0]{data}{row}, { id => 1, a => '************1111', b => $events[0]{data}{row}{b}, c => '[*,*]' }, 'mask');
unlike($events[0]{data}{row}{b}, qr/joe|exa/, '... of a document');
is_deeply($events[2]{data}{old}, $events[0]{data}{row}, '... in old');
for my $rule (qw(hash tokenize))
{
    shown($rule);
    my ($sqlstate, $message) = $slot->error;
    is($sqlstate, '55000', "$rule without a key: the stream stops");
    like($message, qr/there is no key to \Q$rule\E with.*gpsync\.key_file/s, '... and says why');
    $node->append_conf('postgresql.conf', "gpsync.key_file = '$keys'");
    $node->reload;
    @events = grep { $_->{type} =~ /row/ } $slot->events;
    like($events[0]{data}{row}{b}, $rule eq 'hash' ? qr/^gpsync:h1:a:/ : qr/^gpsync:t1:a:/, $rule);
    is_deeply($events[2]{data}{old}, $events[0]{data}{row}, '... the same in old');
    $node->append_conf('postgresql.conf', "gpsync.key_file = ''");
    $node->reload;
}
like($events[0]{data}{row}{a}, qr/^411111\d{6}1111$/, 'the token of a card number keeps its form');
isnt($events[0]{data}{row}{a}, $pan, '... and is another number');
$node->append_conf('postgresql.conf', "gpsync.key_file = '$keys'");
$node->reload;

$node->sql(q(SELECT gpsync.define_policy('words@1', '{"rules": [{"pattern": "secret", "action": "remove"}]}')));
shown('scrub words@1');
@events = grep { $_->{type} =~ /row/ } $slot->events;
ok(!exists $events[0]{data}{row}{a}, 'scrub POLICY extends payments@1');
$node->sql(q(SELECT gpsync.define_policy('only@1', '{"extends": null, "rules": [{"pattern": "secret", "action": "remove"}]}')));
label('ruled', 'a', 'scrub only@1');
$slot->events;
$node->sql("INSERT INTO ruled (id, a) VALUES (5, 'a secret $pan')");
is_deeply([ rows($slot) ], [ { id => 5, a => "a [removed] $pan", b => undef, c => undef } ], 'scrub POLICY: that policy alone');

# --- the stricter of now and then
sub raced
{
    my ($then, $now, $value) = @_;
    label('ruled', 'a', $then);
    $slot->events;
    $node->sql("UPDATE ruled SET a = '$value' WHERE id = 5");
    label('ruled', 'a', $now);
    return [ rows($slot) ]->[0]{a};
}
is(raced('pass', 'mask', $pan), '************1111', 'a label that is stricter now holds for the backlog');
is(raced('mask', 'pass', $pan), '************1111', 'a label that was stricter then holds for it too');
is(raced('drop', 'pass', $pan), undef, 'drop');
is(raced('scrub only@1', undef, "secret card $pan"), '[removed] card [removed]', 'two policies: both');
is(raced(undef, 'pass', $pan), undef, 'no label is scrub payments@1');
is(raced('pass', 'pass', $pan), $pan, 'pass at both times');

# A running decoder learns of a new label at the change behind it.
label('ruled', 'a', 'pass');
$slot->events;
my $received = $node->basedir . '/received';
my $log = $node->basedir . '/received.log';
my $pid = GpsyncTest::Process::in_child(sub {
    open STDERR, '>', $log;
    exec 'pg_recvlogical', '-d', $node->connstr('postgres'), '--slot', 'rules', '--start', '--no-loop', '-F', '0', '-f', $received;
});
$node->sql("UPDATE ruled SET a = 'first $pan' WHERE id = 5");
sub received { for (1 .. 300) { my $text = -e $received ? PostgreSQL::Test::Utils::slurp_file($received) : ''; return $text if $text =~ $_[0]; select undef, undef, undef, 0.1 } return '' }
like(received(qr/first/), qr/first $pan/, 'pg_recvlogical: as the label says');
label('ruled', 'a', 'mask');
$node->sql("UPDATE ruled SET a = 'second $pan' WHERE id = 5");
like(received(qr/\*{6}/), qr/"row":\{"id":5,"a":"\*{6} \*{12}1111"/, '... a new label reaches it at the next change');
unlike(PostgreSQL::Test::Utils::slurp_file($received), qr/second/, '... and nothing passes by it');
kill 'INT', $pid;
waitpid $pid, 0;

# The end of a document, a date or an array may be all there is of a PIN or a birthday.
$node->sql("CREATE TABLE masked (id int PRIMARY KEY, doc jsonb, js json, t text, x xml, d date, a text[], p person, sc jsonb, n numeric, card text)");
label('masked', $_, 'mask') for qw(doc js t x d a p sc n card);
my $masked = GpsyncTest::Slot->new($node, 'masked');
$node->sql(<<~SQL);
    INSERT INTO masked VALUES (1, '{"pan": "$pan", "pin": 9876}', '{"pan": "$pan", "pin": 9876}', ' {"pan": "$pan", "pin": 9876}', '<pin>9876</pin>', '1980-09-08',
        '{"$pan",9876}', ROW('Joe', 'x', 9876), '"$pan"', $pan, '$pan')
    SQL
my ($shown) = rows($masked);
unlike(JSON::PP->new->encode({ %{$shown}, map { $_ => '' } qw(sc n card) }), qr/[2-9]/, 'mask keeps nothing of documents, dates and arrays');
is_deeply([ @{$shown}{qw(sc n card)} ], [ ('************1111') x 3 ], '... and the last four of text and numbers');
$masked->drop;

# --- partitions: the labels of the ancestors count
$node->sql(<<~'SQL');
    CREATE TABLE tree (id int, k text, a text, b text, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
    CREATE TABLE middle PARTITION OF tree FOR VALUES IN ('x', 'y') PARTITION BY LIST (k);
    CREATE TABLE leaf (gone int, b text, a text, k text NOT NULL, id int NOT NULL);
    ALTER TABLE leaf DROP gone;
    ALTER TABLE middle ATTACH PARTITION leaf FOR VALUES IN ('x');
    CREATE PUBLICATION by_root FOR TABLE tree WITH (publish_via_partition_root);
    SQL
$slot = GpsyncTest::Slot->new($node, 'tree');
label('tree', 'a', 'mask');
label('middle', 'b', 'drop');
$node->sql("INSERT INTO tree VALUES (1, 'x', 'abcd', 'b')");
for my $publication (qw(gpsync by_root))
{
    my @rows = map { $_->{data}{row} } $slot->peek(publication_names => $publication);
    is_deeply(\@rows, [ { id => 1, k => 'x', a => '****' } ], "labels of ancestors, streamed by $publication");
}
$slot->events;
$node->sql("INSERT INTO tree VALUES (2, 'x', 'abcd', 'b')");
label('tree', 'a', 'drop');
$node->sql("INSERT INTO tree VALUES (3, 'x', 'abcd', 'b')");
label('leaf', 'a', 'pass');
is_deeply([ rows($slot) ], [ { id => 2, k => 'x' }, { id => 3, k => 'x' } ], 'a partition cannot loosen what its root says');

# --- inheritance without partitions, and a partition that became one in the backlog
$node->sql(<<~'SQL');
    CREATE TABLE parent (id int PRIMARY KEY, a text, b text);
    CREATE TABLE other_parent (b text);
    CREATE TABLE child (more text, PRIMARY KEY (id)) INHERITS (parent, other_parent);
    CREATE TABLE grandchild (PRIMARY KEY (id)) INHERITS (child);
    CREATE TABLE late (k text NOT NULL, id int NOT NULL, a text, b text, PRIMARY KEY (id, k));
    SQL
$slot = GpsyncTest::Slot->new($node, 'inherited');
label('parent', 'a', 'mask');
$node->sql("INSERT INTO child VALUES (1, 'abcd', 'b', 'm'); INSERT INTO grandchild VALUES (2, 'abcd', 'b', 'm')");
label('other_parent', 'b', 'drop');
$node->sql("INSERT INTO grandchild VALUES (3, 'abcd', 'b', 'm'); INSERT INTO late VALUES ('y', 4, 'abcd', 'b'); ALTER TABLE middle ATTACH PARTITION late FOR VALUES IN ('y')");
is_deeply([ rows($slot) ], [ (map { { id => $_, a => '****', more => 'm' } } 1 .. 3), { id => 4, k => 'y' } ],
    'labels of parents hold for what inherits, and those of present ancestors for rows from before');
$slot->drop;

# --- TOASTed columns
$node->sql('CREATE TABLE toasted (id int PRIMARY KEY, a text, b text, n int); ALTER TABLE toasted ALTER a SET STORAGE EXTERNAL; ALTER TABLE toasted ALTER b SET STORAGE EXTERNAL');
label('toasted', 'a', 'drop');
$slot = GpsyncTest::Slot->new($node, 'toasted');
$node->sql("INSERT INTO toasted VALUES (1, repeat('a', 10000), repeat('b', 10000), 1); UPDATE toasted SET n = 2");
@events = $slot->events;
is_deeply($events[1]{data}{unchanged}, ['b'], 'a dropped column is not named among the unchanged ones');

# --- the key, and the status
is(($node->sql_error("SELECT gpsync.redact_in_stream('toasted', 'id', 'hash')"))[0], '0A000', 'a key column takes no label');
$node->sql('CREATE TABLE keyed (mail text PRIMARY KEY, other text)');
$slot = GpsyncTest::Slot->new($node, 'keyed');
$node->sql(q(INSERT INTO keyed VALUES ('joe@example.com', 'joe@example.com')));
@events = $slot->peek;
is_deeply([ @{ $events[0]{data} }{qw(key row)} ], [ ({ mail => 'joe@example.com' }) x 2 ], 'a key is sent as it is, and nothing else');
label('keyed', 'other', 'hash');
my $rekey = 'ALTER TABLE keyed DROP CONSTRAINT keyed_pkey, ADD PRIMARY KEY (other)';
like(($node->sql_error($rekey))[1], qr/^.*ERROR:  0A000: column "other" cannot be part of the key of table public.keyed and have security label "hash"/, 'a column with a label cannot become the key');
# What keeps it from that takes no lock of its own, else commands on two partitions would wait for each other.
$node->sql("CREATE TABLE split (id int, note text) PARTITION BY LIST (id); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1); CREATE TABLE split_2 PARTITION OF split FOR VALUES IN (2)");
label('split', 'note', 'hash');
my $altering = $node->background_psql('postgres');
$altering->query_safe('BEGIN; ALTER TABLE split_1 ADD PRIMARY KEY (id)');
is($node->sql("SET lock_timeout = '5s'; ALTER TABLE split_2 ADD PRIMARY KEY (id)"), '', 'the guard of keys waits for no other partition');
$altering->quit;
like(($node->sql_error('ALTER TABLE split_2 DROP CONSTRAINT split_2_pkey, ADD PRIMARY KEY (id, note)'))[1], qr/column "note" cannot be part of the key of table public.split_2/, 'and knows the labels of the parent');
$node->sql("ALTER EVENT TRIGGER gpsync_guard_keys DISABLE; $rekey; ALTER EVENT TRIGGER gpsync_guard_keys ENABLE ALWAYS");
$node->sql(q(INSERT INTO keyed VALUES ('a@example.com', 'b@example.com')));
my ($sqlstate, $message) = $slot->error;
like($message, qr/column "other" is part of the key and has a security label/, 'one that became it all the same stops the stream');
like($node->sql(q(SELECT finding || fix FROM gpsync.doctor() WHERE check_name = 'label')), qr/"other" is part of the key of table .*redact_in_stream\('public.keyed', 'other', NULL\)/, 'doctor() says how to go on');
# The last word counts: without the label the stream goes on, and nothing is lost. What was no key when it was written stays redacted.
label('keyed', 'other', undef);
$node->sql(q(INSERT INTO keyed VALUES ('c@example.com', 'd@example.com')));
@events = $slot->peek;
is_deeply([ map { $_->{data}{key} } @events ], [ { mail => 'joe@example.com' }, { other => 'b@example.com' }, { other => 'd@example.com' } ], 'without the label it goes on where it stopped');
is_deeply([ map { $_->{data}{row} } @events ], [ { mail => 'joe@example.com' }, { other => 'b@example.com' }, { other => 'd@example.com' } ], 'and shows no more than the keys');
# A label that comes while somebody reads stops it at the next change.
$node->sql('ALTER EVENT TRIGGER gpsync_guard_keys DISABLE; ALTER TABLE keyed DROP CONSTRAINT keyed_pkey, ADD PRIMARY KEY (mail)');
my ($running_out, $running) = ($node->basedir . '/running', undef);
$running = GpsyncTest::Process->spawn('pg_recvlogical', [ 'pg_recvlogical', '-d', $node->connstr('postgres'), '--slot', 'keyed', '--start', '--no-loop', '--fsync-interval', 1, '-f', $running_out ]);
ok(GpsyncTest::wait_until(sub { -e $running_out && PostgreSQL::Test::Utils::slurp_file($running_out) =~ /d\@example/ }, 'what there is comes'), 'somebody reads');
label('keyed', 'other', 'drop');
$node->sql(q(ALTER TABLE keyed DROP CONSTRAINT keyed_pkey, ADD PRIMARY KEY (other); INSERT INTO keyed VALUES ('e@example.com', 'f@example.com')));
ok(GpsyncTest::wait_until(sub { $running->log =~ /column "other" is part of the key/ }, 'an error'), 'a label set while somebody reads holds');
unlike(PostgreSQL::Test::Utils::slurp_file($running_out), qr/f\@example/, 'nothing of the row is sent');
label('keyed', 'other', undef);
$node->sql('ALTER EVENT TRIGGER gpsync_guard_keys ENABLE ALWAYS');
is(($slot->peek)[-1]{data}{key}{other}, 'f@example.com', 'without it, it goes on');

$node->sql(<<~'SQL');
    CREATE TABLE attached (id int PRIMARY KEY, pin_status text NOT NULL, pin text);
    SELECT gpsync.define_machine('m', '{"1234": []}', '{1234}');
    SELECT gpsync.attach('attached', 'm', 'pin_status', 'attached');
    SQL
$slot = GpsyncTest::Slot->new($node, 'attached');
$node->sql(q(INSERT INTO attached VALUES (1, '1234', '1234')));
is_deeply([ rows($slot) ], [ { id => 1, pin_status => '1234' } ], 'the status is not looked at');
$node->sql(<<~'SQL');
    CREATE TABLE pretended (id int PRIMARY KEY, pin text);
    CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER gpsync_stamp BEFORE INSERT ON pretended FOR EACH ROW EXECUTE FUNCTION nothing('m', 'pin');
    INSERT INTO pretended VALUES (1, '1234');
    SQL
is_deeply([ rows($slot) ], [ { id => 1 } ], '... and a trigger with the name of ours makes no status');

# --- a label naming a policy that is not there, or a rule of another version
$node->sql('CREATE TABLE odd (id int PRIMARY KEY, a text)');
$slot = GpsyncTest::Slot->new($node, 'odd');
label('odd', 'a', 'mask');
$node->sql(q(SET allow_system_table_mods = on; UPDATE pg_seclabel SET label = 'scrub nowhere@1' WHERE objoid = 'odd'::regclass; INSERT INTO odd VALUES (1, 'x')));
($sqlstate, $message) = $slot->error;
like($message, qr/policy "nowhere\@1" does not exist/, 'a policy that does not exist stops the stream');
$node->sql(q(SET allow_system_table_mods = on; UPDATE pg_seclabel SET label = 'melt' WHERE objoid = 'odd'::regclass));
($sqlstate, $message) = $slot->error;
like($message, qr/security label "melt" of column "a" is not known/, 'so does a rule that nobody knows');

# --- a relay begins again when what is redacted changes
$node->sql(<<~'SQL');
    CREATE TABLE streamed (id int PRIMARY KEY, a text);
    CREATE PUBLICATION streamed FOR TABLE streamed;
    CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:9/');
    SELECT gpsync.create_stream('legacy', '{nws}', 'streamed', bookkeeping => false);
    SQL
my $fingerprint = sub { $node->sql(q(SELECT gpsync_internal.relay_fingerprint('legacy'))) };
my @fingerprints = $fingerprint->();
label('streamed', 'a', 'mask');
push @fingerprints, $fingerprint->();
$node->sql('CREATE TABLE heir () INHERITS (streamed)');
push @fingerprints, $fingerprint->();
$node->sql(q(SELECT gpsync.define_policy('more@1', '[]')));
push @fingerprints, $fingerprint->();
label('streamed', 'a', undef);
push @fingerprints, $fingerprint->();
is(scalar(keys %{ { map { $_ => 1 } @fingerprints } }), 5, 'the fingerprint covers labels, the tables they count for, and policies');
is($fingerprint->(), $fingerprints[-1], '... and stays the same otherwise');

# --- what stands beside a document that is a whole column is in other columns, not in the document
{
    $node->sql('CREATE TABLE whole (id int PRIMARY KEY, name jsonb, city jsonb, value jsonb, title jsonb, zip jsonb, content jsonb, email text)');
    my $whole = GpsyncTest::Slot->new($node, 'whole');
    my @documents = ('{"a": 1}', '["word"]', '"word"', '5', 'null', 'true', '[]', '{}', '"Joe Example"', '[{"name": "x"}, 2]');
    $node->sql('INSERT INTO whole VALUES ' . join ', ', map { "($_, " . join(', ', ("'$documents[$_]'") x 6) . ($_ % 2 ? ", 'joe\@example.com')" : ', NULL)') } 0 .. $#documents);
    for my $format ('cloudevents', 'wal2json 1', 'wal2json 2')
    {
        my $text = $node->sql('SELECT data FROM ' . $whole->call('pg_logical_slot_peek_changes', GpsyncTest::Slot::format_options($format)));
        unlike($text, qr/joe|example/, "$format: beside a column that is PII");
    }
    my @whole_rows = rows($whole);
    is(scalar(@whole_rows), scalar(@documents), 'each row comes');
    is_deeply($whole_rows[$_]{content}, JSON::PP->new->allow_nonref->decode($documents[$_]), "... $documents[$_]") for 0 .. 7, 9;
    $whole->drop;
}

# --- a column may name what another holds; the names of a table's columns say whether one could
{
    $node->sql(<<~'SQL');
        CREATE TABLE named (id int PRIMARY KEY, kind text, field_name text, value text, token_id text);
        CREATE TABLE unnamed (id int PRIMARY KEY, kind text, field_name text, token_id text, amount int);
        SQL
    my $named = GpsyncTest::Slot->new($node, 'named');
    $node->sql(<<~'SQL');
        INSERT INTO named VALUES (1, 'card', 'first_name', 'Joe', 'tok_1'), (2, 'card', 'colour', 'Joe', 'tok_2'), (3, 'x', 'cvv', '123', 'joe@example.com');
        INSERT INTO unnamed VALUES (1, 'card', 'first_name', 'tok_1', 1), (2, 'card joe@example.com', '4111 1111 1111 1111', 'joe@example.com', 2);
        SQL
    is_deeply([ rows($named) ], [
            { id => 1, kind => 'card', field_name => 'first_name', token_id => 'tok_1' }, { id => 2, kind => 'card', field_name => 'colour', value => 'Joe', token_id => 'tok_2' },
            { id => 3, kind => 'x', field_name => 'cvv' }, { id => 1, kind => 'card', field_name => 'first_name', token_id => 'tok_1', amount => 1 },
            { id => 2, kind => 'card [removed]', amount => 2 } ], 'labels of values, and labels alone');
    $named->drop;
}

# --- other encodings: replacements come back in the encoding of the database
$node->sql(q(CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0));
$node->safe_psql('latin', q(CREATE TABLE t (id int PRIMARY KEY, a text, j json, jb jsonb); CREATE PUBLICATION gpsync FOR ALL TABLES));
my $latin = GpsyncTest::Slot->new($node, 'latin', db => 'latin');
$node->safe_psql('latin', q(SET client_encoding = 'UTF8'; INSERT INTO t VALUES (1, 'né joe@example.com', '{"é": ["ü joe@example.com"]}', '{"é": ["ü joe@example.com"], "a": "ü"}')));
like($node->safe_psql('latin', q(SET client_encoding = 'UTF8'; SELECT data FROM ) . $latin->call('pg_logical_slot_peek_changes')),
    qr/"row":\{"id":1,"a":"né \[removed\]","j":\{"é":\["ü \[removed\]"\]\},"jb":\{"a":"ü","é":\["ü \[removed\]"\]\}\}/, 'a database in LATIN1');

# --- rows of a table with labels as values of another one's columns
$node->sql(<<~'SQL');
    CREATE TABLE labelled (id int PRIMARY KEY, note text, other text);
    CREATE TYPE around AS (l labelled, n int);
    CREATE DOMAIN labelled_domain AS labelled;
    CREATE TABLE holder (id int PRIMARY KEY, l labelled, ls labelled[], a around[], d labelled_domain, shown labelled, free around, n int);
    SQL
label('labelled', 'note', 'mask');
label('holder', 'shown', 'pass');
$slot = GpsyncTest::Slot->new($node, 'rows');
$node->sql(q(INSERT INTO holder SELECT 1, l, ARRAY[l], ARRAY[ROW(l, 1)::around], l, l, NULL, 5 FROM (VALUES (ROW(1, 'inside', 'x')::labelled)) AS v (l)));
is_deeply([ rows($slot) ], [ { id => 1, shown => { id => 1, note => 'inside', other => 'x' }, n => 5 } ], 'such a column is left out unless it has a label of its own');
label('labelled', 'note', undef);
label('labelled', 'other', 'scrub payments@1');
$slot->drop;
$slot = GpsyncTest::Slot->new($node, 'rows');
$node->sql(q(UPDATE holder SET n = 6));
label('labelled', 'other', 'drop');
$node->sql(q(UPDATE holder SET n = 7));
label('labelled', 'other', undef);
is_deeply([ map { $_->{l} } rows($slot) ], [ { id => 1, note => 'inside', other => 'x' }, undef ], '... or the labels leave what is no PII, as they were at the change');
$slot->drop;

# --- what one column says of another counts in any order, and from the key and from columns with a label, as in a document
$node->sql(<<~'SQL');
    CREATE TYPE pair AS (value text, name text);
    CREATE TABLE behind (id int PRIMARY KEY, value text, name text, p pair, ps pair[], h hstore, answer jsonb, question text[]);
    CREATE TABLE of_key (customer_id int, name text, value text, PRIMARY KEY (customer_id, name));
    CREATE TABLE of_label (id int PRIMARY KEY, name text, value text);
    CREATE TABLE message (mti text, f52 text, PRIMARY KEY (mti));
    CREATE TABLE places (city text, zip text, id int PRIMARY KEY);
    SQL
label('of_label', 'name', 'drop');
$slot = GpsyncTest::Slot->new($node, 'siblings');
$node->sql(<<~'SQL');
    INSERT INTO behind VALUES (1, '123', 'cvv', ('123', 'cvv'), ARRAY[('4821', 'pin')::pair], 'a=>1234, q=>"What is your PIN?"', '"1234"', '{pin}');
    INSERT INTO behind VALUES (2, '078051120', 'ssn', ('7', 'count'), NULL, 'a=>b', '"no"', '{size}');
    INSERT INTO of_key VALUES (1, 'cvv', '123'), (2, 'colour', 'red');
    INSERT INTO of_label VALUES (1, 'cvv', '123'), (2, 'size', '7');
    INSERT INTO message VALUES ('0100', 'A1B2C3D4E5F60718');
    INSERT INTO places VALUES ('Paris', '75001', 1);
    SQL
is_deeply([ rows($slot) ], [
    { id => 1, name => 'cvv', p => { name => 'cvv' }, ps => [ { name => 'pin' } ], h => '"q"=>"What is your PIN?"', question => ['pin'] },
    { id => 2, name => 'ssn', p => { value => '7', name => 'count' }, ps => undef, h => '"a"=>"b"', answer => 'no', question => ['size'] },
    { customer_id => 1, name => 'cvv' }, { customer_id => 2, name => 'colour', value => 'red' },
    { id => 1 }, { id => 2, value => '7' }, { mti => '0100' }, { id => 1 } ], 'the row is judged as a document of the same members');
$slot->drop;

# --- what a consumer can set
$node->sql('CREATE TABLE plain (id int PRIMARY KEY, a text, h text)');
$slot = GpsyncTest::Slot->new($node, 'consumer');
label('plain', 'h', 'hash');
$node->sql(q(INSERT INTO plain VALUES (1, 'joe@example.com', 'x')));
for my $option (qw(scrub redaction policy include_pii key_file))
{
    is(($slot->error($option => 'off'))[0], '22023', "option $option is an error");
}
my $own = $node->basedir . '/own';
PostgreSQL::Test::Utils::append_to_file($own, "gpsync-keys 1\nkey mine AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
chmod 0600, $own;
my $end = $node->sql('SELECT pg_current_wal_lsn()');
my $out = $node->basedir . '/consumer';
PostgreSQL::Test::Utils::system_log('pg_recvlogical', '-d', $node->connstr('postgres') . " options='-c gpsync.key_file=$own -c session_replication_role=replica'",
    '--slot', 'consumer', '--start', '--no-loop', '--endpos', $end, '-f', $out);
unlike(-e $out ? PostgreSQL::Test::Utils::slurp_file($out) : '', qr/gpsync:h1:mine|joe/, 'a consumer cannot bring a key of its own');
chmod 0644, $keys;
like(($slot->error)[1], qr/key file .* has group or world access/, 'a key file that others can read is refused');

done_testing;
