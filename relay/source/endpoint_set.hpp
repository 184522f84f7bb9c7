// A stream's endpoints, by their numbers in its configuration: sets of them, and their names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gpsync::relay {

using EndpointSet = uint64_t;
inline constexpr size_t kMostEndpoints = 64;

constexpr EndpointSet only(uint16_t endpoint) {
    return EndpointSet{1} << endpoint;
}
constexpr EndpointSet all_of(size_t endpoints) {
    return endpoints >= kMostEndpoints ? ~EndpointSet{0} : (EndpointSet{1} << endpoints) - 1;
}

// The names of a stream's endpoints, by their numbers.
using EndpointNames = std::vector<std::string>;

}  // namespace gpsync::relay
