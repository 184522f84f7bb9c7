# kill -9 of the relay and of the server while sessions emit, commit and roll back: each event of a committed transaction
# arrives once, or again with the same id, in the order of its key, and no other; request_status() is right whenever it
# is asked, and never goes back. GPSYNC_KILLS: how many kills.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $kills = $ENV{GPSYNC_KILLS} // 24;
my $node  = GpsyncTest->new_node('main');
my $nws   = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '20ms');
$node->create_stream('audit', 'nws', { topics => "'{audit}'", publication => 'NULL' });
$node->sql('CREATE TABLE sent (request uuid PRIMARY KEY, client integer, n bigint); CREATE SEQUENCE n');
my $script = PostgreSQL::Test::Utils::tempdir() . '/emit.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set dice random(1, 5)
BEGIN;
\if :dice = 1
SELECT gpsync.emit('t.never', '{}', 'k' || :client_id);
ROLLBACK;
\else
WITH e AS (SELECT nextval('n') AS n), a AS (SELECT n, gpsync.emit('t.sent', jsonb_build_object('client', :client_id, 'n', n), 'k' || :client_id) AS answer FROM e)
INSERT INTO sent SELECT (answer ->> 'requestId')::uuid, :client_id, n FROM a;
COMMIT;
\endif
SQL
chmod 0644, $script;
my $relay = $node->start_relay('audit');
my $emitters;

sub start_emitters
{
    $emitters = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 3, '-R', 60, '-T', 600, '-f', $script, '-h', $node->host, '-p', $node->port, '-U', 'postgres', 'postgres' ]);
    return;
}

my %rank = (ACCEPTED => 1, DELIVERED => 2);
my (%seen, @wrong, $answers, $unanswered);

# What a session says whose server has just been killed. Any other error is wrong.
my $crashed = qr/server closed the connection|terminating connection|the database system is|connection to server .* failed|could not connect/;

# Asks for the latest requests and for some that were asked for before. What the endpoint has is asked for behind that:
# what is called delivered is there.
sub ask
{
    my @older = (sort { $b cmp $a } keys %seen)[ 0 .. 40 ];
    my $older = join ', ', map { "'$_'" } grep { defined } @older;
    my ($said, $error) = ('', '');
    # Each once: of two calls for one request the later one may be the first of the answers.
    my $rc = $node->psql('postgres', "SELECT request, gpsync.request_status(request) ->> 'status' FROM ((SELECT request FROM sent ORDER BY n DESC LIMIT 15) UNION SELECT unnest(ARRAY[$older]::uuid[])) AS s", stdout => \$said, stderr => \$error, on_error_stop => 1);
    if ($rc != 0)
    {
        ++$unanswered;
        push @wrong, $error if $error !~ $crashed;
        return;
    }
    my %there = map { $_ => 1 } $nws->request_ids;
    for (split /\n/, $said)
    {
        my ($request, $status) = split /\|/;
        ++$answers;
        my $before = $seen{$request} // 'ACCEPTED';
        push @wrong, "$request: $status after $before" if !defined $rank{$status} || $rank{$status} < $rank{$before};
        push @wrong, "$request: $status and not there" if $status eq 'DELIVERED' && !$there{$request};
        $seen{$request} = $status;
    }
    return;
}

start_emitters();
for my $kill (1 .. $kills)
{
    usleep(20_000 + int rand 250_000);
    ask();
    if ($kill % 3)
    {
        $relay->kill9;
        ask();
        $relay = $node->start_relay('audit');
    }
    else
    {
        # A process killed crashes the server; so does stopping at once.
        my @pids = split /\n/, $node->sql(q{SELECT pid FROM pg_stat_activity WHERE application_name = 'pgbench'});
        if ($kill % 2 && @pids)
        {
            kill 'KILL', $pids[ rand @pids ];
        }
        else
        {
            $node->stop('immediate');
            $node->start;
        }
        $emitters->wait_exit(20);
        $node->wait_for_sql('SELECT 1', '1');
        ask();
        start_emitters();
    }
    ask();
}
$emitters->stop;
$relay = $node->start_relay('audit') if !$relay->is_running;
is($node->sql("SELECT gpsync.wait_for_sync(stream => 'audit', timeout => '${GpsyncTest::TIMEOUT} s')"), 't', 'all is delivered');
ask();
is(join("\n", @wrong), '', 'request_status() was right whenever it was asked');
cmp_ok($answers, '>', 10 * $kills, "... $answers times");
cmp_ok($unanswered // 0, '<', $kills, '... and a crashed server did not answer ' . ($unanswered // 0) . ' times');
my @events = $nws->events;
cmp_ok(scalar @events, '>', $kills, scalar(@events) . ' events');
is(join(' ', sort map { $_->{requestid} } @events), join(' ', sort split /\n/, $node->sql('SELECT request FROM sent')), 'each request that was committed is there once, and no other');
my %last;
my @unordered = grep { my $before = $last{ $_->{data}{client} } // 0; $last{ $_->{data}{client} } = $_->{data}{n}; $_->{data}{n} < $before } @events;
is(scalar @unordered, 0, 'in the order of their keys');
is($node->sql(q{SELECT count(*) FROM sent WHERE gpsync.request_status(request) ->> 'status' <> 'DELIVERED'}), '0', 'all are delivered');
note("$kills kills, $answers answers, ", scalar @events, ' events, ', $nws->stats->{duplicates}, ' repeats');
is($relay->stop, 0, 'the relay stops');
done_testing;
