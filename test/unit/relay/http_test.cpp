// The HTTP client over real sockets.
#include <arpa/inet.h>
#include <unistd.h>

#include "delivery_helpers.hpp"
#include "relay/delivery/http_client.hpp"

namespace gpsync::relay {
namespace {

// Accepts connections, reads a little, sends a text and closes.
class RudeServer {
  public:
    explicit RudeServer(std::string answer)
        : answer_(std::move(answer)), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), length), 0);
        EXPECT_EQ(listen(socket_, 16), 0);
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~RudeServer() {
        shutdown(socket_, SHUT_RDWR);
        thread_.join();
        close(socket_);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/events"; }

  private:
    void serve() {
        for (int client; (client = accept(socket_, nullptr, nullptr)) >= 0; close(client)) {
            char buffer[65536];
            if (read(client, buffer, sizeof buffer) > 0) [[maybe_unused]]
                ssize_t sent = write(client, answer_.data(), answer_.size());
        }
    }

    std::string answer_;
    int socket_;
    int port_ = 0;
    std::thread thread_;
};

// One request by itself.
HttpResult request(const EndpointConfig& config, size_t max_answer = 1000) {
    EventLoop loop;
    HttpResult result;
    {
        Resolver resolver(loop);
        ConnectionPool pool(loop, resolver, config);
        HttpChannel channel(pool, config);
        HttpRequest request;
        request.headers = {"Content-Type: application/json", "Idempotency-Key: key"};
        request.body = "[]";
        channel.send(request, "", max_answer, [&](const HttpResult& r) {
            result = r;
            loop.stop();
        });
        loop.run();
    }
    return result;
}

TEST(HttpChannel, SendsARequest) {
    Server server([](const Server::Request&, httplib::Response& response) {
        response.status = 202;
        response.set_content("fine", "text/plain");
    });
    HttpResult result = request(config_for(server.url()));
    EXPECT_EQ(result.code, CURLE_OK);
    EXPECT_EQ(result.status, 202);
    EXPECT_EQ(result.body, "fine");
    Server::Request seen = server.requests().at(0);
    EXPECT_EQ(seen.type, "application/json");
    EXPECT_EQ(seen.key, "key");
}

TEST(HttpChannel, DoesNotFollowRedirects) {
    Server server(
        [](const Server::Request&, httplib::Response& response) { response.set_redirect("/events", 307); });
    EXPECT_EQ(request(config_for(server.url())).status, 307);
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpChannel, TimesOut) {
    Server server(
        [](const Server::Request&, httplib::Response&) { std::this_thread::sleep_for(milliseconds{600}); });
    EndpointConfig config = config_for(server.url());
    config.timeout = milliseconds{100};
    auto start = steady_clock::now();
    EXPECT_EQ(request(config).code, CURLE_OPERATION_TIMEDOUT);
    EXPECT_LT(steady_clock::now() - start, milliseconds{500});
}

TEST(HttpChannel, TellsHowAConnectionBroke) {
    EXPECT_EQ(request(config_for(RudeServer("").url())).code, CURLE_GOT_NOTHING);
    HttpResult half =
        request(config_for(RudeServer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"results\"").url()));
    EXPECT_EQ(half.code, CURLE_PARTIAL_FILE);
    EXPECT_NE(half.error, "");
    EXPECT_EQ(request(config_for("http://127.0.0.1:1/events")).code, CURLE_COULDNT_CONNECT);
}

TEST(HttpChannel, BoundsTheAnswer) {
    for (size_t length : {100'000, 2'000'000, 40'000'000}) {
        Server server([&](const Server::Request&, httplib::Response& response) {
            response.status = 422;
            // A type that the server's library does not compress by itself, which takes it seconds.
            response.set_content(std::string(length, 'x'), "application/x-raw");
        });
        HttpResult result = request(config_for(server.url()), 5000);
        EXPECT_EQ(result.code, CURLE_OK) << result.error;
        EXPECT_EQ(result.status, 422);
        EXPECT_EQ(result.body.size(), 5000U);
        EXPECT_TRUE(result.cut);
    }
}

TEST(HttpChannel, DecodesTheAnswer) {
    // The server compresses what the request allows.
    Server server([&](const Server::Request&, httplib::Response& response) {
        response.set_content("{\"results\":[]}", "application/json");
    });
    HttpResult result = request(config_for(server.url()));
    EXPECT_EQ(result.body, "{\"results\":[]}");
    EXPECT_FALSE(result.cut);
    EXPECT_NE(server.requests().at(0).accept_encoding.find("gzip"), std::string::npos);
    HttpResult unknown = request(config_for(
        RudeServer("HTTP/1.1 422 No\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\n\r\nab").url()));
    EXPECT_EQ(unknown.code, CURLE_BAD_CONTENT_ENCODING);
    EXPECT_EQ(unknown.status, 422);
    HttpResult broken = request(config_for(
        RudeServer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd").url()));
    EXPECT_NE(broken.code, CURLE_OK);
    EXPECT_EQ(broken.status, 200);
}

TEST(HttpChannel, ReadsRetryAfter) {
    Server server([](const Server::Request&, httplib::Response& response) {
        response.status = 503;
        response.set_header("Retry-After", "7");
    });
    EXPECT_EQ(request(config_for(server.url())).retry_after, std::chrono::seconds(7));
}

TEST(HttpChannel, BearsAnyRetryAfter) {
    for (const char* text : {"9223372036854775807", "99999999999999999999999", "-9223372036854775808",
                             "1e400", "", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"}) {
        Server server([&](const Server::Request&, httplib::Response& response) {
            response.status = 503;
            response.set_header("Retry-After", text);
        });
        const auto retry_after = request(config_for(server.url())).retry_after;
        Breaker breaker({3, std::chrono::seconds(1), 3}, Breaker::State::closed, {});
        const auto wait = breaker.note_failure({1, false, false, false, retry_after}, 0, {});
        EXPECT_GE(wait, Breaker::kShortestWait) << text;
        EXPECT_LE(wait, Breaker::kLongestRetryAfter) << text;
    }
}

TEST(HttpChannel, RefusesOtherProtocols) {
    EXPECT_EQ(request(config_for("file:///etc/passwd")).code, CURLE_UNSUPPORTED_PROTOCOL);
}

}  // namespace
}  // namespace gpsync::relay
