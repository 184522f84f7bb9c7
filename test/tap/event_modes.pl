# Receivers whose library reads one event a request: modes structured and binary, read with the npm package cloudevents.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use Encode qw(encode_utf8);
use GpsyncTest;
use GpsyncTest::WebhookReceiver;
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Test::More;

my $secret = 'whsec_' . encode_base64('a secret of at least 24 bytes', '');
my $node = GpsyncTest->new_node('main');
$node->create_platform;
my @modes = qw(batch structured binary signed);
my %hook  = map { $_ => GpsyncTest::WebhookReceiver->new("h_$_", $_ eq 'signed' ? $secret : undef) } @modes;
$node->create_endpoint($hook{$_}, retry_base => '20ms', event_mode => $_ eq 'signed' ? 'binary' : $_,
    $_ eq 'signed' ? (signing => 'standard-webhooks', compression => 'gzip') : ())
  for @modes;
$node->sql("CREATE USER MAPPING FOR relay SERVER h_signed OPTIONS (signing_secret '$secret')");
$node->create_stream('legacy', map { "h_$_" } @modes);
my $relay = $node->start_relay('legacy');

# One that needs every rule of encoding.
my $odd = qq{a "b" 50% ü€😀/~};
$node->sql(<<~"SQL");
    BEGIN;
    INSERT INTO provision_status (provision_id, status, detail) VALUES ('plain', 'RECEIVED', '{"os": "android", "n": 12345678901234567890}');
    INSERT INTO provision_status (provision_id, status) SELECT 'row' || n, 'RECEIVED' FROM generate_series(1, 20) AS n;
    UPDATE provision_status SET status = 'PROCESSING';
    DELETE FROM provision_status WHERE provision_id = 'row7';
    INSERT INTO provision_status (provision_id, status) VALUES ('$odd', 'RECEIVED');
    COMMIT;
    SQL
$node->wait_for_sync;

# The events of a receiver by id, as its library read them.
sub events_of { my ($name) = @_; return { map { $_->{id} => $_ } map { @{ $_->{events} } } $hook{$name}->requests } }

my $expected = events_of('batch');
is(scalar(keys %$expected), 44, 'the batches hold every event');
for my $mode (qw(structured binary signed))
{
    my @requests = $hook{$mode}->requests;
    is(scalar @requests, 44, "$mode: a request for each event");
    is_deeply([ grep { $_->{error} || @{ $_->{events} } != 1 } @requests ], [], '... which the library reads');
    my $events = events_of($mode);
    is(scalar(keys %$events), 44, '... every event');
    my @differ = grep { my $id = $_; grep { JSON::PP->new->canonical->allow_nonref->encode($events->{$id}{$_} // '') ne JSON::PP->new->canonical->allow_nonref->encode($expected->{$id}{$_} // '') }
          qw(id source type subject time sequence partitionkey specversion data) } grep { $expected->{$_}{subject} !~ /%/ } keys %$expected;
    is_deeply(\@differ, [], '... equal to that of the batch');
}

subtest 'structured' => sub {
    my ($request) = grep { $_->{body} =~ m{/plain"} } $hook{structured}->requests;
    is($request->{headers}{'content-type'}, 'application/cloudevents+json; charset=utf-8', 'content type');
    like($request->{body}, qr/^\{"specversion":"1\.0",.*\}$/, 'the body is the event');
};

subtest 'binary' => sub {
    my ($request) = grep { $_->{body} =~ /12345678901234567890/ } $hook{binary}->requests;
    my %headers = %{ $request->{headers} };
    is($headers{'content-type'}, 'application/json', 'content type is that of the data');
    is($headers{'ce-specversion'}, '1.0', 'ce-specversion');
    is($headers{'ce-type'}, 'gpsync.row.inserted', 'ce-type');
    is($headers{'ce-subject'}, 'public.provision_status/plain', 'ce-subject');
    is($headers{'ce-partitionkey'}, 'public.provision_status/plain', 'an extension attribute');
    like($headers{'ce-id'}, qr/^[0-9A-F]{16}-[0-9A-F]{8}-[0-9A-F]{16}$/, 'ce-id');
    ok(!exists $headers{'ce-data'} && !exists $headers{'ce-datacontenttype'}, 'data and its type are no headers');
    like($request->{body}, qr/^\{"schema":"public",.*12345678901234567890.*\}$/, 'the body is the data, to the digit');

    # In the subject the key is percent-encoded already; what a header may not hold is encoded on top of that.
    my ($strange) = grep { $_->{headers}{'ce-subject'} =~ /%/ } $hook{binary}->requests;
    my $once = join '', map { /[A-Za-z0-9._~-]/ ? $_ : sprintf '%%%02X', ord } split //, encode_utf8(do { use utf8; my $text = 'a "b" 50% ü€😀/~'; $text });
    is($strange->{headers}{'ce-subject'}, 'public.provision_status/' . $once =~ s/%/%25/gr, 'a key of other characters');
};

subtest 'signed, compressed' => sub {
    is_deeply([ grep { !$_->{verified} } $hook{signed}->requests ], [], 'the signatures are right');
};

subtest 'headers that are too large' => sub {
    $hook{binary}->answer(431);
    $node->sql("UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'row1'");
    $node->wait_for_sql("SELECT count(*) FROM gpsync.dead_letters WHERE endpoint = 'h_binary' AND last_error ~ '431'", 1);
    $hook{binary}->answer(204);
    $node->sql("UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'row2'");
    $node->wait_for_sync;
    is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = 'row2'"), 'COMPLETED', 'the others go on');
};

is($relay->stop, 0, 'the relay stops');
done_testing;
