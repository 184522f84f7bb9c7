#include "core/pii/remark.hpp"

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

std::string_view without_remark(std::string_view text) {
    constexpr size_t kLongest = 24;
    if (text.empty() || (text.back() != ')' && text.back() != ']')) return text;
    const bool round = text.back() == ')';
    size_t open = text.size() - 1;
    while (open > 0 && text.size() - open < kLongest && text[open] != (round ? '(' : '[')) --open;
    // "user[optional]" is a member of a form.
    const bool apart = round || (open > 0 && text[open - 1] == ' ');
    const bool known =
        is_one_of(trim(text.substr(open + 1, text.size() - open - 2)),
                  {"required", "mandatory", "optional", "again", "repeat", "repeated", "confirm",
                   "confirmation", "as on card", "as on the card", "as shown on card", "as printed on card",
                   "pflichtfeld", "obligatoire", "obligatorio", "*"});
    if (!apart || !known) return text;
    size_t end = open;
    while (end > 0 && is_space(text[end - 1])) --end;
    return end > 0 ? text.substr(0, end) : text;
}

}  // namespace gpsync::core::pii
