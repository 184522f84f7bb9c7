# An endpoint behind nginx with a certificate of a private CA: a client certificate, a bearer token and a password, each
# right, wrong and missing; a token that is replaced while the relay runs; a redirect; a body that is too large for it.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Certificates qw(make_ca make_certificate);
use Test::More;

my ($nginx) = grep { -x } qw(/usr/sbin/nginx /usr/bin/nginx);
plan skip_all => 'nginx is not installed' unless $nginx;

my $dir = PostgreSQL::Test::Utils::tempdir();
make_ca($dir, $_) for qw(our-ca other-ca);
make_certificate($dir, 'front', 'our-ca', 'IP:127.0.0.1');
make_certificate($dir, 'client', 'our-ca', 'DNS:relay');
make_certificate($dir, 'stranger', 'other-ca', 'DNS:relay');

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
my $port = PostgreSQL::Test::Cluster::get_free_port();
PostgreSQL::Test::Utils::append_to_file("$dir/passwords", "relay:{PLAIN}s3cret-password\n");
# docs/endpoints.md: a missing or foreign client certificate is 403, not what nginx answers by itself, a 400, which
# says that something in the batch is refused.
PostgreSQL::Test::Utils::append_to_file("$dir/nginx.conf", <<"CONF");
daemon off;
worker_processes 1;
pid $dir/nginx.pid;
error_log $dir/error.log;
events {}
http {
    access_log $dir/access.log;
    client_body_temp_path $dir/body;
    proxy_temp_path $dir/proxy;
    fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi;
    scgi_temp_path $dir/scgi;
    map \$http_authorization \$token_ok {
        default 0;
        "Bearer the-new-token" 1;
    }
    server {
        listen 127.0.0.1:$port ssl;
        ssl_certificate $dir/front.crt;
        ssl_certificate_key $dir/front.key;
        ssl_client_certificate $dir/our-ca.crt;
        ssl_verify_client optional;
        error_page 495 496 =403 /refused;
        location = /refused { return 403; }
        proxy_set_header Authorization "";
        location = /certificate {
            if (\$ssl_client_verify != SUCCESS) { return 403; }
            proxy_pass @{[ $nws->url ]};
        }
        location = /token {
            if (\$token_ok = 0) { return 401; }
            proxy_pass @{[ $nws->url ]};
        }
        location = /password {
            auth_basic "legacy";
            auth_basic_user_file $dir/passwords;
            proxy_pass @{[ $nws->url ]};
        }
        location = /moved { return 301 /certificate; }
        location = /small {
            client_max_body_size 4k;
            proxy_pass @{[ $nws->url ]};
        }
    }
}
CONF
my $front = GpsyncTest::Process->spawn('nginx', [ $nginx, '-p', $dir, '-c', "$dir/nginx.conf", '-e', "$dir/error.log" ]);
ok(GpsyncTest::wait_until(sub { -s "$dir/nginx.pid" }, 'nginx runs'), 'nginx runs') or diag(PostgreSQL::Test::Utils::slurp_file("$dir/error.log"));
$node->create_platform;
my $count = 0;

# A stream to a location of nginx, with a user mapping; gives the relay and the row's key to the test.
sub with_location
{
    my ($what, $location, $mapping, $test) = @_;
    my $key = 'row_' . ++$count;
    note($what);
    $node->sql("CREATE SERVER front FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://127.0.0.1:$port/$location', ca_file '$dir/our-ca.crt', retry_base '50ms');
        CREATE USER MAPPING FOR relay SERVER front OPTIONS ($mapping); GRANT USAGE ON FOREIGN SERVER front TO relay");
    $node->create_stream('legacy', 'front');
    my $relay = $node->start_relay('legacy');
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('$key', 'RECEIVED')");
    $test->($key);
    is($relay->stop, 0, '... and the relay ends cleanly');
    unlike($relay->log, qr/s3cret|the-(?:new|old)-token|c2VjcmV0/, '... and its log holds no secret');
    $node->sql("SELECT gpsync.drop_stream('legacy')");
    $node->sql('DROP SERVER front CASCADE');
    return;
}

sub taken
{
    my ($key) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($node->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'", 'COMPLETED'), 'it is taken');
    return ok($nws->entry("public.provision_status/$key"), '... by what is behind nginx');
}

sub waits
{
    my ($key, $status) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($node->wait_for_sql("SELECT breaker <> 'closed' AND last_error = 'HTTP $status' FROM gpsync.endpoint_status"), "the breaker opens: $status");
    is($node->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'"), 'PENDING', '... the event waits');
    return is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), '0', '... and is no dead letter');
}

my %certificate = map { $_ => "client_cert_file '$dir/$_.crt', client_key_file '$dir/$_.key'" } qw(client stranger);
with_location('a client certificate', 'certificate', $certificate{client}, \&taken);
with_location('one of another CA', 'certificate', $certificate{stranger}, sub { waits($_[0], 403) });
with_location('none', 'certificate', "username 'nobody', password 's3cret-nobody'", sub { waits($_[0], 403) });
with_location('a password', 'password', "username 'relay', password 's3cret-password'", \&taken);
with_location('a wrong password', 'password', "username 'relay', password 's3cret-wrong'", sub { waits($_[0], 401) });
with_location('a redirect', 'moved', $certificate{client}, sub { waits($_[0], 301) });

PostgreSQL::Test::Utils::append_to_file("$dir/token", "the-old-token\n");
with_location('a token that is replaced', 'token', "bearer_token_file '$dir/token'", sub {
    my ($key) = @_;
    waits($key, 401);
    PostgreSQL::Test::Utils::append_to_file("$dir/token.new", "the-new-token\n");
    rename "$dir/token.new", "$dir/token" or die "rename: $!";
    $node->sql("SELECT gpsync.reset_breaker('legacy', 'front')");
    taken($key);
});

with_location('batches too large for nginx', 'small', $certificate{client}, sub {
    my ($key) = @_;
    $node->sql("SELECT gpsync.generate_test_data('provision_status', 100, 'small_')");
    $node->wait_for_sync;
    taken($key);
    is($node->sql("SELECT count(*) FROM provision_status WHERE provision_id LIKE 'small\\_%' AND sync_status = 'COMPLETED'"), '100', '... in parts that fit');
    is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), '0', '... without a dead letter');
});

is($front->stop, 0, 'nginx ends');
done_testing;
