// One stretch of streaming: from START_REPLICATION until the relay stops, begins again, or loses the server.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "relay/base/idle_memory.hpp"
#include "relay/base/wake_watch.hpp"
#include "relay/books/bookkeeper.hpp"
#include "relay/config.hpp"
#include "relay/delivery/endpoint.hpp"
#include "relay/lookup/lookups.hpp"
#include "relay/observe/health.hpp"
#include "relay/observe/report.hpp"
#include "relay/source/replication_stream.hpp"
#include "relay/spool/held_events.hpp"
#include "relay/spool/resends.hpp"
#include "relay/spool/spool_calls.hpp"

namespace gpsync::relay {

// What was sent to each endpoint, also by earlier sessions: it may still come back in an answer.
using SecretsByEndpoint = std::map<std::string, Secrets>;

class Session : ReplicationStream::Handler, Bookkeeper::Handler, Endpoint::Listener {
  public:
    enum class End {
        stopped,      // SIGTERM
        begin_again,  // paused, dropped, configured anew
        lost,         // a connection is gone, or the server ended the stream
    };
    struct Outcome {
        End end = End::lost;
        PgError error{"", ""};    // with `lost`
        bool progressed = false;  // something was booked
    };

    // book has acquired the stream, replication has started. held: what the books say of held events.
    // conninfo: for another connection, where one is needed.
    Session(const RelayConfig& config, const std::vector<HeldState>& held, const std::string& conninfo,
            PgConnection book, PgConnection replication, std::chrono::milliseconds status_interval,
            StopSignal& stop, RelayStatus& status, SecretsByEndpoint& secrets, Metrics& metrics,
            Health& health);
    ~Session() override;

    // Rethrows what nobody foresaw.
    Outcome run();

  private:
    void on_message(PgBuffer buffer, std::string_view text, uint64_t data_start) override;
    void on_keepalive(uint64_t wal_end, bool reply_requested) override;
    void on_round_end(bool more_waits) override;
    void on_end(const PgError& error) override;
    bool wants_more() override;

    void on_booked() override;
    void on_confirmable() override;
    std::string make_report() override;
    void on_report_answer(const std::string& json) override;
    void on_lease(bool held, uint64_t number) override;
    void on_call_failed(const PgError& error) override;
    void on_connection_lost(const PgError& error) override;

    bool may_send() override;
    void on_settled(const Endpoint& endpoint, Event& event, const Settlement& settlement) override;
    void on_batch_settled() override;
    void on_failing_changed() override;

    void on_signal();
    void on_second();
    void follow_ledger();
    void follow_feeds();
    void read_on();
    void confirm(bool at_once);
    void update_state();
    void update_gauges();
    // Why nothing is delivered; empty when it is, or there is nothing to deliver.
    std::string problem(size_t failing, const std::string& names) const;
    Progress progress();
    void leave(End end, const PgError& error);
    void check_drained();
    bool in_flight() const;

    const RelayConfig config_;
    StopSignal& stop_;
    RelayStatus& status_;
    Metrics& metrics_;
    Health& health_;

    EventLoop loop_;
    WakeWatch wake_;
    RelationTable relations_;
    Feeds feeds_;
    Ledger& ledger_;  // of what the stream sends
    Resolver resolver_;
    std::vector<std::unique_ptr<Endpoint>> endpoints_;
    Bookkeeper bookkeeper_;
    SpoolWriter spool_writer_;
    SpoolReader spool_reader_;
    SpoolTrimmer spool_trimmer_;
    Resends resends_;
    HeldEvents held_events_;
    ReplicationStream replication_;
    Lookups lookups_;
    SocketWatch signals_;
    Timer follow_, book_, second_, lease_timer_, status_timer_, confirm_timer_, deadline_, end_deadline_;
    std::optional<PgError> ended_;  // why the replication stream has ended

    IdleMemory memory_;
    uint64_t confirmed_sent_ = 0;
    std::chrono::steady_clock::time_point status_sent_{};
    bool reading_ = true;
    bool retains_much_ = false;                      // the slot, as of the last report
    bool send_refused_ = false;                      // a request waits for may_send()
    std::chrono::steady_clock::time_point moved_{};  // when an event was settled, or none waited
    bool settled_ = false;                           // one was, since on_batch_settled() came
    bool leaving_ = false;
    bool final_report_requested_ = false, cursors_requested_ = false;
    bool booking_failed_ = false;  // since the last one that succeeded
    Outcome outcome_;
};

}  // namespace gpsync::relay
