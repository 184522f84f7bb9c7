# Headers of requests: those that gpsync sets, those that a DBA adds, and those that nobody may read.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::WebhookReceiver;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
my $hook = GpsyncTest::WebhookReceiver->new('hook');
$node->create_endpoint($hook, retry_base => '20ms', headers => "X-Tenant: acme\nX-Colour:   light blue \r\n\n");
my ($api_key, $account) = ('k-3f9aZZ81-secret-part', 'ApiKey 7c1dDD0042-other-secret');
$node->sql("CREATE USER MAPPING FOR relay SERVER hook OPTIONS (secret_headers E'X-Api-Key: $api_key\nAuthorization: $account')");
$node->create_stream('legacy', 'hook');
my $relay = $node->start_relay('legacy', '--log-level', 'debug');

sub insert { return $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('$_[0]', 'RECEIVED')") }

subtest 'what is sent' => sub {
    insert('a');
    $node->wait_for_sync;
    my ($request, @more) = $hook->requests;
    is(scalar @more, 0, 'one request');
    my ($version) = $node->sql("SELECT extversion FROM pg_extension WHERE extname = 'gpsync'");
    my %expected = (
        'user-agent'    => "gpsync-relay/$version",
        'x-tenant'      => 'acme',
        'x-colour'      => 'light blue',
        'x-api-key'     => $api_key,
        authorization   => $account,
        accept          => 'application/json',
        'content-type'  => 'application/cloudevents-batch+json; charset=utf-8',
    );
    is($request->{headers}{$_}, $expected{$_}, $_) for sort keys %expected;
    like($request->{headers}{'idempotency-key'}, qr/^[0-9A-F]{16}-[0-9A-F]{8}-[0-9A-F]{16}-1-[0-9a-f]{16}$/, 'idempotency-key');
    is_deeply([ grep { /^(?:webhook|ce)-|^expect$/ } keys %{ $request->{headers} } ], [], 'nothing of other modes');
    is_deeply([ map { $_->{subject} } @{ $request->{events} } ], ['public.provision_status/a'], 'the library reads the batch');
};

subtest 'an endpoint that repeats them' => sub {
    $hook->answer(422, 'I do not like {headers}');
    insert('b');
    $node->wait_for_sql('SELECT count(*) FROM gpsync.dead_letters', 1);
    my $error = $node->sql('SELECT last_error FROM gpsync.dead_letters');
    like($error, qr/"x-tenant":"acme"/, 'what it said is kept');
    like($error, qr/"x-api-key":"\[secret\]"/, '... without the secrets');
    my $kept = join "\n", $relay->log, map { $node->sql("SELECT * FROM $_") } qw(gpsync.dead_letter gpsync.endpoint_report gpsync.endpoint_status gpsync.doctor());
    unlike($kept, qr/\Q$_/, 'not in reports, letters and the log') for $api_key, substr($account, 7);
    my $command = PostgreSQL::Test::Utils::slurp_file('/proc/' . $relay->pid . '/cmdline');
    unlike($command, qr/\Q$api_key/, 'nor in ps');
    $hook->answer(204);
};

subtest 'others are seen at once' => sub {
    $node->sql("ALTER SERVER hook OPTIONS (SET headers 'X-Tenant: other')");
    $node->sql("ALTER USER MAPPING FOR relay SERVER hook OPTIONS (DROP secret_headers)");
    my $key = 'c0';
    GpsyncTest::wait_until(sub { insert(++$key); $node->sql("SELECT gpsync.wait_for_sync()"); ($hook->requests)[-1]{headers}{'x-tenant'} eq 'other' }, 'the new header is sent');
    my $last = ($hook->requests)[-1]{headers};
    is($last->{'x-tenant'}, 'other', 'the new value');
    is_deeply([ grep { defined $last->{$_} } qw(x-colour x-api-key authorization) ], [], 'the others are gone');
};

is($relay->stop, 0, 'the relay stops');
done_testing;
