// A token system: answers look-ups (protocol token-lookup), counts how often each token was asked for, and
// fails on demand (faults.hpp).
//
//   POST /lookup    {"tokens": […]}, at most 50, none twice: {"results": […]}
//   PUT /tokens     {"id": {"status": …, …} or null (not known), …}: what is answered from now on
//   PUT /default    the same for every other token
//   GET /asked      {"id": how often, …}; DELETE: counts anew
//   GET /stats      counters
//   POST /faults, DELETE /faults?fault=N
#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "faults.hpp"

namespace gpsync::token_system {

class System {
  public:
    explicit System(int64_t delay_us);
    void add_routes(httplib::Server& server);

  private:
    void look_up(const httplib::Request& request, httplib::Response& response);
    // Empty when the request is as it must be.
    std::string read_tokens(const httplib::Request& request, std::vector<std::string>& tokens);
    // Until what an answer takes has passed since its request came.
    void wait(const std::vector<Fault>& faults, std::chrono::steady_clock::time_point begun) const;
    void answer(const std::vector<Fault>& faults, const std::vector<std::string>& tokens,
                const httplib::Request& request, httplib::Response& response);
    std::string results(const std::vector<Fault>& faults, const std::vector<std::string>& tokens);
    std::string result_of(const std::vector<Fault>& faults, const std::string& token);
    void put_tokens(const httplib::Request& request, httplib::Response& response, bool is_default);
    std::string render_asked();
    std::string render_stats();

    const int64_t delay_us_;
    Faults faults_;
    std::mutex mutex_;
    // The members of a result behind its tokenId, as JSON text.
    std::unordered_map<std::string, std::string> tokens_;
    std::string default_ = R"("status":"ACTIVE","panStatus":"ACTIVE","panExpiry":"2031-07")";
    std::unordered_map<std::string, int64_t> asked_;
    int64_t requests_ = 0, asked_tokens_ = 0, bad_requests_ = 0, most_in_progress_ = 0;
    std::string last_problem_;
    std::atomic<int64_t> in_progress_ = 0;
};

}  // namespace gpsync::token_system
