// token-system: the token system that tests and benchmarks of look-ups ask (see system.hpp).
#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "system.hpp"

namespace {

// Each kept-alive connection holds a thread of the HTTP library.
constexpr size_t kConnections = 128;

int run(const std::string& host, int port, int64_t delay_us) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGTERM, [](int) { std::_Exit(0); });
    std::signal(SIGINT, [](int) { std::_Exit(0); });
    gpsync::token_system::System system(delay_us);
    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(kConnections); };
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(1U << 30);
    server.set_keep_alive_timeout(3600);
    system.add_routes(server);
    if (!server.bind_to_port(host, port))
        throw std::runtime_error("cannot listen on port " + std::to_string(port));
    std::printf("token system listens on %s:%d\n", host.c_str(), port);
    std::fflush(stdout);
    server.listen_after_bind();
    return 1;  // only a signal ends it
}

}  // namespace

int main(int argc, char** argv) try {
    std::string host = "127.0.0.1";
    int port = 0;
    int64_t delay_us = 0;
    CLI::App app{"A token system that answers look-ups of gpsync"};
    app.add_option("--host", host, "address to listen at");
    app.add_option("--port", port, "port to listen at")->required();
    app.add_option("--delay-us", delay_us, "how long each answer takes, µs");
    CLI11_PARSE(app, argc, argv);
    return run(host, port, delay_us);
} catch (const std::exception& failure) {
    std::fprintf(stderr, "token-system: %s\n", failure.what());
    return 1;
}
