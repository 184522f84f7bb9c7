# The process of GpsyncTest::NameServer: name-server.pl DESCRIPTOR NAMES ASKED. Answers from the file of names on the
# UDP socket of that descriptor, and writes what it is asked to the other file.
use strict;
use warnings FATAL => 'all';
use IO::Handle;
use Socket qw(inet_aton);

sub read_names
{
    my ($file) = @_;
    open my $names, '<', $file or die "$file: $!";
    my @lines = <$names>;
    return @lines;
}

sub serve
{
    my ($descriptor, $names, $asked) = @_;
    open my $socket, '+<&=', $descriptor or die "no socket: $!";
    open my $log, '>>', $asked or die "$asked: $!";
    $log->autoflush(1);
    while (defined(my $client = recv $socket, my $query, 512, 0))
    {
        my ($name, $type, $question) = read_question($query) or next;
        print $log $name, ' ', $type == 1 ? 'A' : $type == 28 ? 'AAAA' : $type, "\n";
        my ($address) = map { /^\Q$name\E (.*)/ ? $1 : () } read_names($names);
        next if ($address //= 'none') eq 'mute';
        my $has = $address ne 'none' && $type == 1;
        # Response, recursion desired and available; 3: no such name. The name of the answer is a pointer to the question.
        my $answer = pack('a2 n n n n n', substr($query, 0, 2), 0x8180 | ($address eq 'none' ? 3 : 0), 1, $has, 0, 0) . $question;
        $answer .= pack('n n n N n a4', 0xC00C, 1, 1, 0, 4, inet_aton($address)) if $has;
        send $socket, $answer, 0, $client;
    }
    return;
}

# The name and type that a query is about, and the question as it came.
sub read_question
{
    my ($query) = @_;
    my ($at, @labels) = (12);
    while ($at < length $query and my $length = ord substr $query, $at, 1)
    {
        push @labels, lc substr $query, $at + 1, $length;
        $at += 1 + $length;
    }
    return if $at + 5 > length $query;
    return (join('.', @labels), unpack('n', substr $query, $at + 1, 2), substr($query, 12, $at + 5 - 12));
}

serve(@ARGV);
