// BER-TLV (ISO/IEC 8825-1, EMV 4.3 Book 3, Annex B) as chip cards write their data, in hexadecimal digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

// An element, in positions of its bytes.
struct TlvElement {
    uint32_t tag = 0;
    uint32_t begin = 0, length_begin = 0, value_begin = 0, end = 0;
    int32_t parent = -1;  // among the elements
    bool constructed = false;
    Detector detector = Detector::kNone;  // what goes because of its tag or its value
};

class EmvTlv {
  public:
    // Reads hex digits, with blanks, colons or dashes between bytes, as elements one after the other, from
    // end to end; nothing but 00 and FF bytes between them, and a status word (9000) behind. False: it is not
    // that.
    bool parse(std::string_view hex);
    // The same of bytes.
    bool parse_bytes(std::string bytes);

    // Whether text that no name says to be EMV data is: so many elements or more whose tags and lengths the
    // table knows, and none of a length that its table denies. Beside a card's number also with elements of
    // an issuer's own, and the number or a track alone.
    bool looks_like_emv(size_t least) const;

    // Whether an element holds a card's number by its check digit.
    bool has_card() const;

    std::vector<TlvElement>& elements() { return elements_; }
    std::string_view value(const TlvElement& element) const {
        return std::string_view(bytes_).substr(element.value_begin, element.end - element.value_begin);
    }
    // What is left without the elements that go(element): lengths are corrected, an element in which nothing
    // is left goes too. Hex as it was written. Empty when nothing is left.
    template <class Goes>
    std::string without(Goes&& goes) {
        std::vector<bool> gone(elements_.size());
        for (size_t i = 0; i < elements_.size(); ++i) {
            const int32_t parent = elements_[i].parent;
            gone[i] = (parent >= 0 && gone[static_cast<size_t>(parent)]) || goes(elements_[i]);
        }
        return write(std::move(gone));
    }

  private:
    bool read_elements();
    bool read_header(uint32_t& at, TlvElement& element) const;
    bool judge();
    std::string write(std::vector<bool> gone) const;
    void append_length(std::string& out, std::string_view length, uint32_t end) const;
    void append(std::string& out, uint32_t begin, uint32_t end) const;

    std::string bytes_;
    std::string_view hex_;           // empty: bytes are what was given
    std::vector<uint32_t> written_;  // where each byte begins in hex_; one more for its end
    bool lower_ = false;
    std::vector<TlvElement> elements_;
};

}  // namespace gpsync::core::pii
