#include "relay/source/replication_stream.hpp"

#include <endian.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <cstring>

#include "relay/base/clock.hpp"
#include "relay/base/text.hpp"
#include "relay/base/version.hpp"
#include "relay/source/replication_message.hpp"

namespace gpsync::relay {

namespace {

// What one message may hold. Larger ones cost fewer calls, smaller ones give memory back sooner.
constexpr const char* kPackBytes = "65536";
// Bytes handed over before the loop's other sockets get their turn.
constexpr size_t kRoundBytes = size_t{512} << 10;
constexpr int64_t kPostgresEpochUs = 946684800000000;  // 2000-01-01 in µs since 1970

void append_u64(std::string& out, uint64_t value) {
    value = htobe64(value);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// The socket, or the TLS layer above it, has bytes that libpq has not read yet.
bool has_more(PGconn* connection) {
    if (auto* tls = static_cast<SSL*>(PQsslStruct(connection, "OpenSSL")); tls && SSL_pending(tls) > 0)
        return true;
    pollfd watched{PQsocket(connection), POLLIN, 0};
    return poll(&watched, 1, 0) > 0;
}

// An error of the decoder says, in its detail or its context, which change it is of and how to skip it.
PgError with_change(const PGresult* result, const PgError& error) {
    constexpr std::string_view kSkipCall = "gpsync.skip_change(";
    const char* lines = PQresultErrorField(result, PG_DIAG_CONTEXT);
    std::string change = error.detail;
    if (change.find(kSkipCall) == std::string::npos && lines != nullptr)
        change = std::string(lines, std::min(std::strlen(lines), std::strcspn(lines, "\n")));
    if (change.find(kSkipCall) == std::string::npos) return error;
    PgError full(std::string(error.what()) + " (" + change + ")", error.sqlstate);
    full.detail = error.detail;
    full.hint = error.hint;
    return full;
}

}  // namespace

PgConnection ReplicationStream::start(const std::string& conninfo, const ServerAddress& at,
                                      const ReplicationConfig& config, StopSignal& stop) {
    PgConnection connection(conninfo, PgConnection::Kind::replication, stop, at);
    std::string options;
    // The publication's name is one element of a list of identifiers, inside a literal.
    if (!config.publication.empty())
        options += ", publication_names " +
                   connection.quote_literal(connection.quote_identifier(config.publication));
    if (!config.partition.empty()) options += ", partition " + connection.quote_literal(config.partition);
    if (!config.topics.empty()) options += ", topics " + connection.quote_literal(config.topics);
    if (!config.skip_changes.empty())
        options += ", skip_changes " + connection.quote_literal(config.skip_changes);
    connection.command("START_REPLICATION SLOT " + connection.quote_identifier(config.slot) +
                       " LOGICAL 0/0 (pack_bytes '" + kPackBytes + "', book_lines 'on', relay_version " +
                       connection.quote_literal(kVersion) + options + ")");
    return connection;
}

std::chrono::milliseconds ReplicationStream::status_interval(PgConnection& connection) {
    using std::chrono::milliseconds;
    PgResult result = connection.query(
        "SELECT setting FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) "
        "'wal_sender_timeout'::pg_catalog.text");
    bool known = PQntuples(result.get()) == 1;
    milliseconds timeout{known ? parse_number(value(result.get(), 0, 0)).value_or(0) : 0};
    if (timeout.count() == 0) timeout = milliseconds{60000};
    return std::clamp(timeout / 4, milliseconds{100}, milliseconds{10000});
}

ReplicationStream::ReplicationStream(EventLoop& loop, PgConnection connection, Handler& handler)
    : connection_(std::move(connection)),
      handler_(handler),
      socket_(loop, PQsocket(connection_.get()), [this](int events) { ready(events); }),
      again_(loop, [this] { ready(UV_READABLE); }) {
    // What came together with the answer to START_REPLICATION is in libpq's buffer, not in the socket.
    again_.start(std::chrono::milliseconds{0});
    watch();
}

void ReplicationStream::watch() {
    if (ended_) return;
    socket_.watch((reading_ ? UV_READABLE : 0) | (unsent_ ? UV_WRITABLE : 0));
}

void ReplicationStream::ready(int events) {
    if (ended_) return;
    if (events & UV_WRITABLE) flush();
    if (ended_ || !reading_ || !(events & UV_READABLE || events == 0)) return;
    if (!read_round()) return;
    bool more = reading_ && has_more(connection_.get());
    handler_.on_round_end(more);
    // Bytes inside the TLS layer do not make the socket readable.
    if (more && !ended_) again_.start(std::chrono::milliseconds{0});
}

// Hands over what has arrived, up to a bound. False when the stream has ended.
bool ReplicationStream::read_round() {
    size_t handed_over = 0;
    while (handed_over < kRoundBytes) {
        if (PQconsumeInput(connection_.get()) == 0) return fail(), false;
        size_t before = handed_over;
        for (;;) {
            if (!handler_.wants_more()) {
                stop_reading();
                return true;
            }
            char* data = nullptr;
            int length = PQgetCopyData(connection_.get(), &data, 1);
            if (length == 0) break;
            if (length < 0) return fail(), false;
            handed_over += static_cast<size_t>(length);
            if (!dispatch(PgBuffer(data, static_cast<size_t>(length)))) return false;
        }
        if (handed_over == before || !has_more(connection_.get())) break;
    }
    return true;
}

bool ReplicationStream::dispatch(PgBuffer buffer) {
    std::variant<StreamData, Keepalive> message;
    try {
        message = read_replication_message(buffer.view());
    } catch (const PgError& error) {
        end(error);
        return false;
    }
    if (const auto* data = std::get_if<StreamData>(&message)) {
        received_lsn_ = std::max({received_lsn_, data->data_start, data->wal_end});
        handler_.on_message(std::move(buffer), data->text, data->data_start);
    } else {
        const auto& keepalive = std::get<Keepalive>(message);
        received_lsn_ = std::max(received_lsn_, keepalive.wal_end);
        handler_.on_keepalive(keepalive.wal_end, keepalive.reply_requested);
    }
    return !ended_;
}

void ReplicationStream::resume() {
    if (ended_ || reading_) return;
    reading_ = true;
    watch();
    again_.start(std::chrono::milliseconds{0});
}

void ReplicationStream::stop_reading() {
    reading_ = false;
    again_.stop();
    watch();
}

void ReplicationStream::send_status(uint64_t confirmed, bool request_reply) {
    if (ended_) return;
    std::string message(1, 'r');
    append_u64(message, std::max(received_lsn_, confirmed));  // written
    append_u64(message, confirmed);                           // flushed: the slot moves up to here
    append_u64(message, confirmed);                           // applied
    append_u64(message, static_cast<uint64_t>(now_us() - kPostgresEpochUs));
    message += request_reply ? '\1' : '\0';
    int result = PQputCopyData(connection_.get(), message.data(), static_cast<int>(message.size()));
    if (result < 0) return fail();
    if (result > 0) flush();  // 0: the send buffer is full; the next update says the same
}

void ReplicationStream::flush() {
    int unsent = PQflush(connection_.get());
    if (unsent < 0) return fail();
    unsent_ = unsent > 0;
    watch();
}

void ReplicationStream::fail() {
    if (ended_) return;
    PgResult result(PQgetResult(connection_.get()));
    PgError error = with_change(result.get(), error_of(result.get(), connection_.get()));
    if (std::string_view(error.what()).empty())
        error = PgError("the server ended the replication stream", {});
    end(error);
}

void ReplicationStream::end(const PgError& error) {
    if (ended_) return;
    ended_ = true;
    reading_ = false;
    again_.stop();
    socket_.watch(0);
    handler_.on_end(error);
}

}  // namespace gpsync::relay
