# Personal data of streamed rows shows up nowhere on its way: neither at an endpoint nor in dead letters, in status views,
# the relay's log, or the server's log, however much of it is asked for.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main', log_min_messages => 'debug2', log_error_verbosity => 'verbose', log_parameter_max_length => 0);
my $nws  = GpsyncTest::Emulator->new('nws');
my $ods  = GpsyncTest::Emulator->new('ods');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '20ms', retry_attempts => 1, linger => '5ms');
$node->create_endpoint($ods, retry_base => '20ms', retry_attempts => 1, linger => '5ms');
$node->sql(<<~'SQL');
    CREATE TABLE notes (id text PRIMARY KEY, note text, doc jsonb, mail bytea, people text[]);
    ALTER TABLE notes REPLICA IDENTITY FULL;
    SELECT gpsync.attach('notes', machine => NULL);
    SQL
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy', '--log-level', 'debug');

# What must not be seen, written so that no statement in a log shows it.
my $needles = qr/joe\@example|joe%40example|4111 ?1111 ?1111 ?1111|6a6f65406578|Doe-Needle/;
my $values = sub { my ($id) = @_; return sprintf(<<~'SQL', $id) };
    '%s', 'card ' || repeat('4111 ', 1) || repeat('1111 ', 3) || 'of joe' || chr(64) || 'example.com',
    jsonb_build_object('last_name', 'Doe' || '-Needle', 'email', 'joe' || chr(64) || 'example.com', 'ok', 'kept'),
    ('joe' || chr(64) || 'example.com')::bytea, ARRAY['joe' || chr(64) || 'example.com', 'kept']
    SQL
sub write_row
{
    my ($id) = @_;
    my $row = $values->($id);
    $node->sql("SET log_min_messages = fatal; INSERT INTO notes VALUES ($row); UPDATE notes SET note = note || '!' WHERE id = '$id'; DELETE FROM notes WHERE id = '$id'; INSERT INTO notes VALUES ($row)");
    return;
}

write_row('taken');
ok($node->wait_for_sync, 'delivered');
$nws->faults(kind => 'status', status => 422, match => 'refused', body => '{"error":"no"}');
$ods->faults(kind => 'status', status => 503, match => 'waits');
write_row('refused');
write_row('waits');
$node->wait_for_sql(q(SELECT count(*) > 0 FROM gpsync.dead_letters));
$node->wait_for_sql(q(SELECT last_error IS NOT NULL FROM gpsync.endpoint_status WHERE endpoint = 'ods'));

my %seen = (
    'dead letters'  => $node->sql('SELECT * FROM gpsync.dead_letters'),
    'status views'  => $node->sql('SELECT * FROM gpsync.stream_status; SELECT * FROM gpsync.endpoint_status; SELECT * FROM gpsync.doctor()'),
    'the activity'  => $node->sql(q(SELECT * FROM pg_stat_activity WHERE backend_type LIKE 'walsender%' OR usename = 'relay')),
    'the ledger of nws' => PostgreSQL::Test::Utils::slurp_file($nws->{ledger}),
    'the ledger of ods' => PostgreSQL::Test::Utils::slurp_file($ods->{ledger}),
    'the relay\'s log'  => $relay->log);
like($seen{'dead letters'}, qr/kept/, 'a dead letter holds what is left');
unlike($seen{$_}, $needles, "nothing in $_") for sort keys %seen;
isnt($seen{$_}, '', "... there is something in $_") for sort keys %seen;
$relay->stop;
my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
like($log, qr/DEBUG/, 'the server\'s log is talkative');
my @lines = grep { $_ =~ $needles } split /\n/, $log;
is_deeply(\@lines, [], 'nothing in the server\'s log');

done_testing;
