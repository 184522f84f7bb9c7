// What both versions of the format share: the state of a session, and of the transaction that is being
// written.
#pragma once

#include "pg/prelude.h"

#include "decoder/decoder.h"

namespace gpsync::decoder::wal2json {

constexpr size_t kMostTimestampBytes = 129;  // the server's MAXDATELEN and a zero byte

// Objects of a syscache by their hashes. One that was not added may be found: then its hash is like that of
// another one.
class HashSet {
  public:
    void add(uint32 hash) { words_[word_of(hash)] |= bit_of(hash); }
    bool may_have(uint32 hash) const { return (words_[word_of(hash)] & bit_of(hash)) != 0; }

  private:
    static constexpr size_t kWords = 64;
    static size_t word_of(uint32 hash) { return hash / 64 % kWords; }
    static uint64_t bit_of(uint32 hash) { return uint64_t{1} << (hash % 64); }
    uint64_t words_[kWords];
};

struct State {
    const Options* options;
    bool every_transaction;  // also those without a change that is shown
    pg::ScrubMember text;    // of a text that is no column: a message, a default
    HashSet types;           // whose names are kept with some relation
    // The transaction being written.
    bool begun;       // its first line or bracket is out
    int64_t changes;  // version 1: how many are in its list
    size_t piece;     // version 1: where in output.pending the change being written begins
    char timestamp[kMostTimestampBytes];
};

inline State& state_of(const Decoder& decoder) {
    return *static_cast<State*>(decoder.format_state);
}
inline const Options& options_of(const Decoder& decoder) {
    return decoder.options.wal2json;
}

// How a version is written.
struct Version {
    void (*begin)(Decoder& decoder);
    void (*change)(Decoder& decoder, RelationEntry& entry, const RowChange& change);
    void (*truncate)(Decoder& decoder, RelationEntry& entry);
    void (*message)(Decoder& decoder, const LogicalMessage& message);
    void (*commit)(Decoder& decoder);
};
extern const Version kVersion1;
extern const Version kVersion2;

// Ends what output.begin_event() began, and sends it under its own LSN unless messages are packed.
void end_line(Decoder& decoder);

void append_lsn(core::ByteBuffer& out, XLogRecPtr lsn);

// A text as a JSON string without PII; null if nothing of it is left, if it is no text in the encoding of the
// database, or if it has no form in UTF-8 where the stream is UTF-8. REQUIRES: a transaction, unless the
// database is in UTF-8.
void append_scrubbed_text(Decoder& decoder, core::ByteBuffer& out, std::string_view text);
// The content of a message. gpsync's own event is shown as a JSON document, for its bytes are no text.
void append_message_content(Decoder& decoder, core::ByteBuffer& out, const LogicalMessage& message);

}  // namespace gpsync::decoder::wal2json
