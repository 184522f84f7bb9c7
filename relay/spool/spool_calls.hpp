// The calls of the extension that write, read and empty the spool, on the connection for bookkeeping.
#pragma once

#include <functional>
#include <string>

#include "relay/base/event_loop.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/spool/feeds.hpp"
#include "relay/spool/pack.hpp"

namespace gpsync::relay {

// Something has changed that feeds follow.
using SpoolChanged = std::function<void()>;

// Writes what the stream sends into the spool while an endpoint does not get it from memory.
class SpoolWriter : public CallQueue::Client {
  public:
    SpoolWriter(EventLoop& loop, CallQueue& queue, const std::string& stream, int64_t segment_bytes,
                Feeds& feeds, const RelationTable& relations, SpoolChanged changed);

    // The stream has sent more. at_once: nothing more comes for now, or memory is full.
    void kick(bool at_once);

    bool has_call() override;
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override;

  private:
    bool has_events() const;

    CallQueue& queue_;
    const std::string stream_;
    const std::string segment_bytes_;
    Feeds& feeds_;
    const RelationTable& relations_;
    const SpoolChanged changed_;
    Timer linger_, retry_;
    Packer packer_;  // of the call under way
    bool due_ = false;
    int failures_ = 0;
};

// Reads the spool for the endpoints that are behind.
class SpoolReader : public CallQueue::Client {
  public:
    SpoolReader(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds,
                SpoolChanged changed);

    bool has_call() override;
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override { retry_.stop(); }

  private:
    const std::string stream_;
    Feeds& feeds_;
    const SpoolChanged changed_;
    Timer retry_;
    EndpointFeed* reader_ = nullptr;  // of the next call, or the one under way
    core::Position after_, end_;      // of the call under way
    int failures_ = 0;
};

// Empties the segments that everybody has passed.
class SpoolTrimmer : public CallQueue::Client {
  public:
    SpoolTrimmer(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds);

    bool has_call() override { return !retry_.active() && (due_ = due_ || feeds_.take_trim_request()); }
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override { retry_.stop(); }

  private:
    const std::string stream_;
    Feeds& feeds_;
    Timer retry_;
    bool due_ = false;
    int failures_ = 0;
};

}  // namespace gpsync::relay
