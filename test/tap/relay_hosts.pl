# A relay whose connection string names several servers: all its connections go to the one that is the primary, also where
# an earlier one says nothing at all, and after a failover to the other.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use IO::Socket::INET;
use Test::More;

my $nws     = GpsyncTest::Emulator->new('nws');
my $primary = GpsyncTest->new_node('primary', 'gpsync.home' => 'pair');
$primary->create_platform;
$primary->create_endpoint($nws);
$primary->create_stream('legacy', 'nws');
$primary->backup('base');
my $standby = GpsyncTest->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

# It takes connections and never answers, as a machine does that is gone but for its address.
my $silent = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1', Proto => 'tcp') or die "cannot listen: $!";

sub several
{
    my (@servers) = @_;
    return sprintf "host=%s port=%s dbname=postgres user=relay target_session_attrs=read-write",
        join(',', map { $_->[0] } @servers), join(',', map { $_->[1] } @servers);
}
my @pair = ([ $standby->host, $standby->port ], [ $primary->host, $primary->port ]);

# A relay with a connection string of its own.
sub to_servers
{
    my (@conninfo) = @_;
    my $text = @conninfo > 1 ? sprintf($conninfo[0], @conninfo[ 1 .. $#conninfo ]) : $conninfo[0];
    return GpsyncTest::Relay->spawn('relay_legacy', [ GpsyncTest::Relay::program(), '--dbname', $text, '--stream', 'legacy' ]);
}

sub sessions
{
    my ($node) = @_;
    return $node->sql("SELECT count(*) FILTER (WHERE backend_type = 'walsender') || ' ' || count(*) FILTER (WHERE backend_type = 'client backend')"
            . " FROM pg_stat_activity WHERE application_name = 'gpsync-relay'");
}
sub sent { my ($key) = @_; return scalar grep { $_->{subject} =~ m{/${key}_} } $nws->events }

my $relay = to_servers(several(@pair));
$primary->sql(q{SELECT gpsync.generate_test_data('provision_status', 20, 'first_')});
$primary->wait_for_sync;
is(sessions($primary), '1 1', 'both connections lead to the primary, which stands second');
is(sessions($standby), '0 0', '... and none to the standby');
$relay->stop;

$relay = to_servers(several([ '127.0.0.1', $silent->sockport ], @pair));
$primary->sql(q{SELECT gpsync.generate_test_data('provision_status', 20, 'second_')});
$primary->wait_for_sync;
is(sent('second'), 20, 'a server that says nothing keeps no relay from the next one');

# What it is given at the failover: the slot stays with the primary before PostgreSQL 17, so the stream is made again first.
$primary->wait_for_catchup($standby, 'replay');
$primary->stop('immediate');
ok(GpsyncTest::wait_until(sub { $relay->log =~ /no connection to the server, will be tried again/ }, 'it tries again'), 'without a primary the relay tries again');
ok($relay->is_running, '... and a standby is no reason to end');
$relay->stop;
$standby->promote;
$standby->sql(q{SELECT gpsync.recreate_stream('legacy')});
$relay = to_servers(several([ '127.0.0.1', $silent->sockport ], reverse @pair));
$standby->sql(q{SELECT gpsync.generate_test_data('provision_status', 20, 'third_')});
$standby->wait_for_sync;
is(sent('third'), 20, 'it delivers from the promoted standby');
is(sessions($standby), '1 1', '... with all its connections there');
$standby->ledger_agrees($nws, 'provision_status');

# While it runs: the server it has goes, and comes back.
$standby->stop('immediate');
$standby->start;
$standby->sql(q{SELECT gpsync.generate_test_data('provision_status', 20, 'fourth_')});
$standby->wait_for_sync;
is(sent('fourth'), 20, 'after a crash of that server it goes on there');

$relay->stop;
done_testing;
