#include "relay/postgres/pg_connection.hpp"

#include <algorithm>
#include <array>

#include "relay/base/config_error.hpp"
#include "relay/base/text.hpp"
#include "relay/postgres/session_pins.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectTimeout{15000};
// Of several servers one that does not answer may be a machine that is gone; the next one is tried so soon.
constexpr milliseconds kServerTimeout{4000};
constexpr size_t kMaxMessage = 4000;

constexpr const char* kPoolerHint =
    "Let the relay connect to the server itself: it holds a session of its own and a replication connection, "
    "and "
    "poolers give it neither.";

std::string one_line(const char* text) {
    std::string line = clean_text(text ? text : "", kMaxMessage);
    while (!line.empty() && line.back() == '\n') line.pop_back();
    return line;
}

// source: the file of the server's sources that the error comes from.
bool is_of_a_file(const PgError& error, std::string_view source) {
    constexpr auto kSources =
        std::to_array<std::string_view>({"md.c", "fd.c", "buffile.c", "slru.c", "xlog.c", "relmapper.c",
                                         "reorderbuffer.c", "snapbuild.c", "sharedfileset.c"});
    return (error.sqlstate == "42501" || error.sqlstate == "58P01") &&
           std::ranges::find(kSources, source) != kSources.end();
}

void check_conninfo(const std::string& conninfo) {
    bool is_name_only = conninfo.find('=') == std::string::npos && !conninfo.starts_with("postgresql://") &&
                        !conninfo.starts_with("postgres://");
    if (is_name_only) return;
    char* message = nullptr;
    PQconninfoOption* options = PQconninfoParse(conninfo.c_str(), &message);
    std::string problem = one_line(message);
    PQfreemem(message);
    PQconninfoFree(options);
    if (options != nullptr) return;
    // libpq's message quotes a part of the string, which may be the password.
    bool may_hold_password =
        conninfo.find("pass") != std::string::npos || conninfo.find("://") != std::string::npos;
    throw ConfigError("invalid connection string" + (may_hold_password ? std::string() : ": " + problem), {},
                      "Check it with psql.");
}

}  // namespace

// A failed connection has no result to ask for its SQLSTATE. With verbose errors libpq writes it into the
// text: "FATAL:  28P01: password authentication failed …", a line LOCATION behind it. The last such line
// counts: it belongs to the last address tried.
PgError connection_error(PGconn* connection) {
    std::string text = one_line(PQerrorMessage(connection));
    std::string sqlstate;
    for (size_t at = text.find(":  "); at != std::string::npos; at = text.find(":  ", at + 1)) {
        std::string candidate = text.substr(at + 3, 5);
        bool plausible =
            candidate.size() == 5 && text.substr(at + 8, 2) == ": " &&
            candidate.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
        if (!plausible) continue;
        sqlstate = candidate;
        text.erase(at + 3, 7);
    }
    std::string source;
    for (size_t location = text.find("\nLOCATION:"); location != std::string::npos;
         location = text.find("\nLOCATION:")) {
        // "\nLOCATION:  mdopenfork, md.c:600"
        const std::string line = text.substr(location, text.find('\n', location + 1) - location);
        const size_t begin = std::min(line.find(", "), line.size() - 2) + 2;
        source = line.substr(begin, line.rfind(':') - begin);
        text.erase(location, line.size());
    }
    PgError error(text, sqlstate);
    error.while_connecting = true;
    error.of_a_file = is_of_a_file(error, source);
    if (is_refused_parameter(error)) error.hint = kPoolerHint;
    error.needs_password = PQconnectionNeedsPassword(connection) != 0;
    return error;
}

// What poolers answer to "replication" and "options".
bool is_refused_parameter(const PgError& error) {
    return error.sqlstate == "08P01" &&
           std::string_view(error.what()).find("startup parameter") != std::string_view::npos;
}

PgError error_of(const PGresult* result, PGconn* connection) {
    auto field = [&](int code) { return one_line(PQresultErrorField(result, code)); };
    std::string message = field(PG_DIAG_MESSAGE_PRIMARY);
    if (message.empty()) return PgError(one_line(PQerrorMessage(connection)), {});
    PgError error(message, field(PG_DIAG_SQLSTATE));
    error.detail = field(PG_DIAG_MESSAGE_DETAIL);
    error.hint = field(PG_DIAG_MESSAGE_HINT);
    error.of_a_file = is_of_a_file(error, field(PG_DIAG_SOURCE_FILE));
    return error;
}

std::string_view value_view(const PGresult* result, int row, int column) {
    return {PQgetvalue(result, row, column), static_cast<size_t>(PQgetlength(result, row, column))};
}

std::string value(const PGresult* result, int row, int column) {
    return std::string(value_view(result, row, column));
}

PgConnection::PgConnection(const std::string& conninfo, Kind kind, StopSignal& stop, const ServerAddress& at)
    : stop_(stop) {
    check_conninfo(conninfo);
    connect(conninfo, kind, at);
    require_own_session();
    command(pinning_statement());
}

ServerAddress address_of(const PGconn* connection) {
    const auto text = [](const char* value) { return std::string(value != nullptr ? value : ""); };
    ServerAddress address = {text(PQhost(connection)), text(PQhostaddr(connection)),
                             text(PQport(connection))};
    // That of a socket is its folder.
    if (address.host.starts_with('/')) address.hostaddr.clear();
    return address;
}

namespace {

std::vector<std::string> split_list(const char* list) {
    std::vector<std::string> entries;
    const std::string_view text = list != nullptr ? list : "";
    for (size_t from = 0; !text.empty() && from <= text.size();) {
        const size_t end = std::min(text.find(',', from), text.size());
        entries.emplace_back(text.substr(from, end - from));
        from = end + 1;
    }
    return entries;
}

}  // namespace

std::vector<ServerAddress> servers_of(PGconn* connection) {
    std::vector<std::string> hosts, addresses, ports;
    PQconninfoOption* options = PQconninfo(connection);
    for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr;
         ++option) {
        const std::string_view name = option->keyword;
        if (name == "host") hosts = split_list(option->val);
        if (name == "hostaddr") addresses = split_list(option->val);
        if (name == "port") ports = split_list(option->val);
    }
    PQconninfoFree(options);
    std::vector<ServerAddress> servers(std::max(hosts.size(), addresses.size()));
    for (size_t i = 0; i < servers.size(); ++i) {
        if (i < hosts.size()) servers[i].host = hosts[i];
        if (i < addresses.size()) servers[i].hostaddr = addresses[i];
        if (servers[i].host.empty()) servers[i].host = servers[i].hostaddr;
        if (!ports.empty()) servers[i].port = ports[ports.size() == 1 ? 0 : std::min(i, ports.size() - 1)];
    }
    return servers;
}

PGconn* start_connecting(const std::string& conninfo, bool replication, const ServerAddress& at) {
    // What stands before dbname the conninfo may override, what stands behind it not.
    const std::string options = startup_options(conninfo);
    std::vector<const char*> names = {"fallback_application_name", "keepalives_idle",  "keepalives_interval",
                                      "keepalives_count",          "tcp_user_timeout", "dbname",
                                      "client_encoding",           "options"};
    std::vector<const char*> values = {"gpsync-relay", "20",           "5", "3", "15000", conninfo.c_str(),
                                       "UTF8",         options.c_str()};
    const auto add = [&](const char* name, const char* text) {
        names.push_back(name);
        values.push_back(text);
    };
    if (replication) add("replication", "database");
    if (!at.host.empty()) add("host", at.host.c_str());
    if (!at.host.empty()) add("hostaddr", at.hostaddr.c_str());
    if (!at.port.empty()) add("port", at.port.c_str());
    add(nullptr, nullptr);
    PGconn* connection = PQconnectStartParams(names.data(), values.data(), 1);
    if (connection == nullptr) throw std::bad_alloc();
    // Notices of the server would go to standard error, between the lines of the log: of a setting of the
    // database that cannot be, for one.
    PQsetNoticeReceiver(
        connection, [](void*, const PGresult*) {}, nullptr);
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    return connection;
}

// libpq tries the servers in their order, and goes on to the next where one refuses; one that says nothing at
// all it waits for, since connect_timeout does not count for connections that are made step by step. So where
// there are several the others are then tried one by one.
void PgConnection::connect(const std::string& conninfo, Kind kind, const ServerAddress& at) {
    connection_.reset(start_connecting(conninfo, kind == Kind::replication, at));
    const std::vector<ServerAddress> servers = servers_of(get());
    if (!finish_connecting(servers.size() > 1 ? kServerTimeout : kConnectTimeout)) {
        if (servers.size() < 2) throw PgError("timeout while connecting to the server", {});
        try_servers(conninfo, kind, servers);
    }
    if (PQstatus(get()) != CONNECTION_OK) throw connection_error(get());
    PQsetErrorVerbosity(get(), PQERRORS_DEFAULT);
    if (PQsetnonblocking(get(), 1) != 0) throw connection_error(get());
}

void PgConnection::try_servers(const std::string& conninfo, Kind kind,
                               const std::vector<ServerAddress>& servers) {
    const ServerAddress unanswered = address_of(get());
    bool answered = false;
    for (const ServerAddress& server : servers) {
        if (server.host == unanswered.host && server.port == unanswered.port) continue;
        connection_.reset(start_connecting(conninfo, kind == Kind::replication, server));
        answered = finish_connecting(kServerTimeout);
        if (answered && PQstatus(get()) == CONNECTION_OK) return;
    }
    if (!answered) throw PgError("timeout while connecting to any of the servers", {});
}

// False when time is up before the connection is made or has failed.
bool PgConnection::finish_connecting(milliseconds patience) {
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    const auto end = std::chrono::steady_clock::now() + patience;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        if (PQstatus(get()) == CONNECTION_BAD) break;
        const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0 || !stop_.wait_for(PQsocket(get()), status == PGRES_POLLING_WRITING, left))
            return false;
        status = PQconnectPoll(get());
    }
    return true;
}

// A pooler invents the process id it gives its clients, and the session behind it is now one and now another.
// It must be known before anything is set in the session.
void PgConnection::require_own_session() {
    PgResult result = command("SELECT pg_catalog.pg_backend_pid()");
    if (value(result.get(), 0, 0) == std::to_string(PQbackendPID(get()))) return;
    throw ConfigError("the connection does not lead to the server but to a connection pooler",
                      "The process id in the connection's greeting is not that of its session.", kPoolerHint);
}

PgResult PgConnection::query(const std::string& sql, const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
    if (PQsendQueryParams(get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                          nullptr, nullptr, 0) == 0)
        throw error_of(nullptr, get());
    return wait_for_result();
}

PgResult PgConnection::command(const std::string& text) {
    if (PQsendQuery(get(), text.c_str()) == 0) throw error_of(nullptr, get());
    return wait_for_result();
}

PgResult PgConnection::wait_for_result() {
    PgResult last;
    for (;;) {
        int unsent = PQflush(get());
        if (unsent < 0) throw error_of(nullptr, get());
        if (unsent == 0 && PQisBusy(get()) == 0) {
            PgResult result(PQgetResult(get()));
            if (!result) break;
            last = std::move(result);
            ExecStatusType status = PQresultStatus(last.get());
            if (status == PGRES_COPY_BOTH || PQstatus(get()) == CONNECTION_BAD) break;
            continue;
        }
        stop_.wait_for(PQsocket(get()), unsent > 0, milliseconds{60000});
        if (PQconsumeInput(get()) == 0) throw error_of(nullptr, get());
    }
    ExecStatusType status = last ? PQresultStatus(last.get()) : PGRES_FATAL_ERROR;
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_BOTH)
        throw error_of(last.get(), get());
    return last;
}

std::string PgConnection::quote_literal(const std::string& text) const {
    std::unique_ptr<char, decltype(&PQfreemem)> quoted(PQescapeLiteral(get(), text.data(), text.size()),
                                                       &PQfreemem);
    if (!quoted) throw error_of(nullptr, get());
    return quoted.get();
}

std::string PgConnection::quote_identifier(const std::string& text) const {
    std::unique_ptr<char, decltype(&PQfreemem)> quoted(PQescapeIdentifier(get(), text.data(), text.size()),
                                                       &PQfreemem);
    if (!quoted) throw error_of(nullptr, get());
    return quoted.get();
}

}  // namespace gpsync::relay
