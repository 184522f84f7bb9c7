#include "core/position.hpp"

#include "core/hex.hpp"

namespace gpsync::core {

namespace {

char* write_hex(char* out, uint64_t value, int digits) {
    return hex::put_number(out, value, digits, hex::kUpper);
}

// Upper case only, as it is written.
std::optional<uint64_t> parse_hex(std::string_view text) {
    uint64_t value = 0;
    for (char c : text) {
        const int digit = hex::value(c);
        if (digit < 0 || c >= 'a') return std::nullopt;
        value = value << 4 | static_cast<uint64_t>(digit);
    }
    return value;
}

}  // namespace

char* write_sequence(char* out, Position position) {
    out = write_hex(out, position.commit_lsn, 16);
    *out++ = '-';
    return write_hex(out, position.ordinal, 8);
}

char* write_event_id(char* out, Position position, int64_t commit_time_us) {
    out = write_sequence(out, position);
    *out++ = '-';
    return write_hex(out, static_cast<uint64_t>(commit_time_us), 16);
}

std::optional<Position> parse_sequence(std::string_view text) {
    if (text.size() < kSequenceLength || text[16] != '-') return std::nullopt;
    if (text.size() > kSequenceLength && text[kSequenceLength] != '-') return std::nullopt;
    auto lsn = parse_hex(text.substr(0, 16));
    auto ordinal = parse_hex(text.substr(17, 8));
    if (!lsn || !ordinal) return std::nullopt;
    return Position{*lsn, static_cast<uint32_t>(*ordinal)};
}

std::optional<int64_t> parse_commit_time(std::string_view event_id) {
    if (event_id.size() != kEventIdLength || event_id[kSequenceLength] != '-') return std::nullopt;
    auto micros = parse_hex(event_id.substr(kSequenceLength + 1));
    if (!micros) return std::nullopt;
    return static_cast<int64_t>(*micros);
}

}  // namespace gpsync::core
