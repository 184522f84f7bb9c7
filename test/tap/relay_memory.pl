# What an idle relay takes does not depend on what has passed: large rows over several lanes leave nothing behind.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->sql("CREATE TABLE notes (id int PRIMARY KEY, t text); SELECT gpsync.attach('notes', machine => NULL), gpsync.redact_in_stream('notes', 't', 'pass')");
$node->create_endpoint($nws, lanes => 4, compression => 'gzip', timeout => '60s');
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

# Resident memory of the relay, MB.
sub resident
{
    my ($kb) = PostgreSQL::Test::Utils::slurp_file('/proc/' . $relay->pid . '/status') =~ /^VmRSS:\s+(\d+) kB/m;
    return $kb / 1024;
}

$node->sql("INSERT INTO notes VALUES (0, 'small')");
$node->wait_for_sync;
my $before = resident();
# Some that gzip cannot shrink much, too.
$node->sql("INSERT INTO notes SELECT n, CASE WHEN n % 2 = 0 THEN repeat('0123456789', 2000000)
    ELSE (SELECT string_agg(md5(i::text || n), '') FROM generate_series(1, 640000) i) END FROM generate_series(1, 12) n");
$node->wait_for_sync;
is($nws->stats->{accepted}, 13, 'a dozen rows of 20 MB were delivered');
ok(GpsyncTest::wait_until(sub { resident() <= 40 }, 'memory is given back'), 'the relay takes 40 MB at most') or diag(resident());
note(sprintf '%.1f MB before, %.1f MB afterwards', $before, resident());
$node->sql("UPDATE notes SET t = 'small again'");
$node->wait_for_sync;
is($node->sql("SELECT count(*) FROM notes WHERE sync_status = 'COMPLETED'"), 13, 'and goes on');
is($nws->stats->{refused}, 0, 'in order');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
