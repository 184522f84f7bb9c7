#include "relay/base/clock.hpp"

#include <cstdio>
#include <ctime>

namespace gpsync::relay {

int64_t now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::chrono::nanoseconds boot_time() {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::string format_time(int64_t time_us) {
    time_t seconds = time_us / 1000000;
    tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text + length, sizeof text - length, ".%06dZ", static_cast<int>(time_us % 1000000));
    return text;
}

}  // namespace gpsync::relay
