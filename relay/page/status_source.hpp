// What the status page shows, as the extension says it. While somebody looks it is asked for, on a connection
// of its own: it costs the books nothing, and a relay that stands by shows it too. doctor() is asked seldom.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/books/call_queue.hpp"
#include "relay/postgres/connecting.hpp"
#include "relay/postgres/known_server.hpp"

namespace gpsync::relay {

class StatusSource : CallQueue::Listener {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kDocumentAge{5};  // then it is asked for again
    static constexpr std::chrono::minutes kDetailsAge{5};
    static constexpr std::chrono::seconds kLookedAt{60};  // after a look the connection is kept so long

    // changed: called from the loop when there is something new.
    StatusSource(EventLoop& loop, std::string conninfo, const KnownServer& server, StopSignal& stop,
                 std::function<void()> changed);
    ~StatusSource() override;

    // Somebody looks.
    void want();
    // The document is as new as anybody needs it, or there is a reason why not.
    bool settled() const;

    const std::string& document() const { return document_; }  // empty: none yet
    const std::string& details() const { return details_; }    // empty: not asked yet
    const std::string& problem() const { return problem_; }    // why there is nothing newer; else empty

  private:
    class Fetch;

    void on_call_failed(const PgError& error) override;
    void on_connection_lost(const PgError& error) override;
    void on_tick();
    void connect();
    void connected(std::unique_ptr<PgConnection> made, const PgError* error);
    void begin(PgConnection made);
    void close();
    void ask();
    void report(std::string problem);

    EventLoop& loop_;
    const std::string conninfo_;
    const KnownServer& server_;
    StopSignal& stop_;
    const std::function<void()> changed_;
    std::unique_ptr<Connecting> connecting_;
    std::vector<std::unique_ptr<Fetch>> fetches_;
    std::unique_ptr<CallQueue> queue_;
    Timer tick_, step_;
    std::string document_, details_, problem_;
    Clock::time_point looked_{}, document_at_{}, details_at_{}, connect_at_{};
    Clock::time_point document_asked_{}, details_asked_{};  // whether or not there was an answer
    bool lost_ = false;                                     // the connection, to be cleared away
};

}  // namespace gpsync::relay
