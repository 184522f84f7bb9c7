# Events of one partitionkey keep their order at an endpoint that was down, also where the type of the key, the key or the
# name of the table changes within the backlog. The emulator refuses an event that comes behind a later one of its subject.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, lanes => 16, batch_size => 5);
$node->create_stream('legacy', 'nws');
my @tables = qw(number_to_text text_to_number moment renamed code_key);
$node->sql(<<~'SQL');
    CREATE TABLE number_to_text (id int PRIMARY KEY, v int);
    CREATE TABLE text_to_number (id text PRIMARY KEY, v int);
    CREATE TABLE moment (id timestamp PRIMARY KEY, v int);
    CREATE TABLE deleted (id timestamp PRIMARY KEY, v int);
    CREATE TABLE renamed (id int PRIMARY KEY, v int);
    CREATE TABLE code_key (id int PRIMARY KEY, code int NOT NULL UNIQUE, v int);
    CREATE TABLE texts (id text PRIMARY KEY, v int);
    CREATE TABLE pairs (a text, b text, v int, PRIMARY KEY (a, b));
    SELECT gpsync.attach(t, machine => NULL) FROM unnest('{number_to_text,text_to_number,moment,deleted,renamed,code_key,texts,pairs}'::regclass[]) AS t;
    SQL

# --- the backlog
$nws->stop;
my $relay = $node->start_relay('legacy');
my $rows = 30;
$node->sql("INSERT INTO number_to_text SELECT i, 0 FROM generate_series(1, $rows) AS i; UPDATE number_to_text SET v = 1;
    INSERT INTO text_to_number SELECT i::text, 0 FROM generate_series(1, $rows) AS i; UPDATE text_to_number SET v = 1;
    INSERT INTO moment SELECT timestamp '2026-01-01' + i * interval '1 h', 0 FROM generate_series(1, $rows) AS i; UPDATE moment SET v = 1;
    INSERT INTO deleted SELECT timestamp '2026-01-01' + i * interval '1 h', 0 FROM generate_series(1, $rows) AS i;
    INSERT INTO renamed SELECT i, 0 FROM generate_series(1, $rows) AS i; UPDATE renamed SET v = 1;
    INSERT INTO code_key SELECT i, i + 100, 0 FROM generate_series(1, $rows) AS i; UPDATE code_key SET v = 1");
$node->sql("ALTER TABLE number_to_text ALTER id TYPE text; UPDATE number_to_text SET v = 2;
    ALTER TABLE text_to_number ALTER id TYPE int USING id::int; UPDATE text_to_number SET v = 2;
    SET TimeZone = 'UTC'; ALTER TABLE moment ALTER id TYPE timestamptz; UPDATE moment SET v = 2;
    ALTER TABLE deleted ALTER id TYPE timestamptz; DELETE FROM deleted;
    ALTER TABLE renamed RENAME TO other_name; UPDATE other_name SET v = 2;
    ALTER TABLE code_key DROP CONSTRAINT code_key_pkey, ADD PRIMARY KEY (code); UPDATE code_key SET v = 2");
# Rows under other keys: the one that is left is free for another row.
$node->sql("UPDATE number_to_text SET id = 'n' || id, v = 3; INSERT INTO number_to_text SELECT i::text, 4 FROM generate_series(1, $rows) AS i;
    UPDATE text_to_number SET id = id + 1000, v = 3; INSERT INTO text_to_number SELECT i, 4 FROM generate_series(1, $rows) AS i");
# What comes first of a key is answered late.
$nws->start;
$nws->faults(kind => 'delay', ms => 700, times => 1, match => $_)
  for map { my $t = $_; map { qq("table":"$t","key":{"$_) } 'id":5}', 'id":"5"}', 'id":"2026-01-01T05:00:00"}' } qw(number_to_text text_to_number moment deleted renamed code_key);
ok($node->wait_for_sync(60), 'a backlog in which keys change their types is delivered');
is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), '0', '... and nothing was refused') or diag($node->sql('SELECT last_error FROM gpsync.dead_letters LIMIT 3'));
is($nws->stats->{refused} // 0, 0, '... at any time');

# The place of each first delivery, by table, and by what the row's v was.
my ($at, %arrived) = (0);
for my $event ($nws->events)
{
    my $data = $event->{data};
    push @{ $arrived{ $data->{table} }{ $data->{row} ? $data->{row}{v} : 'deleted' } }, ++$at;
}
sub ordered
{
    my ($before, $after, $what) = @_;
    my ($last) = sort { $b <=> $a } @$before;
    my ($first) = sort { $a <=> $b } @$after;
    return cmp_ok($last, '<', $first, $what);
}
for my $table (qw(number_to_text text_to_number moment code_key))
{
    is(scalar @{ $arrived{$table}{2} }, $rows, "$table: all updates under the new type arrived");
    ordered([ map { @$_ } @{ $arrived{$table} }{ 0, 1 } ], $arrived{$table}{2}, "$table: and none before those under the old one");
}
ordered($arrived{deleted}{0}, $arrived{deleted}{deleted}, 'rows that are deleted under the new type');
ordered([ map { @$_ } @{ $arrived{renamed} }{ 0, 1 } ], $arrived{other_name}{2}, 'a table under another name');

# --- changes of key: the old key's events come before, and what has it next comes behind
for my $table (qw(number_to_text text_to_number))
{
    my ($place, %last, @wrong) = (0);
    for my $event (grep { $_->{data}{table} eq $table } $nws->events)
    {
        my ($data, @keys) = $event->{data};
        push @keys, $data->{key}{id}, $data->{old} ? $data->{old}{id} : ();
        for my $key (@keys)
        {
            push @wrong, $key if ($last{$key} // '') gt $event->{sequence};
            $last{$key} = $event->{sequence};
        }
    }
    is("@wrong", '', "$table: in order of both keys");
}

# --- empty texts are keys
$node->sql("INSERT INTO texts VALUES ('', 1), ('x', 1); INSERT INTO pairs VALUES ('', '', 1), ('', 'x', 1); UPDATE texts SET v = 2");
ok($node->wait_for_sync, 'rows with empty keys are delivered');
ok($nws->entry('public.texts/'),   'a row whose key is empty has a subject');
ok($nws->entry('public.pairs/,'),  '... of two columns too');
ok(!$nws->entry('public.texts'),   '... which is not that of its table');
is($node->sql("SELECT string_agg(sync_status, ',') FROM texts"), 'COMPLETED,COMPLETED', '... and is marked');
$node->sql("UPDATE texts SET id = 'y' WHERE id = ''; INSERT INTO texts VALUES ('', 3); TRUNCATE texts; INSERT INTO texts VALUES ('', 4)");
ok($node->wait_for_sync, 'between changes of key and a TRUNCATE');
is($nws->entry('public.texts/')->{data}{row}{v}, 4, '... the last one is the last') if $nws->entry('public.texts/');
$node->ledger_agrees($nws, 'texts');

$relay->stop;
done_testing;
