# A server that refuses what the relay needs for a while: connections, its files, time. The relay goes on waiting, says
# for what, and goes on by itself; nothing is lost. (Settings of a role or database that could stop it: see
# session_settings.pl; locked rows and tables: booking_races.pl, booking.pl; a password: relay_rotated_password.pl.)
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', max_connections => 14, superuser_reserved_connections => 3);
my ($nws, $ods) = my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->sql('CREATE ROLE app LOGIN');
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

sub says
{
    my ($pattern, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $before = () = $relay->log =~ /$pattern/g;
    return sub { ok(GpsyncTest::wait_until(sub { (() = $relay->log =~ /$pattern/g) > $before }, $what), $what) };
}

sub agree
{
    my ($what) = @_;
    note($what);
    ok($relay->is_running, 'the relay is the same');
    $node->wait_for_sync;
    $node->ledger_agrees($_, 'provision_status') for @endpoints;
    is($_->stats->{refused}, 0, 'in order at ' . $_->name) for @endpoints;
    is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'"), 0, "$what: every row is marked");
    is($node->sql('SELECT count(*) FROM gpsync.dead_letter'), 0, 'no dead letter');
    return;
}

sub break_off { $node->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'relay'"); return }

# Sessions of an application, until the server takes no more. One is refused, too, while a query of this test has its
# place.
sub connections_all_used
{
    my $places = $node->sql("SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int");
    my @sessions;
    for (1 .. 100)
    {
        last if @sessions == $places;
        my $session = GpsyncTest::Process->spawn('app', [ 'psql', '-X', '-U', 'app', '-d', $node->connstr('postgres'),
            '-c', q(DO $$ BEGIN RAISE NOTICE 'connected'; END $$), '-c', 'SELECT pg_sleep(600)' ]);
        GpsyncTest::wait_until(sub { !$session->is_running || $session->log =~ /connected/ }, 'connected');
        push @sessions, $session if $session->is_running;
    }
    is(scalar @sessions, $places, 'every connection is used');
    return @sessions;
}

my %refusals = (
    'max_connections reached' => [ \&connections_all_used, sub { $node->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'}) }, '53300' ],
    'a limit of the role'     => [ sub { $node->sql('ALTER ROLE relay CONNECTION LIMIT 0') }, sub { $node->sql('ALTER ROLE relay CONNECTION LIMIT -1') }, '53300' ],
    'a database in maintenance' => [ sub { $node->safe_psql('template1', 'ALTER DATABASE postgres ALLOW_CONNECTIONS false') },
        sub { $node->safe_psql('template1', 'ALTER DATABASE postgres ALLOW_CONNECTIONS true') }, '55000' ],
);
for my $name (sort keys %refusals)
{
    my ($refuse, $allow, $sqlstate) = @{ $refusals{$name} };
    subtest $name => sub {
        $node->add_rows(100);
        agree('before');
        my $say = says(qr/no connection to the server, will be tried again[^\n]*"sqlstate":"$sqlstate"/, 'the log says why');
        $relay->signal('STOP');
        # With the time to end: a session that ends while others begin would leave its place to the relay again.
        is($node->safe_psql('template1', "SELECT bool_and(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity WHERE usename = 'relay'"), 't',
            'its sessions have ended');
        $refuse->();
        $relay->signal('CONT');
        $say->();
        ok($relay->is_running, 'the relay waits');
        my $late = $sqlstate eq '53300' ? $node->start_relay('legacy') : undef;
        ok(GpsyncTest::wait_until(sub { $late->log =~ /will be tried again[^\n]*53300/ }, 'one that begins waits, too'), '... and so does one that begins') if $late;
        $late->stop if $late;
        $allow->();
        $node->add_rows(100);
        agree('afterwards');
    };
}

# The server's files become read-only, for the sessions that open them from now on: what EROFS does.
sub set_files
{
    my ($mode, $what) = @_;
    chmod $mode, map { $node->data_dir . "/$_" } split /\n/, $node->sql("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i') AND $what");
    return;
}

my %files = (
    'the positions'  => [ q{relname LIKE 'stream\_position%'}, 'no connection to the server' ],
    'the user\'s table' => [ q{relname LIKE 'provision\_status%'}, undef ],
    'the spool'      => [ q{relname LIKE 'spool\_legacy%'}, 'no connection to the server' ],
);
for my $name (sort keys %files)
{
    my ($which, $message) = @{ $files{$name} };
    subtest "files that cannot be written: $name" => sub {
        $nws->faults(kind => 'status', status => 503);
        $node->add_rows(100);
        ok($node->wait_for_sql("SELECT feed = 'behind' FROM gpsync.endpoint_status WHERE endpoint = 'nws'"), 'an endpoint is behind');
        my @holds = map { $_->hold } @endpoints;
        my $say = says(qr/$message, will be tried again[^\n]*Permission denied[^\n]*"sqlstate":"42501"/, 'the log says why') if $message;
        $node->add_rows(100);
        set_files(0400, $which);
        break_off();
        $say->() if $say;
        $nws->clear_faults;
        $ods->clear_faults;
        ok($relay->is_running, 'the relay waits');
        ok($node->wait_for_sql('SELECT sum(deferred_marks) > 0 FROM gpsync.stream_status'), 'marks are kept for later') unless $message;
        my $begins = $node->start_relay('legacy');
        ok(GpsyncTest::wait_until(sub { $begins->log =~ /Permission denied|standing by/ }, 'one that begins waits, too'), '... and so does one that begins');
        ok($begins->is_running, '... indeed');
        $begins->stop;
        set_files(0600, $which);
        agree('afterwards');
        ok($node->wait_for_sql("SELECT bool_and(feed = 'live') FROM gpsync.endpoint_status"), 'every endpoint is live');
    };
}

# Errors that go away by themselves, from an owner's trigger, in the middle of a booking.
subtest 'serialization failures, deadlocks, statements that are ended' => sub {
    $node->sql(<<~'SQL');
        CREATE SEQUENCE fails;
        GRANT ALL ON SEQUENCE fails TO PUBLIC;
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            n bigint := nextval('public.fails');
        BEGIN
            IF n <= 6 THEN
                RAISE EXCEPTION 'not now' USING ERRCODE = (ARRAY['40001', '40P01', '57014', '55P03', '53200', '54000'])[n % 6 + 1];
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER fail AFTER UPDATE OF sync_status ON provision_status FOR EACH ROW EXECUTE FUNCTION fail();
        ALTER TABLE provision_status ENABLE ALWAYS TRIGGER fail;
        SQL
    $node->add_rows(3);
    agree('after six failures');
    cmp_ok($node->sql('SELECT last_value FROM fails'), '>', 6, 'they happened');
    $node->sql('DROP TRIGGER fail ON provision_status');
};

# A booking that is cancelled, and a session that is ended, again and again under load.
subtest 'bookings are cancelled' => sub {
    for my $round (1 .. 20)
    {
        $node->add_rows(200);
        $node->sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'relay' AND state = 'active'");
    }
    agree('afterwards');
};

# An application that locks what it likes, while rows change and are booked: nobody waits for the relay, no deadlock.
subtest 'locks of an application' => sub {
    my $deadlocks = $node->sql('SELECT sum(deadlocks) FROM pg_stat_database');
    my $mine = $node->add_rows(300);
    my $locker = $node->background_psql('postgres');
    my @modes = ('ACCESS EXCLUSIVE', 'EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'SHARE');
    for my $mode (@modes)
    {
        $locker->query_safe("BEGIN; LOCK provision_status IN $mode MODE");
        $locker->query_safe("UPDATE provision_status SET detail = '\"$mode\"' WHERE provision_id LIKE '${mine}%'");
        # Books what is not locked meanwhile.
        $node->sql("INSERT INTO token_status (token_id, status) VALUES ('$mode', 'RECEIVED')");
        ok($node->wait_for_sql("SELECT sync_status FROM token_status WHERE token_id = '$mode'", 'COMPLETED'), "$mode: other tables are booked");
        is($node->sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'relay' AND wait_event_type = 'Lock'"), 0, '... and no session of the relay waits for a lock');
        $locker->query_safe('COMMIT');
    }
    $locker->quit;
    agree('afterwards');
    is($node->sql('SELECT sum(deadlocks) FROM pg_stat_database'), $deadlocks, 'no deadlock');
};

is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
