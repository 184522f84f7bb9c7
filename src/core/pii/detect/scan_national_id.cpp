// The numbers that states give to people, by the table in ids/national_ids.cpp, and the machine-readable zone
// of passports and identity cards (ICAO Doc 9303).
#include <algorithm>

#include "core/pii/detect/ids/national_ids.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kOtherNumber = kOrder | kIdentifier | kReference | kHash | kVersion | kTime;

// "ID 8906…", "SA ID 8906…": by itself or behind a country, not "order id 3905…".
bool is_id_of_a_state(const Scan& scan, size_t i) {
    if (!equals_ignoring_case(scan.word(i), "id")) return false;
    constexpr uint32_t kLongestCountry = 3;
    return i == 0 || ((scan.tokens[i - 1].classes & ~kHexLetter) == kUpper &&
                      scan.tokens[i - 1].size() <= kLongestCountry);
}

// Whether the word before, over "no", "number" and the like, is for some other kind of number.
bool behind_other_word(const Scan& scan, size_t token) {
    for (size_t i = token; i-- > 0 && token - i <= 2;) {
        const std::string_view next = scan.word(i);
        if (next.size() > kLongestWord || scan.tokens[i].all_digits() || scan.tokens[i].end <= scan.done)
            return false;
        char lower[kLongestWord];
        std::transform(next.begin(), next.end(), lower, to_lower);
        if (i + 1 == token && is_id_of_a_state(scan, i)) return false;
        const Word* word = find_word({lower, next.size()});
        if (word != nullptr && word->detector == Detector::kNone && (word->flags & kOtherNumber) != 0)
            return true;
        if (word == nullptr || (word->flags & (kSuffix | kPassThrough)) == 0) return false;
    }
    return false;
}

// Token requestor ids (EMVCo: a code of the token service provider, then eight digits) of the large
// providers.
bool is_token_requestor(std::string_view digits) {
    return digits.size() == 11 && (digits.starts_with("4001") || digits.starts_with("5011") ||
                                   digits.starts_with("5012") || digits.starts_with("5013"));
}

// One id at one token.
class IdScan {
  public:
    IdScan(Scan& scan, size_t token) : scan_(scan), token_(token), t_(scan.tokens[token]) {}

    bool run() {
        for (const IdForm& form : id_forms(t_.size())) {
            if (form.separator() != '\0' && scan_.at(t_.end) != form.separator()) continue;
            if (!fits_form(form, scan_.text.substr(t_.begin), id_)) continue;
            if (!form.by_value && !named(form)) continue;
            const auto end = static_cast<uint32_t>(t_.begin + form.pattern.size());
            if (ends_at(form, end) && form.id->check({id_, form.size}) && counts(form, end)) {
                scan_.report(t_.begin, end, Detector::kNationalId);
                return true;
            }
        }
        return false;
    }

  private:
    // No further number or word is fastened to it on either side, but for those of a path and of a file's
    // name.
    bool ends_at(const IdForm& form, uint32_t end) const {
        const char next = scan_.at(end);
        if (is_word(next) || (is_word(scan_.at(end + 1)) && goes_on(form, end))) return false;
        if (form.one_word && t_.all_digits() && scan_.has_cents(t_.begin, end)) return false;
        if (form.pattern.find(' ') != std::string_view::npos && next == ' ' && is_digit(scan_.at(end + 1)))
            return false;
        if (token_ == 0 || scan_.tokens[token_ - 1].end <= scan_.done) return true;
        return t_.begin - scan_.tokens[token_ - 1].end != 1 || begins_behind(form, scan_.tokens[token_ - 1]);
    }

    // A word behind the end belongs to the number: not in "users/111.444.777-35/2", "111.444.777-35.pdf",
    // "111.444.777-35_1.pdf", "111.444.777-35-front.jpg".
    bool goes_on(const IdForm& form, uint32_t end) const {
        constexpr uint32_t kShortestWord = 3;
        const char next = scan_.at(end);
        if (std::string_view("-/._:").find(next) == std::string_view::npos) return false;
        if (form.one_word && !stands_in_path(form)) return true;
        const bool digit = is_digit(scan_.at(end + 1));
        // "20031210-2023/02/25" are dates.
        const bool date = scan_.at(end + 3) == '/' && is_digit(scan_.at(end + 4));
        if (next == '/') return digit && (date || form.pattern.find('/') != std::string_view::npos);
        if (next == '_') return false;
        if (next != '-') return digit;
        uint32_t letters = end + 1;
        while (letters - end <= kShortestWord && is_letter(scan_.at(letters))) ++letters;
        return letters - end <= kShortestWord;
    }

    // Over the mark behind the word in front.
    bool begins_behind(const IdForm& form, const Token& last) const {
        const char before = scan_.before(t_.begin);
        const bool in_path = !form.one_word || stands_in_path(form);
        switch (before) {
            case '/':
                return in_path && (!last.all_digits() || form.pattern.find('/') == std::string_view::npos);
            case '_':
                return in_path;
            case '.':
                return in_path && !last.all_digits();
            case '-':
                return named() ? !last.all_digits()
                               : !form.one_word && form.separator() != '-' && last.digits == 0;
            default:
                return before != ' ' || form.one_word || !last.all_digits() ||
                       form.pattern.find(' ') == std::string_view::npos;
        }
    }

    // Whether a form without separators counts where other identifiers stand: under a name, or with letters
    // that have a meaning, or with as many digits as hardly any other identifier has.
    bool stands_in_path(const IdForm& form) const {
        constexpr uint8_t kSureWithLetters = 11, kSure = 18;
        return named(form) || form.size >= kSure ||
               (form.size >= kSureWithLetters && form.pattern.find('@') != std::string_view::npos);
    }

    bool counts(const IdForm& form, uint32_t end) const {
        if (!form.one_word || named(form)) return true;
        // Letters that have a meaning are upper-case.
        constexpr size_t kShortCode = 14;
        if ((t_.classes & kLower) != 0 && form.size < kShortCode) return false;
        const std::string_view digits(id_, form.size);
        if (t_.all_digits() && ((form.id->like_time && is_like_time(digits)) || is_token_requestor(digits)))
            return false;
        const bool whole = t_.begin == 0 && end == scan_.text.size();
        if (whole) return (scan_.context.flags & kOtherNumber) == 0;
        // Of so many digits, or with letters, hardly any other identifier is one by chance.
        constexpr size_t kSure = 15;
        return !t_.all_digits() || form.size >= kSure || !behind_other_word(scan_, token_);
    }

    bool named() const { return scan_.named(Detector::kNationalId, token_); }
    bool named(const IdForm& form) const {
        return named() || (form.id->also != Detector::kNationalId && scan_.named(form.id->also, token_));
    }

    Scan& scan_;
    const size_t token_;
    const Token& t_;
    char id_[kLongestId] = {};
};

}  // namespace

bool scan_national_id(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (is_compact_time(scan.word(token)) && !scan.named_at_all(token)) return false;
    return !scan.context.number && (t.classes & kOtherLetter) == 0 &&
           may_begin_id(scan.word(token), scan.at(t.end), scan.at(t.end + 1)) && IdScan(scan, token).run();
}

}  // namespace gpsync::core::pii
