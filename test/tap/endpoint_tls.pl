# TLS to the endpoint: a certificate of a private CA, the wrong CA, the wrong host name, a client certificate. What
# fails leaves the events waiting, and is never tried without verification.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Certificates qw(make_ca make_certificate);
use Test::More;

my $dir = PostgreSQL::Test::Utils::tempdir();

make_ca($dir, $_) for qw(our-ca other-ca);
make_certificate($dir, 'endpoint', 'our-ca', 'IP:127.0.0.1');
make_certificate($dir, 'elsewhere', 'our-ca', 'DNS:elsewhere.example');
make_certificate($dir, 'client', 'our-ca', 'DNS:relay');

my $node = GpsyncTest->new_node('main');
$node->create_platform;
my $count = 0;

# A stream to an endpoint with this certificate and these options; gives node, endpoint and relay to the test.
sub with_endpoint
{
    my ($what, $certificate, $more_args, $options, $mapping, $test) = @_;
    my $name = 'nws' . ++$count;
    my $nws  = GpsyncTest::Emulator->new($name, '--tls-cert', "$dir/$certificate.crt", '--tls-key', "$dir/$certificate.key", @$more_args);
    $node->create_endpoint($nws, %$options, retry_base => '100ms');
    $node->sql("CREATE USER MAPPING FOR relay SERVER $name OPTIONS ($mapping)") if $mapping;
    $node->create_stream('legacy', $name);
    my $relay = $node->start_relay('legacy');
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('row_$count', 'RECEIVED')");
    note($what);
    $test->($nws, $name, "row_$count");
    is($relay->stop, 0, '... and the relay ends cleanly');
    $node->sql("SELECT gpsync.drop_stream('legacy')");
    $nws->stop;
    return;
}

sub taken
{
    my ($nws, $name, $key) = @_;
    ok($node->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'", 'COMPLETED'), 'the event is taken');
    is($nws->stats->{accepted}, 1, '... over TLS');
    return;
}

sub waits
{
    my ($nws, $name, $key, $why) = @_;
    $why //= qr/SSL|certificate|host name/i;
    ok($node->wait_for_sql("SELECT breaker FROM gpsync.endpoint_status WHERE endpoint = '$name'", 'open'), 'the breaker opens');
    like($node->sql("SELECT last_error FROM gpsync.endpoint_status WHERE endpoint = '$name'"), $why, '... and says why');
    is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'"), 'PENDING', '... the event waits');
    is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), '0', '... and is no dead letter');
    return;
}

with_endpoint('a certificate of a private CA', 'endpoint', [], { ca_file => "$dir/our-ca.crt" }, undef, \&taken);
with_endpoint('a CA that did not sign it', 'endpoint', [], { ca_file => "$dir/other-ca.crt" }, undef, \&waits);
with_endpoint('a CA that the system does not know', 'endpoint', [], {}, undef, \&waits);
with_endpoint('a certificate for another host', 'elsewhere', [], { ca_file => "$dir/our-ca.crt" }, undef, \&waits);
my @demand = ('--tls-client-ca', "$dir/our-ca.crt");
with_endpoint('a client certificate', 'endpoint', \@demand, { ca_file => "$dir/our-ca.crt" },
    "client_cert_file '$dir/client.crt', client_key_file '$dir/client.key'", \&taken);
with_endpoint('no client certificate where one is demanded', 'endpoint', \@demand, { ca_file => "$dir/our-ca.crt" }, undef,
    sub { waits(@_, qr/./) });    # with TLS 1.3 the endpoint only hangs up
with_endpoint('a bearer token from a file', 'endpoint', [ '--authorization', 'Bearer from-a-file' ], { ca_file => "$dir/our-ca.crt" },
    do { PostgreSQL::Test::Utils::append_to_file("$dir/token", "from-a-file\n"); "bearer_token_file '$dir/token'" }, \&taken);
with_endpoint('a user name and password', 'endpoint', [ '--authorization', 'Basic dXNlcjpwYTpzcw==' ], { ca_file => "$dir/our-ca.crt" },
    "username 'user', password 'pa:ss'", \&taken);
done_testing;
