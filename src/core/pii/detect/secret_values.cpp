#include "core/pii/detect/secret_values.hpp"

#include <algorithm>

#include "core/pii/names/value_forms.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

bool is_ordinary_word(std::string_view value) {
    static constexpr std::string_view kWords[] = {
        "on",       "off",       "string",     "text",      "varchar",   "incorrect", "wrong",     "changed",
        "change",   "reset",     "updated",    "missing",   "blank",     "unset",     "set",       "not",
        "must",     "should",    "cannot",     "is",        "was",       "has",       "and",       "or",
        "the",      "for",       "field",      "policy",    "password",  "secret",    "token",     "default",
        "failure",  "prompt",    "input",      "env",       "vault",     "file",      "forgotten", "granted",
        "denied",   "unchanged", "filtered",   "mandatory", "encrypted", "hashed",    "http",      "https",
        "bearer",   "basic",     "strong",     "weak",      "never",     "always",    "public",    "private",
        "accepted", "rejected",  "unverified", "sent",      "ask",       "self",      "trust",     "md5"};
    return is_placeholder(value) || is_outcome(value) ||
           std::any_of(std::begin(kWords), std::end(kWords),
                       [value](std::string_view w) { return equals_ignoring_case(value, w); });
}

bool stands_for_another(std::string_view value) {
    return std::string_view("$<{[(%*").find(value[0]) != std::string_view::npos || is_masked(value) ||
           std::all_of(value.begin(), value.end(),
                       [](char c) { return c == 'x' || c == 'X' || !is_word(c); });
}

bool is_call(std::string_view value) {
    size_t end = 0;
    while (end < value.size() && (is_letter(value[end]) || value[end] == '_' || value[end] == '.')) ++end;
    return end > 0 && end < value.size() && value[end] == '(';
}

bool is_location(std::string_view value) {
    return value.find('/') != std::string_view::npos && std::all_of(value.begin(), value.end(), [](char c) {
               return (class_of(c) & (kDigit | kLower)) != 0 ||
                      std::string_view("/._-:#").find(c) != std::string_view::npos;
           });
}

Content content_of(std::string_view value) {
    Content content;
    for (char c : value) {
        const uint8_t c_class = class_of(c);
        content.digits += (c_class & kDigit) != 0;
        content.upper += (c_class & kUpper) != 0;
        content.lower += (c_class & kLower) != 0;
        content.other += (c_class & kWord) == 0;
    }
    return content;
}

bool looks_random(std::string_view value, size_t shortest) {
    const Content c = content_of(value);
    return value.size() >= shortest &&
           ((c.digits > 0 && c.upper + c.lower > 0) || (c.upper > 2 && c.lower > 2));
}

bool is_like_a_word(std::string_view value) {
    const Content c = content_of(value);
    const bool capital = c.upper == 1 && !value.empty() && (class_of(value[0]) & kUpper) != 0;
    return c.digits == 0 && c.other == 0 && (c.upper == 0 || capital || c.lower == 0);
}

}  // namespace gpsync::core::pii
