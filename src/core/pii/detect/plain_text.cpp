// Free text with small numbers in it, times and long identifiers: what most strings are that pass the
// prefilter. One pass shows that no scanner would find anything; whatever is out of the ordinary is left to
// them.
#include "core/pii/detect/plain_text.hpp"

#include <algorithm>

#include "core/pii/base64.hpp"
#include "core/pii/detect/command_secrets.hpp"
#include "core/pii/detect/fixed_table.hpp"
#include "core/pii/detect/form_pairs.hpp"
#include "core/pii/detect/iban_registry.hpp"
#include "core/pii/detect/ids/national_ids.hpp"
#include "core/pii/detect/named_pairs.hpp"
#include "core/pii/detect/phrases.hpp"
#include "core/pii/detect/record_lines.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/entities.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/names/name_split.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/quick_checks.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

namespace {

// Whether a form's member with this name is judged by its value alone: one short word, of which the
// vocabulary says nothing, or that it is about a thing. Longer ones it knows by their parts, too.
bool is_plain_key(std::string_view key) {
    constexpr size_t kShortestOfParts = 5;
    const Word* word = find_name_word(key);
    return key.size() < kShortestOfParts &&
           std::all_of(key.begin(), key.end(), [](char c) { return (class_of(c) & kLower) != 0; }) &&
           (word == nullptr || (word->detector == Detector::kNone && (word->flags & kBareName) == 0));
}

// The words in front of a number as far as the scanners read them (Scan::make_hint). They are read only where
// a number follows.
class LastWords {
  public:
    explicit LastWords(std::string_view text) : text_(text) {}

    void add(size_t begin, size_t size, WordEnd end) {
        words_[count_++ % kKept] = {static_cast<uint32_t>(begin), static_cast<uint32_t>(size)};
        ends_ = ends_ << 1 | (may_end_naming(end) ? 1 : 0);
    }
    // A number of digits alone: the words in front of it say nothing of the next one, nor do phrases go on
    // behind it. REQUIRES: may_name_number() has been asked about it.
    void add_number() { behind_number_ = count_; }
    // The mark of something removed, up to a position, behind which no value follows as behind a name ("cvv
    // [removed]: 123"): the words up to there say nothing of what follows.
    void add_removed(size_t end) {
        behind_number_ = count_;
        removed_end_ = end;
    }
    // Whether one of them, or a phrase of two or three, may say what the number at a position is.
    bool may_name_number(size_t position) {
        const bool bracket = is_behind_bracket(position);
        const size_t window = count_ - std::min(count_, bracket ? kMost + kMostInBracket : kMost);
        const size_t from = bracket ? window : std::max(window, behind_number_);
        const size_t first = bracket ? from : std::max(read_, from);
        // Of most words none ends such a phrase.
        if ((ends_ & ((uint32_t{1} << (count_ - first)) - 1)) != 0)
            for (size_t i = first; i < count_; ++i)
                if ((ends_ >> (count_ - 1 - i) & 1) != 0) read(i, bracket ? 0 : behind_number_);
        read_ = count_;
        return naming_end_ > from;
    }

  private:
    static constexpr size_t kMost = 5, kMostInBracket = 4, kLongestPhrase = 3, kKept = 16;
    struct Entry {
        uint32_t begin, size;
    };
    struct Hash {
        size_t word = SIZE_MAX;  // that it is of
        WordHash hash;
    };

    // "CVV (3 digits): 123": then the words in front of the bracket count.
    bool is_behind_bracket(size_t position) const {
        constexpr size_t kLongestGap = 3;
        for (size_t at = position - std::min(position, kLongestGap); at < position; ++at)
            if (text_[at] == ')' || (text_[at] == ']' && at + 1 != removed_end_)) return true;
        return false;
    }
    std::string_view word(size_t i) const {
        return {text_.data() + words_[i % kKept].begin, words_[i % kKept].size};
    }
    WordHash hash_of(size_t i) {
        Hash& known = hashes_[i % kKept];
        if (known.word == i) return known.hash;
        known = {i, {}};
        for (char c : word(i)) known.hash.add(to_lower(c));
        return known.hash;
    }
    // The phrases that end with word i, which may end one, and begin with no word in front of the first.
    void read(size_t i, size_t first) {
        first = std::max(first, i + 1 - std::min(i + 1, kLongestPhrase));
        size_t size = 0;
        WordHash behind;
        for (size_t from = i + 1; from-- > first;) {
            const size_t longer = size + word(from).size();
            if (longer > kLongestWord) return;
            WordHash phrase = hash_of(from);
            phrase.add(behind, size);
            if (pii::may_name_number(phrase.value())) {
                naming_end_ = std::max(naming_end_, from + 1);
                return;
            }
            behind = phrase;
            size = longer;
        }
    }

    const std::string_view text_;
    std::array<Entry, kKept> words_;  // count_ of them are set
    std::array<Hash, kKept> hashes_;
    size_t count_ = 0, read_ = 0;
    uint32_t ends_ = 0;         // may_end_naming() of the last words, the last one's bit lowest
    size_t behind_number_ = 0;  // the first word behind the last number
    size_t naming_end_ = 0;     // behind the first word of the last phrase that may name a number
    size_t removed_end_ = SIZE_MAX;
};

// With which two letters the words begin that take_word() has to look at, besides secrets.
constexpr auto kBeginnings = [] {
    SecretBeginnings beginnings;
    for (std::string_view two : {"is", "es", "to", "by", "wa", "je", "la", "pa", "do", "at"})
        for (char first : {two[0], to_upper(two[0])})
            for (char second : {two[1], to_upper(two[1])}) beginnings.add(first, second);
    return beginnings;
}();

// Whether no member of a form in the text has a name that makes its value PII. A name that is not read at a
// glance may have one.
bool is_plain_form(std::string_view text) {
    bool plain = true;
    for_each_pair(text, [&plain](std::string_view key, size_t, size_t) {
        plain &= is_plain_key(key);
        return plain;
    });
    return plain;
}

class PlainText {
  public:
    explicit PlainText(std::string_view text) : text_(text), words_(text) {}

    bool check() {
        while (at_ < text_.size()) {
            read_to(at_);
            if (stop_) return false;
            const bool word = (bits_.words >> (at_ - block_) & 1) != 0;
            if (word ? !take_word() : !take_mark()) return false;
        }
        return end_run() && !stop_ && colons_ < 2 && dashes_ < 5 &&
               !(digits_ > kMostDigitsBesideLetters && single_letters_) && (!form_ || is_plain_form(text_)) &&
               !(may_have_pairs() && has_named_pair(text_)) &&
               !(lines_ && colon_ && may_have_record_lines(text_)) && !(lines_ && has_fixed_table(text_)) &&
               !((lines_ || begins_with_phrase(text_)) && has_phrase(text_)) &&
               !(may_have_command_secrets() && has_command_secret(text_));
    }

  private:
    bool may_have_pairs() const {
        return equals_ || markup_ || name_ || tuple_ || (lines_ && labels_) ||
               (round_bracket_ && has_rows(text_));
    }

    bool may_have_command_secrets() const {
        return options_ || ports_ || (secret_name_ && (lines_ || begins_with_setting(text_)));
    }

    static constexpr size_t kLongestLetters = 15, kLongestNumber = 7, kShortestSecret = 16,
                            kMostDigitsBesideLetters = 5, kLongestOverSlash = 8, kLongestFastened = 11,
                            kYear = 4, kFirstOfUuid = 8, kShortestCode = 3, kShortestCryptogram = 22;

    // Goes on to the block with the byte at a position. What is decoded, an '@', a '+', which may stand
    // before a dialling prefix, and letters beyond ASCII are for the scanners.
    void read_to(size_t position) {
        for (; position - block_ >= WordBits::kMost; stop_ |= bits_.others != 0) {
            block_ += WordBits::kMost;
            bits_ = word_bits(text_.substr(block_, WordBits::kMost));
        }
    }
    // Passes over what is no letter or digit, at at_.
    bool take_mark() {
        const char c = text_[at_];
        if (c == '-' || c == '_') {
            count(c);
            ++at_;
            return true;
        }
        if (c == '/') {
            if (may_be_text(step_)) return false;
            step_ = ++at_;
            return true;
        }
        if (!end_run()) return false;
        if (c != ' ') count(c);
        run_ = step_ = ++at_;
        return true;
    }
    // Passes over the letters and digits at at_, and counts the digits.
    size_t read_word() {
        size_t digits = 0;
        for (;;) {
            const size_t offset = at_ - block_;
            const uint64_t others = ~(bits_.words >> offset);
            const auto size = others == 0 ? WordBits::kMost : static_cast<size_t>(__builtin_ctzll(others));
            uint64_t found =
                bits_.digits >> offset & (size == WordBits::kMost ? ~uint64_t{0} : (uint64_t{1} << size) - 1);
            for (; found != 0; found &= found - 1) ++digits;
            at_ += size;
            if (at_ - block_ < WordBits::kMost || at_ >= text_.size()) return digits;
            read_to(at_);
            if ((bits_.words & 1) == 0) return digits;
        }
    }

    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    bool may_be_in_address() const {
        return between_hex() || at(at_ + 1) == ':' || (at_ > 0 && text_[at_ - 1] == ':');
    }
    bool between_hex() const { return at_ > 0 && is_hex(text_[at_ - 1]) && is_hex(at(at_ + 1)); }

    bool is_behind_secret_name() const {
        return secret_name_ && secret_name_at_end(text_.substr(0, at_)) != SecretName::kNone;
    }

    // An IPv4 address has three in a row, with up to three digits in between; a MAC address two, with four
    // hex digits.
    void take_inner_dot() {
        constexpr size_t kOctet = 3, kInAddress = 3;
        stop_ |= at(at_ + 5) == '.' && is_hex(at(at_ + 2)) && is_hex(at(at_ + 3)) && is_hex(at(at_ + 4));
        if (!is_digit(text_[at_ - 1]) || !is_digit(text_[at_ + 1])) return;
        dots_in_row_ = at_ - last_dot_ <= kOctet + 1 ? dots_in_row_ + 1 : 1;
        last_dot_ = at_;
        stop_ |= dots_in_row_ == kInAddress;
    }

    // What is no letter or digit, at at_.
    void count(char c) {
        switch (c) {
            case ':':  // of an IPv6 or MAC address
                colon_ = true;
                colons_ += may_be_in_address();
                ports_ |= is_digit(at(at_ + 1)) || at(at_ + 1) == '*';
                labels_ |= is_space(at(at_ + 1)) || at(at_ + 1) == '*';
                name_ |= (is_behind_label(text_, at_) && ends_in_label_word(text_.substr(0, at_))) ||
                         is_before_quote(text_, at_) || (at_ > 0 && text_[at_ - 1] == ']');
                stop_ |= is_behind_secret_name();
                break;
            case '<':
                markup_ = true;
                break;
            case '=':
                equals_ = true;
                stop_ |= is_behind_npm_auth(text_, at_) || is_behind_link_token(text_, at_);
                stop_ |= is_behind_secret_name();
                stop_ |= may_be_padded(run_) || may_be_padded(step_);
                stop_ |= at_ - run_ >= kShortestCryptogram && !is_word(at(at_ + 1));
                break;
            case '&':
                form_ = true;
                stop_ |= begins_entity(text_, at_);
                break;
            case '-':  // of PEM or a MAC address
                options_ |= begins_option(text_, at_);
                dashes_ += between_hex() || (at_ > 0 && text_[at_ - 1] == '-') || at(at_ + 1) == '-';
                break;
            case '.':  // of an IPv4 or MAC address
                if (between_hex()) take_inner_dot();
                break;
            case '%':
                stop_ |= is_hex(at(at_ + 1)) && is_hex(at(at_ + 2));
                break;
            case '{':
            case '[':  // without a string in it JSON holds nothing that the text alone does not
                bracket_ = true;
                stop_ |= quote_;
                stop_ |= at_ > 0 && (text_[at_ - 1] == '\x1B' || text_[at_ - 1] == '[');  // of a terminal
                break;
            case ']':
                if (is_behind_mark()) words_.add_removed(at_ + 1);
                break;
            case '(':
                round_bracket_ = true;
                tuple_ |= opens_tuple(text_, at_);
                break;
            case '\'':
                tuple_ |= is_behind_sql_operator(text_, at_);
                break;
            case '"':
                quote_ = true;
                stop_ |= bracket_;
                break;
            case '\n':
                lines_ = true;
                stop_ |= cells_;
                break;
            case ',':
            case ';':
            case '|':
            case '\t':  // in several lines they may be a table's
                cells_ = true;
                stop_ |= lines_;
                break;
            default:
                break;
        }
    }

    // At a ']': whether it ends the mark of something removed, and what follows is a word of its own.
    bool is_behind_mark() const {
        if (!text_.substr(0, at_ + 1).ends_with(kRemovedMark)) return false;
        const size_t next = text_.find_first_not_of(' ', at_ + 1);
        return next == std::string_view::npos || is_word(text_[next]) ||
               std::string_view("(),.").find(text_[next]) != std::string_view::npos;
    }

    // A run that may be base64 of a text has to be decoded, and so has each step of a path.
    bool end_run() const { return !may_be_text(run_) && (step_ == run_ || !may_be_text(step_)); }
    bool may_be_padded(size_t begin) const {
        constexpr size_t kLongestPadding = 2;
        return at_ - begin >= kLongRun - kLongestPadding &&
               begins_like_text(text_.substr(begin, at_ - begin));
    }
    bool may_be_text(size_t begin) const {
        return at_ - begin >= kLongRun && begins_like_text(text_.substr(begin, at_ - begin));
    }

    bool take_word() {
        const size_t begin = at_;
        const size_t digits = read_word(), size = at_ - begin;
        if (digits > 0 && at(at_) == '-') {
            if (size == kYear)
                if (const size_t end = end_of_timestamp(text_, begin); end != 0)
                    return take_timestamp(begin, end);
            if (size == kFirstOfUuid && begins_with_uuid(text_.substr(begin))) return take_uuid(begin);
        }
        const WordEnd end(text_, begin, size);
        secret_name_ |= may_end_secret_name(end);
        if (kBeginnings.has(text_[begin], at(begin + 1)) &&
            (spells_email(begin, size) || is_verb_behind_secret(begin)))
            return false;
        if (secret_beginnings.has(text_[begin], at(begin + 1)) && text_.size() - begin >= kShortestSecret &&
            may_begin_secret(text_.substr(begin)))
            return false;
        if (digits > 0) {
            if (size <= kLongestLetters) return take_number(begin, size, digits, end);
            if (!opaque(begin, size, digits)) return false;
        } else if ((size == 2 || size == 6) && (is_digit(at(at_ + 1)) || is_digit(at(at_ + 2))) &&
                   may_begin_iban(begin)) {
            return false;
        }
        single_letters_ |= size <= 2;
        any_word_ = true;
        if (!word_between_ && digits == 0) word_between_ = parts_numbers(begin);
        words_.add(begin, size, end);
        return true;
    }

    // Without a name of a secret in front only SQL has one there, with a quote behind the verb.
    bool is_verb_behind_secret(size_t begin) const {
        return (secret_name_ || at(at_ + 1) == '\'' || at(at_ + 1) == '"') &&
               secret_before_verb(text_, begin, at_) != SecretName::kNone;
    }

    // As the scanners do.
    bool take_uuid(size_t begin) {
        at_ = begin + kUuidSize;
        word_between_ = true;
        pass_run(begin);
        return true;
    }
    // The hex digits from begin to at_ are no base64 of a text, unless it goes on behind them.
    void pass_run(size_t begin) {
        if (is_base64_byte(at(at_)) || at(at_) == '=') return;
        if (run_ == begin) run_ = at_;
        if (step_ == begin) step_ = at_;
    }

    // A time is passed over, as the scanners do.
    bool take_timestamp(size_t begin, size_t end) {
        if (words_.may_name_number(begin)) return false;
        at_ = run_ = step_ = end;
        word_between_ = true;
        return true;
    }
    // Whether no number goes on behind the word from begin to at_, which has no digit: it is longer than any
    // within a code (a bank's in an IBAN is no number's), or stands by itself, or between two dashes.
    bool parts_numbers(size_t begin) const {
        constexpr size_t kLongestInCode = 4;
        if (at_ - begin > kLongestInCode) return true;
        const char before = begin == 0 ? ' ' : text_[begin - 1], behind = at(at_), next = at(at_ + 1);
        const auto is_one_of = [](char c, std::string_view set) {
            for (char one : set)
                if (c == one) return true;
            return c == '\0';
        };
        if (at_ - begin == kLongestInCode && before != '/' && before != '.') return true;
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
        return begin > 0 && (text_[begin - 1] == '(' || text_[begin - 1] == '[' || text_[begin - 1] == '{');
    }

    // A long identifier, as systems give them: not of the form of an IBAN, a wallet, a track, nor with a
    // card's number in it, nor what a word in front may name.
    bool opaque(size_t begin, size_t size, size_t digits) {
        const std::string_view word = text_.substr(begin, size);
        constexpr size_t kShortest = 18, kShortestPan = 12, kLongestPan = 19, kShortestDigest = 32;
        if (word.size() >= kShortestDigest && is_plain_value(word)) {
            pass_run(begin);
            return !words_.may_name_number(begin);
        }
        if (word.size() < kShortest || !is_letter(word[0]) || (is_digit(word[2]) && is_digit(word[3])) ||
            (digits >= kShortestPan && digits <= kLongestPan) || begins_with_emv_tag(word) != nullptr)
            return false;
        const char first = to_lower(word[0]);
        if (first == 'b' || first == 't' || first == 'i') return false;  // bc1…, tb1…, B4111…, IBAN…
        if (word.size() == kShortest && is_digit(word[4]) && is_digit(word[9])) return false;  // a CURP
        // "Geheimzahl69758214"
        constexpr size_t kLongestCode = 8;
        if (digits >= kShortestCode && digits <= kLongestCode &&
            may_end_naming(text_.substr(begin, size - digits)))
            return false;
        return !words_.may_name_number(begin);
    }

    // "AZ 21 NABZ…", "IBANAZ 21 …"
    bool may_begin_iban(size_t begin) const {
        const size_t country = at_ - begin == 6 && to_lower(text_[begin]) == 'i' ? begin + 4 : begin;
        return end_of_iban(text_, country) != 0;
    }

    // Codes with letters have one such mark between their words.
    bool within_code(size_t begin) const {
        const char mark = text_[number_end_];
        return begin == number_end_ + 1 && (mark == ' ' || mark == '-' || mark == '.');
    }

    // Whether the number at begin is fastened to a word that is no code's ("ORD-2026-805895"), or goes on
    // behind such a one, over the same mark.
    bool is_fastened(size_t begin, bool parted) const {
        const char mark = begin > 1 ? text_[begin - 1] : ' ';
        if (mark != '-' && mark != '_') return false;
        if (!parted) return fastened_ == mark && begin == number_end_ + 1;
        size_t word = begin - 1;
        while (word > 0 && (class_of(text_[word - 1]) & (kUpper | kLower)) != 0) --word;
        const size_t size = begin - 1 - word;
        return size > 2 && (word == 0 || !is_word(text_[word - 1])) &&
               !begins_id_form(text_.substr(word, size), mark);
    }

    bool take_number(size_t begin, size_t size, size_t digits, WordEnd end) {
        // No separator inside of a number is longer (scan_spread_pan() has the longest).
        constexpr size_t kLongestGap = 4;
        const bool parted = word_between_ || (!any_word_ && begin - number_end_ > kLongestGap);
        if (!parted && (digits != size || any_word_)) return false;
        if (text_.substr(0, begin).ends_with("wa.me/")) return false;  // a chat with a telephone number
        fastened_ = is_fastened(begin, parted) ? text_[begin - 1] : '\0';
        number_size_ = parted ? size : number_size_ + size;
        if (size > kLongestNumber || number_size_ > longest_number(begin, parted)) return false;
        if (digits != size) {
            number_size_ = kLongestFastened;  // nothing may go on behind it: "A123456(3)"
            // "CVV123"; of a single letter no name is made.
            if (is_tag(begin, size)) return false;
            if (digits >= kShortestCode && size - digits > 1 &&
                may_end_naming(text_.substr(begin, size - digits)))
                return false;
        }
        if (digits >= kShortestCode && may_be_in_front_of_name(text_, at_) &&
            code_behind(text_, at_) != Detector::kNone)
            return false;
        if (size > 1 && text_[begin] == '0' && text_[begin + 1] == '0') return false;
        if (is_letter(text_[begin]) && may_begin_iban(begin)) return false;
        code_size_ = parted || !within_code(begin) ? digits : code_size_ + digits;
        digits_ = std::max(digits_, code_size_);
        number_end_ = at_;
        word_between_ = any_word_ = false;
        const bool named = words_.may_name_number(begin);
        if (digits != size)
            words_.add(begin, size, end);
        else
            words_.add_number();
        return !named;
    }

    // "9F26:", behind which a block may be: the scanners read it.
    bool is_tag(size_t begin, size_t size) const {
        return size == 4 && at_ < text_.size() && to_lower(text_[begin + 1]) == 'f' &&
               (text_[begin] == '9' || text_[begin] == '5');
    }

    // What is fastened to a word is at most a card's number, which has twelve digits. Over a '/' the shortest
    // that counts by its form has ten (PiiNationalId, FindsAnExampleOfEveryRow).
    size_t longest_number(size_t begin, bool parted) const {
        if (fastened_ != '\0') return kLongestFastened;
        return !parted && text_[begin - 1] == '/' ? kLongestOverSlash : kLongestNumber;
    }

    const std::string_view text_;
    size_t block_ = 0 - WordBits::kMost;  // where the bytes of bits_ begin
    WordBits bits_;
    size_t at_ = 0, run_ = 0, step_ = 0, digits_ = 0;
    // Of the last number: where it ends, its digits over the marks between its groups, over single ones.
    size_t number_end_ = 0, number_size_ = 0, code_size_ = 0;
    size_t last_dot_ = 0;  // the last one between digits
    unsigned colons_ = 0, dashes_ = 0, dots_in_row_ = 0;
    bool single_letters_ = false, bracket_ = false, quote_ = false, lines_ = false, cells_ = false,
         form_ = false, equals_ = false, markup_ = false, labels_ = false, name_ = false, colon_ = false,
         round_bracket_ = false, tuple_ = false, options_ = false, ports_ = false;
    bool word_between_ = true;  // since the last number a word, so that the next one is not part of it
    bool any_word_ = false;     // since the last number
    char fastened_ = '\0';      // by which mark the last number is, to a word
    bool secret_name_ = false;  // a word that may end a secret's name
    bool stop_ = false;         // something that has to be scanned
    LastWords words_;
};

}  // namespace

bool is_plain_text(std::string_view text) {
    return PlainText(text).check();
}

}  // namespace gpsync::core::pii
