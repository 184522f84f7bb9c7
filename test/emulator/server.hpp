// The HTTP side: takes batches, shows what was taken, sets faults.
#pragma once

#include <httplib.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "faults.hpp"
#include "ledger.hpp"

namespace gpsync::emulator {

struct Settings {
    std::string name = "nws";
    std::string ledger_file;
    std::string authorization;  // demanded of every batch where given, e.g. "Bearer abc"
};

// POST /events takes a batch; GET /ledger (?subject=…), /events (?with=text), /requests and /stats show;
// /faults sets and clears.
class Emulator {
  public:
    explicit Emulator(Settings settings);
    void add_routes(httplib::Server& server);
    // Leaves no batch half taken; nothing is taken afterwards.
    void close() { ledger_.close(); }

  private:
    // A POST of events, for tests that look at attempts.
    struct Seen {
        int64_t time_ms;  // since 1970
        int status;       // 0: none was sent
        size_t events;
        std::string idempotency_key, first_id;
    };

    void post_events(const httplib::Request& request, httplib::Response& response);
    void take(const httplib::Request& request, httplib::Response& response, const Batch& batch);
    void take_with(std::vector<Fault>& met, const httplib::Request& request, httplib::Response& response,
                   const Batch& batch);
    void answer_fault(const Fault& fault, const httplib::Request& request, httplib::Response& response);
    Refusal check_headers(const httplib::Request& request) const;
    bool take_events(const httplib::Request& request, httplib::Response& response, const Batch& batch,
                     const Fault* results);
    void refuse(httplib::Response& response, const Refusal& refusal, const Batch* batch);
    void remember(const httplib::Request& request, const Batch* batch, int status);
    std::string render_requests();

    Settings settings_;
    Ledger ledger_;
    Faults faults_;
    std::atomic<uint64_t> in_progress_{0};  // batches read and not answered yet
    std::mutex seen_mutex_;
    std::deque<Seen> seen_;
};

}  // namespace gpsync::emulator
