# The small file system that scripts/tap mounts, where it may.
#
#   my $disk = GpsyncTest::SmallDisk->new or plan skip_all => 'there is no small file system';
#   $disk->fill;      # nothing more can be written
#   $disk->free;      # it can again
package GpsyncTest::SmallDisk;

use strict;
use warnings FATAL => 'all';
use Carp;

sub new
{
    my ($class) = @_;
    my $path = $ENV{GPSYNC_SMALL_DISK} or return undef;
    return bless { path => $path }, $class;
}

# A folder of this name on it.
sub folder
{
    my ($self, $name) = @_;
    my $folder = "$self->{path}/$name";
    mkdir $folder or croak "$folder: $!";
    return $folder;
}

sub fill
{
    my ($self) = @_;
    open my $ballast, '>>', "$self->{path}/ballast" or croak "ballast: $!";
    for my $size (1 << 20, 4096) { 1 while syswrite $ballast, "\0" x $size }
    close $ballast;
    return;
}

sub free
{
    my ($self) = @_;
    unlink "$self->{path}/ballast" or croak "ballast: $!";
    return;
}

1;
