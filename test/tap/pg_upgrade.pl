# pg_upgrade, pg_dump and pg_restore into this major version, from itself and from each older one that is installed and
# staged (scripts/stage-major). From PostgreSQL 17 on the slots come along, and streams go on with them; before, they are
# made again. The steps are those of docs/operating.md, and what the doctor advises is done as it stands there.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use File::Path ();
use PostgreSQL::Test::Utils ();
use Test::More;

my $root = $ENV{GPSYNC_TEST_ROOT};
my ($here) = GpsyncTest::Environment::pg_config('--version') =~ /^\S+ (\d+)/;

sub config_of { my ($major) = @_; my $config = `env -u PG_CONFIG PG=$major '$root/scripts/pg-config'`; chomp $config; return $config; }

# The bin folder of a server that has gpsync in its own folders. pg_upgrade loads "$libdir/gpsync" by that name, which 18
# seeks nowhere else; Debian's older servers also find it below extension_destdir.
sub server_programs
{
    my $bin = GpsyncTest::Environment::pg_config('--bindir');
    return $bin if GpsyncTest::Environment::knows_setting('extension_destdir');
    my $copy = PostgreSQL::Test::Utils::tempdir('installation');
    for my $folder (map { GpsyncTest::Environment::pg_config($_) } qw(--bindir --pkglibdir --sharedir))
    {
        File::Path::make_path("$copy$folder");
        PostgreSQL::Test::Utils::system_or_bail('cp', '-rL', "$folder/.", "$copy$folder");
    }
    PostgreSQL::Test::Utils::system_or_bail('cp', '-r', "$ENV{GPSYNC_STAGE}/.", $copy);
    return "$copy$bin";
}

# A cluster of a major version, not started; %conf as in new_node().
sub cluster
{
    my ($name, $major, %conf) = @_;
    local $ENV{PG_CONFIG}    = $major == $here ? $ENV{PG_CONFIG} : config_of($major);
    local $ENV{GPSYNC_STAGE} = $major == $here ? $ENV{GPSYNC_STAGE} : "$ENV{GPSYNC_STAGE}-$major";
    my $bin  = server_programs();
    my $node = GpsyncTest->new($name, install_path => $bin =~ s{/bin$}{}r);
    # Checksums are the default of 18 alone, and pg_upgrade wants both clusters alike.
    $node->init(allows_streaming => 'logical', extra => [ '--no-locale', '--encoding=UTF8', '--data-checksums' ]);
    # Cluster.pm of 18 sets it for any server.
    $node->adjust_conf('postgresql.conf', 'autovacuum_worker_slots', undef) unless GpsyncTest::Environment::knows_setting('autovacuum_worker_slots');
    my $own = $bin ne GpsyncTest::Environment::pg_config('--bindir');
    $node->configure(shared_preload_libraries => 'gpsync', autovacuum => 'off', $own ? (dynamic_library_path => '$libdir') : (), %conf);
    $node->{bin} = $bin;
    return $node;
}

# What a check of the doctor advises, and its SQL without the comments, as somebody would type it.
sub advice { my ($node, $db, $check) = @_; return $node->safe_psql($db, "SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = '$check' AND severity = 'error'") }
sub fix { my ($node, $db, $check) = @_; return $node->safe_psql($db, "SELECT string_agg(regexp_replace(fix, '--[^\\n]*', '', 'g'), ';') FROM gpsync.doctor() WHERE check_name = '$check' AND severity = 'error'") }
sub state_of { my ($node, $db) = @_; return $node->safe_psql($db // 'postgres', "SELECT slot_state FROM gpsync.stream_status WHERE stream = 'legacy'") }

sub upgrade
{
    my ($old, $new, @options) = @_;
    my ($out, $err) = ('', '');
    my $folder = $new->basedir;
    my $status = do
    {
        local %ENV = $new->_get_env();
        chdir $folder or die "chdir: $!";
        IPC::Run::run([ "$new->{bin}/pg_upgrade", '--old-datadir', $old->data_dir, '--new-datadir', $new->data_dir, '--old-bindir', $old->{bin},
                '--new-bindir', $new->{bin}, '--socketdir', $new->host, '--old-port', $old->port, '--new-port', $new->port, @options ], '>', \$out, '2>', \$err);
    };
    chdir $root or die "chdir: $!";
    # What it names files for: libraries, slots, statements.
    note($out, $err, map { "$_:\n" . PostgreSQL::Test::Utils::slurp_file($_) =~ s{^.*(?=.{2000})}{}sr . "\n" } glob $new->data_dir . '/pg_upgrade_output.d/*/{*.txt,log/*_dump_*.log}') unless $status;
    return ($status, "$out$err");
}

my $PLATFORM = <<~'SQL';
    SELECT gpsync.define_machine('door', '{"open": ["shut"], "shut": ["open"]}', '{open}');
    SELECT gpsync.define_policy('careful@1', '[{"key": "note", "action": "mask"}]');
    CREATE TABLE door (id int PRIMARY KEY, status text, note text);
    SELECT gpsync.attach('door', machine => 'door');
    SELECT gpsync.redact_in_stream('door', 'note', 'drop');
    INSERT INTO door VALUES (1, 'open', 'a secret');
    CREATE TABLE doubled (n int, id int GENERATED ALWAYS AS (n * 2) STORED PRIMARY KEY);
    SELECT gpsync.attach('doubled', machine => NULL);
    INSERT INTO doubled (n) VALUES (1);
    SQL

# The tables behave, all of the catalogs is there, and the views and the doctor answer.
sub behaves
{
    my ($node, $db, $what) = @_;
    my $is = sub { is($node->safe_psql($db, $_[0]), $_[1], "$what: $_[2]") };
    $is->('SELECT count(*) FROM gpsync.attached_tables', '5', 'the tables are attached');
    $is->("SELECT gpsync.is_valid_transition('door', 'open', 'shut') AND NOT gpsync.is_valid_transition('door', 'shut', 'shut')", 't', 'so is the machine');
    my ($out, $err) = ('', '');
    $node->psql($db, "UPDATE door SET status = 'ajar' WHERE id = 1", stdout => \$out, stderr => \$err);
    like($err, qr/invalid status transition from "\w+" to "ajar"/, '... which refuses what it does not allow');
    $is->("SELECT in_stream FROM gpsync.redacted_columns WHERE relation = 'door'::regclass AND column_name = 'note'", 'drop', 'the labels');
    $is->("SELECT count(*) FROM gpsync.policy WHERE policy = 'careful\@1'", '1', 'the policies');
    my $views = $node->safe_psql($db, "SELECT string_agg(format('SELECT count(*) FROM gpsync.%I', relname), ';') FROM pg_class WHERE relnamespace = 'gpsync'::regnamespace AND relkind = 'v'");
    cmp_ok(scalar(split /\n/, $node->safe_psql($db, $views)), '>', 20, "$what: every view answers");
    $node->sql("CREATE DATABASE fresh_$db");
    $node->safe_psql("fresh_$db", 'CREATE EXTENSION gpsync');
    my %has   = map { $_ => 1 } catalogs($node, $db);
    my %fresh = map { $_ => 1 } catalogs($node, "fresh_$db");
    cmp_ok(scalar(keys %fresh), '>', 500, "$what: what is compared with a fresh installation");
    is(join("\n", sort grep { !$fresh{$_} } keys %has), '', '... has nothing more');
    is(join("\n", sort grep { !$has{$_} } keys %fresh), '', '... and lacks nothing');
    return;
}

# Without the segments of spools; and without that a table's owner has all privileges from the start, which is the same
# as nothing: 15 knows no MAINTAIN, and pg_upgrade leaves out what 15 had by default.
sub catalogs
{
    my ($node, $db) = @_;
    return grep { !/^\["(?:table|view) [^"]+", "initial privileges", "(?:owner [A-Z]+,?)+"\]$/ && !/^\["(?:\w+ )?gpsync\.spool_legacy_/ }
        split /\n/, $node->safe_psql($db, PostgreSQL::Test::Utils::slurp_file("$root/test/upgrade/catalogs.sql"));
}

sub delivers
{
    my ($node, $nws, $key, $what) = @_;
    $node->sql("UPDATE door SET status = CASE status WHEN 'open' THEN 'shut' ELSE 'open' END, note = 'a secret' WHERE id = 1; UPDATE doubled SET n = n + 1; INSERT INTO provision_status (provision_id, status) VALUES ('$key', 'RECEIVED')");
    $node->wait_for_sync;
    $node->ledger_agrees($nws, 'provision_status');
    is($node->sql("SELECT sum(n) FROM (SELECT count(*) AS n FROM provision_status WHERE sync_status <> 'COMPLETED' UNION ALL SELECT count(*) FROM doubled WHERE sync_status <> 'COMPLETED') AS t"), '0', "$what: nothing stays PENDING");
    is(scalar(grep { /a secret/ } map { JSON::PP::encode_json($_) } $nws->events), 0, '... and what is redacted stays so');
    return;
}

sub refused
{
    my ($node, $db, $state, $pattern, $what) = @_;
    my ($out, $err) = ('', '');
    $node->psql($db, "\\set VERBOSITY verbose\nCALL gpsync.prepare_upgrade()", stdout => \$out, stderr => \$err);
    like($err, qr/ERROR:\s+$state: $pattern/, "prepare_upgrade(): $what");
    return;
}

# A publication says so from 18 on only; one that an older server made does not.
sub publish_generated_keys
{
    my ($node, $db, $from) = @_;
    if ($here >= 18 && $from < 18)
    {
        like(advice($node, $db, 'replica identity'), qr/column "id" in the replica identity of table public\.doubled is generated/, "$db: a generated key has to be published first");
        $node->safe_psql($db, fix($node, $db, 'replica identity'));
    }
    is(advice($node, $db, 'replica identity'), '', "$db: all tables can be updated");
    return;
}

# 17.12 and 15.20 keep a number of their own, pg_attver, among the options of every column. pg_dump 18.6 takes it for an
# option that somebody has set, and the server refuses it: neither pg_upgrade nor a dump brings any table over, of gpsync or
# not. Such a pair is tested as if the old cluster were of a release before.
sub without_attver
{
    my ($old, $new, @databases) = @_;
    my $dump = qx('$new->{bin}/pg_dump' --schema-only -d "@{[ $old->connstr($databases[0]) ]}");
    return if $dump !~ /SET \(pg_attver=/;
    note('pg_dump of the new version does not know pg_attver of the old one');
    $old->safe_psql($_, q{SET allow_system_table_mods = on; UPDATE pg_attribute SET attoptions = (SELECT array_agg(o) FROM unnest(attoptions) AS o WHERE o NOT LIKE 'pg_attver=%')
        WHERE attoptions IS NOT NULL}) for @databases;
    return;
}

sub try_pair
{
    my ($major) = @_;
    my $slots = $major >= 17;                                    # pg_upgrade takes them along
    my $old   = cluster("old_$major", $major);
    my $new   = cluster("new_$major", $here);
    my ($nws, $ods) = map { GpsyncTest::Emulator->new("${_}_$major") } qw(nws ods);
    $old->start;
    $old->create_platform;
    $old->sql($PLATFORM);
    $old->create_endpoint($_, retry_base => '10ms', retry_attempts => 2) for $nws, $ods;
    $old->create_stream('legacy', $nws->name, $ods->name);
    my $relay = $old->start_relay('legacy');
    $old->sql("SELECT gpsync.generate_test_data('provision_status', 50, 'before_')");
    $old->wait_for_sync;

    # A database whose slot somebody moves, as pg_upgrade's message seems to ask for.
    $old->sql('CREATE DATABASE other');
    $old->safe_psql('other', "CREATE EXTENSION gpsync; SELECT gpsync.create_platform_tables(); CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url '" . $nws->url . "')");
    $old->safe_psql('other', "SELECT gpsync.create_stream('legacy', endpoints => '{nws}')");
    $old->safe_psql('other', "INSERT INTO provision_status (provision_id, status) VALUES ('missed', 'RECEIVED')");
    refused($old, 'other', '55000', qr/1 events of stream "legacy" are not delivered/, 'not with events that nobody has delivered');
    without_attver($old, $new, 'other');
    $old->safe_psql('other', 'SELECT pg_replication_slot_advance(slot_name, pg_current_wal_flush_lsn()) FROM pg_replication_slots WHERE database = current_database()');
    refused($old, 'other', '55000', qr/replication slot ".*" is ahead of the books/, '... nor past a slot that somebody has moved');

    # --- the old cluster is made ready; one endpoint is down all the while
    $ods->faults(kind => 'status', status => 503);
    $old->sql("INSERT INTO provision_status (provision_id, status) SELECT 'spooled_' || n, 'RECEIVED' FROM generate_series(1, 20) AS n");
    ok($old->wait_for_sql("SELECT behind_events >= 20 FROM gpsync.endpoint_status WHERE endpoint = '" . $ods->name . "'"), 'changes are spooled for an endpoint that is down');
    refused($old, 'postgres', '55006', qr/a relay is at work on stream "legacy"/, 'not beside a relay');
    $relay->stop;
    my $prepare = sub {
        my ($out, $err) = ('', '');
        $old->psql('postgres', 'CALL gpsync.prepare_upgrade()', stdout => \$out, stderr => \$err);
        like($err, qr/NOTICE:  all streams of this database are delivered/, $_[0]);
    };
    $prepare->('what is spooled does not keep the cluster from being ready');
    is(state_of($old), 'inactive', '... and the slot is no problem');
    $old->sql("INSERT INTO provision_status (provision_id, status) VALUES ('late', 'RECEIVED')");
    if ($slots)
    {
        $old->stop;
        my ($done, $said) = upgrade($old, $new, '--check');
        ok(!$done, 'pg_upgrade refuses what commits after that') or diag($said);
        like($said, qr/logical replication slots that cannot be upgraded/, '... and says why');
        $old->start;
    }
    refused($old, 'postgres', '55000', qr/1 events of stream "legacy" are not delivered/, 'and so does the next call');
    is($old->sql("SELECT gpsync.wait_for_sync(timeout => '100ms')"), 'f', '... and wait_for_sync() is not deceived');
    $relay = $old->start_relay('legacy');
    ok(GpsyncTest::wait_until(sub { $nws->events('provision_status/late') == 1 }, 'late is there'), 'the stream goes on in the old cluster, as if nothing had been prepared');
    ok($old->wait_for_sql("SELECT behind_events >= 21 FROM gpsync.endpoint_status WHERE endpoint = '" . $ods->name . "'"), '... to both endpoints');
    $relay->stop;
    without_attver($old, $new, qw(postgres template1));
    my $dump = $old->basedir . '/dump';
    is(system("$new->{bin}/pg_dump", '-Fc', '-f', $dump, $old->connstr('postgres')) >> 8, 0, 'it can be dumped with the programs of the new version');
    $prepare->('it is ready again');
    $old->stop;

    # --- the upgrade
    my ($done) = upgrade($old, $new, '--check');
    ok($done, "$major to $here: pg_upgrade --check");
    ($done) = upgrade($old, $new);
    ok($done, '... and pg_upgrade');
    $new->start;
    is(state_of($new), $slots ? 'upgraded' : 'restored', 'the stream waits');
    is($new->sql('SELECT paused FROM gpsync.stream_status'), 't', '... as one that is paused');
    my $early = $new->start_relay('legacy');
    is($early->wait_exit, 1, 'a relay that is started too early leaves');
    like($early->log, $slots ? qr/pg_upgrade has brought stream .*resume_stream/ : qr/belongs to another cluster.*recreate_stream/, '... and says what to do');
    $new->sql("INSERT INTO provision_status (provision_id, status) VALUES ('early', 'RECEIVED')");
    my $home = $new->sql('SELECT home FROM gpsync.stream');
    like(advice($new, 'postgres', 'slot'), $slots ? qr/servers' URLs first.*resume_stream\('legacy'\)/s : qr/servers' URLs first.*recreate_stream\('legacy'\)/s, 'so does the doctor, and that the URLs come first');
    if ($slots)
    {
        is(($new->sql_error("SELECT gpsync.recreate_stream('legacy')"))[0], '55000', 'there is nothing to make again');
        like(advice($new, 'other', 'slot'), qr/what was delivered before it is not known: prepare_upgrade\(\) was not called.*recreate_stream/s, 'a slot that was moved past changes is not taken over');
        my ($out, $err) = ('', '');
        $new->psql('other', "SELECT gpsync.resume_stream('legacy')", stdout => \$out, stderr => \$err);
        like($err, qr/ERROR:.*belongs to another cluster/, '... by no call');
        $new->safe_psql('other', fix($new, 'other', 'slot'));
        my $slot = $new->safe_psql('other', 'SELECT slot_name FROM pg_replication_slots WHERE database = current_database()');
        is($new->safe_psql('other', "SELECT data::json ->> 'subject' FROM pg_logical_slot_peek_changes('$slot', NULL, NULL, 'publication_names', 'gpsync')"), 'public.provision_status/missed', '... and made again it sends what was missed');
    }
    publish_generated_keys($new, 'postgres', $major);
    $new->sql(fix($new, 'postgres', 'slot'));
    is(advice($new, 'postgres', 'slot'), '', 'with that done the doctor is content');
    isnt($new->sql('SELECT home FROM gpsync.stream'), $home, '... and the new server is the home');
    is($new->sql("SELECT system_identifier = (SELECT system_identifier FROM pg_control_system()) FROM gpsync.stream_position"), 't', '... whose position it is');
    $ods->clear_faults;
    $relay = $new->start_relay('legacy');
    delivers($new, $nws, 'after', 'after the upgrade');
    is(scalar($nws->events('provision_status/early')), 1, 'what was written before the stream went on is delivered');
    $new->ledger_agrees($ods, 'provision_status');
    behaves($new, 'postgres', 'after the upgrade');

    # --- the same by dump and restore
    $new->sql('CREATE DATABASE restored');
    is(system("$new->{bin}/pg_restore", '-d', $new->connstr('restored'), $dump) >> 8, 0, 'the dump can be restored');
    is(state_of($new, 'restored'), 'restored', '... and its stream waits');
    behaves($new, 'restored', 'restored');
    like(advice($new, 'restored', 'slot'), qr/it comes from a dump.*servers' URLs first.*recreate_stream\('legacy'\)/s, 'the doctor knows where it is from');
    publish_generated_keys($new, 'restored', $major);
    $new->safe_psql('restored', fix($new, 'restored', 'slot'));
    is(state_of($new, 'restored'), 'inactive', '... and what it advises makes the slot');
    is($new->safe_psql('restored', "SELECT count(*) FROM provision_status WHERE sync_status = 'PENDING'"), '21', 'rows that were not booked when it was dumped are sent again');
    $relay->stop;
    $new->stop;
    return;
}

my %staged = ($here => 1);
for my $major (15 .. $here - 1)
{
    next if config_of($major) eq '';
    $staged{$major} = -d "$ENV{GPSYNC_STAGE}-$major";
    diag("PostgreSQL $major is installed, and gpsync is not staged for it: scripts/stage-major $major") unless $staged{$major};
}
try_pair($_) for grep { $staged{$_} } sort { $a <=> $b } keys %staged;
SKIP: { skip("no older major version is installed and staged (scripts/stage-major)", 1) if keys(%staged) == 1; pass('majors: ' . join(' ', sort keys %staged)); }
done_testing;
