# A legacy database: another database of the cluster, which an endpoint keeps in step with the events of a stream, and
# which role "verifier" may only read, through foreign tables in schema "legacy".
#
#   my $legacy = GpsyncTest::Legacy->new($node, 't (id bigint PRIMARY KEY, …)', …);   # extension, endpoint "nws"
#   $legacy->sql("DELETE FROM t WHERE id = 1");
#   $legacy->stop; $legacy->start;                                                    # its endpoint
package GpsyncTest::Legacy;

use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use GpsyncTest::Process;

# Refuses rows that have the text "refuse me". Events of a key that are older than what the key has seen are repeats.
my $APPLY = <<~'SQL';
    CREATE TABLE seen (subject text PRIMARY KEY, sequence text COLLATE "C" NOT NULL);
    CREATE TABLE pace (seconds float8 NOT NULL);
    INSERT INTO pace VALUES (0);
    CREATE FUNCTION apply(events jsonb) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
        e jsonb;
        keys text;
        sets text;
    BEGIN
        IF events::text LIKE '%refuse me%' THEN
            RETURN 'refused';
        END IF;
        PERFORM pg_sleep(seconds) FROM pace WHERE seconds > 0;
        FOR e IN SELECT jsonb_array_elements(events) LOOP
            INSERT INTO seen VALUES (e ->> 'subject', e ->> 'sequence') ON CONFLICT (subject) DO UPDATE
                SET sequence = excluded.sequence WHERE seen.sequence < excluded.sequence;
            CONTINUE WHEN NOT FOUND;
            SELECT string_agg(format('t.%I = k.%1$I', k), ' AND ') INTO keys FROM jsonb_object_keys(e #> '{data,key}') k;
            IF e ->> 'type' = 'gpsync.row.deleted' THEN
                EXECUTE format('DELETE FROM %I t USING jsonb_populate_record(NULL::%1$I, $1) k WHERE %s',
                    e #>> '{data,table}', keys) USING e #> '{data,key}';
                CONTINUE;
            END IF;
            SELECT string_agg(format('%I', k), ', ') INTO keys FROM jsonb_object_keys(e #> '{data,key}') k;
            SELECT string_agg(format('%I = excluded.%1$I', c), ', ') INTO sets FROM jsonb_object_keys(e #> '{data,row}') c;
            EXECUTE format('INSERT INTO %I SELECT * FROM jsonb_populate_record(NULL::%1$I, $1) ON CONFLICT (%s) DO UPDATE SET %s',
                e #>> '{data,table}', keys, sets) USING e #> '{data,row}';
        END LOOP;
        RETURN 'taken';
    END $$;
    SQL

# Tables as CREATE TABLE has them; they are there on both sides.
sub new
{
    my ($class, $node, @tables) = @_;
    my $self = bless { node => $node, port => PostgreSQL::Test::Cluster::get_free_port() }, $class;
    $node->sql('CREATE DATABASE legacy');
    $node->sql('CREATE ROLE verifier LOGIN');
    my $prepare = join '', map { "CREATE TABLE $_;\n" } @tables;
    my $types   = "CREATE TYPE mood AS ENUM ('sad', 'ok');\n";
    $self->sql($types . $prepare . $APPLY . 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO verifier');
    my $port = $node->port;
    my $host = $node->host;
    $node->sql("$types$prepare" . <<~"SQL");
        CREATE EXTENSION gpsync;
        CREATE EXTENSION postgres_fdw;
        CREATE ROLE relay LOGIN REPLICATION;
        SELECT gpsync.grant_relay('relay');
        CREATE SERVER legacy_server FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (host '$host', port '$port', dbname 'legacy', fetch_size '10000', options '-c cursor_tuple_fraction=1');
        CREATE USER MAPPING FOR CURRENT_USER SERVER legacy_server OPTIONS (user 'verifier', password_required 'false');
        CREATE USER MAPPING FOR verifier SERVER legacy_server OPTIONS (user 'verifier', password_required 'false');
        CREATE SCHEMA legacy;
        IMPORT FOREIGN SCHEMA public EXCEPT (seen, pace) FROM SERVER legacy_server INTO legacy;
        GRANT USAGE ON SCHEMA legacy TO verifier;
        GRANT SELECT ON ALL TABLES IN SCHEMA legacy TO verifier;
        SELECT gpsync.attach(c.oid) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND NOT c.relispartition;
        CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:$self->{port}/events',
            retry_base '20ms', timeout '2s', batch_size '50');
        GRANT USAGE ON FOREIGN SERVER nws TO relay;
        SQL
    $self->start;
    $node->create_stream('legacy', 'nws');
    return $self;
}

sub sql { my ($self, $sql) = @_; return $self->{node}->safe_psql('legacy', $sql) }

# Seconds that its endpoint takes for a request beyond the work itself.
sub set_pace { my ($self, $seconds) = @_; $self->sql("UPDATE pace SET seconds = $seconds"); return }

sub start
{
    my ($self) = @_;
    $self->{process} = GpsyncTest::Process->spawn('legacy-database',
        [ "$FindBin::RealBin/legacy-database", $self->{node}->connstr('legacy'), $self->{port} ]);
    GpsyncTest::wait_until(sub { $self->{process}->log =~ /^\d+$/m }, 'the legacy endpoint listens');
    return;
}

# Its connections end too, with what they have not applied.
sub stop
{
    my ($self) = @_;
    $self->{process}->kill9;
    $self->{node}->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'legacy' AND usename <> 'verifier'");
    return;
}

1;
