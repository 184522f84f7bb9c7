# A password that is rotated while the relay runs: server and passfile differ for a while.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, linger => '20ms');
$node->create_stream('legacy', 'nws');
my $passfile = PostgreSQL::Test::Utils::tempdir() . '/pass';

sub write_passfile
{
    open(my $file, '>', $passfile) or die "$passfile: $!";
    print $file "*:*:*:*:$_[0]\n";
    close($file) or die "$passfile: $!";
    chmod(0600, $passfile) or die "$passfile: $!";
    return;
}

sub start { return GpsyncTest::Process->spawn($_[0], [ GpsyncTest::Relay::program(), '--dbname', $node->connstr('postgres') . " user=relay passfile=$passfile", '--stream', 'legacy' ]) }

$node->sql(q{ALTER ROLE relay PASSWORD 'first'});
my $hba = $node->data_dir . '/pg_hba.conf';
my $all = PostgreSQL::Test::Utils::slurp_file($hba);
open(my $file, '>', $hba) or die "$hba: $!";
print $file "local all relay scram-sha-256\n$all";
close($file) or die "$hba: $!";
$node->reload;

write_passfile('wrong');
my $relay = start('never_in');
is($relay->wait_exit(20), 1, 'a password that never was right is a wrong configuration');
like($relay->log, qr/password authentication failed/, '... and the log says so');

write_passfile('first');
$relay = start('rotated');
$node->sql(q{INSERT INTO provision_status (provision_id, status) VALUES ('before', 'RECEIVED')});
$node->wait_for_sync;
$node->sql(q{ALTER ROLE relay PASSWORD 'second'});
$node->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'relay'});
ok(GpsyncTest::wait_until(sub { $relay->log =~ /will be tried again.*28P01|28P01.*will be tried again/ }, 'it is refused'), 'the new password is not in the file yet: tried again');
ok($relay->is_running, '... and the relay lives');
$node->sql(q{INSERT INTO provision_status (provision_id, status) VALUES ('between', 'RECEIVED')});
write_passfile('second');
$node->wait_for_sync;
ok($nws->entry('public.provision_status/between'), 'with the new one in the file delivery goes on');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
