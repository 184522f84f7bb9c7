#include "relay/books/deferred_marks.hpp"

#include "core/backoff.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr const char* kStatement = "SELECT gpsync_internal.relay_retry_deferred($1::pg_catalog.text)";

// A lock that a committing transaction holds is gone at once, one that somebody waits with may stay for
// hours.
constexpr core::Backoff kRetry{milliseconds{2}, milliseconds{1000}};
constexpr milliseconds kAfterError{30000};
constexpr milliseconds kMayFollow{200};

}  // namespace

DeferredMarks::DeferredMarks(EventLoop& loop, CallQueue& queue, const std::string& stream, Metrics& metrics)
    : stream_(stream), metrics_(metrics), retry_(loop, [this, &queue] {
          due_ = true;
          queue.run_next();
      }) {}

void DeferredMarks::note_deferred(int64_t marks) {
    if (left_ == 0) since_ = std::chrono::steady_clock::now();
    left_ += marks;
    tries_ = 0;
    retry_.start(kRetry.wait(1));
}

bool DeferredMarks::may_follow() const {
    return left_ > 0 && std::chrono::steady_clock::now() - since_ < kMayFollow;
}

int DeferredMarks::send(PGconn* connection) {
    due_ = false;
    return send_call(connection, kStatement, {stream_.c_str()});
}

void DeferredMarks::succeeded(const PGresult* result) {
    const int64_t left = number_in(result, 0);
    tries_ = left < left_ ? 0 : tries_ + 1;
    left_ = left;
    metrics_.deferred_marks_left.Set(static_cast<double>(left));
    if (left > 0) retry_.start(kRetry.wait(tries_ + 1));
}

void DeferredMarks::failed(const PgError& error) {
    log_failed_call("call of the extension failed", error);
    retry_.start(kAfterError);
}

}  // namespace gpsync::relay
