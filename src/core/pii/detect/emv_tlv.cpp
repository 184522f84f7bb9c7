#include "core/pii/detect/emv_tlv.hpp"

#include <algorithm>

#include "core/hex.hpp"
#include "core/pii/checksums.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kMostBytes = 1 << 16;  // of a chip's data; more is none

uint8_t byte(std::string_view bytes, size_t at) {
    return static_cast<uint8_t>(bytes[at]);
}

// Packed decimal, padded with F: the digits, or nothing.
std::string packed_digits(std::string_view value) {
    std::string digits;
    bool padding = false;
    for (char c : value)
        for (const int nibble : {static_cast<uint8_t>(c) >> 4, c & 0xF}) {
            if (nibble > 9 ? nibble != 0xF : padding) return {};
            padding |= nibble == 0xF;
            if (!padding) digits.push_back(static_cast<char>('0' + nibble));
        }
    return digits;
}

bool has_card_number(std::string_view value) {
    std::string digits = packed_digits(value);
    if (digits.empty() && std::all_of(value.begin(), value.end(), is_digit)) digits = value;
    return digits.size() >= 12 && digits.size() <= 19 && luhn_valid(digits);
}

// Packed decimal, with a D behind a card's number.
bool is_track2(std::string_view value) {
    constexpr size_t kLongestPan = 19;
    constexpr int kSeparator = 0xD;
    std::string digits;
    for (const char c : value)
        for (const int nibble : {static_cast<uint8_t>(c) >> 4, c & 0xF}) {
            if (nibble == kSeparator) return digits.size() >= 12 && luhn_valid(digits);
            if (nibble > 9 || digits.size() == kLongestPan) return false;
            digits.push_back(static_cast<char>('0' + nibble));
        }
    return false;
}

}  // namespace

bool EmvTlv::parse(std::string_view text) {
    hex_ = text;
    bytes_.clear();
    written_.clear();
    lower_ = false;
    if (text.size() > 3 * kMostBytes) return false;
    if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
    const auto start = static_cast<size_t>(text.data() - hex_.data());
    for (size_t i = 0; i < text.size();) {
        if (!bytes_.empty() && (is_space(text[i]) || text[i] == ':' || text[i] == '-')) {
            ++i;
            continue;
        }
        const int value = hex::byte_at(text, i);
        if (value < 0) return false;
        lower_ |= (class_of(text[i]) & kLower) != 0 || (class_of(text[i + 1]) & kLower) != 0;
        written_.push_back(static_cast<uint32_t>(start + i));
        bytes_.push_back(static_cast<char>(value));
        i += 2;
    }
    written_.push_back(static_cast<uint32_t>(hex_.size()));
    return read_elements();
}

bool EmvTlv::parse_bytes(std::string bytes) {
    hex_ = {};
    written_.clear();
    bytes_ = std::move(bytes);
    return bytes_.size() <= kMostBytes && read_elements();
}

// Tag and length; at is behind them then.
bool EmvTlv::read_header(uint32_t& at, TlvElement& element) const {
    const auto size = static_cast<uint32_t>(bytes_.size());
    element.begin = at;
    const uint8_t first = byte(bytes_, at++);
    element.constructed = (first & 0x20) != 0;
    element.tag = first;
    if ((first & 0x1F) == 0x1F) {
        constexpr int kMostTagBytes = 3;
        int more = 1;
        do {
            if (at == size || more++ > kMostTagBytes) return false;
            element.tag = element.tag << 8 | byte(bytes_, at);
        } while ((byte(bytes_, at++) & 0x80) != 0);
    }
    element.length_begin = at;
    if (at == size) return false;
    uint32_t length = byte(bytes_, at++);
    if (length > 0x82 || length == 0x80) return false;
    if (length > 0x80) {
        const uint32_t count = length & 0xF;
        if (size - at < count) return false;
        length = 0;
        for (uint32_t i = 0; i < count; ++i) length = length << 8 | byte(bytes_, at++);
    }
    element.value_begin = at;
    if (size - at < length) return false;
    element.end = at + length;
    return true;
}

bool EmvTlv::read_elements() {
    elements_.clear();
    const auto size = static_cast<uint32_t>(bytes_.size());
    int32_t parent = -1;
    for (uint32_t at = 0; at < size;) {
        while (parent >= 0 && at == elements_[static_cast<size_t>(parent)].end)
            parent = elements_[static_cast<size_t>(parent)].parent;
        const uint8_t first = byte(bytes_, at);
        if (first == 0x00 || first == 0xFF) {  // padding
            ++at;
            continue;
        }
        if (parent < 0 && size - at == 2 && first == 0x90 && bytes_[at + 1] == 0 && !elements_.empty()) break;
        TlvElement element;
        element.parent = parent;
        if (!read_header(at, element)) return false;
        if (parent >= 0 && element.end > elements_[static_cast<size_t>(parent)].end) return false;
        elements_.push_back(element);
        if (element.constructed && element.end > at)
            parent = static_cast<int32_t>(elements_.size()) - 1;
        else
            at = element.end;
    }
    return judge() && !elements_.empty();
}

// By the tag; of one that is not known, eight bytes and more may be a cryptogram or a PIN block.
bool EmvTlv::judge() {
    constexpr uint32_t kCryptogramBytes = 8;
    for (TlvElement& element : elements_) {
        if (const EmvTag* known = find_emv_tag(element.tag)) {
            element.detector = element.end > element.value_begin ? known->detector : Detector::kNone;
        } else if (!element.constructed && element.end - element.value_begin >= kCryptogramBytes) {
            element.detector = has_card_number(value(element)) ? Detector::kPan : Detector::kCryptogram;
        } else if (!element.constructed && has_card_number(value(element))) {
            element.detector = Detector::kPan;
        }
    }
    return true;
}

bool EmvTlv::looks_like_emv(size_t least) const {
    constexpr uint32_t kPrivate = 0xC0;
    const bool card = has_card();
    if (card) least = 1;
    size_t known = 0;
    for (const TlvElement& element : elements_) {
        const uint32_t length = element.end - element.value_begin;
        const EmvTag* tag = find_emv_tag(element.tag);
        const bool own = card && element.tag >= kPrivate;
        if (tag == nullptr && element.tag <= 0xFF && !element.constructed && !own) return false;
        if (tag == nullptr) continue;
        if (length < tag->least || (length > tag->most && tag->most < 255)) return false;
        known += !element.constructed;
    }
    return known >= least;
}

bool EmvTlv::has_card() const {
    constexpr uint32_t kPanTag = 0x5A, kTrack2Tag = 0x57;
    return std::any_of(elements_.begin(), elements_.end(), [this](const TlvElement& element) {
        if (element.tag == kTrack2Tag) return is_track2(value(element));
        return element.tag == kPanTag && has_card_number(value(element));
    });
}

void EmvTlv::append(std::string& out, uint32_t begin, uint32_t end) const {
    if (hex_.empty())
        out += std::string_view(bytes_).substr(begin, end - begin);
    else if (begin < end)
        out += hex_.substr(written_[begin], written_[end] - written_[begin]);
}

// As it was written: with what stood behind the old one's last byte.
void EmvTlv::append_length(std::string& out, std::string_view length, uint32_t end) const {
    for (char c : length) {
        hex::append(out, {&c, 1}, lower_ ? hex::kLower : hex::kUpper);
        const uint32_t behind = written_[end - 1] + 2;
        out += hex_.substr(behind, written_[end] - behind);
    }
}

// Elements from the last to the first, so that what is left in one is known when its length is written.
std::string EmvTlv::write(std::vector<bool> gone) const {
    std::vector<uint32_t> left(elements_.size());  // bytes of values
    for (size_t i = elements_.size(); i-- > 0;) {
        const TlvElement& element = elements_[i];
        const bool emptied = element.constructed && element.end > element.value_begin && left[i] == 0;
        if (!element.constructed) left[i] = element.end - element.value_begin;
        gone[i] = gone[i] || emptied;
        if (!gone[i] && element.parent >= 0)
            left[static_cast<size_t>(element.parent)] += element.value_begin - element.begin + left[i];
    }
    std::string out;
    uint32_t at = 0;  // everything in front is written, or goes
    for (size_t i = 0; i < elements_.size(); ++i) {
        const TlvElement& element = elements_[i];
        if (element.begin < at) continue;
        if (gone[i]) {
            at = element.end;
            continue;
        }
        // Padding between elements of an element is not kept: it is not in its length.
        append(out, element.begin, element.length_begin);
        std::string length;
        const uint32_t count = element.value_begin - element.length_begin;
        if (count > 1) length.push_back(static_cast<char>(0x80 | (count - 1)));
        for (uint32_t k = count > 1 ? count - 1 : 1; k-- > 0;)
            length.push_back(static_cast<char>(left[i] >> (8 * k)));
        if (element.end - element.value_begin == left[i])
            append(out, element.length_begin, element.value_begin);
        else if (hex_.empty())
            out += length;
        else
            append_length(out, length, element.value_begin);
        if (!element.constructed) append(out, element.value_begin, element.end);
        at = element.constructed ? element.value_begin : element.end;
    }
    if (out.empty()) return out;
    append(out, elements_.back().end, static_cast<uint32_t>(bytes_.size()));
    while (!hex_.empty() && !hex::is_digit(out.back())) out.pop_back();
    return out;
}

}  // namespace gpsync::core::pii
