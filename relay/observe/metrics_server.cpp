#include "relay/observe/metrics_server.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "relay/base/config_error.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

// Before connections are accepted again when there is no descriptor left for one.
constexpr milliseconds kAcceptPause{100};
// A stream of events ends after this, and its client asks again.
constexpr std::chrono::minutes kStreamTime{15};
// What a client of a stream may leave unread, bytes.
constexpr size_t kMaxUnread = 4096;

[[noreturn]] void cannot_listen(const ListenAddress& address, const char* problem) {
    throw ConfigError("could not listen on " + address.host + ":" + std::to_string(address.port),
                      "The address is not one of this machine, or another process listens there: " +
                          std::string(problem) + ".",
                      "Choose another address with --metrics-listen.");
}

Descriptor listen_on(const addrinfo& info) {
    Descriptor socket(
        ::socket(info.ai_family, info.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, info.ai_protocol));
    // After a restart at once; not SO_REUSEPORT, which would share the port with any other process.
    int yes = 1;
    setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    bool good = socket.get() >= 0 && bind(socket.get(), info.ai_addr, info.ai_addrlen) == 0 &&
                listen(socket.get(), SOMAXCONN) == 0;
    return good ? std::move(socket) : Descriptor();
}

Descriptor listen_on(const ListenAddress& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    int error = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
    if (error != 0) cannot_listen(address, gai_strerror(error));
    std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, &freeaddrinfo);
    errno = 0;
    for (const addrinfo* info = found; info; info = info->ai_next)
        if (Descriptor socket = listen_on(*info); socket.get() >= 0) return socket;
    cannot_listen(address, std::strerror(errno));
}

int port_of(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    in_port_t port = address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                                   : reinterpret_cast<sockaddr_in*>(&address)->sin_port;
    return ntohs(port);
}

// Whether only this machine can reach a listening socket.
bool is_loopback(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    if (address.ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<sockaddr_in6*>(&address)->sin6_addr) != 0;
    constexpr uint32_t kLoopbackNet = 127;
    return ntohl(reinterpret_cast<sockaddr_in*>(&address)->sin_addr.s_addr) >> 24 == kLoopbackNet;
}

// Where the head of a request ends; npos while it is not complete.
size_t end_of_head(std::string_view text) {
    return std::min(text.find("\r\n\r\n"), text.find("\n\n"));
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

int Descriptor::release() {
    return std::exchange(number_, -1);
}

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

// One request: its head is read, the answer sent, and what else comes thrown away until the other side
// closes, since closing first could take the answer back from it.
class MetricsServer::Connection : public PageClient {
  public:
    Connection(MetricsServer& server, Descriptor socket)
        : server_(server),
          socket_(std::move(socket)),
          watch_(server.loop_, socket_.get(), [this](int events) { ready(events); }),
          deadline_(server.loop_, [this] { server_.drop(this); }) {
        watch_.watch(UV_READABLE);
        deadline_.start(server.deadline_);
    }
    ~Connection() override {
        if (server_.pages_) server_.pages_->forget(*this);
    }

    void stop() {
        if (server_.pages_) server_.pages_->forget(*this);
        watch_.watch(0);
        deadline_.stop();
        shutdown(socket_.get(), SHUT_RDWR);
    }

    void answer(const PageResponse& response) override { send_now(response_text(response, !is_head_)); }

    void begin_stream(std::string_view type, std::string_view fields) override {
        streams_ = true;
        deadline_.start(kStreamTime);
        std::string text = "HTTP/1.1 200 OK\r\nContent-Type: ";
        text.append(type).append("\r\n").append(fields).append("Connection: close\r\n\r\n");
        send_now(std::move(text));
    }

    void push(std::string_view text) override {
        if (out_.size() - sent_ > kMaxUnread) return server_.drop(this);
        out_.erase(0, sent_);
        sent_ = 0;
        send_now(out_.append(text));
    }

  private:
    void ready(int events) {
        if (events == 0) return server_.drop(this);
        if (events & UV_READABLE) {
            char buffer[4096];
            ssize_t bytes = recv(socket_.get(), buffer, sizeof buffer, 0);
            if (bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR)) return server_.drop(this);
            if (bytes > 0 && !taken_) take({buffer, static_cast<size_t>(bytes)});
        }
        if (sent_ < out_.size()) send_more();
    }

    void take(std::string_view bytes) {
        head_.append(bytes);
        size_t end = end_of_head(head_);
        taken_ = end <= kMaxHead || head_.size() > kMaxHead;
        if (end <= kMaxHead)
            serve(std::string_view(head_).substr(0, end));
        else if (taken_)
            answer({431, "the request is too long\n"});
    }

    void serve(std::string_view head) {
        const auto request = parse_request(head);
        if (!request) return answer({400, "this is no HTTP request\n"});
        is_head_ = request->is_head();
        server_.serve(*request, *this);
    }

    // The loop sends it: the caller may be in the middle of something that the end of this connection would
    // disturb.
    void send_now(std::string text) {
        out_ = std::move(text);
        sent_ = 0;
        watch_.watch(UV_READABLE | UV_WRITABLE);
    }

    void send_more() {
        ssize_t bytes = send(socket_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
        if (bytes < 0 && errno != EAGAIN && errno != EINTR) return server_.drop(this);
        if (bytes > 0) sent_ += static_cast<size_t>(bytes);
        const bool all = sent_ == out_.size();
        if (all && !streams_) shutdown(socket_.get(), SHUT_WR);
        watch_.watch(UV_READABLE | (all ? 0 : UV_WRITABLE));
    }

    MetricsServer& server_;
    Descriptor socket_;
    SocketWatch watch_;
    Timer deadline_;
    std::string head_, out_;
    size_t sent_ = 0;
    bool taken_ = false;    // the head is complete
    bool is_head_ = false;  // a HEAD request
    bool streams_ = false;
};

MetricsServer::MetricsServer(const ListenAddress& address, const Metrics& metrics, const Health& health,
                             const MakePages& make_pages, milliseconds deadline)
    : metrics_(metrics),
      health_(health),
      deadline_(deadline),
      listener_(listen_on(address)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      port_(port_of(listener_.get())),
      listening_(loop_, listener_.get(), [this](int) { accept_one(); }),
      stopping_(loop_, wake_.get(), [this](int) { loop_.stop(); }),
      resume_(loop_, [this] { listening_.watch(UV_READABLE); }),
      reaper_(loop_, [this] { dropped_.clear(); }),
      pages_(make_pages ? make_pages(loop_, is_loopback(listener_.get())) : nullptr) {
    listening_.watch(UV_READABLE);
    stopping_.watch(UV_READABLE);
    // Signals belong to the main thread, which waits for them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

MetricsServer::~MetricsServer() {
    eventfd_write(wake_.get(), 1);
    thread_.join();
}

void MetricsServer::run() {
    try {
        loop_.run();
    } catch (const std::exception& error) {
        // Delivery is worth more than being watched.
        log::error("no longer listening for /metrics and /healthz", {{"error", error.what()}});
        connections_.clear();
        listening_.watch(0);
    }
}

// One at a time: the loop calls again while more wait, and without a descriptor to spare the attempt itself
// fails, whether one waits or not.
void MetricsServer::accept_one() {
    Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() >= 0)
        add(std::move(socket));
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        pause_accepting();
}

void MetricsServer::add(Descriptor socket) {
    if (connections_.size() >= kMaxConnections) connections_.pop_front();
    connections_.push_back(std::make_unique<Connection>(*this, std::move(socket)));
}

void MetricsServer::drop(Connection* connection) {
    auto found = std::find_if(connections_.begin(), connections_.end(),
                              [&](const auto& candidate) { return candidate.get() == connection; });
    if (found == connections_.end()) return;
    connection->stop();
    dropped_.splice(dropped_.end(), connections_, found);
    reaper_.start(milliseconds{0});
}

// No descriptor or memory is left for a connection, and the socket stays readable: the oldest makes room.
void MetricsServer::pause_accepting() {
    if (!connections_.empty()) connections_.pop_front();
    listening_.watch(0);
    resume_.start(kAcceptPause);
}

void MetricsServer::serve(const PageRequest& request, PageClient& client) {
    if (request.method != "GET" && request.method != "HEAD")
        return client.answer({405, "only GET and HEAD\n"});
    if (request.path == "/metrics")
        return client.answer({200, metrics_.text(), "text/plain; version=0.0.4; charset=utf-8"});
    if (request.path == "/healthz" || request.path == "/readyz") {
        auto [status, text] = health_.answer();
        return client.answer({status, text + "\n"});
    }
    if (!pages_ || !pages_->take(request, client))
        client.answer({404, "/, /status.json, /metrics, /healthz and /readyz are all there is\n"});
}

}  // namespace gpsync::relay
