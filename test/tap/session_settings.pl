# A database's owner, and whoever may set a role's settings, decides nothing about our sessions: relays (one of them a
# superuser's) and the supervisor run none of his operators, functions and types, and work as ever.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
my $ods  = GpsyncTest::Emulator->new('ods');
$node->safe_psql('postgres', 'CREATE ROLE dbowner LOGIN; CREATE ROLE relay LOGIN REPLICATION; CREATE DATABASE app OWNER dbowner');

# How the test's own sessions keep the settings away that it sets.
my $OPTIONS = join ' ', map { "-c $_" } 'search_path=public', 'role=none', map({ "${_}_timeout=0" } qw(statement lock idle_session)),
    'idle_in_transaction_session_timeout=0', 'default_transaction_read_only=off', 'default_transaction_deferrable=off', 'exit_on_error=off',
    'default_transaction_isolation=read\ committed', 'quote_all_identifiers=off', 'client_encoding=UTF8';

# SQL in the database under attack.
sub app
{
    my ($sql) = @_;
    local $ENV{PGOPTIONS} = $OPTIONS;
    return $node->safe_psql('app', $sql);
}

sub app_becomes
{
    my ($sql, $expected, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $last = '';
    my $became = GpsyncTest::wait_until(sub { ($last = eval { app($sql) } // $@) eq $expected }, $what);
    diag("the last answer was: $last") unless $became;
    return ok($became, $what);
}

app(<<'SQL');
CREATE EXTENSION gpsync;
SELECT gpsync.create_platform_tables();
SELECT gpsync.grant_relay('relay');
SQL
for my $endpoint ($nws, $ods)
{
    my ($name, $url) = ($endpoint->name, $endpoint->url);
    app("CREATE SERVER $name FOREIGN DATA WRAPPER gpsync_http OPTIONS (url '$url'); GRANT USAGE ON FOREIGN SERVER $name TO relay");
    app("SELECT gpsync.create_stream('$name', endpoints => '{$name}', bookkeeping => " . ($name eq 'nws' ? 'true' : 'false') . ')');
}

# What names and operators of pg_catalog mean first where evil stands before it. Each notes who ran it, and tries to
# make its owner a superuser.
my @operators = map { my $type = $_; map { [ $_, $type, $type ] } '=', '<>', '<', '>', '||' } qw(text name bigint oid jsonb pg_lsn);
push @operators, [ '->', 'jsonb', 'text' ], [ '->>', 'jsonb', 'text' ], [ '=', 'name', 'text' ], [ '=', 'text', 'name' ], [ '=', '"char"', '"char"' ];
my $operators = join "\n", map {
    my ($name, $left, $right) = @{ $operators[$_] };
    my $result = $name eq '||' ? $left : $name eq '->' ? 'jsonb' : $name eq '->>' ? 'text' : 'boolean';
    <<"SQL" } 0 .. $#operators;
CREATE FUNCTION evil.operator$_(a $left, b $right) RETURNS $result LANGUAGE plpgsql AS \$\$
BEGIN PERFORM evil.run('$name'); RETURN a OPERATOR(pg_catalog.$name) b; END \$\$;
CREATE OPERATOR evil.$name (LEFTARG = $left, RIGHTARG = $right, FUNCTION = evil.operator$_);
SQL
my @functions = (
    [ 'current_setting',    'text',                'text',        'pg_catalog.current_setting($1)' ],
    [ 'set_config',         'text, text, boolean', 'text',        'pg_catalog.set_config($1, $2, $3)' ],
    [ 'now',                '',                    'timestamptz', 'pg_catalog.now()' ],
    [ 'clock_timestamp',    '',                    'timestamptz', 'pg_catalog.clock_timestamp()' ],
    [ 'lower',              'text',                'text',        'pg_catalog.lower($1)' ],
    [ 'pg_current_wal_lsn', '',                    'pg_lsn',      'pg_catalog.pg_current_wal_lsn()' ]);
my $functions = join "\n", map {
    my ($name, $arguments, $result, $call) = @$_;
    <<"SQL" } @functions;
CREATE FUNCTION evil.$name($arguments) RETURNS $result LANGUAGE plpgsql AS \$\$
BEGIN PERFORM evil.run('$name'); RETURN $call; END \$\$;
SQL
app(<<"SQL");
SET ROLE dbowner;
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE TABLE evil.diary (what text, who text, session text, outcome text);
GRANT INSERT ON evil.diary TO PUBLIC;
CREATE FUNCTION evil.run(what text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS \$\$
DECLARE
    outcome text := 'went through';
BEGIN
    BEGIN
        ALTER ROLE dbowner SUPERUSER;
    EXCEPTION WHEN OTHERS THEN outcome := SQLSTATE;
    END;
    INSERT INTO evil.diary VALUES (what, current_user, session_user, outcome);
END \$\$;
CREATE FUNCTION evil.checked(anyelement, what text) RETURNS boolean LANGUAGE plpgsql AS \$\$
BEGIN PERFORM evil.run(what); RETURN true; END \$\$;
CREATE DOMAIN evil.text AS pg_catalog.text CHECK (evil.checked(VALUE, 'type text'));
CREATE DOMAIN evil.jsonb AS pg_catalog.jsonb CHECK (evil.checked(VALUE, 'type jsonb'));
CREATE DOMAIN evil.pg_lsn AS pg_catalog.pg_lsn CHECK (evil.checked(VALUE, 'type pg_lsn'));
CREATE VIEW evil.pg_settings AS SELECT * FROM pg_catalog.pg_settings WHERE evil.checked(name, 'pg_settings');
CREATE VIEW evil.pg_database AS SELECT * FROM pg_catalog.pg_database WHERE evil.checked(datname, 'pg_database');
$operators
$functions
SQL

# The trap works: a superuser who connects carelessly walks into it. Then the way back.
app("SET ROLE dbowner; ALTER DATABASE app SET search_path = evil, pg_catalog");
$node->safe_psql('app', q{SELECT setting FROM pg_settings WHERE name = 'port'});
like(app('SELECT DISTINCT outcome FROM evil.diary'), qr/went through/, 'the trap works');
is(app("SELECT rolsuper FROM pg_roles WHERE rolname = 'dbowner'"), 't', '... on whoever is not careful');
app('ALTER ROLE dbowner NOSUPERUSER; TRUNCATE evil.diary');

$node->configure(
    shared_preload_libraries => 'gpsync',
    'gpsync.databases'       => 'app',
    'gpsync.relay_conninfo'  => 'host=' . $node->host . ' port=' . $node->port . ' user=postgres');
my ($relay, $rows) = (undef, 0);

# Both relays stream and deliver: the supervisor's as superuser, another as role relay; nothing of dbowner's ran.
sub all_is_well
{
    my ($what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    note($what);
    my @rows = map { "w" . ++$rows } 1 .. 5;
    app("INSERT INTO provision_status (provision_id, status) VALUES " . join(', ', map { "('$_', 'RECEIVED')" } @rows));
    app("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = '$rows[0]'");
    app_becomes("SELECT count(*) FROM provision_status WHERE sync_status IS DISTINCT FROM 'COMPLETED'", 0, "$what: delivered and booked");
    app_becomes("SELECT string_agg(relay_state, ' ') FROM gpsync.stream_status", 'streaming streaming', "$what: both relays stream");
    my $last = $rows[-1];
    ok(GpsyncTest::wait_until(sub { $ods->events("/$last\"") }, 'the other relay has delivered it'), "$what: at both endpoints");
    is(app('TABLE evil.diary'), '', "$what: nothing of the database's owner ran");
    is(app("SELECT rolsuper FROM pg_roles WHERE rolname = 'dbowner'"), 'f', '... and gave him no rights');
    return;
}

# Everything begins anew: the supervisor with its two relays, and one of role relay, which stands by for stream ods or takes it.
sub begin_again
{
    $relay->stop if $relay;
    $node->restart;
    $relay = GpsyncTest::Relay->spawn('relay_ods', [ GpsyncTest::Relay::program(), '--dbname', $node->connstr('app') . ' user=relay', '--stream', 'ods' ]);
    return;
}

begin_again();
all_is_well('search_path of the database');

app("ALTER ROLE postgres IN DATABASE app SET search_path = evil, pg_catalog; ALTER ROLE relay IN DATABASE app SET search_path = evil, pg_catalog;
     ALTER ROLE postgres SET search_path = evil, pg_catalog; ALTER DATABASE app RESET search_path");
begin_again();
all_is_well('search_path of the roles');

my $apart = $node->basedir . '/apart';
mkdir $apart or die "cannot make $apart: $!\n";
app("CREATE TABLESPACE apart LOCATION '$apart'");
my %hostile = (
    search_path => 'evil, pg_catalog', default_transaction_isolation => "'serializable'", default_transaction_read_only => 'on',
    default_transaction_deferrable => 'on', statement_timeout => "'1ms'", lock_timeout => "'1ms'", idle_session_timeout => "'1ms'",
    idle_in_transaction_session_timeout => "'1ms'", exit_on_error => 'on', row_security => 'off', datestyle => "'SQL, DMY'",
    intervalstyle => "'sql_standard'", bytea_output => "'escape'", standard_conforming_strings => 'off', client_encoding => "'LATIN1'",
    extra_float_digits => '-15', array_nulls => 'off', transform_null_equals => 'on', quote_all_identifiers => 'on',
    default_tablespace => 'apart', synchronous_commit => 'off', log_parameter_max_length_on_error => '-1', timezone => "'Asia/Kathmandu'", role => "'dbowner'");
app(join ' ', map { "ALTER DATABASE app SET $_ = $hostile{$_};" } sort keys %hostile);
begin_again();
# A deferrable transaction, as the settings have it, waits for this one.
my $open = do {
    local $ENV{PGOPTIONS} = $OPTIONS;
    $node->background_psql('app', on_error_stop => 0);
};
$open->query('BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; CREATE TABLE held (); SELECT 1');
all_is_well('every setting that could stop us');
$open->quit;

# The tables of a spool are made when an endpoint is down.
$nws->faults(kind => 'status', status => 503, seconds => 600);
app("INSERT INTO provision_status (provision_id, status) VALUES ('spooled', 'RECEIVED')");
app_becomes('SELECT count(*) > 0 FROM gpsync.spool_segment', 't', 'an endpoint is behind, and has a spool');
is(app("SELECT count(*) FROM pg_class AS c JOIN pg_tablespace AS t ON t.oid = c.reltablespace WHERE t.spcname = 'apart'"), '0',
    '... not in the tablespace that the database names, whose owner may not use it');
$relay->stop;
is_deeply([ grep { $_->{raw} } $relay->log_records ], [], "what the server says of these settings stays out of the relay's log");
done_testing;
