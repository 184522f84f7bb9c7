// Secrets behind their name, in text that is no JSON: connection strings, settings, headers, cookies, log
// lines.
#include <algorithm>

#include "core/pii/base64.hpp"
#include "core/pii/detect/command_secrets.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/detect/secret_values.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/stop.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kLongestValue = 4096;

// Attributes of a Set-Cookie header (RFC 6265).
bool is_cookie_attribute(std::string_view name) {
    for (std::string_view attribute : {"path", "domain", "expires", "max-age", "samesite", "priority"})
        if (equals_ignoring_case(name, attribute)) return true;
    return false;
}

bool names_session(std::string_view cookie) {
    for (std::string_view part : {"sess", "sid", "auth", "token", "csrf", "xsrf", "login", "remember"})
        for (size_t at = 0; at + part.size() <= cookie.size(); ++at)
            if (equals_ignoring_case(cookie.substr(at, part.size()), part)) return true;
    return false;
}

// base64 of "user:password", as Docker keeps it.
bool is_basic_credentials(std::string_view text) {
    constexpr size_t kShortest = 8, kLongest = 512;
    if (text.size() < kShortest || text.size() > kLongest ||
        !std::all_of(text.begin(), text.end(), [](char c) { return is_base64_byte(c) || c == '='; }))
        return false;
    const auto decoded = base64_decode(text);
    if (!decoded) return false;
    const size_t colon = decoded->find(':');
    return colon != std::string::npos && colon > 0 && colon + 2 < decoded->size() &&
           std::all_of(decoded->begin(), decoded->end(), [](char c) { return c > ' ' && c < 0x7F; });
}

class Assignments {
  public:
    explicit Assignments(Scan& scan) : scan_(scan), text_(scan.text) {}

    void run() {
        take_header();
        size_t turn = 0;
        for (size_t at = next_assignment(text_, 0); at < text_.size(); at = next_assignment(text_, at + 1)) {
            check_stop(++turn);
            const auto position = static_cast<uint32_t>(at);
            if (position < scan_.done) continue;
            const SecretName name = secret_name_at_end(text_.substr(0, at));
            const bool cookie = position < cookies_end_ && text_[at] == '=';
            if (cookie && (name == SecretName::kNone || name == SecretName::kCookies))
                take_cookie(position);  // also "Cookie: .AspNetCore.Cookies=…"
            else if (name != SecretName::kNone)
                take(name, position);
            else if (is_behind_npm_auth(text_, at))
                take_basic(position + 1);
            else if (text_[at] == '=' && is_behind_link_token(text_, at))
                take_link_token(position + 1);
        }
    }

    // The value behind "password is".
    bool take_behind_verb(SecretName name, uint32_t begin) {
        if (begin < scan_.done || begin >= text_.size()) return false;
        const Value value = value_at(begin);
        if (!is_secret_in_sentence(name, value)) return false;
        report(name, value);
        return true;
    }

  private:
    struct Value {
        uint32_t begin = 0, end = 0;
        bool quoted = false;
    };

    // Where a header's name is not in the text, but that of the member that holds it. A member
    // "authorization" may as well say what became of a payment, so a scheme has to be there.
    void take_header() {
        if (scan_.context.header == SecretName::kAuthorization) {
            uint32_t begin = 0;
            while (begin < text_.size() && is_space(text_[begin])) ++begin;
            take_authorization(begin, true);
            if (is_basic_credentials(text_))
                scan_.report(0, static_cast<uint32_t>(text_.size()), Detector::kApiSecret);
        }
        if (scan_.context.header != SecretName::kCookies) return;
        cookies_end_ = line_end(0);
        const size_t padding = text_.size() - std::min<size_t>(text_.size(), 2);
        if (text_.find_first_of(";= ") >= padding) take_cookie_value();
    }

    void take_basic(uint32_t begin) {
        while (scan_.at(begin) == ' ') ++begin;
        uint32_t end = begin;
        while (end < text_.size() && end - begin < kLongestValue &&
               (is_base64_byte(text_[end]) || text_[end] == '='))
            ++end;
        if (is_basic_credentials(text_.substr(begin, end - begin)))
            scan_.report(begin, end, Detector::kApiSecret);
    }

    // "https://example.com/reset?token=…"
    void take_link_token(uint32_t begin) {
        constexpr size_t kShortest = 16;
        uint32_t end = begin;
        while (is_word(scan_.at(end)) ||
               std::string_view("-_.~").find(scan_.at(end)) != std::string_view::npos)
            ++end;
        while (end > begin && text_[end - 1] == '.') --end;
        if (looks_random(text_.substr(begin, end - begin), kShortest))
            scan_.report(begin, end, Detector::kApiSecret);
    }

    // {"cookies": {"sid": …}}, where an attribute's value may stand, too.
    void take_cookie_value() {
        constexpr size_t kShortest = 16;
        const bool host =
            text_.find('.') != std::string_view::npos &&
            std::all_of(
                text_.begin(), text_.end(),
                [](char c) { return (class_of(c) & (kLower | kDigit)) != 0 || c == '.' || c == '-'; }) &&
            is_letter(text_.back());
        if (text_.size() < kShortest || host || text_[0] == '/' || stands_for_another(text_) ||
            is_date_or_time(text_) || !looks_random(text_, kShortest))
            return;
        scan_.report(0, static_cast<uint32_t>(text_.size()), Detector::kApiSecret);
    }

    void take(SecretName name, uint32_t separator) {
        bool colon = text_[separator] == ':';
        uint32_t begin = separator + 1;
        if (scan_.at(begin) == '>' || (colon && scan_.at(begin) == '=')) ++begin;
        if (scan_.at(begin - 1) == '=') colon = false;                            // "password := x"
        if (colon && (scan_.at(begin) == ':' || scan_.at(begin) == '/')) return;  // "password::", "secret://"
        for (int blanks = 0; blanks < 4 && (scan_.at(begin) == ' ' || scan_.at(begin) == '\t'); ++blanks)
            ++begin;
        begin = behind_block_mark(begin);
        if (name == SecretName::kCookies) {
            cookies_end_ = line_end(begin);
        } else if (name == SecretName::kAuthorization) {
            take_authorization(begin, false);
        } else {
            const Value value = value_at(begin);
            const bool sentence = colon && !stands_as_setting(separator, value);
            if (is_secret(name, value, sentence)) report(name, with_marks(value));
        }
    }

    // YAML's "password: |" has the value in the line below.
    uint32_t behind_block_mark(uint32_t begin) const {
        constexpr uint32_t kMostBlanks = 40;
        if (scan_.at(begin) != '|' && scan_.at(begin) != '>') return begin;
        uint32_t end = begin + 1;
        if (scan_.at(end) == '-' || scan_.at(end) == '+') ++end;
        if (scan_.at(end) == '\r') ++end;
        if (scan_.at(end) != '\n') return begin;
        const uint32_t line = ++end;
        while (end - line < kMostBlanks && scan_.at(end) == ' ') ++end;
        return end > line ? end : begin;
    }

    // Looked for once.
    size_t first_bracket() {
        if (first_bracket_ == 0) first_bracket_ = std::min(text_.find_first_of("[{"), text_.size()) + 1;
        return first_bracket_ - 1;
    }
    // "password:x" of a structure, and "  password: x" alone in its line, as settings are written, unlike
    // "Password: please enter".
    bool stands_as_setting(uint32_t colon, const Value& value) {
        constexpr uint32_t kLongestName = 40, kShortest = 4;
        if (value.end - value.begin < kShortest || value.quoted) return false;
        const char behind = scan_.at(value.end);
        if (value.begin == colon + 1)
            return first_bracket() < colon &&
                   (behind == '\0' || is_space(behind) || behind == ']' || behind == '}' || behind == ',');
        if (behind != '\0' && behind != '\n' && behind != '\r') return false;
        uint32_t begin = colon;
        while (colon - begin < kLongestName && in_name(scan_.before(begin))) --begin;
        if (begin == colon || (class_of(text_[begin]) & kLower) == 0) return false;
        while (colon - begin < kLongestName &&
               (scan_.before(begin) == ' ' || scan_.before(begin) == '\t' || scan_.before(begin) == '-'))
            --begin;
        const bool first = begin == 0, last = behind == '\0';
        return (first || scan_.before(begin) == '\n') && !(first && last);
    }

    // "Password=s3cr3t!;": a mark behind it may be its last character.
    Value with_marks(Value value) const {
        while (scan_.at(value.end) == '!' || scan_.at(value.end) == '?') ++value.end;
        return value;
    }

    // Whether it is no word of the sentence, unlike in "password is required", "password is SHA256-hashed".
    bool is_secret_in_sentence(SecretName name, const Value& value) const {
        constexpr size_t kShortest = 6, kShortestKey = 12, kShortestNumber = 4;
        const std::string_view v = beginning(value);
        if (v.size() < kShortestNumber || stands_for_another(v) || is_ordinary_word(v) || is_call(v) ||
            is_location(v) || is_date_or_time(v))
            return false;
        if (name == SecretName::kKey) return looks_random(v, kShortestKey) && content_of(v).digits > 0;
        const Content c = content_of(v);
        if (value.quoted || c.digits == 0) return c.digits > 0;
        if (c.digits == v.size())
            return value.end == text_.size() ||
                   std::string_view(".,;!\n").find(text_[value.end]) != text_.npos;
        return looks_random(v, kShortest) && !is_property(v);
    }

    // "SHA256", "base64-encoded", "8-character": how passwords are.
    static bool is_property(std::string_view value) {
        for (std::string_view method : {"sha", "md5", "aes", "base64", "bcrypt", "scrypt", "argon2", "pbkdf2",
                                        "utf8", "utf-8", "v1", "v2"})
            if (equals_ignoring_case(value.substr(0, method.size()), method)) return true;
        const size_t dash = value.rfind('-');
        constexpr size_t kShortestWord = 3;
        return dash != value.npos && value.size() - dash > kShortestWord &&
               std::all_of(value.begin() + static_cast<std::ptrdiff_t>(dash) + 1, value.end(),
                           [](char c) { return (class_of(c) & kLower) != 0; }) &&
               content_of(value.substr(0, dash)).lower == 0;
    }

    void report(SecretName name, const Value& value) {
        scan_.report(value.begin, value.end,
                     name == SecretName::kPassword || name == SecretName::kUserPassword
                         ? Detector::kPassword
                         : Detector::kApiSecret);
    }

    // As much of a value as decides what it is.
    std::string_view beginning(const Value& value) const {
        constexpr uint32_t kMost = 64;
        return text_.substr(value.begin, std::min(value.end - value.begin, kMost));
    }

    bool is_secret(SecretName name, const Value& value, bool colon) const {
        const std::string_view v = beginning(value);
        constexpr size_t kShortest = 3, kShortestRandom = 8, kLongWordInText = 20;
        if (v.size() < kShortest || stands_for_another(v) || is_ordinary_word(v)) return false;
        if (name == SecretName::kUserPassword) return content_of(v).digits < v.size();
        if (is_call(v) || (name != SecretName::kPassword && is_location(v))) return false;
        if (name == SecretName::kMaybe) return looks_random(v, kShortestRandom);
        if (value.quoted || !colon) return true;
        // "Password: please enter" is a sentence.
        return !is_like_a_word(v) || v.size() >= kLongWordInText;
    }

    // In quotes, also in escaped ones, or up to what ends a value in a list, a form or a sentence.
    Value value_at(uint32_t begin) {
        const uint32_t escape = scan_.at(begin) == '\\' ? 1 : 0;
        const char quote = scan_.at(begin + escape);
        if (quote == '"' || quote == '\'' || quote == '`') {
            const uint32_t from = begin + escape + 1;
            for (uint32_t at = from; at < text_.size() && at - from < kLongestValue && text_[at] != '\n';
                 ++at)
                if (text_[at] == quote)
                    return {from, at - (at > from && text_[at - 1] == '\\' ? 1 : 0), true};
            begin = from;
        }
        uint32_t end = unquoted_end(begin);
        while (end > begin && std::string_view(".,)]}>:!?\\").find(text_[end - 1]) != std::string_view::npos)
            --end;
        return {begin, end, false};
    }

    // Of a run without blanks that several names share, the end is looked for once.
    uint32_t unquoted_end(uint32_t begin) {
        if (begin >= run_.begin && begin < run_.end) return run_.end;
        uint32_t end = begin;
        while (end < text_.size() && end - begin < kLongestValue && !ends_value(text_[end])) {
            // "password=a,user=b"
            if (text_[end] == ',' && begins_pair(end + 1)) break;
            ++end;
        }
        run_ = {begin, end, false};
        return end;
    }

    static bool ends_value(char c) {
        return is_space(c) || c == ';' || c == '&' || c == '"' || c == '\'' || c == '`' || c == '|' ||
               c == '<';
    }

    // A name and '=' or ':' behind it.
    bool begins_pair(uint32_t at) const {
        constexpr uint32_t kLongestName = 32;
        const uint32_t begin = at;
        while (at - begin < kLongestName && (is_word(scan_.at(at)) || scan_.at(at) == '_')) ++at;
        return at > begin && (scan_.at(at) == '=' || scan_.at(at) == ':');
    }

    uint32_t line_end(uint32_t begin) {
        if (begin >= line_.begin && begin < line_.end) return line_.end;
        uint32_t end = begin;
        while (end < text_.size() && end - begin < kLongestValue && text_[end] != '\n' &&
               text_[end] != '\r' && text_[end] != '"' && text_[end] != '\'')
            ++end;
        return end;
    }

    // "Bearer …", "AWS4-HMAC-SHA256 Credential=…, Signature=…", or a token alone.
    void take_authorization(uint32_t begin, bool only_known) {
        if (scan_.at(begin) == '"' || scan_.at(begin) == '\'') ++begin;
        if (begin < authorization_end_) return;
        const uint32_t line = line_end(begin);
        uint32_t end = begin;
        while (end < line && !is_space(text_[end])) ++end;
        const std::string_view scheme = text_.substr(begin, end - begin);
        const bool known = equals_ignoring_case(scheme, "bearer") || equals_ignoring_case(scheme, "basic") ||
                           equals_ignoring_case(scheme, "digest") ||
                           equals_ignoring_case(scheme, "negotiate") ||
                           equals_ignoring_case(scheme, "ntlm") || equals_ignoring_case(scheme, "token") ||
                           equals_ignoring_case(scheme, "apikey") || equals_ignoring_case(scheme, "hawk") ||
                           scheme.starts_with("AWS4-");
        if (known) {
            begin = end;
            while (begin < line && is_space(text_[begin])) ++begin;
            end = begin;
        }
        // Parameters go on behind a comma.
        while (end < line && (!is_space(text_[end]) || (end > begin && text_[end - 1] == ','))) ++end;
        while (end > begin && std::string_view(".,;)]}").find(text_[end - 1]) != std::string_view::npos)
            --end;
        const std::string_view value = text_.substr(begin, end - begin);
        constexpr size_t kShortest = 4, kShortestUnknown = 8;
        if (value.size() < (known ? kShortest : kShortestUnknown) || value.starts_with("eyJ") ||
            stands_for_another(value) || is_ordinary_word(value))
            return;
        if (only_known ? !known || !looks_random(value, kShortest)
                       : !known && !looks_random(value, kShortestUnknown))
            return;
        scan_.report(begin, end, Detector::kApiSecret);
    }

    void take_cookie(uint32_t separator) {
        uint32_t name = separator;
        while (name > 0 && separator - name < 64 && (is_word(text_[name - 1]) || text_[name - 1] == '-'))
            --name;
        const Value value = value_at(separator + 1);
        const std::string_view v = beginning(value);
        constexpr size_t kShortestSession = 8, kShortestOther = 16;
        const std::string_view pair = text_.substr(name, separator - name);
        if (is_cookie_attribute(pair) || v.empty() || stands_for_another(v) ||
            !looks_random(v, names_session(pair) ? kShortestSession : kShortestOther))
            return;
        scan_.report(value.begin, value.end, Detector::kApiSecret);
    }

    Scan& scan_;
    const std::string_view text_;
    uint32_t cookies_end_ = 0;        // of a header's pairs
    uint32_t authorization_end_ = 0;  // of the last header of that name
    size_t first_bracket_ = 0;        // from 1; 0 is not known
    Value run_, line_;                // the last ones that were read
};

}  // namespace

bool scan_secret_behind_verb(Scan& scan, size_t token) {
    const Token& verb = scan.tokens[token];
    const uint32_t blank = verb.end + (scan.at(verb.end) == ':' ? 1 : 0);
    if (scan.at(blank) != ' ') return false;
    const SecretName name = secret_before_verb(scan.text, verb.begin, verb.end);
    return name != SecretName::kNone && Assignments(scan).take_behind_verb(name, blank + 1);
}

void scan_commands(Scan& scan) {
    find_command_secrets(scan.text, [&scan](const CommandSecret& secret) {
        scan.report(secret.begin, secret.end, secret.password ? Detector::kPassword : Detector::kApiSecret);
        return true;
    });
}

void scan_assignments(Scan& scan) {
    Assignments(scan).run();
}

}  // namespace gpsync::core::pii
