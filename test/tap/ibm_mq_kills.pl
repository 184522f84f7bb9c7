# kill -9 of the relay and the server while messages are put into a queue that nobody consumes, and whose server breaks
# connections: in the end every change is in it once, in order. GPSYNC_KILLS: how many (default 24; a release: 200).
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::MqEmulator;
use Test::More;
use Time::HiRes qw(usleep);

my $kills = $ENV{GPSYNC_KILLS} // 24;
my $seed  = $ENV{GPSYNC_MQ_SEED}  // time;
srand $seed;
diag("GPSYNC_MQ_SEED=$seed");

my $node = GpsyncTest->new_node('main');
$node->create_platform;
my $mq = GpsyncTest::MqEmulator->new('mq', '--queue', 'Q', '--user', 'app', '--password', 'secret-of-mq');
$node->create_endpoint($mq, protocol => 'ibm-mq-rest', qmgr => 'QM1', queue => 'Q', lanes => 6, retry_base => '20ms', timeout => '2s');
$node->sql("CREATE USER MAPPING FOR relay SERVER mq OPTIONS (username 'app', password 'secret-of-mq')");
$node->create_stream('legacy', 'mq');
my $relay = $node->start_relay('legacy');

# Every change of a key counts on in its detail, so that the queue must have 1, 2, 3 … of each key.
my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set n random(1, 400)
\set many random(1, 8)
INSERT INTO provision_status AS t (provision_id, status, detail) SELECT 'p' || n, 'RECEIVED', '{"n": 1}' FROM generate_series(:n, :n + :many) n
ON CONFLICT (provision_id) DO UPDATE SET detail = jsonb_build_object('n', (t.detail->>'n')::int + 1);
\sleep 20 ms
SQL

sub start_writing
{
    return GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-T', 600, '--max-tries=20', '-f', $script, $node->connstr('postgres') ]);
}

sub wait_for_puts
{
    my ($count) = @_;
    my $end = $mq->puts + $count;
    return GpsyncTest::wait_until(sub { $mq->puts >= $end }, "$count messages more are put");
}

my $writer = start_writing();
for my $point (1 .. $kills)
{
    $mq->fault(kind => (qw(reset half))[ rand 2 ], put => int rand 2, times => 1 + int rand 3) if rand() < 0.5;
    $mq->fault(kind => 'reset', on => 'browse') if rand() < 0.3;
    $mq->expire if rand() < 0.2;
    ok(wait_for_puts(1 + int rand 40), "point $point");
    usleep(rand 20_000);
    if ($point % 6 == 0)
    {
        $node->stop('immediate');
        $writer->wait_exit;
        $node->start;
        $relay->kill9 if rand() < 0.5;
        $writer = start_writing();
    }
    else
    {
        $relay->kill9;
    }
    $relay = $node->start_relay('legacy') if !$relay->is_running;
}
ok(wait_for_puts(20), 'it goes on');
ok($writer->is_running, 'the workload met no error');
$writer->stop;
$node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'}, 0);
$mq->clear_faults;
$node->wait_for_sync;

# Every change of every key, once and in order.
my %have;
push @{ $have{ $_->{data}{key}{provision_id} } }, $_->{data}{row}{detail}{n} for $mq->events('Q');
my ($wrong, $changes) = (0, 0);
for my $line (split /\n/, $node->sql("SELECT provision_id || ' ' || (detail->>'n') FROM provision_status"))
{
    my ($key, $count) = split / /, $line;
    $changes += $count;
    my $got = join ' ', @{ $have{$key} // [] };
    next if $got eq join ' ', 1 .. $count;
    diag("$key: $got, and not 1 .. $count") if ++$wrong <= 10;
}
is($wrong, 0, "$changes changes, each in the queue once and in order");
is(scalar(() = $mq->messages('Q')), $changes, 'and nothing else');
my %asked;
++$asked{$_} for $mq->requests;
note(join ', ', map { "$_: $asked{$_}" } sort keys %asked);
cmp_ok($asked{'browse 200'} // 0, '>', 0, 'some had to be looked for, and were there') if $kills >= 24;
is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, 'all are marked');
is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), 0, 'there are no dead letters');
is($relay->stop, 0, 'the relay stops');
done_testing;
