// For LD_PRELOAD: getaddrinfo() asks the name server on a port of 127.0.0.1 (GPSYNC_TEST_NAME_SERVER) in
// place of those of resolv.conf. So a test can be a name server, one that does not answer too, without being
// root.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <cstdlib>

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
    using Function = decltype(&getaddrinfo);
    static const auto original = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (const char* port = std::getenv("GPSYNC_TEST_NAME_SERVER")) {
        res_init();  // _res belongs to the thread
        _res.options |= RES_NORELOAD;
        _res.nscount = 1;
        _res.dnsrch[0] = nullptr;
        _res.nsaddr_list[0] = {};
        _res.nsaddr_list[0].sin_family = AF_INET;
        _res.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        _res.nsaddr_list[0].sin_port = htons(static_cast<uint16_t>(std::atoi(port)));
    }
    return original(node, service, hints, found);
}
