# A changed key ring reaches a running stream as a changed label does: the relay begins again, and the backlog goes out under
# the new keys. A ring that cannot be used stops the stream until it can.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use MIME::Base64 qw(encode_base64);
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
my $keys = $node->basedir . '/keys';
$node->configure(
    shared_preload_libraries => 'gpsync',
    'gpsync.databases'       => 'postgres',
    'gpsync.key_file'        => $keys,
    'gpsync.relay_conninfo'  => 'host=' . $node->host . ' port=' . $node->port . ' user=relay');

# As an editor does it: another file under the same name.
sub write_ring
{
    my (@names) = @_;
    my $ring = join '', "gpsync-keys 1\n", map { "key $_ " . encode_base64(substr("$_-" . 'k' x 32, 0, 32)) } @names;
    unlink "$keys.new";
    PostgreSQL::Test::Utils::append_to_file("$keys.new", $ring);
    chmod 0600, "$keys.new";
    rename "$keys.new", $keys or die "rename: $!";
    return;
}

# What the endpoint has been shown of a row's note.
sub shown
{
    my ($key) = @_;
    my @events = PostgreSQL::Test::Utils::slurp_file($nws->{ledger}) =~ /^(.*\b$key\b.*)$/mg;
    return $events[-1] // '';
}

my $last = 0;
sub next_row
{
    my $key = 'row' . ++$last;
    $node->sql("INSERT INTO notes VALUES ('$key', 'the same note')");
    $node->wait_for_sync;
    return shown($key);
}
my $fingerprint = sub { $node->sql(q(SELECT gpsync_internal.relay_fingerprint('legacy'))) };
my $relay_pid = sub { $node->sql(q(SELECT coalesce(relay_pid::text, '') FROM gpsync.stream_status)) };

write_ring('a');
$node->restart;
$node->create_platform;
$node->sql(<<~'SQL');
    CREATE TABLE notes (id text PRIMARY KEY, note text);
    SELECT gpsync.attach('notes', machine => NULL);
    SELECT gpsync.redact_in_stream('notes', 'note', 'hash');
    SQL
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');

like(next_row(), qr/gpsync:h1:a:/, 'a note goes out hashed under the one key');
my ($before, $pid) = ($fingerprint->(), $relay_pid->());

write_ring('a', 'b');
isnt($fingerprint->(), $before, 'another ring is another fingerprint');
like(next_row(), qr/gpsync:h1:(a|b):/, 'the stream goes on');
ok(GpsyncTest::wait_until(sub { next_row() =~ /gpsync:h1:b:/ }, 'the new key is used'), 'the new key is used without anybody restarting anything');
is($relay_pid->(), $pid, 'by the same relay');

# The same names, another secret.
$before = $fingerprint->();
my $b = shown("row$last");
my $ring = PostgreSQL::Test::Utils::slurp_file($keys);
write_ring('a', 'b');
is($fingerprint->(), $before, 'the same ring in another file is the same fingerprint');
my $other = encode_base64('x' x 32);
(my $changed = $ring) =~ s/^key b .*\n/key b $other/m;
open my $fh, '>', $keys or die $!;
print $fh $changed;
close $fh;
isnt($fingerprint->(), $before, 'another secret under the same name is not');
like($node->sql('SELECT gpsync_internal.key_ring_identity()'), qr/^a:[0-9a-f]{16} b:[0-9a-f]{16} b b b $/, 'what it is made of');
my @secrets = map { /^key \w+ (\S+)/ ? $1 : () } split /\n/, $changed;
unlike($node->sql('SELECT gpsync_internal.key_ring_identity()'), qr/\Q$_\E/, 'no secret in it') for @secrets;

# Unusable: nothing goes out, and when it is mended nothing is missing.
$node->sql('SELECT gpsync.wait_for_sync()');
$before = $fingerprint->();
chmod 0644, $keys;
isnt($fingerprint->(), $before, 'a ring that others can read is another fingerprint');
ok($node->wait_for_sql(q(SELECT relay_state <> 'streaming' FROM gpsync.stream_status)), 'the relay does not stream with it');
$node->sql(q(INSERT INTO notes VALUES ('late', 'written meanwhile')));
like($node->sql(q(SELECT string_agg(finding, E'\n') FROM gpsync.doctor() WHERE severity = 'error')), qr/key file.*has group or world access/, 'doctor() says why');
is(shown('late'), '', 'nothing is sent');
chmod 0600, $keys;
$node->wait_for_sync;
like(shown('late'), qr/gpsync:h1:b:/, 'mended, it goes on by itself');

# The setting counts like the file.
$before = $fingerprint->();
$node->sql(q(ALTER SYSTEM SET gpsync.key_file = ''; SELECT pg_reload_conf()));
ok($node->wait_for_sql(sprintf(q(SELECT gpsync_internal.relay_fingerprint('legacy') <> '%s' AND gpsync_internal.key_ring_identity() = 'none'), $before)), 'no key file is another fingerprint');
$node->sql(q(INSERT INTO notes VALUES ('keyless', 'written without a key')));
like($node->sql(q(SELECT string_agg(finding, E'\n') FROM gpsync.doctor() WHERE check_name = 'label')), qr/the label "hash" of column "note" of table public.notes needs a key, and gpsync.key_file is not set/, 'doctor() says who needs one');
$node->sql(q(ALTER SYSTEM RESET gpsync.key_file; SELECT pg_reload_conf()));
$node->wait_for_sync;
like(shown('keyless'), qr/gpsync:h1:b:/, 'with one it goes on by itself');

# The relay's role sees none of it.
for my $statement ('SELECT gpsync_internal.key_ring_identity()', 'SELECT gpsync_internal.relay_fingerprint(\'legacy\')', 'SHOW gpsync.key_file', "SELECT gpsync.encrypt('a', 'b')",
    'SELECT * FROM gpsync_internal.key_ring_state()')
{
    is(($node->sql_error("SET ROLE relay; $statement"))[0], '42501', "the relay's role may not: $statement");
}

done_testing;
