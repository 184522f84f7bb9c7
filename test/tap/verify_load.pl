# verify() while 500 changes/s are written and the endpoint is slow, is down and comes up again: no false alarm, and every
# planted difference (0.01 % of the rows, of all kinds) with its columns. GPSYNC_TEST_SECONDS: how long (15; the whole test
# is 60).
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Legacy;
use PostgreSQL::Test::Utils ();
use Test::More;
use Time::HiRes qw(usleep);

my $ROWS   = 60_000;
my $node   = GpsyncTest->new_node('modern', autovacuum => 'off');
my $legacy = GpsyncTest::Legacy->new($node,
    'things (id bigint PRIMARY KEY, status text NOT NULL, a int, b numeric, c text, d timestamptz, e jsonb)');
my $fill = "INSERT INTO things SELECT n, 'RECEIVED', n, n / 7.0, 'c' || n, '2024-01-01Z'::timestamptz + n * interval '1 s',
    jsonb_build_object('n', n) FROM generate_series(1, $ROWS) AS n";
$legacy->sql($fill);
$node->sql("$fill; ANALYZE things");
my $relay = $node->start_relay('legacy');
ok($node->wait_for_sync, 'delivered');

# What the load leaves alone: the first thousand keys.
$legacy->sql("UPDATE things SET a = -1 WHERE id = 100; UPDATE things SET b = NULL WHERE id = 101; UPDATE things SET c = '', e = NULL WHERE id = 102;
    UPDATE things SET d = 'infinity' WHERE id = 103; DELETE FROM things WHERE id = 104; INSERT INTO things (id, status) VALUES (-1, 'RECEIVED')");
my $expected = join "\n", '-1 extra ', '100 differs a', '101 differs b', '102 differs c,e', '103 differs d', '104 missing ';

my $script = $node->basedir . '/load.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<~"SQL");
    \\set id random(1000, $ROWS)
    \\set new random(200001, 200300)
    UPDATE things SET a = a + 1, c = 'v' || :id WHERE id = :id;
    INSERT INTO things (id, status, a) VALUES (:new, 'RECEIVED', 1) ON CONFLICT DO NOTHING;
    DELETE FROM things WHERE id = 400301 - :new;
    SQL

my $run = 0;

# One run while the endpoint is as $trouble has it. Its differences; what could not be settled is counted.
my $unsettled = 0;
sub verify_during
{
    my ($trouble) = @_;
    my $name = 'load' . ++$run;
    $node->sql("SELECT gpsync.verify('public.things', 'legacy.things', run => '$name'); SELECT gpsync.set_verify('$name', 'rounds', '40')");
    my $session = GpsyncTest::Process->spawn('verify', [ 'psql', '-X', '-c', "CALL gpsync.run_verify('$name')", '-d', $node->connstr('postgres') ]);
    $trouble->($session);
    is($session->wait_exit, 0, "$name has ended") or return 'none';
    $unsettled += $node->sql("SELECT unsettled FROM gpsync.verify_progress WHERE run = '$name'");
    return $node->sql("SELECT string_agg(concat_ws(' ', key ->> 'id', kind, array_to_string(columns, ',')), E'\\n' ORDER BY (key ->> 'id')::bigint)
        FROM gpsync.verify_differences WHERE run = '$name' AND kind <> 'unsettled'");
}

my %trouble = (
    none => sub { },
    slow => sub { $legacy->set_pace(0.05); $_[0]->wait_exit; $legacy->set_pace(0) },
    down => sub {
        my ($session) = @_;
        while ($session->is_running)
        {
            $legacy->stop;
            usleep(300_000);
            $legacy->start;
            $node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
            usleep(1_500_000);
        }
    });
my $seconds = $ENV{GPSYNC_TEST_SECONDS} // 15;
my $load = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 4, '-R', 170, '-T', $seconds, '-f', $script, $node->connstr('postgres') ]);
while ($load->is_running)
{
    is(verify_during($trouble{$_}), $expected, "endpoint trouble: $_; the planted differences and no others") for sort keys %trouble;
}
is($load->wait_exit, 0, "the load has ended; $run runs, $unsettled keys unsettled");
$node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
ok($node->wait_for_sync, 'all is delivered');
is(verify_during($trouble{none}), $expected, 'without load: the planted differences');
done_testing;
