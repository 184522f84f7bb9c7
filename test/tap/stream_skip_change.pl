# A stop in the WAL always has a way past: a change that cannot be decoded or delivered is named by the error, and
# skip_change() leaves it out with a dead letter; recreate_stream(force) gets past anything.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
my $url  = $nws->url;
$node->sql('CREATE ROLE relay LOGIN REPLICATION; CREATE ROLE ops LOGIN');

# A database of this encoding with a table under control and a stream.
sub database
{
    my ($name, $encoding, $key) = @_;
    $node->sql("CREATE DATABASE $name TEMPLATE template0 ENCODING '$encoding' LOCALE 'C'");
    $node->safe_psql($name, <<~SQL);
        CREATE EXTENSION gpsync;
        SELECT gpsync.grant_relay('relay'), gpsync.grant_operator('ops');
        CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url '$url', lanes '1', batch_size '3');
        CREATE TABLE notes ($key PRIMARY KEY, t text, other text);
        SELECT gpsync.attach('notes', machine => NULL);
        SELECT gpsync.create_stream('legacy', endpoints => '{nws}');
        SQL
    return;
}

# The place in the stream that the last error names, once there is one: "LSN, ordinal".
sub place_of_error
{
    my ($database, $error) = @_;
    my $place;
    GpsyncTest::wait_until(sub {
        return 0 if $error && $node->safe_psql($database, 'SELECT last_error FROM gpsync.stream_status') !~ $error;
        $place = $node->safe_psql($database, q{SELECT substring(last_error FROM $$skip_change\(stream, ('[0-9A-F/]+', \d+), reason\)$$) FROM gpsync.stream_status});
        return $place ne '';
    }, "the error of $database names a change");
    return $place;
}

sub relay_of
{
    my ($database) = @_;
    return GpsyncTest::Relay->spawn("relay_$database",
        [ GpsyncTest::Relay::program(), '--dbname', $node->connstr($database) . ' user=relay', '--stream', 'legacy' ]);
}

sub synced { my ($database) = @_; return $node->safe_psql($database, "SELECT gpsync.wait_for_sync(timeout => '60s')") }

# --- a value without a UTF-8 form ----------------------------------------------------------------------------
database('ascii', 'SQL_ASCII', 'id int');
my $relay = relay_of('ascii');
$node->safe_psql('ascii', q(INSERT INTO notes VALUES (1, 'good'); INSERT INTO notes VALUES (2, E'caf\xe9 4111111111111111'), (3, 'behind it')));
my $place = place_of_error('ascii');
like($place, qr/^'[0-9A-F]+\/[0-9A-F]+', 1$/, 'a value that cannot be written: the error says which change it is');
my $error = $node->safe_psql('ascii', 'SELECT last_error FROM gpsync.stream_status');
like($error, qr/table "notes", column "t"/, '... which table and column');
unlike($error, qr/411111|caf/, '... and not the value');
ok(GpsyncTest::wait_until(sub { $node->safe_psql('ascii', 'SELECT sync_status FROM notes WHERE id = 1') eq 'COMPLETED' }, 'it is delivered'),
    'what came before is delivered');
my ($rc, $out, $err) = $node->psql('ascii', "SELECT gpsync.skip_change('legacy', $place, '  ')");
like($err, qr/needs an ordinal of 1 or more, and a reason/, 'a skip needs a reason');
($rc, $out, $err) = $node->psql('ascii', "SELECT gpsync.skip_change('legacy', '0/1', 1, 'x')");
like($err, qr/stream "legacy" is past that change/, '... and a change that is to come');
($rc, $out, $err) = $node->psql('ascii', "SELECT gpsync.skip_change('legacy', 'FFFFFF/1', 1, 'x')");
like($err, qr/has not been written yet/, '... that is written');
my $fix = sub { return $node->safe_psql($_[0], q(SELECT fix FROM gpsync.doctor() WHERE finding ~ 'gets nowhere')) };
my $expected = "SELECT gpsync.skip_change('legacy', $place, 'cannot be delivered')";
ok(GpsyncTest::wait_until(sub { index($fix->('ascii'), $expected) == 0 }, 'the doctor has a fix'), '... which is the fix of the doctor') or diag($fix->('ascii'));
$node->safe_psql('ascii', "SET ROLE ops; SELECT gpsync.skip_change('legacy', $place, 'not text')");
is(synced('ascii'), 't', 'skipped, the stream goes on');
is($node->safe_psql('ascii', 'SELECT string_agg(sync_status, \',\' ORDER BY id) FROM notes'), 'COMPLETED,FAILED,COMPLETED', '... the row is marked FAILED, the others are delivered');
is($fix->('ascii'), '', '... the doctor finds nothing more');
is($node->safe_psql('ascii', q(SELECT endpoint, table_name, key, attempts, last_error, payload ->> 'type' FROM gpsync.dead_letters)),
    'nws|notes|{"id": 2}|0|skipped by ops: not text|gpsync.change.skipped', '... and a dead letter says what was skipped');
# The row is found by the OID of its table and the text of its key.
$node->safe_psql('ascii', "CREATE TABLE lists (id int[] PRIMARY KEY, t text); SELECT gpsync.attach('lists', machine => NULL)");
$node->safe_psql('ascii', q(INSERT INTO lists VALUES ('[2:3]={1,2}', E'caf\xe9'), ('{1,2}', 'good')));
$place = place_of_error('ascii', qr/table "lists"/);
$node->safe_psql('ascii', 'CREATE SCHEMA attic; ALTER TABLE lists SET SCHEMA attic; ALTER TABLE attic.lists RENAME TO catalogue; ALTER TABLE attic.catalogue RENAME id TO numbers');
$node->safe_psql('ascii', "SELECT gpsync.skip_change('legacy', $place, 'not text')");
is(synced('ascii'), 't', 'a change to a table that has another name by now, skipped');
is($node->safe_psql('ascii', q(SELECT string_agg(numbers::text || ' ' || sync_status, ', ' ORDER BY numbers::text) FROM attic.catalogue)), '[2:3]={1,2} FAILED, {1,2} COMPLETED',
    '... its row is marked all the same');
is(scalar(grep { $_->{type} eq 'gpsync.change.skipped' } $nws->events), 0, 'no endpoint sees it');
$relay->stop;

# --- a key without a UTF-8 form, and a whole transaction of such ---------------------------------------------
database('western', 'WIN1252', 'id text');
$relay = relay_of('western');
$node->safe_psql('western', q(INSERT INTO notes SELECT 'k' || chr(129), 'x'; INSERT INTO notes VALUES ('good', 'y')));
$place = place_of_error('western');
like($node->safe_psql('western', 'SELECT last_error FROM gpsync.stream_status'), qr/table "notes", column "id"/, 'a key that cannot be written');
GpsyncTest::wait_until(sub { $fix->('western') }, 'the doctor has a fix');
$node->safe_psql('western', $fix->('western') =~ s/ --.*//r =~ s/cannot be delivered/bad key/r);
is(synced('western'), 't', '... is skipped');
is($node->safe_psql('western', "SELECT sync_status FROM notes WHERE id = 'good'"), 'COMPLETED', '... and the next is delivered');
is($node->safe_psql('western', 'SELECT table_name, key, last_error FROM gpsync.dead_letters'), 'notes|{}|skipped by postgres: bad key', '... with a dead letter that shows no key');
# A name that is not ASCII, in a database that is not UTF-8.
$node->safe_psql('western', q(DO $$BEGIN EXECUTE 'CREATE TABLE ' || chr(205) || ' (id int PRIMARY KEY, t text)'; PERFORM gpsync.attach(chr(205)::regclass, machine => NULL);
    EXECUTE 'INSERT INTO ' || chr(205) || ' VALUES (1, chr(129)), (2, chr(205))'; END$$));
$place = place_of_error('western', qr/table "\S+", column "t"/);
$node->safe_psql('western', "SELECT gpsync.skip_change('legacy', $place, 'bad value')");
is(synced('western'), 't', 'a change to a table whose name is not ASCII, skipped');
is($node->safe_psql('western', q(SELECT table_name = chr(205), key FROM gpsync.dead_letters WHERE last_error ~ 'bad value')), 't|{"id": 1}', '... under its name');
$node->safe_psql('western', q(INSERT INTO notes SELECT 'm' || i || chr(129), 'x' FROM generate_series(1, 3) i));
ok(place_of_error('western'), 'the next one stops it again');
$node->safe_psql('western', 'DELETE FROM notes');
($rc, $out, $err) = $node->psql('western', "SELECT gpsync.recreate_stream('legacy')");
like($err, qr/the slot of stream "legacy" is fine.*force => true/s, 'recreate_stream() says how to get past everything');
$node->safe_psql('western', q(INSERT INTO notes VALUES ('pending', 'z')));
$node->safe_psql('western', "SELECT gpsync.recreate_stream('legacy', force => true)");
$relay->stop;
$relay = relay_of('western');
is(synced('western'), 't', 'recreated by force, the stream goes on');
is($node->safe_psql('western', "SELECT sync_status FROM notes WHERE id = 'pending'"), 'COMPLETED', '... and sends what was pending');
$relay->stop;

$node->stop;
done_testing;
