// Whoever holds connections to /metrics and /healthz keeps nobody else from them.
#include "relay/observe/metrics_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "relay/config.hpp"

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class Client {
  public:
    explicit Client(int port, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0)
            setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        timeval limit{20, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    void say(std::string_view text) const {
        EXPECT_EQ(send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }
    // All until the other side closes.
    std::string rest() const {
        std::string text;
        char buffer[65536];
        for (ssize_t bytes; (bytes = receive(buffer, sizeof buffer)) > 0;)
            text.append(buffer, static_cast<size_t>(bytes));
        return text;
    }

    // What comes next; 0 at the end.
    ssize_t some() {
        char buffer[4096];
        return receive(buffer, sizeof buffer);
    }

  private:
    // The server's loop may use io_uring (libuv 1.45 and later), which interrupts this thread's calls that
    // have a time limit.
    ssize_t receive(char* to, size_t size) const {
        ssize_t bytes;
        do bytes = recv(socket_.get(), to, size, 0);
        while (bytes < 0 && errno == EINTR);
        return bytes;
    }

    Descriptor socket_;
};

class Listener : public testing::Test {
  protected:
    Listener() : metrics_("legacy") { health_.set(Role::leader, "streaming"); }

    void serve(std::chrono::milliseconds deadline = MetricsServer::kDeadline) {
        server_ = std::make_unique<MetricsServer>(ListenAddress{"127.0.0.1", 0}, metrics_, health_,
                                                  MetricsServer::MakePages(), deadline);
    }
    std::string ask(const std::string& request) {
        Client client(server_->port());
        client.say(request);
        return client.rest();
    }
    std::string get(const std::string& path) { return ask("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"); }
    // Several MB, which no socket's buffer takes.
    void fatten_metrics() {
        for (int i = 0; i < 1500; ++i) metrics_.endpoint("endpoint" + std::to_string(i));
    }
    void end_within(std::chrono::milliseconds bound) {
        auto start = steady_clock::now();
        server_.reset();
        EXPECT_LT(steady_clock::now() - start, bound);
    }

    Metrics metrics_;
    Health health_;
    std::unique_ptr<MetricsServer> server_;
};

TEST_F(Listener, Answers) {
    serve();
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(get("/healthz?x=1").ends_with("\r\n\r\nleader: streaming\n"));
    EXPECT_TRUE(get("/readyz").starts_with("HTTP/1.1 200 OK\r\n"));
    health_.set(Role::standby, "another relay has the stream");
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(get("/readyz").starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(get("/readyz").ends_with("\r\n\r\nstandby: another relay has the stream\n"));
    health_.set(Role::paused, "the stream is paused");
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 503 "));
    EXPECT_TRUE(get("/readyz").starts_with("HTTP/1.1 503 "));
    std::string metrics = get("/metrics");
    EXPECT_NE(metrics.find("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
              std::string::npos);
    EXPECT_NE(metrics.find("\ngpsync_streaming{stream=\"legacy\"} 0\n"), std::string::npos);
    EXPECT_TRUE(get("/nothing").starts_with("HTTP/1.1 404 "));
    EXPECT_TRUE(ask("HEAD /metrics HTTP/1.0\r\n\r\n").ends_with("\r\n\r\n"));
    EXPECT_TRUE(ask("GET /healthz HTTP/1.1\n\n").starts_with("HTTP/1.1 503 ")) << "bare line ends";
    EXPECT_TRUE(ask("POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
}

TEST_F(Listener, RefusesWhatIsNoRequest) {
    serve();
    for (const char* text :
         {"\r\n\r\n", "GET\r\n\r\n", "GET /healthz\r\n\r\n", "\x16\x03\x01\n\n", "GET  HTTP/9\r\n\r\n"})
        EXPECT_TRUE(ask(text).starts_with("HTTP/1.1 400 ")) << text;
    std::string head = "GET /healthz HTTP/1.1\r\nX: " + std::string(MetricsServer::kMaxHead, 'x');
    EXPECT_TRUE(ask(head).starts_with("HTTP/1.1 431 "));
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 "));
}

TEST_F(Listener, HalfOpenConnectionsBlockNobody) {
    serve();
    std::vector<std::unique_ptr<Client>> idle;
    for (size_t i = 0; i < 3 * MetricsServer::kMaxConnections; ++i) {
        idle.push_back(std::make_unique<Client>(server_->port()));
        if (i % 2 == 1) idle.back()->say("GET /heal");
        if (i % 16 != 0) continue;
        EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 ")) << i;
    }
    EXPECT_TRUE(get("/metrics").starts_with("HTTP/1.1 200 "));
    EXPECT_EQ(idle.front()->rest(), "") << "the oldest made room";
    end_within(2s);
}

TEST_F(Listener, SlowReadersBlockNobody) {
    fatten_metrics();
    serve(2min);  // under sanitizers the text takes its time
    std::vector<std::unique_ptr<Client>> slow;
    for (int i = 0; i < 8; ++i) {
        slow.push_back(std::make_unique<Client>(server_->port(), 4096));
        slow.back()->say("GET /metrics HTTP/1.1\r\n\r\n");
    }
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 "));
    std::string metrics = get("/metrics");
    size_t body = metrics.find("\r\n\r\n") + 4;
    EXPECT_NE(metrics.find("Content-Length: " + std::to_string(metrics.size() - body) + "\r\n"),
              std::string::npos);
    EXPECT_TRUE(slow.front()->rest() == metrics) << "one that reads in time gets all of it";
    end_within(2s);
}

TEST_F(Listener, EveryConnectionHasADeadline) {
    fatten_metrics();
    serve(300ms);
    Client silent(server_->port()), slow(server_->port(), 4096), busy(server_->port());
    slow.say("GET /metrics HTTP/1.1\r\n\r\n");
    busy.say("GET /metrics HTTP/1.1\r\n");
    auto start = steady_clock::now();
    EXPECT_EQ(silent.rest(), "");
    EXPECT_LT(steady_clock::now() - start, 10s);
    EXPECT_EQ(busy.rest(), "");
    std::this_thread::sleep_for(100ms);
    size_t whole = get("/metrics").size();
    EXPECT_LT(slow.rest().size(), whole) << "it was cut off";
}

TEST_F(Listener, SurvivesARunOutOfDescriptors) {
    serve();
    std::vector<Descriptor> all;
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    rlimit few = before;
    few.rlim_cur = 64;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    Client first(server_->port());
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 ")) << "so the first is accepted, too";
    for (int number; (number = dup(0)) >= 0;) all.emplace_back(number);
    all.pop_back();
    Client waits(server_->port());  // takes the last descriptor: there is none for the other end
    waits.say("GET /healthz HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(waits.rest().starts_with("HTTP/1.1 200 ")) << "the oldest made room";
    setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(Listener, SaysWhyItCannotListen) {
    serve();
    try {
        MetricsServer second(ListenAddress{"127.0.0.1", server_->port()}, metrics_, health_);
        FAIL() << "the port was shared";
    } catch (const ConfigError& error) {
        EXPECT_NE(error.detail.find("Address already in use"), std::string::npos) << error.detail;
    }
    EXPECT_THROW(MetricsServer(ListenAddress{"no.such.host.invalid", 0}, metrics_, health_), ConfigError);
}

// A page that is answered later, and one without an end.
class TestPages : public Pages {
  public:
    explicit TestPages(EventLoop& loop)
        : tick_(loop, [this] {
              for (PageClient* client : std::vector(listeners_.begin(), listeners_.end()))
                  client->push(std::string(1000, 'x'));
              if (PageClient* client = std::exchange(waiting_, nullptr)) client->answer({200, "at last\n"});
          }) {
        tick_.start(std::chrono::milliseconds{5}, std::chrono::milliseconds{5});
    }
    bool take(const PageRequest& request, PageClient& client) override {
        if (request.path == "/later") {
            waiting_ = &client;
        } else if (request.path == "/stream") {
            listeners_.push_back(&client);
            client.begin_stream("text/event-stream", "");
        } else {
            return false;
        }
        return true;
    }
    void forget(PageClient& client) override {
        if (waiting_ == &client) waiting_ = nullptr;
        left += static_cast<int>(listeners_.remove(&client));
    }
    static std::atomic<int> left;  // listeners that are gone

  private:
    std::list<PageClient*> listeners_;
    PageClient* waiting_ = nullptr;
    Timer tick_;
};
std::atomic<int> TestPages::left{0};

TEST_F(Listener, PagesAnswerLaterAndPieceByPiece) {
    TestPages::left = 0;
    server_ = std::make_unique<MetricsServer>(ListenAddress{"127.0.0.1", 0}, metrics_, health_,
                                              [](EventLoop& loop, bool loopback) {
                                                  EXPECT_TRUE(loopback);
                                                  return std::make_unique<TestPages>(loop);
                                              });
    EXPECT_TRUE(get("/later").ends_with("\r\n\r\nat last\n"));
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(get("/nothing").starts_with("HTTP/1.1 404 "));
    {
        Client reads(server_->port()), does_not(server_->port());
        does_not.say("GET /stream HTTP/1.1\r\n\r\n");
        reads.say("GET /stream HTTP/1.1\r\n\r\n");
        // Whoever does not read is disconnected once no buffer takes more; whoever does goes on.
        while (TestPages::left == 0) ASSERT_GT(reads.some(), 0);
        EXPECT_GT(reads.some(), 0);
        EXPECT_EQ(TestPages::left, 1);
    }
    while (TestPages::left < 2) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    Client stays(server_->port());
    stays.say("GET /stream HTTP/1.1\r\n\r\n");
    ASSERT_GT(stays.some(), 0);
    end_within(std::chrono::milliseconds{2000});
}

}  // namespace
}  // namespace gpsync::relay
