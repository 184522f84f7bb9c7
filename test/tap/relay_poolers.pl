# Sessions that others use as well: the relay's replication origin is there only while a transaction books, and the
# relay itself does not go through a pooler.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use JSON::PP ();
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms', linger => '20ms');
$node->create_stream('legacy', 'nws');
my $user = $node->sql('SELECT current_user');

sub insert { return "INSERT INTO provision_status (provision_id, status) VALUES ('$_[0]', 'RECEIVED')" }

subtest 'what a session that has booked commits is streamed' => sub {
    my $session = GpsyncTest::Booking->new($node, 'legacy', user => $user);
    my $book    = sub { $session->book($session->marks('provision_status', "provision_id = '$_[0]'")) };
    my $no_origin = sub { is($session->query('SELECT pg_replication_origin_session_is_setup()'), 'f', "no origin $_[0]") };
    $no_origin->('after relay_acquire');
    $session->query(insert('acquired'));
    is($book->('acquired'), '1|0|0', 'a booking');
    $no_origin->('after it');
    $session->query(insert('booked'));
    $session->query($_) for 'BEGIN', 'SAVEPOINT a';
    is($book->('booked'), '1|0|0', 'a booking that is rolled back to a savepoint');
    $session->query('ROLLBACK TO a');
    $no_origin->('after that');
    $session->query($_) for insert('rolled_back'), 'COMMIT';
    $session->query($_) for 'BEGIN', 'SAVEPOINT a', 'SAVEPOINT b';
    $book->('booked');
    $session->query($_) for 'RELEASE b', 'ROLLBACK TO a', insert('outer_rolled_back'), 'COMMIT';
    $session->query($_) for 'BEGIN', 'SAVEPOINT a';
    $book->('booked');
    $session->query($_) for 'RELEASE a', 'SAVEPOINT c', insert('never'), 'ROLLBACK TO c', 'COMMIT';
    $session->query("SELECT gpsync_internal.relay_book('legacy', '{}', '{1}', '{}', '{}', '{}', NULL, NULL, NULL, NULL)");
    isnt($session->errors, '', 'a booking that fails');
    $session->query(insert('failed'));
    $session->query($_) for 'BEGIN', q{SELECT gpsync_internal.relay_retry_deferred('legacy')}, 'ROLLBACK';
    $session->query(insert('retried'));
    $session->query('DISCARD ALL');
    $session->query(insert('discarded'));
    my @events = map { JSON::PP::decode_json($_) } split /\n/,
        $node->sql(q{SELECT data FROM pg_logical_slot_peek_changes(gpsync_internal.slot_name('legacy'), NULL, NULL, 'publication_names', 'gpsync')});
    is(join(' ', map { "$_->{type} $_->{data}{key}{provision_id}" } @events),
        join(' ', map { "gpsync.row.inserted $_" } qw(acquired booked rolled_back outer_rolled_back failed retried discarded)),
        'every row of the session, and no mark');
    $session->quit;
};

my $relay = $node->start_relay('legacy');
$node->wait_for_sync;

SKIP:
{
    my ($program) = grep { -x } '/usr/sbin/pgbouncer', '/usr/bin/pgbouncer';
    skip('pgbouncer is not installed', 1) unless $program;
    my $port = PostgreSQL::Test::Cluster::get_free_port();
    my $dir  = PostgreSQL::Test::Utils::tempdir_short();
    PostgreSQL::Test::Utils::append_to_file("$dir/users", qq("relay" ""\n"$user" ""\n));
    for my $mode (qw(session transaction))
    {
        for my $ignored ('extra_float_digits,options,search_path', 'extra_float_digits')
        {
            unlink "$dir/ini";
            PostgreSQL::Test::Utils::append_to_file("$dir/ini", sprintf <<~'INI', $node->host, $node->port, $port, $dir, $dir, $mode, $ignored);
                [databases]
                * = host=%s port=%s
                [pgbouncer]
                listen_addr =
                listen_port = %s
                unix_socket_dir = %s
                auth_type = trust
                auth_file = %s/users
                pool_mode = %s
                ignore_startup_parameters = %s
                default_pool_size = 1
                INI
            my $pooler  = GpsyncTest::Process->spawn('pgbouncer', [ $program, "$dir/ini" ]);
            my $conninfo = "host=$dir port=$port dbname=postgres";
            my $app = sub { my ($out, $err) = ('', ''); $node->psql('postgres', $_[0], connstr => "$conninfo user=$user", stdout => \$out, stderr => \$err); return $out };
            # psql that is refused may end before it is given the statement: then that dies.
            my $answers = sub { (eval { $app->('SELECT 1') } // '') eq '1' };
            ok(GpsyncTest::wait_until($answers, 'pgbouncer answers'), "pgbouncer, $mode mode");
            my $sessions = q{SELECT count(*) FROM pg_stat_activity WHERE usename = 'relay'};
            my $before   = $node->sql($sessions);
            my $other = GpsyncTest::Process->spawn('pooled', [ GpsyncTest::Relay::program(), '--dbname', "$conninfo user=relay", '--stream', 'legacy' ]);
            is($other->wait_exit(20), 1, 'a relay through it ends with status 1');
            # From 1.20 on it takes every parameter; the relay recognises it all the same.
            like($other->log, qr/unsupported startup parameter|not lead to the server but to a connection pooler/, '... says why');
            like($other->log, qr/connect to the server itself/, '... and what to do');
            is($node->sql($sessions), $before, '... and has not touched a session');
            my $id = "pooled_${mode}_" . length $ignored;
            $app->(insert($id));
            $node->wait_for_sync;
            ok($nws->entry("public.provision_status/$id"), 'what an application commits through it is delivered');
            $pooler->stop;
        }
    }
}

is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
