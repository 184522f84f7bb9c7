// Host names: look-ups that hang, what waits for them, and connections that follow a name.
#include "relay/delivery/resolver.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "relay/delivery/http_client.hpp"

namespace gpsync::relay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Stands for the name servers: names without an answer hang until they are given one.
class Names {
  public:
    NameAnswer look_up(const std::string& host) {
        std::unique_lock lock(mutex_);
        ++asked_[host];
        changed_.wait(lock, [&] { return answers_.contains(host); });
        return answers_[host];
    }
    void set(const std::string& host, NameAnswer answer) {
        const std::lock_guard lock(mutex_);
        answers_[host] = std::move(answer);
        changed_.notify_all();
    }
    void forget(const std::string& host) {
        const std::lock_guard lock(mutex_);
        answers_.erase(host);
    }
    int asked(const std::string& host) {
        const std::lock_guard lock(mutex_);
        return asked_[host];
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, NameAnswer> answers_;
    std::map<std::string, int> asked_;
};

struct World {
    // The threads of look-ups that hang outlive the test.
    std::shared_ptr<Names> names = std::make_shared<Names>();
    NameLookups lookups{[names = names](const std::string& host) { return names->look_up(host); }};
    std::shared_ptr<Wakeup> wakeup = std::make_shared<Wakeup>();

    bool wait_for_threads(size_t count) const {
        for (int i = 0; i < 5000 && lookups.threads() != count; ++i)
            std::this_thread::sleep_for(milliseconds{1});
        return lookups.threads() == count;
    }
};

bool wait_until_done(const LookupTicket& ticket) {
    for (int i = 0; i < 5000 && !ticket.done; ++i) std::this_thread::sleep_for(milliseconds{1});
    return ticket.done;
}

const NameAnswer kFound{{"192.0.2.7", "2001:db8::7"}, "", false};

TEST(NameLookups, OneLookUpServesAllWhoAsk) {
    World world;
    auto one = world.lookups.ask("nws", world.wakeup), other = world.lookups.ask("nws", world.wakeup);
    EXPECT_EQ(world.lookups.threads(), 1U);
    world.names->set("nws", kFound);
    ASSERT_TRUE(wait_until_done(*one));
    ASSERT_TRUE(wait_until_done(*other));
    EXPECT_EQ(one->answer.addresses, kFound.addresses);
    EXPECT_EQ(other->answer.addresses, kFound.addresses);
    EXPECT_EQ(world.names->asked("nws"), 1);
}

TEST(NameLookups, ANameThatHangsHoldsTwoThreads) {
    World world;
    auto now = steady_clock::now();
    auto ticket = world.lookups.ask("dead", world.wakeup, now);
    for (int i = 1; i <= 1000; ++i) world.lookups.ask("dead", world.wakeup, now + i * seconds{1});
    EXPECT_EQ(world.lookups.threads(), NameLookups::kMaxThreadsPerHost);
    auto healthy = world.lookups.ask("nws", world.wakeup);
    world.names->set("nws", kFound);
    EXPECT_TRUE(wait_until_done(*healthy)) << "another name has a thread of its own";
    EXPECT_FALSE(ticket->done);
    world.names->set("dead", kFound);
    EXPECT_TRUE(wait_until_done(*ticket));
    EXPECT_TRUE(world.wait_for_threads(0));
}

TEST(NameLookups, ThreadsAreBounded) {
    World world;
    std::vector<std::shared_ptr<LookupTicket>> tickets;
    for (size_t i = 0; i < NameLookups::kMaxThreads; ++i)
        tickets.push_back(world.lookups.ask("dead" + std::to_string(i), world.wakeup));
    auto refused = world.lookups.ask("one more", world.wakeup);
    EXPECT_TRUE(refused->done);
    EXPECT_EQ(refused->answer.error, "too many other names are without an answer");
    EXPECT_FALSE(refused->answer.lasting);
    EXPECT_EQ(world.lookups.threads(), NameLookups::kMaxThreads);
}

TEST(NameLookups, KeepsAnAnswerThatCameTooLate) {
    World world;
    world.lookups.ask("slow", world.wakeup);
    world.names->set("slow", kFound);
    ASSERT_TRUE(world.wait_for_threads(0));
    auto now = steady_clock::now();
    EXPECT_TRUE(world.lookups.ask("slow", world.wakeup, now)->done);
    EXPECT_TRUE(world.lookups.ask("slow", world.wakeup, now)->done) << "for every lane";
    EXPECT_EQ(world.names->asked("slow"), 1);
    auto anew = world.lookups.ask("slow", world.wakeup, now + seconds{2});
    EXPECT_TRUE(wait_until_done(*anew));
    EXPECT_EQ(world.names->asked("slow"), 2) << "but once only";
}

TEST(NameLookups, AnswersThatNobodyAskedForExpire) {
    World world;
    world.lookups.ask("slow", world.wakeup);
    world.names->set("slow", kFound);
    ASSERT_TRUE(world.wait_for_threads(0));
    auto later = steady_clock::now() + NameLookups::kKept + seconds{1};
    auto ticket = world.lookups.ask("slow", world.wakeup, later);
    EXPECT_TRUE(wait_until_done(*ticket));
    EXPECT_EQ(world.names->asked("slow"), 2);
}

TEST(NameLookups, GoOnWhenTheirObjectIsGone) {
    auto world = std::make_unique<World>();
    auto names = world->names;
    auto ticket = world->lookups.ask("dead", world->wakeup);
    world.reset();
    names->set("dead", kFound);
    EXPECT_TRUE(wait_until_done(*ticket));
}

TEST(NameLookups, AnExceptionIsAnAnswer) {
    NameLookups lookups([](const std::string&) -> NameAnswer { throw std::runtime_error("no memory"); });
    auto ticket = lookups.ask("nws", std::make_shared<Wakeup>());
    ASSERT_TRUE(wait_until_done(*ticket));
    EXPECT_EQ(ticket->answer.error, "no memory");
}

TEST(LookUpName, KnowsTheHostsFile) {
    EXPECT_FALSE(look_up_name("localhost").addresses.empty());
    EXPECT_EQ(look_up_name("192.0.2.7").addresses, std::vector<std::string>{"192.0.2.7"});
}

TEST(ResolveEntry, IsWhatLibcurlTakes) {
    EXPECT_EQ(resolve_entry({"nws.example", 443}, {"192.0.2.7"}), "nws.example:443:192.0.2.7");
    EXPECT_EQ(resolve_entry({"nws.example", 80}, kFound.addresses), "nws.example:80:192.0.2.7,[2001:db8::7]");
}

// Runs the loop until every request has ended.
struct Requests {
    EventLoop& loop;
    Resolver& resolver;
    std::vector<Resolved> ended{};
    std::vector<std::unique_ptr<Resolver::Request>> requests{};
    void add(std::vector<HostPort> names, milliseconds bound) {
        requests.push_back(resolver.resolve(std::move(names), bound, [this](const Resolved& resolved) {
            ended.push_back(resolved);
            if (ended.size() == requests.size()) loop.stop();
        }));
    }
};

TEST(Resolver, EndsWithinItsBound) {
    World world;
    EventLoop loop;
    Resolver resolver(loop, world.lookups);
    Requests requests{loop, resolver};
    world.names->set("nws", kFound);
    auto start = steady_clock::now();
    requests.add({{"dead", 80}}, milliseconds{300});
    requests.add({{"nws", 80}}, milliseconds{5000});
    loop.run();
    EXPECT_GE(steady_clock::now() - start, milliseconds{300});
    EXPECT_LT(steady_clock::now() - start, milliseconds{3000});
    ASSERT_EQ(requests.ended.size(), 2U);
    EXPECT_EQ(requests.ended[0].entries, std::vector<std::string>{"nws:80:192.0.2.7,[2001:db8::7]"});
    EXPECT_EQ(requests.ended[1].error, "could not resolve host name \"dead\": no answer within 300 ms");
    EXPECT_FALSE(requests.ended[1].lasting);
}

TEST(Resolver, AllNamesOrAnError) {
    World world;
    EventLoop loop;
    Resolver resolver(loop, world.lookups);
    Requests requests{loop, resolver};
    world.names->set("nws", kFound);
    world.names->set("none", {{}, "Name or service not known", true});
    requests.add({{"nws", 80}, {"none", 1080}}, milliseconds{5000});
    loop.run();
    EXPECT_EQ(requests.ended[0].error, "could not resolve host name \"none\": Name or service not known");
    EXPECT_TRUE(requests.ended[0].lasting);
}

TEST(Resolver, DroppedRequestsAreNotAnswered) {
    World world;
    EventLoop loop;
    Resolver resolver(loop, world.lookups);
    auto dropped = resolver.resolve({{"nws", 80}}, milliseconds{100},
                                    [](const Resolved&) { FAIL() << "nobody waits for it"; });
    dropped.reset();
    Requests requests{loop, resolver};
    requests.add({{"dead", 80}}, milliseconds{200});
    loop.run();
}

// An HTTP server on one loopback address that counts its requests.
class Server {
  public:
    explicit Server(const std::string& address, int port = 0) {
        server_.Post("/events", [this](const httplib::Request& request, httplib::Response& response) {
            host = request.get_header_value("Host");
            ++requests;
            response.status = 202;
        });
        server_.set_keep_alive_max_count(1000);
        if (port == 0)
            port_ = server_.bind_to_any_port(address);
        else if (server_.bind_to_port(address, port))
            port_ = port;
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();
    }
    ~Server() {
        server_.stop();
        thread_.join();
    }
    int port() const { return port_; }

    std::atomic<int> requests = 0;
    std::string host;

  private:
    httplib::Server server_;
    int port_ = 0;
    std::thread thread_;
};

// An endpoint's channel, with the names of a World.
struct Channel {
    World world{};
    EventLoop loop{};
    Resolver resolver{loop, world.lookups};
    EndpointConfig config;
    ConnectionPool pool;
    HttpChannel channel;
    HttpRequest request{};

    explicit Channel(
        const std::string& url, milliseconds age = milliseconds{60'000},
        const Environment& environment = [](const char*) { return nullptr; })
        : config(config_for(url, age)), pool(loop, resolver, config, environment), channel(pool, config) {}

    static EndpointConfig config_for(const std::string& url, milliseconds age) {
        EndpointConfig config;
        config.name = "nws";
        config.url = url;
        config.connect_timeout = milliseconds{300};
        config.max_connection_age = age;
        return config;
    }

    HttpResult post() {
        HttpResult result;
        channel.send(request, "", 1000, [&](const HttpResult& r) {
            result = r;
            loop.stop();
        });
        loop.run();
        return result;
    }
    void run_for(milliseconds time) {
        Timer timer(loop, [&] { loop.stop(); });
        timer.start(time);
        loop.run();
    }
};

std::string url_of(const std::string& host, const Server& server) {
    return "http://" + host + ':' + std::to_string(server.port()) + "/events";
}

TEST(Connections, UseTheAddressesOfTheName) {
    const Server server("127.0.0.2");
    Channel channel(url_of("Nws.Test", server));
    // The first two refuse.
    channel.world.names->set("Nws.Test", {{"::1", "127.0.0.3", "127.0.0.2"}, "", false});
    const HttpResult result = channel.post();
    EXPECT_EQ(result.status, 202) << result.error;
    EXPECT_EQ(server.host, "Nws.Test:" + std::to_string(server.port()));
    channel.post();
    EXPECT_EQ(channel.world.names->asked("Nws.Test"), 1) << "once for connections of one age";
}

TEST(Connections, ATimedOutLookUpIsAnErrorOfItsOwn) {
    Channel channel("http://dead.test/events");
    const auto start = steady_clock::now();
    const HttpResult result = channel.post();
    EXPECT_EQ(result.code, CURLE_COULDNT_RESOLVE_HOST);
    EXPECT_EQ(result.error, "could not resolve host name \"dead.test\": no answer within 300 ms");
    EXPECT_LT(steady_clock::now() - start, seconds{3});
    EXPECT_FALSE(channel.channel.busy());
}

TEST(Connections, FollowANameAfterTheirAge) {
    const Server old_server("127.0.0.2");
    const Server new_server("127.0.0.3", old_server.port());
    Channel channel(url_of("nws.test", old_server), milliseconds{500});
    channel.world.names->set("nws.test", {{"127.0.0.2"}, "", false});
    EXPECT_EQ(channel.post().status, 202);
    channel.world.names->set("nws.test", {{"127.0.0.3"}, "", false});
    EXPECT_EQ(channel.post().status, 202);
    EXPECT_EQ(old_server.requests, 2) << "the connection is not that old";
    channel.run_for(milliseconds{600});
    EXPECT_EQ(channel.post().status, 202);
    EXPECT_EQ(new_server.requests, 1);
}

TEST(Connections, FollowANameAfterAFailure) {
    auto old_server = std::make_unique<Server>("127.0.0.2");
    const Server new_server("127.0.0.3", old_server->port());
    Channel channel(url_of("nws.test", new_server));
    channel.world.names->set("nws.test", {{"127.0.0.2"}, "", false});
    EXPECT_EQ(channel.post().status, 202);
    channel.world.names->set("nws.test", {{"127.0.0.3"}, "", false});
    old_server.reset();
    EXPECT_EQ(channel.post().code, CURLE_COULDNT_CONNECT);
    EXPECT_EQ(channel.post().status, 202);
    EXPECT_EQ(new_server.requests, 1);
}

TEST(Connections, OutliveTheirNameServer) {
    const Server server("127.0.0.2");
    Channel channel(url_of("nws.test", server), milliseconds{200});
    channel.world.names->set("nws.test", {{"127.0.0.2"}, "", false});
    EXPECT_EQ(channel.post().status, 202);
    channel.world.names->forget("nws.test");
    channel.run_for(milliseconds{300});
    EXPECT_EQ(channel.post().status, 202) << "no answer: the addresses of before";
    channel.world.names->set("nws.test", {{}, "Name or service not known", true});
    channel.run_for(milliseconds{300});
    ASSERT_TRUE(channel.world.wait_for_threads(0));
    EXPECT_EQ(channel.post().code, CURLE_COULDNT_RESOLVE_HOST) << "the name is gone";
}

TEST(Connections, AreNotResolvedForAddresses) {
    const Server server("127.0.0.1");
    Channel address(url_of("127.0.0.1", server));
    EXPECT_EQ(address.post().status, 202);
    Channel local(url_of("localhost", server));
    EXPECT_EQ(local.post().status, 202);
    EXPECT_EQ(local.world.names->asked("localhost"), 0);
}

TEST(Connections, CancelledLookUpsEndAtOnce) {
    Channel channel("http://dead.test/events");
    channel.channel.send(channel.request, "", 1000, [](const HttpResult&) { FAIL(); });
    EXPECT_TRUE(channel.channel.resolving());
    channel.channel.cancel();
    EXPECT_FALSE(channel.channel.busy());
    channel.run_for(milliseconds{400});
}

std::vector<HostPort> names(std::initializer_list<HostPort> list) {
    return list;
}

Environment variables(std::map<std::string, std::string> values) {
    return [values](const char* name) {
        const auto found = values.find(name);
        return found == values.end() ? nullptr : found->second.c_str();
    };
}

TEST(Route, NamesTheHostToResolve) {
    const Environment none = variables({});
    EXPECT_EQ(route_to("https://nws.example/events", none).names, names({{"nws.example", 443}}));
    EXPECT_EQ(route_to("http://nws.example:8080", none).names, names({{"nws.example", 8080}}));
    for (const char* literal : {"http://127.0.0.1/", "https://[2001:db8::1]:8443/", "http://localhost:80",
                                "http://nws.LOCALHOST/", "http://127.1/"})
        EXPECT_TRUE(route_to(literal, none).names.empty()) << literal;
}

TEST(Route, GoesThroughTheProxyOfTheEnvironment) {
    const std::string url = "https://nws.example/events";
    const auto names_with = [&](std::map<std::string, std::string> values) {
        return route_to(url, variables(std::move(values))).names;
    };
    EXPECT_EQ(names_with({{"https_proxy", "http://proxy.example:3128"}}), names({{"proxy.example", 3128}}));
    EXPECT_EQ(names_with({{"HTTPS_PROXY", "proxy.example"}}), names({{"proxy.example", 1080}}));
    EXPECT_EQ(names_with({{"ALL_PROXY", "https://u:p@proxy.example"}}), names({{"proxy.example", 443}}));
    EXPECT_EQ(names_with({{"https_proxy", "http://192.0.2.1:3128"}}), names({}));
    EXPECT_EQ(names_with({{"https_proxy", "socks5://proxy.example"}}),
              names({{"proxy.example", 1080}, {"nws.example", 443}}));
    EXPECT_EQ(names_with({{"https_proxy", "socks5h://proxy.example"}}), names({{"proxy.example", 1080}}));
    EXPECT_EQ(names_with({{"https_proxy", "proxy:1"}, {"no_proxy", "a, .example"}}),
              names({{"nws.example", 443}}));
    EXPECT_EQ(names_with({{"http_proxy", "proxy:1"}}), names({{"nws.example", 443}}));
    EXPECT_EQ(route_to("http://nws.example", variables({{"HTTP_PROXY", "proxy:1"}})).proxy, "");
    EXPECT_EQ(route_to("http://nws.example", variables({{"http_proxy", "proxy:1"}})).proxy, "proxy:1");
}

TEST(Route, ExemptsAsLibcurlDoes) {
    EXPECT_TRUE(is_exempt("*", "nws.example"));
    EXPECT_TRUE(is_exempt("a b,nws.example", "NWS.example."));
    EXPECT_TRUE(is_exempt(".example.", "nws.example"));
    EXPECT_FALSE(is_exempt("s.example", "nws.example"));
    EXPECT_FALSE(is_exempt("", "nws.example"));
    EXPECT_TRUE(is_exempt("10.0.0.0/9", "10.127.1.1"));
    EXPECT_FALSE(is_exempt("10.0.0.0/9", "10.128.1.1"));
    EXPECT_TRUE(is_exempt("2001:db8::/32", "2001:db8::7"));
    EXPECT_TRUE(is_exempt("[::1]", "::1"));
    EXPECT_FALSE(is_exempt("10.0.0.0/x,10.0.0.0/99", "10.0.0.0"));
}

TEST(Connections, GoThroughAProxyWithoutResolvingTheEndpoint) {
    const Server proxy("127.0.0.2");
    Channel channel("http://nws.invalid/events", milliseconds{60'000},
                    variables({{"http_proxy", "proxy.test:" + std::to_string(proxy.port())}}));
    channel.world.names->set("proxy.test", {{"127.0.0.2"}, "", false});
    channel.post();
    EXPECT_EQ(channel.world.names->asked("nws.invalid"), 0);
    EXPECT_EQ(channel.world.names->asked("proxy.test"), 1);
}

}  // namespace
}  // namespace gpsync::relay
