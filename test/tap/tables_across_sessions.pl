# Machines and attached tables across sessions, and through a dump: what one session changes the others obey at
# once, nothing slips between, and a restored database behaves as the dumped one did.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<'SQL');
CREATE EXTENSION gpsync;
SELECT gpsync.define_machine('order', '{"NEW":["PAID"],"PAID":[]}', '{NEW}');
CREATE TABLE orders (id integer PRIMARY KEY, status text);
SELECT gpsync.attach('orders', 'order');
SELECT gpsync.generate_test_data('orders', 10);
SQL

# A session that does not stop at errors: the answer, or the SQLSTATE.
sub session { return $node->background_psql('postgres', on_error_stop => 0) }

sub ask
{
    my ($session, $sql) = @_;
    my ($out) = $session->query("$sql\n;\n\\echo :SQLSTATE");
    my ($answer, $state) = $out =~ /\A(.*?)\n?([0-9A-Z]{5})\z/s;
    $session->{stderr} = '';
    return $state eq '00000' ? $answer : $state;
}

my ($a, $b) = (session(), session());

# --- A change of a machine reaches a session that has it compiled, whatever that session is in the middle of.
is(ask($a, "UPDATE orders SET status = 'PAID' WHERE id = 1 RETURNING sync_status"), 'PENDING', 'a legal transition');
is(ask($a, "SELECT gpsync.is_valid_transition('order', 'NEW', 'GONE')"), 'f', 'not listed');
is(ask($a, "UPDATE orders SET status = 'GONE' WHERE id = 2"), '23514', '... and refused');
ask($b, q{SELECT gpsync.define_machine('order', '{"NEW":["PAID","GONE"],"PAID":[],"GONE":[]}', '{NEW}')});
is(ask($a, "SELECT gpsync.is_valid_transition('order', 'NEW', 'GONE')"), 't', 'listed in the other session as soon as it is committed');
is(ask($a, "UPDATE orders SET status = 'GONE' WHERE id = 2 RETURNING status"), 'GONE', '... and allowed');

ask($a, 'BEGIN ISOLATION LEVEL REPEATABLE READ');
is(ask($a, "SELECT gpsync.is_valid_transition('order', 'PAID', 'GONE')"), 'f', 'REPEATABLE READ: not listed');
is(ask($a, 'SELECT count(*) FROM gpsync.machine'), 3, '... with a snapshot that is older than');
ask($b, q{SELECT gpsync.define_machine('order', '{"NEW":["PAID","GONE"],"PAID":["GONE"],"GONE":[]}', '{NEW}')});
is(ask($a, "UPDATE orders SET status = 'GONE' WHERE id = 1 RETURNING status"), 'GONE', '... the change that it obeys');
ask($a, 'ROLLBACK');

ask($a, q{PREPARE move AS UPDATE orders SET status = $2 WHERE id = $1 RETURNING status});
is(ask($a, "EXECUTE move (3, 'PAID')"), 'PAID', 'a prepared statement') for 1 .. 6;
ask($b, q{SELECT gpsync.define_machine('order', '{"NEW":["GONE"],"PAID":[],"GONE":[]}', '{NEW}')});
is(ask($a, "EXECUTE move (3, 'GONE')"), '23514', 'obeys too');
is(ask($a, "EXECUTE move (4, 'PAID')"), '23514', '... what is no longer listed');
is(ask($a, "EXECUTE move (4, 'GONE')"), 'GONE', '... and what still is');

# --- A machine in use changes when nobody writes its tables: no row can slip in with a state of the old one.
ask($a, 'BEGIN');
is(ask($a, "UPDATE orders SET status = 'GONE' WHERE id = 5 RETURNING status"), 'GONE', 'a transaction is writing');
ask($b, "SET lock_timeout = '200ms'");
my $without_gone = q{SELECT gpsync.define_machine('order', '{"NEW":["PAID"],"PAID":[]}', '{NEW}')};
is(ask($b, $without_gone), '55P03', 'the machine waits for it');
ask($a, 'ROLLBACK');
is(ask($b, $without_gone), '23514', 'and does not change while rows are in a state that goes');
ask($b, 'BEGIN');
ask($b, q{SELECT gpsync.define_machine('order', '{"NEW":["GONE","SENT"],"PAID":[],"GONE":[],"SENT":[]}', '{NEW}')});
ask($a, "SET lock_timeout = '200ms'");
is(ask($a, "UPDATE orders SET status = 'SENT' WHERE id = 5"), '55P03', 'writers wait for the machine');
is(ask($a, "SELECT count(*) FROM orders"), 10, '... readers do not');
ask($b, 'COMMIT');
is(ask($a, "UPDATE orders SET status = 'SENT' WHERE id = 5 RETURNING status"), 'SENT', '... and obey it');

# --- attach() and a change of its machine wait for each other.
$node->sql('CREATE TABLE more_orders (id integer PRIMARY KEY, status text)');
ask($b, 'BEGIN');
ask($b, "SELECT gpsync.attach('more_orders', 'order')");
is(ask($a, "SELECT gpsync.define_machine('order', '{\"X\":[]}', '{X}')"), '55P03', 'define_machine waits for attach');
is(ask($a, "SELECT gpsync.drop_machine('order')"), '55P03', 'drop_machine waits for attach');
ask($b, 'ROLLBACK');
ask($b, q{SELECT gpsync.define_machine('another', '{"A":[]}', '{A}')});
ask($b, 'BEGIN');
ask($b, "SELECT gpsync.drop_machine('another')");
is(ask($a, "SELECT gpsync.attach('more_orders', 'another')"), '55P03', 'attach waits for drop_machine');
ask($b, 'COMMIT');
is(ask($a, "SELECT gpsync.attach('more_orders', 'another')"), '42704', '... and finds it gone');

# --- detach, columns renamed and dropped: seen at once by a session that has the table's plan.
$node->sql("SELECT gpsync.attach('more_orders', 'order')");
ask($_, 'RESET lock_timeout') for $a, $b;
ask($a, "INSERT INTO more_orders VALUES ($_, 'NEW')") for 1 .. 3;
$node->sql('ALTER TABLE more_orders ADD COLUMN last_updated timestamp, ADD COLUMN note text');
is(ask($a, "UPDATE more_orders SET note = 'x' WHERE id = 1 RETURNING last_updated IS NOT NULL"), 't', 'a new last_updated is stamped');
$node->sql('ALTER TABLE more_orders RENAME last_updated TO touched');
is(ask($a, "UPDATE more_orders SET touched = NULL WHERE id = 1 RETURNING touched IS NULL"), 't', '... and left alone under another name');
$node->sql('ALTER TABLE more_orders RENAME sync_status TO mine');
is(ask($a, "UPDATE more_orders SET note = 'y' WHERE id = 1"), '42703', 'without the column we write to: an error that says so');
$node->sql('ALTER TABLE more_orders RENAME mine TO sync_status');
is(ask($a, "UPDATE more_orders SET status = 'SENT' WHERE id = 1 RETURNING sync_status"), 'PENDING', '... until it is back');
$node->sql("SELECT gpsync.detach('more_orders')");
is(ask($a, "UPDATE more_orders SET status = 'ANYTHING', sync_status = 'MINE' WHERE id = 1 RETURNING sync_status"), 'MINE', 'detached');

# --- Concurrent updates of one row: the state that counts is the one the other has left, whether the plan or a trigger looks.
for my $way ('on', 'off')
{
    $node->sql('TRUNCATE orders');
    $node->sql("INSERT INTO orders VALUES (1, 'NEW'), (2, 'NEW'), (3, 'NEW')");
    $node->sql(q{SELECT gpsync.define_machine('order', '{"NEW":["PAID"],"PAID":["SENT"],"SENT":[]}', '{NEW}')});
    ask($_, "SET gpsync.stamp_in_plan = $way") for $a, $b;
    my %wanted = (1 => [ 'PAID', 'PAID', 'PENDING' ], 2 => [ 'PAID', 'NEW', '23514' ], 3 => [ 'PAID', 'SENT', 'PENDING' ]);
    for my $id (sort keys %wanted)
    {
        my ($first, $second, $outcome) = @{ $wanted{$id} };
        ask($a, 'BEGIN');
        ask($a, "UPDATE orders SET status = '$first' WHERE id = $id");
        my $earlier = ask($a, "SELECT sync_revision FROM orders WHERE id = $id");
        $b->{stdin} .= "UPDATE orders SET status = '$second' WHERE id = $id RETURNING 'state ' || sync_status;\n\\echo state :SQLSTATE\n";
        $b->{run}->pump_nb while length $b->{stdin};
        $node->wait_for_sql("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
        ask($a, 'COMMIT');
        like($b->query_until(qr/state \d\w+/, ''), qr/state $outcome/, "$second, behind a transaction that left $first (stamp_in_plan $way)");
        is($node->sql("SELECT sync_revision > $earlier FROM orders WHERE id = $id"), $outcome eq 'PENDING' ? 't' : 'f', '... with a revision of its own if it passes');
        ask($b, 'SELECT 1');
        $b->{stdout} = $b->{stderr} = '';
    }
}
$_->quit for $a, $b;

# --- A dump of all that restores, and behaves.
$node->sql(<<'SQL');
SELECT gpsync.create_platform_tables();
SELECT gpsync.generate_test_data('provision_status', 20), gpsync.generate_test_data('partner_data', 3);
UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id < 'test_15';
UPDATE provision_status SET status = 'COMPLETED' WHERE status = 'PROCESSING' AND provision_id < 'test_12';
CREATE SCHEMA "Odd";
CREATE TABLE "Odd"."Table's" ("The ""Key" text, "old name" text, part integer, PRIMARY KEY (part, "The ""Key")) PARTITION BY LIST (part);
CREATE TABLE "Odd".one PARTITION OF "Odd"."Table's" FOR VALUES IN (1);
CREATE TABLE "Odd".two PARTITION OF "Odd"."Table's" FOR VALUES IN (2);
SELECT gpsync.define_machine('it''s \ "odd"', '{"a b":["\"c\""],"\"c\"":["d''"],"d''":[]}', '{"a b"}');
SELECT gpsync.attach('"Odd"."Table''s"', 'it''s \ "odd"', 'old name', 'odd "publication"');
ALTER TABLE "Odd"."Table's" RENAME "old name" TO "Status";
INSERT INTO "Odd"."Table's" VALUES ('k', 'a b', 1), ('l', 'a b', 1);
UPDATE "Odd"."Table's" SET "Status" = '"c"' WHERE "The ""Key" = 'k';
ALTER TABLE orders DISABLE TRIGGER gpsync_stamp;
UPDATE orders SET sync_status = 'COMPLETED';
ALTER TABLE orders ENABLE TRIGGER gpsync_stamp;
SQL

my $state_of = <<'SQL';
SELECT * FROM gpsync.attached_tables ORDER BY relation::text;
SELECT * FROM gpsync.machine ORDER BY 1;
SELECT * FROM gpsync.machine_state ORDER BY machine, ordinal;
SELECT * FROM gpsync.machine_transition ORDER BY machine, ordinal;
SELECT pubname, schemaname, tablename FROM pg_publication_tables ORDER BY 1, 2, 3;
SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'gpsync%' ORDER BY 1, 2;
SELECT * FROM provision_status ORDER BY 1;
SELECT * FROM partner_data ORDER BY 1;
SELECT * FROM orders ORDER BY 1;
SELECT tableoid::regclass, * FROM "Odd"."Table's" ORDER BY 2;
SQL
my $before = $node->sql($state_of);
my $dump   = PostgreSQL::Test::Utils::tempdir() . '/dump';
command_ok([ 'pg_dump', '-Fd', '-f', $dump, '-d', $node->connstr('postgres') ], 'pg_dump');
$node->sql('CREATE DATABASE restored');
# With -j, pg_restore may make the triggers of a partitioned table before its partitions have their rows, unless it is
# called for one section after the other (docs/operating.md).
command_ok([ 'pg_restore', '-j2', '--exit-on-error', "--section=$_", '-d', $node->connstr('restored'), $dump ], "pg_restore, section $_")
  for qw(pre-data data post-data);
is($node->safe_psql('restored', $state_of), $before, 'everything is as it was');

sub in_restored
{
    my ($sql) = @_;
    my ($rc, $out, $err) = $node->psql('restored', "\\set VERBOSITY verbose\n$sql");
    return $rc == 0 && $err eq '' ? $out : ($err =~ /ERROR:\s+(\w{5}):/)[0];
}
is(in_restored("UPDATE provision_status SET status = 'ELIGIBLE' WHERE status = 'PROCESSING'"), '23514', 'illegal is illegal');
is(in_restored("UPDATE provision_status SET status = 'FAILED' WHERE status = 'PROCESSING' AND provision_id = 'test_13' RETURNING sync_status"),
    'PENDING', 'legal is legal, and stamped');
is(in_restored(q{UPDATE "Odd"."Table's" SET "Status" = 'd''', part = 2 WHERE "The ""Key" = 'l'}), '23514', 'an illegal move to another partition');
is(in_restored(q{UPDATE "Odd"."Table's" SET "Status" = 'd''', part = 2 WHERE "The ""Key" = 'k' RETURNING tableoid::regclass}),
    '"Odd".two', 'a legal one');
is(in_restored("INSERT INTO orders VALUES (99, 'SENT')"), '23514', 'the machine of our own');
is(in_restored("SELECT gpsync.drop_machine('order')"), '2BP01', '... is in use');
is(in_restored("SELECT gpsync.detach('orders'), gpsync.drop_machine('order')"), '|', '... until it is not');
is(in_restored("SELECT gpsync.define_machine('provision', '{\"A\":[]}', '{A}')"), '42939', 'built in is built in');

# The other formats: plain text, and the schema alone.
$node->sql('CREATE DATABASE restored_plain');
my $plain = PostgreSQL::Test::Utils::tempdir() . '/dump.sql';
command_ok([ 'pg_dump', '-f', $plain, '-d', $node->connstr('postgres') ], 'pg_dump, plain');
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', $plain . '.out', '-f', $plain, '-d', $node->connstr('restored_plain') ], 'psql restores it');
is($node->safe_psql('restored_plain', $state_of), $before, '... as it was');

$node->stop;
done_testing;
