# Headless Chromium that looks at a page: test/npm/browse.js.
package GpsyncTest::Browser;

use strict;
use warnings FATAL => 'all';
use Carp;
use IPC::Run qw(run);
use JSON::PP ();
use PostgreSQL::Test::Utils;
use Test::More;

# What browse.js finds of a page, a hash for each width and colour scheme. %task: its arguments but the url.
sub look
{
    my ($url, %task) = @_;
    my $folder = "$ENV{GPSYNC_TEST_ROOT}/test/npm";
    croak 'the npm packages of test/npm are not installed: scripts/install-deps test' if !-d "$folder/node_modules/axe-core";
    my $home = PostgreSQL::Test::Utils::tempdir();
    local @ENV{qw(HOME XDG_CONFIG_HOME XDG_CACHE_HOME)} = ($home) x 3;
    my ($said, $complained) = ('', '');
    run([ 'node', "$folder/browse.js", JSON::PP->new->ascii->encode({ url => $url, %task }) ], '<', \undef, '>', \$said, '2>', \$complained)
        or croak "browse.js: $complained";
    return map { JSON::PP::decode_json($_) } split /\n/, $said;
}

# Tests: nothing is wrong with the page at any width in any scheme. Returns what look() does.
sub is_well
{
    my ($what, $url, %task) = @_;
    my @found = look($url, %task);
    for my $found (@found)
    {
        my $where = "$what, $found->{width} px, $found->{scheme}";
        is_deeply($found->{console}, [], "$where: the console is silent");
        is_deeply($found->{violations}, [], "$where: axe-core finds nothing");
        is($found->{beyond}, 0, "$where: nothing is beyond the window");
    }
    return @found;
}

1;
