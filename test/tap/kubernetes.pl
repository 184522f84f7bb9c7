# deploy/kubernetes: objects as the schemas of Kubernetes have them, and a rollout that never has fewer relays ready than it
# should. Checked without a cluster (test/npm/manifests.js); what the probe answers is relay_rolling.pl's.
use strict;
use warnings FATAL => 'all';
use FindBin;
use File::Temp;
use IPC::Run;
use JSON::PP;
use Test::More;

my @files = glob "$FindBin::RealBin/../../deploy/kubernetes/*.yaml";
ok(@files > 0, 'there are manifests');

# check(FILES): objects and errors.
sub check
{
    my (@of) = @_;
    IPC::Run::run([ 'node', "$FindBin::RealBin/../npm/manifests.js", @of ], '>', \my $out, '2>', \my $errors);
    return ($out eq '' ? [] : decode_json($out), $errors);
}

my ($objects, $errors) = check(@files);
is($errors, '', 'they agree with the schemas');
my %budgets = map { ($_->{metadata}{name} => $_) } grep { $_->{kind} eq 'PodDisruptionBudget' } @$objects;
my %maps    = map { ($_->{metadata}{name} => $_->{data}) } grep { $_->{kind} eq 'ConfigMap' } @$objects;
my (%deployments, %readers);
for my $deployment (grep { $_->{kind} eq 'Deployment' } @$objects)
{
    my ($name, $pods) = ($deployment->{metadata}{name}, $deployment->{spec}{template});
    note($name);
    $deployments{$name} = $deployment;
    cmp_ok($deployment->{spec}{replicas}, '>', 1, "$name: another replica stands by");
    is($deployment->{spec}{strategy}{rollingUpdate}{maxUnavailable}, 0, 'none is unavailable in a rollout');
    ok($deployment->{spec}{strategy}{rollingUpdate}{maxSurge} > 0, '... which starts a new one first');
    my $budget = $budgets{$name};
    for my $selector ($deployment->{spec}{selector}, $budget->{spec}{selector}, map { $_->{labelSelector} } @{ $pods->{spec}{topologySpreadConstraints} })
    {
        my %labels = %{ $pods->{metadata}{labels} };
        is(scalar(grep { ($labels{$_} // '') ne $selector->{matchLabels}{$_} } keys %{ $selector->{matchLabels} }), 0, 'a selector selects the pods');
        is(join(' ', sort %{ $selector->{matchLabels} }), join(' ', sort %labels), '... and no other');
    }
    is($budget->{spec}{maxUnavailable}, 1, 'an eviction takes one at a time');
    my ($relay) = @{ $pods->{spec}{containers} };
    is($relay->{readinessProbe}{httpGet}{path}, '/readyz', 'the probe asks the relay whether it is ready');
    is(scalar(grep { $_->{name} eq $relay->{readinessProbe}{httpGet}{port} } @{ $relay->{ports} }), 1, '... on a port that it has');
    ok(!$relay->{livenessProbe}, 'a relay that waits for the server is not restarted');
    ok($pods->{spec}{terminationGracePeriodSeconds} > $relay->{lifecycle}{preStop}{sleep}{seconds}, 'what is in flight has time to be booked');
    is($pods->{spec}{volumes}[0]{secret}{defaultMode}, oct('0440'), 'the secret is not for everybody');
    my %environment = ((map { %{ $maps{ $_->{configMapRef}{name} } } } @{ $relay->{envFrom} // [] }), map { ($_->{name} => $_->{value}) } @{ $relay->{env} });
    is(join(' ', sort keys %environment), 'PGDATABASE PGHOST PGPASSFILE PGSSLMODE PGSSLROOTCERT PGUSER', 'the relay knows where to connect');
    is($environment{PGSSLMODE}, 'verify-full', '... and whom it connects to');
    ok(!$readers{"$environment{PGHOST} " . join ' ', @{ $relay->{args} }}++, 'no other Deployment reads that stream');
}
is($deployments{'gpsync-relay-legacy'}{spec}{replicas}, 3, 'three replicas');
is(scalar(grep { /^gpsync-relay-node-/ } keys %deployments), 2, 'and a Deployment for each of two servers');

# The check finds what is wrong.
for my $case (
    [ 'replicas: three',             qr{spec/replicas must be integer} ],
    [ 'replica: 3',                  qr{unknown field /spec/replica\n} ],
    [ 'strategy: {rollingupdate: {}}', qr{unknown field /spec/strategy/rollingupdate} ])
{
    my ($field, $error) = @$case;
    my $file = File::Temp->new(SUFFIX => '.yaml');
    print $file "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: wrong}\nspec:\n  selector: {matchLabels: {a: b}}\n  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}\n  $field\n";
    $file->flush;
    like((check($file->filename))[1], $error, "\"$field\" is found");
}
done_testing;
