// Numbers written in groups, and what the words in front of a number say of it.
#include <algorithm>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

char soft_separator(std::string_view between) {
    if (between.empty() || between.size() > 3) return 0;
    char result = ' ';
    for (char c : between) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        if (c == '(' || c == ')')
            result = ')';
        else if (c == '-' || c == '/' || c == '_')
            result = result == ' ' ? c : result;
        else if (c == '.' && between.size() == 1)
            result = '.';
        else if (c == '+' && between.size() == 1)
            result = ' ';  // as forms write a blank
        else
            return 0;
    }
    return result;
}

namespace {

// How many digits of a word belong to a number: all of "2853", the first four of "2853x3737" (with an
// extension).
uint32_t digits_in_front(const Scan& scan, const Token& t) {
    if (t.all_digits()) return t.size();
    constexpr uint32_t kLastGroup = 4, kLongestExtension = 6;
    const bool extension = t.size() > kLastGroup + 1 && t.size() <= kLastGroup + 1 + kLongestExtension &&
                           t.digits == t.size() - 1 && to_lower(scan.text[t.begin + kLastGroup]) == 'x';
    return extension ? kLastGroup : 0;
}

}  // namespace

DigitGroups collect_groups(const Scan& scan, size_t token, uint32_t skip) {
    DigitGroups groups;
    size_t digits = 0;
    for (size_t i = token; i < scan.tokens.size() && groups.count < DigitGroups::kMostGroups; ++i) {
        const Token& t = scan.tokens[i];
        const uint32_t letters = i == token ? skip : 0;
        const uint32_t size = letters > 0 ? t.size() - letters : digits_in_front(scan, t);
        if (size == 0 || digits + size > DigitGroups::kMostDigits) break;
        char separator = 0;
        if (i > token) {
            const uint32_t from = scan.tokens[i - 1].end;
            separator = soft_separator(scan.text.substr(from, t.begin - from));
            if (separator == 0) break;
        }
        const size_t k = groups.count++;
        groups.sizes[k] = static_cast<uint8_t>(size);
        groups.separators[k] = separator;
        groups.begins[k] = t.begin + letters;
        groups.ends[k] = t.end;
        std::copy_n(scan.text.data() + t.begin + letters, size, groups.digits + digits);
        digits += size;
        if (size + letters != t.size()) break;
    }
    return groups;
}

size_t DigitGroups::total(size_t groups) const {
    size_t sum = 0;
    for (size_t k = 0; k < groups; ++k) sum += sizes[k];
    return sum;
}

bool DigitGroups::same_separators(size_t groups) const {
    for (size_t k = 2; k < groups; ++k)
        if (separators[k] != separators[1]) return false;
    return true;
}

bool DigitGroups::sizes_are(std::initializer_list<uint8_t> expected) const {
    return expected.size() <= count && std::equal(expected.begin(), expected.end(), sizes);
}

bool Scan::fastened(size_t token) const {
    if (token == 0 || tokens[token - 1].all_digits()) return false;
    const uint32_t gap = tokens[token].begin - tokens[token - 1].end;
    return gap == 1 && std::string_view("-_./").find(text[tokens[token].begin - 1]) != std::string_view::npos;
}

const Scan::Hint& Scan::hint_before(size_t token) {
    if (hint_token_ != token) {
        hint_ = make_hint(token);
        hint_token_ = token;
    }
    return hint_;
}

// Reads backwards from the token, a few words: the nearest phrase that means something decides. Another
// number, a line's end or something cut out earlier ends the search, so that a word stands for one number
// only.
Scan::Hint Scan::make_hint(size_t token) const {
    constexpr size_t kMostWords = 5, kMostBytes = 64, kLongestPhrase = 3;
    bool other_sentence = false;
    constexpr uint32_t kKinds = kVersion | kOrder | kIdentifier | kReference | kHash;
    for (size_t i = token; i-- > 0 && token - i <= kMostWords;) {
        const std::string_view gap = text.substr(tokens[i].end, tokens[i + 1].begin - tokens[i].end);
        if (tokens[token].begin - tokens[i].begin > kMostBytes || tokens[i].all_digits() ||
            tokens[i].end <= done)
            break;
        if (gap.find_first_of("\n;|]*\x1A") != std::string_view::npos) break;
        if (i + 1 < token && gap.find(". ") != std::string_view::npos) other_sentence = true;
        char phrase[kLongestWord];
        size_t sizes[kLongestPhrase], size = 0, words = 0;
        uint32_t hashes[kLongestPhrase];
        WordHash hash;
        for (; words < std::min(kLongestPhrase, token - i); ++words) {
            const std::string_view next = word(i + words);
            if (size + next.size() > kLongestWord) break;
            for (char c : next) hash.add(phrase[size++] = to_lower(c));
            sizes[words] = size;
            hashes[words] = hash.value();
        }
        for (; words > 0; --words) {
            const Word* found = find_word({phrase, sizes[words - 1]}, hashes[words - 1]);
            if (found == nullptr || (found->flags & kNameOnly) != 0) continue;
            if (found->detector != Detector::kNone) return {DetectorSet(found->detector), 0};
            if (sizes[words - 1] > 1 && !other_sentence && token - i <= 3 && (found->flags & kKinds) != 0)
                return {{}, found->flags & kKinds};
            if (found->text == "v" && (gap == " " || gap == "." || gap == ". ")) return {{}, kVersion};
        }
    }
    return {};
}

}  // namespace gpsync::core::pii
