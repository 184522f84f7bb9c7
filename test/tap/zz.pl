use strict; use warnings FATAL=>'all'; use FindBin; use lib "$FindBin::RealBin/lib"; use GpsyncTest; use Test::More; use Time::HiRes qw(time);
my $node = GpsyncTest->new_node('main', track_functions => 'all', autovacuum=>'on');
$node->create_platform;
$node->sql("SELECT gpsync.create_history('provision_status')");
$node->sql("CREATE SCHEMA reports");
$node->sql("SELECT gpsync.create_analytics('provision_status', 'reports', '{status}')") if $ENV{AN};
my $relay = $node->start_relay('gpsync_local');
$node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status");
sub go { my ($w,$sql,$n)=@_; $node->sql($sql); my $t=time; my $now=$node->sql('SELECT pg_current_wal_insert_lsn()'); $node->wait_for_sql("SELECT gpsync.wait_for_sync('$now','gpsync_local')",'t',100); note(sprintf "%s: %.2f s, %.0f/s", $w, time-$t, $n/(time-$t)); }
go('insert', "SELECT gpsync.generate_test_data('provision_status', 20000)", 20000);
go('update', "UPDATE provision_status SET status='PROCESSING'", 20000);
go('same', "UPDATE provision_status SET sync_status='PENDING'", 20000);
note $node->sql("SELECT string_agg(funcname||' '||calls||' '||round(self_time::numeric)||' '||round(total_time::numeric), E'\n' ORDER BY self_time DESC) FROM (SELECT * FROM pg_stat_user_functions ORDER BY self_time DESC LIMIT 14) x");
ok(1); done_testing;
