# Every function of gpsync that everybody may call, called in ways that nobody should: as triggers of any timing, level,
# event and number of arguments on tables of any shape, and with NULLs and odd values. Errors are fine, crashes are not.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql('CREATE ROLE mallory LOGIN; CREATE SCHEMA mallory AUTHORIZATION mallory');
my $server_start = $node->sql('SELECT pg_postmaster_start_time()');

# Runs statements as mallory in one session, errors and all; a test that the server has survived.
sub survives
{
    my ($name, @statements) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my ($out, $err) = ('', '');
    $node->psql('postgres', join(";\n", "SET statement_timeout = '20s'", @statements, q{SELECT 'survived'}),
        stdout => \$out, stderr => \$err, extra_params => [ '-U', 'mallory' ], on_error_stop => 0);
    like($out, qr/survived$/, $name) or diag($err);
    unlike($err, qr/XX000|cache lookup failed|unrecognized|invalid memory/, '... without an internal error');
    return;
}

my @triggers = split /\n/, $node->sql(<<~'SQL');
    SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace) AND p.prorettype = 'trigger'::regtype
        AND has_function_privilege('mallory', p.oid, 'EXECUTE') ORDER BY 1
    SQL
cmp_ok(scalar @triggers, '>=', 5, "trigger functions that everybody may use: @triggers");

# Tables with all, some, oddly typed and none of the columns that the functions look for.
my %tables = (
    full      => q{id int PRIMARY KEY, status text, sync_status varchar(20), last_sync_timestamp timestamptz, sync_revision bigint, last_updated timestamptz, doc jsonb},
    odd       => q{id int[], status int, sync_status xml, last_sync_timestamp point, sync_revision text, last_updated int, doc json},
    generated => q{id int, status text, sync_status text GENERATED ALWAYS AS ('a') STORED, sync_revision bigint GENERATED ALWAYS AS IDENTITY, last_updated timestamp, doc text},
    none      => q{},
    dropped   => q{gone int, status text, sync_status text, sync_revision bigint, doc jsonb},
);
my @arguments = (q{}, q{''}, q{'provision'}, q{'provision', 'status', 'gpsync'}, q{'provision', 'id'}, q{'nothing', 'nothing', 'nothing', 'nothing'},
    q{'doc', 'payments@1', '1'}, q{'status', 'nothing@1', 'doc'}, join(', ', ("'a'") x 50));
my @whens = map { my $timing = $_; map { "$timing $_" } 'INSERT', 'UPDATE', 'DELETE', 'INSERT OR UPDATE OR DELETE' } 'BEFORE', 'AFTER';
push @whens, 'BEFORE TRUNCATE', 'AFTER TRUNCATE', 'AFTER UPDATE OF status';

my $writes = join ";\n", 'INSERT INTO mallory.t DEFAULT VALUES', q{INSERT INTO mallory.t (status) VALUES ('RECEIVED'), (NULL), ('A')}, 'INSERT INTO mallory.t SELECT * FROM mallory.t',
    'UPDATE mallory.t SET status = status', q{UPDATE mallory.t SET status = 'PROCESSING'}, 'UPDATE mallory.t SET doc = NULL', 'DELETE FROM mallory.t', 'TRUNCATE mallory.t';

for my $table (sort keys %tables)
{
    for my $function (@triggers)
    {
        my @statements = ("CREATE TABLE mallory.t ($tables{$table})");
        push @statements, 'ALTER TABLE mallory.t DROP COLUMN gone' if $table eq 'dropped';
        for my $when (@whens)
        {
            for my $level ('ROW', 'STATEMENT')
            {
                for my $name ('gpsync_stamp', 'a')
                {
                    my $arguments = $arguments[ (@statements / 4 + length $function) % @arguments ];
                    push @statements, "CREATE TRIGGER $name $when ON mallory.t FOR EACH $level EXECUTE FUNCTION gpsync_internal.$function($arguments)",
                        $writes, "DROP TRIGGER $name ON mallory.t", 'DELETE FROM mallory.t';
                }
            }
        }
        survives("$function() on a table with columns: $table", @statements, 'DROP TABLE mallory.t');
    }
}

survives('on a view, a partition and a foreign key', 'CREATE TABLE mallory.t (id int PRIMARY KEY, status text) PARTITION BY LIST (id)',
    'CREATE TABLE mallory.p PARTITION OF mallory.t DEFAULT', 'CREATE VIEW mallory.v AS SELECT * FROM mallory.t',
    (map { ("CREATE TRIGGER a INSTEAD OF INSERT OR UPDATE OR DELETE ON mallory.v FOR EACH ROW EXECUTE FUNCTION gpsync_internal.$_()",
        'INSERT INTO mallory.v VALUES (1)', 'UPDATE mallory.v SET status = id', 'DELETE FROM mallory.v', 'DROP TRIGGER a ON mallory.v',
        "CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE OR DELETE ON mallory.t FOR EACH ROW EXECUTE FUNCTION gpsync_internal.$_()",
        q{INSERT INTO mallory.t VALUES (1, 'a')}, 'UPDATE mallory.t SET id = 2', 'DELETE FROM mallory.t', 'DROP TRIGGER gpsync_stamp ON mallory.t',
        "CREATE CONSTRAINT TRIGGER a AFTER INSERT OR UPDATE ON mallory.p DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gpsync_internal.$_()",
        q{BEGIN}, q{INSERT INTO mallory.t VALUES (3, 'a')}, q{UPDATE mallory.t SET status = 'b'}, q{COMMIT}, 'DROP TRIGGER a ON mallory.p') } @triggers),
    'DROP VIEW mallory.v', 'DROP TABLE mallory.t');

# The other functions: each argument NULL, empty, or out of range; and as a trigger's function without a trigger.
my %values = (
    text => [ q{NULL}, q{''}, q{'a'}, q{'provision'}, q{repeat('x', 100000)} ], name => [ 'NULL', q{''}, q{'status'} ],
    jsonb => [ 'NULL', q{'null'}, q{'{}'}, q{'[]'}, q{'"4111111111111111"'}, q{(repeat('[', 5000) || repeat(']', 5000))::jsonb} ],
    bigint => [ 'NULL', '0', '-9223372036854775808', '9223372036854775807' ], integer => [ 'NULL', '0', '-1', '2147483647' ],
    'text[]' => [ 'NULL', q{'{}'}, q{'{NULL}'}, q{'{{a,b},{c,d}}'} ], 'name[]' => [ 'NULL', q{'{}'}, q{'{NULL}'} ],
    bytea => [ 'NULL', q{''}, q{'\\x00'}, q{'\\x6100'}, q{'\\x616161'} ], regclass => [ 'NULL', '0', q{'pg_class'}, q{'gpsync.stream'}, '1' ], oid => [ 'NULL', '0', '1' ],
    boolean => [ 'NULL', 'true' ], 'pg_lsn' => [ 'NULL', q{'0/0'}, q{'FFFFFFFF/FFFFFFFF'} ], interval => [ 'NULL', q{'-1 s'} ], uuid => [ 'NULL', q{'00000000-0000-0000-0000-000000000000'}, q{'ffffffff-ffff-8fff-bfff-ffffffffffff'}, q{'00000000-0000-8000-8000-000000000003'} ], '"char"' => [ 'NULL', q{''} ],
);
my @functions = map { [ split /\|/, $_, -1 ] } split /\n/, $node->sql(<<~'SQL');
    SELECT p.oid::regproc, array_to_string(array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, n) ORDER BY n), ',')
    FROM pg_proc AS p WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace) AND p.prorettype <> 'event_trigger'::regtype
        AND has_function_privilege('mallory', p.oid, 'EXECUTE') ORDER BY 1, 2
    SQL
cmp_ok(scalar @functions, '>', 20, 'functions that everybody may call');
for my $function (@functions)
{
    my ($name, @types) = ($function->[0], split /,/, $function->[1]);
    my @calls = ([]);
    for my $type (@types)
    {
        my @values = map { "$_\::$type" } @{ $values{$type} // ['NULL'] };
        @calls = map { my $call = $_; map { [ @$call, $_ ] } @values } @calls;
    }
    splice @calls, 400 if @calls > 400;
    survives("$name($function->[1])", map { "SELECT length(($name(" . join(', ', @$_) . '))::text)' } @calls);
}

is($node->sql('SELECT pg_postmaster_start_time()'), $server_start, 'the server has not been restarted');
my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
unlike($log, qr/terminated by signal/, 'no backend crashed');
like($log, qr/has no column "sync_status"/, 'the triggers were reached');
my %errors = map { $_ => 1 } $log =~ /ERROR:  (.*)/g;
note(scalar keys %errors, ' different errors: ', join(' | ', sort keys %errors));
done_testing;
