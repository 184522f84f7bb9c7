# The upgrade from the previous version, whose SQL is test/upgrade/gpsync--OLD.sql: afterwards the catalogs show what a
# fresh installation shows, what the user had is as before, and the stream delivers. Relay, decoder and extension that
# do not belong together say so.
use strict;
use warnings FATAL => 'all';
use File::Copy qw(copy);
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $upgrades = "$ENV{GPSYNC_TEST_ROOT}/test/upgrade";
my ($old)    = sort { version($b) cmp version($a) } map { m{/gpsync--([0-9.]+)\.sql$} ? $1 : () } glob "$upgrades/*.sql";
sub version { return join '', map { sprintf '%05d', $_ } split /\./, $_[0] }

# The stage of this test alone, where the old version is installed beside the new one.
my $stage = PostgreSQL::Test::Utils::tempdir() . '/stage';
system('cp', '-r', $ENV{GPSYNC_STAGE}, $stage) == 0 or die "cp: $?\n";
my ($folder) = map { s{/gpsync\.control$}{}r } glob "$stage" . GpsyncTest::Environment::pg_config('--sharedir') . '/extension/gpsync.control';
copy("$upgrades/gpsync--$old.sql", $folder) or die "copy: $!\n";
$ENV{GPSYNC_STAGE} = $stage;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
my ($new) = PostgreSQL::Test::Utils::slurp_file("$folder/gpsync.control") =~ /^default_version = '([0-9.]+)'$/m;
isnt($new, $old, "the version before $new is $old");

sub catalogs { return $node->safe_psql($_[0], PostgreSQL::Test::Utils::slurp_file("$upgrades/catalogs.sql")) }

# The rows of the extension's own tables that a script writes: built-in machines, policies.
sub rows
{
    my ($database) = @_;
    return join "\n", map { $node->safe_psql($database, "SELECT to_jsonb(t) FROM gpsync.$_ AS t ORDER BY 1") }
        qw(machine machine_state machine_transition policy);
}

sub is_as_fresh
{
    my ($database, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my %fresh = map { $_ => 1 } split /\n/, catalogs('fresh');
    my @lines = split /\n/, catalogs($database);
    my %has   = map { $_ => 1 } @lines;
    is(join("\n", grep { !$fresh{$_} } @lines), '', "$what has nothing that a fresh installation has not");
    is(join("\n", grep { !$has{$_} } sort keys %fresh), '', '... and lacks nothing');
    return;
}

# --- a database without anything of a user ------------------------------------------------------------------
$node->sql("CREATE DATABASE $_") for qw(fresh plain);
$node->safe_psql('fresh', 'CREATE EXTENSION gpsync');
$node->safe_psql('plain', "CREATE EXTENSION gpsync VERSION '$old'");
is($node->safe_psql('plain', "SELECT extversion FROM pg_extension WHERE extname = 'gpsync'"), $old, "$old is installed");
$node->safe_psql('plain', 'ALTER EXTENSION gpsync UPDATE');
my @fresh = split /\n/, catalogs('fresh');
cmp_ok(scalar(@fresh), '>', 500, 'what is compared');
is(scalar(grep { / null\]$/ } @fresh), 0, '... all of it');
is_as_fresh('plain', 'an updated database');
is(rows('plain'), rows('fresh'), 'the built-in machines and policies are the same');

# --- a database at work -------------------------------------------------------------------------------------
$node->sql("CREATE EXTENSION gpsync VERSION '$old'");
$node->sql(<<~'SQL');
    SELECT gpsync.create_platform_tables();
    CREATE ROLE relay LOGIN REPLICATION;
    CREATE ROLE operator;
    CREATE ROLE reader;
    SELECT gpsync.grant_relay('relay'), gpsync.grant_operator('operator'), gpsync.grant_reader('reader');
    SELECT gpsync.define_machine('door', '{"open": ["shut"], "shut": ["open"]}', '{open}');
    SELECT gpsync.define_policy('careful@1', '[{"key": "note", "action": "mask"}]');
    CREATE TABLE door (id int PRIMARY KEY, status text, note text);
    SELECT gpsync.attach('door', machine => 'door');
    SELECT gpsync.redact_in_stream('door', 'note', 'drop');
    INSERT INTO door VALUES (1, 'open', 'a secret of the old days');
    SQL
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $before = rows('postgres');

# --- parts of different versions ------------------------------------------------------------------------------
sub refused
{
    my ($pattern, $what) = @_;
    my $relay = $node->start_relay('legacy');
    is($relay->wait_exit, 1, "$what: the relay ends with status 1");
    like($relay->log, $pattern, '... and says why');
    return;
}

refused(qr/the database's extension is older than this relay: extension gpsync \Q$old\E and gpsync-relay \Q$new\E.*ALTER EXTENSION gpsync UPDATE/, 'before the update');
is($node->sql('SELECT confirmed_lsn = commit_lsn FROM gpsync.stream_position'), 't', '... having moved nothing');

$node->sql("INSERT INTO door VALUES (2, 'open', 'a secret'); INSERT INTO provision_status (provision_id, status) VALUES ('p1', 'RECEIVED')");
$node->sql('ALTER EXTENSION gpsync UPDATE');
is_as_fresh('postgres', 'a database at work');
is(rows('postgres'), $before, 'machines and policies of the user are as they were');
is($node->sql('SELECT count(*) FROM gpsync.attached_tables'), '4', 'so are the tables');
for my $part (qw(relay operator reader))
{
    my $lacks = "SELECT string_agg(object, ', ') FROM gpsync_internal.part_objects('$part')
        WHERE NOT CASE kind WHEN 'TABLE' THEN has_table_privilege('$part', object, 'SELECT') ELSE has_function_privilege('$part', object, 'EXECUTE') END";
    is($node->sql($lacks), '', "the $part may do what the new version has for it");
}
is($node->sql("SELECT has_function_privilege('reader', 'gpsync.discard_held(text, text, jsonb, text, text)', 'EXECUTE')"), 'f', '... and no more');
is($node->sql(q{SELECT count(*) FROM pg_init_privs, unnest(initprivs) AS a WHERE a::text ~ '^(relay|operator|reader)='}), '0', '... by grants that pg_dump writes');

my $relay = $node->start_relay('legacy');
$node->sql("UPDATE door SET status = 'shut' WHERE id = 2; UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'p1'");
$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');
is(scalar($nws->events('door/2')), 2, 'changes from before and after the update are delivered');
is(scalar($nws->events('a secret')), 0, '... and redacted');
is(($node->sql_error("UPDATE door SET status = 'ajar' WHERE id = 2"))[0], '23514', 'an illegal transition is refused');

# What the relay reads at its start is what the catalog says; a running one begins again when it changes.
my ($major, $minor) = split /\./, $new;
my $next = "$major." . ($minor + 1) . '.0';
$node->sql("UPDATE pg_extension SET extversion = '$next' WHERE extname = 'gpsync'");
is($relay->wait_exit, 1, 'an update under a running relay ends it with status 1');
like($relay->log, qr/the database's extension is newer than this relay/, '... which says why');
refused(qr/the database's extension is newer than this relay: extension gpsync \Q$next\E and gpsync-relay \Q$new\E/, 'a newer extension');
$node->sql("UPDATE pg_extension SET extversion = '$new' WHERE extname = 'gpsync'");

sub decoder_refuses
{
    my ($version, $pattern, $what) = @_;
    my $slot = $node->sql('SELECT slot_name FROM pg_replication_slots');
    my ($state, $text) = $node->sql_error("SELECT FROM pg_logical_slot_peek_changes('$slot', NULL, NULL, 'relay_version', '$version')");
    like(($state // 'no error') . " $text", $pattern, $what);
    return;
}

decoder_refuses($next, qr/^55000 .*gpsync_decoder \Q$new\E and gpsync-relay \Q$next\E do not fit together/s, 'the decoder refuses a newer relay');
decoder_refuses($old,  qr/^55000 .*gpsync_decoder \Q$new\E and gpsync-relay \Q$old\E do not fit together/s,  '... and an older one');
decoder_refuses($new,  qr/^no error/, '... and takes its own');

$node->sql('CREATE DATABASE other');
my $elsewhere = GpsyncTest::Relay->spawn('relay_elsewhere', [ GpsyncTest::Relay::program(), '--dbname', $node->connstr('other') . ' user=relay', '--stream', 'legacy' ]);
is($elsewhere->wait_exit, 1, 'a database without the extension: status 1');
like($elsewhere->log, qr/extension gpsync is not installed in this database/, '... which the relay says');
done_testing;
