# A session, role or database with standard_conforming_strings = off: there a backslash in a literal is an escape, also in
# the bodies of functions that are read then. What gpsync does stays the same.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<~'SQL');
    CREATE EXTENSION gpsync;
    CREATE SCHEMA s;
    CREATE TABLE s.x (id text PRIMARY KEY, v int, n numeric);
    CREATE TABLE s.y (id text PRIMARY KEY, v int);
    CREATE TABLE s.source AS SELECT E'a\\' || i AS id, i AS v, i + 0.004 AS n FROM generate_series(1, 100) AS i;
    CREATE UNIQUE INDEX ON s.source (id);
    SELECT gpsync.attach('s.x', NULL);
    ALTER DATABASE postgres SET standard_conforming_strings = off;
    ALTER DATABASE postgres SET escape_string_warning = on;
    SQL

is($node->sql("SELECT gpsync.import('s.x', 's.source', job => 'x')"), 'x', 'an import is registered');
$node->sql("CALL gpsync.run_import('x')");
$node->sql(q{SELECT gpsync.verify('s.x', 's.source', run => 'x', columns => '{"id": "id", "v": "v", "n": {"source": "v", "compare": "scale:2"}}')});
$node->sql("CALL gpsync.run_verify('x')");
is($node->sql("SELECT state, modern_rows, legacy_rows, differs FROM gpsync.verify_progress WHERE run = 'x'"), 'finished|100|100|0', 'a rule of comparison');

$node->sql("SELECT gpsync.keep_in_step('s.x', 's.y', '{id}', '{v}')");
$node->sql(q{INSERT INTO s.y VALUES (E'a\\\\1', 7); UPDATE s.y SET v = 8});
is($node->sql('SELECT v FROM s.x JOIN s.y USING (id, v)'), 8, 'tables in step');
is($node->sql('SELECT count(*) FROM gpsync.step_differences'), 0, '... and what differs');
is($node->sql("SELECT finding FROM gpsync.doctor() WHERE check_name = 'doctor'"), '', 'every check of doctor() runs');
$node->sql("SELECT gpsync.drop_step('s.x', 's.y')");
is($node->sql("SELECT gpsync_internal.error_pattern('no id 123 and 456')"), $node->sql("SET standard_conforming_strings = on; SELECT gpsync_internal.error_pattern('no id 123 and 456')"),
    'errors are grouped alike');

# In whatever order sessions come, a function's body is read in one of these ways.
my ($out, $warnings) = ('', '');
$node->psql('postgres', 'SELECT count(*) FROM gpsync.doctor()', stdout => \$out, stderr => \$warnings);
unlike($warnings, qr/nonstandard use/, 'no literal needs the setting');

done_testing;
