# A primary and its standbys, which take over the slots of its streams (PostgreSQL 17 and later) and may be promoted.
package GpsyncTest::Failover;

use strict;
use warnings FATAL => 'all';
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use parent -norequire, 'GpsyncTest';

sub is_supported { return GpsyncTest::Environment::pg_config('--version') =~ /(\d+)/ && $1 >= 17 }

# A primary with the platform and $nws as endpoint, whose streams wait for the standbys of these physical slots. There are
# no such slots yet.
sub new_primary
{
    my ($class, $name, $nws, @slots) = @_;
    my $node = $class->new_node($name);
    $node->create_platform;
    $node->create_endpoint($nws);
    $node->synchronise(@slots);
    $node->restart;
    return $node;
}

# The settings of docs/failover.md, for the next start.
sub synchronise
{
    my ($self, @slots) = @_;
    $self->append_conf('postgresql.conf', join "\n", sprintf("synchronized_standby_slots = '%s'", join ', ', @slots),
        'sync_replication_slots = on', 'hot_standby_feedback = on', "gpsync.home = 'pair'");
    return;
}

# A standby, started, with a physical slot on this server, which is made unless it is there. Further settings may follow.
sub add_standby
{
    my ($self, $name, $slot, @settings) = @_;
    $self->sql("SELECT pg_create_physical_replication_slot('$slot', true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$slot')");
    $self->backup("for_$name");
    my $standby = ref($self)->new($name);
    $standby->init_from_backup($self, "for_$name", has_streaming => 1);
    $standby->follow($self, $slot);
    $standby->append_conf('postgresql.conf', $_) for @settings;
    $standby->start;
    return $standby;
}

# The settings of a standby of $primary, which looks for it again soon. Promoted, it has no standby yet that could be
# waited for.
sub follow
{
    my ($self, $primary, $slot) = @_;
    $self->append_conf('postgresql.conf', join "\n", "primary_slot_name = '$slot'", "synchronized_standby_slots = ''",
        'wal_retrieve_retry_interval = 500ms', sprintf "primary_conninfo = 'host=%s port=%s dbname=postgres application_name=%s'", $primary->host, $primary->port, $self->name);
    return;
}

# A promoted server gets a standby of its own, which its streams wait for.
sub add_waited_for
{
    my ($self, $name, $slot) = @_;
    my $standby = $self->add_standby($name, $slot);
    $self->append_conf('postgresql.conf', "synchronized_standby_slots = '$slot'");
    $self->reload;
    return $standby;
}

# A relay of stream "legacy" that is given all these servers.
sub relay_of
{
    my (@nodes) = @_;
    my $conninfo = sprintf 'host=%s port=%s dbname=postgres user=relay target_session_attrs=read-write',
        join(',', map { $_->host } @nodes), join(',', map { $_->port } @nodes);
    return GpsyncTest::Relay->spawn('relay_legacy', [ GpsyncTest::Relay::program(), '--dbname', $conninfo, '--stream', 'legacy' ]);
}

# Kills every process of the server at once. (kill9 leaves it to the others to notice that the postmaster is gone.)
sub kill_all
{
    my ($self) = @_;
    my ($postmaster) = PostgreSQL::Test::Utils::slurp_file($self->data_dir . '/postmaster.pid') =~ /^(\d+)/;
    kill 'STOP', $postmaster;    # it starts no others
    my @children = split ' ', PostgreSQL::Test::Utils::slurp_file("/proc/$postmaster/task/$postmaster/children");
    kill 'KILL', $postmaster, @children;
    $self->kill9;
    return;
}

# The process of a type (as in pg_stat_activity).
sub pid_of
{
    my ($self, $type) = @_;
    return $self->sql("SELECT pid FROM pg_stat_activity WHERE backend_type = '$type'");
}

# What the doctor finds in a check, a line each: severity, finding => fix.
sub findings
{
    my ($self, $check) = @_;
    return $self->sql("SELECT coalesce(string_agg(severity || ' ' || finding || ' => ' || fix, E'\\n'), '') FROM gpsync.doctor() WHERE check_name = '$check'");
}

# Waits until a finding is there.
sub finds
{
    my ($self, $check, $pattern) = @_;
    return GpsyncTest::wait_until(sub { $self->findings($check) =~ $pattern }, "the doctor finds $pattern");
}

# Pastes the fixes of a check into psql as they stand. Gives what psql says.
sub paste_fixes
{
    my ($self, $check) = @_;
    my ($out, $said) = ('', '');
    $self->psql('postgres', $self->sql("SELECT string_agg(fix, E';\\n') FROM gpsync.doctor() WHERE check_name = '$check'"),
        stdout => \$out, stderr => \$said, on_error_die => 1);
    return $out . $said;
}

# Waits until this standby has a slot, ready for a promotion.
sub wait_for_slot
{
    my ($self, $slot) = @_;
    return $self->wait_for_sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '$slot' AND synced AND NOT temporary", 1);
}

# Of a slot: failover, synced, temporary.
sub slot_flags
{
    my ($self, $slot) = @_;
    return $self->sql("SELECT concat_ws(' ', failover, synced, temporary) FROM pg_replication_slots WHERE slot_name = '$slot'");
}

# Updates of 500 rows of provision_status whose keys begin with a prefix, at random, in transactions of their own, so many a
# second, until the server goes or the process is stopped. The rows are made unless they are there.
sub load
{
    my ($self, $prefix, $rate) = @_;
    $self->sql("SELECT gpsync.generate_test_data('provision_status', 500, '${prefix}_') WHERE NOT EXISTS (SELECT FROM provision_status WHERE provision_id = '${prefix}_1')");
    my $script = PostgreSQL::Test::Utils::tempdir() . '/load.sql';
    PostgreSQL::Test::Utils::append_to_file($script, "\\set n random(1, 500)\nUPDATE provision_status SET status = status WHERE provision_id = '${prefix}_' || :n;\n");
    return GpsyncTest::Process->spawn('load', [ 'pgbench', '-n', '-M', 'prepared', '-c', 4, '-T', 600, '-P', 1, '-R', $rate, '-f', $script, '-h', $self->host, '-p', $self->port, 'postgres' ]);
}

sub slot_name { my ($self) = @_; return $self->sql(q{SELECT slot_name FROM gpsync.stream_status}) }

# The sync_status of a row of provision_status.
sub sync_status
{
    my ($self, $key) = @_;
    return $self->sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'");
}

sub wait_for_status
{
    my ($self, $key, $status) = @_;
    return $self->wait_for_sql("SELECT sync_status FROM provision_status WHERE provision_id = '$key'", $status);
}

# Changes a row, which is then to be sent.
sub update
{
    my ($self, $key) = @_;
    return $self->sql("UPDATE provision_status SET status = status WHERE provision_id = '$key'");
}

1;
