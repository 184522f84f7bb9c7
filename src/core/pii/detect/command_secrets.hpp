// Secrets of command lines and of files with a setting a line, which have a blank behind their names:
// "--password x", "mysql -px", ".netrc", ".pgpass", "ENV DB_PASSWORD x".
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "core/pii/secret_names.hpp"
#include "core/pii/setting_beginnings.hpp"

namespace gpsync::core::pii {

struct CommandSecret {
    uint32_t begin, end;
    bool password;  // else a key
};

// Calls take for each, in the order of the text for each kind, until it answers false. Reads the text once
// for each kind. Takes options only where has_option(); settings where begins_with_setting() or in lines;
// lines of .pgpass where there are four ':'; what Oracle's clients are called with where there is an '@'.
void find_command_secrets(std::string_view text, const std::function<bool(const CommandSecret&)>& take);
bool has_command_secret(std::string_view text);

}  // namespace gpsync::core::pii
