# Endpoints that repeat what they were sent: no secret of theirs gets into a dead letter, a report or the log,
# whatever coding it comes back in.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use HTTP::Tiny;
use JSON::PP ();
use MIME::Base64 qw(encode_base64 encode_base64url);
use Test::More;

$GpsyncTest::Relay::SANITIZED = 1;
my $node = GpsyncTest->new_node('main');
$node->create_platform;
my $dir   = PostgreSQL::Test::Utils::tempdir();
my $count = 0;

# What may be shown of a secret anywhere: nothing. $said: everything that was kept or logged.
sub holds_no
{
    my ($said, $what, @secrets) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @found;
    for my $secret (@secrets)
    {
        my @forms = ($secret, substr($secret, 0, 12), substr($secret, -12), join('', map { sprintf '%%%02X', ord } split //, $secret),
            join('', map { sprintf '\u%04x', ord } split //, $secret));
        # In base64 the middle of a secret looks one of three ways.
        for my $skip (0 .. 2)
        {
            my $middle = substr($secret, $skip, 9 * int((length($secret) - $skip) / 9));
            push @forms, encode_base64($middle, ''), encode_base64url($middle);
        }
        push @found, grep { index($said, $_) >= 0 } @forms;
    }
    return is_deeply(\@found, [], "$what: no secret in it");
}

sub write_file { my ($name, $text) = @_; open my $file, '>', "$dir/$name" or die; print $file $text; close $file; return "$dir/$name" }

# Everything that keeps what an endpoint has said.
sub kept
{
    return join "\n", map { $node->sql("SELECT * FROM $_") } 'gpsync.dead_letter', 'gpsync.endpoint_report', 'gpsync.relay_report',
        'gpsync.dead_letters', 'gpsync.endpoint_status', 'gpsync.stream_status', 'gpsync.doctor()';
}

# One row that the endpoint refuses with these words: what its dead letter says.
sub refused_with
{
    my ($endpoint, $stream, %fault) = @_;
    my $key = sprintf 'r%d', ++$count;
    $endpoint->faults(kind => 'status', status => 422, match => "/$key", %fault);
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('$key', 'RECEIVED')");
    $node->wait_for_sql("SELECT count(*) FROM gpsync.dead_letters WHERE key->>'provision_id' = '$key' AND stream = '$stream'", 1);
    $endpoint->clear_faults;
    return $node->sql("SELECT last_error FROM gpsync.dead_letters WHERE key->>'provision_id' = '$key' AND stream = '$stream'");
}

subtest 'a bearer token from a file, replaced while the relay runs' => sub {
    my $old  = 'old.eyJzdWIiOiJud3MiLCJuIjoxfQ.aB3-_x/Y+z=';
    my $new  = 'new.eyJzdWIiOiJud3MiLCJuIjoyfQ.Qr7-_u/V+w=';
    my $file = write_file('token', "$old\n");
    my $nws  = GpsyncTest::Emulator->new('nws', '--authorization', "Bearer $old");
    $node->create_endpoint($nws, retry_base => '20ms');
    $node->sql("CREATE USER MAPPING FOR relay SERVER nws OPTIONS (bearer_token_file '$file')");
    $node->create_stream('legacy', 'nws');
    my $relay = $node->start_relay('legacy', '--log-level', 'debug');

    is(refused_with($nws, 'legacy', body => 'no such card. You sent: {authorization}, thanks'),
        'HTTP 422: no such card. You sent: Bearer [secret], thanks', 'the header comes back: the rest of the answer is kept');
    is(refused_with($nws, 'legacy', kind => 'results', retryable => JSON::PP::false(), error => 'bad: {authorization}'),
        'rejected: bad: Bearer [secret]', 'so in results event by event');
    my $percent = join '', map { sprintf '%%%02x', ord } split //, $old;
    my $json    = join '', map { sprintf '\u%04x', ord } split //, $old;
    my $header  = "POST /events HTTP/1.1\r\nAuthorization: Bearer $old\r\n";
    for my $body (
        "/log?header=$percent", "{\"headers\":{\"authorization\":\"Bearer $json\"}}", $json =~ s/\\/\\\\/gr,
        map({ encode_base64($_ . $header, ''), encode_base64url($_ . $header), encode_base64($_ . $header) } '', 'x', 'xy'),
        encode_base64($percent, ''), unpack('H*', $header), '...' . substr($old, 4, 24) . '...', 'x' x 990 . $old)
    {
        my $error = refused_with($nws, 'legacy', body => $body);
        like($error, qr/\[secret\]|^HTTP 422: x+$/, substr($error, 0, 60));
    }

    $nws->stop;
    $nws->{args} = [ '--authorization', "Bearer $new" ];
    write_file('token', "$new\n");
    $nws->start;
    $node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('turn', 'RECEIVED')");
    $node->wait_for_sync;
    is(refused_with($nws, 'legacy', body => "{authorization} replaces $old"), 'HTTP 422: Bearer [secret] replaces [secret]',
        'the token of before is a secret still');
    holds_no(kept(), 'tables and views', $old, $new);
    is($relay->stop, 0, 'stopped');
    holds_no($relay->log, 'the log', $old, $new);
    $node->sql("SELECT gpsync.drop_stream('legacy')");
};

subtest 'user and password' => sub {
    my $password = 'pass: word & 7%';
    my $basic    = encode_base64("nws-user:$password", '');
    my $ods      = GpsyncTest::Emulator->new('ods', '--authorization', "Basic $basic");
    $node->create_endpoint($ods, retry_base => '20ms');
    $node->sql("CREATE USER MAPPING FOR relay SERVER ods OPTIONS (username 'nws-user', password '$password')");
    $node->create_stream('basic', 'ods');
    my $relay = $node->start_relay('basic', '--log-level', 'debug');
    like(refused_with($ods, 'basic', body => 'I know you: {authorization}.'), qr/^HTTP 422: I know you: Basic \S{0,14}\[secret\]={0,2}\.$/,
        'the header comes back');
    is(refused_with($ods, 'basic', body => 'user=nws-user&password=pass%3a+word+%26+7%25&x=1'),
        'HTTP 422: user=nws-user&password=[secret]&x=1', 'the form comes back');
    my $said = kept();
    holds_no($said, 'tables and views', $password);
    unlike($said, qr/\Q${\ substr($basic, 14, 16) }/, '... nor in base64');
    is($relay->stop, 0, 'stopped');
    holds_no($relay->log, 'the log', $password);
    unlike($relay->log, qr/\Q${\ substr($basic, 14, 16) }/, '... nor in base64');
};

subtest 'the relay\'s own password' => sub {
    for my $conninfo ('host=localhost password=hush hush-hush', 'postgresql://relay:hush-hush@[::1/app', "user=relay password='hush-hush")
    {
        my $relay = GpsyncTest::Process->spawn('relay_conninfo', [ GpsyncTest::Relay::program(), '--dbname', $conninfo, '--stream', 'legacy' ]);
        is($relay->wait_exit(30), 1, 'a connection string that is not one');
        like($relay->log, qr/invalid connection string/, '... is said so');
        unlike($relay->log, qr/hush/, '... without quoting it');
    }
};

# Whether a process that is ended by SIGABRT leaves a core file, its limit being the highest that may be.
sub dumps_core
{
    my ($process) = @_;
    $process->signal('ABRT');
    $process->wait_exit;
    return $process->{status} & 128;
}

subtest 'what others see of the process and its sessions' => sub {
    local $GpsyncTest::Relay::SANITIZED = 0;
    my ($token, $password) = ('tok.Zm9vYmFyYmF6cXV4.31415926', 'correct-horse-battery');
    $node->sql("ALTER ROLE relay PASSWORD '$password'");
    $node->append_conf('postgresql.conf', "log_statement = 'all'\nlog_min_duration_statement = 0\nlog_parameter_max_length = -1\nlog_parameter_max_length_on_error = -1");
    my $log_begin = -s $node->logfile;
    my $seen = GpsyncTest::Emulator->new('seen', '--authorization', "Bearer $token");
    $node->create_endpoint($seen, retry_base => '20ms');
    $node->sql("CREATE USER MAPPING FOR relay SERVER seen OPTIONS (bearer_token_file '" . write_file('seen', "$token\n") . "')");
    $node->sql("SELECT gpsync.drop_stream('basic')");
    $node->create_stream('seen', 'seen');
    $node->reload;
    my @limits = ('prlimit', '--core=unlimited', '--');
    my @relay  = (GpsyncTest::Relay::program(), '--stream', 'seen', '--metrics-listen', '127.0.0.1:0', '--log-level', 'debug', '--dbname');
    my %dbnames = (
        keywords => $node->connstr('postgres') . " user=relay password=$password",
        URI      => sprintf('postgresql://relay:%s@/postgres?host=%s&port=%d', $password, $node->host, $node->port),
        parameter => sprintf('postgresql:///postgres?host=%s&port=%d&user=relay&password=%s', $node->host, $node->port, $password),
    );
    my $plain = GpsyncTest::Process->spawn('plain', [ @limits, 'sleep', 600 ]);
    GpsyncTest::wait_until(sub { PostgreSQL::Test::Utils::slurp_file('/proc/' . $plain->pid . '/comm') eq "sleep\n" }, 'it sleeps');
    my $may_dump = dumps_core($plain);
    note('core files are ', $may_dump ? 'written here' : 'not written here at all');
    for my $form (sort keys %dbnames)
    {
        my $relay = GpsyncTest::Relay->spawn("seen_$form", [ @limits, @relay, $dbnames{$form} ], PGPASSWORD => "$password-not");
        refused_with($seen, 'seen', body => "no: {authorization}");
        my $proc = '/proc/' . $relay->pid;
        my $arguments = PostgreSQL::Test::Utils::slurp_file("$proc/cmdline") =~ s/\0/ /gr;
        like($arguments, qr/--stream seen .*--dbname .*x/, "$form: the arguments");
        holds_no($arguments, '... ps', $password, $token);
        ok(!open(my $file, '<', "$proc/$_"), "... $_ is not for others: $!") for qw(environ mem);
        my ($port) = map { $_->{port} // () } $relay->log_records;
        holds_no(HTTP::Tiny->new->get("http://127.0.0.1:$port$_")->{content}, "... $_", $password, $token) for qw(/metrics /healthz);
        holds_no($node->sql('SELECT * FROM pg_stat_activity'), '... pg_stat_activity', $password, $token);
        holds_no(kept(), '... tables and views', $password, $token);
        is(dumps_core($relay), 0, '... no core file');
        holds_no($relay->log, '... the log', $password, $token);
    }
    holds_no(PostgreSQL::Test::Utils::slurp_file($node->logfile, $log_begin), "the server's log, with every statement and parameter", $token);
};

done_testing;
