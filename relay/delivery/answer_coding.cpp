#include "relay/delivery/answer_coding.hpp"

#define ZLIB_CONST  // its input is const

#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace gpsync::relay {

namespace {

enum class Step : uint8_t { more, end, broken };

constexpr size_t kPiece = 16384;  // bytes of text that a step may give
// Nobody applies more than two; each costs a pass over the body.
constexpr int kMostCodings = 4;

// zlib's window_bits choose the format: 15 zlib, 15 + 16 gzip, -15 deflate without a header.
constexpr int kZlib = MAX_WBITS, kGzip = MAX_WBITS + 16, kRawDeflate = -MAX_WBITS;

class Inflater {
  public:
    Inflater(std::string_view body, int window_bits) {
        good_ = inflateInit2(&stream_, window_bits) == Z_OK;
        stream_.next_in = reinterpret_cast<const Bytef*>(body.data());
        stream_.avail_in = static_cast<uInt>(body.size());
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Step next(char* to, size_t& length) {
        if (!good_) return Step::broken;
        stream_.next_out = reinterpret_cast<Bytef*>(to);
        stream_.avail_out = static_cast<uInt>(length);
        int result = inflate(&stream_, Z_NO_FLUSH);
        while (result == Z_STREAM_END && next_member()) result = inflate(&stream_, Z_NO_FLUSH);
        length -= stream_.avail_out;
        if (result == Z_STREAM_END) return Step::end;
        // Z_BUF_ERROR: there is nothing more to read.
        return result == Z_OK || result == Z_BUF_ERROR ? Step::more : Step::broken;
    }

  private:
    // A gzip file may have several (RFC 1952, 2.2). What else follows is no part of it.
    bool next_member() {
        const bool more = stream_.avail_in > 2 && stream_.next_in[0] == 0x1F && stream_.next_in[1] == 0x8B;
        return more && inflateReset(&stream_) == Z_OK;
    }

    z_stream stream_{};
    bool good_ = false;
};

class BrotliReader {
  public:
    explicit BrotliReader(std::string_view body)
        : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)),
          at_(reinterpret_cast<const uint8_t*>(body.data())),
          left_(body.size()) {}

    Step next(char* to, size_t& length) {
        if (!state_) return Step::broken;
        auto* out = reinterpret_cast<uint8_t*>(to);
        size_t room = length;
        const auto result = BrotliDecoderDecompressStream(state_.get(), &left_, &at_, &room, &out, nullptr);
        length -= room;
        if (result == BROTLI_DECODER_RESULT_SUCCESS) return Step::end;
        return result == BROTLI_DECODER_RESULT_ERROR ? Step::broken : Step::more;
    }

  private:
    struct Free {
        void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
    };
    std::unique_ptr<BrotliDecoderState, Free> state_;
    const uint8_t* at_;
    size_t left_;
};

// The text, as far as it is kept. Nothing: the body is not in this coding, or breaks off.
template <typename Reader>
std::optional<CodedBody> read_all(Reader&& reader, bool body_is_cut, size_t max_text) {
    CodedBody result;
    std::array<char, kPiece> piece;
    for (;;) {
        size_t length = piece.size();
        const Step step = reader.next(piece.data(), length);
        const size_t kept = std::min(length, max_text - result.text.size());
        result.text.append(piece.data(), kept);
        result.cut = kept < length;
        if (step == Step::end || result.cut) return result;
        if (step == Step::broken) return std::nullopt;
        if (length > 0) continue;
        // Nothing came of all there is.
        if (!body_is_cut) return std::nullopt;
        result.cut = true;
        return result;
    }
}

std::optional<CodedBody> decode_one(const CodedBody& body, std::string_view coding, size_t max_text) {
    if (coding == "gzip" || coding == "x-gzip")
        return read_all(Inflater(body.text, kGzip), body.cut, max_text);
    if (coding == "br") return read_all(BrotliReader(body.text), body.cut, max_text);
    if (coding != "deflate") return std::nullopt;
    // With zlib's header, as it should be, or without, as some send it.
    auto result = read_all(Inflater(body.text, kZlib), body.cut, max_text);
    return result ? result : read_all(Inflater(body.text, kRawDeflate), body.cut, max_text);
}

// Takes the last name off the list, in lower case.
std::string take_last(std::string_view& list) {
    const size_t comma = list.rfind(',');
    std::string name;
    for (char c : comma == list.npos ? list : list.substr(comma + 1))
        if (c != ' ' && c != '\t') name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    list = comma == list.npos ? std::string_view() : list.substr(0, comma);
    return name;
}

}  // namespace

bool decode(CodedBody& body, std::string_view codings, size_t max_text) {
    // An answer without a body is in no coding. What a coding has made empty is still to be in the next one.
    if (body.text.empty()) return true;
    for (int passes = 0; !codings.empty();) {
        const std::string coding = take_last(codings);
        if (coding.empty() || coding == "identity" || coding == "none") continue;
        auto decoded = ++passes <= kMostCodings ? decode_one(body, coding, max_text) : std::nullopt;
        if (!decoded) return false;
        body = std::move(*decoded);
    }
    return true;
}

}  // namespace gpsync::relay
