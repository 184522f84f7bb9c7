# Certificates of private CAs, as NAME.crt and NAME.key in a folder.
package GpsyncTest::Certificates;

use strict;
use warnings FATAL => 'all';
use Exporter qw(import);
use PostgreSQL::Test::Utils;

our @EXPORT_OK = qw(make_ca make_certificate);

sub openssl { PostgreSQL::Test::Utils::system_or_bail('openssl', @_); return }

sub make_ca
{
    my ($dir, $ca) = @_;
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', 2, '-subj', "/CN=$ca",
        '-keyout', "$dir/$ca.key", '-out', "$dir/$ca.crt");
    return;
}

# A certificate of a CA, for a name; $san: DNS:NAME or IP:ADDRESS.
sub make_certificate
{
    my ($dir, $name, $ca, $san) = @_;
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', "/CN=$name", '-keyout', "$dir/$name.key", '-out', "$dir/$name.csr");
    PostgreSQL::Test::Utils::append_to_file("$dir/$name.ext", "subjectAltName=$san\n");
    openssl('x509', '-req', '-in', "$dir/$name.csr", '-CA', "$dir/$ca.crt", '-CAkey', "$dir/$ca.key", '-CAcreateserial', '-days', 2,
        '-extfile', "$dir/$name.ext", '-out', "$dir/$name.crt");
    return;
}

1;
