#include "core/pii/detect/code_labels.hpp"

#include <algorithm>

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kFewestDigits = 4, kMostDigits = 8, kMostBytes = 48, npos = std::string_view::npos;

// As messages with codes have them; without their first letter where that may be a capital.
constexpr std::string_view kNames[] = {"од подтверждения",
                                       "одтверждения",
                                       "од для входа",
                                       "од доступа",
                                       "дноразовый код",
                                       "дноразовый пароль",

                                       "роверочный код",
                                       "не говорите код",
                                       "од підтвердження",
                                       "од за потвърждение",
                                       "од за потврду",
                                       "验证码",
                                       "驗證碼",
                                       "校验码",
                                       "动态码",
                                       "動態碼",
                                       "动态密码",
                                       "認証コード",
                                       "確認コード",
                                       "認証番号",
                                       "ワンタイムパスワード",
                                       "인증번호",
                                       "인증코드",
                                       "인증 코드",
                                       "인증 번호",
                                       "확인코드",
                                       "확인 코드",
                                       "رمز التحقق",
                                       "رمز التأكيد",
                                       "کد تایید",
                                       "کد تأیید",
                                       "קוד אימות",
                                       "קוד האימות",
                                       "รหัส OTP",
                                       "รหัสยืนยัน",
                                       "सत्यापन कोड",
                                       "ओटीपी",
                                       "ωδικός επαλήθευσης",
                                       "ωδικός επιβεβαίωσης",
                                       "Mã OTP",
                                       "mã OTP"};

// "ваш код", but not "ваш код скидки".
bool has_your_code(std::string_view text) {
    constexpr std::string_view kYourCode = "аш код";
    const size_t at = text.find(kYourCode);
    if (at == npos) return false;
    const size_t behind = at + kYourCode.size();
    const bool blank = behind < text.size() && text[behind] == ' ';
    const std::string_view next = text.substr(behind + blank, 1);
    return next.empty() || class_of(next[0]) != kOtherLetter ||
           text.substr(behind + blank).starts_with("\xE2");
}

bool has_name(std::string_view text) {
    return has_your_code(text) ||
           std::any_of(std::begin(kNames), std::end(kNames),
                       [text](std::string_view name) { return text.find(name) != npos; });
}

// The end of the run of digits at a position.
size_t end_of_digits(std::string_view text, size_t from) {
    while (from < text.size() && is_digit(text[from])) ++from;
    return from;
}

// What is beside the number in its line, up to another number.
std::string_view before(std::string_view text, size_t begin) {
    size_t from = begin;
    while (from > 0 && begin - from < kMostBytes && text[from - 1] != '\n' && !is_digit(text[from - 1]))
        --from;
    return text.substr(from, begin - from);
}
std::string_view behind(std::string_view text, size_t end) {
    size_t to = end;
    while (to < text.size() && to - end < kMostBytes && std::string_view("\n,;.").find(text[to]) == npos &&
           !is_digit(text[to]))
        ++to;
    return text.substr(end, to - end);
}

bool has_letters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return class_of(c) == kOtherLetter; });
}

}  // namespace

void find_code_labels(std::string_view text, const std::function<bool(const NamedPair&)>& take) {
    for (size_t at = 0; at < text.size(); ++at) {
        if (!is_digit(text[at])) continue;
        const size_t begin = at, end = end_of_digits(text, at);
        at = end;
        const size_t size = end - begin;
        const bool part = (begin > 0 && (class_of(text[begin - 1]) & (kUpper | kLower)) != 0) ||
                          (end < text.size() && (class_of(text[end]) & (kUpper | kLower)) != 0);
        if (size < kFewestDigits || size > kMostDigits || part) continue;
        const std::string_view front = before(text, begin), rest = behind(text, end);
        if (!(has_letters(front) && has_name(front)) && !(has_letters(rest) && has_name(rest))) continue;
        if (!take({begin, end, Detector::kPassword, Doubt::kNone})) return;
    }
}

bool may_have_code_labels(std::string_view text) {
    if (is_ascii(text)) return false;
    for (size_t at = 0; at + kFewestDigits <= text.size(); ++at)
        if (is_digit(text[at]) && end_of_digits(text, at) - at >= kFewestDigits) return true;
    return false;
}

}  // namespace gpsync::core::pii
