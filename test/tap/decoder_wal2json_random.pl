# format 'wal2json' against wal2json itself: random tables, changes and options, decoded by both plugins from the same
# WAL. Every line and its LSN is the same. GPSYNC_TEST_SEED repeats a run, GPSYNC_TEST_ROUNDS sets how many rounds.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $seed   = $ENV{GPSYNC_TEST_SEED}   // int(rand(1_000_000));
my $rounds = $ENV{GPSYNC_TEST_ROUNDS} // 8;
srand $seed;
note("GPSYNC_TEST_SEED=$seed");

# What wal2json writes depends on the session; ours is written as for these settings.
my $node = GpsyncTest->new_node('main', timezone => 'UTC', lc_monetary => 'C');
my $wal2json = eval { GpsyncTest::Slot->new($node, 'model', plugin => 'wal2json') };
plan skip_all => 'wal2json is not installed' if !$wal2json;
my $ours = GpsyncTest::Slot->new($node, 'ours');

sub pick { return $_[ int(rand(scalar @_)) ] }
sub chance { my ($percent) = @_; return rand(100) < $percent }

$node->sql(<<~'SQL');
    CREATE SCHEMA "Other s"; CREATE SCHEMA plain;
    CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE "Mood" AS ENUM ('sad', 'ok'); CREATE TYPE plain.mood AS ENUM ('fine');
    CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN nested AS positive; CREATE DOMAIN word AS varchar(12); CREATE DOMAIN amount AS numeric(8, 2);
    CREATE TABLE ended (round int);
    CREATE TYPE pair AS (x int, y text);
    SELECT pg_replication_origin_create('here'), pg_replication_origin_create('there');
    SQL

# Type → literals. None of them is PII.
my %values = (
    int2 => [ 0, -7, 32767 ], int4 => [ 0, 1, -2000 ], int8 => [ 5, -123456 ], oid => [ 3, 99 ], 'numeric(10, 2)' => [ 1.5, -2.25 ],
    numeric => [ "'NaN'", '12.340', "'Infinity'", '-0.001' ], float4 => [ '1.1', "'NaN'", "'-Infinity'" ], float8 => [ '1.5e-7', "'Infinity'", '1e100', '-2' ],
    bool => [ 'true', 'false' ], text => [ "'word'", "''", "E'tab\\tquote\" back\\\\slash\\nline'", "'Grüße'" ], 'varchar(20)' => ["'some words'"], 'char(5)' => ["'ab'"],
    bytea => [ "'\\x'", "'\\x00ff'" ], date => [ "'2026-02-02'", "'infinity'" ], timestamp => ["'2026-01-01 10:00:00.5'"], timestamptz => ["'2026-01-01 10:00+09'"],
    interval => [ "'1 day 02:03'", "'-3 mons'" ], 'interval(3)' => ["'1 s'"], time => ["'10:00'"], uuid => ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
    json => [ q('{"b" : 2}'), q('[1, null]'), q('"s"') ], jsonb => [ q('{"a": 1, "b": [true]}'), q('3') ], 'int[]' => [ "'{1,2}'", "'{}'" ],
    'text[]' => [ q('{"a b","c,d",NULL}'), "'{}'" ], 'bit(3)' => ["'101'"], '"char"' => ["'c'"], name => ["'nm'"], money => ["'12.5'"], mood => [ "'ok'", "'sad'" ],
    '"Mood"' => ["'ok'"], 'plain.mood' => ["'fine'"], 'mood[]' => ["'{ok,sad}'"], positive => [ 1, 20 ], nested => [3], word => ["'abc'"], amount => [ '1.50', '2' ],
    'positive[]' => ["'{4}'"], pair => [ q('(1,"x y")'), "'(,)'" ], int4range => ["'[1,5)'"], tsvector => ["'some words'"]);
my @types   = sort keys %values;
my @columns = ('plain', '"Upper"', '"has ""quotes"""', '"with space"', 'b', 'zz', 'a', '"back\\slash"', '"ünï"');

sub value_of { my ($column) = @_; return $column->{not_null} || chance(80) ? pick(@{ $values{ $column->{type} } }) . "::$column->{type}" : 'NULL' }

my $number = 0;    # of tables and of keys: none comes twice

# A table: { name, columns, keys, … } and the SQL that makes it. No default has a quote or a backslash: what wal2json makes
# of that is no JSON.
sub random_table
{
    my $n = ++$number;
    my $name = pick('public.t', 'plain.t', '"Other s"."T ', 'public."q""', 'public."dot.') . $n;
    $name .= '"' if ($name =~ tr/"//) % 2;
    my %table = (name => $name, columns => [], keys => pick([], ['id'], ['id'], [ 'id', 'id2' ]), generated => chance(25));
    my @defs;
    push @defs, 'gone text' if chance(40);
    my @names = @columns;
    for (1 .. 1 + int(rand(6)))
    {
        my %column = (name => splice(@names, int(rand(scalar @names)), 1), type => pick(@types), not_null => chance(20));
        push @{ $table{columns} }, \%column;
        my $default = $column{type} !~ /text|json|pair|tsvector|bytea|bit|"/ && chance(30) ? ' DEFAULT ' . pick(@{ $values{ $column{type} } }) : '';
        push @defs, "$column{name} $column{type}$default" . ($column{not_null} ? ' NOT NULL' : '');
        push @defs, 'id2 varchar(9) NOT NULL', 'id ' . pick('int4', 'int8', $name =~ /"/ ? 'int2' : 'serial') . ' NOT NULL' if $_ == 1;
    }
    push @defs, 'big text' if $table{big} = chance(40);
    push @defs, 'twice bigint GENERATED ALWAYS AS (id * 2) STORED' if $table{generated};
    push @defs, 'PRIMARY KEY (' . join(', ', @{ $table{keys} }) . ')' if @{ $table{keys} };
    my $sql = "CREATE TABLE $name (" . join(', ', @defs) . ");\n";
    $sql .= "ALTER TABLE $name ALTER big SET STORAGE EXTERNAL;\n" if $table{big};
    $sql .= "ALTER TABLE $name DROP gone;\n" if $defs[0] =~ /^gone/;
    my $identity = pick('', '', "ALTER TABLE $name REPLICA IDENTITY FULL;\n", "ALTER TABLE $name REPLICA IDENTITY NOTHING;\n",
        "CREATE UNIQUE INDEX i$n ON $name (id2, id); ALTER TABLE $name REPLICA IDENTITY USING INDEX i$n;\n");
    $table{default_identity} = $identity eq '';
    return (\%table, $sql . $identity);
}

sub insert
{
    my ($table) = @_;
    my $id = ++$number;
    my %row = (id => $id, id2 => "'k$id'", map { $_->{name} => value_of($_) } @{ $table->{columns} });
    $row{big} = pick("repeat('x', 3000)", "'short'", 'NULL') if $table->{big};
    my @names = sort keys %row;
    return "INSERT INTO $table->{name} (" . join(', ', @names) . ') VALUES (' . join(', ', @row{@names}) . ')';
}

sub update
{
    my ($table) = @_;
    my $column = pick(@{ $table->{columns} });
    my $set = chance(25) ? 'id = id + 10000, id2 = id2' : chance(20) && $table->{big} ? "big = 'y' || big" : "$column->{name} = " . value_of($column);
    return "UPDATE $table->{name} SET $set WHERE id % 3 = " . int(rand(3));
}

sub message
{
    my $transactional = pick('true', 'false');
    return "SELECT pg_logical_emit_message($transactional, " . pick("'p'", "'other'", "'a b'") . ', ' . pick("'some text'", "E'quote\" \\n'", "'{\"a\": 1}'", "''", "'Grüße'") . ')';
}

sub statement
{
    my ($table) = @_;
    my $of_kind = rand(100);
    return insert($table) if $of_kind < 45;
    return update($table) if $of_kind < 70;
    return "DELETE FROM $table->{name} WHERE id % 5 = " . int(rand(5)) if $of_kind < 82;
    return message() if $of_kind < 92;
    return "TRUNCATE $table->{name}" if $of_kind < 95;
    return 'SAVEPOINT s; ' . insert($table) . '; ROLLBACK TO s; ' . insert($table);
}

sub transaction
{
    my (@tables) = @_;
    my $origin = chance(15) ? pick('here', 'there') : undef;
    my $sql = join '', map { statement(pick(@tables)) . ";\n" } 1 .. 1 + int(rand(5));
    $sql = "BEGIN;\n$sql" . pick('COMMIT', 'COMMIT', 'COMMIT', 'ROLLBACK') . ";\n";
    return $sql if !$origin;
    return "SELECT pg_replication_origin_session_setup('$origin');\n${sql}SELECT pg_replication_origin_session_reset();\n";
}

# A table as the filters write it.
sub pattern
{
    my ($table) = @_;
    return pick('*.*', 'public.*', 'plain.*', '*.nothing', 'Other\\ s.*') if chance(30);
    my ($schema, $name) = $table->{name} =~ /^("(?:[^"]|"")*"|[^".]+)\.(.*)$/;
    for ($schema, $name)
    {
        if (s/^"(.*)"$/$1/) { s/""/"/g }
        s/([ ,.*'\\])/\\$1/g;
    }
    return chance(20) ? "*.$name" : "$schema.$name";
}

my @switches = qw(include-transaction include-xids include-timestamp include-lsn include-origin include-schemas include-types include-type-oids include-typmod
    include-domain-data-type include-column-positions include-not-null include-default include-pk pretty-print write-in-chunks);

sub random_options
{
    my (@tables) = @_;
    my %options = ('format-version' => pick(1, 2));
    my $share = pick(0, 15, 50);
    for my $switch (@switches) { $options{$switch} = pick('true', 'false', 'on', '0', 'yes') if chance($share) }
    # wal2json 2.5 shows no key in version 1 where the replica identity is another.
    delete $options{'include-pk'} if $options{'format-version'} == 1 && grep { !$_->{default_identity} } @tables;
    $options{actions} = join ',', grep { chance(60) } qw(insert update delete truncate) if chance(20);
    $options{'filter-tables'} = join pick(',', ' , '), map { pattern($_) } grep { chance(50) } @tables if chance(20);
    $options{'add-tables'} = join ', ', map { pattern($_) } @tables if chance(20);
    $options{'filter-msg-prefixes'} = pick('p', 'other, p') if chance(15);
    $options{'add-msg-prefixes'} = pick('p', 'other, p') if chance(15);
    $options{'filter-origins'} = pick('1', '2', '1, 2') if chance(15);
    return %options;
}

# What both plugins make of the waiting changes: (wal2json's text, ours) for each set of options.
sub decoded
{
    my (@sets) = @_;
    my $sql = '';
    for my $set (@sets)
    {
        my %options = %$set;
        s/'/''/g for values %options;
        $sql .= 'SELECT lsn, data FROM ' . $_ . "; SELECT '=====';\n"
            for $wal2json->call('pg_logical_slot_peek_changes', %options), $ours->call('pg_logical_slot_peek_changes', %options, format => 'wal2json');
    }
    my @texts = split /=====\n?/, $node->sql($sql), -1;
    return map { [ splice @texts, 0, 2 ] } @sets;
}

# Fails, and shows the first line that differs.
sub report
{
    my ($expected, $got, $what) = @_;
    my @expected = split /\n/, $expected;
    my @got      = split /\n/, $got;
    my ($at) = grep { ($got[$_] // '') ne ($expected[$_] // '') } 0 .. ($#got > $#expected ? $#got : $#expected);
    fail($what);
    diag('wal2json: ' . ($expected[$at] // 'nothing') . "\ngpsync:   " . ($got[$at] // 'nothing'));
    return;
}

my $lines = 0;
for my $round (1 .. $rounds)
{
    my (@tables, $sql);
    for (1 .. 3)
    {
        my ($table, $create) = random_table();
        push @tables, $table;
        $sql .= $create;
    }
    $sql .= transaction(@tables) for 1 .. 12;
    # Some statements fail: an UPDATE of a key that is there, an identity that a row lacks.
    $node->psql('postgres', $sql, on_error_stop => 0);
    # What is not of a transaction is read when it has been flushed.
    $node->sql('INSERT INTO ended VALUES (1)');
    my @sets = map { +{ random_options(@tables) } } 1 .. 6;
    my @decoded = decoded(@sets);
    for my $i (0 .. $#sets)
    {
        my ($expected, $got) = @{ $decoded[$i] };
        $expected =~ s/("change": ?\[\s*),\{/$1\{/g;    # 2.5's comma before the one element of a message
        $lines += () = $expected =~ /\n/g;
        report($expected, $got, "round $round of GPSYNC_TEST_SEED=$seed: " . join ', ', map { "$_ => $sets[$i]{$_}" } sort keys %{ $sets[$i] }) if $got ne $expected;
    }
    $_->lines('format-version' => 2, ($_ == $ours ? (format => 'wal2json') : ())) for $wal2json, $ours;
}
note("$lines lines");
cmp_ok($lines, '>', 100 * $rounds, 'lines were compared');

done_testing;
