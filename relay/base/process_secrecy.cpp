#include "relay/base/process_secrecy.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace gpsync::relay {

void forbid_inspection() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)  // its search for leaks inspects the process
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

void hide_passwords(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        char* const end = argv[i] + argument.size();
        // password, sslpassword; as a keyword or as a parameter of a URI. What follows goes with it.
        if (const size_t at = argument.find("password"); at != argument.npos)
            std::fill(std::min(argv[i] + at + std::strlen("password="), end), end, 'x');
        // postgresql://user:password@host
        const size_t begin = argument.find("://"), user_end = argument.rfind('@');
        if (begin == argument.npos || user_end == argument.npos || user_end < begin) continue;
        const size_t colon = argument.find(':', begin + 3);
        if (colon < user_end) std::fill(argv[i] + colon + 1, argv[i] + user_end, 'x');
    }
}

}  // namespace gpsync::relay
