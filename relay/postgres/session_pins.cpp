#include "relay/postgres/session_pins.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "core/session_settings.hpp"

namespace gpsync::relay {

namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

std::string options_of(const PQconninfoOption* all) {
    for (const auto* option = all; option && option->keyword; ++option)
        if (std::string_view(option->keyword) == "options" && option->val) return option->val;
    return {};
}

std::string users_options(const std::string& conninfo) {
    std::string given =
        options_of(Options(PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree).get());
    return given.empty() ? options_of(Options(PQconndefaults(), &PQconninfoFree).get()) : given;
}

}  // namespace

std::string startup_options(const std::string& conninfo) {
    std::string options = users_options(conninfo);
    for (const core::SessionSetting& setting : core::kSessionSettings) {
        options.append(options.empty() ? "-c " : " -c ").append(setting.name).append("=");
        // A blank ends an option, unless there is a backslash before it.
        for (char c : std::string_view(setting.value)) options.append(c == ' ' ? "\\" : "").append(1, c);
    }
    return options;
}

std::string pinning_statement() {
    std::string statement;
    for (const core::SessionSetting& setting : core::kSessionSettings)
        statement.append("SET ").append(setting.name).append(" = '").append(setting.value).append("'; ");
    return statement;
}

}  // namespace gpsync::relay
