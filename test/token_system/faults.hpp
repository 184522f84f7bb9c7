// Faults of the token system: what it does wrong, for which requests, how often. As JSON over POST /faults:
//
//   {"kind": "status", "status": 503, "retry_after": "1"}     answers a status
//   {"kind": "delay", "ms": 200}                              answers late
//   {"kind": "reset"}                                         resets the connection
//   {"kind": "leave-out", "every": 2}                         leaves each n-th token out
//   {"kind": "repeat"}                                        answers each token twice
//   {"kind": "extra", "result": "…"}                          answers one more, as given
//   {"kind": "result", "result": "…"}                         answers this for the tokens that match
//   {"kind": "body", "body": "…"}                             answers this body
//
// "match": only requests with a token whose id holds the text (result: only these tokens); "times",
// "percent": how often; {token} in a result is the token's id.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace gpsync::token_system {

struct Fault {
    int number = 0;
    std::string kind, match, retry_after, result, body;
    int status = 503;
    int64_t ms = 0, every = 2, percent = 100;
    std::optional<int64_t> times;
};

class Faults {
  public:
    // Gives the fault's number; nothing, and what is wrong, when it is none.
    std::optional<int> add(std::string_view json, std::string& error);
    // One, or all.
    void clear(std::optional<int> number);
    // Those that apply to a request for these tokens; each counts once.
    std::vector<Fault> take_matching(const std::vector<std::string>& tokens);

  private:
    std::mutex mutex_;
    std::list<Fault> faults_;
    int last_number_ = 0;
    std::minstd_rand random_{4711};
};

}  // namespace gpsync::token_system
