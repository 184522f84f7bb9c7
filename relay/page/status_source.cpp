#include "relay/page/status_source.hpp"

#include <utility>

#include "relay/observe/log.hpp"
#include "relay/postgres/session_pins.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{1000};
// A connection that was lost, or could not be made, is tried again after this.
constexpr std::chrono::seconds kConnectAgain{5};
constexpr const char* kSettings =
    "SET statement_timeout = '20s'; SET lock_timeout = '1s'; SET default_transaction_read_only = on; ";

}  // namespace

// One kind of call.
class StatusSource::Fetch : public CallQueue::Client {
  public:
    Fetch(std::string statement, std::function<void(const std::string&)> take)
        : statement_(std::move(statement)), take_(std::move(take)) {}

    void request() { due_ = true; }
    bool has_call() override { return due_; }
    int send(PGconn* connection) override {
        due_ = false;
        return PQsendQuery(connection, statement_.c_str());
    }
    void succeeded(const PGresult* result) override { take_(value(result, 0, 0)); }
    void failed(const PgError&) override {}
    void stop() override { due_ = false; }

  private:
    const std::string statement_;
    const std::function<void(const std::string&)> take_;
    bool due_ = false;
};

StatusSource::StatusSource(EventLoop& loop, std::string conninfo, const KnownServer& server, StopSignal& stop,
                           std::function<void()> changed)
    : loop_(loop),
      conninfo_(std::move(conninfo)),
      server_(server),
      stop_(stop),
      changed_(std::move(changed)),
      tick_(loop, [this] { on_tick(); }),
      step_(loop, [this] { ask(); }) {}

StatusSource::~StatusSource() = default;

void StatusSource::want() {
    looked_ = Clock::now();
    if (tick_.active()) {
        if (queue_ && !lost_) step_.start(milliseconds{0});
        return;
    }
    problem_.clear();  // of the last time that somebody asked
    tick_.start(kTick, kTick);
    step_.start(milliseconds{0});
}

bool StatusSource::settled() const {
    return !problem_.empty() || (!document_.empty() && Clock::now() - document_at_ < kDocumentAge);
}

void StatusSource::on_tick() {
    if (Clock::now() - looked_ > kLookedAt) {
        tick_.stop();
        return close();
    }
    ask();
}

// REQUIRES: not called from the queue.
void StatusSource::ask() {
    if (lost_) close();
    if (!queue_) return connect();
    const auto now = Clock::now();
    if (now - document_asked_ >= kDocumentAge) {
        document_asked_ = now;
        fetches_[1]->request();
    }
    if (!document_.empty() && now - details_asked_ >= kDetailsAge) {
        details_asked_ = now;
        fetches_[2]->request();
    }
    queue_->run_next();
}

void StatusSource::connect() {
    if (connecting_ || Clock::now() < connect_at_) return;
    const auto address = server_.get();
    if (!address) return report("The relay has not reached the server yet.");
    connect_at_ = Clock::now() + kConnectAgain;
    connecting_ = std::make_unique<Connecting>(
        loop_, conninfo_, *address, stop_, [this](std::unique_ptr<PgConnection> made, const PgError* error) {
            connected(std::move(made), error);
        });
}

void StatusSource::connected(std::unique_ptr<PgConnection> made, const PgError* error) {
    if (error != nullptr)
        report(std::string("The server cannot be asked: ") + error->what());
    else
        begin(std::move(*made));
    connecting_.reset();
}

void StatusSource::begin(PgConnection made) {
    CallQueue::Listener& listener = *this;
    queue_ = std::make_unique<CallQueue>(loop_, std::move(made), listener);
    fetches_.push_back(std::make_unique<Fetch>(pinning_statement() + kSettings + "SELECT 1",
                                               [this](const std::string&) { step_.start(milliseconds{0}); }));
    fetches_.push_back(
        std::make_unique<Fetch>("SELECT gpsync_internal.status_document()", [this](const std::string& json) {
            document_ = json;
            document_at_ = Clock::now();
            problem_.clear();
            step_.start(milliseconds{0});
            changed_();
        }));
    fetches_.push_back(
        std::make_unique<Fetch>("SELECT gpsync_internal.status_details()", [this](const std::string& json) {
            details_ = json;
            details_at_ = Clock::now();
            changed_();
        }));
    for (auto& fetch : fetches_) queue_->add(*fetch);
    fetches_[0]->request();
    queue_->run_next();
}

void StatusSource::on_call_failed(const PgError& error) {
    report(std::string("The server did not answer: ") + error.what() +
           (error.hint.empty() ? "" : " " + error.hint));
}

// Called from the queue, which is cleared away later.
void StatusSource::on_connection_lost(const PgError& error) {
    lost_ = true;
    report(std::string("The connection to the server is lost: ") + error.what());
}

void StatusSource::close() {
    connecting_.reset();
    queue_.reset();
    fetches_.clear();
    lost_ = false;
    // What was asked for and not answered is asked for again.
    document_asked_ = {};
    details_asked_ = details_at_;
}

void StatusSource::report(std::string problem) {
    problem_ = std::move(problem);
    changed_();
}

}  // namespace gpsync::relay
