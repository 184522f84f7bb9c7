# Generated columns in the stream: what a column is computed from is redacted in it, too, by its labels at the change and at the start of
# streaming; its own label can make that stricter, never weaker. The values here are no PII, so only labels take them away.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<~'SQL');
    CREATE EXTENSION gpsync;
    -- With generated columns where it can be said, or PostgreSQL 18 refuses the updates.
    DO $$ BEGIN EXECUTE format('CREATE PUBLICATION gpsync FOR ALL TABLES WITH (%s)', gpsync_internal.publication_options()); END $$;
    SELECT gpsync.define_policy('word@1', '[{"pattern": "secret", "action": "remove"}]');
    CREATE TABLE t (id int PRIMARY KEY, gone int, a text, b text, gone_too text,
        lower_a text GENERATED ALWAYS AS (lower(a)) STORED, own text GENERATED ALWAYS AS (a || '!') STORED,
        together text GENERATED ALWAYS AS (a || '+' || b) STORED, of_id int GENERATED ALWAYS AS (id * 2) STORED);
    ALTER TABLE t DROP gone, DROP gone_too;
    ALTER TABLE t REPLICA IDENTITY FULL;
    SQL
my $slot = GpsyncTest::Slot->new($node, 'generated');

sub label { my ($table, $column, $rule) = @_; return $node->sql("SELECT gpsync.redact_in_stream('$table', '$column', " . (defined $rule ? "'$rule'" : 'NULL') . ')'); }
sub rows { return map { $_->{data}{row} } $slot->events }
sub insert { my ($id) = @_; return $node->sql("INSERT INTO t VALUES ($id, 'The Secret', 'bee')") }
my %open = (a => 'The Secret', b => 'bee', lower_a => 'the secret', own => 'The Secret!', together => 'The Secret+bee');
sub shown { my ($id, %changed) = @_; my %row = (id => $id, of_id => 2 * $id, %open, %changed); delete @row{ grep { !defined $row{$_} } keys %row }; return \%row }

insert(1);
is_deeply([rows()], [ shown(1) ], 'without a label all is shown');

# --- labels of the source
my @hidden = (a => undef, lower_a => undef, own => undef, together => undef);
label('t', 'a', 'drop');
insert(2);
is_deeply([rows()], [ shown(2, @hidden) ], 'what is computed from a dropped column is dropped');
label('t', 'own', 'pass');
insert(3);
$node->sql('UPDATE t SET b = \'wasp\' WHERE id = 3; DELETE FROM t WHERE id = 2');
for my $format ('cloudevents', 'wal2json 1', 'wal2json 2')
{
    my $text = $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes', GpsyncTest::Slot::format_options($format)));
    like($text, qr/wasp/, "$format shows what is not labelled");
    unlike($text, qr/secret/i, "$format: no label of the generated column weakens that, in old rows neither");
}
is_deeply([ (rows())[0] ], [ shown(3, @hidden) ], '... and the row is whole otherwise');
label('t', 'own', 'mask');
label('t', 'a', 'mask');
insert(4);
is_deeply([rows()], [ shown(4, a => '*** ******', lower_a => '*** ******', own => '*** ******!', together => '*** ******+***') ], 'mask');
label('t', 'own', 'drop');
insert(5);
is_deeply([rows()], [ shown(5, a => '*** ******', lower_a => '*** ******', own => undef, together => '*** ******+***') ], 'its own label makes it stricter');
label('t', 'own', undef);
label('t', 'a', undef);
label('t', 'b', 'scrub word@1');
insert(6);
is_deeply([rows()], [ shown(6) ], 'a policy finds what it looks for, in a case that is another one');
$node->sql("INSERT INTO t VALUES (7, 'a secret of joe\@example.com', 'bee')");
is_deeply([rows()], [ shown(7, a => 'a secret of [removed]', lower_a => 'a secret of [removed]', own => 'a secret of [removed]!', together => 'a [removed] of [removed]+bee') ],
    'the policy of a source is added to the default one');
label('t', 'a', 'pass');
insert(8);
is_deeply([rows()], [ shown(8) ], 'pass adds nothing');
label('t', 'b', undef);

# --- labels at the change and at the start
label('t', 'a', undef);
insert(10);
label('t', 'a', 'drop');
is_deeply([rows()], [ shown(10, @hidden) ], 'a backlog obeys a label that came later');
insert(11);
label('t', 'a', undef);
insert(12);
is_deeply([rows()], [ shown(11, @hidden), shown(12) ], '... and the one of its time, when that is taken away');
label('t', 'a', 'drop');
$node->sql(q{ALTER TABLE t ADD late text GENERATED ALWAYS AS ('late ' || a) STORED});
$node->sql('ALTER TABLE t RENAME a TO renamed');
insert(13);
unlike($node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes')), qr/secret/i, 'columns that were added, and sources that were renamed');
rows();

# --- partitions, whose columns have other numbers, and tables that inherit
$node->sql(<<~'SQL');
    CREATE TABLE root (id int PRIMARY KEY, a text, b text, g text GENERATED ALWAYS AS (lower(b)) STORED) PARTITION BY RANGE (id);
    CREATE TABLE leaf (gone int, b text, id int PRIMARY KEY, g text GENERATED ALWAYS AS (lower(b)) STORED, a text);
    ALTER TABLE leaf DROP gone;
    ALTER TABLE root ATTACH PARTITION leaf FOR VALUES FROM (0) TO (100);
    CREATE TABLE parent (id int PRIMARY KEY, a text);
    CREATE TABLE child (g text GENERATED ALWAYS AS (lower(a)) STORED, PRIMARY KEY (id)) INHERITS (parent);
    SELECT gpsync.redact_in_stream('root', 'b', 'drop'), gpsync.redact_in_stream('parent', 'a', 'drop');
    INSERT INTO root VALUES (1, 'open', 'Secret');
    INSERT INTO child VALUES (1, 'Secret');
    SQL
is_deeply([rows()], [ { id => 1, a => 'open' }, { id => 1 } ], 'the label of the root, the label of the parent');
$node->sql("SELECT gpsync.redact_in_stream('root', 'b', NULL), gpsync.redact_in_stream('leaf', 'b', 'drop'); INSERT INTO root VALUES (2, 'open', 'Secret')");
is_deeply([rows()], [ { id => 2, a => 'open' } ], 'the label of the partition');
$node->sql("ALTER TABLE root DETACH PARTITION leaf; SELECT gpsync.redact_in_stream('leaf', 'b', NULL), gpsync.redact_in_stream('leaf', 'a', 'drop'); INSERT INTO leaf (id, a, b) VALUES (3, 'Secret', 'open')");
is_deeply([rows()], [ { id => 3, b => 'open', g => 'open' } ], 'a table by itself');

# --- a key that is computed from a labelled column: refused, and where it has come to be, the stream stops
my ($state, $error) = $node->sql_error("CREATE TABLE k (a text, g text GENERATED ALWAYS AS (lower(a)) STORED PRIMARY KEY); SELECT gpsync.redact_in_stream('k', 'a', 'drop');");
is($state, '0A000', 'the column under a key cannot be labelled');
$node->sql(<<~'SQL');
    ALTER EVENT TRIGGER gpsync_guard_keys DISABLE;
    SELECT gpsync.redact_in_stream('k', 'a', 'drop');
    INSERT INTO k VALUES ('Secret');
    SQL
($state, $error) = $slot->error;
is($state, '55000', 'a key that shows it stops the stream');
like($error, qr/column "g" is part of the key and computed from a column that has a security label/, '... and says why');
unlike($error, qr/secret/i, '... without the value');
$node->sql("SELECT gpsync.redact_in_stream('k', 'a', NULL)");
is_deeply([rows()], [ { g => 'secret' } ], 'it goes on when the label is taken away, as it does with a label on the key itself');

done_testing;
