// What stands behind a card number in the same text: its expiry and its security code, without a name.
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

// Reads the fields behind a card number, a few bytes each.
class FieldsBehindCard {
  public:
    FieldsBehindCard(Scan& scan, uint32_t at) : scan_(scan), at_(at) {}

    // "4111…|12|29|123", "4111… 12/29 123", "'4111…', '12/29', '123'", "4111… exp 12/29 123", and with the
    // code in front of the expiry.
    void run() {
        const char mark = take_mark();
        if (mark == '\0') return;
        const uint32_t first = at_;
        const bool said = skip_word();
        if (const Expiry expiry = take_expiry(said ? ' ' : mark); !expiry.whole.empty()) {
            const Run code = take_mark() == '\0' ? Run{} : take_code();
            if (expiry.in_two_fields && mark == '/' && is_year(code)) return;  // 04/31/2026
            // Numbers that only blanks or commas part may be any.
            if (!said && expiry.in_two_fields && is_one_of_marks(mark, kWeak) &&
                (code.empty() || goes_on(code, mark)))
                return;
            scan_.report(expiry.whole.begin, expiry.whole.end, Detector::kExpiry);
            report_code(code);
            return;
        }
        at_ = first;
        const Run code = take_code();
        if (code.empty() || is_year(code) || take_mark() != mark) return;
        const Expiry expiry = take_expiry(mark);
        if (expiry.whole.empty() || (expiry.in_two_fields && is_one_of_marks(mark, kWeak))) return;
        report_code(code);
        scan_.report(expiry.whole.begin, expiry.whole.end, Detector::kExpiry);
    }

  private:
    struct Expiry {
        Run whole{};
        bool in_two_fields = false;
    };
    static constexpr std::string_view kMarks = "|;,:/\n#~=-_", kBrackets = "([{)]}", kQuotes = "\"'`",
                                      kWeak = " ,-_";

    std::string_view text(Run run) const { return scan_.text.substr(run.begin, run.size()); }

    // Digits from there on, of which no letter is a part; empty when there are none, or more than four.
    Run digits_from(uint32_t at) const {
        constexpr uint32_t kMost = 4;
        Run run{at, at};
        while (run.size() <= kMost && is_digit(scan_.at(run.end))) ++run.end;
        return run.size() > kMost || is_word(scan_.at(run.end)) ? Run{at, at} : run;
    }

    // The mark between two fields, and passes over it with the blanks, quotes and brackets around it: those
    // alone are ' ', and nothing is '\0'.
    char take_mark() {
        constexpr uint32_t kLongest = 10;
        const uint32_t begin = at_;
        char mark = '\0';
        quoted_ = false;
        for (; at_ - begin < kLongest; ++at_) {
            const char c = scan_.at(at_);
            const bool line = c == '\r' && scan_.at(at_ + 1) == '\n';
            if (is_one_of_marks(c, kMarks)) {
                if (mark != '\0') break;
                mark = c;
            } else if (is_one_of_marks(c, kQuotes)) {
                quoted_ = true;
            } else if (!is_blank(c) && !line && !is_one_of_marks(c, kBrackets)) {
                break;
            }
        }
        return mark != '\0' || at_ == begin ? mark : ' ';
    }

    // "exp", "exp:", "valid thru", in front of an expiry.
    bool skip_word() {
        for (std::string_view word : {"exp.", "exp", "expiry", "expires", "expiration", "valid thru",
                                      "valid until", "valid to", "good thru"}) {
            const auto size = static_cast<uint32_t>(word.size());
            if (!equals_ignoring_case(scan_.text.substr(at_, size), word) || is_word(scan_.at(at_ + size)))
                continue;
            at_ += size;
            (void)take_mark();
            return true;
        }
        return false;
    }

    // "12/29", "12/2029", "2029-12", "12|29" where fields are parted so, "1229".
    Expiry take_expiry(char mark) {
        const Run first = digits_from(at_);
        const bool fields = quoted_ || (mark != ' ' && mark != ',');
        if (first.size() == 4 && !is_date_mark(first.end)) {
            if (!fields || !is_month_and_year(text(first))) return {};
            at_ = first.end;
            return {first, false};
        }
        if (first.empty() || first.size() == 3) return {};
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
        return {{first.begin, year.end}, two_fields};
    }
    bool is_date_mark(uint32_t at) const {
        return (scan_.at(at) == '/' || scan_.at(at) == '-') && is_digit(scan_.at(at + 1));
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

void scan_behind_card(Scan& scan, uint32_t at) {
    FieldsBehindCard(scan, at).run();
}

}  // namespace gpsync::core::pii
