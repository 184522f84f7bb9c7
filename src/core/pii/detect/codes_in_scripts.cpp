#include "core/pii/detect/codes_in_scripts.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/pii/mapped_text.hpp"
#include "core/pii/names/name_folding.hpp"
#include "core/pii/names/name_words.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestCode = 3, kLongestCode = 8, kLongestSecurityCode = 4, kShortestPin = 4,
                 kShortestNumber = 7, kLongestNumber = 14, kLongestName = 80, kLongestGap = 16,
                 npos = std::string_view::npos;

// Words between a name and its code, folded as names are: whose it is, and "is".
constexpr std::string_view kBetween[] = {
    // of the card
    "karty", "kartes", "korteles", "der", "karte", "de", "la", "tarjeta", "do", "da", "cartao", "della",
    "carta", "carte", "kart", "kartu", "the", "kartice", "kartya", "kartyan", "карты", "карти", "картки",
    "картата", "картице", "картой", "карте", "банковской", "вашей", "البطاقة", "بطاقة", "الخاص", "بك",
    "הכרטיס", "שלך", "کارت", "شما", "บัตร", "ของ", "คุณ", "ของคุณ", "ของท่าน", "ของคุณคือ", "ของท่านคือ", "कार्ड",
    "का", "για", "τησ", "καρτασ", "tu", "su", "mi", "v", "votre", "ihre", "meine", "2",
    // for logging in
    "для", "входа", "входу", "вход",
    // a number
    "номер", "no", "nr", "numer", "numero", "cislo", "numara", "numarasi", "broj", "नंबर", "number",
    // is
    "это", "равен", "є", "ist", "lautet", "es", "est", "e", "era", "je", "jest", "to", "er", "ar", "ειναι",
    "cua", "ban", "quy", "khach", "anda", "din", "ditt", "dein", "deine", "tuo", "seu", "sua", "jou", "uw",
    "sizin", "هو", "هي", "הוא", "است", "है", "คือ", "adalah", "is", "ir", "yra", "on"};

// Particles between a name and its code where words have no blanks between them.
constexpr std::string_view kParticles[] = {"は",   "が",   "を",   "も", "是",   "为",  "為", "：",
                                           "는",   "은",   "이",   "가", "를",   "을",  "คือ", "เป็น",
                                           "です", "番号", "번호", "号", "号码", "號碼"};

bool is_between(std::string_view word) {
    return std::find(std::begin(kBetween), std::end(kBetween), word) != std::end(kBetween);
}

// A character at a position, and how many bytes it has. Marks that vanish are '\0'.
char character_at(std::string_view text, size_t at, size_t& size) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
        size = 1;
        return text[at];
    }
    char32_t code;
    size = utf8::decode(text, at, code);
    return code == utf8::kReplacement ? 'x' : fold_character(code);
}

// The same of the character that ends at a position.
char character_before(std::string_view text, size_t end, size_t& begin) {
    begin = end - 1;
    while (begin > 0 && end - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    size_t size;
    return character_at(text, begin, size);
}

bool is_letter_of_name(char c) {
    return is_letter(c) || c == kUnspacedLetter;
}

// What the name says, if a code of so many digits fits. A name that means other things, too, only with three.
Detector judge(const Word* word, size_t digits) {
    if (word == nullptr) return Detector::kNone;
    const bool ambiguous = (word->flags & kAmbiguous) != 0;
    switch (word->detector) {
        case Detector::kCvv:
            return digits <= (ambiguous ? kShortestCode : kLongestSecurityCode) ? Detector::kCvv
                                                                                : Detector::kNone;
        case Detector::kPin:
        case Detector::kPassword:
            return digits >= kShortestPin && digits <= kLongestCode ? word->detector : Detector::kNone;
        // Numbers of people, which are longer: "ІПН 2947573603"
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
        case Detector::kMedicalRecord:
        case Detector::kSsn:
            return digits >= kShortestNumber && !ambiguous ? word->detector : Detector::kNone;
        default:
            return Detector::kNone;
    }
}

// The words in front of a code.
class Name {
  public:
    explicit Name(std::string_view text) : size_(fold_name(text, buffer_)) {
        const std::string_view folded(buffer_.data(), size_);
        for (size_t at = 0; at < folded.size();) {
            size_t end = at;
            while (end < folded.size() && is_word(folded[end])) ++end;
            if (end > at) add(folded.substr(at, end - at));
            at = end + 1;
        }
    }

    Detector detector(size_t digits) const {
        constexpr size_t kMostSkipped = 4, kLongestPhrase = 6;
        for (size_t skipped = 0, to = count_; to > 0 && skipped <= kMostSkipped; --to, ++skipped) {
            for (size_t from = to - std::min(to, kLongestPhrase); from < to; ++from)
                if (const Detector found = judge(find_word(joined(from, to)), digits);
                    found != Detector::kNone)
                    return found;
            if (const Detector found = in_unspaced(word(to - 1), digits); found != Detector::kNone)
                return found;
            if (!is_between(word(to - 1))) break;
        }
        return Detector::kNone;
    }

    // The same for words behind a code of that many digits. "482913 — ваш код", but not "… ваш код скидки".
    bool names_what_is_in_front(size_t digits) const {
        constexpr size_t kLongestPhrase = 4, kMostSkipped = 3;
        for (size_t from = 0; from < count_ && from <= kMostSkipped; ++from) {
            for (size_t to = std::min(count_, from + kLongestPhrase); to > from; --to) {
                const Word* known = find_word(joined(from, to));
                if (judge(known, digits) == Detector::kPassword &&
                    (to == count_ || (known->flags & kTextOnly) == 0))
                    return true;
            }
            if (in_unspaced(word(from), digits) == Detector::kPassword) return true;
        }
        return false;
    }

  private:
    static constexpr size_t kMostWords = 12, kRoom = 2 * kLongestName;

    void add(std::string_view word) {
        if (count_ == kMostWords) {
            std::move(words_.begin() + 1, words_.end(), words_.begin());
            --count_;
        }
        words_[count_++] = word;
    }
    std::string_view word(size_t i) const { return words_[i]; }
    std::string joined(size_t from, size_t to) const {
        std::string phrase;
        for (size_t i = from; i < to; ++i) phrase += words_[i];
        return phrase.size() > kLongestWord ? std::string() : lower(phrase);
    }
    static std::string lower(std::string text) {
        for (char& c : text) c = to_lower(c);
        return text;
    }

    // "您的支付密码是": some end of the word, without the particle behind it.
    static Detector in_unspaced(std::string_view word, size_t digits) {
        constexpr size_t kShortest = 6, kLongest = 60;
        for (int particles = 0; particles < 2; ++particles) {
            for (size_t from = word.size() > kLongest ? word.size() - kLongest : 0;
                 from + kShortest <= word.size(); ++from) {
                if ((static_cast<unsigned char>(word[from]) & 0xC0) == 0x80) continue;
                if (static_cast<unsigned char>(word[from]) < 0xE0) continue;
                if (const Detector found = judge(find_word(word.substr(from)), digits);
                    found != Detector::kNone)
                    return found;
            }
            const auto* particle = std::find_if(
                std::begin(kParticles), std::end(kParticles),
                [word](std::string_view end) { return word.size() > end.size() && word.ends_with(end); });
            if (particle == std::end(kParticles)) break;
            word.remove_suffix(particle->size());
            if (const Detector found = judge(find_word(word), digits); found != Detector::kNone) return found;
        }
        return Detector::kNone;
    }

    std::array<char, kRoom> buffer_;
    size_t size_;
    std::array<std::string_view, kMostWords> words_;
    size_t count_ = 0;
};

class CodeFinder {
  public:
    CodeFinder(std::string_view text, const std::function<void(const CodeInText&)>& take)
        : text_(text), take_(take) {}

    void run() {
        for (size_t at = 0; at < text_.size();) {
            if (!may_be_digit(at)) {
                ++at;
                continue;
            }
            size_t end = at, digits = 0, size = 0;
            while (end < text_.size() && may_be_digit(end) && is_digit(character_at(text_, end, size))) {
                end += size;
                ++digits;
            }
            if (end == at) {
                at += std::max<size_t>(size, 1);
                continue;
            }
            if (take_groups(at, end, digits)) {
                at = end;
                continue;
            }
            if (digits >= kShortestCode && digits <= kLongestNumber &&
                !(is_code(at, end) && take(at, end, digits)) && digits <= kLongestCode)
                take_in_front(at, end, digits);
            at = end;
        }
    }

  private:
    // "주민등록번호 001220-4272318", "паспорт 4510 123456": a number in groups, the first of which ends at
    // end, which moves behind the last.
    bool take_groups(size_t begin, size_t& end, size_t digits) {
        constexpr size_t kShortest = 9, kShortestGroup = 2, kHalfOfCode = 3;
        size_t last = end;
        const size_t first = digits;
        while (last + 1 < text_.size() && (text_[last] == ' ' || text_[last] == '-') &&
               is_digit(text_[last + 1]) && digits < kLongestNumber) {
            size_t behind = last + 1;
            while (behind < text_.size() && is_digit(text_[behind])) ++behind;
            if (behind - last - 1 < kShortestGroup || digits + behind - last - 1 > kLongestNumber) break;
            digits += behind - last - 1;
            last = behind;
        }
        const bool code = first == kHalfOfCode && digits == 2 * kHalfOfCode;  // "код: 482 913"
        if (last == end || (digits < kShortest && !code) || !is_code(begin, last) ||
            !take(begin, last, digits))
            return false;
        end = last;
        return true;
    }
    // Of ASCII, full-width or Arabic; false is sure.
    bool may_be_digit(size_t at) const {
        const auto c = static_cast<unsigned char>(text_[at]);
        return is_digit(text_[at]) || c == 0xEF || c == 0xD9 || c == 0xDB;
    }

    // Nothing behind it that makes it a part of another number or of a word, nor a unit.
    bool is_code(size_t begin, size_t end) const {
        if (begin > 0 && is_word(text_[begin - 1]) && static_cast<unsigned char>(text_[begin - 1]) < 0x80)
            return false;
        if (end == text_.size()) return true;
        // The comma, the semicolon, the question mark and the full stop of Arabic and Urdu.
        for (const std::string_view mark : {"،", "؛", "؟", "۔"})
            if (text_.substr(end, mark.size()) == mark) return true;
        const char c = text_[end];
        if (static_cast<unsigned char>(c) >= 0x80) {
            size_t size;
            return !is_word(character_at(text_, end, size));
        }
        if (is_word(c) || c == '%' || c == '_') return false;
        // "960580,5分钟内有效", "960580,五分钟内有效"
        const auto is_high = [this](size_t at) { return at < text_.size() && (text_[at] & 0x80) != 0; };
        if (c == ',' && (is_high(end + 1) || (is_high(end + 2) && is_digit(text_[end + 1])))) return true;
        const bool mark = std::string_view(".,:/-+").find(c) != std::string_view::npos;
        return !mark || end + 1 == text_.size() || !is_word(text_[end + 1]);
    }
    bool is_year(size_t begin, size_t end) const {
        const std::string_view code = text_.substr(begin, end - begin);
        return code.size() == 4 && (code.starts_with("19") || code.starts_with("20"));
    }
    bool take(size_t begin, size_t end, size_t digits) {
        const size_t name_end = end_of_name(begin);
        if (name_end == 0) return false;
        const size_t name_begin = begin_of_name(name_end);
        const std::string_view name = text_.substr(name_begin, name_end - name_begin);
        if (is_ascii(name)) return false;  // for the scanners
        const Detector detector = Name(name).detector(digits);
        if (detector == Detector::kNone || (detector == Detector::kPassword && is_year(begin, end)))
            return false;
        take_({begin, end, detector});
        return true;
    }
    // A one-time code in front of its name: "482913 — ваш код", "482913是您的验证码".
    void take_in_front(size_t begin, size_t end, size_t digits) {
        constexpr std::string_view kInNumber = ".,:/-+_";
        if (digits < kShortestPin || is_year(begin, end)) return;
        const bool part =
            begin > 0 && (is_word(text_[begin - 1]) || kInNumber.find(text_[begin - 1]) != npos);
        if (part && static_cast<unsigned char>(text_[begin - 1]) < 0x80) return;
        const std::string_view rest = text_.substr(end, kLongestName);
        const std::string_view name = rest.substr(0, rest.find_first_of("\n\r,;.|(){}<>!?\"0123456789"));
        if (!is_ascii(name) && Name(name).names_what_is_in_front(digits))
            take_({begin, end, Detector::kPassword});
    }

    // Behind the last letter in front of a code, over blanks and few marks; 0 where something else is there.
    size_t end_of_name(size_t code) const {
        constexpr std::string_view kMarks = " \t:=-#>\"'([*|~";
        size_t at = code;
        bool gap = false;
        while (at > 0 && code - at <= kLongestGap) {
            size_t begin;
            const char c = character_before(text_, at, begin);
            if (is_letter_of_name(c)) return gap || c == kUnspacedLetter ? at : 0;
            // "CVV2: "
            if (is_digit(c)) return gap && begin > 0 && is_letter(text_[begin - 1]) ? at : 0;
            if (c != '\0' && kMarks.find(c) == std::string_view::npos) return 0;
            gap = true;
            at = begin;
        }
        return 0;
    }
    // Where the sentence, the line or the cell of the name begins, or a few words in front of its end.
    size_t begin_of_name(size_t end) const {
        size_t at = end;
        while (at > 0 && end - at < kLongestName) {
            size_t begin;
            const char c = character_before(text_, at, begin);
            const bool ascii = at - begin == 1;
            if (ascii && std::string_view("\n\r;,|{}<>!?\"").find(c) != std::string_view::npos) break;
            if (ascii && c == '.' && at < end && text_[at] == ' ' && end - at > kLongestGap) break;
            if (!ascii && (c == '|' || c == '.')) break;
            if (is_digit(c) && (begin == 0 || !is_letter(text_[begin - 1]) || !ascii)) break;
            at = begin;
        }
        return at;
    }

    const std::string_view text_;
    const std::function<void(const CodeInText&)>& take_;
};

}  // namespace

void find_codes_in_scripts(std::string_view text, const std::function<void(const CodeInText&)>& take) {
    CodeFinder(text, take).run();
}

}  // namespace gpsync::core::pii
