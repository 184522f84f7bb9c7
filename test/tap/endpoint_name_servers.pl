# Host names: a name server that does not answer for one endpoint delays no other, and a name that moves is followed.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::NameServer;
use PostgreSQL::Test::Cluster;
use Test::More;
use Time::HiRes qw(time);

my $node  = GpsyncTest->new_node('main');
my $names = GpsyncTest::NameServer->new;
my $nws   = GpsyncTest::Emulator->new('nws');
my $ods   = GpsyncTest::Emulator->new('ods');
$node->create_platform;
$names->set('nws.gpsync.test' => 'mute', 'ods.gpsync.test' => '127.0.0.1');
$node->create_endpoint($nws, url => 'http://nws.gpsync.test:' . $nws->port . '/events', connect_timeout => '2s', retry_base => '200ms');
$node->create_endpoint($ods, url => 'http://ods.gpsync.test:' . $ods->port . '/events');
$node->create_stream('legacy', 'nws', 'ods');
my $key = 0;
$GpsyncTest::TIMEOUT = 60;

sub start { return GpsyncTest::Relay->start_with($node, $_[0], $names->environment) }

# Inserts a row; its key.
sub insert_row
{
    my $id = 'p' . ++$key;
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('$id', 'RECEIVED')");
    return $id;
}

sub has_row { my ($emulator, $id) = @_; return defined $emulator->entry("public.provision_status/$id") }

sub error_of { return $node->sql("SELECT coalesce(last_error, '') FROM gpsync.endpoint_status WHERE endpoint = '$_[0]'") }

sub errors_of { return $node->sql("SELECT coalesce(errors, 0) FROM gpsync.endpoint_status WHERE endpoint = '$_[0]'") || 0 }

note('a name server that does not answer');
my $relay = start('legacy');
insert_row();
ok(GpsyncTest::wait_until(sub { $names->asked('nws.gpsync.test') > 0 }, 'the name is asked for'), 'the first endpoint\'s name is asked for');
my $asked = time;
# glibc gives up after 10 s; a loop that waits for it would be late for one of these rows.
my ($slowest, $failed, $error) = (0, undef, '');
while (time < $asked + 14)
{
    my $id = insert_row();
    my $begun = time;
    ok(0, "row $id came late"), last unless GpsyncTest::wait_until(sub { has_row($ods, $id) }, "$id is at the other endpoint", 10);
    my $took = time - $begun;
    $slowest = $took if $took > $slowest;
    ($failed, $error) = (time, error_of('nws')) if !$failed && error_of('nws') ne '';
}
cmp_ok($slowest, '<', 1, 'no row was late at the other endpoint');
is($error, 'could not resolve host name "nws.gpsync.test": no answer within 2000 ms', 'endpoint_status has the error');
cmp_ok(($failed // 1e9) - $asked, '<', 2 + 3, '... after connect_timeout and a report');
cmp_ok(errors_of('nws'), '>=', 3, '... and attempts go on');
is(error_of('ods'), '', 'the other endpoint has none');
my @threads = glob('/proc/' . $relay->pid . '/task/*');
cmp_ok(scalar @threads, '<=', 3, 'a name holds two threads at most') or diag(scalar @threads);

note('SIGTERM while a look-up hangs');
my $errors = errors_of('nws');
ok(GpsyncTest::wait_until(sub { errors_of('nws') > $errors }, 'another attempt has failed'), 'another attempt has failed');
my $begun = time;
is($relay->stop, 0, 'the relay ends cleanly');
cmp_ok(time - $begun, '<', 2, '... at once');

note('the name server answers again');
$relay = start('legacy');
ok(GpsyncTest::wait_until(sub { $relay->log =~ /no answer within/ }, 'the look-up fails'), 'after a restart too the name has no answer');
$names->set('nws.gpsync.test' => '127.0.0.1');
$node->wait_for_sync;
$node->ledger_agrees($_, 'provision_status') for $nws, $ods;

note('a name that does not exist');
$names->set('nws.gpsync.test' => 'none');
$nws->stop;
insert_row();
ok(GpsyncTest::wait_until(sub { error_of('nws') eq 'could not resolve host name "nws.gpsync.test": Name or service not known' }, 'the error is there'),
    'a name that does not exist is an error of its own') or diag(error_of('nws'));
$names->set('nws.gpsync.test' => '127.0.0.1');
$nws->start;
$node->wait_for_sync;
is($relay->stop, 0, 'the relay ends cleanly');

note('a name that moves');
$node->sql(q{SELECT gpsync.drop_stream('legacy')});
my $port = PostgreSQL::Test::Cluster::get_free_port();
my %at   = map { $_ => GpsyncTest::Emulator->new_at("at_$_", "127.0.0.$_", $port) } 1, 2;
$names->set('moving.gpsync.test' => '127.0.0.1');
$node->sql(<<~"SQL");
    CREATE SERVER moving FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://moving.gpsync.test:$port/events', max_connection_age '2s', retry_base '50ms');
    GRANT USAGE ON FOREIGN SERVER moving TO relay;
    SQL
$node->create_stream('moving', 'moving');
$relay = start('moving');
insert_row();
$node->wait_for_sync;
is($at{1}->stats->{accepted}, 1, 'the first address gets events');
my $before = $names->asked('moving.gpsync.test');
$names->set('moving.gpsync.test' => '127.0.0.2');
# The connection is never idle for long.
ok(GpsyncTest::wait_until(sub { has_row($at{2}, insert_row()) }, 'the second address gets events', 30), 'after max_connection_age the second one does');
cmp_ok($names->asked('moving.gpsync.test'), '>', $before, '... since the name was resolved anew');
$node->wait_for_sync;
my $taken = $at{1}->stats->{accepted};
insert_row() for 1 .. 3;
$node->wait_for_sync;
is($at{1}->stats->{accepted}, $taken, '... and the first one nothing more');

note('connections that may be as old as they like');
$node->sql(q{ALTER SERVER moving OPTIONS (SET max_connection_age '1h')});
ok(GpsyncTest::wait_until(sub { $relay->log =~ /configuration changed/ }, 'the relay begins again'), 'ALTER SERVER is followed');
insert_row();
$node->wait_for_sync;
$before = $names->asked('moving.gpsync.test');
insert_row() for 1 .. 20;
$node->wait_for_sync;
is($names->asked('moving.gpsync.test'), $before, 'the name is not resolved for each request');
$names->set('moving.gpsync.test' => '127.0.0.1');
$at{2}->stop;
my $last = insert_row();
$node->wait_for_sync;
ok(has_row($at{1}, $last), 'a failed request is enough to resolve it anew');
is($relay->stop, 0, 'the relay ends cleanly');
is($_->stats->{refused}, 0, 'nothing came out of order') for $nws, $ods, $at{1};
done_testing;
