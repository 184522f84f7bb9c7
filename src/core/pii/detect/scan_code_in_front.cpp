// Codes with their name behind them: "730164 is your verification code".
#include <algorithm>

#include "core/pii/detect/scan.hpp"
#include "core/pii/quick_checks.hpp"

namespace gpsync::core::pii {

namespace {

// The next word of letters behind one blank or dash, and passes over it.
std::string_view next_word(std::string_view text, size_t& at) {
    constexpr size_t kLongest = 16;
    if (at >= text.size() || (text[at] != ' ' && text[at] != '-')) return {};
    const size_t begin = at + 1;
    size_t end = begin;
    while (end < text.size() && end - begin <= kLongest && is_word(text[end])) ++end;
    at = end;
    return text.substr(begin, end - begin);
}

// "is your … code" of something else.
bool names_another_code(std::string_view word) {
    return is_one_of(
        word,
        {"order",   "discount", "voucher",  "promo",    "promotional", "promotion", "coupon",  "gift",
         "postal",  "zip",      "post",     "area",     "branch",      "sort",      "country", "product",
         "item",    "tracking", "booking",  "referral", "reservation", "reference", "error",   "status",
         "exit",    "return",   "response", "currency", "tax",         "source",    "region",  "dialling",
         "dialing", "agent",    "store",    "customer", "partner",     "invitation"});
}

Detector code_named(std::string_view word, bool one_time) {
    if (is_one_of(word, {"otp", "passcode", "tan"})) return Detector::kPassword;
    if (equals_ignoring_case(word, "pin")) return Detector::kPin;
    if (is_one_of(word, {"cvv", "cvv2", "cvc", "cvc2"})) return Detector::kCvv;
    return one_time && is_one_of(word, {"code", "password"}) ? Detector::kPassword : Detector::kNone;
}

// Not in "404 is the login code page".
bool ends_there(std::string_view text, size_t end) {
    return end == text.size() || (text[end] != ' ' && text[end] != '-') ||
           is_one_of(next_word(text, end), {"for", "to", "of", "from"});
}

}  // namespace

Detector code_behind(std::string_view text, size_t end) {
    constexpr size_t kMostWords = 5;
    if (!may_be_in_front_of_name(text, end)) return Detector::kNone;
    if (!is_one_of(next_word(text, end), {"is", "as"})) return Detector::kNone;
    const std::string_view whose = next_word(text, end);
    const bool somebodys = is_one_of(whose, {"your", "my"});
    if (!somebodys && !is_one_of(whose, {"the", "a"})) return Detector::kNone;
    bool one = false, one_time = somebodys;
    for (size_t words = 0; words < kMostWords; ++words) {
        const std::string_view word = next_word(text, end);
        if (word.empty()) return Detector::kNone;
        if (const Detector detector = code_named(word, one_time); detector != Detector::kNone)
            return somebodys || ends_there(text, end) ? detector : Detector::kNone;
        if (names_another_code(word)) return Detector::kNone;
        one_time |= is_one_of(word, {"verification", "security", "confirmation", "login", "access", "signin",
                                     "authentication", "authorization", "otp", "2fa", "mfa", "sms"}) ||
                    (one && equals_ignoring_case(word, "time"));
        one = equals_ignoring_case(word, "one");
    }
    return Detector::kNone;
}

bool scan_code_in_front(Scan& scan, const DigitGroups& g) {
    constexpr size_t kMostGroups = 2, kShortestGroup = 3, kMost = 8;
    const size_t size = g.total(g.count);
    if (g.count > kMostGroups || g.sizes[g.count - 1] < kShortestGroup || size > kMost) return false;
    const uint32_t end = g.ends[g.count - 1];
    const Detector detector = code_behind(scan.text, end);
    if (detector == Detector::kNone || (detector == Detector::kCvv ? size > 4 : size < 4)) return false;
    scan.report(g.begins[0], end, detector);
    return true;
}

}  // namespace gpsync::core::pii
