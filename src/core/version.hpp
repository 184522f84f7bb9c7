// The version of the extension, its two libraries and the relay: one for all four, from gpsync.control.
#pragma once

#include <string_view>

namespace gpsync::core {

// "0.2.0"
extern const char* const kVersion;

// How another part's version stands to ours. Parts fit when major and minor version are the same; a third
// number counts corrections and does not matter.
enum class VersionFit { kFits, kOlder, kNewer, kUnreadable };

VersionFit compare_versions(std::string_view ours, std::string_view theirs);

}  // namespace gpsync::core
