#include "reset.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace gpsync::emulator {
namespace {

constexpr int kMostFiles = 1024;

// The port of the peer that a file is connected to over TCP, or -1.
int peer_port(int file) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    if (getpeername(file, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return -1;
    if (peer.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in*>(&peer)->sin_port);
    if (peer.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&peer)->sin6_port);
    return -1;
}

}  // namespace

void reset_connection(int remote_port) {
    for (int file = 0; file < kMostFiles; ++file) {
        if (peer_port(file) != remote_port) continue;
        // Dissolving the association resets the connection at once; see connect(2), AF_UNSPEC.
        sockaddr nobody{};
        nobody.sa_family = AF_UNSPEC;
        (void)connect(file, &nobody, sizeof nobody);
        return;
    }
}

}  // namespace gpsync::emulator
