// Blocks in hex whose name is a number of a standard: data element 52 of ISO 8583, the tags of EMV; and named
// blocks that the scanner for one word does not see.
#include <algorithm>

#include "core/hex.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/names/payment_fields.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kPinBlock = 16, kLongPinBlock = 32;  // digits of a PIN block
constexpr unsigned kPinElement = 52;

// What parts a name and its value, and nothing else.
bool is_short_gap(const Scan& scan, size_t token, std::string_view marks) {
    constexpr size_t kLongest = 4;
    const uint32_t from = scan.tokens[token - 1].end;
    const std::string_view gap = scan.text.substr(from, scan.tokens[token].begin - from);
    return gap.size() <= kLongest && gap.find_first_not_of(marks) == std::string_view::npos;
}

constexpr std::string_view kBehindName = " \t:=]>)\"'|", kInName = " [.-_#(\t";

// The tag that the word is, with something in it that may not stay.
const EmvTag* tag_at(const Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (t.size() != 4 || !t.all_hex || t.digits == 0) return nullptr;
    uint32_t number = 0;
    for (const char c : scan.word(token)) number = number << 4 | static_cast<uint32_t>(hex::value(c));
    const EmvTag* tag = find_emv_tag(number);
    return tag != nullptr && info(tag->detector).only_remove ? tag : nullptr;
}

// "9F26: 1122334455667788", also with the length or a remark in between: "9F26 08 1122…", "9F26 (ARQC):
// 1122…".
bool scan_behind_tag(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    // Digests, which the tests in front of the scanners pass on, have such a form.
    const bool digest = t.size() % 8 == 0 && (t.classes & kLower) != 0;
    if (t.size() > kPinBlock && (digest || is_letter(scan.text[t.begin]))) return false;
    if (!is_short_gap(scan, token, kBehindName)) return false;
    size_t name = token - 1;
    const EmvTag* tag = tag_at(scan, name);
    if (tag == nullptr && name > 0) {
        const Token& between = scan.tokens[name];
        const bool length = between.size() == 2 && between.all_hex &&
                            static_cast<uint32_t>(hex::byte_at(scan.word(name), 0)) == t.size() / 2;
        const bool remark =
            between.digits == 0 && scan.before(between.begin) == '(' && scan.at(between.end) == ')';
        if ((length || remark) && is_short_gap(scan, name, remark ? " (" : kBehindName))
            tag = tag_at(scan, name - 1);
    }
    if (tag == nullptr || t.size() / 2 < tag->least || t.size() / 2 > tag->most) return false;
    scan.report(t.begin, t.end, tag->detector);
    return true;
}

// "DE52", "F052", "bit 52", "data element 52", and "052:".
bool is_pin_element(const Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    const std::string_view word = scan.word(token);
    if (!t.all_digits()) {
        const PaymentField field = payment_field(word);
        return field.is(PaymentField::Kind::kNamedElement) && field.number == kPinElement;
    }
    if (word != "52" && word != "052") return false;
    const char behind = scan.at(t.end);
    if (word == "052" && (behind == ':' || behind == '=' || behind == ']')) return true;
    return token > 0 && is_short_gap(scan, token, kInName) &&
           is_one_of(scan.word(token - 1),
                     {"de", "bit", "field", "element", "f", "p", "fld", "bmp", "dataelement"});
}

// "pin block (format 4): 0412…", "PIN block format 4: 0412…": the words in front of the format say it.
bool is_behind_format(Scan& scan, size_t token) {
    const Token& format = scan.tokens[token - 1];
    return format.size() == 1 && format.all_digits() && token > 1 &&
           equals_ignoring_case(scan.word(token - 2), "format") &&
           scan.named_by_words(Detector::kPin, token - 1);
}

// "ARQC 11 22 33 44 55 66 77 88": eight bytes over blanks.
bool scan_spread_block(Scan& scan, size_t token) {
    constexpr size_t kBytes = 8;
    if (token + kBytes > scan.tokens.size() ||
        scan.named(Detector::kCryptogram, token) == scan.named(Detector::kPin, token))
        return false;
    for (size_t i = token; i < token + kBytes; ++i) {
        const Token& t = scan.tokens[i];
        if (t.size() != 2 || !t.all_hex || (i > token && t.begin - scan.tokens[i - 1].end != 1)) return false;
    }
    const Detector named = scan.named(Detector::kPin, token) ? Detector::kPin : Detector::kCryptogram;
    scan.report(scan.tokens[token].begin, scan.tokens[token + kBytes - 1].end, named);
    return true;
}

}  // namespace

bool scan_numbered_block(Scan& scan, size_t token) {
    constexpr uint32_t kShortest = 12, kLongest = 64;
    const Token& t = scan.tokens[token];
    if (token == 0 || !t.all_hex || scan.tokens[token - 1].end <= scan.done) return false;
    if (t.size() == 2) return t.digits > 0 && scan.named_at_all(token) && scan_spread_block(scan, token);
    if (t.size() < kShortest || t.size() > kLongest || t.size() % 2 != 0 || t.digits < 3) return false;
    if (scan_behind_tag(scan, token)) return true;
    const bool block = t.size() == kPinBlock;
    if ((block && is_short_gap(scan, token, kBehindName) && is_pin_element(scan, token - 1)) ||
        ((block || t.size() == kLongPinBlock) && is_short_gap(scan, token, kBehindName) &&
         is_behind_format(scan, token)))
        return scan.report(t.begin, t.end, Detector::kPin), true;
    return false;
}

}  // namespace gpsync::core::pii
