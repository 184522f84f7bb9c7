// A session that is made on the event loop, against a server that speaks just enough of the protocol.
#include "relay/postgres/loop_session.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kWelcome{"R\0\0\0\10\0\0\0\0Z\0\0\0\5I", 15};
constexpr std::string_view kDone{"C\0\0\0\010SET\0Z\0\0\0\5I", 15};
constexpr std::string_view kExecuted{"1\0\0\0\0042\0\0\0\4n\0\0\0\4C\0\0\0\010SET\0Z\0\0\0\5I", 30};

class FakeServer {
  public:
    FakeServer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), length), 0);
        EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), 0);
        port_ = ntohs(address.sin_port);
    }
    ~FakeServer() {
        shutdown(listener_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        close(listener_);
    }
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;

    int port() const { return port_; }
    // Serves one session after the other, until so many have ended; a session ends after so many statements.
    void serve(int sessions, int statements) {
        EXPECT_EQ(listen(listener_, 8), 0);
        thread_ = std::thread([this, sessions, statements] {
            for (int i = 0; i < sessions; ++i) serve_one(statements);
        });
    }

  private:
    void serve_one(int statements) {
        const int session = accept(listener_, nullptr, nullptr);
        std::array<char, 4> header = {};
        read_all(session, header.data(), header.size());
        skip(session, header);
        answer(session, kWelcome);
        for (int i = 0; i < statements; ++i) {
            char type = 0;
            bool more = true;
            // A statement is a simple query, or ends with Sync.
            while (more && read_all(session, &type, 1) && read_all(session, header.data(), header.size())) {
                skip(session, header);
                more = type != 'Q' && type != 'S';
            }
            if (!more) answer(session, type == 'Q' ? kDone : kExecuted);
        }
        close(session);
    }
    static bool read_all(int session, char* bytes, size_t count) {
        for (size_t at = 0; at < count;) {
            const ssize_t got = read(session, bytes + at, count - at);
            if (got <= 0) return false;
            at += static_cast<size_t>(got);
        }
        return true;
    }
    static void skip(int session, const std::array<char, 4>& header) {
        uint32_t length = 0;
        std::memcpy(&length, header.data(), header.size());
        length = ntohl(length);
        if (length <= header.size()) return;
        std::string rest(length - header.size(), '\0');
        read_all(session, rest.data(), rest.size());
    }
    static void answer(int session, std::string_view bytes) {
        EXPECT_EQ(write(session, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }

    const int listener_;
    int port_ = 0;
    std::thread thread_;
};

// Refuses connections: nobody listens.
class ClosedPort {
  public:
    int port() const { return server_.port(); }

  private:
    FakeServer server_;
};

std::string conninfo(std::initializer_list<int> ports) {
    std::string hosts, numbers;
    for (int port : ports) {
        hosts += (hosts.empty() ? "" : ",") + std::string("127.0.0.1");
        numbers += (numbers.empty() ? "" : ",") + std::to_string(port);
    }
    return "hostaddr=" + hosts + " port=" + numbers + " sslmode=disable gssencmode=disable user=u dbname=d";
}

// Runs one call; its error, "" where it succeeds, nothing where it has no end within a few seconds: far less
// than the time that a session gives the server.
std::optional<std::string> call(EventLoop& loop, LoopSession& session) {
    std::optional<std::string> outcome;
    Timer late(loop, [&] { loop.stop(); });
    late.start(5s);
    session.call("SELECT 1", {}, [&](const PGresult*, const PgError* error) {
        outcome = error != nullptr ? std::string(error->what()) : std::string();
        loop.stop();
    });
    loop.run();
    return outcome;
}

TEST(LoopSession, GoesOnToTheNextAddress) {
    ClosedPort closed;
    FakeServer server;
    server.serve(1, 2);
    EventLoop loop;
    // The second socket has the number of the first, which was closed.
    LoopSession session(loop, conninfo({closed.port(), closed.port(), server.port()}), {}, 1s);
    EXPECT_EQ(call(loop, session), "");
}

TEST(LoopSession, IsMadeAnewAfterItWasLost) {
    FakeServer server;
    server.serve(3, 2);  // the settings, and one call
    EventLoop loop;
    LoopSession session(loop, conninfo({server.port()}), {}, 1s);
    EXPECT_EQ(call(loop, session), "");
    for (int i = 0; i < 2; ++i) {
        // The server has closed it, which the session may find out before the call or by it.
        std::optional<std::string> outcome = call(loop, session);
        if (outcome && !outcome->empty()) outcome = call(loop, session);
        EXPECT_EQ(outcome, "") << i;
    }
}

TEST(LoopSession, SaysThatNobodyListens) {
    ClosedPort closed;
    EventLoop loop;
    LoopSession session(loop, conninfo({closed.port(), closed.port()}), {}, 1s);
    for (int i = 0; i < 3; ++i) {
        const std::optional<std::string> outcome = call(loop, session);
        ASSERT_TRUE(outcome.has_value());
        EXPECT_NE(outcome->find("Connection refused"), std::string::npos) << *outcome;
    }
}

}  // namespace
}  // namespace gpsync::relay
