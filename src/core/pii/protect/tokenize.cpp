#include "core/pii/protect/tokenize.hpp"

#include <algorithm>

#include "core/pii/checksums.hpp"
#include "core/pii/protect/ff1.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kKeptBehind = 4, kFewestEncrypted = 6, kMostKeptBefore = 6;

Status not_a_card() {
    return Status::error(Code::kInvalid, "value is not a card number",
                         "A card number has 12 to 19 digits and passes the Luhn check.");
}
Status not_a_token() {
    return Status::error(Code::kCorrupt, "value is not a token of this key");
}

// The digits of a PAN cut into what stays and what is encrypted.
class PanParts {
  public:
    explicit PanParts(std::string digits) : digits_(std::move(digits)) {
        before_ = std::min(kMostKeptBefore, digits_.size() - kKeptBehind - kFewestEncrypted);
    }
    bool valid() const { return luhn_valid(digits_); }
    const std::string& digits() const { return digits_; }
    void turn_last(int by) {  // 0 to 9: any other digit there breaks Luhn, or mends it
        char& c = digits_[digits_.size() - kKeptBehind - 1];
        c = static_cast<char>('0' + (c - '0' + by) % 10);
    }
    std::string tweak(Luhn luhn) const {
        return std::string(luhn == Luhn::kValid ? "pan valid " : "pan ") + digits_.substr(0, before_) + '.' +
               digits_.substr(digits_.size() - kKeptBehind);
    }
    bool step(const Ff1& ff1, const std::string& tweak, bool forward) {
        const size_t count = digits_.size() - before_ - kKeptBehind;
        Numerals middle(count);
        for (size_t i = 0; i < count; ++i) middle[i] = static_cast<uint16_t>(digits_[before_ + i] - '0');
        if (!(forward ? ff1.encrypt(middle, tweak) : ff1.decrypt(middle, tweak))) return false;
        for (size_t i = 0; i < count; ++i) digits_[before_ + i] = static_cast<char>('0' + middle[i]);
        return true;
    }
    // Steps until the number's Luhn check is as wanted; it began so, so the cycle comes back at the latest
    // there.
    bool walk(const Ff1& ff1, const std::string& tweak, bool forward, bool wanted) {
        do {
            if (!step(ff1, tweak, forward)) return false;
        } while (valid() != wanted);
        return true;
    }

  private:
    std::string digits_;
    size_t before_;
};

std::string digits_of(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
    return digits;
}

bool pan_length(size_t size) {
    return size >= 12 && size <= 19;
}

// shape with its digits replaced, one after the other.
void append_in_shape(std::string_view shape, std::string_view digits, std::string& out) {
    size_t at = 0;
    for (char c : shape) out.push_back(is_digit(c) ? digits[at++] : c);
}

// The plain digits of a token; empty when it is none.
std::string open_pan(std::string digits, Luhn luhn, const NamedKey& key) {
    const Ff1 ff1(key.bytes(Purpose::kTokenize), 10);
    PanParts parts(std::move(digits));
    if (!parts.walk(ff1, parts.tweak(luhn), false, luhn == Luhn::kValid)) return {};
    if (luhn == Luhn::kInvalid) parts.turn_last(9);
    return parts.valid() ? parts.digits() : std::string();
}

}  // namespace

Status tokenize_pan(std::string_view pan, Luhn luhn, const NamedKey& key, std::string& out) {
    std::string digits = digits_of(pan);
    if (!pan_length(digits.size()) || !luhn_valid(digits)) return not_a_card();
    const Ff1 ff1(key.bytes(Purpose::kTokenize), 10);
    PanParts parts(std::move(digits));
    const std::string tweak = parts.tweak(luhn);
    if (luhn == Luhn::kInvalid) parts.turn_last(1);
    if (!parts.walk(ff1, tweak, true, luhn == Luhn::kValid))
        return Status::error(Code::kInternal, "FF1 failed");
    append_in_shape(pan, parts.digits(), out);
    return {};
}

Status detokenize_pan(std::string_view token, const NamedKey& key, std::string& out) {
    std::string digits = digits_of(token);
    if (!pan_length(digits.size())) return not_a_token();
    const Luhn luhn = luhn_valid(digits) ? Luhn::kValid : Luhn::kInvalid;
    const std::string plain = open_pan(std::move(digits), luhn, key);
    if (plain.empty()) return not_a_token();
    append_in_shape(token, plain, out);
    return {};
}

bool is_pan_token(std::string_view digits, const NamedKey& key) {
    if (!pan_length(digits.size()) || luhn_valid(digits)) return false;
    return !open_pan(std::string(digits), Luhn::kInvalid, key).empty();
}

namespace {

constexpr std::string_view kAlphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool ascii_word(char c) {
    return (class_of(c) & (kDigit | kUpper | kLower)) != 0;
}

Status convert_text(std::string_view value, std::string_view domain, const NamedKey& key, bool forward,
                    std::string& out) {
    if (std::any_of(value.begin(), value.end(), [](char c) { return (class_of(c) & kOtherLetter) != 0; }))
        return Status::error(Code::kInvalid, "value cannot be tokenized in its format",
                             "It has characters beyond ASCII.");
    const bool letters = std::any_of(value.begin(), value.end(), is_letter);
    const std::string_view alphabet = kAlphanumerics.substr(0, letters ? 62 : 10);
    Numerals numerals;
    for (char c : value)
        if (ascii_word(c)) numerals.push_back(static_cast<uint16_t>(alphabet.find(c)));
    const Ff1 ff1(key.bytes(Purpose::kTokenize), static_cast<uint32_t>(alphabet.size()));
    if (!ff1.fits(numerals.size()))
        return Status::error(
            Code::kInvalid, "value cannot be tokenized in its format",
            "Six digits or four letters and digits are the least that FF1 protects, 1024 the most it takes.");
    const std::string tweak = std::string(letters ? "text " : "digits ") + std::string(domain);
    const auto has_letter = [&numerals] {
        return std::any_of(numerals.begin(), numerals.end(), [](uint16_t n) { return n >= 10; });
    };
    do {  // a token of letters and digits has a letter, so that it is read with the same alphabet
        if (!(forward ? ff1.encrypt(numerals, tweak) : ff1.decrypt(numerals, tweak)))
            return Status::error(Code::kInternal, "FF1 failed");
    } while (letters && !has_letter());
    size_t at = 0;
    for (char c : value) out.push_back(ascii_word(c) ? alphabet[numerals[at++]] : c);
    return {};
}

}  // namespace

Status tokenize_text(std::string_view value, std::string_view domain, const NamedKey& key, std::string& out) {
    return convert_text(value, domain, key, true, out);
}
Status detokenize_text(std::string_view token, std::string_view domain, const NamedKey& key,
                       std::string& out) {
    return convert_text(token, domain, key, false, out);
}

namespace {

constexpr size_t kShortestBytes = 3, kLongestBytes = 1000;

bool convert_bytes(std::string& value, std::string_view domain, const NamedKey& key, bool forward) {
    Numerals numerals;
    for (char c : value) numerals.push_back(static_cast<unsigned char>(c));
    const Ff1 ff1(key.bytes(Purpose::kTokenize), 256);
    const std::string tweak = "bytes " + std::string(domain);
    if (!(forward ? ff1.encrypt(numerals, tweak) : ff1.decrypt(numerals, tweak))) return false;
    for (size_t i = 0; i < value.size(); ++i) value[i] = static_cast<char>(numerals[i]);
    return true;
}

}  // namespace

Status tokenize_bytes(std::string_view value, std::string_view domain, const NamedKey& key,
                      std::string& out) {
    if (value.empty() || value.size() > kLongestBytes)
        return Status::error(Code::kInvalid, "value cannot be tokenized",
                             "It has more than 1000 bytes, or none.");
    std::string bytes(value);
    if (bytes.size() < kShortestBytes) bytes.resize(kShortestBytes, '\0');  // FF1 needs a domain of 10^6
    if (!convert_bytes(bytes, domain, key, true)) return Status::error(Code::kInternal, "FF1 failed");
    out += bytes;
    return {};
}

Status detokenize_bytes(std::string_view token, std::string_view domain, const NamedKey& key,
                        std::string& out) {
    std::string bytes(token);
    if (bytes.size() < kShortestBytes || !convert_bytes(bytes, domain, key, false)) return not_a_token();
    out += bytes.substr(0, bytes.find('\0'));
    return {};
}

}  // namespace gpsync::core::pii
