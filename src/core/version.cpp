#include "core/version.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace gpsync::core {

namespace {

using MajorMinor = std::pair<unsigned, unsigned>;

// "0.2.0" and "0.2" alike; whatever follows the second number is a correction or a suffix.
std::optional<MajorMinor> major_minor(std::string_view text) {
    MajorMinor version;
    const char* end = text.data() + text.size();
    const auto [dot, bad_major] = std::from_chars(text.data(), end, version.first);
    if (bad_major != std::errc{} || dot == end || *dot != '.') return std::nullopt;
    const auto [rest, bad_minor] = std::from_chars(dot + 1, end, version.second);
    if (bad_minor != std::errc{}) return std::nullopt;
    return version;
}

}  // namespace

// Of core, the build gives the version to this file alone.
const char* const kVersion = GPSYNC_VERSION;

VersionFit compare_versions(std::string_view ours, std::string_view theirs) {
    const auto own = major_minor(ours), other = major_minor(theirs);
    if (!own || !other) return VersionFit::kUnreadable;
    if (*own == *other) return VersionFit::kFits;
    return *other < *own ? VersionFit::kOlder : VersionFit::kNewer;
}

}  // namespace gpsync::core
