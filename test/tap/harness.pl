# The test harness itself: a cluster that finds gpsync in the stage, processes that end with the test.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', work_mem => '1234kB');
is($node->sql('SHOW wal_level'), 'logical', 'the cluster decodes');
is($node->sql('SHOW work_mem'), '1234kB', 'settings of the test reach the cluster');

$node->sql('CREATE EXTENSION gpsync');
is($node->sql("SELECT extname FROM pg_extension WHERE extname = 'gpsync'"), 'gpsync', 'the extension comes from the stage');

my ($state, $text) = $node->sql_error('SELECT 1/0');
is($state, '22012', 'sql_error gives the SQLSTATE');
like($text, qr/division by zero/, '... and the text');

my $process = GpsyncTest::Process->spawn('sleeper', [ 'sh', '-c', 'echo hello; sleep 100' ]);
ok(GpsyncTest::wait_until(sub { $process->log =~ /hello/ }, 'the process says hello'), 'output of a process is in its log');
ok($process->is_running, 'it runs');
is($process->kill9, 137, 'it can be killed');
ok(!$process->is_running, 'and is gone');
is(GpsyncTest::Process->spawn('false', ['false'])->wait_exit, 1, 'an exit status arrives');

done_testing;
