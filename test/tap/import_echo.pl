# Rows that an import brings over do not go back to where they are: nobody gets them, or the endpoints that the import
# names, also where one of them fails, is behind or holds their key. Nobody can use that for changes of his own.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

$GpsyncTest::Relay::SANITIZED = 1;
my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2) for $nws, $ods;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

# What an import's step does, by hand: rows with the revision of a chunk, and who is to get them said before.
$node->sql(<<'SQL');
CREATE PROCEDURE write_chunk(statement text, endpoints text, said_of bigint DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
    chunk bigint := pg_logical_emit_message(true, 'chunk', '') - '0/0' + 1;
BEGIN
    IF endpoints IS NOT NULL THEN
        PERFORM pg_logical_emit_message(true, 'gpsync.echo', coalesce(said_of, chunk) || ' ' || endpoints);
    END IF;
    ALTER TABLE provision_status DISABLE TRIGGER gpsync_stamp;
    ALTER TABLE provision_status DISABLE TRIGGER gpsync_check_insert;
    EXECUTE format(statement, chunk);
    ALTER TABLE provision_status ENABLE ALWAYS TRIGGER gpsync_stamp;
    ALTER TABLE provision_status ENABLE ALWAYS TRIGGER gpsync_check_insert;
END $$;
SQL

my $chunk = 'a';

# Statements that write some rows as a chunk; gives the beginning of their keys.
sub chunk_of
{
    my ($count) = @_;
    my $mine = 'chunk' . ++$chunk;
    return ($mine, "INSERT INTO provision_status (provision_id, status, sync_status, sync_revision) "
        . "SELECT ''${mine}_'' || i, ''VERIFIED'', ''PENDING'', %s FROM generate_series(1, $count) AS i");
}

sub import_rows
{
    my ($count, $endpoints) = @_;
    my ($mine, $insert) = chunk_of($count);
    $node->sql("CALL write_chunk('$insert', " . (defined $endpoints ? "'$endpoints'" : 'NULL') . ')');
    return $mine;
}

sub statuses
{
    my ($mine) = @_;
    return $node->sql("SELECT string_agg(DISTINCT sync_status, ' ') FROM provision_status WHERE provision_id LIKE '${mine}\\_%'");
}

sub is_synced
{
    my ($mine, $status, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT count(*) > 0 AND bool_and(sync_status = '$status') FROM provision_status WHERE provision_id LIKE '${mine}\\_%'"), $what);
}

# How many events of some rows each endpoint has, first deliveries only.
sub got { my ($mine) = @_; return join ' ', map { scalar(() = $_->events("/${mine}_")) } $nws, $ods }

sub has_feed
{
    my ($endpoint, $feed) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($node->wait_for_sql("SELECT feed FROM gpsync.endpoint_status WHERE endpoint = '" . $endpoint->name . "'", $feed), $endpoint->name . " is $feed");
}

sub mended
{
    $_->clear_faults for $nws, $ods;
    $node->sql("SELECT gpsync.reset_breaker('legacy', '$_')") for qw(nws ods);
    return;
}

subtest 'nobody gets what is written under DoNotReplicateId' => sub {
    my $slot = GpsyncTest::Slot->new($node, 'origins');
    # No origin can be made with that number; what import writes under it needs none.
    $node->sql("SET allow_system_table_mods = on; INSERT INTO pg_replication_origin VALUES (65535, 'nobody')");
    my ($mine, $insert) = chunk_of(100);
    $insert =~ s/PENDING/COMPLETED/;
    $node->sql("SELECT pg_replication_origin_session_setup('nobody'); CALL write_chunk('$insert', '[\"nws\",\"ods\"]')");
    $node->add_rows(1);
    my @events = $slot->events;
    is(@events, 1, 'the decoder does not send it');
    is(GpsyncTest::Slot::ordinal($events[0]), 1, 'and does not count it');
    $node->wait_for_sync;
    is(got($mine), '0 0', 'nor does an endpoint get it');

    ($mine, $insert) = chunk_of(100);
    $insert =~ s/PENDING/COMPLETED/;
    $node->sql("SELECT pg_replication_origin_session_setup('nobody'); CALL write_chunk('$insert', NULL)");
    $node->stop('immediate');
    $node->start;
    is(statuses($mine), 'COMPLETED', 'it is there after a crash of the server');
    is($node->sql('SELECT count(*) FROM pg_replication_origin_status WHERE local_id = 65535'), 0, 'which tracks no such origin');
    my $after = $node->add_rows(1);
    is_synced($after, 'COMPLETED', 'the relay goes on');
    is(got($mine), '0 0', 'without it');
    is(scalar(grep { $_->{subject} =~ /chunk/ } $slot->events), 0, 'the decoder does not send it after the crash');
};

subtest 'the endpoints that are named get the rows' => sub {
    my $mine = import_rows(500, '["ods"]');
    is_synced($mine, 'COMPLETED', 'the rows are marked');
    is(got($mine), '0 500', 'ods has them, nws does not');
    $node->sql("UPDATE provision_status SET status = 'ELIGIBLE' WHERE provision_id = '${mine}_7'");
    $node->wait_for_sync;
    is(got($mine), '1 501', 'the next change of one goes to both');

    $mine = import_rows(20, '["ods","nws","ods"]');
    is_synced($mine, 'COMPLETED', 'both are named');
    is(got($mine), '20 20', 'and get them');
    $mine = import_rows(20, '["other","NWS"]');
    is_synced($mine, 'COMPLETED', 'names that the stream does not have are ignored: nobody is left');
    is(got($mine), '0 0', 'and nobody gets them');
    $mine = import_rows(20, undef);
    is_synced($mine, 'COMPLETED', 'without a message');
    is(got($mine), '20 20', 'everybody gets them');
};

subtest 'imports' => sub {
    $node->sql("CREATE TABLE source AS SELECT 'by_hand_' || i AS provision_id, 'VERIFIED' AS status FROM generate_series(1, 300) AS i; "
        . 'CREATE UNIQUE INDEX ON source (provision_id)');
    my %outcome = ('{}' => '0 0', '{ods}' => '0 300', '{nws,ods}' => '300 300', '{nws,other}' => '300 0');
    for my $triggers (0, 1)
    {
        # With a trigger of the owner's that writes, the transaction is not left out as a whole.
        $node->sql(<<~'SQL') if $triggers;
            CREATE TABLE noted (id text PRIMARY KEY);
            SELECT gpsync.attach('noted', machine => NULL);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.noted (id) VALUES (NEW.provision_id || '_noted'); RETURN NULL; END $$;
            CREATE TRIGGER noting AFTER INSERT ON provision_status FOR EACH ROW EXECUTE FUNCTION note();
            SQL
        for my $echo (sort keys %outcome)
        {
            my $mine = 'chunk' . ++$chunk;
            $node->sql("UPDATE source SET provision_id = regexp_replace(provision_id, '.*_', '${mine}_')");
            my ($state, $error) = $node->sql_error("SET client_min_messages = error; SELECT gpsync.import('provision_status', 'source', echo => '$echo', job => '$mine')");
            if ($echo =~ /other/ && $state) { ok($error =~ /other/, 'an endpoint that there is not is refused'); next }
            $node->sql("CALL gpsync.run_import('$mine')");
            is_synced($mine, 'COMPLETED', "import with echo $echo: the rows are marked" . ($triggers ? ', with a trigger of the owner' : ''));
            $node->wait_for_sync;
            my @rows = map { scalar(() = $_->events("public.provision_status/${mine}_")) } $nws, $ods;
            is("@rows", $outcome{$echo}, 'and where they are to be');
            is(join(' ', map { scalar(() = $_->events("public.noted/${mine}_")) } $nws, $ods), $triggers ? '300 300' : '0 0', 'what the trigger wrote is everywhere');
        }
    }
    $node->sql('DROP TRIGGER noting ON provision_status');
};

subtest 'a table that is kept in step is imported' => sub {
    $node->sql(<<~'SQL');
        ALTER TABLE provision_status ADD COLUMN ob boolean;
        CREATE TABLE enrolled AS SELECT provision_id, ob FROM provision_status LIMIT 0;
        ALTER TABLE enrolled ADD PRIMARY KEY (provision_id);
        SELECT gpsync.attach('enrolled', machine => NULL);
        SELECT gpsync.keep_in_step('provision_status', 'enrolled', '{provision_id}', '{ob}');
        CREATE TABLE step_source (provision_id text PRIMARY KEY, status text, ob boolean);
        SQL
    for my $echo ('{}', '{ods}')
    {
        my $mine = 'step' . ++$chunk;
        # 100 rows bring a value that the other side gets, 50 take the value of the other side, 50 are only here.
        $node->sql(<<~"SQL");
            TRUNCATE step_source;
            INSERT INTO step_source SELECT '${mine}_' || i, 'VERIFIED', CASE WHEN i <= 100 THEN true END FROM generate_series(1, 200) AS i;
            INSERT INTO enrolled (provision_id, ob) SELECT '${mine}_' || i, i > 100 FROM generate_series(1, 150) AS i;
            SELECT gpsync.import('provision_status', 'step_source', echo => '$echo', job => '$mine');
            CALL gpsync.run_import('$mine');
            SQL
        is($node->sql('SELECT count(*) FROM gpsync.step_differences'), 0, "echo $echo: both sides are equal");
        is($node->sql("SELECT count(*) FROM provision_status WHERE provision_id LIKE '${mine}\\_%' AND ob"), 150, '... and have the values');
        is_synced($mine, 'COMPLETED', 'the rows are marked');
        ok($node->wait_for_sql("SELECT bool_and(sync_status = 'COMPLETED') FROM enrolled", 't'), '... also those of the other side');
        my %events = map { my $table = $_; ($table => join ' ', map { scalar(() = $_->events("public.$table/${mine}_")) } $nws, $ods) } qw(enrolled provision_status);
        is($events{enrolled}, '250 250', 'what follows goes to everybody');
        is($events{provision_status}, $echo eq '{}' ? '50 50' : '50 250', '... and rows that took a value; the imported ones go where they are to be');
    }
    $node->sql("SELECT gpsync.drop_step('provision_status', 'enrolled')");
};

subtest 'other changes of that transaction go to everybody' => sub {
    my ($mine, $insert) = chunk_of(10);
    $node->sql(<<~"SQL");
        BEGIN;
        INSERT INTO provision_status (provision_id, status) VALUES ('${mine}_before', 'RECEIVED');
        CALL write_chunk('$insert', '["ods"]');
        INSERT INTO provision_status (provision_id, status) VALUES ('${mine}_behind', 'RECEIVED');
        UPDATE provision_status SET status = 'ELIGIBLE' WHERE provision_id = '${mine}_3';
        DELETE FROM provision_status WHERE provision_id = '${mine}_4';
        COMMIT;
        SQL
    is_synced($mine, 'COMPLETED', 'they are marked');
    is(join(' ', sort map { $_->{subject} =~ s/.*_//r . " $_->{type}" =~ s/gpsync.row.//r } $nws->events("/${mine}_")),
        '3 updated 4 deleted before inserted behind inserted', 'nws has them and nothing of the chunk');
    is(got($mine), '4 14', 'and ods all');

    ($mine, $insert) = chunk_of(10);
    (my $other, my $second) = chunk_of(10);
    $node->sql("BEGIN; CALL write_chunk('$insert', '[\"ods\"]'); CALL write_chunk('$second', '[\"nws\"]'); COMMIT");
    is_synced($_, 'COMPLETED', 'two chunks in one transaction') for $mine, $other;
    is(got($mine) . ', ' . got($other), '0 10, 10 0', 'each goes where it is to go');
};

subtest 'an endpoint that is down does not keep rows waiting that are not for it' => sub {
    $nws->faults(kind => 'status', status => 503);
    my $before = $node->add_rows(10);
    has_feed($nws, 'behind');
    my $mine = import_rows(3000, '["ods"]');
    is_synced($mine, 'COMPLETED', 'the rows are marked meanwhile');
    is(statuses($before), 'PENDING', 'others are not');
    my $behind = $node->add_rows(10);
    $relay->kill9;
    $relay = $node->start_relay('legacy');
    mended();
    $node->wait_for_sync;
    has_feed($nws, 'live');
    is(got($mine), '0 3000', 'nws has none of them, ods all');
    is(got($_), '10 10', 'and both have what came before and behind') for $before, $behind;
    is(statuses($_), 'COMPLETED', 'marked') for $before, $mine, $behind;
};

subtest 'an endpoint that is behind gets its rows from the spool' => sub {
    $ods->faults(kind => 'status', status => 503);
    my $before = $node->add_rows(10);
    has_feed($ods, 'behind');
    my $mine = import_rows(3000, '["ods"]');
    my $not = import_rows(300, '["nws"]');
    is_synced($not, 'COMPLETED', 'those of nws are marked');
    is(statuses($mine), 'PENDING', 'those of ods are not');
    $relay->kill9;
    $relay = $node->start_relay('legacy');
    mended();
    is_synced($mine, 'COMPLETED', 'the rows are marked when ods has them');
    is(got($mine), '0 3000', 'nws got none of them');
    is(got($not), '300 0', 'and ods none of those of nws');
    has_feed($ods, 'live');
};

subtest 'both are behind' => sub {
    $_->faults(kind => 'status', status => 503) for $nws, $ods;
    my $before = $node->add_rows(10);
    has_feed($_, 'behind') for $nws, $ods;
    my ($to_ods, $to_nws, $to_none) = (import_rows(300, '["ods"]'), import_rows(300, '["nws"]'), import_rows(300, '[]'));
    is_synced($to_none, 'COMPLETED', 'who is for nobody waits for nobody');
    $node->stop('immediate');
    $node->start;
    $ods->clear_faults;
    is_synced($to_ods, 'COMPLETED', 'ods is back: its rows are marked');
    is(statuses($to_nws), 'PENDING', 'those of nws are not');
    mended();
    is_synced($to_nws, 'COMPLETED', 'nws is back, too');
    is(got($to_ods) . ', ' . got($to_nws) . ', ' . got($to_none), '0 300, 300 0, 0 0', 'each has its own');
    is_synced($before, 'COMPLETED', 'and what came before');
};

subtest 'a key that an endpoint holds' => sub {
    my $mine = import_rows(1, '["ods"]');
    is_synced($mine, 'COMPLETED', 'a row');
    $nws->faults(kind => 'results', retryable => \1, error => 'not now', match => "/${mine}_1");
    $node->sql("UPDATE provision_status SET status = 'ELIGIBLE' WHERE provision_id = '${mine}_1'");
    ok($node->wait_for_sql("SELECT count(*) FROM gpsync.parked_events WHERE state = 'held'", 1), 'nws holds its key');
    $node->sql("CALL write_chunk('UPDATE provision_status SET sync_revision = %s, sync_status = ''PENDING'' WHERE provision_id = ''${mine}_1''', '[\"ods\"]')");
    is_synced($mine, 'COMPLETED', 'an import of that row does not wait for nws');
    $nws->clear_faults;
    $node->sql("SELECT gpsync.retry_held('legacy', 'nws', '{\"provision_id\": \"${mine}_1\"}')");
    ok($node->wait_for_sql("SELECT count(*) FROM gpsync.parked_events WHERE state = 'held'", 0), 'what it held is taken');
    is(got($mine), '1 3', 'and nothing else');
};

subtest 'an endpoint refuses such a row' => sub {
    my ($mine, $insert) = chunk_of(3);
    $ods->faults(kind => 'results', retryable => \0, error => 'never', match => "/${mine}_2");
    $node->sql("CALL write_chunk('$insert', '[\"ods\"]')");
    ok($node->wait_for_sql("SELECT string_agg(sync_status, ' ' ORDER BY provision_id) FROM provision_status WHERE provision_id LIKE '${mine}\\_%'",
        'COMPLETED FAILED COMPLETED'), 'it is FAILED');
    is($node->sql("SELECT string_agg(endpoint, ' ') FROM gpsync.dead_letters"), 'ods', 'and a dead letter of that endpoint');
    $ods->clear_faults;
    is(got($mine), '0 2', 'nws has none');
};

subtest 'a key whose text the line has, too' => sub {
    $node->sql(<<~'SQL');
        CREATE TABLE listed (id int[] PRIMARY KEY, n int);
        SELECT gpsync.attach('listed', machine => NULL);
        BEGIN;
        ALTER TABLE listed DISABLE TRIGGER gpsync_stamp;
        SELECT pg_logical_emit_message(true, 'chunk', '') - '0/0' + 1 AS chunk \gset
        SELECT pg_logical_emit_message(true, 'gpsync.echo', :chunk || ' ["ods"]');
        INSERT INTO listed (id, n, sync_status, sync_revision) VALUES ('{1,2}', 1, 'PENDING', :chunk);
        ALTER TABLE listed ENABLE ALWAYS TRIGGER gpsync_stamp;
        COMMIT;
        SQL
    ok($node->wait_for_sql('SELECT sync_status FROM listed', 'COMPLETED'), 'it is marked');
    is(join(' ', map { scalar(() = $_->events('public.listed/')) } $nws, $ods), '0 1', 'and only ods has it');
};

subtest 'messages that anybody may write change nothing' => sub {
    $node->sql('CREATE ROLE anybody; GRANT SELECT, INSERT, UPDATE ON provision_status TO anybody');
    my $insert = sub { my ($key, $content) = @_; return <<~"SQL" };
        SET ROLE anybody;
        BEGIN;
        SELECT pg_logical_emit_message(true, 'chunk', '') - '0/0' + 1 AS chunk \\gset
        SELECT pg_logical_emit_message(true, 'gpsync.echo', $content);
        INSERT INTO provision_status (provision_id, status) VALUES ('$key', 'RECEIVED');
        COMMIT;
        SQL
    my %contents = (
        chunk   => ":chunk || ' []'",
        before  => "(:chunk - 1) || ' []'",
        behind  => "(:chunk + 7) || ' []'",
        later   => "(:chunk + 800) || ' []'",
        empty   => "''",
        words   => "'all of them'",
        tab     => ":chunk || E' [\"\\t\"]'",
        number  => "'99999999999999999999 []'",
        minus   => "'-7 []'",
        no_list => ":chunk || ' '",
        binary  => "'\\xff005b5d'::bytea",
        large   => ":chunk || ' [' || repeat(' ', 100000) || ']'",
    );
    $node->sql($insert->("forged_$_", $contents{$_})) for sort keys %contents;
    my $all = keys %contents;
    is_synced('forged', 'COMPLETED', 'rows of transactions with such messages are marked');
    is(got('forged'), "$all $all", 'and everybody has them');

    # A row whose revision is beyond the WAL (a restored table): its next one does not come from a WAL position.
    my $mine = 'forged_old';
    $node->sql(<<~"SQL");
        INSERT INTO provision_status (provision_id, status) VALUES ('${mine}_1', 'RECEIVED');
        ALTER TABLE provision_status DISABLE TRIGGER gpsync_stamp;
        UPDATE provision_status SET sync_revision = (pg_current_wal_insert_lsn() - '0/0') / 8 * 8 + 2 ^ 30 WHERE provision_id = '${mine}_1';
        ALTER TABLE provision_status ENABLE ALWAYS TRIGGER gpsync_stamp;
        SET ROLE anybody;
        BEGIN;
        SELECT sync_revision + 1 AS next FROM provision_status WHERE provision_id = '${mine}_1' \\gset
        SELECT pg_logical_emit_message(true, 'gpsync.echo', :next || ' []');
        UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = '${mine}_1';
        COMMIT;
        SQL
    is($node->sql("SELECT sync_revision % 8 FROM provision_status WHERE provision_id = '${mine}_1'"), 0, 'a revision beyond the WAL is none of an import');
    $node->wait_for_sync;
    is_synced($mine, 'COMPLETED', 'is marked');
    is(got($mine), '3 3', 'and everybody has its changes');

    # Of a chunk that exists, in another transaction.
    my $imported = import_rows(1, '["ods"]');
    is_synced($imported, 'COMPLETED', 'an imported row');
    my $revision = $node->sql("SELECT sync_revision FROM provision_status WHERE provision_id = '${imported}_1'");
    $node->sql("SET ROLE anybody; BEGIN; SELECT pg_logical_emit_message(true, 'gpsync.echo', '$revision []');
        UPDATE provision_status SET status = 'ELIGIBLE' WHERE provision_id = '${imported}_1'; COMMIT");
    $node->wait_for_sync;
    is(got($imported), '1 2', 'its next change goes to everybody');
};

subtest 'other formats leave such messages out' => sub {
    my $slot = GpsyncTest::Slot->new($node, 'formats');
    import_rows(2, '["ods"]');
    my @lines = $slot->copy('lines')->lines(format => 'wal2json', 'format-version' => 2);
    is(scalar(grep { /echo|"ods"/ } @lines), 0, 'wal2json has no trace of them');
    is(scalar(grep { /"action":"I"/ } @lines), 2, 'but the rows');
    is(scalar(grep { /^\{"specversion"/ } $slot->copy('plain')->lines), 2, 'without book_lines there is no field');
    my @fields = map { [ split /\t/ ] } $slot->lines(book_lines => 'on');
    is(join(' ', map { $_->[2] } @fields), '["ods"] ["ods"]', 'with it there is');
};

$node->wait_for_sync;
is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status = 'PENDING'"), 0, 'no row is left PENDING');
is($node->sql("SELECT sum(deferred_marks) FROM gpsync.stream_status"), 0, 'and no mark');
done_testing();
