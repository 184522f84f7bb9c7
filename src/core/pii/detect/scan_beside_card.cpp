// What stands beside a card number in the same text: its expiry and its security code, without a name.
#include <algorithm>
#include <string>

#include "core/pii/detect/scan.hpp"
#include "core/pii/names/value_forms.hpp"

namespace gpsync::core::pii {

namespace {

struct Run {
    uint32_t begin = 0, end = 0;
    uint32_t size() const { return end - begin; }
    bool empty() const { return begin == end; }
};

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_one_of_marks(char c, std::string_view marks) {
    return c != '\0' && marks.find(c) != std::string_view::npos;
}

// Reads the fields beside a card number, a few bytes each.
class FieldsBesideCard {
  public:
    FieldsBesideCard(Scan& scan, uint32_t at) : scan_(scan), at_(at) {}

    // "4111…|12|29|123", "4111… 12/29 123", "'4111…', '12/29', '123'", "4111… exp 12/29 123", also with a
    // name between two fields, and with the code in front of the expiry.
    void run() {
        const char mark = take_mark();
        if (mark == '\0') return;
        const uint32_t first = at_;
        const bool said = skip_word();
        Expiry expiry = take_expiry(said ? ' ' : mark);
        if (expiry.whole.empty() && !said && skip_name(first, mark)) {
            expiry = take_expiry(mark);
            if (expiry.form != Form::kSlash) expiry = {};
        }
        if (!expiry.whole.empty()) return take_expiry_and_code(expiry, mark, said);
        at_ = first;
        const Run code = take_code();
        if (code.empty() || is_year(code) || take_mark() != mark) return;
        expiry = take_expiry(mark);
        if (expiry.whole.empty() || !is_sure(expiry, mark)) return;
        report_code(code);
        scan_.report(expiry.whole.begin, expiry.whole.end, Detector::kExpiry);
    }

    // "12/29|4111…|123" and "123|12/29|4111…": a code counts only beside an expiry. The number in a row's
    // front is rather the row's.
    void run_in_front(uint32_t begin) {
        const char mark = scan_.before(begin);
        if (!is_one_of_marks(mark, "|;:")) return;
        const Run expiry = field_before(begin - 1);
        if (text(expiry).find('/') == std::string_view::npos || !is_month_and_year(text(expiry))) return;
        scan_.report(expiry.begin, expiry.end, Detector::kExpiry);
        if (scan_.before(expiry.begin) == mark) {
            const Run first = field_before(expiry.begin - 1);
            if (is_code(first)) return report_code(first);
        }
        const Run code = take_mark() == mark ? take_code() : Run{};
        if (!is_year(code)) report_code(code);
    }

  private:
    // How an expiry is written: "12/29", "1229" or "12.29", in two fields.
    enum class Form : uint8_t { kSlash, kShort, kTwoFields };
    struct Expiry {
        Run whole{};
        Form form = Form::kSlash;
    };
    static constexpr std::string_view kMarks = "|;,:/\n\t#~=-_&*+!>^\\", kBrackets = "([{)]}",
                                      kQuotes = "\"'`", kWeak = " ,-_*+\t", kOfFields = "|;:,\t";

    // Numbers that only blanks or commas part may be any.
    static bool is_sure(const Expiry& expiry, char mark) {
        return expiry.form == Form::kSlash || !is_one_of_marks(mark, kWeak);
    }

    void take_expiry_and_code(const Expiry& expiry, char mark, bool said) {
        const char next = take_mark();
        const uint32_t behind = at_;
        if (next != '\0') skip_name_of_code();
        const bool named = at_ > behind;
        Run code = next == '\0' ? Run{} : take_code();
        if (code.empty() && next == mark && mark == '|' && skip_name(behind, mark)) code = take_code();
        if (expiry.form == Form::kTwoFields && mark == '/' && is_year(code)) return;  // 04/31/2026
        const bool amount = text(expiry.whole).find('.') != std::string_view::npos;
        if (!said && !named && (!is_sure(expiry, mark) || amount) && (code.empty() || goes_on(code, mark)))
            return;
        scan_.report(expiry.whole.begin, expiry.whole.end, Detector::kExpiry);
        report_code(code);
    }

    // "Joe Doe|", of a field of letters, and passes over it.
    bool skip_name(uint32_t at, char mark) {
        constexpr uint32_t kLongest = 40;
        if (!is_one_of_marks(mark, kOfFields)) return false;
        uint32_t end = at, letters = 0;
        for (; end - at < kLongest; ++end) {
            const char c = scan_.at(end);
            letters += is_letter(c);
            if (!is_letter(c) && !is_one_of_marks(c, " .-'")) break;
        }
        at_ = end;
        return letters > 1 && take_mark() == mark;
    }

    // "code: 123" behind an expiry.
    void skip_name_of_code() {
        for (std::string_view word :
             {"security code", "sec code", "code", "security", "sec", "cid", "cv", "crypto"}) {
            const auto size = static_cast<uint32_t>(word.size());
            if (!equals_ignoring_case(scan_.text.substr(at_, size), word) || is_word(scan_.at(at_ + size)))
                continue;
            at_ += size;
            (void)take_mark();
            return;
        }
    }

    // The digits, and slashes between them, that end there.
    Run field_before(uint32_t end) const {
        constexpr uint32_t kLongest = 7;
        Run run{end, end};
        while (run.size() <= kLongest &&
               (is_digit(scan_.before(run.begin)) || scan_.before(run.begin) == '/'))
            --run.begin;
        return run.size() > kLongest || is_word(scan_.before(run.begin)) ? Run{end, end} : run;
    }
    bool is_code(Run run) const {
        return (run.size() == 3 || run.size() == 4) && text(run).find('/') == std::string_view::npos &&
               !is_year(run);
    }

    std::string_view text(Run run) const { return scan_.text.substr(run.begin, run.size()); }

    // Digits from there on, of which no letter is a part; empty when there are none, or more than so many.
    Run digits_from(uint32_t at, uint32_t most = 4) const {
        Run run{at, at};
        while (run.size() <= most && is_digit(scan_.at(run.end))) ++run.end;
        return run.size() > most || is_word(scan_.at(run.end)) ? Run{at, at} : run;
    }

    // Blanks in front of the next field, not a mark of their own.
    static bool is_blank_behind(char c, char mark) {
        return mark != c && ((c == '\t' && mark != '\0') || (c == '\n' && mark == '<'));
    }

    // The end of a tag of HTML that begins there: "</td>", "<TAB>".
    uint32_t end_of_tag(uint32_t at) const {
        constexpr uint32_t kLongest = 8;
        uint32_t end = at + 1;
        while (end - at < kLongest && (is_letter(scan_.at(end)) || scan_.at(end) == '/')) ++end;
        return scan_.at(at) == '<' && scan_.at(end) == '>' ? end : at;
    }

    // The mark between two fields, which may be doubled, and passes over it with the blanks, quotes and
    // brackets around it: those alone are ' ', and nothing is '\0'.
    char take_mark() {
        constexpr uint32_t kLongest = 24;
        const uint32_t begin = at_;
        char mark = '\0';
        quoted_ = false;
        for (; at_ - begin < kLongest; ++at_) {
            const char c = scan_.at(at_);
            const bool line = c == '\r' && scan_.at(at_ + 1) == '\n';
            if (const uint32_t tag = end_of_tag(at_); tag > at_) {
                mark = '<';
                at_ = tag;
            } else if (is_one_of_marks(c, kMarks) && !is_blank_behind(c, mark)) {
                if (mark != '\0' && c != mark) break;
                mark = c;
            } else if (is_one_of_marks(c, kQuotes)) {
                quoted_ = true;
            } else if (!is_blank(c) && c != '\n' && !line && !is_one_of_marks(c, kBrackets)) {
                break;
            }
        }
        return mark != '\0' || at_ == begin ? mark : ' ';
    }

    // "exp", "exp:", "valid thru", in front of an expiry. \200 is any letter with an accent.
    bool skip_word() {
        static constexpr std::string_view kWords[] = {
            "exp.",       "exp",          "expiry",          "expires",     "expiration",
            "valid thru", "valid until",  "valid to",        "good thru",   "expire le",
            "expire",     "valida hasta", "v\200lida hasta", "valid",       "valido fino al",
            "scadenza",   "scad.",        "scade",           "vence",       "vencimiento",
            "vto.",       "caduca",       "validade",        "gueltig bis", "g\200ltig bis",
            "geldig tot", "gyldig til",   "giltig till",     "skt"};
        for (const std::string_view word : kWords) {
            const auto size = static_cast<uint32_t>(word.size());
            if (!equals_ignoring_case(scan_.text.substr(at_, size), word) || is_word(scan_.at(at_ + size)))
                continue;
            at_ += size;
            (void)take_mark();
            return true;
        }
        return false;
    }

    // "12/29", "12/2029", "2029-12", "12|29" where fields are parted so, "1229", "202912", "Dec 2029".
    Expiry take_expiry(char mark) {
        constexpr uint32_t kLongest = 6;
        if (is_letter(scan_.at(at_))) return take_named_month();
        const Run first = digits_from(at_, kLongest);
        const bool fields = quoted_ || !is_one_of_marks(mark, " ,\t");
        if (first.size() >= 4 && !is_date_mark(first.end)) {
            // "4111…, 0431, 512" may be any numbers.
            if (!is_month_and_year(text(first)) || is_year(first) || (!fields && mark == ',')) return {};
            at_ = first.end;
            return {first, fields ? Form::kSlash : Form::kShort};
        }
        if (first.empty() || first.size() == 3 || first.size() > 4) return {};
        uint32_t next = first.end;
        bool two_fields = false;
        if (is_date_mark(next) && mark != scan_.at(next)) {
            ++next;
        } else {
            if (first.size() == 4) return {};
            at_ = next;
            two_fields = true;
            if (take_mark() != mark) return {};
            next = at_;
        }
        const Run year = digits_from(next);
        if (year.size() != 2 && year.size() != 4) return {};
        const char behind = scan_.at(year.end);
        const bool date =
            (behind == '/' || behind == '-' || behind == '.') && is_digit(scan_.at(year.end + 1));
        const std::string whole = std::string(text(first)) + '/' + std::string(text(year));
        if ((date && !(two_fields && behind == mark)) || !is_month_and_year(whole)) return {};
        at_ = year.end;
        return {{first.begin, year.end}, two_fields ? Form::kTwoFields : Form::kSlash};
    }
    // "Dec 2029", "Dec/29"
    Expiry take_named_month() {
        constexpr uint32_t kLongest = 9;
        uint32_t end = at_;
        while (end - at_ <= kLongest && is_letter(scan_.at(end))) ++end;
        if (!is_one_of_marks(scan_.at(end), " /-.'")) return {};
        const Run year = digits_from(end + 1);
        const Run whole{at_, year.end};
        if (year.empty() || !is_month_and_year(text(whole))) return {};
        at_ = year.end;
        return {whole, year.size() == 4 || scan_.at(end) == '/' ? Form::kSlash : Form::kShort};
    }
    bool is_date_mark(uint32_t at) const {
        return is_one_of_marks(scan_.at(at), "/-.") && is_digit(scan_.at(at + 1));
    }

    bool is_year(Run code) const {
        return code.size() == 4 && (text(code).starts_with("19") || text(code).starts_with("20"));
    }

    Run take_code() {
        const Run code = digits_from(at_);
        const bool fraction =
            (scan_.at(code.end) == '.' || scan_.at(code.end) == '/') && is_digit(scan_.at(code.end + 1));
        if ((code.size() != 3 && code.size() != 4) || fraction) return {};
        at_ = code.end;
        return code;
    }
    // Whether another number follows, as in a list.
    bool goes_on(Run code, char mark) {
        at_ = code.end;
        return take_mark() == mark && is_digit(scan_.at(at_));
    }
    void report_code(Run code) {
        if (!code.empty()) scan_.report(code.begin, code.end, Detector::kCvv);
    }

    Scan& scan_;
    uint32_t at_;
    bool quoted_ = false;  // a quote is in the last mark
};

}  // namespace

void scan_beside_card(Scan& scan, uint32_t begin, uint32_t end) {
    if (scan_rest_of_track(scan, end)) return;
    FieldsBesideCard(scan, end).run();
    FieldsBesideCard(scan, end).run_in_front(begin);
}

}  // namespace gpsync::core::pii
