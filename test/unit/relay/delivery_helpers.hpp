// Delivery over real sockets, for tests: an HTTP server, and an endpoint's lanes with everything around them
// but the database.
#pragma once

#include <gtest/gtest.h>
#include <httplib.h>

#include <mutex>
#include <thread>

#include "relay/books/ledger.hpp"
#include "relay/delivery/endpoint.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// An HTTP server on a free port, with what it was asked.
class Server {
  public:
    struct Request {
        std::string body, encoding, type, key, authorization, accept_encoding;
        steady_clock::time_point at;
    };
    using Handler = std::function<void(const Request&, httplib::Response&)>;

    explicit Server(Handler handler) : handler_(std::move(handler)) {
        server_.Post("/events", [this](const httplib::Request& http, httplib::Response& response) {
            Request request{http.body,
                            http.get_header_value("Content-Encoding"),
                            http.get_header_value("Content-Type"),
                            http.get_header_value("Idempotency-Key"),
                            http.get_header_value("Authorization"),
                            http.get_header_value("Accept-Encoding"),
                            steady_clock::now()};
            {
                std::lock_guard lock(mutex_);
                requests_.push_back(request);
            }
            handler_(request, response);
        });
        server_.set_tcp_nodelay(true);
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();
    }
    ~Server() {
        server_.stop();
        thread_.join();
    }
    std::string url(const std::string& path = "/events") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    std::vector<Request> requests() {
        std::lock_guard lock(mutex_);
        return requests_;
    }

  private:
    Handler handler_;
    httplib::Server server_;
    std::mutex mutex_;
    std::vector<Request> requests_;
    int port_ = 0;
    std::thread thread_;
};

inline EndpointConfig config_for(const std::string& url) {
    EndpointConfig config;
    config.name = "nws";
    config.url = url;
    config.timeout = milliseconds{2000};
    config.retry_base = milliseconds{10};
    return config;
}

inline std::string event_line(uint32_t ordinal, const std::string& key) {
    std::string id(core::kEventIdLength, '\0');
    core::write_event_id(id.data(), {0x100, ordinal}, 1000);
    return R"({"id":")" + id + R"(","type":"gpsync.row.inserted","subject":"public.t/)" + key +
           R"(","partitionkey":"public.t/)" + key +
           R"(","data":{"schema":"public","table":"t","key":{"id":")" + key + R"("},"revision":)" +
           std::to_string(ordinal) + R"(,"row":{}}})";
}

// An endpoint with everything around it but the database.
class Delivery : Endpoint::Listener {
  public:
    explicit Delivery(const EndpointConfig& config)
        : resolver_(loop_),
          ledger_(1),
          metrics_("legacy"),
          endpoint_(loop_, resolver_, config, metrics_.endpoint("nws"), status_, secrets_, *this),
          deadline_(loop_, [this] { loop_.stop(); }) {}

    // Adds events of these keys, sends them, and waits until they are settled; false when that takes too
    // long.
    bool deliver(const std::vector<std::string>& keys, milliseconds bound = milliseconds{5000}) {
        std::string text;
        for (const std::string& key : keys) text += (text.empty() ? "" : "\n") + event_line(++ordinal_, key);
        texts_.push_back(std::make_unique<std::string>(std::move(text)));
        auto message = std::make_unique<Message>();
        message->text = *texts_.back();
        message->end_lsn = 0x200;
        parse_events(*message, relations_, shapes_, {});
        Message& added = *message;
        ledger_.add(std::move(message));
        for (Event& event : added.events) endpoint_.offer(event);
        endpoint_.pump(true);
        wanted_ += keys.size();
        deadline_.start(bound);
        if (settled_ < wanted_) loop_.run();
        deadline_.stop();
        return settled_ == wanted_;
    }

    // The same, until the endpoint counts as failing.
    bool fail(const std::vector<std::string>& keys) {
        until_failing_ = true;
        bool delivered = deliver(keys);
        until_failing_ = false;
        return !delivered && status_.failing;
    }

    std::vector<DeadLetter> dead_letters;
    std::vector<bool> failed;
    std::vector<Settlement> held;
    std::vector<bool> went_on;  // by answer: the next request was under way when it was made known
    EndpointStatus& status() { return status_; }
    Endpoint& endpoint() { return endpoint_; }
    std::string metrics() const { return metrics_.text(); }

  private:
    void on_failing_changed() override {
        if (until_failing_) loop_.stop();
    }
    void on_settled(const Endpoint&, Event& event, const Settlement& settlement) override {
        if (settlement.kind == Settlement::held) {
            held.push_back(settlement);
            return ledger_.note_held(0, event);
        }
        const bool refused = settlement.kind == Settlement::refused;
        if (refused) {
            DeadLetter letter = make_dead_letter(event, relations_[event.relation]);
            letter.attempts = settlement.attempts;
            letter.http_status = settlement.http_status;
            letter.error = settlement.error;
            ledger_.add_dead_letter(std::move(letter));
        }
        ledger_.settle(0, event, refused);
    }
    void on_batch_settled() override {
        went_on.push_back(endpoint_.in_flight());
        while (ledger_.has_booking()) {
            Booking booking = ledger_.take_booking(1000);
            settled_ += booking.events.size();
            for (const SettledEvent& event : booking.events) failed.push_back(event.refused);
            for (DeadLetter& letter : booking.dead_letters) dead_letters.push_back(letter);
            ledger_.booked(booking);
        }
        if (settled_ == wanted_) loop_.stop();
    }

    EventLoop loop_;
    Resolver resolver_;
    Ledger ledger_;
    RelationTable relations_;
    KeyShapes shapes_;
    Metrics metrics_;
    EndpointStatus status_;
    Secrets secrets_;
    Endpoint endpoint_;
    Timer deadline_;
    std::vector<std::unique_ptr<std::string>> texts_;
    uint32_t ordinal_ = 0;
    size_t wanted_ = 0, settled_ = 0;
    bool until_failing_ = false;
};

inline std::vector<std::string> keys(size_t count) {
    std::vector<std::string> made;
    for (size_t i = 0; i < count; ++i) made.push_back("k" + std::to_string(i));
    return made;
}

inline size_t events_in(const std::string& body) {
    size_t count = 0;
    for (size_t at = body.find("\"subject\""); at != std::string::npos; at = body.find("\"subject\"", at + 1))
        ++count;
    return count;
}

}  // namespace gpsync::relay
