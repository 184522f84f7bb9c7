// Chip card data in strings: BER-TLV in hexadecimal digits or base64. What is PII or verification data goes,
// the rest (counters, results, amounts) stays, as TLV again.
#include <algorithm>

#include "core/hex.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/detect/emv_tlv.hpp"
#include "core/pii/document/scrub_level.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestTlv = 12;  // digits: two elements of a byte each
// A message has at most 255 bytes of it (ISO 8583, element 55); what is longer is other hex.
constexpr size_t kLongestTlv = 510;

// Digests and trace ids are lower-case and many, and of such a length: of them two elements are there by
// chance.
bool may_be_digest(std::string_view run) {
    return run.size() % 8 == 0 &&
           std::any_of(run.begin(), run.end(), [](char c) { return (class_of(c) & kLower) != 0; });
}

// A word of its own, or one behind "0x".
bool begins_word(std::string_view text, size_t begin) {
    if (begin >= 2 && to_lower(text[begin - 1]) == 'x' && text[begin - 2] == '0') begin -= 2;
    return begin == 0 || !is_word(text[begin - 1]);
}

bool is_byte_at(std::string_view text, size_t at) {
    return hex::byte_at(text, at) >= 0 && (at + 2 == text.size() || !is_word(text[at + 2]));
}

bool parts_bytes(char c) {
    return c == ' ' || c == ':' || c == '-';
}

// The end of the bytes from begin on that the same separator parts: "5A 08 41 …", "9f:26:08:…".
size_t end_of_parted_bytes(std::string_view text, size_t begin, char separator) {
    size_t end = begin + 2;
    while (end < text.size() && text[end] == separator && is_byte_at(text, end + 1)) end += 3;
    return end;
}

}  // namespace

// There is no room in hex for a mask or an envelope: whatever is not passed goes.
std::string Scrubber::scrub_tlv(EmvTlv& tlv, bool& changed) {
    return tlv.without([&](const TlvElement& element) {
        if (element.detector == Detector::kNone || decide(element.detector).action == Action::kPass)
            return false;
        changed |= note(element.detector, {Action::kRemove, nullptr});
        return true;
    });
}

void Scrubber::collect_tlv(const View& view, size_t begin, size_t end, EmvTlv& tlv,
                           std::vector<Edit>& edits) {
    const uint32_t from = view.position(static_cast<uint32_t>(begin)),
                   to = view.position(static_cast<uint32_t>(end));
    level().decided.emplace_back(from, to);
    touched_ = true;
    bool changed = false;
    std::string left = scrub_tlv(tlv, changed);
    if (changed)
        edits.push_back({from, to, Action::kRemove, left.empty() ? std::string(kRemovedMark) : left});
}

// Every run of hex digits in the text that is TLV by its own form. True: it is the whole text.
bool Scrubber::collect_emv(const View& view, std::vector<Edit>& edits) {
    const std::string_view text = view.text;
    for (size_t at = 0; at + kShortestTlv <= text.size();) {
        // No run of that length is in front of the first byte that cannot be its last.
        const size_t last = at + kShortestTlv - 1;
        if (!hex::is_digit(text[last])) {
            at = last + 1;
            continue;
        }
        size_t begin = last, end = last + 1;
        while (begin > at && hex::is_digit(text[begin - 1])) --begin;
        while (end < text.size() && hex::is_digit(text[end])) ++end;
        at = end;
        const bool whole_word = begins_word(text, begin) && (end == text.size() || !is_word(text[end]));
        const std::string_view run = text.substr(begin, end - begin);
        if (!whole_word || run.size() < kShortestTlv || run.size() > kLongestTlv || run.size() % 2 != 0)
            continue;
        if (begins_with_emv_tag(run) == nullptr) continue;
        EmvTlv tlv;
        constexpr size_t kFewest = 2, kFewestOfDigest = 5;
        if (!tlv.parse(run) ||
            !tlv.looks_like_emv(may_be_digest(run) && !tlv.has_card() ? kFewestOfDigest : kFewest))
            continue;
        collect_tlv(view, begin, end, tlv, edits);
        if (run.size() == text.size()) return true;
    }
    collect_parted_emv(view, edits);
    return false;
}

// The same of bytes that are parted by blanks, colons or dashes.
void Scrubber::collect_parted_emv(const View& view, std::vector<Edit>& edits) {
    constexpr size_t kByte = 3, kFewestBytes = kShortestTlv / 2, kStride = 2 * kByte;
    const std::string_view text = view.text;
    size_t read = 0;  // what is in front of it is not read again
    // So many bytes have a separator at one of three positions in a row, wherever these are among them, and
    // the first of those has the next one behind it.
    for (size_t at = 2; at + kByte < text.size(); at += kStride) {
        size_t separator = at;
        while (separator < at + kByte && !parts_bytes(text[separator])) ++separator;
        if (separator == at + kByte || separator + kByte >= text.size() ||
            text[separator + kByte] != text[separator] || !is_byte_at(text, separator - 2) ||
            !is_byte_at(text, separator + 1))
            continue;
        size_t begin = separator - 2;
        while (begin >= read + kByte && text[begin - 1] == text[separator] && is_byte_at(text, begin - kByte))
            begin -= kByte;
        const size_t end = end_of_parted_bytes(text, begin, text[separator]);
        read = end;
        at = std::max(at, end);
        if (end - begin < kFewestBytes * kByte - 1 || end - begin > kLongestTlv / 2 * kByte) continue;
        EmvTlv tlv;
        if (begins_word(text, begin) && tlv.parse(text.substr(begin, end - begin)) && tlv.looks_like_emv(2))
            collect_tlv(view, begin, end, tlv, edits);
    }
}

// A text whose name says that it is chip data: any TLV, also in base64 or with blanks between the bytes.
// If the name is not sure, TLV that is EMV's by its form.
bool Scrubber::collect_named_emv(const View& view, bool sure, std::vector<Edit>& edits) {
    constexpr size_t kFewest = 2;
    std::string_view text = view.text;
    size_t begin = 0;
    while (begin < text.size() && is_space(text[begin])) ++begin;
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    if (begin >= text.size()) return false;
    const std::string_view run = text.substr(begin);
    EmvTlv tlv;
    if (tlv.parse(run) && (sure || tlv.looks_like_emv(kFewest))) {
        collect_tlv(view, begin, text.size(), tlv, edits);
        return true;
    }
    const auto bytes = base64_decode(run);
    if (!bytes || !tlv.parse_bytes(*bytes) || !(sure || tlv.looks_like_emv(kFewest))) return false;
    bool changed = false;
    const std::string left = scrub_tlv(tlv, changed);
    touched_ = true;
    if (!changed) return true;
    const auto alphabet =
        run.find_first_of("-_") != std::string_view::npos ? Base64Alphabet::kUrl : Base64Alphabet::kStandard;
    edits.push_back(
        {view.position(static_cast<uint32_t>(begin)), view.position(static_cast<uint32_t>(text.size())),
         Action::kRemove,
         left.empty() ? std::string(kRemovedMark) : base64_encode(left, alphabet, run.back() == '=')});
    return true;
}

}  // namespace gpsync::core::pii
