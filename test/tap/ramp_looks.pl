# Looks at ramps: two at once are one decision, a crash in a look is none, outcomes are counted once whatever becomes of
# their transactions and of relays; the supervisor looks by itself; what a dump has of a ramp.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');

sub steps { return $node->sql("SELECT count(*) FROM gpsync.ramp_log WHERE ramp = '$_[0]' AND decision IN ('step', 'complete')") }
sub make_due { return $node->sql("UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s' WHERE ramp = '$_[0]'") }

note('two looks at once');
$node->sql("SELECT gpsync.create_ramp('twice', gates => '{}', min_requests => 1); SELECT gpsync.ramp_report('twice', 10, 0)");
make_due('twice');
my $first = $node->background_psql('postgres');
$first->query('BEGIN');
is($first->query("SELECT gpsync_internal.tick_ramp('twice')"), 'step', 'the first look decides');
is($node->sql("SELECT coalesce(gpsync_internal.tick_ramp('twice'), 'left to the other')"), 'left to the other', 'the second one does not wait');
is($node->sql("SELECT gpsync.route('twice', key) FROM (SELECT 'k' || n AS key FROM generate_series(1, 1000) AS n) AS k WHERE gpsync_internal.ramp_bucket('twice', key) BETWEEN 100 AND 599 LIMIT 1"), 'f', 'nobody routes by what is not committed');
# Reports wait for no look.
$node->sql("SET lock_timeout = '5 s'; SELECT gpsync.ramp_report('twice', 10, 0), gpsync.record_outcome('twice', true)");
$first->query('COMMIT');
$first->quit;
is($node->sql("SELECT gpsync_internal.tick_ramp('twice')"), 'none', 'the next look finds nothing due');
is(steps('twice'), 1, 'one decision');
is($node->sql("SELECT share, requests, errors FROM gpsync.ramp_status"), '6.00|11|0', '... and every outcome counted once');
my $script = $node->basedir . '/look.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, "UPDATE gpsync.ramp_look SET looked_at = now() - interval '1 hour' WHERE pg_try_advisory_xact_lock(1);\nSELECT gpsync_internal.tick_ramps();\n");
make_due('twice');
$node->sql("SELECT gpsync.ramp_report('twice', 10, 0)");
PostgreSQL::Test::Utils::command_ok([ 'pgbench', '-n', '-c', 4, '-t', 50, '-f', $script, $node->connstr('postgres') ], 'two supervisors, and two more');
is(steps('twice'), 2, 'one decision');
is($node->sql("SELECT coalesce(string_agg(last_error, ', '), '') FROM gpsync.ramp_status"), '', '... and no look failed');

note('a crash in a look');
$node->sql("SELECT gpsync.create_ramp('crash', gates => '{}', min_requests => 1); SELECT gpsync.ramp_report('crash', 100, 0)");
$node->sql("BEGIN; SELECT gpsync.record_outcome('crash', n % 4 <> 0) FROM generate_series(1, 400) AS n; ROLLBACK; CREATE TABLE durable ()");
make_due('crash');
$first = $node->background_psql('postgres');
$first->query('BEGIN');
is($first->query("SELECT gpsync_internal.tick_ramp('crash')"), 'roll_back', 'a look decides');
my $backend = $first->query('SELECT pg_backend_pid()');
ok($node->crash_backend($backend), 'kill -9, and the server recovers');
eval { $first->quit };
is($node->sql("SELECT share, state, requests FROM gpsync.ramp_status WHERE ramp = 'crash'"), '1.00|running|0', 'nothing was decided, nothing counted');
is($node->sql("SELECT gpsync_internal.tick_ramp('crash')"), 'roll_back', 'the next look decides');
is($node->sql("SELECT requests, errors FROM gpsync.ramp_log WHERE ramp = 'crash' AND decision = 'roll_back'"), '500|100', '... with every outcome, also of the transaction that rolled back, counted once');
is($node->sql("SELECT gpsync_internal.tick_ramp('crash')"), 'none', 'once');

note('outcomes from many sessions');
$node->sql("SELECT gpsync.create_ramp('many', gates => '{}', first => 50)");
my $outcomes = $node->basedir . '/outcomes.pgbench';
PostgreSQL::Test::Utils::append_to_file($outcomes, "BEGIN;\nSELECT gpsync.record_outcome('many', true), gpsync.ramp_report('many', 1, 0);\nROLLBACK;\nBEGIN READ ONLY;\nSELECT gpsync.record_outcome('many', true);\nCOMMIT;\nSELECT gpsync.ramp_report('many', 2, 0);\n");
my $load = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 8, '-t', 100, '-f', $outcomes, $node->connstr('postgres') ]);
while ($load->is_running) { $node->sql("SELECT gpsync_internal.tick_ramp('many')") }
$node->sql("SELECT gpsync_internal.tick_ramp('many')");
is($node->sql("SELECT requests, errors FROM gpsync.ramp_status WHERE ramp = 'many'"), '3200|0', 'eight sessions, and looks meanwhile: each outcome once');

note("the relay's own, over a kill");
$node->sql("SELECT gpsync.create_ramp('delivered', gates => '{}', stream => 'legacy')");
sub counted { $node->sql("SELECT gpsync_internal.tick_ramp('delivered')"); return $node->sql("SELECT sources -> 'relay' ->> 'total_requests' FROM gpsync.ramp_status WHERE ramp = 'delivered'") }
my $relay = $node->start_relay('legacy');
$node->sql("SELECT gpsync.generate_test_data('provision_status', 300, 'a')");
$node->wait_for_sync;
ok(GpsyncTest::wait_until(sub { counted() == 300 }, 'the look counts 300 deliveries'), 'deliveries are counted');
$relay->kill9;
$relay = $node->start_relay('legacy');
$node->sql("SELECT gpsync.generate_test_data('provision_status', 200, 'b')");
$node->wait_for_sync;
ok(GpsyncTest::wait_until(sub { counted() >= 500 }, 'the look counts 500 deliveries'), 'also those of the next relay');
counted() for 1 .. 3;
is(counted(), 500, '... each once');
$nws->faults(kind => 'status', status => 422, match => '/bad');
$node->sql("INSERT INTO provision_status (provision_id, status) VALUES ('bad1', 'RECEIVED'), ('bad2', 'RECEIVED')");
$node->wait_for_sync;
ok(GpsyncTest::wait_until(sub { counted(); $node->sql("SELECT sources -> 'relay' ->> 'errors' FROM gpsync.ramp_status WHERE ramp = 'delivered'") eq '2' }, 'two refusals are counted'), 'refusals are errors');
$relay->stop;

note('a dump');
$node->sql("SELECT gpsync.create_ramp('dumped', first => 12.5, gates => '{}', min_requests => 1); SELECT gpsync.ramp_report('dumped', 10, 0)");
my $dump = $node->basedir . '/dump';
PostgreSQL::Test::Utils::command_ok([ 'pg_dump', '-Fc', '-d', $node->connstr('postgres'), '-f', $dump ], 'pg_dump');
my $other = GpsyncTest->new_node('other');
$other->sql('CREATE ROLE relay LOGIN REPLICATION');
PostgreSQL::Test::Utils::command_ok([ 'pg_restore', '--exit-on-error', '-d', $other->connstr('postgres'), $dump ], 'pg_restore into another cluster');
is($other->sql("SELECT share, state, reason FROM gpsync.ramp_status WHERE ramp = 'dumped'"), '12.50|held|the ramp comes from a dump', 'a restored ramp is held at its share');
my $keys = "SELECT count(*) FROM generate_series(1, 5000) AS n WHERE gpsync.route('dumped', n::text)";
is($other->sql($keys), $node->sql($keys), '... and routes as before');
is($other->sql("SELECT share, state FROM gpsync.ramp_status WHERE ramp = 'crash'"), '0.00|rolled_back', 'one that was rolled back stays so');
is($other->sql("SELECT gpsync.record_outcome('dumped', true)"), 'f', 'outcomes are not counted yet');
is($other->sql('SELECT gpsync_internal.tick_ramps() > 0'), 't', 'somebody looks');
is($other->sql("SELECT gpsync.record_outcome('dumped', true)"), 't', '... then they are');
$other->sql("SELECT gpsync.resume_ramp('dumped', 'the copy is the one'); UPDATE gpsync.ramp SET next_step_at = now()");
is($other->sql("SELECT gpsync_internal.tick_ramp('dumped')"), 'step', 'it goes on when an operator says so');

note('the supervisor');
$node->configure(shared_preload_libraries => 'gpsync', 'gpsync.databases' => 'postgres');
$node->restart;
$node->sql("SELECT gpsync.create_ramp('supervised', first => 50, step => 25, every => '1 s', gates => '{}', min_requests => 1)");
my $reporting = sub { $node->sql("SELECT gpsync.ramp_report('supervised', 1000, 0)"); return $node->sql("SELECT state FROM gpsync.ramp_status WHERE ramp = 'supervised'") eq 'complete' };
ok(GpsyncTest::wait_until($reporting, 'the ramp is complete'), 'a ramp steps by itself to the end');
is(steps('supervised'), 2, '... in two steps');
$node->sql("SELECT gpsync.ramp_report('supervised', 1000, 500)");
ok($node->wait_for_sql("SELECT state || share FROM gpsync.ramp_status WHERE ramp = 'supervised'", 'rolled_back0.00'), '... and rolls back by itself');
like(PostgreSQL::Test::Utils::slurp_file($node->logfile), qr/ramp\.roll_back/, '... and says so');

done_testing;
