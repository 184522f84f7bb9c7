# kill -9 of the relay and of the server while tokens are looked up: each is asked for once a period, those under way at a
# kill once more; every one has its answer, no illegal transition is made, and the endpoint has what the table has.
# GPSYNC_KILLS: how many kills (24).
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::TokenSystem;
use Test::More;
use Time::HiRes qw(usleep);

my $kills  = $ENV{GPSYNC_KILLS} // 24;
my $tokens = 400 * $kills;
my $lanes  = 4;
my $seed   = $ENV{GPSYNC_SEED} // time;
srand $seed;
note("GPSYNC_SEED=$seed");

# restart_after_crash is on: a killed backend makes the server begin again.
my $node   = GpsyncTest->new_node('main');
my $nws    = GpsyncTest::Emulator->new('nws');
my $system = GpsyncTest::TokenSystem->new('tokens', '--delay-us', 200_000);
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms');
$system->create($node, lanes => $lanes);
$node->sql(<<~'SQL');
    CREATE TABLE cards (token_id text PRIMARY KEY, status varchar(20));
    SELECT gpsync.attach('cards', 'token_lifecycle');
    CREATE TABLE seen (token_id text, was text, now text);
    CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES (NEW.token_id, OLD.status, NEW.status); RETURN NULL; END $$;
    CREATE TRIGGER see AFTER UPDATE OF status ON cards FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION see();
    SQL
$node->create_stream('legacy', 'nws');
$node->sql("INSERT INTO cards SELECT 'm' || n, 'ACTIVE' FROM generate_series(1, $tokens) AS n");
my $relay = $node->start_relay('legacy');
$node->wait_for_sync;
my %answers = map { ("m$_" => $_ % 10 == 0 ? 'SUSPENDED' : $_ % 10 == 1 ? 'INACTIVE' : 'ACTIVE') } 1 .. $tokens;
$system->set(map { $_ => { status => $answers{$_} } } keys %answers);
$node->sql(q{BEGIN; SELECT gpsync.create_lookup('cards', 'cards', 'tokens', '{"status": "status"}'); }
      . GpsyncTest::TokenSystem::without_pauses('cards') . ' COMMIT');

my $server_kills = 0;

sub kill_server
{
    my $pid = $node->sql('SELECT pid FROM pg_stat_activity WHERE application_name = $$gpsync-relay$$ ORDER BY random() LIMIT 1');
    $server_kills += kill 'KILL', $pid if $pid;
    return;
}

my ($done, @at) = (0);
for my $number (1 .. $kills)
{
    # Somewhere in the next part of the tokens.
    my $wanted = int(($number - 0.2 - rand 0.6) * 400);
    last unless GpsyncTest::wait_until(sub {
            (eval { $node->sql("SELECT asked >= $wanted OR ended_at IS NOT NULL FROM gpsync.lookup_state") } // '') eq 't'
        }, "$wanted tokens are asked for");
    usleep(rand 30_000);
    my $ended = eval { $node->sql('SELECT ended_at IS NOT NULL FROM gpsync.lookup_state') } // 'f';
    last if $ended eq 't';
    if ($number % 3 == 0) { kill_server(); push @at, "server at $wanted" }
    else                  { $relay->kill9; push @at, "relay at $wanted" }
    $done++;
    GpsyncTest::wait_until(sub { (eval { $node->sql('SELECT 1') } // '') eq '1' }, 'the server is back');
    $relay = $node->start_relay('legacy') unless $relay->is_running;
    # On demand, too.
    my $asked_for = 'm' . (1 + int rand $tokens);
    eval { $node->sql("SELECT gpsync.lookup_now('cards', '{$asked_for}')") };
}
note("$done kills: @at");
cmp_ok($server_kills, '>', 0, "$server_kills of them of a backend, and so of the server");
cmp_ok($done, '>=', $kills * 0.8, "$done kills while tokens were asked for");
ok($node->wait_for_sql(q{SELECT pass_ended_at IS NOT NULL AND waiting = 0 AND in_flight = 0 FROM gpsync.lookup_status}, 't', 180), 'all are asked for')
  or diag($node->sql('TABLE gpsync.lookup_status'));
is($node->sql('SELECT pass FROM gpsync.lookup_status'), 1, 'in one period');

my $asked = $system->asked;
is(scalar(keys %$asked), $tokens, "all $tokens");
# At a kill: the batches under way, and what was answered and not applied yet.
my $more = 0;
$more += $_ - 1 for values %$asked;
my $most = $done * ($lanes * 50 * 3 + 1);
cmp_ok($more, '<=', $most, "asked for again: $more, of at most $most");
cmp_ok($more, '<=', $tokens, '... which is less than all of them once more');

is($node->sql('SELECT count(*) FROM seen WHERE NOT gpsync.is_valid_transition($$token_lifecycle$$, was, now)'), 0, 'no illegal transition was made');
my %rows   = map { split /\|/ } split /\n/, $node->sql('SELECT token_id, status FROM cards');
my %listed = map { split /\|/ } split /\n/, $node->sql('SELECT token_id, kind FROM gpsync.lookup_conflicts');
my @wrong = grep { $rows{$_} ne ($answers{$_} eq 'SUSPENDED' ? 'SUSPENDED' : 'ACTIVE') || ($listed{$_} // '') ne ($answers{$_} eq 'INACTIVE' ? 'illegal' : '') } sort keys %answers;
is_deeply(\@wrong, [], 'every token has its answer, or is listed');
is($node->sql('SELECT count(*) FROM (SELECT FROM seen GROUP BY token_id HAVING count(*) > 1) AS s'), 0, 'no row was moved twice');
is($node->sql('SELECT sum(pg_relation_size(c)) < 1000000 FROM unnest($${gpsync.lookup_state,gpsync.lookup_request}$$::regclass[]) AS c'), 't', 'what is kept of it stays small');
$node->wait_for_sync(120);
$node->ledger_agrees($nws, 'cards');
done_testing;
