# What docs/operating.md says of metrics, what a relay serves, and what deploy/ watches fit together: each metric is in all
# of them; Prometheus takes the alert rules, raises what test/prometheus says, and takes every query of the dashboard.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use File::Copy qw(copy);
use HTTP::Tiny;
use IPC::Run qw(run);
use JSON::PP;
use Test::More;

my $root = $ENV{GPSYNC_TEST_ROOT};

sub slurp { return PostgreSQL::Test::Utils::slurp_file("$root/$_[0]") }

# Without what a histogram adds to its name.
sub base_name { return $_[0] =~ s/_(?:bucket|sum|count)$//r }

sub documented
{
    my ($table) = slurp('docs/operating.md') =~ /^\| metric \| \|\n\|[-|]+\|\n((?:\|.*\n)+)/m or die "no table of metrics\n";
    my %names = map { $_ => 1 } map { /^\| (.*?) \|/ ? $1 =~ /`(\w+)`/g : () } split /\n/, $table;
    return \%names;
}

sub served
{
    my $node = GpsyncTest->new_node('main');
    my $nws  = GpsyncTest::Emulator->new('nws');
    $node->create_platform;
    $node->create_endpoint($nws);
    $node->create_stream('legacy', 'nws');
    my $port  = PostgreSQL::Test::Cluster::get_free_port();
    my $relay = $node->start_relay('legacy', '--metrics-listen', "127.0.0.1:$port");
    $node->sql("SELECT gpsync.generate_test_data('provision_status', 3)");
    $node->wait_for_sync;
    my $text  = HTTP::Tiny->new->get("http://127.0.0.1:$port/metrics")->{content};
    my %names = map { $_ => 1 } $text =~ /^# TYPE (\w+)/mg;
    $relay->stop;
    return \%names;
}

sub names_in
{
    my ($text) = @_;
    return { map { base_name($_) => 1 } $text =~ /\b((?:gpsync|sync)_\w+)/g };
}

# Every query of the dashboard, as Grafana sends it.
sub queries
{
    my ($dashboard) = @_;
    return map { s/\$__rate_interval/5m/gr =~ s/\$(?:stream|endpoint)/.*/gr } map { $_->{expr} } map { @{ $_->{targets} // [] } } @{ $dashboard->{panels} };
}

# Whether Prometheus' own program is content with these files.
sub promtool
{
    my ($what, @arguments) = @_;
    my $said = '';
    ok(run([ 'promtool', @arguments ], '>&', \$said), $what) or diag($said);
    return;
}

my $documented = documented();
my $served     = served();
is_deeply([ sort keys %$served ], [ sort keys %$documented ], 'docs/operating.md lists the metrics that a relay serves');

my $dashboard_text = slurp('deploy/grafana/gpsync.json');
my $rules          = slurp('deploy/prometheus/alerts.yml');
my $shown          = names_in($dashboard_text);
my $watched        = names_in($rules);
is_deeply([ grep { !$shown->{$_} } sort keys %$served ], [], 'each is in the dashboard');
is_deeply([ grep { !$served->{$_} } sort keys %$watched ], [], 'alerts watch metrics that there are');
my @queries = queries(decode_json($dashboard_text));
is_deeply([ grep { !$served->{$_} } sort map { keys %{ names_in($_) } } @queries ], [], 'panels show metrics that there are');

my %panels = map { $_->{id} => 1 } @{ decode_json($dashboard_text)->{panels} };
is(keys %panels, @{ decode_json($dashboard_text)->{panels} }, 'each panel has an id of its own');

my $folder = PostgreSQL::Test::Utils::tempdir();
copy("$root/$_", $folder) or die "$_: $!\n" for 'deploy/prometheus/alerts.yml', 'test/prometheus/alerts_test.yml';
promtool('Prometheus takes the alert rules', 'check', 'rules', "$folder/alerts.yml");
promtool('... and raises them when it should', 'test', 'rules', "$folder/alerts_test.yml");
my $tests = slurp('test/prometheus/alerts_test.yml');
is_deeply([ grep { $tests !~ /alertname: \Q$_\E\n\s+exp_alerts:\n/ } $rules =~ /alert: (\w+)/g ], [], 'each alert has a test in which it is raised');

my $number = 0;
PostgreSQL::Test::Utils::append_to_file("$folder/queries.yml", "groups:\n  - name: dashboard\n    rules:\n"
        . join '', map { "      - {record: 'panel:" . ++$number . "', expr: '$_'}\n" } @queries);
promtool('Prometheus takes the queries of the dashboard', 'check', 'rules', "$folder/queries.yml");
done_testing;
