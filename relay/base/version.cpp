#include "relay/base/version.hpp"

#include <string>

#include "relay/base/config_error.hpp"

namespace gpsync::relay {

void require_fitting_extension(std::string_view extension_version) {
    const std::string pair =
        "extension gpsync " + std::string(extension_version) + " and gpsync-relay " + kVersion;
    switch (core::compare_versions(kVersion, extension_version)) {
        case core::VersionFit::kFits:
            return;
        case core::VersionFit::kOlder:
            throw ConfigError("the database's extension is older than this relay: " + pair,
                              "Extension and relay of one major and minor version belong together.",
                              "As the extension's owner, in this database: ALTER EXTENSION gpsync UPDATE");
        case core::VersionFit::kNewer:
            throw ConfigError("the database's extension is newer than this relay: " + pair,
                              "Extension and relay of one major and minor version belong together.",
                              "Install the gpsync-relay that came with the extension.");
        case core::VersionFit::kUnreadable:
            throw ConfigError("the extension's version cannot be compared with the relay's: " + pair, {},
                              "Install the gpsync-relay that came with the extension.");
    }
}

}  // namespace gpsync::relay
