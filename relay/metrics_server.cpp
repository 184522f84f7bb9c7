#include "relay/metrics_server.hpp"

#include <httplib.h>
#include <signal.h>

#include <charconv>

#include "relay/config.hpp"

namespace gpsync::relay {

ListenAddress ListenAddress::parse(const std::string& text) {
    ListenAddress address;
    size_t colon = text.rfind(':');
    std::string_view port =
        colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1);
    address.host = text.substr(0, colon == std::string::npos ? 0 : colon);
    if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']')
        address.host = address.host.substr(1, address.host.size() - 2);
    auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (address.host.empty() || port.empty() || error != std::errc{} || end != port.data() + port.size() ||
        address.port < 0 || address.port > 65535)
        throw ConfigError("invalid address to listen on: \"" + text + "\"", {}, "Write it as HOST:PORT.");
    return address;
}

MetricsServer::MetricsServer(const ListenAddress& address, const Metrics& metrics, const Health& health)
    : server_(std::make_unique<httplib::Server>()), port_(address.port) {
    // Two threads: a slow scrape should not keep a health check waiting.
    server_->new_task_queue = [] { return new httplib::ThreadPool(2); };
    server_->set_keep_alive_max_count(100);
    // httplib's own default shares the port with any other process that asks for it.
    server_->set_socket_options([](socket_t socket) {
        int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_->Get("/metrics", [&metrics](const httplib::Request&, httplib::Response& response) {
        response.set_content(metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
    });
    server_->Get("/healthz", [&health](const httplib::Request&, httplib::Response& response) {
        auto [healthy, reason] = health.get();
        response.status = healthy ? 200 : 503;
        response.set_content(reason + "\n", "text/plain; charset=utf-8");
    });
    bool bound = true;
    if (address.port == 0)
        port_ = server_->bind_to_any_port(address.host);
    else
        bound = server_->bind_to_port(address.host, address.port);
    if (!bound || port_ < 0)
        throw ConfigError("could not listen on " + address.host + ":" + std::to_string(address.port),
                          "The address is not one of this machine, or another process listens there.",
                          "Choose another address with --metrics-listen.");
    // Signals belong to the main thread, which waits for them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

MetricsServer::~MetricsServer() {
    // stop() before the listener runs is lost.
    while (!server_->is_running()) std::this_thread::yield();
    server_->stop();
    thread_.join();
}

}  // namespace gpsync::relay
