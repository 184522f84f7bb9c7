# Secrets and rows stay with the endpoint they are meant for: the owner of a server cannot redirect it, not even in a race with whoever maps
# the secret.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws', '--authorization', 'Bearer s3cret');
my $evil = GpsyncTest::Emulator->new('evil');
my $file = $node->basedir . '/token';
PostgreSQL::Test::Utils::append_to_file($file, "s3cret\n");
$node->create_platform;
$node->create_endpoint($nws);
$node->sql(<<~"SQL");
    CREATE USER MAPPING FOR relay SERVER nws OPTIONS (bearer_token_file '$file');
    CREATE ROLE mallory LOGIN;
    GRANT pg_read_all_data TO mallory;
    ALTER ROLE mallory BYPASSRLS;
    GRANT USAGE ON FOREIGN DATA WRAPPER gpsync_http TO mallory;
    ALTER SERVER nws OWNER TO mallory;
    SQL
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');
$node->sql("SELECT gpsync.generate_test_data('provision_status', 3)");
$node->wait_for_sync;
is($nws->stats->{accepted}, 3, 'rows are delivered with the token of the file');

my @mallory = (extra_params => [ '-U', 'mallory' ]);
my $redirect = "ALTER SERVER nws OPTIONS (SET url '" . $evil->url . "');";
my ($state, $error) = $node->sql_error($redirect, @mallory);
is($state, '42501', 'the owner of the server, who may read all rows, does not get the token');
like($error, qr/user mapping for "relay" holds secrets/, '... and is told why');

# A mapping that is being made is waited for, and then counts.
$node->sql('DROP USER MAPPING FOR relay SERVER nws');
my $dba = $node->background_psql('postgres');
$dba->query_safe("BEGIN; CREATE USER MAPPING FOR relay SERVER nws OPTIONS (bearer_token_file '$file')");
my $racer = $node->background_psql('postgres', on_error_stop => 0, @mallory);
$racer->query_until(qr/begun/, "\\echo begun\n$redirect\n\\echo ended\n");
ok($node->wait_for_sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'mallory' AND wait_event_type = 'Lock'", 1), 'the redirection waits for the mapping');
$dba->query_safe('COMMIT');
$dba->quit;
$racer->query('SELECT 1');
like($racer->{stderr}, qr/permission denied to redirect/, '... and is refused when it is there');
$racer->quit;

# Who does not own the server waits for nobody.
$dba = $node->background_psql('postgres');
$dba->query_safe("BEGIN; ALTER USER MAPPING FOR relay SERVER nws OPTIONS (SET bearer_token_file '$file')");
($state) = $node->sql_error("SET lock_timeout = '5s'; $redirect", extra_params => [ '-U', 'relay' ]);
is($state, '42501', 'somebody who does not own the server is refused at once');
$dba->query_safe('ROLLBACK');
$dba->quit;

$node->sql("SELECT gpsync.generate_test_data('provision_status', 3, 'later_')");
$node->wait_for_sync;
is($nws->stats->{accepted}, 6, 'delivery goes on');
is($evil->stats->{requests}, 0, 'the other endpoint has seen nothing');

done_testing;
