# A schema gpsync that is not the extension's: whoever may create a schema can plant what looks like its tables. The
# libraries, which shared_preload_libraries or a slot brings into any database, must neither crash nor believe it.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main',
    shared_preload_libraries => 'gpsync', 'gpsync.databases' => 'planted,installed', log_min_messages => 'log');
$node->sql('CREATE ROLE mallory LOGIN REPLICATION');
my $server_start = $node->sql('SELECT pg_postmaster_start_time()');

# A test: no backend has crashed since the start.
sub server_lives
{
    my ($name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
    return unlike($log, qr/terminated by signal|was terminated by|TRAP:/, $name);
}

# Runs SQL as mallory in the database: (exit code, output, errors).
sub as_mallory
{
    my ($database, $sql) = @_;
    my ($out, $err) = ('', '');
    my $rc = $node->psql($database, "\\set VERBOSITY verbose\n$sql", stdout => \$out, stderr => \$err,
        extra_params => [ '-U', 'mallory' ], on_error_stop => 1);
    return ($rc, $out, $err);
}

# The supervisor is a superuser in the database.
sub supervisor_believes_nothing
{
    ok($node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'gpsync supervisor' AND datname = 'planted' AND wait_event_type = 'Extension'}, 1, 60),
        'the supervisor has looked at the database');
    is($node->sql(q{SELECT count(*) FROM pg_roles WHERE rolname = 'evil'}), 0, 'and has run nothing planted');
    return;
}

# What mallory plants, with the tables that each replaces. The rules would leave everything in the clear.
my %planted = (
    'views' => <<~'SQL',
        CREATE VIEW policy AS SELECT 'open@1'::text AS policy, '{"extends": null, "rules": []}'::jsonb AS rules;
        CREATE VIEW machine AS SELECT 'provision'::text AS machine, true AS builtin;
        CREATE VIEW machine_state AS SELECT 'provision'::text AS machine, 'X'::text AS state, 1 AS ordinal, true AS initial;
        CREATE VIEW machine_transition AS SELECT 'provision'::text AS machine, 'X'::text AS from_state, 'X'::text AS to_state, 1 AS ordinal;
        CREATE VIEW stream AS SELECT 'legacy'::text AS stream, 'gpsync'::name AS publication, '{nws}'::text[] AS endpoints, true AS bookkeeping, false AS paused;
        CREATE VIEW stream_position AS SELECT 'legacy'::text AS stream;
        SQL
    'numbers' => <<~'SQL',
        CREATE TABLE policy (policy bigint, rules bigint);
        INSERT INTO policy VALUES (140000000000000, 4096), (1, 1), (NULL, NULL);
        CREATE TABLE machine (machine bigint, builtin bigint);
        INSERT INTO machine VALUES (140000000000000, 1);
        CREATE TABLE machine_state (machine bigint, state bigint, ordinal bigint, initial bigint);
        CREATE TABLE machine_transition (machine bigint, from_state bigint, to_state bigint, ordinal bigint);
        CREATE TABLE stream (stream bigint, publication bigint, endpoints bigint, bookkeeping bigint, paused bigint);
        INSERT INTO stream VALUES (140000000000000, 140000000000000, 140000000000000, 1, 0);
        CREATE TABLE stream_position (stream bigint);
        SQL
    'nulls' => <<~'SQL',
        CREATE TABLE policy (policy text, rules jsonb);
        INSERT INTO policy VALUES (NULL, NULL);
        CREATE TABLE machine (machine text, builtin boolean);
        INSERT INTO machine VALUES (NULL, NULL);
        CREATE TABLE machine_state (machine text, state text, ordinal integer, initial boolean);
        CREATE TABLE machine_transition (machine text, from_state text, to_state text, ordinal integer);
        CREATE TABLE stream (stream text, publication name, endpoints text[], bookkeeping boolean, paused boolean);
        INSERT INTO stream VALUES (NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE stream_position (stream text);
        SQL
    'too few columns' => <<~'SQL',
        CREATE TABLE policy ();
        CREATE TABLE machine ();
        CREATE TABLE machine_state ();
        CREATE TABLE machine_transition ();
        CREATE TABLE stream ();
        CREATE TABLE stream_position ();
        INSERT INTO policy DEFAULT VALUES; INSERT INTO machine DEFAULT VALUES; INSERT INTO stream DEFAULT VALUES;
        SQL
    'partitions' => <<~'SQL',
        CREATE TABLE policy (policy text NOT NULL, rules jsonb NOT NULL) PARTITION BY LIST (policy);
        CREATE TABLE machine (machine text NOT NULL, builtin boolean) PARTITION BY LIST (machine);
        CREATE SEQUENCE machine_state;
        CREATE INDEX machine_transition ON ONLY machine (machine);
        CREATE TYPE stream AS (stream text, publication name);
        CREATE TYPE stream_position AS (stream text);
        SQL
    'believable tables' => <<~'SQL'
        CREATE TABLE policy (policy text PRIMARY KEY, rules jsonb NOT NULL);
        INSERT INTO policy VALUES ('open@1', '{"extends": null, "rules": []}');
        CREATE TABLE machine (machine text PRIMARY KEY, builtin boolean NOT NULL);
        CREATE TABLE machine_state (machine text NOT NULL, state text NOT NULL, ordinal integer NOT NULL, initial boolean NOT NULL);
        CREATE TABLE machine_transition (machine text NOT NULL, from_state text NOT NULL, to_state text NOT NULL, ordinal integer NOT NULL);
        CREATE TABLE stream (stream text PRIMARY KEY, publication name NOT NULL, endpoints text[] NOT NULL, bookkeeping boolean NOT NULL, paused boolean NOT NULL);
        CREATE TABLE stream_position (stream text);
        CREATE FUNCTION relay_fingerprint(stream text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN CREATE ROLE evil SUPERUSER; RETURN ''; END $$;
        INSERT INTO stream VALUES ('legacy', 'gpsync', '{nws}', true, false);
        INSERT INTO stream_position VALUES ('legacy');
        SQL
);

for my $kind (sort keys %planted)
{
    subtest "planted: $kind" => sub {
        $node->sql('CREATE DATABASE planted OWNER mallory');
        my ($rc, undef, $err) = as_mallory('planted', <<~SQL);
            CREATE SCHEMA gpsync;
            SET search_path = gpsync;
            $planted{$kind}
            RESET search_path;
            CREATE TABLE public.orders (id integer PRIMARY KEY, note text, status text, sync_status text, sync_revision bigint);
            CREATE SCHEMA gpsync_internal;
            CREATE FUNCTION gpsync_internal.stamp() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN RETURN NEW; END \$\$;
            CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION gpsync_internal.stamp('provision', 'note');
            CREATE PUBLICATION gpsync FOR TABLE public.orders;
            CREATE TABLE public.plain (id integer);
            INSERT INTO public.plain VALUES (1);
            CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE ON public.plain FOR EACH ROW EXECUTE FUNCTION gpsync_internal.stamp();
            SQL
        is($rc, 0, 'anybody can plant that') or diag($err);

        (undef, undef, $err) = as_mallory('planted', q{SECURITY LABEL FOR gpsync ON COLUMN orders.status IS 'scrub open@1'});
        like($err, qr/policy "open\@1" does not exist yet/, 'a label finds no policy there');
        ok((as_mallory('planted', q{INSERT INTO orders VALUES (1, 'a'); UPDATE orders SET note = 'b'; DELETE FROM orders; UPDATE plain SET id = 2}))[0] == 0, 'writes go on');

        ($rc, undef, $err) = as_mallory('planted', q{SELECT pg_create_logical_replication_slot('planted', 'gpsync_decoder')});
        is($rc, 0, 'a slot') or diag($err);
        as_mallory('planted', q{INSERT INTO orders VALUES (1, 'card 4111111111111111', 'a')});
        (undef, my $out, $err) = as_mallory('planted', q{SELECT data FROM pg_logical_slot_peek_changes('planted', NULL, NULL)});
        like($err, qr/42704: policy "open\@1" does not exist/, 'the stream stops at the label instead of believing the planted policy');
        as_mallory('planted', 'SECURITY LABEL FOR gpsync ON COLUMN orders.status IS NULL');
        as_mallory('planted', q{SELECT pg_replication_slot_advance('planted', pg_current_wal_lsn())});
        as_mallory('planted', q{INSERT INTO gpsync.stream DEFAULT VALUES});
        as_mallory('planted', q{INSERT INTO orders VALUES (2, 'card 4111111111111111', 'a')});
        ($rc, $out, $err) = as_mallory('planted', q{SELECT data FROM pg_logical_slot_get_changes('planted', NULL, NULL)});
        is($rc, 0, 'without the label it is read') or diag($err);
        like($out, qr/"note":"card [^"4]/, 'and a planted trigger does not make a column exempt from scrubbing') or diag($out);
        unlike($out, qr/4111111111111111/, 'no card number');

        # A WAL sender reads the catalogs in a transaction of its own.
        as_mallory('planted', q{INSERT INTO orders VALUES (3, 'card 4111111111111111', 'a')});
        my $end = $node->safe_psql('planted', 'SELECT pg_current_wal_lsn()');
        as_mallory('planted', q{INSERT INTO orders VALUES (4, 'last', 'a')});
        $out = $node->pg_recvlogical_upto('planted', 'planted', $end, 60);
        like($out, qr/"id":3/, 'pg_recvlogical reads it, too');
        unlike($out, qr/4111111111111111/, 'scrubbed');

        supervisor_believes_nothing() if $kind eq 'believable tables';    # a worker needs ten seconds to come
        as_mallory('planted', q{SELECT pg_drop_replication_slot('planted')});
        server_lives('no backend crashed');
        $node->sql('DROP DATABASE planted WITH (FORCE)');
    };
}

subtest 'an extension whose tables were changed by a superuser' => sub {
    $node->sql('CREATE DATABASE installed');
    my $sql = sub { return $node->safe_psql('installed', $_[0]) };
    # The error of a statement, in a session of its own.
    my $fails = sub {
        my ($err) = ('');
        $node->psql('installed', "\\set VERBOSITY verbose\n$_[0]", stderr => \$err, on_error_stop => 1);
        return $err;
    };
    $sql->('CREATE EXTENSION gpsync; SELECT gpsync.create_platform_tables()');
    my $replaced = sub {
        my ($change, $undo, $use, $table, $why) = @_;
        $sql->($change);
        like($fails->($use), qr/55000: "gpsync.$table" is not the table that extension gpsync made\n.*$why/, "$change: refused");
        $sql->($undo);
        unlike($fails->($use), qr/55000: "gpsync/, 'and put back, it works');
    };
    my $label = q{SECURITY LABEL FOR gpsync ON COLUMN partner_data.metadata IS 'scrub mine@1'};
    $replaced->('ALTER EXTENSION gpsync DROP TABLE gpsync.policy', 'ALTER EXTENSION gpsync ADD TABLE gpsync.policy', $label,
        'policy', 'It does not belong to the extension');
    my $move = q{SELECT gpsync.is_valid_transition('provision', 'RECEIVED', 'FAILED')};
    $replaced->(<<~'SQL', <<~'SQL', $label, 'policy', 'Column 1 must be "policy" of type text');
        ALTER TABLE gpsync.policy RENAME TO kept;
        CREATE TABLE gpsync.policy (policy bigint NOT NULL, rules bigint NOT NULL);
        INSERT INTO gpsync.policy VALUES (140000000000000, 4096);
        ALTER EXTENSION gpsync ADD TABLE gpsync.policy;
        SQL
        ALTER EXTENSION gpsync DROP TABLE gpsync.policy;
        DROP TABLE gpsync.policy;
        ALTER TABLE gpsync.kept RENAME TO policy;
        SQL
    $replaced->('ALTER TABLE gpsync.policy SET UNLOGGED', 'ALTER TABLE gpsync.policy SET LOGGED', $label, 'policy', 'it is not logged');
    $replaced->('ALTER TABLE gpsync.policy ALTER rules DROP NOT NULL', 'ALTER TABLE gpsync.policy ALTER rules SET NOT NULL', $label,
        'policy', 'Column 2 must be "rules" of type jsonb, NOT NULL');
    $replaced->('ALTER TABLE gpsync.machine_state RENAME initial TO first', 'ALTER TABLE gpsync.machine_state RENAME first TO initial',
        $move, 'machine_state', 'Column 4 must be "initial" of type boolean');
    $replaced->('ALTER EXTENSION gpsync DROP TABLE gpsync.machine', 'ALTER EXTENSION gpsync ADD TABLE gpsync.machine',
        q{SELECT gpsync.generate_test_data('provision_status', 1)}, 'machine', 'It does not belong to the extension');
    $replaced->('ALTER EXTENSION gpsync DROP TABLE gpsync.stream', 'ALTER EXTENSION gpsync ADD TABLE gpsync.stream',
        'DROP OWNED BY mallory', 'stream', 'It does not belong to the extension');
    $sql->('ALTER TABLE gpsync.policy ADD COLUMN later integer');
    unlike($fails->($label), qr/55000/, 'a further column is what a newer version may have');

    # A function in the place of what create_stream() calls.
    $sql->('ALTER EXTENSION gpsync DROP FUNCTION gpsync_internal.drop_stream_as(oid, text)');
    like($fails->(q{SELECT gpsync.drop_stream('legacy')}), qr/55000: function gpsync_internal.drop_stream_as\(.*\) does not belong to extension gpsync/,
        'a function that is not the extension\'s is not called with the owner\'s rights');

    # The slot of a database whose policies cannot be read stops instead of streaming with what is built in.
    $sql->(q{SELECT pg_create_logical_replication_slot('installed', 'gpsync_decoder')});
    $sql->('ALTER TABLE gpsync.policy ALTER rules DROP NOT NULL');
    like($fails->(q{SELECT pg_logical_slot_peek_changes('installed', NULL, NULL)}), qr/55000: "gpsync.policy" is not the table/, 'a slot stops, too');
    server_lives('no backend crashed');
};

is($node->sql('SELECT pg_postmaster_start_time()'), $server_start, 'the server has not been restarted');
done_testing;
