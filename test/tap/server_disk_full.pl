# The server's disk is full: while rows are marked, while an endpoint's events are spooled, while a relay begins, and for
# the WAL. Nothing is lost, the relay says what it waits for, and goes on by itself once there is room.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::SmallDisk;
use HTTP::Tiny;
use Test::More;

my $disk = GpsyncTest::SmallDisk->new or plan skip_all => 'there is no small file system (scripts/tap mounts one, as root)';
my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->sql("CREATE TABLESPACE small LOCATION '" . $disk->folder('space') . "'");
$node->safe_psql('template1', 'ALTER DATABASE postgres SET TABLESPACE small');
# The replay of that would drop the database's slots.
$node->safe_psql('template1', 'CHECKPOINT');
$node->create_platform;
# What its application writes has room.
$node->sql('ALTER TABLE token_status SET TABLESPACE pg_default; ALTER INDEX token_status_pkey SET TABLESPACE pg_default');
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2, timeout => '60s') for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay = start();

sub start { return $node->start_relay('legacy', '--metrics-listen', '127.0.0.1:0') }

sub says
{
    my ($pattern, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(GpsyncTest::wait_until(sub { $relay->log =~ $pattern }, $what), $what);
}

# What a vacuum or a checkpoint gives back meanwhile is filled, too.
sub while_full
{
    my ($condition, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(GpsyncTest::wait_until(sub { $disk->fill; $condition->() }, $what), $what);
}

sub says_while_full
{
    my ($pattern, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return while_full(sub { $relay->log =~ $pattern }, $what);
}

sub health
{
    my ($port) = map { $_->{port} // () } $relay->log_records;
    return HTTP::Tiny->new(timeout => 30)->get("http://127.0.0.1:$port/healthz");
}

my $FULL = qr/No space left on device/;

sub says_bookkeeping_fails
{
    my $health = health();
    return $health->{status} == 503 && $health->{content} =~ /bookkeeping fails: .*$FULL/;
}

sub agree
{
    my ($what) = @_;
    note($what);
    $node->wait_for_sync;
    $node->ledger_agrees($_, qw(provision_status token_status)) for @endpoints;
    is($_->stats->{refused}, 0, 'in order at ' . $_->name) for @endpoints;
    is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, "$what: every row is marked");
    is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), 0, 'no dead letter');
    return;
}

# Rows of a table that has room, in transactions of 1,000.
sub add_tokens
{
    my ($prefix, $count) = @_;
    $node->sql("INSERT INTO token_status (token_id, status) SELECT '${prefix}_' || n, 'RECEIVED' FROM generate_series($_ * 1000 + 1, $_ * 1000 + 1000) n")
        for 0 .. $count / 1000 - 1;
    return;
}

subtest 'while rows are marked' => sub {
    $_->faults(kind => 'delay', ms => 600_000) for @endpoints;    # every request is held
    # Without it marks could find room in the rows' pages.
    $node->sql('ALTER TABLE provision_status SET (fillfactor = 100)');
    $node->add_rows(5000);
    ok($_->wait_holding, 'a batch is under way') for @endpoints;
    $disk->fill;
    $_->clear_faults for @endpoints;
    says_while_full(qr/booking failed, will be tried again[^\n]*$FULL/, 'the log says why');
    for my $endpoint (@endpoints) { while_full(sub { $endpoint->stats->{accepted} >= 5000 }, $endpoint->name . ' gets its events') }
    while_full(\&says_bookkeeping_fails, '... and /healthz');
    my @duplicates = map { $_->stats->{duplicates} } @endpoints;
    $disk->free;
    agree('once there is room');
    is(join(' ', map { $_->stats->{duplicates} } @endpoints), "@duplicates", 'nothing is sent again');
    is(health()->{status}, 200, 'healthy');
};

subtest 'while events are spooled, and while a relay begins' => sub {
    $nws->faults(kind => 'status', status => 503);
    add_tokens('a', 1000);
    ok($node->wait_for_sql("SELECT feed = 'behind' FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'an endpoint is behind');
    my $before = $ods->stats->{accepted};
    $disk->fill;
    add_tokens('b', 20000);
    says_while_full(qr/spooling failed, will be tried again[^\n]*$FULL/, 'the log says why');
    while_full(sub { health()->{content} =~ $FULL }, '... and /healthz');
    ok(GpsyncTest::wait_until(sub { $ods->stats->{accepted} == $before + 20000 }, 'ods goes on'), 'the other endpoint has what is in memory');
    $relay->kill9;
    $relay = start();
    says_while_full(qr/$FULL/, 'a relay that begins says it too');
    ok($relay->is_running, '... and waits');
    add_tokens('c', 1000);
    $node->stop('immediate');
    $node->start;
    $disk->free;
    ok($node->wait_for_sql("SELECT behind_events = 22000 FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'it is spooled once there is room');
    $disk->fill;
    $nws->clear_faults;
    ok(GpsyncTest::wait_until(sub { $nws->stats->{accepted} >= 27000 }, 'it drains'), 'full again: what is spooled is delivered and booked where there is room');
    says_while_full(qr/emptying the spool failed, will be tried again[^\n]*$FULL/, '... the segments are not emptied');
    $disk->free;
    agree('once there is room');
    ok($node->wait_for_sql("SELECT bool_and(feed = 'live') FROM gpsync.endpoint_status"), 'every endpoint is live');
    ok($node->wait_for_sql('SELECT sum(events) = 0 FROM gpsync.spool_segment'), 'the spool is empty');
};

is($relay->stop, 0, 'the relay ends cleanly');

# The server stops, and cannot recover before there is room.
subtest 'for the WAL' => sub {
    my $other = GpsyncTest->new('wal');
    $other->init(allows_streaming => 'logical', extra => [ '--no-locale', '--encoding=UTF8', '--wal-segsize=1', '--waldir', $disk->folder('wal') ]);
    $other->configure(min_wal_size => '2MB', max_wal_size => '4MB');
    $other->start;
    my $mq = GpsyncTest::Emulator->new('mq');
    $other->create_platform;
    $other->create_endpoint($mq, retry_base => '20ms');
    $other->create_stream('legacy', 'mq');
    $relay = $other->start_relay('legacy');
    $other->add_rows(100);
    $other->wait_for_sync;
    $disk->fill;
    my $fails = sub { !eval { $other->add_rows(500); 1 } };
    ok(GpsyncTest::wait_until($fails, 'the server stops'), 'the server stops');
    says(qr/no connection to the server, will be tried again/, 'the relay waits for it');
    $other->stop('immediate', fail_ok => 1);
    $disk->free;
    $other->start;
    $other->add_rows(100);
    $other->wait_for_sync;
    $other->ledger_agrees($mq, 'provision_status');
    is($mq->stats->{refused}, 0, 'in order');
    is($relay->stop, 0, 'by the same relay');
};
done_testing;
