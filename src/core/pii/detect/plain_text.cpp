// Free text with small numbers in it, times and long identifiers: what most strings are that pass the
// prefilter. One pass shows that no scanner would find anything; whatever is out of the ordinary is left to
// them.
#include "core/pii/detect/plain_text.hpp"

#include <algorithm>

#include "core/pii/base64.hpp"
#include "core/pii/detect/iban_registry.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

namespace {

enum : uint8_t { kStop = 64, kInRun = 128 };

// '@', what is decoded, what stands before a dialling prefix or behind base64; letters beyond ASCII.
constexpr std::array<uint8_t, 256> make_plain_classes() {
    std::array<uint8_t, 256> classes = kByteClasses;
    for (unsigned char c : {'@', '&', '\\', '+', '='}) classes[c] = kStop;
    for (size_t c = 128; c < 256; ++c) classes[c] = kStop;
    for (size_t c = 0; c < 128; ++c)
        if ((classes[c] & kWord) != 0 || c == '-' || c == '_' || c == '/') classes[c] |= kInRun;
    return classes;
}
constexpr std::array<uint8_t, 256> kPlainClasses = make_plain_classes();

uint8_t plain_class(char c) {
    return kPlainClasses[static_cast<unsigned char>(c)];
}

// The words in front of a number as far as the scanners read them (Scan::make_hint).
class LastWords {
  public:
    void add(WordHash hash, size_t size) { words_[count_++ % kMost] = {hash, size}; }
    // Whether one of them, or a phrase of two or three, may say what the number is.
    bool may_name_number() const {
        const size_t first = count_ > kMost ? count_ - kMost : 0;
        for (size_t from = first; from < count_; ++from) {
            WordHash phrase;
            size_t size = 0;
            for (size_t to = from; to < std::min(from + kLongestPhrase, count_); ++to) {
                const Entry& word = words_[to % kMost];
                if ((size += word.size) > kLongestWord) break;
                phrase.add(word.hash, word.size);
                if (pii::may_name_number(phrase.value())) return true;
            }
        }
        return false;
    }

  private:
    static constexpr size_t kMost = 5, kLongestPhrase = 3;
    struct Entry {
        WordHash hash;
        size_t size = 0;
    };
    std::array<Entry, kMost> words_{};
    size_t count_ = 0;
};

class PlainText {
  public:
    explicit PlainText(std::string_view text) : text_(text) {}

    bool check() {
        while (at_ < text_.size()) {
            const uint8_t c = plain_class(text_[at_]);
            if ((c & kStop) != 0) return false;
            if ((c & kInRun) == 0) {
                if (!end_run()) return false;
                count(text_[at_]);
                run_ = ++at_;
            } else if ((c & kWord) == 0) {
                count(text_[at_]);
                ++at_;
            } else if (!take_word()) {
                return false;
            }
        }
        return end_run() && !stop_ && !(bracket_ && quote_) && !(lines_ && cells_) && colons_ < 2 &&
               dashes_ < 5 && inner_dots_ < 2 && !(digits_ > kMostDigitsBesideLetters && single_letters_);
    }

  private:
    static constexpr size_t kLongestLetters = 15, kLongestNumber = 7, kShortestSecret = 16,
                            kMostDigitsBesideLetters = 5;

    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    bool between_hex() const { return at_ > 0 && is_hex(text_[at_ - 1]) && is_hex(at(at_ + 1)); }

    // What is no letter or digit, at at_.
    void count(char c) {
        switch (c) {
            case ':':
                ++colons_;
                stop_ |= secret_name_at_end(text_.substr(0, at_)) != SecretName::kNone;
                break;
            case '-':  // of PEM or a MAC address
                dashes_ += between_hex() || (at_ > 0 && text_[at_ - 1] == '-') || at(at_ + 1) == '-';
                break;
            case '.':  // of an IPv4 or MAC address
                inner_dots_ += between_hex();
                break;
            case '%':
                stop_ |= is_hex(at(at_ + 1)) && is_hex(at(at_ + 2));
                break;
            case '{':
            case '[':  // without a string in it JSON holds nothing that the text alone does not
                bracket_ = true;
                break;
            case '"':
                quote_ = true;
                break;
            case '\n':
                lines_ = true;
                break;
            case ',':
            case ';':
            case '|':
            case '\t':  // in several lines they may be a table's
                cells_ = true;
                break;
            default:
                break;
        }
    }

    // A run that may be base64 of a text has to be decoded.
    bool end_run() const {
        constexpr size_t kShortestRun = 12;
        return at_ - run_ < kShortestRun || !begins_like_text(text_.substr(run_, at_ - run_));
    }

    bool take_word() {
        const size_t begin = at_;
        if (const size_t end = end_of_timestamp(text_, begin); end != 0) return take_timestamp(end);
        size_t digits = 0;
        WordHash hash;
        for (; at_ < text_.size() && (plain_class(text_[at_]) & kWord) != 0; ++at_) {
            const char c = text_[at_];
            digits += is_digit(c);
            hash.add(to_lower(c));
        }
        const size_t size = at_ - begin;
        if (size <= 3 && spells_email(begin, size)) return false;
        if (text_.size() - begin >= kShortestSecret && may_begin_secret(text_.substr(begin))) return false;
        if (digits > 0) {
            if (size <= kLongestLetters) return take_number(begin, size, digits);
            if (!opaque(text_.substr(begin, size), digits)) return false;
        }
        single_letters_ |= size <= 2;
        any_word_ = true;
        word_between_ |= digits == 0 && parts_numbers(begin);
        words_.add(hash, size);
        return true;
    }

    // A time is passed over, as the scanners do.
    bool take_timestamp(size_t end) {
        if (words_.may_name_number()) return false;
        at_ = run_ = end;
        word_between_ = true;
        return true;
    }
    // Whether the word from begin to at_ stands by itself, or between two dashes: no number goes on behind
    // it.
    bool parts_numbers(size_t begin) const {
        const char before = begin == 0 ? ' ' : text_[begin - 1], behind = at(at_), next = at(at_ + 1);
        const auto is_one_of = [](char c, std::string_view set) {
            for (char one : set)
                if (c == one) return true;
            return c == '\0';
        };
        if (before == '-' && behind == '-') return at_ - begin >= 3;
        if (at_ - begin == 1) return before == ' ' && behind == ' ' && next == '(';  // "79 h (529 ms)"
        return is_one_of(before, " ([\"'") &&
               (is_one_of(behind, " )]\"'") || (is_one_of(behind, ",.;:") && is_one_of(next, " ")));
    }

    // "dot", "(at)": of a mail address that is spelled.
    bool spells_email(size_t begin, size_t size) const {
        const auto letter = [&](size_t i) { return to_lower(text_[begin + i]); };
        if (size == 3) return letter(0) == 'd' && letter(1) == 'o' && letter(2) == 't';
        if (size != 2 || letter(0) != 'a' || letter(1) != 't') return false;
        for (int blanks = 0; blanks < 2 && begin > 0 && text_[begin - 1] == ' '; ++blanks) --begin;
        return begin > 0 && text_[begin - 1] == '(';
    }

    // A long identifier, as systems give them: not of the form of an IBAN, a wallet, a track, nor with a
    // card's number in it, nor what a word in front may name.
    bool opaque(std::string_view word, size_t digits) const {
        constexpr size_t kShortest = 18, kLongestNamed = 20, kShortestPan = 12, kLongestPan = 19,
                         kShortestDigest = 32;
        if (word.size() >= kShortestDigest && is_plain_value(word)) return true;
        if (word.size() < kShortest || !is_letter(word[0]) || (is_digit(word[2]) && is_digit(word[3])) ||
            (digits >= kShortestPan && digits <= kLongestPan) || begins_with_emv_tag(word) != nullptr)
            return false;
        const char first = to_lower(word[0]);
        if (first == 'b' || first == 't' || first == 'i') return false;  // bc1…, tb1…, B4111…, IBAN…
        if (word.size() == kShortest && is_digit(word[4]) && is_digit(word[9])) return false;  // a CURP
        return word.size() > kLongestNamed || !words_.may_name_number();
    }

    // "AZ 21 NABZ…"
    bool behind_country(size_t begin) const {
        return begin >= 3 && (begin == 3 || !is_word(text_[begin - 4])) && !is_word(text_[begin - 1]) &&
               find_iban_format(to_upper(text_[begin - 3]), to_upper(text_[begin - 2])) != nullptr;
    }

    // Codes with letters have one such mark between their words.
    bool within_code(size_t begin) const {
        const char mark = text_[number_end_];
        return begin == number_end_ + 1 && (mark == ' ' || mark == '-' || mark == '.');
    }

    bool take_number(size_t begin, size_t size, size_t digits) {
        // No separator inside of a number is longer.
        constexpr size_t kLongestGap = 3;
        const bool parted = word_between_ || (!any_word_ && begin - number_end_ > kLongestGap);
        if (!parted && (digits != size || any_word_)) return false;
        number_size_ = digits != size ? kLongestNumber : parted ? size : number_size_ + size;
        if (size > kLongestNumber || number_size_ > kLongestNumber) return false;
        if (size > 1 && text_[begin] == '0' && text_[begin + 1] == '0') return false;
        if (size >= 4 && is_letter(text_[begin]) && is_digit(text_[begin + 2]) && is_digit(text_[begin + 3]))
            return false;  // "AZ21 NABZ0000…", an IBAN in groups of any size
        if (behind_country(begin)) return false;
        code_size_ = parted || !within_code(begin) ? digits : code_size_ + digits;
        digits_ = std::max(digits_, code_size_);
        number_end_ = at_;
        word_between_ = any_word_ = false;
        return !words_.may_name_number();
    }

    const std::string_view text_;
    size_t at_ = 0, run_ = 0, digits_ = 0;
    // Of the last number: where it ends, its digits over the marks between its groups, over single ones.
    size_t number_end_ = 0, number_size_ = 0, code_size_ = 0;
    unsigned colons_ = 0, dashes_ = 0, inner_dots_ = 0;
    bool single_letters_ = false, bracket_ = false, quote_ = false, lines_ = false, cells_ = false;
    bool word_between_ = true;  // since the last number a word, so that the next one is not part of it
    bool any_word_ = false;     // since the last number
    bool stop_ = false;         // something that has to be scanned
    LastWords words_;
};

}  // namespace

bool is_plain_text(std::string_view text) {
    return PlainText(text).check();
}

}  // namespace gpsync::core::pii
