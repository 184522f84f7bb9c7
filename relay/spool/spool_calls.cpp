#include "relay/spool/spool_calls.hpp"

#include <utility>

#include "core/backoff.hpp"
#include "relay/base/lsn.hpp"
#include "relay/observe/log.hpp"
#include "relay/postgres/pg_binary.hpp"
#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

constexpr core::Backoff kRetry{milliseconds{250}, milliseconds{30000}};
// Packs of one call together; one that is larger goes alone.
constexpr size_t kWriteBytes = size_t{4} << 20;
// The longest wait to fill a pack.
constexpr milliseconds kLinger{50};
constexpr const char* kReadBytes = "1048576";
constexpr milliseconds kTrimAgain{1000};

}  // namespace

SpoolWriter::SpoolWriter(EventLoop& loop, CallQueue& queue, const std::string& stream, int64_t segment_bytes,
                         Feeds& feeds, const RelationTable& relations, SpoolChanged changed)
    : queue_(queue),
      stream_(stream),
      segment_bytes_(std::to_string(segment_bytes)),
      feeds_(feeds),
      relations_(relations),
      changed_(std::move(changed)),
      linger_(loop, [this] { kick(true); }),
      retry_(loop, [this] { queue_.run_next(); }) {}

bool SpoolWriter::has_events() const {
    return feeds_.anyone_spools() && feeds_.ledger().has_behind(feeds_.spool_end());
}

void SpoolWriter::kick(bool at_once) {
    if (!has_events()) return linger_.stop();
    if (at_once) {
        due_ = true;
        queue_.run_next();
    } else if (!linger_.active()) {
        linger_.start(kLinger);
    }
}

bool SpoolWriter::has_call() {
    return due_ && !retry_.active() && has_events() && feeds_.limit_reached().empty();
}

int SpoolWriter::send(PGconn* connection) {
    due_ = false;
    packer_ = {};
    feeds_.ledger().for_each_behind(feeds_.spool_end(), [&](const Event& event, const Audience&, bool) {
        if (packer_.bytes() >= kWriteBytes) {
            due_ = true;
            return;
        }
        packer_.add(event);
    });
    BinaryArray contents(kBytea);
    for (const Pack& pack : packer_.packs()) contents.add_text(pack.lines);
    const std::string heads = heads_json(packer_.packs(), relations_), bytes = contents.bytes();
    const char* values[] = {stream_.c_str(), heads.c_str(), bytes.c_str(), segment_bytes_.c_str()};
    const int lengths[] = {0, 0, static_cast<int>(bytes.size()), 0}, formats[] = {0, 0, 1, 0};
    return PQsendQueryParams(connection,
                             "SELECT gpsync_internal.relay_spool_write($1, $2::pg_catalog.jsonb, "
                             "$3::pg_catalog.bytea[], $4::bigint)",
                             4, nullptr, values, lengths, formats, 0);
}

void SpoolWriter::succeeded(const PGresult*) {
    failures_ = 0;
    if (!packer_.packs().empty())
        feeds_.note_spooled(packer_.packs().back().last, static_cast<int64_t>(packer_.bytes()));
    packer_ = {};
    changed_();
}

void SpoolWriter::failed(const PgError& error) {
    log_failed_call("spooling failed, will be tried again", error);
    due_ = true;
    retry_.start(kRetry.wait(++failures_));
}

void SpoolWriter::stop() {
    linger_.stop();
    retry_.stop();
}

SpoolReader::SpoolReader(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds,
                         SpoolChanged changed)
    : stream_(stream),
      feeds_(feeds),
      changed_(std::move(changed)),
      retry_(loop, [&queue] { queue.run_next(); }) {}

bool SpoolReader::has_call() {
    reader_ = retry_.active() ? nullptr : feeds_.next_reader();
    return reader_ != nullptr;
}

int SpoolReader::send(PGconn* connection) {
    after_ = reader_->read_end();
    end_ = feeds_.spool_end();
    const std::string lsn = format_lsn(after_.commit_lsn), ordinal = std::to_string(after_.ordinal);
    return send_call(connection,
                     "SELECT last_lsn, last_ordinal, bytes, refused, content "
                     "FROM gpsync_internal.relay_spool_read($1, $2, $3, $4)",
                     {stream_.c_str(), lsn.c_str(), ordinal.c_str(), kReadBytes}, 1);
}

void SpoolReader::succeeded(const PGresult* result) {
    failures_ = 0;
    EndpointFeed& reader = *reader_;
    // It fell behind anew meanwhile, from another place.
    if (reader.state() != EndpointFeed::State::behind || reader.read_end() != after_) return;
    for (int row = 0; row < PQntuples(result); ++row) {
        const auto number = [&](int column) { return read_binary(value_view(result, row, column)); };
        feeds_.take_in(reader, value_view(result, row, 4), value_view(result, row, 3));
        reader.note_read({static_cast<uint64_t>(number(0)), static_cast<uint32_t>(number(1))}, number(2));
    }
    // What is not there any more has been passed by everyone.
    if (PQntuples(result) == 0) reader.note_read(end_, 0);
    reader.endpoint().pump(true);
    changed_();
}

void SpoolReader::failed(const PgError& error) {
    log_failed_call("reading the spool failed, will be tried again", error);
    retry_.start(kRetry.wait(++failures_));
}

SpoolTrimmer::SpoolTrimmer(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds)
    : stream_(stream), feeds_(feeds), retry_(loop, [&queue] { queue.run_next(); }) {}

int SpoolTrimmer::send(PGconn* connection) {
    due_ = false;
    return send_call(connection, "SELECT gpsync_internal.relay_spool_trim($1)", {stream_.c_str()});
}

// What is left has not been passed by everyone, or somebody reads it. While an endpoint is behind, its
// progress asks again.
void SpoolTrimmer::succeeded(const PGresult* result) {
    failures_ = 0;
    if (number_in(result, 0) == 0 || feeds_.anyone_behind()) return;
    feeds_.request_trim();
    retry_.start(kTrimAgain);
}

void SpoolTrimmer::failed(const PgError& error) {
    log_failed_call("emptying the spool failed, will be tried again", error);
    feeds_.request_trim();
    retry_.start(kRetry.wait(++failures_));
}

}  // namespace gpsync::relay
