// gpsync-relay: reads a stream's slot, delivers its events over HTTP and writes back what became of them.
#include <curl/curl.h>
#include <malloc.h>
#include <CLI/CLI.hpp>

#include <cstdio>

#include "relay/log.hpp"
#include "relay/metrics_server.hpp"
#include "relay/relay.hpp"
#include "relay/version.hpp"

namespace {

using namespace gpsync::relay;

enum ExitStatus { kStopped = 0, kConfiguration = 1, kUnexpected = 2 };

struct Arguments {
    std::string dbname, stream, metrics_listen, log_level = "info";
    log::Options log;
};

void describe(CLI::App& app, Arguments& arguments) {
    app.add_option("--dbname,-d", arguments.dbname,
                   "Database, connection string or URI; PG* variables count as well");
    app.add_option("--stream,-s", arguments.stream, "Name of the stream, as create_stream() got it")
        ->required();
    app.add_option("--metrics-listen", arguments.metrics_listen,
                   "HOST:PORT for /metrics and /healthz (default: none)");
    app.add_option("--log-file", arguments.log.file, "File for the log (default: standard error)");
    app.add_option("--error-log-file", arguments.log.error_file, "File that gets the errors as well");
    app.add_option("--log-level", arguments.log_level, "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
    app.set_version_flag("--version", std::string("gpsync-relay ") + kVersion);
}

void serve(const Arguments& arguments) {
    StopSignal stop;
    Metrics metrics(arguments.stream);
    Health health;
    std::unique_ptr<MetricsServer> server;
    if (!arguments.metrics_listen.empty()) {
        server =
            std::make_unique<MetricsServer>(ListenAddress::parse(arguments.metrics_listen), metrics, health);
        log::info("listening for /metrics and /healthz", {{"port", server->port()}});
    }
    Relay(arguments.dbname, arguments.stream, stop, metrics, health).run();
}

int run(const Arguments& arguments) {
    try {
        log::open(arguments.log);
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
    CLI::App app("Delivers a stream of gpsync to its endpoints.", "gpsync-relay");
    Arguments arguments;
    describe(app, arguments);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kStopped : kConfiguration;
    }
    log::parse_level(arguments.log_level, arguments.log.level);
    // What is freed goes back to the system: the relay may hold much for a while and then nothing for days.
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int status = run(arguments);
    curl_global_cleanup();
    return status;
}
