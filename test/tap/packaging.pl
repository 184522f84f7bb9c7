# What goes with the packages: META.json as PGXN wants it, the bill of materials as CycloneDX's schema has it, the
# Dockerfile, the control file of Debian, the man page. The packages themselves are scripts/package-test's.
use strict;
use warnings FATAL => 'all';
use FindBin;
use File::Temp qw(tempdir);
use IPC::Run;
use JSON::PP;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my $dir  = tempdir(CLEANUP => 1);

sub slurp { my ($file) = @_; local $/ = undef; open my $in, '<:raw', $file or die "$file: $!\n"; return scalar <$in> }
sub spill { my ($file, $text) = @_; open my $out, '>:raw', $file or die "$file: $!\n"; print $out $text; close $out or die "$file: $!\n"; return $file }

# run_it(COMMAND …): status, output and errors together.
sub run_it
{
    my @command = @_;
    IPC::Run::run(\@command, '<', \undef, '>&', \my $out);
    return ($? >> 8, $out);
}

# --- META.json -------------------------------------------------------------------------------------------------
my ($status, $out) = run_it("$root/scripts/check-meta");
is($status, 0, 'META.json agrees with the meta spec') or diag($out);
for my $case (
    [ sub { delete $_[0]{abstract} }, qr/^abstract is missing$/m ],
    [ sub { $_[0]{version} = '1.0' }, qr/^version is no semantic version$/m ],
    [ sub { $_[0]{license} = 'beer' }, qr/^license "beer" is not one/m ],
    [ sub { $_[0]{licence} = 'mit' }, qr/^licence is no field/m ],
    [ sub { $_[0]{provides}{gpsync}{file} = 'nowhere.sql' }, qr{^provides/gpsync: file "nowhere.sql" is not there$}m ],
    [ sub { $_[0]{prereqs}{runtime}{requires}{PostgreSQL} = 'new' }, qr/PostgreSQL: "new" is no range/ ])
{
    my ($spoil, $found) = @$case;
    my $meta = decode_json(slurp("$root/META.json"));
    $spoil->($meta);
    ($status, $out) = run_it("$root/scripts/check-meta", spill("$dir/META.json", encode_json($meta)));
    is($status, 1, "what is wrong is refused ($found)");
    like($out, $found, '... and named');
}

# --- the bill of materials -------------------------------------------------------------------------------------
sub packaging { my ($kind, $file) = @_; return run_it('node', "$root/test/npm/packaging.js", $kind, $file) }

($status, $out) = run_it("$root/scripts/sbom", $ENV{GPSYNC_STAGE}, "$dir/sbom.json");
is($status, 0, 'the bill of materials is written') or diag($out);
($status, $out) = packaging('sbom', "$dir/sbom.json");
is("$status $out", '0 ', '... and agrees with the schema');
my $bom   = decode_json(slurp("$dir/sbom.json"));
my %needs = map { ($_->{ref} => $_->{dependsOn}) } @{ $bom->{dependencies} };
for my $case ([ 'gpsync.so', 'libre2', 'rapidjson-dev' ], [ 'gpsync_decoder.so', 'libssl3', 'libutfcpp-dev' ], [ 'gpsync-relay', 'libcurl4', 'libcli11-dev' ])
{
    my ($program, @packages) = @$case;
    for my $package (@packages)
    {
        ok((grep { m{^pkg:deb/debian/\Q$package\E} } @{ $needs{"gpsync/$program"} }), "$program is made of $package");
    }
}
ok(!(grep { m{/(?:libc6-dev|linux-libc-dev|libcurl4|postgresql)} } @{ $needs{'gpsync/gpsync.so'} }), '... and of nothing that is not in it');
my %components = map { ($_->{'bom-ref'} => 1) } @{ $bom->{components} };
is(join(' ', grep { !$components{$_} } map { @$_ } values %needs), '', 'each dependency is a component');
spill("$dir/bad.json", slurp("$dir/sbom.json") =~ s/"bomFormat" : "CycloneDX"/"bomFormat" : "other"/r);
($status) = packaging('sbom', "$dir/bad.json");
is($status, 1, 'the check of the schema refuses another document');

# --- the Dockerfile --------------------------------------------------------------------------------------------
($status, $out) = packaging('dockerfile', "$root/deploy/docker/Dockerfile");
is("$status $out", '0 ', 'the Dockerfile has no finding');
my $dockerfile = slurp("$root/deploy/docker/Dockerfile");
like($dockerfile, qr/^ARG PG_MAJOR=15$/m, '... takes the major version');
is(scalar(() = $dockerfile =~ /^FROM postgres:\$\{PG_MAJOR\}-\$\{SUITE\}/mg), 2, '... in both stages');
($status, $out) = packaging('dockerfile', spill("$dir/Dockerfile", "FROM postgres:15\nMAINTAINER somebody\nRUNN true\n"));
is($status, 1, 'what is wrong in one is found');
like($out, qr/line 2.*\n.*line 3/s, '... each line of it');

# --- debian/ ---------------------------------------------------------------------------------------------------
my ($version) = slurp("$root/gpsync.control") =~ /^default_version = '(.*)'$/m;
like(slurp("$root/debian/changelog"), qr/\Agpsync \(\Q$version\E-\d+\) /, 'debian/changelog has the version of gpsync.control');
# What scripts/install-deps deb installs is what the source package asks for; build-essential is asked for without a word.
my ($lists)  = slurp("$root/scripts/install-deps") =~ /^(modules=.*?\n)fuzz=/ms;
my %installs = map { $_ => 1 } grep { !/^(?:g\+\+|make|build-essential|postgresql-server-dev-\$pg)$/ } $lists =~ /([a-z0-9][a-z0-9+\$-]+)(?=[ \n)"])/g;
my ($asks)   = slurp("$root/debian/control.in") =~ /^Build-Depends:\n((?: .*\n)+)/m;
my %asks     = map { s/^debhelper-compat$/debhelper/r => 1 } $asks =~ /^ ([^ ,\n]+)/mg;
is(join(' ', sort keys %installs), join(' ', sort keys %asks), 'scripts/install-deps deb installs what Build-Depends has');
my $man = slurp("$root/debian/gpsync-relay.1") =~ s/\\-/-/gr;
($status, $out) = run_it("$ENV{GPSYNC_STAGE}" . `$root/scripts/pg-config` =~ s{/pg_config\n}{}r . '/gpsync-relay', '--help');
for my $option ($out =~ /(--[a-z-]+)/g)
{
    like($man, qr/\Q$option\E/, "the man page has $option");
}
done_testing;
