#include "core/pii/names/name_folding.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/pii/mapped_text.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

// The ASCII letters below the accents, from U+00C0, U+0180, U+1E00 on ('?': none, or two letters).
constexpr std::string_view kLatin1AndA =
    "AAAAAA?CEEEEIIIIDNOOOOO?OUUUUY??aaaaaa?ceeeeiiiidnooooo?ouuuuy?yAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
    "GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOo??RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
constexpr std::string_view kLatinB =
    "???????????????E????????????????Oo?????????????Uu???????????????????DDdLLlNNnAaIiOoUuUuUuUuUu?Aa"
    "Aa????GgKkOoOo??jDDdGg??NnAa????AaAaEeEeIiIiOoOoRrRrUuUuSsTt??Hh??????AaEeOoOoOoOoYy????????????"
    "????????????????";
constexpr std::string_view kLatinAdditional =
    "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRr"
    "SsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyas????AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
    "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy??????";
static_assert(kLatin1AndA.size() == 0xC0 && kLatinB.size() == 0xD0 && kLatinAdditional.size() == 0x100);

std::string_view two_letters(char32_t c) {
    switch (c) {
        case 0xC6:
            return "AE";
        case 0xE6:
            return "ae";
        case 0xDF:
        case 0x1E9E:
            return "ss";
        case 0xDE:
            return "TH";
        case 0xFE:
            return "th";
        case 0x152:
            return "OE";
        case 0x153:
            return "oe";
        case 0x132:
            return "IJ";
        case 0x133:
            return "ij";
        default:
            return {};
    }
}

// Of a letter with an accent; empty for any other character.
std::string_view without_accent(char32_t c) {
    const auto letter = [c](std::string_view table, char32_t first) {
        const std::string_view one = table.substr(c - first, 1);
        return one == "?" ? two_letters(c) : one;
    };
    if (c >= 0xC0 && c < 0x180) return letter(kLatin1AndA, 0xC0);
    if (c >= 0x180 && c < 0x250) return letter(kLatinB, 0x180);
    if (c >= 0x1E00 && c < 0x1F00) return letter(kLatinAdditional, 0x1E00);
    return c == 0x259 ? std::string_view("e") : std::string_view();
}

bool is_mark_of_a_letter(char32_t c) {  // vowels of Arabic and Hebrew, which names are written without
    return (c >= 0x64B && c <= 0x652) || c == 0x640 || c == 0x670 || (c >= 0x5B0 && c <= 0x5BD) ||
           c == 0x5BF || c == 0x5C1 || c == 0x5C2;
}

// Greek and Cyrillic; vowels of Greek without accents, alef of Arabic without hamza.
char32_t lower_case(char32_t c) {
    static constexpr std::pair<char32_t, char32_t> kFolded[] = {
        {0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9}, {0x38C, 0x3BF}, {0x38E, 0x3C5},
        {0x38F, 0x3C9}, {0x390, 0x3B9}, {0x3AC, 0x3B1}, {0x3AD, 0x3B5}, {0x3AE, 0x3B7}, {0x3AF, 0x3B9},
        {0x3B0, 0x3C5}, {0x3CA, 0x3B9}, {0x3CB, 0x3C5}, {0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9},
        {0x401, 0x435}, {0x451, 0x435}, {0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}};
    for (const auto& [from, to] : kFolded)
        if (c == from) return to;
    if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) return c + 0x20;
    return c >= 0x400 && c <= 0x40F ? c + 0x50 : c;
}

constexpr char32_t kProlongedSound = 0x30FC;  // of kana; folded to a dash in values

// What a character of a name becomes.
class FoldedName {
  public:
    explicit FoldedName(std::span<char> out) : out_(out) {}
    size_t size() const { return size_; }

    void ascii(std::string_view text) {
        if (other_) put("_");
        other_ = lower_ = false;
        put(text);
    }
    void letter(char32_t c) {
        const char32_t lower = lower_case(c);
        const bool ends_word = other_ ? lower_ && lower != c : size_ > 0 && is_word(out_[size_ - 1]);
        if (ends_word) put("_");
        other_ = true;
        lower_ = lower == c;
        bytes_.clear();
        utf8::append(bytes_, lower);
        put(bytes_);
    }

  private:
    void put(std::string_view text) {
        if (size_ + text.size() > out_.size()) return;
        std::copy(text.begin(), text.end(), out_.data() + size_);
        size_ += text.size();
    }

    std::span<char> out_;
    std::string bytes_;
    size_t size_ = 0;
    bool other_ = false, lower_ = false;  // of the last character: no ASCII; a small letter
};

}  // namespace

size_t fold_name(std::string_view name, std::span<char> out) {
    FoldedName folded(out);
    if (name.size() > out.size()) name.remove_prefix(name.size() - out.size());
    for (size_t i = 0; i < name.size();) {
        char32_t code;
        const size_t length = utf8::decode(name, i, code);
        const std::string_view plain = code < 0x80 ? name.substr(i, 1) : without_accent(code);
        i += length;
        if (!plain.empty()) {
            folded.ascii(plain);
            continue;
        }
        if (code == utf8::kReplacement || is_mark_of_a_letter(code)) continue;
        const char c = fold_character(code);
        if (code == kProlongedSound || c == kUnspacedLetter || class_of(c) == kOtherLetter)
            folded.letter(code);
        else if (c != '\0')
            folded.ascii({&c, 1});
    }
    return folded.size();
}

}  // namespace gpsync::core::pii
