// gpsync-relay: reads a stream's slot, delivers its events over HTTP and writes back what became of them.
#include <curl/curl.h>
#include <malloc.h>
#include <CLI/CLI.hpp>

#include <cstdio>

#include "core/nearest_name.hpp"
#include "relay/base/process_secrecy.hpp"
#include "relay/base/version.hpp"
#include "relay/observe/log.hpp"
#include "relay/observe/metrics_server.hpp"
#include "relay/page/status_page.hpp"
#include "relay/relay.hpp"

namespace {

using namespace gpsync::relay;

enum ExitStatus { kStopped = 0, kConfiguration = 1, kUnexpected = 2 };

struct Arguments {
    std::string dbname, stream, metrics_listen, metrics_token_file, log_level = "info";
    log::Options log;
};

void describe(CLI::App& app, Arguments& arguments) {
    app.add_option("--dbname,-d", arguments.dbname,
                   "Database, connection string or URI; PG* variables count as well");
    app.add_option("--stream,-s", arguments.stream, "Name of the stream, as create_stream() got it")
        ->required();
    app.add_option("--metrics-listen", arguments.metrics_listen,
                   "HOST:PORT for /metrics, /healthz, /readyz and the status page (default: none)");
    app.add_option(
        "--metrics-token-file", arguments.metrics_token_file,
        "File with the token that the status page asks for (default: none, and the page is served on a "
        "loopback address only)");
    app.add_option("--log-file", arguments.log.file, "File for the log (default: standard error)");
    app.add_option("--error-log-file", arguments.log.error_file, "File that gets the errors as well");
    app.add_option("--log-level", arguments.log_level, "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
    app.set_version_flag("--version", std::string("gpsync-relay ") + kVersion);
}

// For an option nobody knows: the one that may have been meant.
void suggest_option(const CLI::App& app) {
    std::vector<std::string> known;
    for (const CLI::Option* option : app.get_options()) known.push_back(option->get_name());
    for (const std::string& argument : app.remaining()) {
        if (!argument.starts_with("-")) continue;
        std::vector<std::string_view> names(known.begin(), known.end());
        std::fprintf(stderr, "%s\n", gpsync::core::unknown_name_hint(argument, "options", names).c_str());
    }
}

struct CurlLibrary {
    CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
    ~CurlLibrary() { curl_global_cleanup(); }
    CurlLibrary(const CurlLibrary&) = delete;
    CurlLibrary& operator=(const CurlLibrary&) = delete;
};

void serve(const Arguments& arguments) {
    StopSignal stop(log::reopen);
    Metrics metrics(arguments.stream);
    Health health;
    KnownServer known;
    std::unique_ptr<MetricsServer> server;
    if (!arguments.metrics_listen.empty()) {
        server = std::make_unique<MetricsServer>(
            ListenAddress::parse(arguments.metrics_listen), metrics, health,
            [&](EventLoop& loop, bool loopback) {
                const StatusPage::Settings settings{arguments.dbname, arguments.stream,
                                                    arguments.metrics_token_file, loopback};
                return std::make_unique<StatusPage>(loop, settings, metrics, health, known, stop);
            });
        log::info("listening for /metrics and /healthz", {{"port", server->port()}});
    }
    Relay(arguments.dbname, arguments.stream, stop, metrics, health, known).run();
}

void open_log(const log::Options& options) {
    try {
        log::open(options);
    } catch (const std::runtime_error& error) {
        throw ConfigError(error.what());
    }
}

int run(const Arguments& arguments) {
    // What is freed goes back to the system: the relay may hold much for a while and then nothing for days.
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    try {
        CurlLibrary curl;
        open_log(arguments.log);
        log::set_stream(arguments.stream);
        log::info("starting", {{"version", kVersion}});
        serve(arguments);
        return kStopped;
    } catch (const ConfigError& error) {
        log::error(error.what(), {{"detail", error.detail}, {"hint", error.hint}});
        return kConfiguration;
    } catch (const std::exception& error) {
        log::error("unexpected error", {{"error", error.what()}});
        return kUnexpected;
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        forbid_inspection();
        CLI::App app("Delivers a stream of gpsync to its endpoints.", "gpsync-relay");
        Arguments arguments;
        describe(app, arguments);
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            int status = app.exit(error) == 0 ? kStopped : kConfiguration;
            suggest_option(app);
            return status;
        }
        hide_passwords(argc, argv);
        log::parse_level(arguments.log_level, arguments.log.level);
        return run(arguments);
    } catch (...) {
        std::fputs("gpsync-relay: could not even say what went wrong\n", stderr);
        return kUnexpected;
    }
}
