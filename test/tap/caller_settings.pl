# What a role sets in its session changes nothing of what gpsync's functions do with the rights of the extension's owner:
# what a literal, a name or a time means, and where tables are made.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $apart = $node->basedir . '/apart';
mkdir $apart or die "cannot make $apart: $!\n";
$node->safe_psql('postgres', "CREATE TABLESPACE apart LOCATION '$apart'");
$node->sql(<<'SQL');
CREATE EXTENSION gpsync;
CREATE ROLE olga LOGIN;
CREATE ROLE rita LOGIN;
SELECT gpsync.grant_operator('olga');
SELECT gpsync.grant_reader('rita');
GRANT CREATE ON DATABASE postgres TO olga;
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/');
GRANT USAGE ON FOREIGN SERVER nws TO olga;
SET ROLE olga;
CREATE SCHEMA o;
CREATE TABLE o.parcel (id integer PRIMARY KEY, status text, place text);
CREATE TABLE o.letter (id integer PRIMARY KEY, status text, place text);
CREATE VIEW o.legacy AS SELECT 7 AS id, text 'RECEIVED' AS status, text 'here' AS place;
SELECT gpsync.attach(t, publication => 'post') FROM unnest('{o.parcel,o.letter}'::regclass[]) AS t;
SELECT gpsync.create_stream('post', endpoints => '{nws}', publication => 'post');
SQL

my %LITERALS = (standard_conforming_strings => 'off', client_min_messages => 'error');
my %NAMES    = (quote_all_identifiers => 'on', array_nulls => 'off', transform_null_equals => 'on');
my %TIMES    = (DateStyle => "'SQL, DMY'", TimeZone => "'Asia/Kolkata'", IntervalStyle => 'sql_standard');

# What a role gets, whose session has these settings; an error ends the test.
sub as
{
    my ($role, $settings, $sql) = @_;
    my $set = join ' ', map { "SET $_ = $settings->{$_};" } sort keys %$settings;
    return $node->safe_psql('postgres', "$set $sql", extra_params => [ '-U', $role ]);
}

# --- errors of receivers, which readers see without numbers ----------------------------------------------------------
$node->sql(<<'SQL');
INSERT INTO gpsync.held_event (stream, commit_lsn, ordinal, endpoint, event_id, schema_name, table_name, key, revision,
                               committed_at, attempts, next_attempt, http_status, error, partition_key, line)
VALUES ('post', '0/1', 1, 'nws', 'x', 'o', 'parcel', '{"id": 1}', 8, now(), 1, now(), 400,
        'account 7719402283 is closed', 'o.parcel/1', 'x');
INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, attempts, error, payload)
VALUES ('post', 'nws', 'y', 'o.parcel/2', 'o', 'parcel', '{"id": 2}', 1, 'account 7719402283 is closed', '{}');
SQL
for my $sql ('SELECT last_error FROM gpsync.parked_events', 'SELECT error FROM gpsync.dead_letter_groups')
{
    is(as('rita', \%LITERALS, $sql), 'account # is closed', "$sql: no number, whatever a literal means in the session");
}
my $findings = 'SELECT * FROM gpsync.doctor()';
is(as('rita', \%LITERALS, $findings), as('rita', {}, $findings), 'doctor() finds the same');
is(scalar(() = as('rita', \%LITERALS, $findings) =~ /doctor_\w+\(\) failed/g), 0, '... and no area of it fails');
$node->sql('DELETE FROM gpsync.dead_letter; DELETE FROM gpsync.held_event');

# --- literals and names ----------------------------------------------------------------------------------------------
as('olga', \%LITERALS, "SELECT gpsync.keep_in_step('o.parcel', 'o.letter', key => '{id}', columns => '{place}')");
as('olga', \%LITERALS, "SELECT gpsync.drop_step('o.parcel', 'o.letter')");
is($node->sql("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'gpsync_step%'"), '0', 'tables are kept in step, and no more');
as('olga', \%LITERALS, q{SELECT gpsync.import('o.letter', 'o.legacy', source_key => '{id}', job => 'j')});
as('olga', \%LITERALS, q{CALL gpsync.run_import('j')});
is($node->sql('SELECT id, place FROM o.letter'), '7|here', 'an import');
as('olga', \%NAMES, q{SELECT gpsync.track_batches('o.parcel')});
as('olga', { %NAMES, 'gpsync.batch' => "'b'" }, q{INSERT INTO o.parcel VALUES (1, 'RECEIVED', 'here')});
as('olga', { %NAMES, client_min_messages => 'error' }, q{CALL gpsync.emergency_rollback('b', fence => false)});
is($node->sql('SELECT count(*) FROM o.parcel'), '0', 'a batch that is tracked and taken back');

# --- times -----------------------------------------------------------------------------------------------------------
# IST is a zone of Israel too, two hours from UTC, and that is how PostgreSQL reads it.
as('olga', { %TIMES, client_min_messages => 'error' }, q{SELECT gpsync.create_history('o.letter')});
$node->sql(<<'SQL');
SELECT gpsync_internal.make_history_month(h.history, (gpsync_internal.month_of(now()) + interval '1 month')::date)
FROM gpsync.history AS h
SQL
is($node->sql(<<'SQL'), 't', "a history's months are UTC's, and leave no gap");
SELECT count(*) = 2 AND bool_and(pg_get_expr(c.relpartbound, c.oid) ~ '^FOR VALUES FROM [(].20..-..-01 00:00:00[+]00.[)] TO ')
FROM pg_class AS c WHERE c.relname ~ '^history_[0-9]+_[0-9]{6}$'
SQL

# --- tablespaces -----------------------------------------------------------------------------------------------------
my $in_apart = q{SELECT count(*) FROM pg_class AS c JOIN pg_tablespace AS t ON t.oid = c.reltablespace AND t.spcname = 'apart'
                 WHERE c.relkind IN ('r', 'p')};
like(($node->sql_error('SET ROLE olga; SET default_tablespace = apart; CREATE TABLE o.own ()'))[1], qr/permission denied for tablespace/,
    'a role that may not use a tablespace');
as('olga', { default_tablespace => 'apart' }, q{SELECT gpsync.track_batches('o.letter'); SET client_min_messages = error;
   SELECT gpsync.create_history('o.parcel')});
is($node->sql($in_apart), '0', "... has none of gpsync's tables made there");
$node->sql('GRANT CREATE ON TABLESPACE apart TO olga');
is(as('olga', { default_tablespace => 'apart', client_min_messages => 'error' },
        q{SELECT gpsync.drop_history('o.parcel'); SELECT gpsync.create_history('o.parcel'); SHOW default_tablespace}) =~ s/\s+//gr,
    'apart', 'the setting stays as it is');
cmp_ok($node->sql($in_apart), '>', 0, 'a role that may use it has them there');

done_testing;
