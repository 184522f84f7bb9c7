// Protocol ibm-mq-rest: one persistent message an event, put into a queue or published to a topic over the
// messaging REST API of IBM MQ. A put is not idempotent. So when its outcome is unknown (no answer, a relay
// that was killed), the queue is browsed for the event's correlation id before the event is put again.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "core/position.hpp"
#include "relay/delivery/protocol.hpp"

namespace gpsync::relay {

// The events that may be in the queue although no answer has said so.
class DoubtfulPuts {
  public:
    // More are not kept one by one: then everything up to the last one that was put counts.
    static constexpr size_t kKept = 100'000;

    // earlier_lsn: what an earlier relay put has committed before.
    explicit DoubtfulPuts(uint64_t earlier_lsn) : earlier_lsn_(earlier_lsn) {}

    bool contains(const Event& event) const;
    // A put begins; its outcome is unknown from now on.
    void add(const Event& event);
    // It is in the queue.
    void note_put(const Event& event) { positions_.erase(event.position); }
    // It is surely not.
    void note_not_put(const Event& event);

  private:
    uint64_t earlier_lsn_;
    std::set<core::Position> positions_;
    std::set<core::Position> not_put_;  // of those before earlier_lsn_
};

// CRC-32C of an event's source, which is the same for nearly all events of a stream.
class SourceCrc {
  public:
    uint32_t of(const Event& event);

  private:
    std::string source_;  // as the last event's JSON has it
    uint32_t crc_ = 0;
};

// A session of the mqweb server: the cookies of a log-in.
struct MqLogin {
    std::string cookies;      // of header Cookie; empty: not logged in
    uint64_t generation = 0;  // counts log-ins
};

class IbmMq : public Protocol {
  public:
    explicit IbmMq(const EndpointConfig& config);
    BatchLimits limits(const BatchLimits& configured) const override;
    std::unique_ptr<Exchange> exchange() override;
    std::string problem(Secrets& secrets) override;

    struct Shared {
        MqConfig config;
        std::string message_url, login_url;
        DoubtfulPuts doubtful;
        MqLogin login;
        SourceCrc source_crc = {};
    };

  private:
    std::shared_ptr<Shared> shared_;
    bool secrets_known_ = false;
};

// The 48 hexadecimal digits of the correlation id: those of the event's id, and CRC-32C of its source.
std::string mq_correlation_id(const Event& event, SourceCrc& source_crc);

}  // namespace gpsync::relay
