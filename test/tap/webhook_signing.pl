# Requests signed as Standard Webhooks, checked by that specification's own library.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::WebhookReceiver;
use MIME::Base64 qw(encode_base64 decode_base64);
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
my $dir = PostgreSQL::Test::Utils::tempdir();
my $key = 'a';

# A secret of so many bytes.
sub make_secret { return 'whsec_' . encode_base64(join('', map { chr int rand 256 } 1 .. $_[0]), '') }

sub write_file
{
    my ($name, $text) = @_;
    open my $file, '>', "$dir/$name.new" or die;
    print $file $text;
    close $file;
    rename "$dir/$name.new", "$dir/$name" or die;
    return "$dir/$name";
}

sub insert { $node->sql("INSERT INTO provision_status (provision_id, status, detail) VALUES ('" . ++$key . "', 'RECEIVED', '{\"os\": \"günstig €\"}')"); return $key }

# Requests of a receiver that had a row's event in them.
sub requests_of { my ($hook, $row) = @_; return grep { $_->{body} =~ m{/$row"} } $hook->requests }

subtest 'one secret' => sub {
    my $secret = make_secret(32);
    my $hook = GpsyncTest::WebhookReceiver->new('one', $secret);
    $node->create_endpoint($hook, retry_base => '20ms', signing => 'standard-webhooks');
    $node->sql("CREATE USER MAPPING FOR relay SERVER one OPTIONS (signing_secret '$secret')");
    $node->create_stream('one', 'one');
    my $relay = $node->start_relay('one');
    my $row = insert();
    $node->wait_for_sync;
    my ($request) = requests_of($hook, $row);
    ok($request->{verified}, 'the library takes the signature') or diag explain $request;
    is($request->{headers}{'webhook-id'}, $request->{headers}{'idempotency-key'}, 'webhook-id is the Idempotency-Key');
    cmp_ok(abs($request->{headers}{'webhook-timestamp'} - time), '<', 60, 'webhook-timestamp is now, in seconds');
    like($request->{headers}{'webhook-signature'}, qr{^v1,[A-Za-z0-9+/]{43}=$}, 'one signature');

    # Its clock goes on: a later attempt has the same id and another time.
    $hook->answer(503);
    $row = insert();
    GpsyncTest::wait_until(sub { my @tries = requests_of($hook, $row); @tries > 1 && $tries[0]{headers}{'webhook-timestamp'} < $tries[-1]{headers}{'webhook-timestamp'} },
        'another second has begun');
    $hook->answer(204);
    $node->wait_for_sync;
    my @tries = requests_of($hook, $row);
    is_deeply([ grep { !$_->{verified} } @tries ], [], scalar(@tries) . ' attempts, every one signed');
    is(scalar(keys %{ { map { $_->{headers}{'webhook-id'} => 1 } @tries } }), 1, '... under one id');

    # It goes on with the same secret, and nobody gets to know it.
    my $code = decode_base64(substr $secret, 6);
    my $kept = join "\n", $relay->log, map { $node->sql("SELECT * FROM $_") } qw(gpsync.endpoint_report gpsync.endpoint_status gpsync.doctor());
    unlike($kept, qr/\Q${\ substr $secret, 6 }/, 'the secret is in no report and no log');
    unlike($kept, qr/\Q${\ unpack 'H*', $code }/i, '... nor in hex');
    $hook->answer(422, "whoever sent it has $secret, " . unpack('H*', $code));
    $row = insert();
    $node->wait_for_sql('SELECT count(*) FROM gpsync.dead_letters', 1);
    is($node->sql('SELECT last_error FROM gpsync.dead_letters'), 'HTTP 422: whoever sent it has [secret], [secret]', 'a receiver gives it away: not kept');
    is($relay->stop, 0, 'the relay stops');
    $node->sql("SELECT gpsync.drop_stream('one')");
};

subtest 'a secret from a file is replaced without a gap' => sub {
    my ($old, $new) = (make_secret(24), make_secret(64));
    my $file = write_file('secret', "$old\n");
    my $old_hook = GpsyncTest::WebhookReceiver->new('old_hook', $old);
    my $new_hook = GpsyncTest::WebhookReceiver->new('new_hook', $new);
    for my $hook ($old_hook, $new_hook)
    {
        $node->create_endpoint($hook, retry_base => '20ms', signing => 'standard-webhooks', compression => $hook == $new_hook ? 'gzip' : 'none');
        $node->sql(sprintf "CREATE USER MAPPING FOR relay SERVER %s OPTIONS (signing_secret_file '$file')", $hook->name);
    }
    $node->create_stream('two', 'old_hook', 'new_hook');
    my $relay = $node->start_relay('two');
    my $first = insert();
    GpsyncTest::wait_until(sub { requests_of($old_hook, $first) && requests_of($new_hook, $first) }, 'both were asked');
    ok((requests_of($old_hook, $first))[0]{verified}, 'the old secret: taken by who knows it');
    ok(!(requests_of($new_hook, $first))[0]{verified}, '... and by nobody else');
    is($node->sql("SELECT count(*) FROM gpsync.dead_letters WHERE stream = 'two'"), 0, '401 makes no dead letter');
    write_file('secret', "$old\n$new\n");
    $node->wait_for_sync;
    my ($request) = grep { $_->{verified} } requests_of($new_hook, $first);
    like($request->{headers}{'webhook-signature'}, qr/^v1,\S+ v1,\S+$/, 'both signatures are sent, and either is taken');
    is($request->{headers}{'content-encoding'}, 'gzip', '... over what is in a compressed body');
    write_file('secret', "$new\n");
    my $last = insert();
    GpsyncTest::wait_until(sub { grep { $_->{verified} } requests_of($new_hook, $last) }, 'the new secret alone');
    is_deeply([ grep { $_->{verified} } requests_of($old_hook, $last) ], [], 'the old one signs no more');
    unlike($relay->log, qr/\Q$_/, 'no secret in the log') for map { substr $_, 6 } $old, $new;

    # A file that is gone, or holds nothing of use, is said; nothing is sent unsigned.
    my $before = () = $new_hook->requests;
    for my $bad ([ "whsec_short\n", qr/file "\S+" holds no signing secret: Secret 1 is not 24 to 64 bytes/ ], [ undef, qr/could not read file/ ])
    {
        my ($text, $said) = @$bad;
        if (defined $text) { write_file('secret', $text) } else { unlink $file or die }
        insert();
        $node->wait_for_sql("SELECT last_error ~ '" . ($said =~ s/^\(\?\^:(.*)\)$/$1/r =~ s/\\S/[^"]/r) . "' FROM gpsync.endpoint_status WHERE endpoint = 'new_hook'");
        pass("said: $said");
    }
    is(scalar(() = $new_hook->requests), $before, 'nothing was sent without a signature');
    write_file('secret', "$new\n$old\n");
    $node->wait_for_sync;
    is($relay->stop, 0, 'the relay stops');
    $node->sql("SELECT gpsync.drop_stream('two')");
};

subtest 'no secret at all' => sub {
    my $hook = GpsyncTest::WebhookReceiver->new('bare', make_secret(32));
    $node->create_endpoint($hook, retry_base => '20ms', signing => 'standard-webhooks');
    $node->create_stream('bare', 'bare');
    my $relay = $node->start_relay('bare');
    insert();
    $node->wait_for_sql("SELECT last_error ~ 'no signing_secret' FROM gpsync.endpoint_status WHERE endpoint = 'bare'");
    is(scalar(() = $hook->requests), 0, 'nothing is sent');
    is($relay->stop, 0, 'the relay stops');
};

done_testing;
