// An endpoint's lanes over real sockets.
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "delivery_helpers.hpp"

namespace gpsync::relay {
namespace {

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

TEST(Endpoint, SendsTheNextBatchBeforeTheLastOneIsMadeKnown) {
    Server server([](const auto&, auto& response) { response.status = 200; });
    EndpointConfig config = config_for(server.url());
    config.lanes = 1;
    config.batch.max_events = 10;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver(keys(30)));
    EXPECT_EQ(delivery.went_on, (std::vector<bool>{true, true, false}));
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
    EXPECT_EQ(letter.attempts, 3) << "with 20 and 10 events, and alone";
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

TEST(Endpoint, ARefusedTokenSaysNothingOfTheLoad) {
    const std::string file = testing::TempDir() + "/gpsync_load." + std::to_string(getpid());
    std::ofstream(file) << "old\n";
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (request.authorization != "Bearer new")
            response.status = 401;  // at once
        else
            std::this_thread::sleep_for(2 * LaneLimit::kSlack);
    });
    EndpointConfig config = config_for(server.url());
    config.credentials.bearer_token_file = file;
    config.lanes = 4;
    Delivery delivery(config);
    std::ofstream(file) << "new\n";
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(delivery.deliver({"a"}));
    EXPECT_EQ(delivery.status().lanes_in_use, 4U);
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

// Lets the delivery go on until the condition holds; false when that takes too long.
template <typename Condition>
bool goes_on_until(Delivery& delivery, Condition&& condition) {
    for (int i = 0; i < 300 && !condition(); ++i) delivery.deliver({}, milliseconds{100});
    return condition();
}

TEST(Endpoint, FindsTheEventThatMakesABatchFail) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (request.body.find("\"k40\"") != std::string::npos) response.status = 500;
    });
    EndpointConfig config = config_for(server.url());
    config.lanes = 2;
    Delivery delivery(config);
    EXPECT_TRUE(delivery.deliver(keys(64)));
    const auto requests = server.requests();
    EXPECT_GE(std::ranges::count(requests, "[" + event_line(41, "k40") + "]", &Server::Request::body), 1);
    EXPECT_FALSE(delivery.status().failing) << "the endpoint takes the others";
    EXPECT_TRUE(delivery.dead_letters.empty()) << "it is not refused";
    EXPECT_EQ(delivery.status().delivered, 63);
    ASSERT_EQ(delivery.held.size(), 1U);
    EXPECT_EQ(delivery.held[0].http_status, 500);
    EXPECT_GE(delivery.held[0].attempts, config.retry_attempts);
}

TEST(Endpoint, HoldsAKeyThatIsRejectedForNow) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        std::string results;
        for (size_t at = request.body.find("{\"id\":\"0000"); at != std::string::npos;
             at = request.body.find("{\"id\":\"0000", at + 1)) {
            const std::string id = request.body.substr(at + 7, core::kEventIdLength);
            if (request.body.find("\"id\":\"b\"", at) == request.body.find("\"key\":{", at) + 7)
                results += (results.empty() ? "" : ",") +
                           ("{\"id\":\"" + id + R"(","status":"rejected","retryable":true,"error":"no b"})");
        }
        response.set_content("{\"results\":[" + results + "]}", "application/json");
    });
    EndpointConfig config = config_for(server.url());
    config.lanes = 1;
    config.retry_attempts = 2;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver({"a", "b", "c", "b", "a"}));
    EXPECT_EQ(delivery.status().delivered, 3);
    ASSERT_EQ(delivery.held.size(), 2U);
    EXPECT_EQ(delivery.held[0].attempts, 2);
    EXPECT_EQ(delivery.held[0].error, "rejected: no b");
    EXPECT_EQ(delivery.held[1].attempts, 0) << "it waits behind the first one";
    const size_t before = server.requests().size();
    ASSERT_TRUE(delivery.deliver({"b", "c"}));
    EXPECT_EQ(delivery.held.size(), 3U);
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), before + 1);
    EXPECT_EQ(requests.back().body, "[" + event_line(7, "c") + "]") << "an event of a held key is not sent";
    EXPECT_EQ(delivery.endpoint().held().size(), 3U);
    EXPECT_FALSE(delivery.status().failing);
}

TEST(Endpoint, SendsNothingElseWhenItHoldsTooMuch) {
    Server server([](const Server::Request&, httplib::Response&) {});
    Delivery delivery(config_for(server.url()));
    HeldKeys& held = delivery.endpoint().held();
    for (uint32_t i = 1; i <= HeldKeys::kMostEvents; ++i) held.add({1, i}, {i, i}, 100, 1, INT64_MAX);
    delivery.endpoint().follow_held();
    EXPECT_TRUE(delivery.status().failing);
    EXPECT_EQ(delivery.status().breaker, BreakerState::closed);
    EXPECT_FALSE(delivery.deliver({"a"}, milliseconds{100}));
    EXPECT_TRUE(server.requests().empty());
    for (uint32_t i = 1; i <= HeldKeys::kMostEvents; ++i) held.remove({1, i});
    delivery.endpoint().follow_held();
    EXPECT_FALSE(delivery.status().failing);
    EXPECT_TRUE(delivery.deliver({"b"}));
    EXPECT_EQ(delivery.status().delivered, 2);
}

TEST(Endpoint, SearchesABatchThatIsAllThereIs) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (request.body.find("\"k7\"") != std::string::npos) response.status = 500;
    });
    EndpointConfig config = config_for(server.url());
    config.lanes = 1;
    config.retry_base = milliseconds{2};
    Delivery delivery(config);
    EXPECT_TRUE(delivery.deliver(keys(16)));
    EXPECT_EQ(delivery.status().delivered, 15) << "all but it";
    EXPECT_EQ(delivery.held.size(), 1U);
}

TEST(Endpoint, DoesNotSearchWhileTheEndpointIsNotReached) {
    EndpointConfig config = config_for("http://127.0.0.1:9/events");  // discard: nobody listens
    config.lanes = 1;
    config.retry_base = milliseconds{1};
    Delivery delivery(config);
    EXPECT_FALSE(delivery.deliver(keys(16), milliseconds{300}));
    EXPECT_TRUE(goes_on_until(delivery, [&] { return delivery.status().errors > 5; }));
    EXPECT_TRUE(delivery.status().failing);
    EXPECT_NE(delivery.metrics().find("gpsync_in_flight_events{endpoint=\"nws\",stream=\"legacy\"} 16"),
              std::string::npos)
        << "the batch is as it was";
}

// A server that can be broken and mended, and knows how many requests it had side by side.
class Fragile {
  public:
    Fragile()
        : server_([this](const Server::Request&, httplib::Response& response) {
              const int beside = ++inside_;
              if (mended) {
                  std::this_thread::sleep_for(milliseconds{20});
                  std::lock_guard lock(mutex_);
                  beside_.push_back(beside);
              }
              if (!mended) response.status = 503;
              --inside_;
          }) {}
    // Of the requests that were taken.
    std::vector<int> beside() {
        std::lock_guard lock(mutex_);
        return beside_;
    }
    size_t requests() { return server_.requests().size(); }
    EndpointConfig config() const {
        EndpointConfig config = config_for(server_.url());
        config.lanes = 8;
        config.batch.max_events = 1;
        return config;
    }
    std::atomic<bool> mended = false;

  private:
    std::mutex mutex_;
    std::vector<int> beside_;
    std::atomic<int> inside_ = 0;
    Server server_;
};

TEST(Endpoint, ProbesOneByOneUntilItCloses) {
    Fragile server;
    Delivery delivery(server.config());
    ASSERT_TRUE(delivery.fail(keys(40)));
    EXPECT_FALSE(delivery.deliver({}, milliseconds{400}));
    // At most three attempts of each lane, and then 80, 160, … ms between probes.
    EXPECT_LE(server.requests(), 8U * 3 + 5) << "lanes do not try on their own";
    server.mended = true;
    ASSERT_TRUE(delivery.deliver({}));
    const std::vector<int> beside = server.beside();
    ASSERT_EQ(beside.size(), 40U);
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(beside[i], 1) << "probe " << i;
    EXPECT_GT(*std::ranges::max_element(beside), 1) << "afterwards all lanes go";
    EXPECT_EQ(delivery.status().breaker, BreakerState::closed);
}

TEST(Endpoint, AProbeThatSucceedsWakesAllLanes) {
    Fragile server;
    EndpointConfig config = server.config();
    config.retry_attempts = 1;
    config.retry_base = milliseconds{100};
    config.breaker_successes = 1;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.fail(keys(40)));
    EXPECT_FALSE(delivery.deliver({}, milliseconds{900})) << "probes after 0.2, 0.4 and 0.8 s";
    server.mended = true;
    ASSERT_TRUE(delivery.deliver({}, milliseconds{30000}));
    EXPECT_LE(server.requests(), 8U + 4 + 40);
}

TEST(Endpoint, ClosesWhenNothingIsLeftToProbeWith) {
    Fragile server;
    EndpointConfig config = server.config();
    config.breaker_successes = 100;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.fail(keys(2)));
    server.mended = true;
    ASSERT_TRUE(delivery.deliver({}));
    EXPECT_FALSE(delivery.status().failing);
}

TEST(Endpoint, IsTriedAtOnceWhenSomebodySaysSo) {
    Fragile server;
    EndpointConfig config = server.config();
    config.retry_attempts = 1;
    config.retry_base = milliseconds{30000};
    Delivery delivery(config);
    ASSERT_TRUE(delivery.fail(keys(40)));
    EXPECT_GT(delivery.status().next_probe_us, 0);
    EXPECT_EQ(delivery.endpoint().waiting_until_us(), delivery.status().next_probe_us);
    server.mended = true;
    delivery.endpoint().reset_breaker();
    EXPECT_TRUE(delivery.deliver({}));
    EXPECT_EQ(delivery.status().next_probe_us, 0);
}

TEST(Endpoint, RetryAfterHoldsForAllLanes) {
    std::atomic<int> calls = 0;
    Server server([&](const Server::Request&, httplib::Response& response) {
        if (calls++ > 0) return std::this_thread::sleep_for(milliseconds{5});
        response.status = 429;
        response.set_header("Retry-After", "1");
    });
    EndpointConfig config = config_for(server.url());
    config.batch.max_events = 1;
    Delivery delivery(config);
    ASSERT_TRUE(delivery.deliver(keys(60)));
    const auto requests = server.requests();
    steady_clock::duration pause{0};
    for (size_t i = 1; i < requests.size(); ++i) pause = std::max(pause, requests[i].at - requests[i - 1].at);
    EXPECT_GT(pause, milliseconds{500}) << "of all lanes, after what was under way";
    EXPECT_GT(requests.back().at - requests[0].at, milliseconds{990});
}

}  // namespace
}  // namespace gpsync::relay
