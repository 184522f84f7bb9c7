#include "relay/postgres/connecting.hpp"

#include <utility>

namespace gpsync::relay {

namespace {

constexpr std::chrono::milliseconds kConnectTimeout{15000};

}  // namespace

Connecting::Connecting(EventLoop& loop, const std::string& conninfo, const ServerAddress& at,
                       StopSignal& stop, Done done)
    : loop_(loop),
      stop_(stop),
      connection_(start_connecting(conninfo, false, at)),
      next_(loop,
            [this] {
                socket_.reset();
                step(PQconnectPoll(connection_.get()));
            }),
      deadline_(loop, [this] { fail(PgError("timeout while connecting to the server", {})); }),
      done_(std::move(done)) {
    deadline_.start(kConnectTimeout);
    if (PQstatus(connection_.get()) == CONNECTION_BAD)
        next_.start(std::chrono::milliseconds{0});
    else
        watch(UV_WRITABLE);
}

void Connecting::step(PostgresPollingStatusType status) {
    if (PQstatus(connection_.get()) == CONNECTION_BAD || status == PGRES_POLLING_FAILED)
        return fail(connection_error(connection_.get()));
    if (status == PGRES_POLLING_OK) return finish();
    watch(status == PGRES_POLLING_READING ? UV_READABLE : UV_WRITABLE);
}

// The socket may be another one after each step: libpq tries addresses and encryptions one by one. The watch
// must be gone before libpq closes the socket.
void Connecting::watch(int events) {
    socket_ = std::make_unique<SocketWatch>(loop_, PQsocket(connection_.get()), [this](int) {
        socket_->watch(0);
        next_.start(std::chrono::milliseconds{0});
    });
    socket_->watch(events);
}

void Connecting::finish() {
    deadline_.stop();
    socket_.reset();
    PQsetErrorVerbosity(connection_.get(), PQERRORS_DEFAULT);
    if (PQsetnonblocking(connection_.get(), 1) != 0) return fail(connection_error(connection_.get()));
    auto made = std::make_unique<PgConnection>(connection_.release(), stop_);
    std::exchange(done_, nullptr)(std::move(made), nullptr);
}

void Connecting::fail(const PgError& error) {
    deadline_.stop();
    next_.stop();
    socket_.reset();
    std::exchange(done_, nullptr)(nullptr, &error);
}

}  // namespace gpsync::relay
