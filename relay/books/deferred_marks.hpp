// Tries marks again that relay_book() has deferred: their rows were locked, or could not be written.
#pragma once

#include <chrono>
#include <string>

#include "relay/base/event_loop.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/observe/metrics.hpp"

namespace gpsync::relay {

class DeferredMarks : public CallQueue::Client {
  public:
    DeferredMarks(EventLoop& loop, CallQueue& queue, const std::string& stream, Metrics& metrics);

    // A booking has deferred some.
    void note_deferred(int64_t marks);
    // Some were deferred a moment ago and may well succeed in the next: a row is often only locked because
    // the transaction that wrote it has its commit in the WAL, but has not released its locks yet.
    bool may_follow() const;

    bool has_call() override { return due_; }
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override { retry_.stop(); }

  private:
    const std::string stream_;
    Metrics& metrics_;
    Timer retry_;
    bool due_ = true;  // an earlier relay may have left some
    int64_t left_ = 0;
    int tries_ = 0;  // without success, in a row
    std::chrono::steady_clock::time_point since_{};
};

}  // namespace gpsync::relay
