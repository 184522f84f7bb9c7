// A look-up over real sockets, with everything around it but the database.
#include "relay/lookup/lookup.hpp"

#include <rapidjson/document.h>

#include <atomic>
#include <cstdio>
#include <fstream>

#include "delivery_helpers.hpp"

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;

std::string result_of(const std::string& token) {
    return R"({"tokenId":")" + token + R"(","status":"ACTIVE"})";
}

// The tokens of a request.
std::vector<std::string> tokens_of(const std::string& body) {
    rapidjson::Document document;
    document.Parse(body.data(), body.size());
    std::vector<std::string> tokens;
    for (const auto& token : document["tokens"].GetArray()) tokens.emplace_back(token.GetString());
    return tokens;
}

void answer_all(const Server::Request& request, httplib::Response& response) {
    std::string results;
    for (const std::string& token : tokens_of(request.body))
        results += (results.empty() ? "" : ",") + result_of(token);
    response.set_content(R"({"results":[)" + results + "]}", "application/json");
}

LookupConfig lookup_of(const Server& server) {
    LookupConfig config;
    config.name = "cards";
    config.endpoint = config_for(server.url());
    config.endpoint.lanes = 1;
    return config;
}

// Stands for the extension: gives what is asked for, and takes answers.
class Extension : Lookup::Host {
  public:
    explicit Extension(const LookupConfig& config)
        : resolver_(loop_),
          lookup_(loop_, resolver_, config, *this),
          kick_(loop_, [this] { call(); }),
          late_(loop_, [this] { loop_.stop(); }) {}

    // What relay_lookup_next() answers; by default that nothing is due.
    std::function<std::string()> next = [] { return R"({"open":false,"tokens":[]})"; };
    // What relay_lookup_apply() gets. Answers whether that was the end of the test.
    std::function<bool(const std::vector<std::string>& arguments)> applied = [](const auto&) {
        return false;
    };
    std::function<bool()> may = [] { return true; };
    std::atomic<int> calls_due = 0;

    // False when the end does not come.
    bool run() {
        lookup_.poll();
        late_.start(10s);
        loop_.run();
        lookup_.stop();
        return late_.active();
    }
    void stop() { loop_.stop(); }

  private:
    bool may_ask() override { return may(); }
    void on_call_due() override {
        ++calls_due;
        if (!kick_.active()) kick_.start(0ms);
    }
    void call() {
        if (lookup_.wants_apply()) {
            if (applied(lookup_.apply_arguments())) loop_.stop();
            lookup_.take_applied(R"({"moved":true,"written":0,"again":0})");
        } else if (lookup_.wants_next()) {
            (void)lookup_.next_arguments();
            lookup_.take_next(next());
        }
    }

    EventLoop loop_;
    Resolver resolver_;
    Lookup lookup_;
    Timer kick_, late_;
};

std::string demanded(const std::vector<std::string>& tokens, int first_request) {
    std::string list;
    for (const std::string& token : tokens)
        list += (list.empty() ? "" : ",") + (R"({"t":")" + token + R"(","r":1,"a":0,"q":[)") +
                std::to_string(first_request++) + "]}";
    return R"({"open":false,"tokens":[)" + list + "]}";
}

TEST(Lookup, ATokenThatStandsAloneHasAllItsAttempts) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        if (request.body.find("bad") == std::string::npos) return answer_all(request, response);
        response.status = 500;
    });
    Extension extension(lookup_of(server));
    // Others are answered all the time.
    int calls = 0;
    extension.next = [&] {
        return ++calls == 1 ? demanded({"good1", "bad", "good2", "good3"}, 1)
                            : demanded({"other" + std::to_string(calls)}, 10 + calls);
    };
    std::string said;
    extension.applied = [&](const std::vector<std::string>& arguments) {
        const size_t at = arguments[1].find(R"("t":"bad")");
        if (at != std::string::npos) said = arguments[1].substr(at);
        return at != std::string::npos;
    };
    ASSERT_TRUE(extension.run());
    EXPECT_NE(said.find(R"("problem":"failing","detail":"HTTP 500")"), std::string::npos) << said;
    int alone = 0;
    for (const Server::Request& request : server.requests()) alone += request.body == R"({"tokens":["bad"]})";
    EXPECT_EQ(alone, config_for("").retry_attempts);
}

// A batch that is due waits for the lane. That takes as long as it takes: the timer has nothing to do with
// it.
TEST(Lookup, NoTimerRunsWhereTimeAloneChangesNothing) {
    Server server([](const Server::Request& request, httplib::Response& response) {
        const bool first = request.body.find("first") != std::string::npos;
        if (request.body.find("slow") != std::string::npos) std::this_thread::sleep_for(500ms);
        static std::atomic<int> failures = 0;
        if (first && failures++ == 0)
            response.status = 503;
        else
            answer_all(request, response);
    });
    LookupConfig config = lookup_of(server);
    config.endpoint.retry_base = 50ms;
    Extension extension(config);
    int calls = 0;
    // A full batch, which does not wait for more, and another one.
    std::vector<std::string> full = keys(Lookup::kMostTokens);
    full.front() = "first";
    extension.next = [&] {
        ++calls;
        if (calls == 1) return demanded(full, 1);
        return calls == 2 ? demanded({"slow"}, 100) : demanded({}, 0);
    };
    extension.applied = [](const std::vector<std::string>& arguments) {
        return arguments[1].find("first") != std::string::npos;
    };
    ASSERT_TRUE(extension.run());
    EXPECT_LT(extension.calls_due, 50);
}

TEST(Lookup, ANewBearerTokenIsTriedOnlyWhereItMayAsk) {
    const std::string file = testing::TempDir() + "lookup_test_token";
    std::ofstream(file) << "old";
    std::atomic<bool> may = true;
    Server server([&](const Server::Request& request, httplib::Response& response) {
        if (request.authorization == "Bearer new") return answer_all(request, response);
        std::ofstream(file) << "new";
        may = false;
        response.status = 401;
    });
    LookupConfig config = lookup_of(server);
    config.endpoint.credentials.bearer_token_file = file;
    Extension extension(config);
    extension.next = [&] { return demanded({"a"}, 1); };
    extension.may = [&] {
        if (!may) extension.stop();
        return may.load();
    };
    extension.applied = [](const auto&) { return true; };
    EXPECT_TRUE(extension.run());
    EXPECT_EQ(server.requests().size(), 1u);
    std::remove(file.c_str());
}

TEST(Lookup, RenewedTokensLeaveTheConfiguredSecretsWhereTheyAre) {
    const std::string file = testing::TempDir() + "lookup_test_renewed";
    std::ofstream(file) << "token-0";
    std::atomic<int> renewed = 0, answered = -1;
    // Each token serves one request.
    Server server([&](const Server::Request&, httplib::Response& response) {
        if (answered == renewed) {
            std::ofstream(file) << "token-" + std::to_string(++renewed);
            response.status = 401;
        } else {
            answered = renewed.load();
            response.set_content(R"({"results":[{"tokenId":"a","status":"value-of-the-header"}]})",
                                 "application/json");
        }
    });
    LookupConfig config = lookup_of(server);
    config.endpoint.credentials.bearer_token_file = file;
    config.endpoint.credentials.headers = {"X-Key: value-of-the-header"};
    Extension extension(config);
    int calls = 0;
    extension.next = [&] { return demanded({"a"}, ++calls); };
    std::string said;
    extension.applied = [&](const std::vector<std::string>& arguments) {
        said = arguments[1];
        return renewed >= 70;
    };
    EXPECT_TRUE(extension.run()) << renewed;
    EXPECT_EQ(said.find("value-of-the-header"), std::string::npos) << said;
    std::remove(file.c_str());
}

// What relay_lookup_next() answers in a pass, up to its tokens.
const std::string kPass =
    R"({"open":true,"pass":1,"every":1000,"elapsed":0,"expected":0,"passed":0,"tokens":[)";

std::string of_period(int first, int last) {
    std::string tokens;
    for (int i = first; i <= last; ++i)
        tokens += (i > first ? "," : "") + (R"({"t":"p)" + std::to_string(i) + R"(","r":1,"a":0,"q":[]})");
    return tokens;
}

// Answers that nobody waits for are taken over together with those that come soon.
TEST(Lookup, AnswersOfThePeriodWaitForOthers) {
    Server server(answer_all);
    Extension extension(lookup_of(server));
    int calls = 0;
    extension.next = [&] {
        if (++calls == 1 || calls > 2) return kPass + "]}";
        return kPass + of_period(1001, 1900) + R"(],"after":"p1900","ended":true})";
    };
    int applications = 0;
    extension.applied = [&](const std::vector<std::string>& arguments) {
        ++applications;
        return arguments[9] == "t";
    };
    const auto begun = steady_clock::now();
    ASSERT_TRUE(extension.run());
    EXPECT_EQ(server.requests().size(), 18u);
    // The first one waits for nobody, nor does the one that ends the pass.
    EXPECT_GE(steady_clock::now() - begun, (applications - 2) * 20ms);
}

TEST(Lookup, DemandedTokensGoFirstAndTheCursorCountsTheOthers) {
    Server server(answer_all);
    Extension extension(lookup_of(server));
    int calls = 0;
    extension.next = [&] {
        // The first answer is that of a pass that the relay does not know.
        if (++calls == 1) return kPass + "]}";
        if (calls > 2) return kPass + (calls == 3 ? R"({"t":"d","r":1,"a":0,"q":[7]}]})" : "]}");
        return kPass + of_period(101, 160) + R"(],"after":"p160","ended":true})";
    };
    int64_t passed = 0;
    std::string cursor;
    extension.applied = [&](const std::vector<std::string>& arguments) {
        passed += std::stoll(arguments[8]);
        if (arguments[7] == "t") cursor = arguments[6];
        return arguments[9] == "t";
    };
    ASSERT_TRUE(extension.run());
    const std::vector<Server::Request> requests = server.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(tokens_of(requests[0].body).size(), 50u);
    const std::vector<std::string> second = tokens_of(requests[1].body);
    ASSERT_EQ(second.size(), 11u);
    EXPECT_EQ(second.front(), "d");
    EXPECT_EQ(second.back(), "p160");
    EXPECT_EQ(passed, 60);
    EXPECT_EQ(cursor, "p160");
}

}  // namespace
}  // namespace gpsync::relay
