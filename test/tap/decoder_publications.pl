# The decoder: its options, and which tables and actions publications let through.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use JSON::PP ();
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<~'SQL');
    CREATE TABLE a (id int PRIMARY KEY, v int);
    CREATE TABLE b (id int PRIMARY KEY, v int);
    CREATE SCHEMA other; CREATE TABLE other.c (id int PRIMARY KEY, v int);
    SQL
my $slot = GpsyncTest::Slot->new($node, 'publications');
my $n = 0;

# One row in each table, and which of them the options let through.
sub insert_all { ++$n; $node->sql("INSERT INTO $_ VALUES ($n)") for qw(a b other.c); return; }
sub subjects { return join ' ', map { $_->{subject} =~ s{/.*}{}r } @_; }
sub streamed { my (%options) = @_; insert_all(); return subjects($slot->events(%options)); }

# --- options
sub refused
{
    my ($options, $state, $error, $what) = @_;
    my ($got, $text) = $slot->error(%$options);
    is($got, $state, "$what: SQLSTATE");
    like($text, $error, $what);
    return;
}
$node->sql('INSERT INTO a VALUES (0)');
refused({ publication_name => 'x' }, '22023', qr/unrecognized option "publication_name".*HINT:.*"publication_names".*Valid options are: publication_names, format, pack_bytes/s, 'a misspelt option');
refused({ zzz => 'x' }, '22023', qr/unrecognized option "zzz".*HINT:\s+Valid options are/s, 'an unknown one');
refused({ format => 'wal2json', zzz => 'x' }, '22023', qr/HINT:\s+Valid options are: publication_names(?!.*(?:topics|book_lines|include-unchanged-toast)).*include-xids/s, '... of wal2json: what that format takes');
refused({ format => 'avro' }, '22023', qr/option "format": "avro".*HINT:\s+Valid formats are: cloudevents, wal2json/s, 'an unknown format');
refused({ format => 'cloudevent' }, '22023', qr/Perhaps you meant "cloudevents"/, 'a misspelt one');
refused({ pack_bytes => $_ }, '22023', qr/option "pack_bytes": "\Q$_\E".*from 0.*to 67108864/s, "pack_bytes $_") for ('-1', '67108865', 'many', '1XB', '', '1 2', '65MB');
refused({ publication_names => $_ }, '22023', qr/option "publication_names": "\Q$_\E"/, "publication_names '$_'") for ('', 'a,', 'a b', '"a');
my ($state, $text) = $node->sql_error("SELECT FROM pg_logical_slot_peek_changes('publications', NULL, NULL, 'pack_bytes', '1', 'pack_bytes', '2');");
is($state, '22023', 'an option given twice: SQLSTATE');
like($text, qr/option "pack_bytes" is given more than once.*HINT:.*once/s, 'an option given twice');

# --- whatever is refused of whichever option: SQLSTATE 22023, and a hint
sub valid_options { my ($list) = ($slot->error(zzz => 1, @_))[1] =~ /Valid options are: ([^.]*)\./; return split /, /, $list; }
my @native = valid_options();
my %formats = map { ($_ => 1) } @native, valid_options(format => 'wal2json');
my %of_another_state = (relay_version => '55000', 'filter-origins' => '42704');
sub refusals
{
    my ($statements, %params) = @_;
    my $script = join '', "\\set VERBOSITY verbose\n", map { "\\warn == $_->[0]\n$_->[1];\n" } @$statements;
    my $err = '';
    $node->psql('postgres', $script, stderr => \$err, on_error_stop => 0, %params);
    my (%found, $name);
    for my $line (split /\n/, $err)
    {
        if ($line =~ /== (\S+)/) { $name = $1; next }
        if ($line =~ /ERROR:\s+(\w+):/) { push @{ $found{$name} }, { state => $1, text => '' } }
        $found{$name}[-1]{text} .= "$line\n" if $found{$name};
    }
    return %found;
}
sub all_are_hinted
{
    my ($found, $options, $what) = @_;
    is(join(' ', grep { !$found->{$_} } @$options), '', "$what: each option is refused");
    my @without = map { my $name = $_; my $other = $of_another_state{$name} // '22023'; grep { $_->{text} !~ /HINT:\s+\S/ || $_->{state} !~ /^(?:22023|$other)$/ || $_->{text} !~ /"\Q$name\E"|relay/ } @{ $found->{$name} } } sort keys %$found;
    is(join('', map { $_->{text} } @without), '', "$what: with its name, its SQLSTATE and a hint");
    return;
}
my @statements;
for my $name (sort keys %formats)
{
    my @format = $name eq 'format' ? () : (format => (grep { $_ eq $name } qw(topics book_lines)) ? 'cloudevents' : 'wal2json');
    push @statements, map { [ $name, 'SELECT FROM ' . $slot->call('pg_logical_slot_peek_changes', @format, $name => $_) ] } '', '-1', 'a b', 'a,', '"x', '1/0', '65/65', '99999999999';
}
all_are_hinted({ refusals(\@statements) }, [ sort keys %formats ], 'bad values');
my %valid = (pack_bytes => 1, book_lines => 'on', publication_names => 'a', format => 'wal2json', topics => 'a', partition => '1/2', skip_changes => '0000000000000001-00000001', relay_version => $node->sql('SELECT default_version FROM pg_available_extensions WHERE name = $$gpsync$$'));
all_are_hinted({ refusals([ map { [ $_, "SELECT FROM pg_logical_slot_peek_changes('publications', NULL, NULL" . ", '$_', '$valid{$_}'" x 2 . ')' ] } @native ]) }, \@native, 'given twice');
my @of_wal2json = grep { my $name = $_; !grep { $_ eq $name } @native } sort keys %formats;
all_are_hinted({ refusals([ map { [ $_, 'SELECT FROM ' . $slot->call('pg_logical_slot_peek_changes', $_ => 'x') ] } @of_wal2json ]) }, \@of_wal2json, 'of the other format');
all_are_hinted({ refusals([ map { [ $_, "START_REPLICATION SLOT publications LOGICAL 0/0 ($_)" ] } @native ], replication => 'database') }, \@native, 'without a value');
$node->sql('CREATE PUBLICATION "Odd, name" FOR TABLE a');
unlike($slot->warnings_of_reading(publication_names => '"Odd, name"', pack_bytes => $_, format => 'cloudevents'), qr/ERROR/, "accepted: pack_bytes $_")
    for (0, 1, 67108864, '64kB', '64MB');

# --- a publication that does not exist yet
insert_all();
my $repeated = $slot->copy('repeated');
my $warning = $slot->warnings_of_reading;
like($warning, qr/WARNING:\s+publication "gpsync" does not exist/, 'a missing publication is a warning');
is(() = $warning =~ /WARNING/g, 1, 'said once');
like($warning, qr/DETAIL:.*until it is created.*HINT:.*CREATE PUBLICATION/s, 'with what to do');
is(() = $repeated->warnings_of_reading(publication_names => 'absent, b, absent,ABSENT') =~ /"absent" does not exist/g, 1, 'also if it is named repeatedly');
$repeated->drop;
is(streamed(), '', 'and no rows');
$node->sql("INSERT INTO a VALUES (1000); CREATE PUBLICATION gpsync FOR TABLE a; INSERT INTO a VALUES (1001)");
is(join(' ', map { $_->{subject} } $slot->events), 'public.a/1001', 'what is changed after it was created is streamed');
is(streamed(publication_names => 'gpsync, missing'), 'public.a', 'one that exists streams beside one that does not');

# --- what publications cover
$node->sql('CREATE PUBLICATION two FOR TABLE b');
is(streamed(publication_names => 'gpsync,two'), 'public.a public.b', 'several publications');
is(streamed(publication_names => 'GPSYNC'), 'public.a', 'names are folded as in SQL');
is(streamed(publication_names => '"Odd, name"'), 'public.a', 'unless quoted');
$node->sql('ALTER PUBLICATION gpsync ADD TABLES IN SCHEMA other');
is(streamed(), 'public.a other.c', 'tables in schema');
$node->sql('CREATE TABLE other.later (id int PRIMARY KEY); INSERT INTO other.later VALUES (1)');
is(subjects($slot->events), 'other.later', 'also those made later');
$node->sql('INSERT INTO b VALUES (2000); ALTER TABLE b SET SCHEMA other; INSERT INTO other.b VALUES (2001); ALTER TABLE other.b SET SCHEMA public; INSERT INTO b VALUES (2002)');
is(join(' ', map { $_->{subject} } $slot->events), 'other.b/2001', 'or moved there');
# The reader has seen a change of the partition before an ancestor moves; pgoutput would not notice.
$node->sql(<<~'END');
    CREATE TABLE root (id int PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE half PARTITION OF root FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id); CREATE TABLE leaf PARTITION OF half FOR VALUES FROM (0) TO (10);
    INSERT INTO root VALUES (1); ALTER TABLE half SET SCHEMA other; INSERT INTO root VALUES (2); ALTER TABLE other.half SET SCHEMA public; INSERT INTO root VALUES (3);
    ALTER TABLE root SET SCHEMA other; INSERT INTO other.root VALUES (4); ALTER TABLE other.root SET SCHEMA public; INSERT INTO root VALUES (5);
    END
is(join(' ', map { $_->{subject} } $slot->events), 'public.leaf/2 public.leaf/4', 'a partition whose ancestor is moved there');
$node->sql('DROP TABLE root');
$node->sql('CREATE PUBLICATION everything FOR ALL TABLES');
is(streamed(publication_names => 'everything'), 'public.a public.b other.c', 'all tables');
$node->sql('DROP PUBLICATION everything');
is(streamed(publication_names => 'everything'), '', 'none once it is dropped');

# --- actions
sub actions
{
    my ($publish) = @_;
    $node->sql("ALTER PUBLICATION two SET (publish = '$publish')");
    $node->sql('INSERT INTO b VALUES (-1); UPDATE b SET v = 1 WHERE id = -1; DELETE FROM b WHERE id = -1; TRUNCATE b');
    return join ' ', map { $_->{type} =~ s/.*\.//r } $slot->events(publication_names => 'two');
}
is(actions('insert'), 'inserted', 'publish = insert');
is(actions('update'), 'updated', 'publish = update');
is(actions('delete'), 'deleted', 'publish = delete');
is(actions('truncate'), 'truncated', 'publish = truncate');
is(actions(''), '', 'publish = nothing');
is(actions('delete, insert'), 'inserted deleted', 'publish = delete, insert');
$node->sql("CREATE PUBLICATION updates FOR TABLE b WITH (publish = 'update')");
$node->sql('INSERT INTO b VALUES (-1); UPDATE b SET v = 1 WHERE id = -1');
is(join(' ', map { $_->{type} =~ s/.*\.//r } $slot->events(publication_names => 'two, updates')), 'inserted updated', 'actions of several publications add up');
$node->sql("ALTER PUBLICATION two SET (publish = 'insert'); BEGIN; UPDATE b SET v = 2; INSERT INTO b VALUES (-2); COMMIT");
my ($event) = $slot->events(publication_names => 'two');
is(GpsyncTest::Slot::ordinal($event), 2, 'the ordinal counts what is not published too');

# --- column lists and row filters; decoder_publication_filters.pl compares with pgoutput
sub rows { return join ' ', map { my $data = $_->{data}; $data->{table} . JSON::PP->new->canonical->encode($data->{row}) } @_; }
$node->sql('CREATE PUBLICATION listed FOR TABLE b, a (id); CREATE PUBLICATION filtered FOR TABLE a WHERE (id > 0 AND v % 2 = 0), b');
$node->sql('ALTER PUBLICATION filtered SET (publish = $$insert$$)');
insert_all();
$node->sql('INSERT INTO a VALUES (-1, 1), (-2, 2), (10000, 1), (10002, 2)');
is(rows($slot->peek(publication_names => 'listed')), qq(a{"id":$n} b{"id":$n,"v":null} a{"id":-1} a{"id":-2} a{"id":10000} a{"id":10002}), 'a column list');
is(rows($slot->peek(publication_names => 'filtered')), qq(b{"id":$n,"v":null} a{"id":10002,"v":2}), 'a row filter');
is(scalar(() = $slot->peek(publication_names => 'gpsync, filtered')), 7, 'a publication without a filter lets every row through');
my @lines = split /\n/, $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes', publication_names => 'listed', format => 'wal2json', 'format-version' => 2));
is((grep { /"table":"a"/ && /"name":"v"/ } @lines), 0, 'format wal2json takes lists');
is((grep { /"table":"a"/ } @lines), 5, '... and shows the rest');
is((grep { /"table":"a"/ } split /\n/, $node->sql('SELECT data FROM ' . $slot->call('pg_logical_slot_peek_changes', publication_names => 'filtered', format => 'wal2json', 'format-version' => 2))), 1, '... and filters');
refused({ publication_names => 'gpsync, listed' }, '0A000', qr/cannot use different column lists for table "public.a" in different publications.*HINT:/s, 'lists that differ');
$node->sql('ALTER PUBLICATION listed SET TABLE a (v, id)');
$slot->lines;
$node->sql('INSERT INTO a VALUES (20000, 2)');
is(rows($slot->peek(publication_names => 'gpsync, listed')), 'a{"id":20000,"v":2}', 'a list of all columns counts as none');
$node->sql('ALTER TABLE a ADD g int GENERATED ALWAYS AS (v * 2) STORED; INSERT INTO a VALUES (20001, 2)');
is(rows($slot->peek(publication_names => 'listed')), 'a{"id":20000,"v":2} a{"id":20001,"v":2}', 'a generated column is not listed');
$slot->lines;
$node->sql('ALTER TABLE a DROP g; DROP PUBLICATION listed');
$node->sql('CREATE PUBLICATION halves FOR TABLE a WHERE (1 / (id - 30000) < 5)');
$node->sql('INSERT INTO a VALUES (30000, 1)');
refused({ publication_names => 'halves' }, '22012', qr/division by zero.*CONTEXT:.*change of table "a".*skip_change\(stream, '[0-9A-F\/]+', 1, reason\)/s, 'a filter that fails names the change');
my %wal2json = (publication_names => 'halves', format => 'wal2json', 'format-version' => 2);
my ($sequence) = ($slot->error(%wal2json))[1] =~ /CONTEXT:.*change of table "a"; option skip_changes '([0-9A-F-]+)' leaves it out/;
ok($sequence, '... and to a consumer without a stream of gpsync the option');
is(scalar $slot->peek(%wal2json, skip_changes => $sequence), 0, '... with which it gets past it');
$slot->lines;
$node->sql('DROP PUBLICATION halves, filtered');

# --- schema gpsync is never streamed
$node->sql(<<~'SQL');
    CREATE EXTENSION gpsync;
    CREATE PUBLICATION all_of_it FOR ALL TABLES;
    CREATE TABLE gpsync.mine (id int PRIMARY KEY) ;
    CREATE PUBLICATION own FOR TABLES IN SCHEMA gpsync;
    CREATE PUBLICATION own_table FOR TABLE gpsync.mine;
    CREATE TABLE gpsync.root (id int PRIMARY KEY) PARTITION BY LIST (id);
    CREATE TABLE public.part PARTITION OF gpsync.root DEFAULT;
    CREATE PUBLICATION own_root FOR TABLE gpsync.root WITH (publish_via_partition_root);
    INSERT INTO gpsync.mine VALUES (1);
    INSERT INTO gpsync.root VALUES (1);
    TRUNCATE gpsync.mine;
    SQL
is(join(' ', map { "$_->{data}{schema}.$_->{data}{table}" } $slot->peek(publication_names => 'own, own_table, own_root')), '', 'tables of schema gpsync are never streamed');
is(join(' ', map { "$_->{data}{schema}.$_->{data}{table}" } $slot->peek(publication_names => 'all_of_it')), 'public.part', 'nor by FOR ALL TABLES');
$slot->lines;

# --- two slots, one after the other and with different options in one session
my $second = GpsyncTest::Slot->new($node, 'second');
insert_all();
is($node->sql("SELECT count(*) FROM " . $slot->call('pg_logical_slot_get_changes', publication_names => 'gpsync')
        . "; SELECT count(*) FROM " . $second->call('pg_logical_slot_get_changes', publication_names => 'two, gpsync')
        . "; ALTER PUBLICATION gpsync ADD TABLE b; INSERT INTO b VALUES (5000); SELECT count(*) FROM " . $slot->call('pg_logical_slot_get_changes')),
    "2\n3\n1", 'two slots in one session, each with its own cache');
insert_all();
is_deeply([ map { $_->{id} } $slot->events ], [ grep { defined } map { $_->{id} } grep { $_->{data}{row}{id} == $n } $second->events ], 'both see the same ids');

done_testing;
