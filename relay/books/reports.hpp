// Reports to the database how the relay does. The answer says whether the relay is to begin again.
#pragma once

#include <functional>
#include <string>

#include "relay/books/call_queue.hpp"

namespace gpsync::relay {

class Reports : public CallQueue::Client {
  public:
    // make: gives the next report for relay_report(). answered: gets the function's answer.
    Reports(const std::string& stream, std::function<std::string()> make,
            std::function<void(const std::string&)> answered)
        : stream_(stream), make_(std::move(make)), answered_(std::move(answered)) {}

    void request() { due_ = true; }

    bool has_call() override { return due_; }
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override { answered_(value(result, 0, 0)); }
    void failed(const PgError& error) override;
    void stop() override {}

  private:
    const std::string stream_;
    const std::function<std::string()> make_;
    const std::function<void(const std::string&)> answered_;
    bool due_ = false;
};

}  // namespace gpsync::relay
