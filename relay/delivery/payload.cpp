#include "relay/delivery/payload.hpp"

#include <zlib.h>

#include <cstdio>
#include <stdexcept>

namespace gpsync::relay {

namespace {

// FNV-1a over the events' positions: two batches that begin alike get different keys.
uint64_t fingerprint(std::span<Event* const> events) {
    uint64_t hash = 0xCBF29CE484222325ULL;
    auto add = [&](uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8)
            hash = (hash ^ ((value >> shift) & 0xFF)) * 0x100000001B3ULL;
    };
    for (const Event* event : events) {
        add(event->position.commit_lsn);
        add(event->position.ordinal);
        add(static_cast<uint64_t>(event->commit_time_us));
    }
    return hash;
}

}  // namespace

void append_batch(std::span<Event* const> events, std::string& body) {
    char separator = '[';
    for (const Event* event : events) {
        body += separator;
        body += event->json();
        separator = ',';
    }
    body += ']';
}

void compress(std::string& body) {
    z_stream stream{};
    constexpr int kGzip = 16;  // added to the window size: a gzip header and trailer (zlib.h)
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzip, MAX_MEM_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("could not set up gzip");
    std::string out(deflateBound(&stream, body.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(body.data());
    stream.avail_in = static_cast<uInt>(body.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("could not gzip a batch");
    body.swap(out);
}

std::string idempotency_key(std::span<Event* const> events) {
    char tail[64];
    std::snprintf(tail, sizeof tail, "-%zu-%016llx", events.size(),
                  static_cast<unsigned long long>(fingerprint(events)));
    return event_id(*events.front()) + tail;
}

void free_large(std::string& body) {
    constexpr size_t kKept = size_t{1} << 20;
    if (body.capacity() > kKept) body = std::string();
}

}  // namespace gpsync::relay
