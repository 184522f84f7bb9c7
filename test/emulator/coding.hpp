// Bodies of answers in other codings than plain UTF-8.
#pragma once

#include <httplib.h>

#include <string>

namespace gpsync::emulator {

bool is_coding(const std::string& coding);

// Sets the body, JSON, in that coding (empty: as it is). REQUIRES: is_coding(coding) or empty.
void set_coded_body(httplib::Response& response, std::string body, const std::string& coding);

}  // namespace gpsync::emulator
