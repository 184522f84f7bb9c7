# Every finding of doctor(): it is brought about, its fix is pasted as it stands (into psql, or a shell where it is a command), the finding is gone and delivery
# goes on. What is not pasted (a query to look with, a fix with something that only the DBA knows) is listed with the reason. The end of the test holds the list
# against the doctor's sources, so that a new finding needs a line here.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use GpsyncTest::Findings qw(all_are_seen findings mends paste_sql $node %pasted);
use GpsyncTest::TokenSystem;
use Test::More;

my $nws = GpsyncTest::Emulator->new('nws');
my ($relay, $count) = (undef, 0);

sub delivers
{
    my ($what, $table) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    $table //= 'orders';
    my $key = 'k' . ++$count;
    $node->sql("INSERT INTO $table (id, status) VALUES ('$key', 'RECEIVED')");
    ok(GpsyncTest::wait_until(sub { grep { $_->{subject} =~ m{/$key$} } $nws->events }, "$key is delivered"), "$what, delivery goes on");
    ok($node->wait_for_sql("SELECT sync_status FROM $table WHERE id = '$key'", 'COMPLETED'), '... and is booked');
    return;
}

# ------------------------------------------------------------------------------------------- settings, the supervisor
note('settings');
$node = GpsyncTest->new('settings');
$node->init(allows_streaming => 'logical', extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->configure(wal_level => 'replica', max_replication_slots => 2, max_wal_senders => 1);
$node->start;
$node->sql('CREATE EXTENSION gpsync');
$node->sql("SELECT pg_create_physical_replication_slot(s) FROM unnest('{one,two}'::text[]) AS s");
my $restart = sub { $node->restart };
mends(qr/^wal_level is/,                       after => $restart);
mends(qr/replication slots are in use/,        after => $restart);
mends(qr/slots want a WAL sender each/,        after => $restart);
$node->sql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
if (GpsyncTest::Environment::knows_setting('output_plugin_libraries'))
{
    $node->sql('ALTER SYSTEM SET output_plugin_libraries = pgoutput');
    $node->sql('SELECT pg_reload_conf()');
    mends(qr/is not in output_plugin_libraries/);
}
$node->sql('CREATE ROLE relay LOGIN REPLICATION; SELECT gpsync.grant_relay($$relay$$)');
$node->sql("CREATE TABLE orders (id text PRIMARY KEY, status text); SELECT gpsync.attach('orders')");
$node->create_endpoint($nws);
mends(qr/^no stream books table/, edit => { "'...'" => "'legacy'", '{...}' => '{nws}' });
mends(qr/max_slot_wal_keep_size is unlimited/);
$node->sql(q{SELECT gpsync.stream_history('orders', 'portal')});
mends(qr/^no stream takes topic "portal"/);

note('the supervisor');
mends(qr/gpsync is not in shared_preload_libraries/, after => $restart, timeout => 30);
$node->sql("ALTER SYSTEM SET gpsync.relay_conninfo = 'host=" . $node->host . ' port=' . $node->port . " user=relay'");
$node->sql('SELECT pg_reload_conf()');
delivers('a relay of the server');
$node->sql("ALTER SYSTEM SET gpsync.databases = 'template1'");
$node->restart;
mends(qr/is not in gpsync.databases/, after => $restart);
delivers('a database added');
$node->sql('ALTER SYSTEM SET max_worker_processes = 1');
$node->restart;
mends(qr/no supervisor runs for database/, after => $restart);
delivers('room for a worker');
$node->sql("ALTER SYSTEM SET gpsync.relay_path = '/nowhere/gpsync-relay'");
$node->restart;
my $program = "$ENV{GPSYNC_STAGE}" . GpsyncTest::Environment::pg_config('--bindir') . '/gpsync-relay';
mends(qr{there is no program "/nowhere/gpsync-relay"}, edit => { '/.../gpsync-relay' => $program });
delivers('the program found');
$node->stop;

# ------------------------------------------------------------------------------------------- streams
note('streams');
$node = GpsyncTest->new_node('main', max_slot_wal_keep_size => '100GB', max_replication_slots => 30, max_wal_senders => 30);
$node->create_platform;
$node->sql("CREATE TABLE orders (id text PRIMARY KEY, status text); SELECT gpsync.attach('orders')");
$node->sql("CREATE TABLE parts (id text PRIMARY KEY, status text) PARTITION BY HASH (id); CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 1, REMAINDER 0);
    SELECT gpsync.attach('parts')");
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $slot = $node->sql("SELECT gpsync_internal.slot_name('legacy')");

my ($fix) = map { $_->[3] } findings(qr/^no relay delivers stream "legacy"$/);
like($fix, qr/^gpsync-relay --dbname 'dbname=postgres' --stream legacy/, 'a relay is started from a shell');
my $bin = "$ENV{GPSYNC_STAGE}" . GpsyncTest::Environment::pg_config('--bindir');
$relay = GpsyncTest::Process->spawn('pasted', [ 'sh', '-c', "exec $fix" ], PATH => "$bin:$ENV{PATH}", PGHOST => $node->host, PGPORT => $node->port, PGUSER => 'relay');
$pasted{'no relay delivers stream "legacy"'} = 1;
ok(GpsyncTest::wait_until(sub { !findings(qr/^no relay/) }, 'a relay delivers'), '... and it is gone');
delivers('a relay pasted');
{
    my $odd = q{it's "odd" \ & x};
    my $words = $node->sql("SELECT gpsync_internal.shell_word('dbname=' || gpsync_internal.conninfo_value(\$q\$$odd\$q\$))");
    is(`printf %s $words`, q{dbname='it\\'s "odd" \\\\ & x'}, 'any database name is one word of a shell, and a value of a connection string');
}
$relay->stop;
my $booking = GpsyncTest::Booking->new($node, 'legacy');
mends(qr/^process \d+ holds the lock of stream "legacy"/);
eval { $booking->quit };
$relay = $node->start_relay('legacy');
delivers('the lock free');

$node->sql("SELECT gpsync.pause_stream('legacy')");
mends(qr/^stream "legacy" is paused/);
delivers('resumed');

my $is_18 = $node->sql('SHOW server_version_num') >= 180000;
if ($is_18)
{
    $relay->stop;
    $node->sql('ALTER SYSTEM SET max_active_replication_origins = 0');
    $node->restart;
    mends(qr/^0 replication origins may be in use at a time, and there are 1 streams/, after => $restart);
    $relay = $node->start_relay('legacy');
    delivers('an origin for each stream');
    $node->sql(q{ALTER SYSTEM SET idle_replication_slot_timeout = '1h'});
    $node->reload;
    mends(qr/^a stream whose relay is away for 1h loses its slot/);
    delivers('slots kept');
}

$relay->stop;
$node->sql("SELECT pg_drop_replication_slot('$slot')");
mends(qr/^replication slot "$slot" does not exist/);
$node->sql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
$node->sql("ALTER SYSTEM SET max_wal_size = '1GB'");             # no checkpoint meanwhile: it would take the slot away
$node->sql('SELECT pg_reload_conf()');
for (1 .. 6) { $node->sql('SELECT pg_logical_emit_message(false, $$x$$, $$x$$)'); $node->sql('SELECT pg_switch_wal()') }
mends(qr/is about to be lost/);
$relay = $node->start_relay('legacy');
delivers('a slot made again');

# As pg_upgrade leaves a stream (pg_upgrade.pl runs it): another system, the slot behind the old end of the WAL, no origin.
$node->wait_for_sync;
$relay->stop;
$node->sql('CALL gpsync.prepare_upgrade()');
$node->sql("SELECT pg_replication_origin_drop('$slot')");
$node->sql('UPDATE gpsync.stream_position SET system_identifier = 1; UPDATE gpsync.stream_end SET system_identifier = 1, server_version = 170000');
$node->sql('SELECT gpsync_internal.pass_lost_wal()');
$node->sql("SELECT pg_replication_slot_advance('$slot', pg_current_wal_flush_lsn())");
for my $doubt ("booked_at = booked_at + interval '1 s'", "confirmed_lsn = confirmed_lsn + 1", 'ordinal = ordinal + 1')
{
    $node->sql("CREATE TABLE saved AS TABLE gpsync.stream_position; UPDATE gpsync.stream_position SET $doubt");
    is(scalar findings(qr/what was delivered before it is not known: prepare_upgrade\(\) was not called last/), 1, "not taken over: $doubt");
    is(($node->sql_error("SELECT gpsync.resume_stream('legacy')"))[0], '55000', '... by no call');
    $node->sql('DELETE FROM gpsync.stream_position; INSERT INTO gpsync.stream_position TABLE saved; DROP TABLE saved');
}
mends(qr/^pg_upgrade has brought stream "legacy" here/);
$relay = $node->start_relay('legacy');
delivers('a slot that pg_upgrade has brought');

$node->sql("SELECT pg_create_logical_replication_slot(gpsync_internal.slot_name('left'), 'gpsync_decoder')");
mends(qr/belongs to no stream and holds back/);
$node->sql("SELECT pg_replication_origin_create('gpsync_4294967_left')");
$node->sql("SELECT pg_replication_origin_create('gpsync_99999999999999_big'), pg_replication_origin_create('other_4294967_left'), pg_replication_origin_create('gpsync_4294967_Not ours')");
mends(qr/origin "gpsync_4294967_left" belongs to no stream/);
mends(qr/origin "gpsync_99999999999999_big" belongs to no stream/);
is(scalar findings(qr/other_4294967_left|Not ours/), 0, 'names that gpsync does not give are not its own');
$node->sql('CREATE DATABASE other');
$node->safe_psql('other', 'CREATE EXTENSION gpsync; CREATE TABLE o (id int PRIMARY KEY, status text); SELECT gpsync.attach($$o$$);
    CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url $$http://localhost$$)');
$node->safe_psql('other', q{SELECT gpsync.create_stream('legacy', '{nws}')});
$node->sql('ALTER DATABASE postgres SET standard_conforming_strings = off');
is(scalar findings(qr/origin/), 0, 'origins of live streams of other databases are never offered, whatever standard_conforming_strings is');
$node->sql('ALTER DATABASE postgres RESET standard_conforming_strings');

note('publications');
$node->sql($_) for 'ALTER EVENT TRIGGER gpsync_guard_dropped DISABLE', 'DROP PUBLICATION gpsync';
mends(qr/^publication "gpsync" of stream "legacy" does not exist/, after => sub {
    is(scalar findings(qr/is not in its publication/), 0, '... with every attached table in it');
    is($node->sql('SELECT pubviaroot FROM pg_publication'), 't', '... published as attach() does') });
mends(qr/^event trigger "gpsync_guard_dropped" does not fire/);
$node->sql('ALTER PUBLICATION gpsync DROP TABLE parts');
mends(qr/^attached table public.parts is not in its publication/);
$node->sql("ALTER PUBLICATION gpsync SET (publish = 'insert')");
mends(qr/leaves out some kinds of change/);
$node->sql('ALTER PUBLICATION gpsync DROP TABLE orders; ALTER PUBLICATION gpsync ADD TABLE orders (status) WHERE (id IS NOT NULL)');
mends(qr/^the column list of table public.orders .* leaves out id, sync_revision/, after => sub {
    is($node->sql("SELECT pg_get_expr(prqual, prrelid) FROM pg_publication_rel WHERE prqual IS NOT NULL"), '(id IS NOT NULL)', '... and keeps the row filter');
    $node->sql('ALTER PUBLICATION gpsync DROP TABLE orders; ALTER PUBLICATION gpsync ADD TABLE orders') });
$node->sql('CREATE TABLE plain (id int PRIMARY KEY); CREATE PUBLICATION again; ALTER PUBLICATION again OWNER TO postgres');
$node->sql("SELECT gpsync.create_stream('again', '{nws}', 'again', bookkeeping => false)");
mends(qr/^publication "again" of stream "again" publishes no table/, edit => { '...' => 'plain' });
$node->sql($_) for 'ALTER PUBLICATION again SET TABLE orders', "UPDATE gpsync.stream SET bookkeeping = true WHERE stream = 'again'";
mends(qr/^table public.orders is booked by streams/);
$node->sql($_) for "SELECT gpsync.drop_stream('again')", "CREATE PUBLICATION cut FOR TABLE plain WITH (publish = 'insert, update, delete')",
    "SELECT gpsync.create_stream('cut_1', '{nws}', 'cut', bookkeeping => false, partition => '1/2')";
mends(qr{^no stream delivers partition 2/2 of publication "cut"}, after => sub { is($node->sql("SELECT partition FROM gpsync.stream WHERE stream = 'cut_2'"), '2/2', '... by a stream of that name') });
$node->sql("ALTER PUBLICATION cut SET (publish = 'insert, update, delete, truncate')");
mends(qr/^publication "cut" publishes TRUNCATE, at which the partitions/, after => sub { $node->sql("SELECT gpsync.drop_stream(s) FROM unnest('{cut_1,cut_2}'::text[]) AS s") });
$relay->stop;
$relay = $node->start_relay('legacy');
delivers('publications mended');
delivers('a partitioned table', 'parts');

note('endpoints');
$node->sql('ALTER FOREIGN DATA WRAPPER gpsync_http RENAME TO renamed');
mends(qr/foreign data wrapper "gpsync_http" is called "renamed" now/);
$node->sql('ALTER EVENT TRIGGER gpsync_guard_dropped DISABLE');
$node->sql('DROP SERVER nws');
mends(qr/^endpoint "nws" does not exist/, edit => { 'https://...' => $nws->url });
$node->sql('DROP SERVER nws; CREATE FOREIGN DATA WRAPPER another; CREATE SERVER nws FOREIGN DATA WRAPPER another');
mends(qr/^endpoint "nws" is a server of another foreign data wrapper/, edit => { 'https://...' => $nws->url, 'RENAME TO ...' => 'RENAME TO nws_before' });
$node->sql('ALTER EVENT TRIGGER gpsync_guard_dropped ENABLE ALWAYS');
$node->sql("ALTER SERVER nws OPTIONS (SET url 'http://nws.example/')");
mends(qr/gets changes and credentials unencrypted/);
mends(qr/has no user mapping for endpoint "nws"/, edit => { "bearer_token_file '/...'" => "bearer_token 'x'" });
my %secret = ("signing_secret_file '/...'" => "signing_secret 'whsec_" . 'YWFh' x 8 . "'");
$node->sql("ALTER SERVER nws OPTIONS (ADD signing 'standard-webhooks')");
mends(qr/^requests to endpoint "nws" are to be signed, and the user mapping of role relay has no signing secret/, edit => \%secret);
$node->sql('DROP USER MAPPING FOR relay SERVER nws');
mends(qr/^requests to endpoint "nws" are to be signed, and the user mapping of role relay has no signing secret/, edit => \%secret);
$node->sql('ALTER SERVER nws OPTIONS (DROP signing)');
$node->sql('DROP USER MAPPING FOR relay SERVER nws');
$node->sql("ALTER SERVER nws OPTIONS (SET url '" . $nws->url . "')");
$relay->stop;
$node->sql('ALTER ROLE relay NOLOGIN NOREPLICATION');
mends(qr/^role relay lacks LOGIN REPLICATION/);
$relay = $node->start_relay('legacy');
delivers('endpoints mended');

# ------------------------------------------------------------------------------------------- attached tables
note('triggers');
for my $trigger (qw(gpsync_stamp gpsync_check_update gpsync_check_insert))
{
    $node->sql("ALTER TABLE orders DISABLE TRIGGER $trigger");
    mends(qr/^trigger "$trigger" of table public.orders is disabled/);
    $node->sql("ALTER TABLE orders ENABLE TRIGGER $trigger");
    mends(qr/^trigger "$trigger" of table public.orders does not fire for replicated rows/);
    $node->sql("ALTER TRIGGER $trigger ON orders RENAME TO renamed");
    mends(qr/^trigger "$trigger" of table public.orders is missing/);
    is($node->sql("SELECT string_agg(tgname, ' ' ORDER BY tgname) FROM pg_trigger WHERE tgrelid = 'orders'::regclass"),
        'gpsync_check_insert gpsync_check_update gpsync_stamp', '... and the table has exactly the triggers that attach() makes');
    $node->sql("DROP TRIGGER $trigger ON orders");
    mends(qr/^trigger "$trigger" of table public.orders is missing/);
}
$node->sql('DROP TRIGGER gpsync_note_delete ON parts');
mends(qr/^trigger "gpsync_note_delete" of table public.parts is missing/);
$node->sql("CREATE TRIGGER second BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION gpsync_internal.stamp('', '', 'gpsync')");
mends(qr/has trigger "second", which attach\(\) has not made/);
$node->sql('DROP TRIGGER gpsync_check_update ON orders; CREATE TRIGGER gpsync_check_update AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION gpsync_internal.check_update()');
mends(qr/^trigger "gpsync_check_update" of table public.orders is missing, or not as/);
is($node->sql('SELECT status_column FROM gpsync.attached_tables WHERE relation = $$orders$$::regclass'), 'status', '... it checks the status again');
$node->sql("CREATE TABLE loose (id text PRIMARY KEY, status text, sync_status varchar(20), last_sync_timestamp timestamptz, sync_revision bigint NOT NULL DEFAULT 0);
    CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE ON loose FOR EACH ROW EXECUTE FUNCTION gpsync_internal.stamp('provision', 'status', 'gpsync')");
mends(qr/^table public.loose has trigger "gpsync_stamp" and is not attached/);
delivers('attached', 'loose');
my $own = $node->sql("SELECT format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger WHERE tgfoid = 'gpsync_internal.policy_changed()'::regprocedure LIMIT 1");
$node->sql($own);
mends(qr/does not fire in every session_replication_role/);
delivers('triggers mended');

note('columns and keys');
$node->sql('ALTER TABLE orders DROP COLUMN sync_status');
mends(qr/^table public.orders has no column "sync_status"/);
for my $other ("sync_status:char(3) USING 'abc'", 'sync_status:varchar(4) USING left(sync_status, 4)', 'last_sync_timestamp:text', 'sync_revision:numeric')
{
    my ($column, $type) = split /:/, $other, 2;
    $node->sql("ALTER TABLE orders ALTER COLUMN $column TYPE $type");
    mends(qr/^column "$column" of table public.orders cannot be used by gpsync/);
}
$node->sql('ALTER TABLE orders DROP COLUMN sync_status; ALTER TABLE orders ADD COLUMN sync_status varchar(20) GENERATED ALWAYS AS ($$x$$) STORED');
mends(qr/^column "sync_status" of table public.orders cannot be used by gpsync: it is computed/);
$node->sql('ALTER TABLE orders DROP CONSTRAINT orders_pkey');
mends(qr/^table public.orders has no key any more/, edit => { '...' => 'id' });
$node->sql('ALTER TABLE orders REPLICA IDENTITY NOTHING');
mends(qr/^table public.orders has no replica identity/);
$node->sql('CREATE UNIQUE INDEX by_id ON orders (id); ALTER TABLE orders REPLICA IDENTITY USING INDEX by_id; DROP INDEX by_id');
mends(qr/^table public.orders has no replica identity/);
if ($is_18)
{
    $node->sql("CREATE TABLE generated_key (a int, id int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY, status text); SELECT gpsync.attach('generated_key')");
    $node->sql('ALTER PUBLICATION gpsync SET (publish_generated_columns = none)');
    mends(qr/^column "id" in the replica identity of table public.generated_key is generated, and publication "gpsync" does not publish it/);
    $node->sql("INSERT INTO generated_key (a, status) VALUES (1, 'RECEIVED'); UPDATE generated_key SET a = 2; SELECT gpsync.detach('generated_key'); DROP TABLE generated_key");
}
$node->sql('ALTER TABLE parts_0 SET UNLOGGED');
mends(qr/^table public.parts_0 is unlogged/);
$node->sql('ALTER TABLE orders FORCE ROW LEVEL SECURITY, ENABLE ROW LEVEL SECURITY');
mends(qr/has FORCE ROW LEVEL SECURITY/);
$node->sql('ALTER TABLE orders DISABLE ROW LEVEL SECURITY');
$node->sql("CREATE TABLE cards (card_number text PRIMARY KEY, status text)");
$node->sql("SELECT gpsync.attach('cards')");
ok(scalar findings(qr/^key column "card_number" of table public.cards looks like PII/), 'a key that looks like PII');
$node->sql("SELECT gpsync.detach('cards')");
$node->sql("DELETE FROM gpsync.machine WHERE machine = 'provision'");
mends(qr/^machine "provision" of table public.orders does not exist/);
ok($node->sql("SELECT gpsync.is_valid_transition('provision', 'FAILED', 'RECEIVED') AND NOT gpsync.is_valid_transition('provision', 'RECEIVED', 'VERIFIED')
    AND gpsync.next_states('provision', 'PROCESSING') = '{COMPLETED,FAILED}'") eq 't', '... the machine is what it was');
$node->sql('ALTER TABLE loose DROP COLUMN status CASCADE');
mends(qr/^the status column of table public.loose is gone/);
$node->sql("SELECT gpsync.detach('loose')");
$node->sql('CREATE TABLE heir () INHERITS (orders)');
mends(qr/^table public.heir inherits from attached table public.orders/);
delivers('a table that inherits', 'heir');
$node->sql("SELECT gpsync.detach('heir'); ALTER TABLE heir NO INHERIT orders; DROP TABLE heir");
$node->sql('CREATE TABLE swapped (LIKE orders INCLUDING ALL); ALTER TABLE orders RENAME TO orders_old; ALTER TABLE swapped RENAME TO orders');
mends(qr/^table public.orders has the columns that attach\(\) adds/);
delivers('a table under the name of another');
$node->sql('ALTER TABLE orders RENAME TO orders_swapped; ALTER TABLE orders_old RENAME TO orders');
delivers('columns and keys mended');

note('rows');
$node->sql("CREATE TABLE late (id text PRIMARY KEY, status text); INSERT INTO late VALUES ('before', 'RECEIVED')");
$node->sql("SELECT gpsync.attach('late')");
mends(qr/^table public.late has rows that were never stamped/);
$node->wait_for_sync;
is($node->sql("SELECT sync_status FROM late WHERE id = 'before'"), 'COMPLETED', '... they are sent');
$node->sql("ALTER PUBLICATION gpsync DROP TABLE late");
$node->sql("INSERT INTO late VALUES ('missed', 'RECEIVED')");
$node->sql("ALTER PUBLICATION gpsync ADD TABLE late");
is(scalar findings(qr/late has rows that are PENDING/), 0, 'nothing is said before the stream has passed a row for certain');
for (1 .. 3) { $node->sql('CHECKPOINT'); $node->sql('INSERT INTO plain VALUES (' . ++$count . ')'); $node->wait_for_sync; }
mends(qr/^table public.late has rows that are PENDING although stream "legacy" has passed them/, timeout => 90);
$node->wait_for_sync;
is($node->sql("SELECT sync_status FROM late WHERE id = 'missed'"), 'COMPLETED', '... they are sent');
{
    my $session = $node->background_psql('postgres');
    $session->query('BEGIN');
    $session->query("INSERT INTO late VALUES ('slow', 'RECEIVED')");
    for (1 .. 3) { $node->sql('CHECKPOINT'); $node->sql('INSERT INTO plain VALUES (' . ++$count . ')'); }
    $session->query('COMMIT');
    is(scalar findings(qr/late has rows that are PENDING/), 0, 'a transaction that was long is none of them');
    $session->quit;
    $node->wait_for_sync;
    $session = $node->background_psql('postgres');
    $session->query('BEGIN');
    $session->query('LOCK TABLE late IN ACCESS EXCLUSIVE MODE');
    my $start = time;
    findings(qr/./);
    cmp_ok(time - $start, '<', 5, 'a locked table does not hold the doctor up');
    $session->quit;
}

note('verifications');
$node->sql("CREATE TABLE compared (id int PRIMARY KEY, status text); CREATE TABLE compared_with (id int, status text); INSERT INTO compared_with VALUES (1, 'x')");
$node->sql("SELECT gpsync.attach('compared'), gpsync.verify('compared', 'public.compared_with', run => 'doctored')");
$node->sql("UPDATE gpsync.verify_run SET registered_at = now() - interval '1 h'");
mends(qr/^nobody works on verification "doctored" of table public.compared, which has not finished/);
mends(qr/^verification "doctored" of table public.compared found 1 difference\(s\) that nobody has repaired/, edit => { "'to_legacy');" => "'to_legacy', apply => true);" });
$node->sql("UPDATE gpsync.verify_difference SET kind = 'unsettled', repaired_at = NULL");
$node->sql("DELETE FROM compared_with");
mends(qr/^verification "doctored" of table public.compared could not tell whether 1 key\(s\) differ/);
$node->sql("DELETE FROM gpsync.verify_run WHERE run <> 'doctored'; UPDATE gpsync.verify_run SET finished_at = now() - interval '9 days'; DELETE FROM gpsync.verify_difference");
mends(qr/^the last verification of table public.compared against public.compared_with ended 9 days ago/);
$node->sql("DELETE FROM gpsync.verify_run; SELECT gpsync.detach('compared')");

note('imports');
$node->sql(<<~'SQL');
    CREATE TABLE brought (id int PRIMARY KEY, status text);
    CREATE TABLE bring (id int PRIMARY KEY, st text);
    INSERT INTO bring VALUES (1, 'RECEIVED'), (2, 'GONE');
    SELECT gpsync.attach('brought'), gpsync.import('brought', 'public.bring', '{"id":"id","status":"st"}', job => 'doctored');
    UPDATE gpsync.import_job SET state = 'running';
    SQL
mends(qr/^nobody works on import "doctored" into table public.brought, 0 of about \? rows read/);
$node->wait_for_sql(q{SELECT state FROM gpsync.import_progress WHERE job = 'doctored'}, 'done');
$node->sql("UPDATE bring SET st = 'RECEIVED'");
mends(qr/^import "doctored" into table public.brought has refused 1 row\(s\), which are open: 1 23514/);
$node->sql(q{UPDATE gpsync.import_job SET state = 'running', last_error = '08001: no', last_error_at = now()});
mends(qr/^the source of import "doctored" cannot be read: SQLSTATE 08001$/);
$node->sql(q{UPDATE gpsync.import_job SET state = 'running', last_error = '22012: no', waits_for = 'pause_when'});
mends(qr/^pause_when of import "doctored" fails, so that it waits: SQLSTATE 22012$/);
$node->sql(<<~'SQL');
    CREATE TABLE bring_gone (id int PRIMARY KEY, status text);
    SELECT gpsync.attach('bring_gone'), gpsync.import('bring_gone', '(SELECT 1 AS id, $$RECEIVED$$ AS status)', job => 'of_gone');
    DROP TABLE bring_gone;
    SQL
mends(qr/^the table of import "of_gone" was dropped$/);
$node->sql(<<~'SQL');
    CREATE TABLE older (id int PRIMARY KEY, status text);
    INSERT INTO older SELECT i, 'RECEIVED' FROM generate_series(1, 10) AS i;
    SELECT gpsync.attach('older');
    ANALYZE older;
    SQL
mends(qr/^about 10 row\(s\) of table public.older were never stamped/, after => sub { $node->wait_for_sql('SELECT count(*) FROM older WHERE sync_status IS NULL', 0); $node->sql('ANALYZE older') });
$node->sql("UPDATE gpsync.resend_job SET state = 'failed', error = 'P0001'");
mends(qr/^job ".*", which sends rows of public.older again, failed with SQLSTATE P0001 after/);
$node->sql("DELETE FROM gpsync.import_job; SELECT gpsync.detach('brought'), gpsync.detach('older')");

note('owners, secrets, copies');
$node->sql("CREATE ROLE keeper; CREATE ROLE gone; GRANT SELECT ON ALL TABLES IN SCHEMA public TO keeper; UPDATE gpsync.stream SET owner = 'keeper'");
$node->sql('REVOKE SELECT ON orders FROM keeper');
mends(qr/shows table .*orders, and its owner "keeper" may not read it/);
$node->sql("UPDATE gpsync.stream SET owner = 'postgres'; CREATE POLICY part_of_them ON orders USING (true); ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
    UPDATE gpsync.stream SET owner = 'keeper'");
mends(qr/may not read all its rows: row-level security/);
$node->sql("ALTER TABLE orders DISABLE ROW LEVEL SECURITY; UPDATE gpsync.stream SET owner = 'gone'; DROP ROLE gone");
mends(qr/^role "gone", which owns stream "legacy", does not exist/);
$node->sql("CREATE ROLE servant; GRANT USAGE ON FOREIGN DATA WRAPPER gpsync_http TO servant; CREATE SERVER side FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://side.example/');
    CREATE USER MAPPING FOR relay SERVER side OPTIONS (bearer_token 'x'); ALTER SERVER side OWNER TO servant");
mends(qr/^role "servant" owns server "side"/, edit => { '...' => 'postgres' });
$node->sql("CREATE TABLE people (id int PRIMARY KEY, name text, status text); SELECT gpsync.attach('people', publication => 'gpsync'); SELECT gpsync.redact_in_stream('people', 'name', 'drop')");
$node->sql('CREATE TABLE people_copy (LIKE people INCLUDING ALL)');
$node->sql("ALTER PUBLICATION gpsync ADD TABLE people_copy");
mends(qr/^column "name" of table (?:public\.)?people_copy has no label/);
delivers('access mended');

note('what is looked at, not mended');
# Which key file is right, and how it gets there, only the DBA knows: its fix is a sentence.
$node->append_conf('postgresql.conf', "gpsync.key_file = '/nowhere/keys'");
$node->reload;
ok(GpsyncTest::wait_until(sub { findings(qr/^the key file .*no stream can begin/) }, 'the key file is missed'), 'a key file that is not there');
$node->append_conf('postgresql.conf', "gpsync.key_file = ''");
$node->reload;
ok(GpsyncTest::wait_until(sub { !findings(qr/^the key file/) }, 'no key file is missed'), '... and none');
# The update itself: upgrade.pl.
my $version = $node->sql("SELECT extversion FROM pg_extension WHERE extname = 'gpsync'");
for my $case ([ '0.0.1', 'ALTER EXTENSION gpsync UPDATE' ], [ '9.0.0', 'restart the server' ])
{
    my ($other, $fix) = @$case;
    $node->sql("UPDATE pg_extension SET extversion = '$other' WHERE extname = 'gpsync'");
    my ($found) = findings(qr/^the extension in this database is of version \Q$other\E, and the library that the server has loaded of version \Q$version\E/);
    is($found && $found->[3], $fix, "an extension of version $other");
    $node->sql("UPDATE pg_extension SET extversion = '$version' WHERE extname = 'gpsync'");
}
# The relay that was at work has met the other version.
$relay->stop;
$relay = $node->start_relay('legacy');
$node->sql(q{ALTER SERVER nws OPTIONS (ADD spool_limit '1kB')});
$nws->faults(kind => 'status', status => 503);
$node->sql("INSERT INTO orders (id, status) SELECT 'waiting' || n, 'RECEIVED' FROM generate_series(1, 9) n");
ok(GpsyncTest::wait_until(sub { findings(qr/^stream "legacy" waits for endpoint "nws".*events wait in the spool/) }, 'a lane waits'), 'a lane that waits');
mends(qr/^stream "legacy" waits, for all its endpoints: endpoint "nws" has been behind since/);
$nws->clear_faults;
$node->sql(q{SELECT gpsync.reset_breaker('legacy', 'nws')});
ok(GpsyncTest::wait_until(sub { !findings(qr/^stream "legacy" waits/) }, 'it waits no more'), '... and no more');
$node->sql('ALTER SERVER nws OPTIONS (DROP spool_limit)');
$nws->faults(kind => 'results', retryable => JSON::PP::true, match => '/held');
$node->sql("INSERT INTO orders (id, status) VALUES ('held', 'RECEIVED')");
ok(GpsyncTest::wait_until(sub { findings(qr/^endpoint "nws" of stream "legacy" rejects 1 key/) }, 'a held key'), 'a held key');
$nws->clear_faults;
mends(qr/^endpoint "nws" of stream "legacy" rejects 1 key/);
$nws->faults(kind => 'status', status => 422, times => 1);
$node->sql("INSERT INTO orders (id, status) VALUES ('refused', 'RECEIVED')");
ok(GpsyncTest::wait_until(sub { findings(qr/has refused 1 event\(s\) for good/) }, 'a dead letter'), 'a dead letter');
note('look-ups');
my $tokens = GpsyncTest::TokenSystem->new('tokens')->create($node);
$node->sql(<<~'SQL');
    CREATE TABLE tokens_known (id text PRIMARY KEY, status text, expiry text);
    SELECT gpsync.attach('tokens_known', 'token_lifecycle', publication => 'tokens_known');
    INSERT INTO tokens_known VALUES ('c1', 'ACTIVE'), ('c2', 'ACTIVE');
    SELECT gpsync.create_lookup('tokens_known', 'tokens_known', 'tokens', '{"status": "status"}');
    SQL
ok(scalar findings(qr/^nobody runs look-up "tokens_known": no stream books table/), 'a look-up that nobody runs');
# The relay cannot connect a third time.
$node->sql(q{ALTER ROLE relay CONNECTION LIMIT 2; UPDATE gpsync.lookup SET created_at = now() - interval '1 min'});
$node->sql('ALTER PUBLICATION tokens_known DROP TABLE tokens_known; ALTER PUBLICATION gpsync ADD TABLE tokens_known');
mends(qr/^the relay of stream "legacy" does not run look-up "tokens_known"/, after => sub { $node->sql('ALTER ROLE relay CONNECTION LIMIT -1') }, timeout => 60);
$tokens->set(c1 => { status => 'INACTIVE' });
$node->sql(q{SELECT gpsync.lookup_now('tokens_known', '{c1}')});
ok(GpsyncTest::wait_until(sub { findings(qr/^look-up "tokens_known" has 1 conflict\(s\): 1 illegal/) }, 'a conflict'), 'a conflict');
$tokens->set(c1 => { status => 'SUSPENDED' });
mends(qr/^look-up "tokens_known" has 1 conflict/);
$tokens->fault(kind => 'status', status => 503);
$node->sql(q{SELECT gpsync.lookup_now('tokens_known', '{c2}')});
mends(qr/^the token system of look-up "tokens_known" \(server "tokens"\) fails since .*HTTP 503/, after => sub { $tokens->clear_faults }, timeout => 90);
$tokens->fault(kind => 'delay', ms => 2000);
$node->sql(q{UPDATE gpsync.lookup SET every = '1 s'});
mends(qr/^look-up "tokens_known" is behind/, after => sub { $tokens->clear_faults; $node->sql(q{UPDATE gpsync.lookup SET every = '1 h'}) });
$node->sql(q{ALTER SERVER tokens OPTIONS (SET protocol 'cloudevents-batch')});
mends(qr/^look-up "tokens_known" has no token system: server "tokens" has protocol/);
$node->sql('ALTER TABLE tokens_known DROP COLUMN expiry; DROP TABLE tokens_known');
mends(qr/^look-up "tokens_known" cannot find its table and columns/);
$relay->stop;    # it would try the mark again, and find that there is no such row
$node->sql("INSERT INTO gpsync.deferred_mark (stream, relation, key, revision, outcome, deferred_at) VALUES ('legacy', 'late', '{\"id\": \"x\"}', 1, 'FAILED', now() - interval '1 h')");
ok(scalar findings(qr/1 mark\(s\) waiting for rows of public.late: rows or table are locked/), 'an old mark');
$node->sql("INSERT INTO gpsync.relay_report (stream, state, reported_at, last_error, last_error_at) VALUES ('legacy', 'waiting', now() + interval '1 min', 'cannot decode', now() + interval '1 s')
    ON CONFLICT (stream) DO UPDATE SET (state, reported_at, last_error, last_error_at) = ROW ('waiting', excluded.reported_at, excluded.last_error, excluded.last_error_at)");
$node->sql("UPDATE gpsync.stream_position SET booked_at = now() - interval '1 min'; INSERT INTO plain VALUES (-1)");
my ($stuck) = findings(qr/^the relay of stream "legacy" gets nowhere/);
is($stuck && $stuck->[1], 'error', 'a relay that lives and gets nowhere');
like($stuck->[2], qr/nothing was booked for \d+ s; its last error: cannot decode/, '... with its reason');
ok(paste_sql($stuck->[3]), '... and the query runs');

# ---------------------------------------------------------------------------------------------- batches, traffic stop
$node->sql(<<~'SQL');
    CREATE TABLE batched (id int, at date, status text NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE batched_2024 PARTITION OF batched FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    SELECT gpsync.attach('batched', publication => 'gpsync_batched'), gpsync.track_batches('batched');
    CREATE TABLE batched_2025 PARTITION OF batched FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    SQL
mends(qr/^changes made to public.batched_2025 directly belong to no batch/);
$node->sql('ALTER TABLE batched ADD COLUMN w int');
mends(qr/^table public.batched was altered since its batches are tracked/);
$node->sql('ALTER TABLE ' . $node->sql('SELECT shadow FROM gpsync.batch_shadow WHERE is_current') . ' ADD CHECK (gpsync_op IS NOT NULL)');
mends(qr/^gpsync_internal\.batch_\w+, which keeps before-images of table public.batched, has constraint "\w+": no batch of the table can be taken back$/);
# As a restored dump leaves it.
$node->sql("SELECT gpsync_internal.drop_shadow(shadow) FROM gpsync.batch_shadow");
mends(qr/^table public.batched has the triggers of track_batches\(\) and nothing to keep before-images in/);
$node->sql(<<~'SQL');
    SET gpsync.batch = 'begun';
    INSERT INTO batched VALUES (1, '2024-02-03', 'RECEIVED');
    RESET gpsync.batch;
    SELECT gpsync_internal.begin_rollback('begun', NULL, '{}', true, 'a test');
    SQL
mends(qr/^the roll-back of batch "begun", begun at .*, has not ended/);
$node->sql('CREATE TABLE batched_2026 PARTITION OF batched FOR VALUES FROM (\'2026-01-01\') TO (\'2027-01-01\')');
mends(qr/^traffic to table public.batched is stopped, and partition public.batched_2026 can be truncated/);
mends(qr/^traffic to table public.batched is stopped since/);
$node->sql("SELECT gpsync.stop_traffic('{batched}', 'a test')");
my $long_reader = $node->background_psql('postgres');
$long_reader->query_safe('BEGIN; SELECT count(*) FROM batched');
$node->sql("SELECT gpsync.resume_traffic('{batched}')");
$long_reader->query_safe('COMMIT');
$long_reader->quit;
mends(qr/^table public.batched has disabled triggers of a stop of traffic that is over/);
$node->sql("SELECT gpsync.detach('batched'); DROP TABLE batched; DROP PUBLICATION gpsync_batched; SELECT gpsync_internal.expire_batches()");

# --------------------------------------------------------------------------------------------------- tables in step
$node->sql(<<'SQL');
CREATE TABLE step_a (id int PRIMARY KEY, ob boolean, other boolean) PARTITION BY RANGE (id);
CREATE TABLE step_a1 PARTITION OF step_a FOR VALUES FROM (0) TO (10);
CREATE TABLE step_b (id int PRIMARY KEY, ob boolean, other boolean);
CREATE TABLE step_c (id int PRIMARY KEY, other boolean);
SELECT gpsync.keep_in_step('step_a', 'step_b', '{id}', '{ob}'), gpsync.keep_in_step('step_b', 'step_c', '{id}', '{other}');
INSERT INTO step_a VALUES (1, true); INSERT INTO step_b VALUES (1, true);
CREATE TABLE step_a2 PARTITION OF step_a FOR VALUES FROM (10) TO (20);
SQL
mends(qr/^rows written to public.step_a2 directly are not kept in step with public.step_b/);
$node->sql('ALTER TABLE step_b DISABLE TRIGGER USER; UPDATE step_b SET ob = false; ALTER TABLE step_b ENABLE TRIGGER USER');
mends(qr/^tables public.step_a and public.step_b are kept in step, and differ in a row at least/);
$node->sql('DROP TRIGGER gpsync_step_lock_1 ON step_b');
mends(qr/^table public.step_b has lost triggers that keep it in step with public.step_a/,
    edit => { "key => '{...}', columns => '{...}'" => "key => '{id}', columns => '{ob}'", '; -- or ' => '; -- ' });
$node->sql('CREATE ROLE step_owner; ALTER TABLE step_a1 OWNER TO step_owner; ALTER TABLE step_b OWNER TO step_owner');
mends(qr/^tables public.step_a and public.step_b are kept in step, and belong to two roles/);
$node->sql('ALTER TABLE step_a DETACH PARTITION step_a2');
mends(qr/^table public.step_a2 has triggers of a table that it is not kept in step with any more/);
$node->sql('ALTER TABLE step_b ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; ALTER TABLE step_b OWNER TO step_owner; ALTER TABLE step_c OWNER TO step_owner');
ok(findings(qr/^tables public.step_b and public.step_c cannot be compared: SQLSTATE 42501/), 'tables that cannot be compared');
$node->sql('DROP TABLE step_c');
mends(qr/^table public.step_b is kept in step with one that was dropped/);
$node->sql('DROP TABLE step_a, step_a2, step_b; DELETE FROM gpsync.step_pair');
# ------------------------------------------------------------------------------------------- notifications
$node->sql("SELECT gpsync.create_notification('on_call', 'nws', '{*}')");
$node->sql("UPDATE gpsync.notification SET stream = 'gone'");
$node->sql("SELECT gpsync.drop_stream('ops_on_call')");
mends(qr/^notification "on_call" reaches nobody: there is no stream "gone" any more/);
is($node->sql("SELECT stream FROM gpsync.notifications"), 'ops_on_call', '... and it has a stream again');
# No relay runs, and no supervisor.
$node->sql(q{INSERT INTO gpsync.ops_event (event, subject, notifications, occurrences, first_at, last_at, details)
    VALUES ('import.done', 'i', '{}', 1, now() - interval '1 h', now() - interval '1 h', '{}')});
mends(qr/^1 operational event\(s\) were not sent in time/);
$node->sql("SELECT gpsync.drop_notification('on_call')");
# ------------------------------------------------------------------------------------------- nothing is forgotten
# Findings that this test does not bring about, with the reason.
my %not_made = (
    'process %s holds the lock of stream "%s" and has not reported for %s s' => 'relay_takeover.pl does: a relay that hangs while it has the slot',
    (map { $_ => 'failover_slots.pl does, from PostgreSQL 17 on' } q{standby slot "%s" of synchronized_standby_slots %s: streams %s wait for it%s}, q{streams %s are synchronised to standbys, and synchronized_standby_slots is empty: after a promotion a slot }, q{replication slot "%s" is not synchronised to standbys, others are: a promotion loses it}, q{this standby does not have the slot of stream "%s", or not ready yet: promoted now it would lose it}, q{this standby''s home is not that of stream "%s": promoted, it does not go on with it by itself}),
    q{this standby has a slot of its own for stream "%s", made while it was a primary: it holds back WAL, and } => 'failover_switchover.pl does, from PostgreSQL 17 on',
    (map { $_ => 'citus.pl does, with a stand-in for Citus' } 'shard %s of table %s is on this server and not attached: its changes are %s', 'table %s is attached as shard %s, and its name or its owner is another: its stream stops',
        'table %s was attached before Citus distributed it: its rows are in its shards', 'publication "%s" has shards and publishes TRUNCATE, at which their stream stops', 'Citus hides its shards from queries: gpsync does not find them'),
    (map { $_ => 'needs PostgreSQL 18' } $is_18 ? () : (q{column "%s" in the replica identity of table %s is generated, and publication "%s" does not publish it: }, q{%s replication origins may be in use at a time, and there are %s streams}, q{a stream whose relay is away for %s loses its slot (idle_replication_slot_timeout)})),
    'replication slot "%s" holds back %s of WAL' => 'needs 1 GB of WAL; its fix is a query',
    '%s() failed with SQLSTATE %s: %s'           => 'needs a defect of the doctor itself',
);
all_are_seen(qr/^doctor_(?!(?:stopped|local|ramp)$)/, %not_made);    # those three: doctor_fixes_apart.pl
done_testing;
