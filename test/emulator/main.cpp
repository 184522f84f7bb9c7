// nws-emulator: a legacy endpoint for tests, demo and benchmarks. It checks what it is sent, drops repeats,
// keeps a ledger of the last state of every row, and fails on demand (see faults.hpp).
#include <csignal>
#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>

#include "server.hpp"

namespace {

using gpsync::emulator::Emulator;
using gpsync::emulator::Settings;

struct Options {
    Settings settings;
    std::string listen, control, tls_cert, tls_key, tls_client_ca;
};

// Each kept-alive connection holds a thread of the HTTP library.
constexpr size_t kConnections = 128;

std::unique_ptr<httplib::Server> make_server(const Options& options) {
    if (options.tls_cert.empty()) return std::make_unique<httplib::Server>();
    const char* client_ca = options.tls_client_ca.empty() ? nullptr : options.tls_client_ca.c_str();
    auto server =
        std::make_unique<httplib::SSLServer>(options.tls_cert.c_str(), options.tls_key.c_str(), client_ca);
    if (!server->is_valid()) throw std::runtime_error("cannot use the TLS certificate or key");
    return server;
}

void configure(httplib::Server& server) {
    server.new_task_queue = [] { return new httplib::ThreadPool(kConnections); };
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(1U << 30);
    server.set_keep_alive_timeout(3600);
    server.set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, const std::exception_ptr& error) {
            try {
                std::rethrow_exception(error);
            } catch (const std::exception& failure) {
                std::fprintf(stderr, "%s\n", failure.what());
            }
            response.status = 500;
        });
}

// SIGTERM and SIGINT end the process between two batches. The library would wait for idle connections.
void exit_on_signal(const sigset_t& signals, Emulator& emulator) {
    int signal = 0;
    sigwait(&signals, &signal);
    emulator.close();
    std::_Exit(0);
}

// Binds to HOST:PORT; port 0 takes a free one. Gives HOST:PORT. Throws std::runtime_error.
std::string bind(httplib::Server& server, const std::string& address) {
    const size_t colon = address.rfind(':');
    if (colon == std::string::npos) throw std::runtime_error("\"" + address + "\" is not HOST:PORT");
    const std::string host = address.substr(0, colon);
    const int wanted = std::stoi(address.substr(colon + 1));
    const int port = wanted == 0 ? server.bind_to_any_port(host) : wanted;
    if (port < 0 || (wanted != 0 && !server.bind_to_port(host, wanted)))
        throw std::runtime_error("cannot listen on " + address);
    return host + ":" + std::to_string(port);
}

int run(const Options& options) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // the threads to come inherit this
    std::signal(SIGPIPE, SIG_IGN);

    Emulator emulator(options.settings);
    const auto server = make_server(options);
    httplib::Server control;
    for (httplib::Server* each : {server.get(), &control}) {
        configure(*each);
        emulator.add_routes(*each);
    }
    const std::string address = bind(*server, options.listen);
    if (!options.control.empty()) {
        (void)bind(control, options.control);
        std::thread([&control] { control.listen_after_bind(); }).detach();
    }
    std::printf("%s listens on %s\n", options.settings.name.c_str(), address.c_str());
    std::fflush(stdout);
    std::thread(exit_on_signal, std::cref(signals), std::ref(emulator)).detach();
    server->listen_after_bind();
    std::_Exit(1);  // only a signal ends it
}

}  // namespace

int main(int argc, char** argv) try {
    Options options;
    CLI::App app{"An endpoint that takes gpsync's events, checks them and keeps a ledger of them"};
    app.add_option("--listen", options.listen, "HOST:PORT; port 0 takes a free one and prints it")
        ->required();
    app.add_option("--control", options.control,
                   "HOST:PORT that serves the same without TLS, for those who watch");
    app.add_option("--ledger", options.settings.ledger_file, "file that keeps what was taken, over restarts")
        ->required();
    app.add_option("--name", options.settings.name, "shown in /stats");
    app.add_option("--authorization", options.settings.authorization,
                   "demand this Authorization header of every batch");
    auto* cert = app.add_option("--tls-cert", options.tls_cert, "PEM certificate: serve https");
    auto* key = app.add_option("--tls-key", options.tls_key, "PEM key of the certificate");
    app.add_option("--tls-client-ca", options.tls_client_ca, "demand client certificates signed by this CA")
        ->needs(cert);
    cert->needs(key);
    key->needs(cert);
    CLI11_PARSE(app, argc, argv);
    return run(options);
} catch (const std::exception& failure) {
    std::fprintf(stderr, "nws-emulator: %s\n", failure.what());
    return 1;
}
