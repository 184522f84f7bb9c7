#include "relay/books/call_queue.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "relay/base/clock.hpp"
#include "relay/base/text.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

CallQueue::CallQueue(EventLoop& loop, PgConnection connection, Listener& listener)
    : connection_(std::move(connection)),
      listener_(listener),
      socket_(loop, PQsocket(connection_.get()), [this](int events) { ready(events); }) {
    socket_.watch(UV_READABLE);
}

void CallQueue::add_before(Client& other, Client& client) {
    clients_.insert(std::ranges::find(clients_, &other), &client);
}

void CallQueue::run_next() {
    if (closed_ || busy()) return;
    const auto next = std::ranges::find_if(clients_, [](Client* client) { return client->has_call(); });
    if (next == clients_.end()) return;
    running_ = *next;
    sent_ = boot_time();
    if (running_->send(connection_.get()) == 0) return lose(error_of(nullptr, connection_.get()));
    ready(UV_WRITABLE);
}

void CallQueue::ready(int events) {
    if (closed_) return;
    if (events & UV_WRITABLE) {
        int unsent = PQflush(connection_.get());
        if (unsent < 0) return lose(error_of(nullptr, connection_.get()));
        socket_.watch(UV_READABLE | (unsent > 0 ? UV_WRITABLE : 0));
    }
    if (!(events & UV_READABLE) && events != 0) return;
    if (PQconsumeInput(connection_.get()) == 0) return lose(error_of(nullptr, connection_.get()));
    while (busy() && PQisBusy(connection_.get()) == 0) {
        PgResult result(PQgetResult(connection_.get()));
        if (!result) return finish();
        result_ = std::move(result);
    }
    if (!busy() && PQstatus(connection_.get()) == CONNECTION_BAD) lose(error_of(nullptr, connection_.get()));
}

void CallQueue::finish() {
    Client* const client = std::exchange(running_, nullptr);
    const PgResult result = std::move(result_);
    if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) {
        heard_ = sent_;
        client->succeeded(result.get());
    } else {
        const PgError error = error_of(result.get(), connection_.get());
        if (PQstatus(connection_.get()) == CONNECTION_BAD || error.in_class("57P")) return lose(error);
        client->failed(error);
        listener_.on_call_failed(error);
    }
    run_next();
}

bool CallQueue::heard_within(std::chrono::nanoseconds time) const {
    return heard_ && boot_time() - *heard_ < time;
}

void CallQueue::lose(const PgError& error) {
    if (closed_) return;
    close();
    listener_.on_connection_lost(error);
}

void CallQueue::close() {
    closed_ = true;
    running_ = nullptr;
    socket_.watch(0);
    for (Client* client : clients_) client->stop();
}

int send_call(PGconn* connection, const char* statement, std::initializer_list<const char*> values,
              int result_format) {
    return PQsendQueryParams(connection, statement, static_cast<int>(values.size()), nullptr, values.begin(),
                             nullptr, nullptr, result_format);
}

int64_t number_in(const PGresult* result, int column) {
    const auto number = parse_number(value(result, 0, column));
    if (!number) throw std::runtime_error("a function of the extension answered no number");
    return *number;
}

void log_failed_call(const char* message, const PgError& error) {
    log::warning(message, {{"error", error.what()}, {"sqlstate", error.sqlstate}, {"detail", error.detail}});
}

}  // namespace gpsync::relay
