// The validator of wrapper gpsync_http, and the settings relay_config() hands out: the options of a foreign
// server in plain units with the defaults filled in. The table of options is core/endpoint_options.hpp.
#include "core/endpoint_options.hpp"

#include <cmath>
#include <vector>

#include "core/http_headers.hpp"
#include "core/http_url.hpp"
#include "core/nearest_name.hpp"
#include "core/webhook/signature.hpp"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/reloptions.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "lib/stringinfo.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/json.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using core::EndpointOption;
using core::OptionContext;
using core::OptionType;
using pg::Error;
using pg::Sqlstate;

struct GivenOption {
    const char* name;
    const char* value;
};

// REQUIRES: nothing with a destructor alive (the calls may raise). The array is in palloc memory.
std::span<GivenOption> read_options(Datum array) {
    List* list = untransformRelOptions(array);
    auto* given =
        static_cast<GivenOption*>(palloc(sizeof(GivenOption) * static_cast<size_t>(list_length(list) + 1)));
    size_t count = 0;
    ListCell* cell;
    foreach (cell, list) {
        auto* element = static_cast<DefElem*>(lfirst(cell));
        given[count++] = {element->defname, defGetString(element)};
    }
    return {given, count};
}

std::string quoted(std::string_view name) {
    std::string text = "\"";
    text += name;
    text += '"';
    return text;
}

bool is_secret(const EndpointOption& option) {
    return option.type == OptionType::kSecret || option.type == OptionType::kSigningSecret ||
           option.type == OptionType::kHeaders;
}

Error bad_value(const EndpointOption& option, const char* value) {
    std::string message = "invalid value for option " + quoted(option.name);
    if (!is_secret(option)) message += ": " + quoted(value);
    return Error(Sqlstate::kInvalidOptionValue, message);
}

std::string_view context_name(OptionContext context) {
    return context == OptionContext::kServer ? "a server" : "a user mapping";
}

const EndpointOption& known_option(const char* name, OptionContext context) {
    const EndpointOption* option = core::find_endpoint_option(name);
    if (option != nullptr && option->context == context) return *option;
    Error error(Sqlstate::kInvalidOption, "invalid option " + quoted(name));
    if (option != nullptr)
        error.hint(quoted(name) + " is an option of " + std::string(context_name(option->context)) +
                   ", not of " + std::string(context_name(context)) + ".");
    else
        error.hint(core::unknown_name_hint(name, "options", core::endpoint_option_names(context)));
    throw error;
}

// A number in the option's smallest unit, written as numbers are in postgresql.conf.
int64 parse_number(const EndpointOption& option, const char* value) {
    const int unit = option.type == OptionType::kBytes      ? GUC_UNIT_BYTE
                     : option.type == OptionType::kDuration ? GUC_UNIT_MS
                                                            : 0;
    // parse_int() ends at 2 GB; no valid number is beyond what a double holds exactly.
    double parsed = 0;
    const char* hint = nullptr;
    if (!parse_real(value, &parsed, unit, &hint) || std::fabs(parsed) > 0x1p53) {
        Error error = bad_value(option, value);
        if (hint != nullptr) error.hint(hint);
        throw error;
    }
    const auto number = static_cast<int64>(std::rint(parsed));
    if (number < option.min || number > option.max) {
        const char* suffix = unit == GUC_UNIT_BYTE ? " B" : unit == GUC_UNIT_MS ? " ms" : "";
        throw Error(Sqlstate::kInvalidOptionValue,
                    std::to_string(number) + suffix + " is outside the valid range for option " +
                        quoted(option.name) + " (" + std::to_string(option.min) + " .. " +
                        std::to_string(option.max) + suffix + ")");
    }
    return number;
}

void check_url(const EndpointOption& option, const char* value) {
    core::HttpUrl url;
    const char* problem = core::parse_http_url(value, url);
    if (problem == nullptr) return;
    // Not the value: it may hold the very credentials that are refused.
    Error error(Sqlstate::kInvalidOptionValue, "invalid value for option " + quoted(option.name));
    error.detail(std::string("The URL ") + problem + ".");
    if (std::string_view(problem) == "contains credentials")
        error.hint(
            "Put them into the user mapping: CREATE USER MAPPING ... OPTIONS (username '...', password "
            "'...').");
    throw error;
}

bool has_control_character(std::string_view text) {
    for (char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
    return false;
}

void check_text(const EndpointOption& option, const char* value) {
    if (*value == '\0') throw bad_value(option, value).detail("It is empty.");
    // A line end would let the value add headers of its own to every request.
    if (has_control_character(value))
        throw Error(Sqlstate::kInvalidOptionValue, "invalid value for option " + quoted(option.name))
            .detail("It contains a control character.");
    if (option.name == "bearer_token" && std::string_view(value).find(' ') != std::string_view::npos)
        throw bad_value(option, value).detail("A bearer token contains no blank.");
    // RFC 7617: the first colon ends the user name.
    if (option.name == "username" && std::strchr(value, ':') != nullptr)
        throw bad_value(option, value).detail("A user name of HTTP authentication contains no colon.");
}

// Naming a file makes the relay read it: whoever may not read the server's files may not do that either.
void check_file(const EndpointOption& option, const char* value) {
    check_text(option, value);
    if (*value != '/') throw bad_value(option, value).detail("It must be an absolute path.");
    bool permitted = false;
    pg::server_call([&] { permitted = has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES); });
    if (!permitted)
        throw Error(Sqlstate::kInsufficientPrivilege,
                    "permission denied to set option " + quoted(option.name))
            .detail(
                "Only roles with privileges of the \"pg_read_server_files\" role may set options that name a "
                "file.");
}

void check_choice(const EndpointOption& option, const char* value) {
    if (core::is_choice(option, value)) return;
    std::string choices(option.choices);
    for (size_t at = choices.find(' '); at != std::string::npos; at = choices.find(' ', at + 2))
        choices.replace(at, 1, ", ");
    throw bad_value(option, value).hint("Valid values are: " + choices + ".");
}

// Of a server anybody can read them, so that one that looks like a secret is refused.
void check_headers(const EndpointOption& option, const char* value) {
    std::vector<core::HttpHeader> headers;
    if (const std::string problem = core::parse_http_headers(value, headers); !problem.empty())
        throw bad_value(option, value)
            .detail(problem)
            .hint("Write a line for each header: OPTIONS (" + std::string(option.name) +
                  " E'Name: value\\nOther-Name: value').");
    for (const core::HttpHeader& header : headers) {
        const std::string name = quoted(header.name);
        if (core::is_reserved_header(header.name))
            throw bad_value(option, value).detail("Header " + name + " is one that gpsync or HTTP sets.");
        if (option.context == OptionContext::kServer && core::is_credential_header(header.name))
            throw bad_value(option, value)
                .detail("Header " + name +
                        " looks like a secret, and everybody can read the options of a server.")
                .hint("Put it into the user mapping: CREATE USER MAPPING ... OPTIONS (secret_headers '" +
                      std::string(header.name) + ": ...').");
    }
}

void check_signing_secret(const EndpointOption& option, const char* value) {
    std::vector<std::string> secrets;
    if (const std::string problem = core::parse_webhook_secrets(value, secrets); !problem.empty())
        throw bad_value(option, value)
            .detail(problem)
            .hint(
                "Make one with: echo whsec_$(openssl rand -base64 32). Several, while one is replaced, have "
                "a blank "
                "between them.");
}

void check_value(const EndpointOption& option, const char* value) {
    switch (option.type) {
        case OptionType::kUrl:
            return check_url(option, value);
        case OptionType::kInteger:
        case OptionType::kBytes:
        case OptionType::kDuration:
            parse_number(option, value);
            return;
        case OptionType::kChoice:
            return check_choice(option, value);
        case OptionType::kFile:
            return check_file(option, value);
        case OptionType::kText:
        case OptionType::kSecret:
            return check_text(option, value);
        case OptionType::kHeaders:
            return check_headers(option, value);
        case OptionType::kSigningSecret:
            return check_signing_secret(option, value);
    }
}

const char* find_value(std::span<const GivenOption> given, std::string_view name) {
    for (const GivenOption& option : given)
        if (name == option.name) return option.value;
    return nullptr;
}

void refuse_both(std::span<const GivenOption> given, const char* one, const char* other) {
    if (find_value(given, one) != nullptr && find_value(given, other) != nullptr)
        throw Error(Sqlstate::kInvalidOptionValue,
                    "options " + quoted(one) + " and " + quoted(other) + " contradict each other");
}

bool has_header(std::span<const GivenOption> given, const char* option, std::string_view name) {
    const char* value = find_value(given, option);
    std::vector<core::HttpHeader> headers;
    if (value == nullptr || !core::parse_http_headers(value, headers).empty()) return false;
    for (const core::HttpHeader& header : headers)
        if (header.name.size() == name.size() &&
            pg_strncasecmp(header.name.data(), name.data(), name.size()) == 0)
            return true;
    return false;
}

void require_with(std::span<const GivenOption> given, const char* one, const char* other) {
    if (find_value(given, one) != nullptr && find_value(given, other) == nullptr)
        throw Error(Sqlstate::kInvalidOptionValue,
                    "option " + quoted(one) + " requires option " + quoted(other));
}

// Options of one protocol are errors with another one: they would do nothing.
void check_protocol(std::span<const GivenOption> given) {
    const char* protocol = find_value(given, "protocol");
    const bool mq = protocol != nullptr && std::string_view(protocol) == "ibm-mq-rest";
    for (const char* option : {"qmgr", "queue", "topic", "api", "expiry"})
        if (!mq && find_value(given, option) != nullptr)
            throw Error(Sqlstate::kInvalidOptionValue,
                        "option " + quoted(option) + " requires option \"protocol\" 'ibm-mq-rest'");
    if (!mq) return;
    for (const char* option : {"event_mode", "signing", "compression", "batch_size"})
        if (find_value(given, option) != nullptr)
            throw Error(Sqlstate::kInvalidOptionValue,
                        "option " + quoted(option) + " means nothing with protocol 'ibm-mq-rest'")
                .detail("A request is one message, an event as JSON, neither signed nor compressed.");
    if (find_value(given, "qmgr") == nullptr)
        throw Error(Sqlstate::kInvalidOptionValue, "option \"qmgr\" is required with protocol 'ibm-mq-rest'");
    refuse_both(given, "queue", "topic");
    if (find_value(given, "queue") == nullptr && find_value(given, "topic") == nullptr)
        throw Error(Sqlstate::kInvalidOptionValue,
                    "option \"queue\" or \"topic\" is required with protocol 'ibm-mq-rest'");
    const char* api = find_value(given, "api");
    if (find_value(given, "topic") != nullptr && api != nullptr && std::string_view(api) == "v1")
        throw Error(Sqlstate::kInvalidOptionValue, "option \"topic\" requires option \"api\" 'v2' or 'v3'");
    if (std::strchr(find_value(given, "url"), '?') != nullptr)
        throw Error(Sqlstate::kInvalidOptionValue, "invalid value for option \"url\"")
            .detail("With protocol 'ibm-mq-rest' the URL is that of the mqweb server, without a query.")
            .hint("For example https://mq.example:9443.");
}

// What no option can say by itself. Called with the complete list, also when ALTER changes a part of it.
void check_together(std::span<const GivenOption> given, OptionContext context) {
    if (context == OptionContext::kServer) {
        const char* protocol = find_value(given, "protocol");
        if (protocol != nullptr && std::string_view(protocol) == "local") {
            if (find_value(given, "url") != nullptr)
                throw Error(Sqlstate::kInvalidOptionValue,
                            "options \"url\" and \"protocol\" contradict each other")
                    .detail("Protocol local delivers to the server itself.");
            return;
        }
        if (find_value(given, "url") == nullptr)
            throw Error(Sqlstate::kInvalidOptionValue, "option \"url\" is required")
                .hint("CREATE SERVER ... FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://...')");
        check_protocol(given);
        return;
    }
    for (const char* token : {"bearer_token", "bearer_token_file"})
        for (const char* basic : {"username", "password"}) refuse_both(given, token, basic);
    refuse_both(given, "bearer_token", "bearer_token_file");
    refuse_both(given, "signing_secret", "signing_secret_file");
    if (has_header(given, "secret_headers", "Authorization"))
        for (const char* other : {"bearer_token", "bearer_token_file", "username"})
            if (find_value(given, other) != nullptr)
                throw Error(Sqlstate::kInvalidOptionValue,
                            "header \"Authorization\" of option \"secret_headers\" and option " +
                                quoted(other) + " contradict each other");
    require_with(given, "password", "username");
    require_with(given, "client_key_file", "client_cert_file");
}

void validate(std::span<const GivenOption> given, OptionContext context) {
    for (const GivenOption& option : given) check_value(known_option(option.name, context), option.value);
    check_together(given, context);
}

void refuse_any(std::span<const GivenOption> given) {
    if (!given.empty())
        throw Error(Sqlstate::kInvalidOption, "invalid option " + quoted(given.front().name))
            .hint("Only foreign servers and user mappings of wrapper gpsync_http have options.");
}

// Appends one setting as a JSON member; nothing for an option that is not set and has no default.
// REQUIRES: nothing with a destructor alive.
void append_setting(StringInfo json, const EndpointOption& option, const char* value) {
    const bool number = option.type == OptionType::kInteger || option.type == OptionType::kBytes ||
                        option.type == OptionType::kDuration;
    if (value == nullptr && !number && option.choices.empty()) return;
    appendStringInfoString(json, json->len > 1 ? "," : "");
    appendStringInfo(json, "\"%s\":", option.json_name.data());
    if (number)
        appendStringInfo(json, INT64_FORMAT,
                         value != nullptr ? parse_number(option, value) : int64{option.default_number});
    else
        escape_json(json, value != nullptr
                              ? value
                              : pnstrdup(option.choices.data(), core::default_choice(option).size()));
}

}  // namespace

}  // namespace gpsync

// gpsync_http_validator(options text[], catalog oid)
GPSYNC_FUNCTION(gpsync_http_validator) {
    return gpsync::pg::guarded([&]() -> Datum {
        auto given = gpsync::read_options(PG_GETARG_DATUM(0));
        switch (PG_GETARG_OID(1)) {
            case ForeignServerRelationId:
                gpsync::validate(given, gpsync::OptionContext::kServer);
                break;
            case UserMappingRelationId:
                gpsync::validate(given, gpsync::OptionContext::kUserMapping);
                break;
            default:
                gpsync::refuse_any(given);
        }
        return BoolGetDatum(true);
    });
}

// endpoint_settings(server_options text[]) -> jsonb
GPSYNC_FUNCTION(gpsync_endpoint_settings) {
    return gpsync::pg::guarded([&]() -> Datum {
        const std::span<gpsync::GivenOption> given =
            PG_ARGISNULL(0) ? std::span<gpsync::GivenOption>() : gpsync::read_options(PG_GETARG_DATUM(0));
        StringInfoData json;
        initStringInfo(&json);
        appendStringInfoChar(&json, '{');
        for (const auto& option : gpsync::core::kEndpointOptions)
            if (option.context == gpsync::OptionContext::kServer)
                gpsync::append_setting(&json, option, gpsync::find_value(given, option.name));
        appendStringInfoChar(&json, '}');
        return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
    });
}

// is_local_url(url text) -> boolean
GPSYNC_FUNCTION(gpsync_is_local_url) {
    const text* given = PG_GETARG_TEXT_PP(0);
    gpsync::core::HttpUrl url;
    const bool valid =
        gpsync::core::parse_http_url({VARDATA_ANY(given), VARSIZE_ANY_EXHDR(given)}, url) == nullptr;
    PG_RETURN_BOOL(valid && gpsync::core::is_loopback(url));
}

// is_exposed_url(url text) -> boolean
GPSYNC_FUNCTION(gpsync_is_exposed_url) {
    const text* given = PG_GETARG_TEXT_PP(0);
    gpsync::core::HttpUrl url;
    const bool valid =
        gpsync::core::parse_http_url({VARDATA_ANY(given), VARSIZE_ANY_EXHDR(given)}, url) == nullptr;
    PG_RETURN_BOOL(valid && !url.tls && !gpsync::core::is_loopback(url));
}
