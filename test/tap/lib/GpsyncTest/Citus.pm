# A server that Citus would run on: the stand-in for its catalogs (test/citus) and what Citus does with them.
#
#   my $node = GpsyncTest::Citus->new_node('worker');       # a GpsyncTest with extension citus
#   $node->distribute('account', 'id bigint PRIMARY KEY, status text', 102008 .. 102010);
#   $node->add_shard('account', 102011, 2);                 # on another server, of group 2: no table here
package GpsyncTest::Citus;

use strict;
use warnings FATAL => 'all';
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use parent -norequire, 'GpsyncTest';

my $OWN_COLUMNS = 'sync_status varchar(20), last_sync_timestamp timestamptz, sync_revision bigint NOT NULL DEFAULT 0';

sub new_node
{
    my ($class, $name, %conf) = @_;
    my $stage = PostgreSQL::Test::Utils::tempdir();
    PostgreSQL::Test::Utils::system_or_bail('cp', '-a', "$ENV{GPSYNC_STAGE}/.", $stage);
    my $extensions = $stage . GpsyncTest::Environment::pg_config('--sharedir') . '/extension';
    PostgreSQL::Test::Utils::system_or_bail('cp', glob("$ENV{GPSYNC_TEST_ROOT}/test/citus/*"), $extensions);
    local $ENV{GPSYNC_STAGE} = $stage;
    my $node = $class->SUPER::new_node($name, %conf);
    $node->sql('CREATE EXTENSION citus');
    return $node;
}

# A distributed table, empty on every server, and its shards here.
sub distribute
{
    my ($self, $table, $columns, @shards) = @_;
    $self->sql("CREATE TABLE $table ($columns, $OWN_COLUMNS); INSERT INTO pg_catalog.pg_dist_partition (logicalrelid, partmethod) VALUES ('$table', 'h')");
    $self->add_shard($table, $_) for @shards;
    return;
}

# A shard, here (the table is created) or on the server of another group.
sub add_shard
{
    my ($self, $table, $shard, $group) = @_;
    $self->sql("INSERT INTO pg_catalog.pg_dist_shard (logicalrelid, shardid) VALUES ('$table', $shard);
        INSERT INTO pg_catalog.pg_dist_placement (shardid, groupid) VALUES ($shard, @{[ $group // 1 ]})");
    $self->sql("CREATE TABLE ${table}_$shard (LIKE $table INCLUDING ALL)") unless defined $group;
    return;
}

1;
