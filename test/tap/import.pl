# Imports: whose rights they run with, what they may meet in the table, and that nobody hears of them: endpoints get
# none of the rows, but every other change, also one that a trigger of the table makes meanwhile.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
my $nws = GpsyncTest::Emulator->new('nws');
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

$node->sql(<<'SQL');
CREATE ROLE ops LOGIN;
SELECT gpsync.grant_operator('ops');
CREATE SCHEMA work AUTHORIZATION ops;
GRANT CREATE ON DATABASE postgres TO ops;
SQL

# A statement as the operator.
sub as_ops { my ($sql) = @_; return $node->sql("SET ROLE ops; $sql") }
# The text of the error that SQL gives.
sub error { my ($sql) = @_; return ($node->sql_error($sql))[1] }
sub ops_error { my ($sql) = @_; return error("SET ROLE ops; $sql") }
# read, written, skipped, rejected
sub counts { my ($job) = @_; return $node->sql("SELECT read, written, skipped, rejected FROM gpsync.import_progress WHERE job = '$job'") }
sub run_import { my ($job) = @_; return as_ops("CALL gpsync.run_import('$job')") }

# --- rights ---------------------------------------------------------------------------------------------------
as_ops(<<'SQL');
CREATE TABLE work.source (id text PRIMARY KEY, st text, n integer);
INSERT INTO work.source SELECT 'k' || i, 'R', i FROM generate_series(1, 500) AS i;
CREATE TABLE work.rows (id text PRIMARY KEY, status text, n integer);
SELECT gpsync.attach('work.rows', publication => 'work');
SQL
like(ops_error(q{SELECT gpsync.import('public.provision_status', 'work.source', '{"provision_id":"id","status":"st"}')}),
    qr/permission denied for table/, 'the table has to be one that the caller may write');
$node->sql('CREATE TABLE public.secret (id text PRIMARY KEY, st text); REVOKE ALL ON public.secret FROM ops');
as_ops(q{SELECT gpsync.import('work.rows', '(SELECT id, st FROM work.source)', '{"id":"id","status":"st"}', status_map => '{"R":"VERIFIED"}', job => 'mine')});
like(error(q{CREATE ROLE other LOGIN; SELECT gpsync.grant_operator('other'); SET ROLE other; CALL gpsync.run_import('mine')}),
    qr/must be a member of role "ops"/, 'nobody works on the import of another role');
is(error(q{SET ROLE ops; SELECT gpsync.import('work.rows', 'public.secret', '{"id":"id","status":"st"}', status_map => '{"R":"VERIFIED"}', job => 'spy'); CALL gpsync.run_import('spy')}) =~ /permission denied for table secret/,
    1, 'a source that the owner may not read is read by nobody');

# Code of the owner's, in an expression, in a default and in a trigger, runs as the owner and cannot become another.
as_ops(<<'SQL');
CREATE FUNCTION work.who(n integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'ops' THEN RAISE 'runs as %', current_user; END IF;
    BEGIN SET LOCAL ROLE NONE; EXCEPTION WHEN OTHERS THEN RETURN n; END;
    RAISE 'the role was changed';
END $$;
SELECT gpsync.import('work.rows', 'work.source', '{"id":"id","status":"st","n":"work.who(n)"}', status_map => '{"R":"VERIFIED"}', job => 'who');
SQL
$node->sql(q{CALL gpsync.run_import('who')});
is(counts('who'), '500|500|0|0', "a superuser who runs it gives the owner's code no rights");
is($node->sql(q{SELECT DISTINCT sync_status, sync_revision % 8 FROM work.rows}), 'COMPLETED|1', 'rows are COMPLETED, with a revision that only an import gives');
is($node->sql(q{UPDATE work.rows SET n = 0 WHERE id = 'k1' RETURNING sync_status, sync_revision % 8}), 'PENDING|0', 'the next change is stamped as any');

# --- nobody hears of it, and everybody of the rest --------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE legacy (id text PRIMARY KEY, st text, det jsonb);
INSERT INTO legacy SELECT 'prov_' || i, 'V', jsonb_build_object('n', i) FROM generate_series(1, 2000) AS i;
CREATE TABLE noted (id text PRIMARY KEY, status text);
SELECT gpsync.attach('noted');
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.noted VALUES (NEW.provision_id, 'RECEIVED');
    RETURN NULL;
END $$;
SELECT gpsync.import('provision_status', 'legacy', '{"provision_id":"id","status":"st","detail":"det"}', status_map => '{"V":"VERIFIED"}', job => 'quiet');
SQL
$node->sql(q{CALL gpsync.run_import('quiet')});
is(counts('quiet'), '2000|2000|0|0', 'imported');
$node->sql(q{INSERT INTO provision_status (provision_id, status) VALUES ('modern', 'RECEIVED')});
$node->wait_for_sync;
is_deeply([ map { $_->{subject} } $nws->events ], [ 'public.provision_status/modern' ], 'the endpoint heard of the other change alone');
is($node->sql(q{SELECT count(*) FROM provision_status WHERE sync_status = 'PENDING'}), 0, 'nothing is pending');
$node->sql(q{UPDATE provision_status SET status = 'ELIGIBLE' WHERE provision_id = 'prov_7'});
$node->wait_for_sync;
is($nws->entry('public.provision_status/prov_7')->{data}{row}{status}, 'ELIGIBLE', 'and of the next change of an imported row');

$node->sql(<<'SQL');
CREATE TRIGGER note AFTER INSERT ON provision_status FOR EACH ROW EXECUTE FUNCTION note();
INSERT INTO legacy SELECT 'late_' || i, 'V', '{}' FROM generate_series(1, 50) AS i;
SELECT gpsync.import('provision_status', 'legacy', '{"provision_id":"id","status":"st","detail":"det"}', status_map => '{"V":"VERIFIED"}', job => 'noted');
SQL
$node->sql(q{CALL gpsync.run_import('noted')});
is(counts('noted'), '2050|50|2000|0', 'rows that are there are skipped');
$node->wait_for_sync;
is($node->sql('SELECT count(*) FROM noted'), 50, 'a trigger of the table has fired');
my @subjects = map { $_->{subject} } $nws->events;
is(scalar(grep { /noted\/late_/ } @subjects), 50, '... and what it wrote is delivered');
is(scalar(grep { /provision_status\/late_/ } @subjects), 0, '... the imported rows are not');
$node->sql('DROP TRIGGER note ON provision_status');

# --- several sessions ---------------------------------------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE many (a integer, b bigint, st text, PRIMARY KEY (a, b));
INSERT INTO many SELECT i % 37, i, 'RECEIVED' FROM generate_series(1, 20000) AS i;
CREATE TABLE pairs (a integer, b bigint, status text, PRIMARY KEY (a, b));
SELECT gpsync.attach('pairs');
SELECT gpsync.import('pairs', 'many', '{"a":"a","b":"b","status":"st"}', job => 'many');
SELECT gpsync.set_import('many', 'max_chunk', '200');
SQL
my @sessions = map { $node->background_psql('postgres', on_error_die => 1) } 1 .. 3;
$_->{stdin} .= "CALL gpsync.run_import('many');\n" for @sessions;
$_->{run}->pump_nb for @sessions;
$node->wait_for_sql(q{SELECT state FROM gpsync.import_progress WHERE job = 'many'}, 'done');
$_->quit for @sessions;
is(counts('many'), '20000|20000|0|0', 'every row once');
cmp_ok($node->sql(q{SELECT count(*) FROM gpsync.import_part WHERE job = 'many' AND part > 0}), '>', 1, '... and they shared the work');

# --- workers --------------------------------------------------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE pairs_again (a integer, b bigint, status text, PRIMARY KEY (a, b));
SELECT gpsync.attach('pairs_again');
SELECT gpsync.import('pairs_again', 'many', '{"a":"a","b":"b","status":"st"}', job => 'workers');
SELECT gpsync.set_import('workers', 'max_chunk', '100'), gpsync.set_import('workers', 'rows_per_second', '4000');
SQL
$node->sql(q{SELECT gpsync.start_import('workers', 2)});
$node->wait_for_sql(q{SELECT read > 0 FROM gpsync.import_progress WHERE job = 'workers'});
$node->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'gpsync import' LIMIT 1});
$node->sql(q{SELECT gpsync.start_import('workers', 2), gpsync.set_import('workers', 'rows_per_second', NULL)});
$node->wait_for_sql(q{SELECT state FROM gpsync.import_progress WHERE job = 'workers'}, 'done');
is(counts('workers'), '20000|20000|0|0', 'background workers, one of them ended');
like(error(q{SELECT gpsync.start_import('workers')}), qr/import "workers" is done/, 'what is done is not started');

# --- what a table may have ----------------------------------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE parent (id integer PRIMARY KEY);
INSERT INTO parent SELECT generate_series(1, 90);
CREATE TABLE child (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent integer REFERENCES parent, status text,
    detail jsonb, twice integer GENERATED ALWAYS AS (id * 2) STORED);
SELECT gpsync.attach('child'), gpsync.scrub_on_write('child', 'detail');
CREATE TABLE old_child (id integer PRIMARY KEY, parent integer, st text, detail jsonb);
INSERT INTO old_child SELECT i, i, 'FAILED', jsonb_build_object('pan', '4111111111111111', 'n', i) FROM generate_series(1, 100) AS i;
SELECT gpsync.import('child', 'old_child', '{"id":"id","parent":"parent","status":"st","detail":"detail"}', job => 'child');
CALL gpsync.run_import('child');
SQL
is(counts('child'), '100|90|0|10', 'a foreign key refuses single rows');
is($node->sql(q{SELECT DISTINCT sqlstate, constraint_name FROM gpsync.import_rejects WHERE job = 'child'}), '23503|child_parent_fkey', '... with its name');
is($node->sql('SELECT count(*) FROM child WHERE gpsync.has_pii(detail)'), 0, 'documents are scrubbed on the way');
is($node->sql(q{INSERT INTO child (status) VALUES ('RECEIVED') RETURNING id}), 91, 'the identity goes on behind what was imported');
$node->sql('INSERT INTO parent SELECT generate_series(91, 100)');
$node->sql(q{SELECT gpsync.retry_rejects('child', '23503')});
$node->sql(q{CALL gpsync.run_import('child')});
is(counts('child'), '100|99|1|0', 'mended, and tried again: one key is taken by now');

$node->sql(<<'SQL');
CREATE TABLE parted (id integer PRIMARY KEY, status text) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (500);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (500) TO (1000);
SELECT gpsync.attach('parted');
SELECT gpsync.import('parted', '(SELECT i AS id, ''ELIGIBLE'' AS status FROM generate_series(1, 1010) AS i)', job => 'parted');
CALL gpsync.run_import('parted');
SQL
is(counts('parted'), '1010|999|0|11', 'partitions: rows without one are refused');
is($node->sql('SELECT count(*) FROM parted WHERE sync_status IS DISTINCT FROM $$COMPLETED$$'), 0, '... the others are COMPLETED');

$node->sql(<<'SQL');
CREATE TABLE later (id integer PRIMARY KEY, parent integer REFERENCES parent DEFERRABLE INITIALLY DEFERRED, status text);
SELECT gpsync.attach('later'), gpsync.import('later', '(SELECT i AS id, i AS parent, ''FAILED'' AS status FROM generate_series(99, 102) AS i)', job => 'later');
CALL gpsync.run_import('later');
SQL
is(counts('later'), '4|2|0|2', 'a deferred foreign key refuses single rows, too');

# --- keys that are PII ----------------------------------------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE by_phone (phone bigint PRIMARY KEY, status text);
CREATE TABLE phones (phone bigint, status text);
INSERT INTO phones VALUES (4155550123, 'FAILED'), (4155550123, 'FAILED'), (4155550124, 'FAILED');
SELECT gpsync.attach('by_phone'), gpsync.import('by_phone', 'phones', job => 'phones');
CALL gpsync.run_import('phones');
SQL
is(counts('phones'), '3|0|0|3', 'keys that their name says are PII are refused');
is($node->sql(q{SELECT DISTINCT key, sqlstate FROM gpsync.import_rejects WHERE job = 'phones'}), '{}|22023', '... and not kept');
is($node->sql(q{SELECT count(*) FROM gpsync.import_part AS p WHERE to_jsonb(p)::text ~ '41555501'}), 0, '... nor as a position');
is($node->sql(q{SELECT gpsync.retry_rejects('phones')}), 0, '... nor read again');

# --- the source's key changes -----------------------------------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE turns (id bigint PRIMARY KEY, st text);
INSERT INTO turns SELECT i, 'FAILED' FROM generate_series(1, 2000) AS i;
CREATE TABLE turned (id text PRIMARY KEY, status text);
SELECT gpsync.attach('turned'), gpsync.import('turned', 'turns', '{"id":"id","status":"st"}', job => 'turns');
SELECT gpsync.set_import('turns', 'max_chunk', '100'), gpsync.set_import('turns', 'rows_per_second', '1000');
CALL gpsync.run_import('turns', for_at_most => '200 ms');
ALTER TABLE turns ALTER id TYPE text;
UPDATE gpsync.import_job SET statements_at = NULL WHERE job = 'turns';
SQL
like(error(q{CALL gpsync.run_import('turns')}), qr/the key of the source of import "turns" has another type/, 'another type of the key, another order: no gap');
$node->sql(q{SELECT gpsync.cancel_import('turns')});
like(error(q{SELECT gpsync.retry_rejects('turns')}), qr/is canceled/, 'what is canceled is not tried again');

# --- options ------------------------------------------------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE slow (id integer PRIMARY KEY, status text);
SELECT gpsync.attach('slow');
CREATE TABLE gate (shut boolean); INSERT INTO gate VALUES (true);
SELECT gpsync.import('slow', '(SELECT i AS id, ''RECEIVED'' AS status FROM generate_series(1, 3000) AS i)', job => 'slow');
SELECT gpsync.set_import('slow', 'pause_when', 'SELECT shut FROM public.gate'), gpsync.set_import('slow', 'max_chunk', '100');
SQL
my $session = $node->background_psql('postgres', on_error_die => 1);
$session->{stdin} .= "CALL gpsync.run_import('slow');\n";
$session->{run}->pump_nb;
$node->wait_for_sql(q{SELECT waits_for FROM gpsync.import_progress WHERE job = 'slow'}, 'pause_when');
$node->sql(q{SELECT gpsync.set_import('slow', 'rows_per_second', '1000'); UPDATE gate SET shut = false});
$node->wait_for_sql(q{SELECT read > 0 FROM gpsync.import_progress WHERE job = 'slow'});
$node->sql(q{SELECT gpsync.pause_import('slow')});
$session->quit;
my $read = $node->sql(q{SELECT read FROM gpsync.import_progress WHERE job = 'slow'});
cmp_ok($read, '<', 3000, 'paused on the way');
$node->sql(q{SELECT gpsync.resume_import('slow'), gpsync.set_import('slow', 'rows_per_second', NULL)});
$node->sql(q{CALL gpsync.run_import('slow')});
is(counts('slow'), '3000|3000|0|0', 'and resumed');
like(error(q{SELECT gpsync.pause_import('slow')}), qr/import "slow" is done/, 'what is done cannot be paused');

# A query that fails does not say that the import may go on.
sub paused { return $node->sql(q{SELECT waits_for, last_error, read FROM gpsync.import_progress WHERE job = 'gated'}) }
$node->sql(<<'SQL');
CREATE TABLE gated (id integer PRIMARY KEY, status text);
SELECT gpsync.attach('gated');
UPDATE gate SET shut = false;
SELECT gpsync.import('gated', '(SELECT i AS id, ''RECEIVED'' AS status FROM generate_series(1, 10) AS i)', job => 'gated');
SELECT gpsync.set_import('gated', 'pause_when', 'SELECT 1 / count(*) = 0 FROM public.gate WHERE NOT shut');
UPDATE gate SET shut = true;
SQL
my $failed = error(q{CALL gpsync.run_import('gated')});
like($failed, qr/ERROR:  55000: pause_when of import "gated" failed, so that it waits\nDETAIL:  22012: division by zero\nHINT:  .*set_import\('gated', 'pause_when', \.\.\.\)/, 'pause_when fails: named');
is(paused(), 'pause_when|22012: division by zero|0', '... and nothing is read');
like($node->sql('SELECT finding FROM gpsync.doctor()'), qr/pause_when of import "gated" fails, so that it waits: SQLSTATE 22012/, '... as doctor() says');
$node->sql(q{SELECT gpsync.set_import('gated', 'chunk_time', '100ms')});
is(paused(), 'pause_when|22012: division by zero|0', 'another option changes nothing of that');
$node->sql(q{SELECT gpsync.set_import('gated', 'pause_when', 'SELECT 1 / count(*) = 7 FROM public.gate WHERE NOT shut')});
is(paused(), '||0', 'a new query may work');
$node->sql(q{SELECT gpsync.start_import('gated')});
$node->wait_for_sql(q{SELECT last_error FROM gpsync.import_progress WHERE job = 'gated'}, '22012: division by zero');
$node->wait_for_log(qr/LOG:  import "gated" waits: its pause_when failed with 22012: division by zero/);
$node->sql(q{UPDATE gate SET shut = false});
$node->wait_for_sql(q{SELECT state, last_error, read FROM gpsync.import_progress WHERE job = 'gated'}, 'done||10');

$node->stop;
done_testing();
