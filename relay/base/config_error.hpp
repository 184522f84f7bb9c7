// What an operator must mend before the relay can do its work.
#pragma once

#include <stdexcept>
#include <string>

namespace gpsync::relay {

// Trying again will not help: the program ends with status 1.
struct ConfigError : std::runtime_error {
    explicit ConfigError(const std::string& message, std::string detail_text = {}, std::string hint_text = {})
        : std::runtime_error(message), detail(std::move(detail_text)), hint(std::move(hint_text)) {}
    std::string detail, hint;
};

}  // namespace gpsync::relay
