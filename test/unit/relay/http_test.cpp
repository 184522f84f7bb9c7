// Delivery over real sockets: the HTTP client, and an endpoint's lanes above it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <thread>

#include "relay/books/ledger.hpp"
#include "relay/delivery/endpoint.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// An HTTP server on a free port, with what it was asked.
class Server {
  public:
    struct Request {
        std::string body, encoding, type, key, authorization, accept_encoding;
        steady_clock::time_point at;
    };
    using Handler = std::function<void(const Request&, httplib::Response&)>;

    explicit Server(Handler handler) : handler_(std::move(handler)) {
        server_.Post("/events", [this](const httplib::Request& http, httplib::Response& response) {
            Request request{http.body,
                            http.get_header_value("Content-Encoding"),
                            http.get_header_value("Content-Type"),
                            http.get_header_value("Idempotency-Key"),
                            http.get_header_value("Authorization"),
                            http.get_header_value("Accept-Encoding"),
                            steady_clock::now()};
            {
                std::lock_guard lock(mutex_);
                requests_.push_back(request);
            }
            handler_(request, response);
        });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();
    }
    ~Server() {
        server_.stop();
        thread_.join();
    }
    std::string url(const std::string& path = "/events") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    std::vector<Request> requests() {
        std::lock_guard lock(mutex_);
        return requests_;
    }

  private:
    Handler handler_;
    httplib::Server server_;
    std::mutex mutex_;
    std::vector<Request> requests_;
    int port_ = 0;
    std::thread thread_;
};

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

EndpointConfig config_for(const std::string& url) {
    EndpointConfig config;
    config.name = "nws";
    config.url = url;
    config.timeout = milliseconds{2000};
    config.retry_base = milliseconds{10};
    return config;
}

// One request by itself.
HttpResult request(const EndpointConfig& config, size_t max_answer = 1000) {
    EventLoop loop;
    HttpResult result;
    {
        Resolver resolver(loop);
        ConnectionPool pool(loop, resolver, config);
        HttpChannel channel(pool, config);
        Payload payload{"[]", "key"};
        channel.post(payload, "", max_answer, [&](const HttpResult& r) {
            result = r;
            loop.stop();
        });
        loop.run();
    }
    return result;
}

TEST(HttpChannel, SendsABatch) {
    Server server([](const Server::Request&, httplib::Response& response) {
        response.status = 202;
        response.set_content("fine", "text/plain");
    });
    HttpResult result = request(config_for(server.url()));
    EXPECT_EQ(result.code, CURLE_OK);
    EXPECT_EQ(result.status, 202);
    EXPECT_EQ(result.body, "fine");
    Server::Request seen = server.requests().at(0);
    EXPECT_EQ(seen.type, "application/cloudevents-batch+json; charset=utf-8");
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
        Breaker breaker(3, std::chrono::seconds(1), Breaker::State::closed, {});
        const auto wait = breaker.note_failure({1, false, retry_after}, 0, {});
        EXPECT_GE(wait, Breaker::kShortestWait) << text;
        EXPECT_LE(wait, Breaker::kLongestRetryAfter) << text;
    }
}

TEST(HttpChannel, RefusesOtherProtocols) {
    EXPECT_EQ(request(config_for("file:///etc/passwd")).code, CURLE_UNSUPPORTED_PROTOCOL);
}

std::string event_line(uint32_t ordinal, const std::string& key) {
    std::string id(core::kEventIdLength, '\0');
    core::write_event_id(id.data(), {0x100, ordinal}, 1000);
    return R"({"id":")" + id + R"(","type":"gpsync.row.inserted","subject":"public.t/)" + key +
           R"(","partitionkey":"public.t/)" + key +
           R"(","data":{"schema":"public","table":"t","key":{"id":")" + key + R"("},"revision":)" +
           std::to_string(ordinal) + R"(,"row":{}}})";
}

// An endpoint with everything around it but the database.
class Delivery : Endpoint::Listener {
  public:
    explicit Delivery(EndpointConfig config)
        : resolver_(loop_),
          ledger_(1),
          metrics_("legacy"),
          endpoint_(loop_, resolver_, config, metrics_.endpoint("nws"), status_, secrets_, *this),
          deadline_(loop_, [this] { loop_.stop(); }) {}

    // Adds events of these keys, sends them, and waits until they are settled; false when that takes too
    // long.
    bool deliver(const std::vector<std::string>& keys, milliseconds bound = milliseconds{5000}) {
        std::string text;
        for (const std::string& key : keys) text += (text.empty() ? "" : "\n") + event_line(++ordinal_, key);
        texts_.push_back(std::make_unique<std::string>(std::move(text)));
        auto message = std::make_unique<Message>();
        message->text = *texts_.back();
        message->end_lsn = 0x200;
        parse_events(*message, relations_, shapes_, {});
        Message& added = *message;
        ledger_.add(std::move(message));
        for (Event& event : added.events) endpoint_.offer(event);
        endpoint_.pump(true);
        wanted_ += keys.size();
        deadline_.start(bound);
        if (settled_ < wanted_) loop_.run();
        deadline_.stop();
        return settled_ == wanted_;
    }

    // The same, until the endpoint counts as failing.
    bool fail(const std::vector<std::string>& keys) {
        until_failing_ = true;
        bool delivered = deliver(keys);
        until_failing_ = false;
        return !delivered && status_.failing;
    }

    std::vector<DeadLetter> dead_letters;
    std::vector<bool> failed;
    EndpointStatus& status() { return status_; }
    Endpoint& endpoint() { return endpoint_; }
    std::string metrics() const { return metrics_.text(); }

  private:
    void on_failing_changed() override {
        if (until_failing_) loop_.stop();
    }
    void on_settled(const Endpoint&, Event& event, const Settlement& settlement) override {
        const bool refused = settlement.kind == Settlement::refused;
        if (refused) {
            DeadLetter letter = make_dead_letter(event, relations_[event.relation]);
            letter.attempts = settlement.attempts;
            letter.http_status = settlement.http_status;
            letter.error = settlement.error;
            ledger_.add_dead_letter(std::move(letter));
        }
        ledger_.settle(0, event, refused);
    }
    void on_batch_settled() override {
        while (ledger_.has_booking()) {
            Booking booking = ledger_.take_booking(1000);
            settled_ += booking.events.size();
            for (const SettledEvent& event : booking.events) failed.push_back(event.refused);
            for (DeadLetter& letter : booking.dead_letters) dead_letters.push_back(letter);
            ledger_.booked(booking);
        }
        if (settled_ == wanted_) loop_.stop();
    }

    EventLoop loop_;
    Resolver resolver_;
    Ledger ledger_;
    RelationTable relations_;
    KeyShapes shapes_;
    Metrics metrics_;
    EndpointStatus status_;
    Secrets secrets_;
    Endpoint endpoint_;
    Timer deadline_;
    std::vector<std::unique_ptr<std::string>> texts_;
    uint32_t ordinal_ = 0;
    size_t wanted_ = 0, settled_ = 0;
    bool until_failing_ = false;
};

std::vector<std::string> keys(size_t count) {
    std::vector<std::string> made;
    for (size_t i = 0; i < count; ++i) made.push_back("k" + std::to_string(i));
    return made;
}

size_t events_in(const std::string& body) {
    size_t count = 0;
    for (size_t at = body.find("\"subject\""); at != std::string::npos; at = body.find("\"subject\"", at + 1))
        ++count;
    return count;
}

TEST(Endpoint, DeliversInBatches) {
    Server server([](const Server::Request&, httplib::Response&) {});
    EndpointConfig config = config_for(server.url());
    config.batch.max_events = 10;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver(keys(100)));
    size_t total = 0;
    for (const auto& seen : server.requests()) {
        EXPECT_LE(events_in(seen.body), 10U);
        total += events_in(seen.body);
    }
    EXPECT_EQ(total, 100U);
    EXPECT_EQ(delivery.status().delivered, 100);
    EXPECT_NE(delivery.metrics().find("sync_latency_ms_count{endpoint=\"nws\",stream=\"legacy\"} 100"),
              std::string::npos)
        << delivery.metrics();
}

TEST(Endpoint, Compresses) {
    Server server([](const Server::Request&, httplib::Response&) {});
    EndpointConfig config = config_for(server.url());
    config.gzip = true;
    config.lanes = 1;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver(keys(50)));
    EXPECT_EQ(server.requests().at(0).encoding, "gzip");
    EXPECT_EQ(events_in(server.requests().at(0).body), 50U) << "the server unpacks it";
}

TEST(Endpoint, SplitsUntilItFits) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (events_in(request.body) > 3) response.status = 413;
    });
    EndpointConfig config = config_for(server.url());
    config.lanes = 1;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver(keys(40)));
    EXPECT_TRUE(delivery.dead_letters.empty());
    EXPECT_EQ(delivery.status().delivered, 40);
}

TEST(Endpoint, FindsTheRefusedEvent) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (request.body.find("\"k7\"") == std::string::npos) return;
        response.status = 422;
        response.set_content("k7 is wrong", "text/plain");
    });
    EndpointConfig config = config_for(server.url());
    config.lanes = 1;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver(keys(20)));
    ASSERT_EQ(delivery.dead_letters.size(), 1U);
    const DeadLetter& letter = delivery.dead_letters[0];
    EXPECT_EQ(letter.subject, "public.t/k7");
    EXPECT_EQ(letter.error, "HTTP 422: k7 is wrong");
    EXPECT_EQ(letter.http_status, 422);
    EXPECT_EQ(letter.attempts, 2) << "once in the batch, once alone";
    EXPECT_EQ(letter.revision, 8);
    EXPECT_EQ(letter.payload, event_line(8, "k7"));
    EXPECT_EQ(std::count(delivery.failed.begin(), delivery.failed.end(), true), 1);
}

TEST(Endpoint, SendsRejectedEventsAgainAndWhatFollowsOfTheirKey) {
    std::atomic<int> calls = 0;
    Server server([&](const Server::Request&, httplib::Response& response) {
        if (calls++ > 0) return;
        std::string id(core::kEventIdLength, '\0');
        core::write_event_id(id.data(), {0x100, 2}, 1000);
        response.set_content(R"({"results":[{"id":")" + id + R"(","status":"rejected","retryable":true}]})",
                             "application/json");
    });
    EndpointConfig config = config_for(server.url());
    config.lanes = 1;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver({"a", "b", "c", "b", "a"}));
    auto requests = server.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[1].body, "[" + event_line(2, "b") + "," + event_line(4, "b") + "]");
    EXPECT_NE(requests[1].key, requests[0].key) << "another batch";
}

TEST(Endpoint, RetriesTheSameBatchWithTheSameKey) {
    std::atomic<int> calls = 0;
    Server server([&](const Server::Request&, httplib::Response& response) {
        if (calls++ < 3) response.status = 503;
    });
    EndpointConfig config = config_for(server.url());
    config.lanes = 1;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver(keys(5)));
    auto requests = server.requests();
    ASSERT_EQ(requests.size(), 4U);
    for (size_t i = 1; i < requests.size(); ++i) {
        EXPECT_EQ(requests[i].body, requests[0].body);
        EXPECT_EQ(requests[i].key, requests[0].key);
        EXPECT_GE(requests[i].at - requests[i - 1].at, milliseconds{9 << i})
            << "attempt " << i << " waits 2^n x base";
    }
    EXPECT_FALSE(delivery.status().failing) << "closed again";
    EXPECT_EQ(delivery.status().errors, 3);
}

TEST(Endpoint, WaitsWhileMisconfigured) {
    std::atomic<int> status = 404;
    Server server([&](const Server::Request&, httplib::Response& response) { response.status = status; });
    EndpointConfig config = config_for(server.url());
    Delivery delivery(config);
    EXPECT_TRUE(delivery.fail({"a"}));
    EXPECT_EQ(delivery.status().last_error, "HTTP 404");
    EXPECT_NE(delivery.endpoint().waiting_until_us(), 0);
    EXPECT_TRUE(delivery.dead_letters.empty());
    status = 200;
    EXPECT_TRUE(delivery.deliver({"a"}));
    EXPECT_FALSE(delivery.status().failing);
}

TEST(Endpoint, AStuckLaneDoesNotHoldUpTheOthers) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (request.body.find("\"k0\"") != std::string::npos) response.status = 503;
    });
    EndpointConfig config = config_for(server.url());
    config.retry_base = milliseconds{2000};
    config.lanes = 8;
    config.batch.max_events = 1;
    Delivery delivery(config);
    EXPECT_FALSE(delivery.deliver(keys(64), milliseconds{1500}));
    EXPECT_GT(delivery.status().delivered, 40);
}

TEST(Endpoint, ReadsATokenAgainAfter401) {
    std::string file = testing::TempDir() + "/gpsync_token." + std::to_string(getpid());
    std::ofstream(file) << "old\n";
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (request.authorization != "Bearer new") response.status = 401;
    });
    EndpointConfig config = config_for(server.url());
    config.retry_base = milliseconds{10000};
    config.credentials.bearer_token_file = file;
    Delivery delivery(config);
    std::ofstream(file) << "new\n";
    EXPECT_TRUE(delivery.deliver({"a"}));
    EXPECT_FALSE(delivery.status().failing);
    std::ofstream(file) << "X\r\nEvil: header";
    Delivery refused(config);
    EXPECT_TRUE(refused.fail({"a"}));
    EXPECT_NE(refused.status().last_error.find("holds no bearer token"), std::string::npos);
    unlink(file.c_str());
}

TEST(Endpoint, SaysUserAndPassword) {
    Server server([](const Server::Request&, httplib::Response&) {});
    EndpointConfig config = config_for(server.url());
    config.credentials.username = "me";
    config.credentials.password = "secret";
    Delivery delivery(config);
    EXPECT_TRUE(delivery.deliver({"a"}));
    EXPECT_EQ(server.requests().at(0).authorization, "Basic bWU6c2VjcmV0");
}

}  // namespace
}  // namespace gpsync::relay
