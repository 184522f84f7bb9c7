# relay_acquire(), relay_book() and relay_retry_deferred() by themselves: which rows are marked, which deferred,
# which superseded, with other sessions in the way and tables of all kinds.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use Test::More;

my $node = GpsyncTest->new_node('main', deadlock_timeout => '100ms');
$node->create_platform;
$node->sql("CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/')");

# A table of this definition, attached without a machine.
sub table
{
    my ($name, $columns, $after) = @_;
    $node->sql("CREATE TABLE $name ($columns)" . ($after // '') . "; SELECT gpsync.attach('$name', machine => NULL)");
    return;
}

sub statuses { return $node->sql("SELECT string_agg(sync_status, ',' ORDER BY ctid) FROM $_[0]") }
sub deferred { return $node->sql('SELECT count(*) FROM gpsync.deferred_mark') }

table('t', 'id int PRIMARY KEY, note text');
$node->create_stream('legacy', 'nws');
$node->sql("SELECT gpsync.create_stream('quiet', endpoints => '{nws}', bookkeeping => false)");

# --- acquire ---------------------------------------------------------------------------------------------
my $relay = GpsyncTest::Booking->new($node, 'legacy', no_acquire => 1);
$relay->query("SELECT gpsync_internal.relay_book('legacy', '{}', '{}', '{}', '{}', '{}', NULL, NULL, NULL, NULL)");
like($relay->errors, qr/ERROR:  stream "legacy" is not acquired by this session/, 'no bookkeeping without relay_acquire');
$relay->query("SELECT gpsync_internal.relay_retry_deferred('legacy')");
like($relay->errors, qr/is not acquired/, '... of deferred marks neither');
is($relay->query("SELECT gpsync_internal.relay_acquire('legacy'), gpsync_internal.relay_acquire('legacy')"), 't|t', 'acquired, and again');
my $standby = GpsyncTest::Booking->new($node, 'legacy', no_acquire => 1);
is($standby->query("SELECT gpsync_internal.relay_acquire('legacy')"), 'f', 'another session has to stand by');
is($node->sql(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32 | objid::bigint) = hashtextextended('gpsync.stream/legacy', 0)}), '1', 'the lock is the documented one');
$relay->query("SELECT gpsync_internal.relay_acquire('quiet')");
like($relay->errors, qr/ERROR:  this session has acquired stream "legacy"/, 'one stream a session');
$relay->query("SELECT gpsync_internal.relay_acquire('none')");
like($relay->errors, qr/ERROR:  stream "none" does not exist/, 'no such stream');
$relay->query('SELECT pg_advisory_unlock_all()');
is($relay->query("SELECT marked FROM gpsync_internal.relay_book('legacy', '{}', '{}', '{}', '{}', '{}', NULL, NULL, NULL, NULL)"), '0',
    'a lock that was given away is taken again');
$relay->query('SELECT pg_advisory_unlock_all()');
is($standby->query("SELECT gpsync_internal.relay_acquire('legacy')"), 't', 'otherwise by another session');
$relay->query("SELECT gpsync_internal.relay_book('legacy', '{}', '{}', '{}', '{}', '{}', NULL, NULL, NULL, NULL)");
like($relay->errors, qr/is not acquired by this session/, '... and who gave it away books no more');
is($relay->query("SELECT gpsync_internal.relay_acquire('legacy')"), 'f', '... before it has it again');
$standby->query('BEGIN');
is($standby->query("SELECT marked FROM gpsync_internal.relay_book('legacy', '{}', '{}', '{}', '{}', '{}', NULL, NULL, NULL, NULL)"), '0', 'inside a booking');
$standby->query('SELECT pg_advisory_unlock_all()');
is($relay->query("SELECT gpsync_internal.relay_acquire('legacy')"), 'f', '... there still is the origin');
is($relay->query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"), '0', '... and no lock is left behind');
$standby->query('COMMIT');
is($standby->query("SELECT gpsync_internal.relay_acquire('legacy')"), 't', 'the lock is taken again');
$relay->quit;
$relay = $standby;
my $quiet = GpsyncTest::Booking->new($node, 'quiet');

# --- marks -----------------------------------------------------------------------------------------------
$node->sql("INSERT INTO t SELECT i, 'n' FROM generate_series(1, 5) i");
my @marks = $relay->marks('t');
$marks[1]{failed} = 1;
is($relay->book(@marks[ 0 .. 2 ]), '3|0|0', 'rows are marked');
is(statuses('t'), 'PENDING,PENDING,COMPLETED,FAILED,COMPLETED', '... as their events ended');
is($node->sql('SELECT bool_and((last_sync_timestamp IS NOT NULL) = (sync_status <> \'PENDING\')) FROM t'), 't', '... with the time');
is($node->sql('SELECT string_agg(sync_revision::text, \',\' ORDER BY id) FROM t'), join(',', map { $_->{revision} } @marks), '... and nothing else changes');
my $versions = $node->sql('SELECT string_agg(ctid::text, \',\') FROM t');
is($relay->book(map { { %$_, failed => 1 } } @marks[ 0 .. 2 ]), '0|0|3', 'a second time is no time');
is($node->sql('SELECT string_agg(ctid::text, \',\') FROM t'), $versions, '... nothing is written');
is($relay->book($marks[3], $marks[3]), '1|0|1', 'the same mark twice in one call');
$node->sql('UPDATE t SET note = note WHERE id = 5');
is($relay->book($marks[4]), '0|0|1', 'a row changed since is left alone');
is($relay->book({ %{ $marks[4] }, revision => ($relay->marks('t', 'id = 5'))[0]{revision} }), '1|0|0', '... until its own revision is delivered');
my ($first_life) = $relay->marks('t', 'id = 4');
$node->sql("DELETE FROM t WHERE id = 4");
is($relay->book($first_life), '0|0|1', 'a deleted row needs no mark');
$node->sql("INSERT INTO t VALUES (4, 'again')");
is($relay->book($first_life), '0|0|1', 'one born again is not marked for its first life');
is($relay->book($relay->marks('t', 'id = 4')), '1|0|0', '... but for its own');
$node->sql("UPDATE t SET sync_status = 'PENDING' WHERE id = 4");
is($relay->book($relay->marks('t', 'id = 4')), '1|0|0', 'PENDING by hand is a new revision');
is($quiet->book($relay->marks('t', 'id = 4')), '', 'a stream without bookkeeping');
like($quiet->errors, qr/ERROR:  stream "quiet" books no rows/, '... books no rows');

# --- arguments -------------------------------------------------------------------------------------------
for my $bad (
    [ q{'{t}', '{1}', '{"{}"}', '{1,2}', '{f}'},   qr/same number of elements/ ],
    [ q{'{t}', '{2}', '{"{}"}', '{1}', '{f}'},     qr/count from 1 to the number of tables/ ],
    [ q{'{t}', '{0}', '{"{}"}', '{1}', '{f}'},     qr/count from 1 to the number of tables/ ],
    [ q{'{t}', '{1}', '{NULL}', '{1}', '{f}'},     qr/must not contain nulls/ ],
    [ q{'{t}', '{1}', '{"[1]"}', '{1}', '{f}'},    qr/keys must be JSON objects/ ],
    [ q{'{"a b c.."}', '{1}', '{"{}"}', '{1}', '{f}'}, qr/invalid name syntax/ ])
{
    $relay->query("SELECT gpsync_internal.relay_book('legacy', $bad->[0], NULL, NULL, NULL, NULL)");
    like($relay->errors, $bad->[1], "refused: $bad->[0]");
}
$relay->query("SELECT gpsync_internal.relay_book(NULL, '{}', '{}', '{}', '{}', '{}', NULL, NULL, NULL, NULL)");
like($relay->errors, qr/stream must not be null/, 'refused: no stream');
$relay->query("SELECT gpsync_internal.relay_retry_deferred('legacy', 0)");
like($relay->errors, qr/max_rows must be at least 1/, 'refused: no rows');

# --- the position and dead letters ------------------------------------------------------------------------
my $letter = q{jsonb_build_array(jsonb_build_object('endpoint', 'nws', 'event_id', 'e1', 'subject', 'public.t/1', 'schema_name', 'public',
    'table_name', 't', 'key', jsonb_build_object('id', 1), 'revision', 7, 'attempts', 1, 'http_status', 422, 'error', 'no', 'payload', jsonb_build_object('a', 1)))};
my $start = $node->sql("SELECT commit_lsn FROM gpsync.stream_position WHERE stream = 'legacy'");
sub position { return $node->sql("SELECT commit_lsn - '$start', ordinal, commit_time FROM gpsync.stream_position WHERE stream = 'legacy'") }
$node->sql("SELECT pg_switch_wal()");
is($relay->query($relay->call("'$start'::pg_lsn + 100, 3, '2026-01-02 03:04:05Z'", $letter)), '0|0|0', 'a position alone');
is(position(), '100|3|2026-01-02 03:04:05+00', '... is stored');
is($node->sql('SELECT stream, endpoint, event_id, key, http_status, payload FROM gpsync.dead_letter'), 'legacy|nws|e1|{"id": 1}|422|{"a": 1}', 'so is a dead letter');
is($relay->query($relay->call("'$start'::pg_lsn + 100, 3, NULL", $letter)), '0|0|0', 'once more the same');
is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), '1', '... repeats are ignored');
is($relay->query($relay->call("'$start'::pg_lsn + 100, 4, NULL")), '0|0|0', 'on in the same transaction');
is($relay->query($relay->call(undef, 'NULL', $relay->marks('t', 'id = 1'))), '0|0|1', 'no position');
is(position(), '100|4|', '... leaves it');
for my $behind ("'$start'::pg_lsn + 100, 3, NULL", "'$start'::pg_lsn + 99, 9, NULL")
{
    my ($mark) = $relay->marks('t', 'id = 1');
    $node->sql('UPDATE t SET note = note WHERE id = 1');
    $relay->query($relay->call($behind, undef, $relay->marks('t', 'id = 1')));
    like($relay->errors, qr/ERROR:  the position of stream "legacy" must not move backwards\nDETAIL:  It is at \S+, event 4/, "refused: $behind");
    is($node->sql('SELECT sync_status FROM t WHERE id = 1'), 'PENDING', '... and with it everything of the call');
}
$node->sql("UPDATE gpsync.stream_position SET system_identifier = system_identifier + 1 WHERE stream = 'legacy'");
$relay->query($relay->call("'$start'::pg_lsn + 200, 1, NULL"));
like($relay->errors, qr/ERROR:  the position of stream "legacy" belongs to another slot or system/, 'refused: a position of another system');
$node->sql("UPDATE gpsync.stream_position SET system_identifier = system_identifier - 1 WHERE stream = 'legacy'");

# --- locked rows -----------------------------------------------------------------------------------------
my $other = $node->background_psql('postgres', on_error_stop => 0);
for my $lock ('UPDATE', 'NO KEY UPDATE', 'SHARE')
{
    $node->sql('UPDATE t SET note = note');
    @marks = $relay->marks('t');
    $other->query_safe("BEGIN; SELECT FROM t WHERE id = 1 FOR $lock");
    is($relay->book(@marks), '4|1|0', "a row locked FOR $lock is deferred");
    is($relay->retry, 1, '... tried again in vain');
    $other->query_safe('COMMIT');
    is($relay->retry, 0, '... and then not');
    is($node->sql("SELECT count(*) FROM t WHERE sync_status <> 'COMPLETED'"), '0', '... when it is marked');
}
$node->sql('CREATE TABLE child (t_id int REFERENCES t); UPDATE t SET note = note');
@marks = $relay->marks('t');
$other->query_safe('BEGIN; INSERT INTO child VALUES (1)');
is($relay->book(@marks), '5|0|0', 'a lock of a foreign key is in nobody\'s way');
$other->query_safe('COMMIT');

for my $change ([ 'UPDATE t SET note = note WHERE id = 2', 'updated' ], [ 'DELETE FROM t WHERE id = 2', 'deleted' ])
{
    $node->sql('UPDATE t SET note = note');
    my ($mark) = $relay->marks('t', 'id = 2');
    $other->query_safe("BEGIN; $change->[0]");
    is($relay->book($mark), '0|1|0', "a row that is being $change->[1] is deferred");
    $other->query_safe('ROLLBACK');
    is($relay->retry, 0, '... and marked if that does not happen');
    is($node->sql('SELECT sync_status FROM t WHERE id = 2'), 'COMPLETED', '... indeed');
    $node->sql('UPDATE t SET note = note');
    ($mark) = $relay->marks('t', 'id = 2');
    $other->query_safe("BEGIN; $change->[0]");
    is($relay->book($mark), '0|1|0', '... deferred');
    $other->query_safe('COMMIT');
    is($relay->retry, 0, '... and void if it does');
    isnt($node->sql('SELECT sync_status FROM t WHERE id = 2'), 'COMPLETED', '... indeed');
}

# A commit is in the WAL before it is visible: the endpoint can have answered by then.
my $revision = $other->query_safe("BEGIN; INSERT INTO t VALUES (7, 'n') RETURNING sync_revision");
is($relay->book({ table => 'public.t', key => '{"id": 7}', revision => $revision, failed => 0 }), '0|1|0', 'an insert that is not visible yet is deferred');
$other->query_safe('COMMIT');
is($relay->retry, 0, '... tried again');
is($node->sql('SELECT sync_status FROM t WHERE id = 7'), 'COMPLETED', '... and marked');
$revision = $other->query_safe("BEGIN; UPDATE t SET note = 'm' WHERE id = 7 RETURNING sync_revision");
is($relay->book({ table => 'public.t', key => '{"id": 7}', revision => $revision, failed => 1 }), '0|1|0', 'so is an update');
$other->query_safe('COMMIT');
is($relay->retry, 0, '... tried again');
is($node->sql('SELECT sync_status FROM t WHERE id = 7'), 'FAILED', '... and marked');

# --- locked tables and indexes ---------------------------------------------------------------------------
for my $lock ('LOCK TABLE t IN ACCESS EXCLUSIVE MODE', 'LOCK TABLE t IN SHARE MODE', 'ALTER INDEX t_pkey SET TABLESPACE pg_default')
{
    $node->sql('UPDATE t SET note = note');
    @marks = $relay->marks('t');
    $other->query_safe("BEGIN; $lock");
    is($relay->book(@marks), '0|' . @marks . '|0', "deferred: $lock");
    $other->query_safe('COMMIT');
    is($relay->retry, 0, '... until it is over');
    is($node->sql("SELECT count(*) FROM t WHERE sync_status <> 'COMPLETED'"), '0', '... and the rows are marked');
}

# --- more than one round of deferred marks ---------------------------------------------------------------
table('many', 'id int PRIMARY KEY');
$node->sql('INSERT INTO many SELECT generate_series(1, 50)');
$other->query_safe('BEGIN; SELECT FROM many WHERE id <= 30 FOR UPDATE');
is($relay->book($relay->marks('many')), '20|30|0', 'many rows are locked');
$other->query_safe('COMMIT; BEGIN; SELECT FROM many WHERE id <= 10 FOR UPDATE');
my @left = map { $relay->query("SELECT gpsync_internal.relay_retry_deferred('legacy', 10)") } 1 .. 4;
is("@left", '30 20 10 10', 'marks that stay locked do not keep later ones from being tried');
$other->query_safe('COMMIT');
is($relay->retry, 0, 'all are marked in the end');
is($node->sql("SELECT count(*) FROM many WHERE sync_status = 'COMPLETED'"), '50', '... indeed');

# --- tables that are gone --------------------------------------------------------------------------------
table('doomed', 'id int PRIMARY KEY');
table('moved', 'id int PRIMARY KEY');
table('released', 'id int PRIMARY KEY');
$node->sql("INSERT INTO $_ VALUES (1)") for 'doomed', 'moved', 'released';
@marks = map { $relay->marks($_) } 'doomed', 'moved', 'released', 't';
$node->sql("DROP TABLE doomed; ALTER TABLE moved RENAME TO elsewhere; SELECT gpsync.detach('released')");
$node->sql('UPDATE t SET note = note WHERE id = 1');
is($relay->book(@marks, $relay->marks('t', 'id = 1')), '1|0|' . @marks, 'dropped, renamed and detached tables are no error');
like($relay->errors, qr/WARNING:  rows of table "public\.doomed" are not marked: it does not exist any more/, '... but a warning');
like($relay->errors, qr/WARNING:  rows of table "released" are not marked: it is not attached any more/, '... each');
$relay->book(@marks);
is($relay->errors, '', '... once');
$node->sql('CREATE TABLE stranger (id int PRIMARY KEY, sync_status varchar(20), last_sync_timestamp timestamptz, sync_revision bigint);'
    . " INSERT INTO stranger VALUES (1, 'PENDING', NULL, 5)");
is($relay->book($relay->marks('stranger')), '0|0|1', 'a table that is not under control is not written');
is(statuses('stranger'), 'PENDING', '... whatever its columns');

# --- a crash ---------------------------------------------------------------------------------------------
$node->sql('UPDATE t SET note = note');
@marks = $relay->marks('t', 'id = 1');
$other->query_safe('BEGIN; SELECT FROM t WHERE id = 1 FOR UPDATE');
is($relay->query($relay->call("'$start'::pg_lsn + 300, 1, NULL", undef, @marks)), '0|1|0', 'a mark is deferred');
$node->stop('immediate');
$node->start;
eval { $_->quit } for $other, $relay->session, $quiet->session;
is(position(), '300|1|', 'after a crash the position stands');
is(deferred(), '1', '... and the deferred mark too');
$relay = GpsyncTest::Booking->new($node, 'legacy');
is($relay->retry, 0, '... which is made');
is($node->sql('SELECT sync_status FROM t WHERE id = 1'), 'COMPLETED', '... now');

# --- no loop ---------------------------------------------------------------------------------------------
my $slot = $node->sql("SELECT slot_name FROM gpsync.stream_status WHERE stream = 'legacy'");
sub events
{
    return $node->sql("SELECT count(*) FROM pg_logical_slot_get_changes('$slot', NULL, NULL, 'publication_names', 'gpsync')");
}
events();
$node->sql('UPDATE t SET note = note WHERE id = 1');
is(events(), '1', 'a change is an event');
is($relay->book($relay->marks('t', 'id = 1')), '1|0|0', '... is booked');
is(events(), '0', '... which is none');

# --- other sessions at work ------------------------------------------------------------------------------
table('busy', 'id int PRIMARY KEY, n int');
$node->sql('INSERT INTO busy SELECT i, 0 FROM generate_series(1, 40) i');
my $script = "$ENV{TESTDIR}/busy.sql";
PostgreSQL::Test::Utils::append_to_file($script, <<~'SQL');
    \set a random(1, 20)
    \set b :a + random(1, 20)
    BEGIN;
    UPDATE busy SET n = n + 1 WHERE id = :a;
    SELECT FROM busy WHERE id BETWEEN :a AND :b ORDER BY id FOR UPDATE;
    UPDATE busy SET n = n + 1 WHERE id = :b;
    COMMIT;
    SQL
my $pgbench = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', '3', '-T', '3', '-f', $script, '-h', $node->host, '-p', $node->port, 'postgres' ]);
my ($calls, $marked, $trouble) = (0, 0, '');
while ($pgbench->is_running)
{
    my ($m) = split /\|/, $relay->book($relay->marks('busy'));
    $trouble .= $relay->errors;
    $marked += $m;
    $relay->retry;
    ++$calls;
}
is($pgbench->wait_exit, 0, 'sessions that change and lock rows meanwhile see no error');
is($trouble, '', '... nor does bookkeeping');
cmp_ok($marked, '>', 0, "... which got on ($marked marks in $calls calls)");
$relay->book($relay->marks('busy'));
is($relay->retry, 0, 'nothing is left');
is($node->sql("SELECT count(*) FROM busy WHERE sync_status <> 'COMPLETED'"), '0', '... and everything marked');

$relay->quit;
$node->stop;
done_testing;
