# The whole path: what is committed arrives once and in order per key at every endpoint, what is rolled back never,
# and the rows say so.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
my ($nws, $ods) = @endpoints;
$node->create_platform;
$node->create_endpoint($_) for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

sub agree
{
    my ($what) = @_;
    note($what);
    $node->wait_for_sync;
    $node->ledger_agrees($_, qw(provision_status token_status)) for @endpoints;
    return;
}

# The statuses that an endpoint saw of a key, in the order of arrival.
sub story
{
    my ($endpoint, $subject) = @_;
    return join ' ', map { $_->{data}{row} ? $_->{data}{row}{status} : 'gone' } grep { $_->{subject} eq $subject } $endpoint->events($subject);
}

$node->sql(<<'SQL');
INSERT INTO provision_status (provision_id, status) VALUES ('a', 'RECEIVED');
UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'a';
UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'a';
SQL
agree('single statements');
is(story($_, 'public.provision_status/a'), 'RECEIVED PROCESSING COMPLETED', $_->name . ' saw every change in order') for @endpoints;
is($node->sql("SELECT sync_status, last_sync_timestamp IS NOT NULL FROM provision_status WHERE provision_id = 'a'"), 'COMPLETED|t', 'the row is marked');

$node->sql(<<'SQL');
BEGIN;
INSERT INTO provision_status (provision_id, status) VALUES ('b', 'RECEIVED');
SAVEPOINT s;
UPDATE provision_status SET status = 'FAILED' WHERE provision_id = 'b';
INSERT INTO provision_status (provision_id, status) VALUES ('never', 'RECEIVED');
ROLLBACK TO s;
UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'b';
COMMIT;
BEGIN;
UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'b';
INSERT INTO provision_status (provision_id, status) VALUES ('never', 'RECEIVED');
ROLLBACK;
SQL
agree('savepoints and rollbacks');
is(story($nws, 'public.provision_status/b'), 'RECEIVED PROCESSING', 'what was rolled back to a savepoint does not arrive');
is($nws->entry('public.provision_status/never'), undef, 'what was rolled back does not arrive');

$node->sql(<<'SQL');
INSERT INTO token_status (token_id, status) SELECT 'tok/' || n || ',ä', 'RECEIVED' FROM generate_series(1, 2000) n;
INSERT INTO token_status (token_id, status) SELECT 'tok/' || n || ',ä', 'RECEIVED' FROM generate_series(1, 3000) n
    ON CONFLICT (token_id) DO UPDATE SET status = 'PROCESSING';
DELETE FROM token_status WHERE token_id LIKE 'tok/1%';
UPDATE token_status SET token_id = 'new ' || token_id WHERE token_id LIKE 'tok/2%';
MERGE INTO token_status t USING (VALUES ('new tok/2,ä'), ('merged')) v(id) ON t.token_id = v.id
    WHEN MATCHED THEN UPDATE SET status = 'FAILED' WHEN NOT MATCHED THEN INSERT (token_id, status) VALUES (v.id, 'RECEIVED');
SQL
agree('upserts, deletes, changes of key and MERGE');
# A change of key from several sessions at once: the new key's events may not overtake the old key's.
$node->sql("INSERT INTO provision_status (provision_id, status) SELECT 'k' || n || '_0', 'RECEIVED' FROM generate_series(1, 50) n");
$node->pgbench('--client=4 --transactions=50 --no-vacuum', 0, [qr/processed: 200/], [qr/^$/], 'keys change from four sessions', {
    'rekey' => <<'SQL' });
\set n random(1, 50)
UPDATE provision_status SET provision_id = split_part(provision_id, '_', 1) || '_' || (split_part(provision_id, '_', 2)::int + 1)
WHERE provision_id LIKE 'k' || :n || '\_%';
SQL
agree('keys that wander');

$node->sql("COPY provision_status (provision_id, status) FROM stdin;\n" . join('', map { "copied_$_\tRECEIVED\n" } 1 .. 500) . "\\.\n");
agree('COPY');
$node->sql("TRUNCATE token_status; INSERT INTO token_status (token_id, status) VALUES ('merged', 'RECEIVED')");
agree('TRUNCATE, and a row that comes back after it');

# Values as to_jsonb has them, and those TOAST keeps to itself.
$node->sql(<<'SQL');
CREATE TABLE odd (a int, "b ""c" text, status text NOT NULL, f float8, n numeric, t timestamptz, j jsonb, x bytea, arr int[], big text, PRIMARY KEY (a, "b ""c"));
ALTER TABLE odd ALTER big SET STORAGE EXTERNAL;
SELECT gpsync.attach('odd');
INSERT INTO odd VALUES (1, E'x\ty/z,%', 'RECEIVED', 'NaN', 1e300, '2000-01-01 00:00:00+13', '{"a": [1.10, "\u00e4\\n"]}', '\xdeadbeef', '{1,NULL}', repeat('long ', 10000)),
    (2, '', 'RECEIVED', 0.1, -0.00, 'infinity', 'null', '', '{}', repeat('ü', 9000)), (3, 'x', 'RECEIVED', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
UPDATE odd SET status = 'PROCESSING';
UPDATE odd SET a = a + 10, status = 'COMPLETED';
SQL
$node->wait_for_sync;
$node->ledger_agrees($nws, 'odd');

# Many sessions at once.
$node->pgbench('--client=8 --transactions=250 --no-vacuum', 0, [qr/processed: 2000/], [qr/^$/], 'eight sessions write', {
    'busy' => <<'SQL' });
\set n random(1, 40)
INSERT INTO provision_status AS t (provision_id, status) VALUES ('busy_' || :n, 'RECEIVED')
ON CONFLICT (provision_id) DO UPDATE SET status = coalesce((gpsync.next_states('provision', t.status))[1], t.status), detail = jsonb_build_object('n', random());
SQL
agree('contended keys');

my $stats = $nws->stats;
is($stats->{refused}, 0, 'no batch broke a rule: every event came in the order of its key');
is($stats->{duplicates}, 0, 'nothing came twice');
is($relay->stop, 0, 'the relay ends cleanly');
is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), '0', 'there are no dead letters');
done_testing;
