// The HTTP client over real sockets.
#include <arpa/inet.h>
#include <unistd.h>

#include <atomic>

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

// Keeps a connection after the first request on it, and closes it on the next one without an answer: what a
// client meets that uses a connection which the server is about to close.
class ForgetfulServer {
  public:
    ForgetfulServer() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
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
    ~ForgetfulServer() {
        shutdown(socket_, SHUT_RDWR);
        thread_.join();
        close(socket_);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/events"; }
    int requests() const { return requests_; }

  private:
    // The bodies of these tests end so.
    static bool is_whole(const std::string& request) {
        return request.ends_with("[]") || (request.starts_with("GET ") && request.ends_with("\r\n\r\n"));
    }
    bool read_request(int client) {
        std::string text;
        char buffer[4096];
        while (!is_whole(text)) {
            const ssize_t bytes = read(client, buffer, sizeof buffer);
            if (bytes <= 0) return false;
            text.append(buffer, static_cast<size_t>(bytes));
        }
        ++requests_;
        return true;
    }
    void serve() {
        const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        for (int client; (client = accept(socket_, nullptr, nullptr)) >= 0; close(client))
            if (read_request(client) &&
                write(client, answer.data(), answer.size()) == static_cast<ssize_t>(answer.size()))
                read_request(client);
    }

    int socket_;
    int port_ = 0;
    std::atomic<int> requests_ = 0;
    std::thread thread_;
};

// Requests, one behind the other, on one channel: what became of the last.
HttpResult last_of(const EndpointConfig& config, const std::vector<HttpRequest>& requests) {
    EventLoop loop;
    HttpResult result;
    {
        Resolver resolver(loop);
        ConnectionPool pool(loop, resolver, config);
        HttpChannel channel(pool, config);
        for (const HttpRequest& request : requests) {
            channel.send(request, "", 1000, [&](const HttpResult& r) {
                result = r;
                loop.stop();
            });
            loop.run();
        }
    }
    return result;
}

HttpRequest post(bool once) {
    HttpRequest request;
    request.body = "[]";
    request.once = once;
    return request;
}

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

TEST(HttpChannel, SendsAgainByItselfOnlyWhatMayArriveTwice) {
    {
        ForgetfulServer server;
        const HttpResult result = last_of(config_for(server.url()), {post(false), post(false)});
        EXPECT_EQ(result.status, 200) << result.error;
        EXPECT_EQ(server.requests(), 3) << "the second one went twice";
    }
    ForgetfulServer server;
    const HttpResult result = last_of(config_for(server.url()), {post(true), post(true)});
    EXPECT_NE(result.code, CURLE_OK);
    EXPECT_TRUE(result.sent) << "it may have arrived";
    EXPECT_EQ(server.requests(), 2);
}

TEST(HttpChannel, GoesOnAfterWhatCannotBeSentAgain) {
    HttpRequest get;
    get.method = HttpRequest::Method::get;
    for (const HttpRequest& next : {get, post(true), post(false)}) {
        ForgetfulServer server;
        const HttpResult result = last_of(config_for(server.url()), {post(true), post(true), next});
        EXPECT_EQ(result.status, 200) << result.error;
        EXPECT_EQ(server.requests(), 3);
    }
}

TEST(HttpChannel, SetsWhatIsNewInARequest) {
    std::vector<std::string> seen;
    httplib::Server server;
    const auto note = [&](const httplib::Request& request, httplib::Response&) {
        seen.push_back(request.method + " " + request.target + " " + request.get_header_value("X-Fixed") +
                       " " + request.get_header_value("X-Own") + " " +
                       request.get_header_value("Authorization") + " " + request.body);
    };
    server.Get(".*", note);
    server.Post(".*", note);
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread thread([&] { server.listen_after_bind(); });
    const std::string base = "http://127.0.0.1:" + std::to_string(port);
    EndpointConfig config = config_for(base + "/events");
    config.headers = {"X-Fixed: f"};
    {
        EventLoop loop;
        Resolver resolver(loop);
        ConnectionPool pool(loop, resolver, config);
        HttpChannel channel(pool, config);
        const auto send = [&](HttpRequest::Method method, const std::string& path, const std::string& own,
                              const std::string& token, const std::string& body) {
            HttpRequest request;
            request.method = method;
            request.url = path.empty() ? "" : base + path;
            if (!own.empty()) request.headers = {"X-Own: " + own};
            request.body = body;
            channel.send(request, token, 1000, [&](const HttpResult&) { loop.stop(); });
            loop.run();
        };
        using Method = HttpRequest::Method;
        send(Method::post, "", "1", "", "a");
        send(Method::post, "", "1", "", "bc");
        send(Method::post, "", "2", "t", "");
        send(Method::post, "", "", "", "d");
        send(Method::get, "/a/%2E/b", "2", "t", "");
        send(Method::get, "/a/%2E/c", "2", "t", "");
        send(Method::post, "", "2", "t", "e");
    }
    server.stop();
    thread.join();
    EXPECT_EQ(seen, (std::vector<std::string>{"POST /events f 1  a", "POST /events f 1  bc",
                                              "POST /events f 2 Bearer t ", "POST /events f   d",
                                              "GET /a/%2E/b f 2 Bearer t ", "GET /a/%2E/c f 2 Bearer t ",
                                              "POST /events f 2 Bearer t e"}));
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
