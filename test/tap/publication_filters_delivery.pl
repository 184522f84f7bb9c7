# Row filters and column lists with a relay: what an endpoint gets of rows that move into a filter and out of it, and
# that no row stays PENDING for it.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->sql(<<~'SQL');
    CREATE TABLE whole (id int PRIMARY KEY, v int, t text); ALTER TABLE whole REPLICA IDENTITY FULL; ALTER TABLE whole ALTER t SET STORAGE EXTERNAL;
    CREATE TABLE keyed (region text, id int, t text, other text, PRIMARY KEY (region, id));
    CREATE TABLE narrow (id int PRIMARY KEY, t text, other text);
    CREATE TABLE parts (id int PRIMARY KEY, v int) PARTITION BY RANGE (id); CREATE TABLE low (v int, id int NOT NULL);
    ALTER TABLE parts ATTACH PARTITION low FOR VALUES FROM (0) TO (10);
    SELECT gpsync.attach(r, machine => NULL) FROM unnest('{whole,keyed,parts}'::regclass[]) r;
    SELECT gpsync.attach('narrow', machine => NULL, publication => 'narrow');
    ALTER PUBLICATION gpsync DROP TABLE whole, keyed, parts;
    ALTER PUBLICATION gpsync ADD TABLE whole WHERE (v > 10 AND t IS DISTINCT FROM 'hidden'), keyed (region, id, t, sync_revision) WHERE (region = 'eu'), parts (id) WHERE (id % 2 = 1);
    ALTER PUBLICATION narrow SET TABLE narrow (t);
    ALTER PUBLICATION narrow SET (publish = 'insert');
    SQL
$node->create_stream('legacy', 'nws');
$node->create_stream('second', 'nws', { publication => "'narrow'" });
my @relays = map { $node->start_relay($_) } qw(legacy second);

# What the endpoint got of a statement's changes, an event a line and sorted, and the statuses of the table's rows.
my $seen = 0;
sub got
{
    my ($table, $sql) = @_;
    $node->sql($sql);
    $node->wait_for_sync;
    my @events = $nws->events;
    my @new = @events[ $seen .. $#events ];
    $seen = @events;
    return join "\n", sort map {
        my ($data, $type) = ($_->{data}, $_->{type} =~ s/.*\.//r);
        join ' ', $type, $_->{subject} =~ s/^public\.//r, map { my $part = $_; map { "$part.$_=" . (substr($data->{$part}{$_} // 'null', 0, 5)) } sort keys %{ $data->{$part} } } grep { $data->{$_} } qw(row old)
    } @new;
}
sub statuses { my ($table) = @_; return $node->sql("SELECT coalesce(string_agg(DISTINCT sync_status, ','), '-') FROM $table") }

sub gets
{
    my ($table, $sql, $expected, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is(got($table, $sql), $expected, $what);
    unlike(statuses($table), qr/PENDING|FAILED/, '... and no row is pending');
    return;
}

# --- replica identity full
gets('whole', "INSERT INTO whole VALUES (1, 5, 'a')", '', 'outside the filter: no event');
is($node->sql('SELECT sync_status, last_sync_timestamp IS NOT NULL FROM whole'), 'COMPLETED|t', 'the row is booked');
gets('whole', 'UPDATE whole SET v = 6', '', 'still outside');
gets('whole', 'UPDATE whole SET v = 11', 'inserted whole/1 row.id=1 row.t=a row.v=11', 'moved in: an insert');
gets('whole', 'UPDATE whole SET v = 12', 'updated whole/1 row.id=1 row.t=a row.v=12 old.id=1 old.t=a old.v=11', 'within: an update');
gets('whole', 'UPDATE whole SET v = 7', 'deleted whole/1 old.id=1 old.t=a old.v=12', 'moved out: a delete');
gets('whole', 'DELETE FROM whole', '', 'deleted outside: no event');
gets('whole', "INSERT INTO whole VALUES (2, 11, NULL)", 'inserted whole/2 row.id=2 row.t=null row.v=11', 'NULL within the filter');
gets('whole', 'UPDATE whole SET v = NULL', 'deleted whole/2 old.id=2 old.t=null old.v=11', 'a filter that is NULL is false');
gets('whole', "UPDATE whole SET t = repeat('x', 3000)", '', 'a TOASTed value');
gets('whole', 'UPDATE whole SET v = 20', 'inserted whole/2 row.id=2 row.t=xxxxx row.v=20', 'that did not change is read from the old row');
gets('whole', "UPDATE whole SET v = 21, t = 'hidden'", 'deleted whole/2 old.id=2 old.t=xxxxx old.v=20', 'moved out by it');
gets('whole', 'TRUNCATE whole', 'truncated whole', 'TRUNCATE asks no filter');

# --- the replica identity is the key; a column list
gets('keyed', "INSERT INTO keyed VALUES ('eu', 1, 'a', 'secret'), ('us', 2, 'b', 'secret')", 'inserted keyed/eu,1 row.id=1 row.region=eu row.t=a', 'only listed columns');
my ($event) = $nws->events('keyed/eu,1');
is($event->{data}{revision}, $node->sql("SELECT sync_revision FROM keyed WHERE region = 'eu'"), 'the revision is shown where it is listed');
is((grep { /secret/ } map { JSON::PP->new->encode($_) } $nws->events), 0, 'no column outside the list in any field');
gets('keyed', "UPDATE keyed SET other = 'more' WHERE region = 'eu'", 'updated keyed/eu,1 row.id=1 row.region=eu row.t=a', 'a change outside the list');
gets('keyed', "UPDATE keyed SET region = 'eu' WHERE region = 'us'", 'inserted keyed/eu,2 row.id=2 row.region=eu row.t=b', 'a change of key moves a row in');
gets('keyed', "UPDATE keyed SET region = 'us' WHERE id = 1", 'deleted keyed/eu,1 old.id=1 old.region=eu', 'and out, under its old key');
gets('keyed', "UPDATE keyed SET id = 3 WHERE id = 1", '', 'a change of key outside');
gets('parts', 'INSERT INTO parts VALUES (1, 5), (2, 5)', 'inserted parts/1 row.id=1', 'a partition goes by the filter and the list of its root');
is((grep { exists $_->{data}{revision} } $nws->events('parts/1')), 0, 'no revision where the list leaves it out');
gets('parts', 'UPDATE parts SET id = id + 2', "updated parts/3 row.id=3 old.id=1", '... with its own columns');
gets('parts', 'UPDATE parts SET id = 5 WHERE id = 4', 'inserted parts/5 row.id=5', '... moved in');

# --- a row that moves out is FAILED where its deletion is refused
my $fault = $nws->faults(kind => 'status', status => 422, body => 'no', match => 'keyed/eu,2');
$node->sql("UPDATE keyed SET region = 'asia', id = 9 WHERE id = 2");
$node->wait_for_sync;
is($node->sql("SELECT sync_status FROM keyed WHERE id = 9"), 'FAILED', 'a refused deletion of a row that moved out');
is($node->sql("SELECT key FROM gpsync.dead_letter WHERE subject = 'public.keyed/eu,2'"), '{"id": 9, "region": "asia"}', '... its dead letter has the key the row has now');
$node->sql("UPDATE keyed SET t = 'outside' WHERE id = 9");
$node->wait_for_sync;
is($node->sql("SELECT count(*) FROM gpsync.dead_letter WHERE subject = 'public.keyed/eu,2'"), '1', '... which a change outside the filter does not close');
$nws->clear_faults($fault);
is($nws->entry('public.keyed/eu,2')->{deleted} ? 1 : 0, 0, 'the endpoint has the row');
$node->sql("SELECT gpsync.retry_dead_letters('nws')");
ok($node->wait_for_sql("SELECT count(*) FROM gpsync.dead_letter WHERE subject = 'public.keyed/eu,2'", '0'), 'retried, the letter is closed');
ok($nws->entry('public.keyed/eu,2')->{deleted}, '... and the deletion sent');
is(statuses('keyed'), 'COMPLETED', '... and no row is pending');
# --- a letter of a row that a narrower filter leaves out
$fault = $nws->faults(kind => 'status', status => 422, body => 'no', match => 'whole/77');
$node->sql('INSERT INTO whole VALUES (77, 77)');
$node->wait_for_sync;
$node->sql('ALTER PUBLICATION gpsync DROP TABLE whole; ALTER PUBLICATION gpsync ADD TABLE whole WHERE (v > 100)');
$node->sql("SELECT gpsync.retry_dead_letters('nws')");
ok($node->wait_for_sql("SELECT action || ': ' || detail FROM gpsync.dead_letter_log ORDER BY id DESC LIMIT 1", "superseded: the publication's row filter leaves out the row as it is now"), 'retried, it is superseded');
is(statuses('whole'), 'COMPLETED', '... and the row not pending');
$seen = () = $nws->events;

# --- a list without the key: inserts alone
gets('narrow', "INSERT INTO narrow VALUES (1, 'seen', 'secret'), (2, 'seen', 'secret')", "inserted narrow row.t=seen\ninserted narrow row.t=seen", 'a list without the key: subject and key show none');
is_deeply([ map { $_->{data}{key} } grep { $_->{subject} eq 'public.narrow' } $nws->events ], [ {}, {} ], '... nor does data.key');
$fault = $nws->faults(kind => 'status', status => 422, body => 'no', match => 'public.narrow');
$node->sql("INSERT INTO narrow VALUES (3, 'refused', 'secret')");
$node->wait_for_sync;
is($node->sql('SELECT id FROM narrow WHERE sync_status = $$FAILED$$'), '3', 'the books find its row all the same');
is($node->sql("SELECT key, payload::text ~ 'secret' FROM gpsync.dead_letter WHERE subject = 'public.narrow'"), '{"id": 3}|f', '... and its dead letter');

# --- a filter that changes while the relay is behind
$_->stop for @relays;
$nws->clear_faults;
$seen = () = $nws->events;
$node->sql(<<~'SQL');
    TRUNCATE whole; INSERT INTO whole VALUES (1, 111, 'a'), (2, 5, 'b');
    ALTER PUBLICATION gpsync SET TABLE ONLY whole (id, v, sync_revision); INSERT INTO whole VALUES (3, 5, 'c');
    ALTER PUBLICATION gpsync SET TABLE ONLY whole WHERE (id > 100); INSERT INTO whole VALUES (4, 5, 'd');
    ALTER PUBLICATION gpsync SET TABLE ONLY whole; INSERT INTO whole VALUES (5, 5, 'e');
    SQL
@relays = map { $node->start_relay($_) } qw(legacy second);
gets('whole', 'SELECT', join("\n", 'inserted whole/1 row.id=1 row.t=a row.v=111', 'inserted whole/3 row.id=3 row.v=5', 'inserted whole/5 row.id=5 row.t=e row.v=5', 'truncated whole'),
    'each change goes by the publication as it was then');

$_->stop for @relays;
done_testing;
