# The status page: as report_html() gives it and as the relay serves it, in a browser; who may see it, and what is not in it.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Browser;
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use Test::More;

my $pictures = $ENV{GPSYNC_PICTURES};
my $node     = GpsyncTest->new_node('main');
my $nws      = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->sql(q(ALTER SERVER nws OPTIONS (ADD headers 'X-Header: header-value')));
$node->sql(q(CREATE USER MAPPING FOR relay SERVER nws OPTIONS (bearer_token 'token-of-the-endpoint', secret_headers 'X-Key: secret-header-value')));
$node->create_stream('legacy', 'nws');

# ------------------------------------------------------------------------------------------ names that want to be markup
my $evil = q(</script></style><img src=x onerror=alert(1)>"'&);
my $rtl  = "\xe2\x80\xae\xd7\x90\xd7\x91\xd7\x92";    # U+202E, three letters of Hebrew, in UTF-8
my $long = 'W' x 200;
$node->sql(<<"END");
SELECT gpsync.define_machine(\$\$$evil\$\$, jsonb_build_object(\$\$$evil\$\$, jsonb_build_array('$rtl', '$long'), '$rtl', '[]'::jsonb, '$long', '[]'::jsonb), ARRAY[\$\$$evil\$\$]);
INSERT INTO gpsync.dead_letter (event_id, subject, stream, endpoint, schema_name, table_name, key, attempts, http_status, error, payload)
SELECT 'e' || n, 's', 'legacy', 'nws', 'public', left(t, 60), '{"secret_key_value": 4111111111111111}', 3, 422, t || ' of card 4111 1111 1111 1111', '{"payload": "payload-value"}'
FROM unnest(ARRAY[\$\$$evil\$\$, '$rtl', '$long']) WITH ORDINALITY AS x (t, n);
END

$node->sql(<<~'END');
    CREATE TABLE target (id int PRIMARY KEY, status text);
    CREATE TABLE legacy_cards (id int PRIMARY KEY, st text);
    SELECT gpsync.attach('target'), gpsync.import('target', 'public.legacy_cards', '{"id": "id", "status": "st"}', job => 'cards');
    UPDATE gpsync.import_job SET state = 'running', last_error_at = now(),
        last_error = '22P02: invalid input syntax for type integer: "4111 1111 1111 1111"';
    END
unlike($node->sql(q(SELECT f FROM gpsync_internal.page_findings() AS f)), qr/4111/, 'no finding has a card of an error text');
like($node->sql(q(SELECT f FROM gpsync_internal.page_findings() AS f)), qr/the source of import .*cards.* cannot be read: SQLSTATE 22P02/, '... the SQLSTATE is there');

# ------------------------------------------------------------------------------------------------------- report_html()
sub section { my ($page, $id) = @_; return $page =~ m{(<section id="\Q$id\E".*?</section>)}s ? $1 : '' }

my $file = $node->sql('SELECT gpsync.report_html()');
like($file, qr{^<!doctype html>.*</html>$}s, 'report_html() is a whole page');
like(section($file, 'findings'), qr/no relay delivers stream &quot;legacy&quot;/, '... with what doctor() finds now');
like(section($file, 'machines'), qr/&lt;\/script&gt;&lt;\/style&gt;&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/, '... names are text');
unlike($file, qr/\xe2\x80\xae/, '... and none turns the direction of others');
unlike($file, qr/\b(?:4111|payload-value|secret-header-value|header-value|token-of-the-endpoint|secret_key_value)/, '... no payload, key, card or secret is in it');

my $path = PostgreSQL::Test::Utils::tempdir() . '/report.html';
PostgreSQL::Test::Utils::append_to_file($path, $file);
my ($seen) = GpsyncTest::Browser::is_well('report_html()', "file://$path", name => 'file', $pictures ? (pictures => $pictures) : (), ask => {
    images  => 'document.images.length',
    buttons => q([...document.querySelectorAll('button.copy')].every((button) => !button.hidden)),
    copied  => q((async () => { const button = document.querySelector('button.copy'); button.click();
        for (let i = 0; i < 100 && button.firstChild.data === 'Copy'; i++) await new Promise((resolve) => setTimeout(resolve, 20));
        return button.firstChild.data })()),
    hashes  => q(document.querySelector('meta[http-equiv]').content),
    started => q(typeof stolen),
});
is($seen->{answers}{images}, 0, 'no name became an image');
ok($seen->{answers}{buttons}, 'the buttons to copy are there');
like($seen->{answers}{copied}, qr/^(?:Copied|Selected)$/, '... and do it');
like($seen->{answers}{hashes}, qr/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-/, 'the policy is in the page');

$node->sql(q(CREATE ROLE watcher LOGIN; SELECT gpsync.grant_reader('watcher'); CREATE ROLE nobody_special LOGIN));
is($node->psql('postgres', 'SELECT gpsync.report_html()', extra_params => [ '-U', 'watcher' ]), 0, 'a reader may have it');
isnt($node->psql('postgres', 'SELECT gpsync.report_html()', extra_params => [ '-U', 'nobody_special' ]), 0, 'nobody else');

# ------------------------------------------------------------------------------------------------------ the live page
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $relay = $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$port");
ok($node->wait_for_sql("SELECT relay_state FROM gpsync.stream_status", 'streaming'), 'the relay streams');
my $client = HTTP::Tiny->new(timeout => 20);
sub get { my ($where, %headers) = @_; return $client->get("http://127.0.0.1:$port$where", { headers => \%headers }) }

my $answer = get('/');
is($answer->{status}, 200, '/ answers');
is($answer->{headers}{'content-type'}, 'text/html; charset=utf-8', '... HTML');
like($answer->{headers}{'content-security-policy'}, qr/^default-src 'none'; .*connect-src 'self'; frame-ancestors 'none'$/, '... with its policy');
is($answer->{headers}{$_->[0]}, $_->[1], "... $_->[0]") for [ 'x-content-type-options', 'nosniff' ], [ 'referrer-policy', 'no-referrer' ], [ 'cache-control', 'no-store' ];
like($answer->{content}, qr/<h3><bdi>legacy<\/bdi><\/h3>.*streaming/s, '... with values, the first time already');

my $json = decode_json(get('/status.json')->{content});
is($json->{streams}{rows}[0]{relay_state}, 'streaming', '/status.json has the same');
like($json->{relay}{health}, qr/^leader: /, '... and what the relay says of itself');
is($json->{endpoints}{rows}[0]{origin}, $nws->url =~ s{(//[^/]+).*}{$1}r, '... of the URL the origin alone');
ok(GpsyncTest::wait_until(sub { decode_json(get('/status.json')->{content})->{doctor} }, 'doctor'), "doctor()'s findings come later");
unlike(get('/status.json')->{content}, qr/4111|payload-value|header-value|token-of-the-endpoint|secret_key_value/, '... no payload, key, card or secret');
is($client->request("HEAD", "http://127.0.0.1:$port/events")->{status}, 200, 'HEAD of the events ends at once, and takes no place of a listener') for 1 .. 9;
my $checked = decode_json(get('/status.json')->{content})->{doctor}{checked_at};
ok(GpsyncTest::wait_until(sub { decode_json(get('/status.json')->{content})->{taken_at} gt $checked }, 'newer values'), 'values are taken again');
is(decode_json(get('/status.json')->{content})->{doctor}{checked_at}, $checked, '... without doctor()');
is($client->request('HEAD', "http://127.0.0.1:$port/")->{status}, 200, 'HEAD');
is($client->request($_, "http://127.0.0.1:$port/")->{status}, 405, "$_ is refused") for qw(POST PUT DELETE);

sub raw
{
    my ($text) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp', Timeout => 20) or die "connect: $!";
    print {$socket} $text;
    return $socket;
}
sub status_of { my ($socket) = @_; return (scalar(<$socket>) // '') =~ /^HTTP\/1\.1 (\d+)/ ? $1 : 0 }

for my $where ('/', '/status.json', '/events')
{
    is(status_of(raw("GET $where HTTP/1.1\r\nHost: evil.example:$port\r\n\r\n")), 403, "$where by another name is refused");
    is(status_of(raw("GET $where HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n\r\n")), 403, '... and a page of another site');
}
is(status_of(raw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n")), 200, '/metrics is as it was');

my @listeners = map { raw("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n") } 1 .. 8;
is(status_of($listeners[$_ - 1]), 200, "listener $_") for 1 .. 8;
is(status_of(raw("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")), 503, 'a ninth is one too many');
is(get('/healthz')->{status}, 200, 'they keep nobody from an answer');
my $heard = '';
while (defined(my $line = readline $listeners[0])) { $heard .= $line; last if $line =~ /^event: changed/ }
like($heard, qr/^retry: 5000\n.*^event: changed/ms, 'a listener hears of newer values');
close $_ for @listeners;

# The row of a new stream of events comes by itself, and text that is selected stays.
my @found = GpsyncTest::Browser::is_well('the live page', "http://127.0.0.1:$port/", name => 'live', $pictures ? (pictures => $pictures) : (),
    until => q(document.getElementById('live').textContent === 'updates by itself' && document.getElementById('findings').innerText.includes('was asked')), ask => {
        ages    => q(document.getElementById('ages').innerText),
        updates => q((async () => { const first = document.querySelector('#ages time').dateTime;
            for (let i = 0; i < 600 && document.querySelector('#ages time').dateTime === first; i++) await new Promise((resolve) => setTimeout(resolve, 50));
            return document.querySelector('#ages time').dateTime > first })()),
        stays   => q((async () => { const code = document.querySelector('#findings pre code') ?? document.querySelector('#findings li'); getSelection().selectAllChildren(code);
            const first = document.querySelector('#ages time').dateTime;
            for (let i = 0; i < 600 && document.querySelector('#ages time').dateTime === first; i++) await new Promise((resolve) => setTimeout(resolve, 50));
            const kept = code.isConnected && !getSelection().isCollapsed; getSelection().removeAllRanges(); return kept })()),
    });
ok($found[0]{answers}{updates}, 'it brings itself up to date');
ok($found[0]{answers}{stays}, '... but for what is selected');
like($found[0]{title}, qr/gpsync postgres$/, 'its title says what it is of');

# ------------------------------------------------------------------------------------------- without the server, and after
ok(GpsyncTest::wait_until(sub { decode_json(get('/status.json')->{content})->{taken_at} }, 'values'), 'values before');
$node->stop('immediate');
ok(GpsyncTest::wait_until(sub { get('/')->{content} =~ /class="note bad">[^<]*<bdi>The (?:server|connection)/ }, 'a reason'), 'without the server the page says so');
like(get('/')->{content}, qr/Values taken .*<h3><bdi>legacy/s, '... beside the last values');
$node->start;
ok(GpsyncTest::wait_until(sub { my $now = decode_json(get('/status.json')->{content}); !$now->{relay}{problem} }, 'values again'), 'with it again come new ones');
$relay->stop;

# ------------------------------------------------------------------------------------------------------- with a token
my $token = 'dGhlIHRva2VuIG9mIHRoZSBwYWdl';
my $token_file = PostgreSQL::Test::Utils::tempdir() . '/token';
PostgreSQL::Test::Utils::append_to_file($token_file, "$token\n");
$relay = $node->start_relay('legacy', '--metrics-listen', "0.0.0.0:$port");
ok(GpsyncTest::wait_until(sub { get('/healthz')->{status} eq '200' }, 'healthy'), 'a relay that others can reach');
is(get('/')->{status}, 403, '... shows nobody the page without a token');
is(get('/metrics')->{status}, 200, '... but its metrics');
$relay->stop;
$relay = $node->start_relay('legacy', '--metrics-listen', "0.0.0.0:$port", '--metrics-token-file', $token_file);
ok(GpsyncTest::wait_until(sub { get('/healthz')->{status} eq '200' }, 'healthy'), 'with a token');
for my $where ('/', '/status.json', '/events') { is(get($where)->{status}, 401, "$where without it") }
is(get('/', Authorization => "Bearer ${token}x")->{status}, 401, 'a wrong one');
is(get('/', Authorization => "Bearer $token")->{status}, 200, 'the right one');
is(HTTP::Tiny->new->get("http://any:$token\@127.0.0.1:$port/")->{status}, 200, '... as a password');
($seen) = GpsyncTest::Browser::is_well('the page with a token', "http://any:$token\@127.0.0.1:$port/", widths => [1600], schemes => ['light'],
    until => q(document.getElementById('live').textContent === 'updates by itself'));
unlike($relay->log, qr/\Q$token\E/, 'the log does not have it');
$relay->stop;

my $refused = $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$port", '--metrics-token-file', '/nowhere/token');
is($refused->wait_exit(30), 1, 'a token that cannot be read is an error');
like($refused->log, qr/could not read file \\"\/nowhere\/token\\"/, '... which is said');

# ---------------------------------------------------------------------------------------- a role of before, and a standby
$node->sql('REVOKE EXECUTE ON FUNCTION gpsync_internal.status_document() FROM relay');
$relay = $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$port");
ok($node->wait_for_sql("SELECT relay_state FROM gpsync.stream_status", 'streaming'), 'the relay streams');
like(get('/')->{content}, qr/permission denied for function status_document/, 'a role that may not read the values is told');
$node->sql("SELECT gpsync.grant_relay('relay')");
my $second = PostgreSQL::Test::Cluster::get_free_port();
my $standby = $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$second");
ok(GpsyncTest::wait_until(sub { HTTP::Tiny->new->get("http://127.0.0.1:$second/")->{content} =~ /standby: .*<h3><bdi>legacy/s }, 'standby'), 'a relay that stands by shows the page too');
done_testing;
