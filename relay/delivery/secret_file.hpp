// Files that hold a secret of an endpoint.
#pragma once

#include <string>

namespace gpsync::relay {

// The text of a file without blanks and line ends around it. Answers why there is none, or an empty text.
// What is behind the first 64 KiB is not read.
std::string read_secret_file(const std::string& path, std::string& text);

// Tells one state of a file from another without reading it: its inode, size and time of change; empty when
// there is no file.
std::string file_state(const std::string& path);

}  // namespace gpsync::relay
