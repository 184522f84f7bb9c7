# A session in the relay's place: acquires a stream and books, without a relay.
#
#   my $booking = GpsyncTest::Booking->new($node, 'legacy');      # as role "relay"; relay_acquire() was true
#   my @marks = $booking->marks('public.t', 'id < 3');            # what the events of these rows' present state say
#   is($booking->book(@marks), '2|0|0', 'marked|deferred|superseded');
#   is($booking->retry, 0, 'deferred marks that are left');
package GpsyncTest::Booking;

use strict;
use warnings FATAL => 'all';
use Carp;

sub new
{
    my ($class, $node, $stream, %options) = @_;
    my $self = bless { node => $node, stream => $stream, database => $options{database} // 'postgres' }, $class;
    $self->{session} = $node->background_psql($self->{database}, on_error_stop => 0, extra_params => [ '-U', $options{user} // 'relay' ]);
    $self->query('SET client_min_messages = warning');
    return $self if $options{no_acquire};
    my $acquired = $self->query("SELECT gpsync_internal.relay_acquire('$stream')");
    $acquired eq 't' or croak "relay_acquire: $acquired";
    return $self;
}

sub quit { my ($self) = @_; return $self->{session}->quit }

sub session { return $_[0]{session} }

# The output of SQL; what psql printed as an error or a warning is in errors.
sub query
{
    my ($self, $sql) = @_;
    my $out = $self->{session}->query($sql);
    $self->{errors} = $self->{session}{stderr} // '';
    $self->{session}{stderr} = '';
    return $out;
}

sub errors { return $_[0]{errors} }

# Marks as the events of a table's rows would have them: hashes of table, key, revision, failed.
sub marks
{
    my ($self, $table, $where, %options) = @_;
    my $as  = $options{as} // $table;    # the table that the event names, where it is another
    my $sql = sprintf <<~'SQL', $as, $as, $options{as} ? "'$as'" : "'$table'", $table, $where // 'true';
        SELECT format('%%I.%%I', n.nspname, c.relname) || E'\t' || k.key || E'\t' || t.sync_revision
        FROM (SELECT '%s'::regclass AS oid) r JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace,
             LATERAL (SELECT x.indkey FROM pg_index x WHERE x.indrelid = '%s'::regclass AND (x.indisreplident OR x.indisprimary)
                      ORDER BY x.indisreplident DESC LIMIT 1) x,
             LATERAL (SELECT array_agg(a.attname::text) AS names FROM pg_attribute a
                      WHERE a.attrelid = %s::regclass AND a.attnum = ANY (x.indkey)) a,
             %s t, LATERAL (SELECT jsonb_object_agg(e.key, e.value) AS key FROM jsonb_each(to_jsonb(t)) e WHERE e.key = ANY (a.names)) k
        WHERE %s ORDER BY t.ctid
        SQL
    my @marks = map { my ($name, $key, $revision) = split /\t/; { table => $name, key => $key, revision => $revision, failed => 0 } }
        split /\n/, $self->{node}->safe_psql($self->{database}, $sql);
    return @marks;
}

sub text_array { return 'ARRAY[' . join(', ', map { "'" . s/'/''/gr . "'" } @_) . ']' }

# relay_book()'s arguments for marks, and its further arguments as given (position, dead_letters: SQL).
sub call
{
    my ($self, $position, $dead_letters, @marks) = @_;
    my (@tables, %place);
    for (@marks) { $place{ $_->{table} } //= push @tables, $_->{table} }
    return sprintf "SELECT * FROM gpsync_internal.relay_book('%s', %s::text[], '{%s}', %s::jsonb[], '{%s}', '{%s}', %s, %s)",
        $self->{stream}, text_array(@tables), join(',', map { $place{ $_->{table} } } @marks),
        text_array(map { $_->{key} } @marks), join(',', map { $_->{revision} } @marks),
        join(',', map { $_->{failed} ? 't' : 'f' } @marks), $position // 'NULL, NULL, NULL', $dead_letters // 'NULL';
}

# "marked|deferred|superseded"
sub book { my ($self, @marks) = @_; return $self->query($self->call(undef, undef, @marks)) }

sub retry { my ($self) = @_; return $self->query("SELECT gpsync_internal.relay_retry_deferred('$self->{stream}')") }

# Until no deferred mark is left; those that met an error are not tried at every call.
sub retry_all { my ($self, $timeout) = @_; return GpsyncTest::wait_until(sub { $self->retry eq '0' }, 'no deferred mark is left', $timeout) }

1;
