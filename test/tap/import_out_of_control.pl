# Imports that overwrite, while their table leaves gpsync's control and comes back: what has been written meanwhile stays,
# also where a chunk had begun before, and where a repair has brought the rows.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<'SQL');
CREATE EXTENSION gpsync;
CREATE TABLE source (id int PRIMARY KEY, at date, status text, note text);
INSERT INTO source SELECT n, '2024-03-04', 'RECEIVED', 'legacy' FROM generate_series(1, 3) AS n;
-- Whoever reads a note, which counting the rows does not, waits at the gate.
CREATE FUNCTION gate(note text) RETURNS text STABLE LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN note; END$$;
CREATE VIEW gated AS SELECT id, at, status, gate(note) AS note FROM source;
CREATE TABLE things (id int PRIMARY KEY, status text NOT NULL, note text);
CREATE TABLE parts (id int, at date, status text NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE mended (id int PRIMARY KEY, status text NOT NULL, note text);
SELECT gpsync.attach(t) FROM unnest('{things,parts,mended}'::regclass[]) AS t;
SQL

my %import = (
    things => q{'things', 'public.gated', columns => '{"id": "id", "status": "status", "note": "note"}'},
    mended => q{'mended', 'public.source', columns => '{"id": "id", "status": "status", "note": "note"}'},
    parts  => q{'parts', 'public.gated', source_key => '{id,at}'});

sub import_again
{
    my ($table, $job) = @_;
    $node->sql("SELECT gpsync.import($import{$table}, on_conflict => 'update', job => '$job')");
    $node->sql("CALL gpsync.run_import('$job')");
}

sub notes { my ($table) = @_; return $node->sql("SELECT string_agg(note, ' ' ORDER BY id) FROM $table") }

# A chunk is at work, and reads its source, when the table or its partition comes back into control: it knows nothing of what
# has been written in between.
sub races
{
    my ($table, $before, $meanwhile) = @_;
    import_again($table, "${table}_1");
    $node->sql("UPDATE source SET note = 'again'");
    import_again($table, "${table}_2");
    is(notes($table), 'again again again', "$table: an import takes over what nobody else has written");
    $node->sql("$before; UPDATE source SET note = 'last'; SELECT gpsync.import($import{$table}, on_conflict => 'update', job => '${table}_3')");
    my ($gate, $run, $ddl) = map { $node->background_psql('postgres') } 1 .. 3;
    $gate->query('SELECT pg_advisory_lock(1)');
    start($run, "CALL gpsync.run_import('${table}_3')");
    ok($node->wait_for_sql(waiting('CALL'), 1), '... one reads its source');
    start($ddl, $meanwhile);
    ok($node->wait_for_sql(waiting('BEGIN'), 1), '... and who brings the table back waits for it');
    $gate->query('SELECT pg_advisory_unlock(1)');
    $_->query('SELECT 1') for $run, $ddl;
    $_->quit for $gate, $run, $ddl;
    is($node->sql("SELECT note FROM $table WHERE id = 2"), 'modern', '... what was written meanwhile stays');
    import_again($table, "${table}_4");
    is($node->sql("SELECT note FROM $table WHERE id = 2"), 'modern', '... also in what comes later');
}

sub start { my ($session, $sql) = @_; $session->{stdin} .= "$sql;\n"; return $session->{run}->pump_nb }
sub waiting { my ($query) = @_; return "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '$query%'" }

races('things', '', q{BEGIN\; SELECT gpsync.detach('things')\; UPDATE things SET note = 'modern' WHERE id = 2\; SELECT gpsync.attach('things')\; COMMIT});
$node->sql("UPDATE source SET note = 'legacy'");
races('parts', q{ALTER TABLE parts DETACH PARTITION parts_2024; UPDATE parts_2024 SET note = 'modern' WHERE id = 2},
    q{BEGIN\; ALTER TABLE parts ATTACH PARTITION parts_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')\; COMMIT});
$node->sql("UPDATE source SET note = 'legacy'");

# Rows that a repair has brought.
$node->sql(q{SELECT gpsync.verify('public.mended', 'public.source', run => 'first', columns => '{"id": "id", "status": "status", "note": "note"}')});
$node->sql(q{CALL gpsync.run_verify('first')});
$node->sql(q{SELECT FROM gpsync.repair('first', 'to_modern', apply => true)});
is(notes('mended'), 'legacy legacy legacy', 'a repair brings rows');
$node->sql("UPDATE source SET note = 'again'");
import_again('mended', 'mended_1');
is(notes('mended'), 'again again again', '... an import takes over what nobody else has written');
$node->sql('DELETE FROM gpsync.import_job');
$node->sql("SELECT gpsync.detach('mended'); UPDATE mended SET note = 'modern' WHERE id = 2; SELECT gpsync.attach('mended'); UPDATE source SET note = 'last'");
import_again('mended', 'mended_2');
is(notes('mended'), 'again modern again', '... and nothing once the table was out of control');
done_testing;
