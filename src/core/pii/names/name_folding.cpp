#include "core/pii/names/name_folding.hpp"

#include <algorithm>
#include <string>

#include "core/letters.hpp"
#include "core/pii/mapped_text.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

bool is_mark_of_a_letter(char32_t c) {  // vowels of Arabic and Hebrew, which names are written without
    constexpr char32_t kTatweel = 0x640;
    return c == kTatweel || (c >= 0x590 && c < 0x700 && letters::is_mark(c));
}

// Small letters; Greek and Arabic without their marks, the Cyrillic io as the e that most write for it, a
// sigma at a word's end as any other, since there is one capital for both.
char32_t in_vocabulary(char32_t c) {
    constexpr char32_t kIo = 0x451, kIe = 0x435, kFinalSigma = 0x3C2, kSigma = 0x3C3;
    const bool greek = (c >= 0x370 && c < 0x400) || (c >= 0x1F00 && c < 0x2000);
    const bool arabic = c >= 0x600 && c < 0x700;
    const char32_t small = letters::to_small(greek || arabic ? letters::without_marks(c) : c);
    if (small == kFinalSigma) return kSigma;
    return small == kIo ? kIe : small;
}

// "tugʻilgan", "ko‘cha", "імʼя": within a word. French writes U+2019 between two, so behind ASCII that is
// none.
bool is_within_word(char32_t c, bool behind_ascii) {
    constexpr char32_t kFirstModifier = 0x2B9, kLastModifier = 0x2BF, kTurned = 0x2018, kQuote = 0x2019;
    return (c >= kFirstModifier && c <= kLastModifier) || c == kTurned ||
           ((c == kQuote || c == '\'') && !behind_ascii);
}

constexpr char32_t kProlongedSound = 0x30FC;  // of kana; folded to a dash in values

// What a character of a name becomes.
class FoldedName {
  public:
    explicit FoldedName(std::span<char> out) : out_(out) {}
    size_t size() const { return size_; }
    bool ends_in_ascii() const { return !other_; }

    void ascii(std::string_view text) {
        if (other_) put("_");
        other_ = lower_ = false;
        put(text);
    }
    void letter(char32_t c) {
        const char32_t lower = in_vocabulary(c);
        const bool small = letters::to_small(c) == c;
        const bool ends_word = other_ ? lower_ && !small : size_ > 0 && is_word(out_[size_ - 1]);
        if (ends_word) put("_");
        other_ = true;
        lower_ = small;
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
        const std::string plain = code < 0x80 ? std::string(1, name[i]) : letters::in_ascii(code);
        i += length;
        if (is_within_word(code, folded.ends_in_ascii())) continue;
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
