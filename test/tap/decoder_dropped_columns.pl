# What a backlog shows of columns that are dropped before it is read: the label at the change counts, in every session.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<~'SQL');
    CREATE EXTENSION gpsync;
    CREATE PUBLICATION gpsync FOR ALL TABLES;
    CREATE TABLE t (id int PRIMARY KEY, early text, late text, kept text);
    ALTER TABLE t REPLICA IDENTITY FULL;
    SQL
my $slot = GpsyncTest::Slot->new($node, 'backlog');
sub label { my ($column, $rule) = @_; return $node->sql("SELECT gpsync.redact_in_stream('t', '$column', '$rule')") }

label('early', 'drop');
$node->sql("INSERT INTO t VALUES (1, 'hidden', 'open', 'k'); UPDATE t SET kept = 'l'");
my @before = $slot->peek;
is_deeply([ map { $_->{data}{row} } @before ], [ { id => 1, late => 'open', kept => 'k' }, { id => 1, late => 'open', kept => 'l' } ], 'labelled "drop"');
$node->sql('ALTER TABLE t DROP early');
is_deeply([ $slot->peek ], \@before, 'dropped: the same events in a session that begins later');
label('late', 'drop');
is_deeply([ map { $_->{data}{row} } $slot->peek ], [ { id => 1, kept => 'k' }, { id => 1, kept => 'l' } ], 'a label holds for the backlog while the column is there');
$node->sql('ALTER TABLE t DROP late');
is_deeply([ $slot->peek ], \@before, 'when it is dropped the label of the change is left (docs/wire-format.md)');
$node->sql('DROP TABLE t');
unlike($node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes')), qr/hidden/, 'and also when the table is gone');
done_testing;
