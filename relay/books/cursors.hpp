// Cursors as the extension reads them.
#pragma once

#include <string>
#include <vector>

#include "relay/books/booking.hpp"

namespace gpsync::relay {

// The names of a stream's endpoints, by their numbers.
using EndpointNames = std::vector<std::string>;

// An array of objects with columns of gpsync.endpoint_cursor.
std::string cursors_json(const std::vector<Cursor>& cursors, const EndpointNames& endpoints);

}  // namespace gpsync::relay
