# Column lists and row filters: gpsync_decoder and pgoutput read the same WAL for the same publications, which are drawn
# at random with the changes, and agree event by event. GPSYNC_TEST_SEED repeats a run, GPSYNC_TEST_ROUNDS makes a longer one.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Pgoutput;
use GpsyncTest::Slot;
use Test::More;

my $seed = srand($ENV{GPSYNC_TEST_SEED} // time);
my $rounds = $ENV{GPSYNC_TEST_ROUNDS} // 12;
note("GPSYNC_TEST_SEED=$seed");

my $node = GpsyncTest->new_node('main');
my $ours = GpsyncTest::Slot->new($node, 'ours');
my $model = GpsyncTest::Slot->new($node, 'model', plugin => 'pgoutput');

my %columns = (
    t1        => [qw(id a b c big)],
    t2        => [qw(x y b big)],
    's1.t3'   => [qw(id a b)],
    nokey     => [qw(a b)],
    root      => [qw(id a b big)],
    root_low  => [qw(id a b big)],
    root_high => [qw(id a b big)],
    root_top  => [qw(id a b big)]);
my %key = (t1 => ['id'], t2 => [qw(x y)], 's1.t3' => ['id'], nokey => [], root => ['id'], root_low => ['id'], root_high => ['id'], root_top => ['id']);
my @written = qw(t1 t1 t2 s1.t3 nokey root root root_low);

$node->sql(<<~'SQL');
    CREATE SCHEMA s1;
    CREATE TABLE t1 (junk int, id int PRIMARY KEY, a int, b text, c boolean, big text); ALTER TABLE t1 DROP junk;
    CREATE TABLE t2 (x int, y int NOT NULL, b text NOT NULL, big text, PRIMARY KEY (x, y)); CREATE UNIQUE INDEX t2_other ON t2 (b, y);
    CREATE TABLE s1.t3 (id int PRIMARY KEY, a int, b text);
    CREATE TABLE nokey (a int, b text);
    CREATE TABLE root (id int PRIMARY KEY, a int, b text, big text) PARTITION BY RANGE (id);
    CREATE TABLE root_low (big text, junk int, b text, id int NOT NULL, a int); ALTER TABLE root_low DROP junk;
    ALTER TABLE root ATTACH PARTITION root_low FOR VALUES FROM (0) TO (10);
    CREATE TABLE root_high PARTITION OF root FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (id);
    CREATE TABLE root_top (b text, big text, a int, id int NOT NULL);
    ALTER TABLE root_high ATTACH PARTITION root_top FOR VALUES FROM (10) TO (100);
    ALTER TABLE t1 ALTER big SET STORAGE EXTERNAL; ALTER TABLE t2 ALTER big SET STORAGE EXTERNAL;
    ALTER TABLE root_low ALTER big SET STORAGE EXTERNAL; ALTER TABLE root_top ALTER big SET STORAGE EXTERNAL;
    SQL

# --- what is drawn
sub one_of { return $_[ rand @_ ]; }
sub chance { return rand() < $_[0]; }
sub some { my ($probability, @of) = @_; my @some = grep { chance($probability) } @of; return @some ? @some : one_of(@of); }
sub number { return int rand 20; }

sub atom
{
    my ($table) = @_;
    my @of = @{ $key{$table} } && chance(0.85) ? @{ $key{$table} } : @{ $columns{$table} };
    my ($column, $n) = (one_of(@of), number());
    return one_of($column, "NOT $column", "$column IS NULL", "$column IS NOT TRUE") if $column eq 'c';
    return one_of("$column > 'v$n'", "$column LIKE 'v1%'", "$column IS NULL", "lower($column) IS DISTINCT FROM 'v$n'", "right($column, 1) IN ('1', '2', '3')") if $column eq 'b';
    return one_of("length($column) > 1000", "$column IS NOT NULL", "$column LIKE '%5'") if $column eq 'big';
    return one_of("$column > $n", "$column % 2 = 0", "$column IS NULL", "$column IS DISTINCT FROM $n", "coalesce($column, $n) < 10", "$column BETWEEN 3 AND $n", 'NULL', 'true');
}

sub filter
{
    my ($table, $depth) = @_;
    return atom($table) if $depth == 0 || chance(0.4);
    return 'NOT (' . filter($table, $depth - 1) . ')' if chance(0.2);
    return '(' . filter($table, $depth - 1) . one_of(' AND ', ' OR ') . filter($table, $depth - 1) . ')';
}

my %usual;  # a round's column list of a table: of several publications lists should agree now and then
sub published_table
{
    my ($table) = @_;
    my $list = '';
    if (chance(0.35))
    {
        my %in = map { $_ => 1 } chance(0.85) ? @{ $key{$table} } : (), some(0.5, @{ $columns{$table} });
        $usual{$table} //= join ', ', sort keys %in;
        $list = chance(0.7) ? $usual{$table} : join ', ', sort keys %in;
        # A list of all columns counts as none; to PostgreSQL 15 it does not where the table has dropped columns.
        $list = $list =~ tr/,// + 1 == @{ $columns{$table} } ? '' : " ($list)";
    }
    return $table . $list . (chance(0.6) ? ' WHERE (' . filter($table, 2) . ')' : '');
}

sub published { return 'TABLE ' . join ', ', map { published_table($_) } some(0.3, sort keys %columns); }
sub actions { return chance(0.5) ? 'insert, update, delete, truncate' : join ', ', some(0.6, qw(insert update delete truncate)); }
sub via_root { return one_of('true', 'false'); }

my @names = qw(pub1 pub2 pub3 pub4);
sub publications
{
    %usual = ();
    return map {
        my $for = chance(0.1) ? 'FOR ALL TABLES' : chance(0.15) ? 'FOR TABLES IN SCHEMA ' . one_of('s1', 'public') : 'FOR ' . published();
        my $with = "WITH (publish = '" . actions() . "', publish_via_partition_root = " . via_root() . ')';
        # What the server does not admit leaves a publication of nothing.
        "DROP PUBLICATION IF EXISTS $_; CREATE PUBLICATION $_ $for $with; CREATE PUBLICATION $_;";
    } @names;
}

sub value
{
    my ($column) = @_;
    return 'NULL' if chance(0.15) && $column !~ /^(?:id|x|y)$/;
    return one_of('true', 'false') if $column eq 'c';
    return "'v" . number() . "'" if $column eq 'b';
    return one_of("'s" . number() . "'", "repeat('z', 3000) || " . number()) if $column eq 'big';
    return number();
}

sub conflict { my ($table) = @_; return @{ $key{$table} } ? ' ON CONFLICT DO NOTHING' : ''; }

sub insert
{
    my ($table) = @_;
    my @in = @{ $columns{$table} };
    return "INSERT INTO $table (" . join(', ', @in) . ') VALUES (' . join(', ', map { value($_) } @in) . ')' . conflict($table) . ';';
}
sub where { my ($table) = @_; my $column = one_of(@{ $columns{$table} }); return chance(0.3) ? '' : $column =~ /^(?:id|x|y|a)$/ ? " WHERE $column BETWEEN " . number() . ' AND ' . number() : ''; }
sub update { my ($table) = @_; return "UPDATE $table SET " . join(', ', map { "$_ = " . value($_) } some(0.3, @{ $columns{$table} })) . where($table) . ';'; }
sub change_key { my ($table) = @_; my $column = one_of(@{ $key{$table} }, 'b'); return "UPDATE $table SET $column = " . value($column) . " WHERE $column = " . value($column) . ';'; }

sub alter_publication
{
    my $name = one_of(@names);
    return "ALTER PUBLICATION $name SET (publish = '" . actions() . "');" if chance(0.3);
    return "ALTER PUBLICATION $name SET (publish_via_partition_root = " . via_root() . ');' if chance(0.3);
    my $table = one_of(sort keys %columns);
    return "ALTER PUBLICATION $name DROP TABLE $table; ALTER PUBLICATION $name ADD TABLE " . published_table($table) . ';' if chance(0.6);
    return "ALTER PUBLICATION $name SET " . published() . ';';
}

sub alter_table
{
    my $table = one_of(sort keys %columns);
    return 'ALTER TABLE t2 REPLICA IDENTITY USING INDEX t2_other;' if chance(0.2);
    return "ALTER TABLE $table ADD extra int DEFAULT 7; ALTER TABLE $table DROP extra;" if chance(0.3);
    return "ALTER TABLE t1 ADD later int DEFAULT 5; UPDATE t1 SET a = a; ALTER TABLE t1 DROP later;" if chance(0.2);
    return "ALTER TABLE $table REPLICA IDENTITY " . one_of('FULL', 'DEFAULT', 'DEFAULT', 'NOTHING') . ';';
}

sub statement
{
    my $table = one_of(@written);
    return alter_publication() if chance(0.07);
    return alter_table() if chance(0.05);
    return 'TRUNCATE ' . join(', ', some(0.2, sort keys %columns)) . ';' if chance(0.03);
    return insert($table) if chance(0.4);
    return change_key($table) if chance(0.2);
    return "DELETE FROM $table" . where($table) . ';' if chance(0.15);
    return "BEGIN; " . update($table) . ' SAVEPOINT s; ' . insert($table) . ' ROLLBACK TO s; ' . update($table) . ' COMMIT;' if chance(0.1);
    return update($table);
}

# --- what both make of it
sub text { my ($value) = @_; return ref $value ? ($value ? 't' : 'f') : defined $value ? "$value" : undef; }
my %action = (inserted => 'I', updated => 'U', deleted => 'D', truncated => 'T');

# An event of gpsync_decoder as GpsyncTest::Pgoutput has them.
sub as_model
{
    my ($event) = @_;
    my ($data, %as) = ($event->{data}, action => $action{ $event->{type} =~ s/.*\.//r });
    $as{table} = "$data->{schema}.$data->{table}";
    return \%as if $as{action} eq 'T';
    $as{row} = { map { $_ => text($data->{row}{$_}) } keys %{ $data->{row} } } if $data->{row};
    $as{unchanged} = $data->{unchanged} // [] if $data->{row};
    my %old = map { $_ => text($data->{old}{$_}) } grep { defined $data->{old}{$_} } keys %{ $data->{old} // {} };
    $as{old} = \%old if $data->{old};
    return \%as;
}

# A deletion that shows nothing of the old row: no column of the key is in the list, or the row had no replica identity
# (the server lets a row move to another partition where only deletions are published). pgoutput sends nothing of the
# second, our plugin sends both; tests of both are at the end.
sub names_a_row { my ($event) = @_; return $event->{action} ne 'D' || %{ $event->{old} // {} }; }

sub of_model
{
    my ($names) = @_;
    my ($out, $err) = ('', '');
    $node->psql('postgres', "SELECT encode(data, 'hex') FROM " . $model->call('pg_logical_slot_peek_binary_changes', proto_version => 1, publication_names => $names),
        stdout => \$out, stderr => \$err, on_error_stop => 0);
    return $err =~ /ERROR:\s+(cannot use different column lists [^\n]*)/ ? $1 : $err =~ /ERROR/ ? die $err : [ grep { names_a_row($_) } GpsyncTest::Pgoutput::events(split /\n/, $out) ];
}

sub of_ours
{
    my ($names) = @_;
    my $events = eval { [ grep { names_a_row($_) } map { as_model($_) } $ours->peek(publication_names => $names) ] };
    return $events if $events;
    my (undef, $error) = $ours->error(publication_names => $names);
    return $error =~ /(cannot use different column lists [^\n]*)/ ? $1 : die $error;
}

my %seen = (I => 0, U => 0, D => 0, T => 0, refused => 0);
for my $round (1 .. $rounds)
{
    my $script = join "\n", publications(), map { statement() } 1 .. 120;
    $node->psql('postgres', $script, stdout => \my $out, stderr => \my $err, on_error_stop => 0);
    for my $names (one_of(@names), join(',', some(0.5, @names)), join(',', @names))
    {
        my ($expected, $got) = (of_model($names), of_ours($names));
        if (ref $expected) { $seen{ $_->{action} }++ for @$expected; }
        else               { $seen{refused}++; }
        next if is_deeply($got, $expected, "round $round: $names");
        diag("GPSYNC_TEST_SEED=$seed", "\n", $script);
        done_testing;
        exit 1;
    }
    $node->sql("SELECT pg_replication_slot_advance(s, pg_current_wal_lsn()) FROM unnest('{ours,model}'::name[]) s");
}
note(join ', ', map { "$_: $seen{$_}" } sort keys %seen);
cmp_ok($seen{$_}, '>', 0, "there were some of $_") for qw(I U D T);

# --- deletions that show nothing of the old row
sub deletion
{
    my ($sql, @names) = @_;
    $node->sql("SELECT pg_replication_slot_advance(s, pg_current_wal_lsn()) FROM unnest('{ours,model}'::name[]) s; $sql");
    my ($event) = $ours->peek(publication_names => join ',', @names);
    return [ $event->{type}, $event->{subject}, $event->{data}{key}, $event->{data}{old} ];
}
$node->sql(<<~'SQL');
    DROP PUBLICATION IF EXISTS pub1, pub2, pub3, pub4;
    CREATE TABLE top (id int PRIMARY KEY, a int) PARTITION BY RANGE (id);
    CREATE TABLE top_low PARTITION OF top FOR VALUES FROM (0) TO (10);
    CREATE TABLE top_high PARTITION OF top FOR VALUES FROM (10) TO (20);
    INSERT INTO top VALUES (1, 1), (2, 2);
    CREATE PUBLICATION deletions FOR TABLE top_low WITH (publish = 'delete');
    CREATE PUBLICATION list FOR TABLE top (a) WITH (publish = 'insert', publish_via_partition_root);
    SQL
is_deeply(deletion('DELETE FROM top WHERE id = 1', qw(deletions list)), [ 'gpsync.row.deleted', 'public.top', {}, undef ],
    'no column of the key is in the list: a deletion that names no row');
$node->sql('ALTER TABLE top_low REPLICA IDENTITY NOTHING');
is_deeply(deletion('UPDATE top SET id = 11', 'deletions'), [ 'gpsync.row.deleted', 'public.top_low', {}, undef ],
    'a row without replica identity moves to another partition: a deletion that names no row');

# --- a filter that fails for a row: the error's own text would show what is in it
$node->sql(<<~'SQL');
    CREATE TABLE failing (id int PRIMARY KEY, v text);
    ALTER TABLE failing REPLICA IDENTITY FULL;
    CREATE PUBLICATION failing FOR TABLE failing WHERE (pg_size_bytes(v) > 0);
    SELECT pg_replication_slot_advance('ours', pg_current_wal_lsn());
    INSERT INTO failing VALUES (1, '4111-1111-1111-1111 of Ann');
    SQL
my $log = -s $node->logfile;
my ($state, $text) = $ours->error(publication_names => 'failing');
is($state, '22023', 'a filter that fails: its SQLSTATE');
like($text, qr/the row filter of a publication fails for a row, with SQLSTATE 22023.*change of table "failing"; .*skip_change/s, '... which row, and the way past it');
unlike($text . PostgreSQL::Test::Utils::slurp_file($node->logfile, $log) =~ s/INSERT INTO failing.*//r, qr/4111|Ann/, '... and no value, neither in the log');
$node->sql("SELECT pg_replication_slot_advance('ours', pg_current_wal_lsn())");

done_testing;
