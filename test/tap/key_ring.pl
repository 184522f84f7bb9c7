# The key ring: gpsync.key_file, encrypt(), tokenize() and policies that need keys, in one session that lives through
# the changes of the file.
use strict;
use warnings FATAL => 'all';
use Digest::SHA qw(sha256_base64);
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql('CREATE EXTENSION gpsync');
my $keys    = PostgreSQL::Test::Utils::tempdir() . '/keys';
my %key     = map { $_ => sha256_base64($_) . '=' } qw(one two);
my $session = $node->background_psql('postgres', on_error_stop => 0);

# What a query gives in the session; an error as "SQLSTATE: message".
sub query
{
    my ($sql) = @_;
    my $out = $session->query("\\set VERBOSITY verbose\n$sql");
    my $error = $session->{stderr} // '';
    $session->{stderr} = '';
    return $error =~ /ERROR:  (\w{5}: [^\n]*)/ ? $1 : $out;
}

sub write_keys
{
    my ($mode, @lines) = @_;
    unlink $keys;
    open my $file, '>', $keys or die "$keys: $!\n";
    print $file map { "$_\n" } 'gpsync-keys 1', @lines;
    close $file;
    return chmod $mode, $keys;
}

sub use_key_file
{
    my ($file) = @_;
    $node->append_conf('postgresql.conf', "gpsync.key_file = '$file'");
    $node->reload;
    return ok(GpsyncTest::wait_until(sub { query('SHOW gpsync.key_file') eq $file }, "the session has gpsync.key_file '$file'"),
        "gpsync.key_file is '$file'");
}

query(q(LOAD 'gpsync'));
write_keys(0644, "key one $key{one}");
use_key_file($keys);
my $open = qq(F0000: key file "$keys" has group or world access);
is(query(q(SELECT gpsync.encrypt('a', 'b'))),          $open, 'a file that others may read is refused');
is(query(q(SELECT gpsync.scrub('{}', 'payments@1'))),  $open, '... by a policy as well');
is(query(q(SELECT gpsync.scrub('{"email": "joe@example.com"}'))), '{}', '... but not by the built-in one');

my $half = substr $key{one}, 0, 20;
write_keys(0600, "key one $half");
unlike(query(q(SELECT gpsync.encrypt('a', 'b'))), qr/\Q@{[substr $key{one}, 0, 8]}/, 'a broken key is in no message');
like(query(q(SELECT gpsync.encrypt('a', 'b'))), qr/^F0000: /, '... which is an error');

write_keys(0600, "key one $key{one}");
is(query(q(SELECT gpsync.decrypt(gpsync.encrypt('sécret', 't/1'), 't/1'))), 'sécret', 'encrypted and decrypted');
is(query(q(SELECT gpsync.encrypt('a', 'b') <> gpsync.encrypt('a', 'b'))), 't', '... with a fresh nonce each time');
is(query(q(SELECT gpsync.decrypt(gpsync.encrypt('a', 't/1'), 't/2'))), '22023: value does not open with this context', 'the context is authenticated');
my $old   = query(q(SELECT gpsync.encrypt('kept', 'c')));
my $token = query(q(SELECT gpsync.tokenize('4111111111111111')));
like($token, qr/^411111\d{6}1111$/, 'a token has the form of a card number');
isnt($token, '4111111111111111', '... and is another one');
is(query("SELECT gpsync.detokenize('$token')"), '4111111111111111', '... that leads back');
is(query(q(SELECT gpsync.detokenize(gpsync.tokenize('4111111111111111', luhn_valid => true)))), '4111111111111111', 'with a valid check digit');
is(query(q(SELECT gpsync.detokenize(gpsync.tokenize('AB-123456', 'order'), 'order'))), 'AB-123456', 'in another domain');
is(query(q(SELECT gpsync.tokenize('123'))), '22023: value is not a card number', 'what is no card number');
is(query("SELECT gpsync.tokenize('4111111111111111', '$_')"), qq(22023: invalid domain "$_"), qq(domain "$_")) for 'PAN', '';
is(query(q(SELECT gpsync.detokenize('4111111111111111', 'pan '))), '22023: invalid domain "pan "', 'domain "pan "');

# A policy with keys: scrubbing again changes nothing, and a forged envelope is a string like any other.
query(q(SELECT gpsync.define_policy('keyed@1', '[{"detector": "email", "action": "hash"}, {"detector": "iban", "action": "encrypt"}, {"detector": "pan", "action": "tokenize"}]')));
query(q(CREATE TEMPORARY TABLE once AS SELECT gpsync.scrub('{"email": "joe@example.com", "iban": "DE89370400440532013000", "card": "4111111111111111"}', 'keyed@1') AS d));
is(query(q(SELECT gpsync.scrub(d, 'keyed@1') = d, gpsync.has_pii(d, 'keyed@1') FROM once)), 't|f', 'scrubbing again changes nothing');
is(query(q(SELECT d ->> 'email' LIKE 'gpsync:h1:one:%', gpsync.decrypt(d ->> 'iban', 'keyed@1'), gpsync.detokenize(d ->> 'card') FROM once)),
    't|DE89370400440532013000|4111111111111111', 'what is hashed, encrypted and tokenized');
unlike(query(q(SELECT gpsync.scrub('{"email": "gpsync:h1:one:forged:joe@example.com"}', 'keyed@1') ->> 'email')), qr/joe\@example\.com/, 'a forged envelope');

# Rotation: the new key is current at once, the old one still opens; without it nothing does.
write_keys(0600, "key one $key{one}", "key two $key{two}");
like(query(q(SELECT gpsync.encrypt('a', 'b'))), qr/^gpsync:e1:two:/, 'the last key of the file is current');
is(query("SELECT gpsync.decrypt('$old', 'c'), gpsync.detokenize('$token', key_name => 'one')"), 'kept|4111111111111111', '... and the first one opens what it closed');
write_keys(0600, "key two $key{two}");
is(query("SELECT gpsync.decrypt('$old', 'c')"), '55000: there is no key "one" in the key ring', 'without it nothing does: envelopes');
is(query("SELECT gpsync.detokenize('$token', key_name => 'one')"), '55000: there is no key "one" in the key ring', '... tokens');

use_key_file('');
is(query(q(SELECT gpsync.encrypt('a', 'b'))), '55000: there is no key to encrypt with', 'no key file');
$session->quit;
done_testing;
