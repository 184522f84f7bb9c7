#include "relay/delivery/socket_bytes.hpp"

#include <linux/tcp.h>  // that of the C library ends before tcpi_bytes_received
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

namespace gpsync::relay {

uint64_t bytes_received(int socket) {
    tcp_info info{};
    socklen_t length = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return 0;
    const bool has_count =
        length >= offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received;
    return has_count ? info.tcpi_bytes_received : 0;
}

}  // namespace gpsync::relay
