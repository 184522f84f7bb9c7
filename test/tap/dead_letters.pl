# The dead letter desk with a relay: what is retried, superseded and refused again, with other sessions in the way; and
# what it costs where there are no letters.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use Test::More;

my $node = GpsyncTest->new_node('main', track_functions => 'pl', track_commit_timestamp => 'on');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, retry_base => '50ms') for $nws, $ods;
$node->create_stream('legacy', qw(nws ods));
$node->sql(q{CREATE ROLE desk LOGIN; SELECT gpsync.grant_operator('desk')});
my $relay = $node->start_relay('legacy');

sub status_of { my ($keys) = @_; return $node->sql("SELECT string_agg(sync_status, ' ' ORDER BY provision_id) FROM provision_status WHERE provision_id ~ '$keys'") }
sub outcomes { my ($keys) = @_; return $node->sql("SELECT string_agg(concat_ws(' ', endpoint, key->>'provision_id', action), ', ' ORDER BY key->>'provision_id', id) FROM gpsync.dead_letter_log WHERE key->>'provision_id' ~ '$keys'") }
sub letters { my ($keys) = @_; return $node->sql("SELECT string_agg(concat_ws(' ', endpoint, key->>'provision_id', state), ', ' ORDER BY event_id, endpoint) FROM gpsync.dead_letter WHERE key->>'provision_id' ~ '$keys'") }

# SQL as the operator.
sub as_desk
{
    my ($sql) = @_;
    my ($out, $err) = ('', '');
    $node->psql('postgres', $sql, extra_params => [ '-U', 'desk' ], stdout => \$out, stderr => \$err);
    return wantarray ? ($out, $err) : $out;
}

# Rows with this prefix, refused by nws.
sub refused_rows
{
    my ($prefix, $count) = @_;
    my $fault = $nws->faults(kind => 'status', status => 422, body => "no token for ${prefix}_1", match => "${prefix}_");
    $node->sql("SELECT gpsync.generate_test_data('provision_status', $count, '${prefix}_')");
    $node->wait_for_sync;
    is(status_of("^${prefix}_"), join(' ', ('FAILED') x $count), "$count rows are refused");
    return $fault;
}

subtest 'the cause is mended, and a group is retried' => sub {
    my $fault = refused_rows('a', 3);
    is($node->sql('SELECT endpoint, table_name, http_status, error, letters FROM gpsync.dead_letter_groups'),
        'nws|provision_status|422|HTTP #: no token for #|3', 'they are one group');
    $nws->clear_faults($fault);
    is(as_desk(q{SELECT gpsync.retry_dead_letters(error => 'HTTP #: no token for #')}), '3', 'retried by its error');
    ok($node->wait_for_sql('SELECT count(*) FROM gpsync.dead_letter', '0'), 'the letters are closed');
    is(status_of('^a_'), 'COMPLETED COMPLETED COMPLETED', '... and the rows marked, in one transaction');
    is($node->sql(q{SELECT DISTINCT action, logged_by FROM gpsync.dead_letter_log ORDER BY 1}), "delivered|relay\nretried|desk", 'the log says who');
    $node->wait_for_sync;
    $node->ledger_agrees($_, 'provision_status') for $nws, $ods;
};

subtest 'an application repairs one row, another is refused again' => sub {
    my $fault = refused_rows('b', 2);
    as_desk(q{SELECT gpsync.retry_dead_letters('nws')});
    $node->wait_for_sync;
    is(letters('^b_'), 'nws b_1 open, nws b_2 open', 'each row has one letter, of the last attempt');
    is(outcomes('^b_'), 'nws b_1 retried, nws b_1 superseded, nws b_2 retried, nws b_2 superseded', '... which is in the place of the first');
    $nws->clear_faults($fault);
    $node->sql(q{UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'b_1'});
    ok(GpsyncTest::wait_until(sub { letters('^b_') eq 'nws b_2 open' }, 'the letter is closed'), 'a later success closes the letter');
    like(outcomes('^b_1'), qr/retried, nws b_1 superseded, nws b_1 superseded$/, '... visibly');
    is(as_desk(q{SELECT gpsync.discard_dead_letters('nws', reason => 'not needed')}), '1', 'the other one is discarded');
    is(status_of('^b_'), 'COMPLETED FAILED', '... and its row stays FAILED');
};

subtest 'other sessions' => sub {
    my $fault = refused_rows('c', 2);
    $nws->clear_faults($fault);
    my $holder = $node->background_psql('postgres');
    $holder->query(q{BEGIN; SELECT FROM provision_status WHERE provision_id = 'c_1' FOR UPDATE});
    my ($count, $notice) = as_desk(q{SELECT gpsync.retry_dead_letters('nws')});
    is($count, '1', 'a locked row is not waited for');
    like($notice, qr/NOTICE:  1 dead letter\(s\) stay open: the row is locked/, '... which the call says');
    ok(GpsyncTest::wait_until(sub { letters('^c_') eq 'nws c_1 open' }, 'the other row is taken'), '... and the other row is sent');
    $holder->query('COMMIT');

    # An operator's transaction that stays open is in the way of no booking.
    $holder->query(q{BEGIN; SELECT gpsync.retry_dead_letters('nws')});
    $node->sql(q{UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'c_2'});
    ok($node->wait_for_sql(q{SELECT sync_status FROM provision_status WHERE provision_id = 'c_2'}, 'COMPLETED'), 'bookings go on while a retry is not committed');
    is(letters('^c_'), 'nws c_1 open', '... which nobody sees yet');
    $holder->query('COMMIT');
    ok(GpsyncTest::wait_until(sub { letters('^c_') eq '' }, 'the letter is closed'), 'with COMMIT it is sent');
    $holder->quit;
};

subtest 'the story of a row' => sub {
    my $story = sub { return $node->sql(qq{SELECT what || coalesce(' by ' || endpoint, '') || ' ' || detail FROM gpsync.explain_sync('provision_status', '{"provision_id": "$_[0]"}')}) };
    like($story->('c_2'), qr/^endpoint by nws in stream "legacy": it took this revision\n.*^desk by nws delivered by role "relay".*^summary Every endpoint has taken/ms, 'one that was retried');
    $relay->stop;
    $node->sql("SELECT gpsync.generate_test_data('provision_status', 1, 'd_')");
    ok(GpsyncTest::wait_until(sub { $story->('d_1') =~ /^summary Revision \d+ waits: stream "legacy" is not delivered: no relay runs/m }, 'the report is old'), 'one that waits for a relay');
    is($node->sql(q{SELECT at > now() - interval '1 h' FROM gpsync.explain_sync('provision_status', '{"provision_id": "d_1"}') WHERE what = 'committed'}), 't', '... with the time of its commit');
};

subtest 'a mark that is deferred closes its letter later' => sub {
    my $booking = GpsyncTest::Booking->new($node, 'legacy');
    my $revision = $node->sql(q{SELECT sync_revision FROM provision_status WHERE provision_id = 'd_1'});
    $node->sql(q{INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts, error, payload)
        VALUES ('legacy', 'nws', '0000000000000001-00000001-0', 's', 'public', 'provision_status', '{"provision_id": "d_1"}', 1, 1, 'no', '{}')});
    my $holder = $node->background_psql('postgres');
    $holder->query(q{BEGIN; SELECT FROM provision_status WHERE provision_id = 'd_1' FOR UPDATE});
    is($booking->query(qq{SELECT deferred FROM gpsync_internal.relay_book('legacy', '{"\\"public\\".\\"provision_status\\""}', '{1}',
        '{"{\\"provision_id\\": \\"d_1\\"}"}', '{$revision}', '{f}', NULL, NULL, NULL, NULL, commits => '{4096}')}), '1', 'the row is locked');
    is(letters('^d_1'), 'nws d_1 open', '... and the letter stays');
    $holder->query('COMMIT');
    $holder->quit;
    ok($booking->retry_all, 'the mark is made');
    is(letters('^d_1'), '', '... and closes it');
    is(status_of('^d_1'), 'COMPLETED', '... with the row');
    $booking->quit;
};

subtest 'many letters at once' => sub {
    $node->sql(q{DELETE FROM gpsync.dead_letter; SELECT gpsync.generate_test_data('provision_status', 500, 'm_')});
    $node->sql(q{INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts, error, payload)
        SELECT 'legacy', 'nws', lpad(row_number() OVER ()::text, 16, '0'), 's', 'public', 'provision_status', jsonb_build_object('provision_id', provision_id), sync_revision, 1, 'no', '{}'
        FROM provision_status WHERE provision_id LIKE 'm\_%'});
    my $scans = sub { return $node->sql(q{SELECT seq_scan FROM pg_stat_all_tables WHERE relid = 'gpsync.dead_letter'::regclass}) };
    my $before = $scans->();
    is(as_desk(q{SELECT gpsync.retry_dead_letters('nws', as_it_was => true)}), '500', 'all are retried');
    cmp_ok($scans->() - $before, '<', 50, '... and the table is not read once for each');
    my $booking = GpsyncTest::Booking->new($node, 'legacy');
    is($booking->query(q{SELECT count(*) FROM gpsync_internal.relay_resend_next('legacy')}), '100', 'the relay gets as many as it asks for');
    $booking->quit;
};

subtest 'what letters cost a booking' => sub {
    my $booking = GpsyncTest::Booking->new($node, 'legacy');
    my $time_of = sub {
        my ($letters) = @_;
        $node->sql(q{DELETE FROM gpsync.dead_letter});
        $node->sql(qq{INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts, error, payload)
            SELECT 'legacy', 'nws', lpad(i::text, 16, '0'), 's', 'public', 'provision_status', jsonb_build_object('provision_id', 'x_' || i), i, 1, 'no', '{}'
            FROM generate_series(1, $letters) AS i; ANALYZE gpsync.dead_letter});
        # 200 calls with ten marks of rows that are not there: what is measured is the call itself.
        my $ms = $booking->query(<<~'SQL');
            CREATE TEMP TABLE IF NOT EXISTS took (ms float8);
            DO $$
            DECLARE
                began timestamptz := clock_timestamp();
            BEGIN
                FOR i IN 1 .. 200 LOOP
                    PERFORM gpsync_internal.relay_book('legacy', '{public.provision_status}', array_fill(1, '{10}'),
                        array_fill('{"provision_id": "none"}'::jsonb, '{10}'), array_fill(7::bigint, '{10}'),
                        array_fill(false, '{10}'), NULL, NULL, NULL, NULL, commits => array_fill(1::bigint, '{10}'));
                END LOOP;
                TRUNCATE took;
                INSERT INTO took VALUES (extract(epoch FROM clock_timestamp() - began) * 1000 / 200);
            END $$;
            SELECT round(ms::numeric, 3) FROM took;
            SQL
        return $ms;
    };
    my $searches = sub {
        $booking->query('SELECT pg_stat_force_next_flush()');
        return $booking->query("SELECT pg_stat_get_function_calls('gpsync_internal.close_taken_letters'::regproc)");
    };
    my $before = $searches->();
    my %ms = (0 => $time_of->(0));
    is($searches->(), $before, 'without letters none are searched for');
    $ms{$_} = $time_of->($_) for 1, 100_000;
    cmp_ok($searches->(), '>=', $before + 400, '... with letters, they are');
    note("a booking of ten marks with so many dead letters takes, in ms: ", join(', ', map { "$_: $ms{$_}" } sort { $a <=> $b } keys %ms));
    $booking->quit;
};

done_testing;
