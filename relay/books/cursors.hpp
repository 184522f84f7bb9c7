// Cursors as the extension reads them.
#pragma once

#include <string>
#include <vector>

#include "relay/books/booking.hpp"

namespace gpsync::relay {

// An array of objects with columns of gpsync.endpoint_cursor.
std::string cursors_json(const std::vector<Cursor>& cursors, const EndpointNames& endpoints);

}  // namespace gpsync::relay
