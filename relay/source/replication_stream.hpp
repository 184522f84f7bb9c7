// The replication connection once START_REPLICATION has answered: messages in, standby status updates out.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "relay/base/event_loop.hpp"
#include "relay/postgres/pg_connection.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

// What START_REPLICATION gets.
struct ReplicationConfig {
    std::string slot;
    std::string publication;  // empty: topics alone
    std::string partition;    // "1/2"; empty: all keys
    std::string topics;       // as the decoder's option takes them; empty: none
    // Sequences of changes that an operator skips, as the decoder's option takes them.
    std::string skip_changes;
};

class ReplicationStream {
  public:
    struct Handler {
        virtual ~Handler() = default;
        // One message of the plugin. text is part of buffer.
        virtual void on_message(PgBuffer buffer, std::string_view text, uint64_t data_start) = 0;
        virtual void on_keepalive(uint64_t wal_end, bool reply_requested) = 0;
        // All that had arrived has been handed over; more_waits: the socket has more already.
        virtual void on_round_end(bool more_waits) = 0;
        // The connection is lost, or the server ended the stream. Nothing comes after it.
        virtual void on_end(const PgError& error) = 0;
        virtual bool wants_more() = 0;
    };

    // Starts replication with the decoder's options. Throws PgError and Stopped.
    static PgConnection start(const std::string& conninfo, const ServerAddress& at,
                              const ReplicationConfig& config, StopSignal& stop);
    // How often the server wants to hear from us at least, from its wal_sender_timeout.
    static std::chrono::milliseconds status_interval(PgConnection& connection);

    ReplicationStream(EventLoop& loop, PgConnection connection, Handler& handler);

    // Reads again after wants_more() was false.
    void resume();
    void stop_reading();
    // Reports to the server that everything before confirmed is durable here.
    void send_status(uint64_t confirmed, bool request_reply = false);
    // The end of what the server has said to have sent.
    uint64_t received_lsn() const { return received_lsn_; }

  private:
    void ready(int events);
    bool read_round();
    bool dispatch(PgBuffer buffer);
    void flush();
    void fail();
    void end(const PgError& error);
    void watch();

    PgConnection connection_;
    Handler& handler_;
    SocketWatch socket_;
    Timer again_;  // reads on in the loop's next turn
    uint64_t received_lsn_ = 0;
    bool reading_ = true;
    bool unsent_ = false;
    bool ended_ = false;
};

}  // namespace gpsync::relay
