#include "relay/postgres/loop_session.hpp"

#include <utility>

#include "relay/postgres/session_pins.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectTimeout{15000};
// The server ends a statement that takes too long; one that says nothing for so much longer is gone.
constexpr milliseconds kNoAnswer{30000};

}  // namespace

LoopSession::LoopSession(EventLoop& loop, std::string conninfo, ServerAddress at, milliseconds timeout,
                         std::string settings)
    : loop_(loop),
      conninfo_(std::move(conninfo)),
      at_(std::move(at)),
      timeout_(timeout),
      settings_(std::move(settings)),
      advance_(loop,
               [this] {
                   dropped_.clear();
                   advance();
               }),
      deadline_(loop, [this] { fail(PgError("the server does not answer", {})); }) {}

LoopSession::~LoopSession() = default;

void LoopSession::call(const char* statement, std::vector<std::string> values, Done done) {
    statement_ = statement;
    values_ = std::move(values);
    done_ = std::move(done);
    advance_.start(milliseconds{0});
}

void LoopSession::cancel() {
    const bool sent = state_ == State::running;
    done_ = nullptr;
    values_.clear();
    if (sent) drop();
}

void LoopSession::advance() {
    if (!busy()) return;
    if (state_ == State::none)
        begin();
    else if (state_ == State::connectable)
        step();
    else if (state_ == State::idle)
        send();
}

void LoopSession::begin() {
    connection_.reset(start_connecting(conninfo_, false, at_));
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return fail(connection_error(connection_.get()));
    deadline_.start(kConnectTimeout);
    watch_connecting(UV_WRITABLE);
}

void LoopSession::watch(int events) {
    if (!watch_)
        watch_ = std::make_unique<SocketWatch>(loop_, PQsocket(connection_.get()),
                                               [this](int ready_for) { ready(ready_for); });
    watch_->watch(events);
}

void LoopSession::watch_connecting(int events) {
    state_ = State::connecting;
    watch(events);
}

// A step may close the socket and open another, often with the same number: libpq tries addresses and
// encryptions one by one. So there is a watch for each step, and it is gone before the step.
void LoopSession::step() {
    watch_.reset();
    switch (PQconnectPoll(connection_.get())) {
        case PGRES_POLLING_READING:
            return watch_connecting(UV_READABLE);
        case PGRES_POLLING_WRITING:
            return watch_connecting(UV_WRITABLE);
        case PGRES_POLLING_OK:
            return pin();
        default:
            return fail(connection_error(connection_.get()));
    }
}

void LoopSession::pin() {
    PQsetErrorVerbosity(connection_.get(), PQERRORS_DEFAULT);
    const std::string pins = pinning_statement() +
                             "SET statement_timeout = " + std::to_string(timeout_.count()) + "; " + settings_;
    if (PQsetnonblocking(connection_.get(), 1) != 0 || PQsendQuery(connection_.get(), pins.c_str()) == 0)
        return fail(error_of(nullptr, connection_.get()));
    state_ = State::pinning;
    watch(UV_READABLE | UV_WRITABLE);
}

void LoopSession::send() {
    std::vector<const char*> values;
    values.reserve(values_.size());
    for (const std::string& value : values_) values.push_back(value.c_str());
    state_ = State::running;
    deadline_.start(timeout_ + kNoAnswer);
    if (PQsendQueryParams(connection_.get(), statement_, static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0)
        return fail(error_of(nullptr, connection_.get()));
    watch(UV_READABLE | UV_WRITABLE);
}

void LoopSession::ready(int events) {
    if (state_ == State::connecting) {
        watch_->watch(0);
        state_ = State::connectable;
        return advance_.start(milliseconds{0});
    }
    if (state_ == State::none || state_ == State::connectable) return;
    if (events & UV_WRITABLE) {
        const int unsent = PQflush(connection_.get());
        if (unsent < 0) return fail(error_of(nullptr, connection_.get()));
        watch(UV_READABLE | (unsent > 0 ? UV_WRITABLE : 0));
    }
    if (!(events & UV_READABLE) && events != 0) return;
    if (PQconsumeInput(connection_.get()) == 0) return fail(error_of(nullptr, connection_.get()));
    while (state_ != State::idle && PQisBusy(connection_.get()) == 0) {
        std::unique_ptr<PGresult, Clear> result(PQgetResult(connection_.get()));
        if (!result) {
            const PGresult* last = result_.get();
            const ExecStatusType status = last != nullptr ? PQresultStatus(last) : PGRES_FATAL_ERROR;
            if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
                return fail(error_of(last, connection_.get()));
            const std::unique_ptr<PGresult, Clear> kept = std::move(result_);
            deadline_.stop();
            const bool answered = std::exchange(state_, State::idle) == State::running;
            if (answered) return finish(kept.get(), nullptr);
            return advance();
        }
        result_ = std::move(result);
    }
    if (state_ == State::idle && PQstatus(connection_.get()) == CONNECTION_BAD) drop();
}

// Of the statement alone, or of the session, which is made anew then.
void LoopSession::fail(const PgError& error) {
    const PgError copy = error;
    result_.reset();
    deadline_.stop();
    const bool alive = state_ == State::running && connection_ &&
                       PQstatus(connection_.get()) == CONNECTION_OK && !copy.sqlstate.empty() &&
                       !copy.in_class("57P") && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
    if (alive)
        state_ = State::idle;
    else
        drop();
    if (busy()) finish(nullptr, &copy);
}

void LoopSession::drop() {
    deadline_.stop();
    result_.reset();
    if (watch_) watch_->watch(0);
    dropped_.push_back({std::move(connection_), std::move(watch_)});
    state_ = State::none;
    advance_.start(milliseconds{0});
}

void LoopSession::finish(const PGresult* result, const PgError* error) {
    const Done done = std::exchange(done_, nullptr);
    values_.clear();
    done(result, error);
}

}  // namespace gpsync::relay
