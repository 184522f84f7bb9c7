# The libraries loaded from a second path, as after a half-done move of $libdir. The server loads such a copy beside the
# first one. It must be refused before it has put itself into the server's hooks: a hook that calls itself never ends.
use strict;
use warnings FATAL => 'all';
use File::Copy qw(copy);
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $lib = $ENV{GPSYNC_STAGE} . GpsyncTest::Environment::pg_config('--pkglibdir');
my $other = PostgreSQL::Test::Utils::tempdir_short();    # a plugin's name has 63 bytes
for my $library ('gpsync.so', 'gpsync_decoder.so')
{
    copy("$lib/$library", "$other/$library") or die "could not copy $library: $!";
}

my $node = GpsyncTest->new_node('main',
    GpsyncTest::Environment::knows_setting('output_plugin_libraries')
    ? (output_plugin_libraries => "pgoutput, gpsync_decoder, \"$other/gpsync_decoder\"")
    : ());
$node->create_platform;
my $server_start = $node->sql('SELECT pg_postmaster_start_time()');

# What must work in a session whatever it has tried to load: a DROP (object access hook), an attached table's UPDATE
# (planner and executor hooks), a label and a setting.
my $use = <<~'SQL';
    CREATE TABLE used (a int);
    DROP TABLE used;
    INSERT INTO token_status (token_id, status) VALUES ('a', 'RECEIVED');
    UPDATE token_status SET status = 'PROCESSING' WHERE token_id = 'a';
    SECURITY LABEL FOR gpsync ON COLUMN partner_data.metadata IS 'mask';
    SECURITY LABEL FOR gpsync ON COLUMN partner_data.metadata IS NULL;
    SHOW gpsync.stamp_in_plan;
    SELECT 'used ' || sync_status FROM token_status;
    DELETE FROM token_status;
    SQL

# A test: one session runs these statements, errors and all, and then what must work; the errors are as expected.
sub session_survives
{
    my ($statements, $expected, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    subtest $name => sub {
        my ($out, $err) = ('', '');
        $node->psql('postgres', "\\set VERBOSITY verbose\n$statements\n\\echo then\n$use", stdout => \$out, stderr => \$err, on_error_stop => 0);
        my @errors = $err =~ /((?:ERROR|FATAL):\s+.*)/g;
        is(scalar @errors, scalar @$expected, 'as many errors as expected') or diag($err);
        like($errors[$_] // '', $expected->[$_], "error $_") for 0 .. $#$expected;
        like($out, qr/then\n.*on\nused PENDING$/s, 'the session works') or diag("$out\n$err");
    };
    return;
}

my $refused = qr/55000: library "gpsync" is loaded already, from another file/;
session_survives("LOAD 'gpsync'; LOAD '$other/gpsync.so'; LOAD '$other/gpsync.so'; LOAD '$other/gpsync.so';",
    [ ($refused) x 3 ], 'another copy, three times');
session_survives("SELECT gpsync.has_pii('{}'); CREATE FUNCTION copied(jsonb) RETURNS boolean LANGUAGE c AS '$other/gpsync', 'gpsync_has_pii';",
    [$refused], 'by way of a function');
session_survives(join("\n", "LOAD 'gpsync';", ("LOAD '$other/gpsync.so';") x 30),
    [ ($refused) x 30 ], 'thirty times: nothing of it is registered that there are few places for');

subtest 'the other copy first' => sub {
    my ($out, $err) = ('', '');
    $node->psql('postgres', <<~"SQL", stdout => \$out, stderr => \$err, on_error_stop => 0);
        \\set VERBOSITY verbose
        LOAD '$other/gpsync.so';
        SELECT gpsync.has_pii('{}');
        SELECT gpsync.has_pii('{}');
        CREATE TABLE dropped (a int);
        DROP TABLE dropped;
        SELECT 'alive';
        SQL
    my @errors = $err =~ /(ERROR:.*)/g;
    is(scalar @errors, 2, 'the extension\'s functions cannot be called');
    like($_, $refused, 'and the error says why') for @errors;
    like($out, qr/alive/, 'the session goes on');
};

subtest 'the decoder' => sub {
    my ($state, $err) = $node->sql_error(<<~"SQL");
        SELECT pg_create_logical_replication_slot('first', 'gpsync_decoder');
        SELECT pg_create_logical_replication_slot('second', '$other/gpsync_decoder');
        SQL
    is($state, '55000', 'a second copy is refused');
    like($err, qr/library "gpsync_decoder" is loaded already, from another file/, 'and the error says why');
    is($node->sql(q{SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'second'}), 0, 'without a slot');
    $node->sql(<<~"SQL");
        SELECT pg_create_logical_replication_slot('second', '$other/gpsync_decoder');
        INSERT INTO token_status (token_id, status) VALUES ('a', 'RECEIVED');
        SQL
    like($node->sql(q{SELECT data FROM pg_logical_slot_get_changes('second', NULL, NULL)}), qr/"token_id":"a"/, 'alone in a session it is as good');
    $node->sql(q{SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots; DELETE FROM token_status});
};

subtest 'preloaded' => sub {
    $node->append_conf('postgresql.conf', "shared_preload_libraries = 'gpsync'");
    $node->restart;
    $server_start = $node->sql('SELECT pg_postmaster_start_time()');
    session_survives("LOAD '$other/gpsync.so'; LOAD '$other/gpsync.so';", [ ($refused) x 2 ], 'another copy beside the preloaded one');
};

is($node->sql('SELECT pg_postmaster_start_time()'), $server_start, 'the server has not been restarted');
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile), qr/terminated by signal|stack depth/, 'no backend crashed');
done_testing;
