// Numbers written in groups, and what the words in front of a number say of it.
#include <algorithm>
#include <array>
#include <cstring>

#include "core/ascii_case.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/remark.hpp"

namespace gpsync::core::pii {

namespace {

// What a single byte between two groups of digits is: see soft_separator().
constexpr std::array<char, 128> kSeparators = [] {
    std::array<char, 128> separators{};
    for (char c : {' ', '\t', '\n', '\r', '+'})  // '+' as forms write a blank
        separators[static_cast<unsigned char>(c)] = ' ';
    for (char c : {'-', '/', '_', '.'}) separators[static_cast<unsigned char>(c)] = c;
    separators['('] = separators[')'] = ')';
    return separators;
}();

}  // namespace

char soft_separator(std::string_view between) {
    if (between.size() == 1)
        return static_cast<unsigned char>(between[0]) < 128
                   ? kSeparators[static_cast<unsigned char>(between[0])]
                   : 0;
    if (between.empty() || between.size() > 3) return 0;
    char result = ' ';
    for (char c : between) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        if (c == '(' || c == ')')
            result = ')';
        else if (c == '-' || c == '/' || c == '_')
            result = result == ' ' ? c : result;
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

// Adds the groups of the words from tokens[next] on, as far as they belong to the number. skip: as for
// collect_groups().
void append_groups(const Scan& scan, size_t next, uint32_t skip, DigitGroups& groups) {
    size_t digits = groups.sums[groups.count];
    for (size_t i = next; i < scan.tokens.size() && groups.count < DigitGroups::kMostGroups; ++i) {
        const Token& t = scan.tokens[i];
        const bool first = groups.count == 0;
        const uint32_t letters = first ? skip : 0;
        const uint32_t size = letters > 0 ? t.size() - letters : digits_in_front(scan, t);
        if (size == 0 || digits + size > DigitGroups::kMostDigits) break;
        char separator = 0;
        if (!first) {
            const uint32_t from = scan.tokens[i - 1].end;
            separator = soft_separator(scan.text.substr(from, t.begin - from));
            if (separator == 0) break;
        }
        const size_t k = groups.count++;
        groups.sizes[k] = static_cast<uint8_t>(size);
        groups.separators[k] = separator;
        groups.begins[k] = t.begin + letters;
        groups.ends[k] = t.end;
        for (uint32_t d = 0; d < size; ++d) groups.digits[digits + d] = scan.text[t.begin + letters + d];
        groups.sums[k + 1] = static_cast<uint8_t>(digits += size);
        if (size + letters != t.size()) break;
    }
}

// How many of the first groups are alike, the first so many of which are known to be.
void count_alike(DigitGroups& groups) {
    size_t& sizes = groups.alike_sizes;
    while (sizes < groups.count && groups.sizes[sizes] == groups.sizes[0]) ++sizes;
    size_t& separators = groups.alike_separators;
    while (separators < groups.count &&
           (separators < 2 || groups.separators[separators] == groups.separators[1]))
        ++separators;
}

}  // namespace

DigitGroups collect_groups(const Scan& scan, size_t token, uint32_t skip) {
    DigitGroups groups;
    groups.sums[0] = 0;
    append_groups(scan, token, skip, groups);
    count_alike(groups);
    return groups;
}

bool Scan::advance_groups() {
    DigitGroups& g = groups_;
    if (g.count < 2) return false;
    const uint8_t first = g.sizes[0];
    const size_t left = --g.count;
    std::memmove(g.digits, g.digits + first, static_cast<size_t>(g.sums[left + 1] - first));
    for (size_t k = 0; k <= left; ++k) g.sums[k] = static_cast<uint8_t>(g.sums[k + 1] - first);
    std::memmove(g.sizes, g.sizes + 1, left);
    std::memmove(g.separators, g.separators + 1, left);
    g.separators[0] = 0;
    std::memmove(g.begins, g.begins + 1, left * sizeof *g.begins);
    std::memmove(g.ends, g.ends + 1, left * sizeof *g.ends);
    // What was alike is so without the first one, if the second one was among it.
    g.alike_sizes = g.alike_sizes > 1 ? g.alike_sizes - 1 : 0;
    g.alike_separators = g.alike_separators > 2 ? g.alike_separators - 1 : 0;
    const Token& last = tokens[groups_token_ + left];
    if (g.sizes[left - 1] == last.size()) append_groups(*this, groups_token_ + left + 1, 0, g);
    count_alike(g);
    return true;
}

const DigitGroups& Scan::groups_at(size_t token) {
    if (token != groups_token_ + 1 || groups_token_ == SIZE_MAX || !advance_groups())
        groups_ = collect_groups(*this, token);
    groups_token_ = token;
    return groups_;
}

bool DigitGroups::sizes_are(std::initializer_list<uint8_t> expected) const {
    return expected.size() <= count && std::equal(expected.begin(), expected.end(), sizes);
}

bool Scan::fastened(size_t token) const {
    if (token == 0 || tokens[token - 1].all_digits()) return false;
    const uint32_t gap = tokens[token].begin - tokens[token - 1].end;
    return gap == 1 && std::string_view("-_./").find(text[tokens[token].begin - 1]) != std::string_view::npos;
}

bool Scan::part_of_word(size_t token, char separator) const {
    constexpr uint32_t kOfThings = kOrder | kArticle | kDocument | kReference | kHash | kVersion;
    if (!fastened(token)) return false;
    const char joint = before(tokens[token].begin);
    if (joint == '-' || joint == separator || separator == ' ') return true;
    const Word* noun = noun_before(token);
    return noun != nullptr && (noun->flags & kOfThings) != 0;
}

bool Scan::has_cents(uint32_t begin, uint32_t end) const {
    if (at(end) != ',' || !is_digit(at(end + 1)) || before(begin) == ',') return false;
    uint32_t behind = end + 2;
    if (is_digit(at(behind))) ++behind;
    // With more digits behind the comma it is a table, and so with another comma there.
    return !is_word(at(behind)) && at(behind) != '-' && !(at(behind) == ',' && is_word(at(behind + 1)));
}

DetectorSet Scan::hint_before(size_t token) {
    if (hint_token_ != token) {
        hint_ = make_hint(token);
        hint_token_ = token;
    }
    return hint_;
}

namespace {

constexpr size_t kLongestPhrase = 3;

// The longest phrase that begins at tokens[first], ends before tokens[last], and is in the table of words in
// front of a number. words_found: of how many words.
const Word* find_phrase(const Scan& scan, size_t first, size_t last, size_t& words_found) {
    char phrase[kLongestWord];
    size_t sizes[kLongestPhrase], size = 0, words = 0;
    uint32_t hashes[kLongestPhrase];
    WordHash hash;
    for (; words < std::min(kLongestPhrase, last - first); ++words) {
        const std::string_view next = scan.word(first + words);
        if (size + next.size() > kLongestWord) break;
        for (char c : next) hash.add(phrase[size++] = to_lower(c));
        sizes[words] = size;
        hashes[words] = hash.value();
    }
    for (; words > 0; --words) {
        const Word* found = find_word({phrase, sizes[words - 1]}, hashes[words - 1]);
        if (found == nullptr || (found->flags & kNameOnly) != 0) continue;
        words_found = words;
        return found;
    }
    return nullptr;
}

// "national id", not "id": the phrase that tokens[first] is in, over single blanks, and begins before it, if
// one names a kind. Else found, which begins there.
const Word* find_whole_phrase(const Scan& scan, size_t first, size_t last) {
    size_t words = 0;
    const Word* found = find_phrase(scan, first, last, words);
    if (found == nullptr) return found;
    size_t begin = first;
    while (begin > 0 && first - begin < kLongestPhrase - 1 && !scan.tokens[begin - 1].all_digits() &&
           scan.tokens[begin].begin - scan.tokens[begin - 1].end == 1)
        --begin;
    for (; begin < first; ++begin) {
        size_t around = 0;
        const Word* whole = find_phrase(scan, begin, last, around);
        if (whole != nullptr && begin + around >= first + words && whole->detector != Detector::kNone)
            return whole;
    }
    return found;
}

// "CVV (3 digits): 123", "PIN [optional]: 4821": the words in front of the token begin before the remark.
// Else the token itself. What stands in brackets in front of "=(" or "=>" is a name: "Key (ssn)=(…)", "[cvv]
// => …".
size_t before_remark(const Scan& scan, size_t token) {
    constexpr size_t kMostWords = 4;
    if (token == 0) return token;
    const auto gap = [&scan](size_t i) {
        return scan.text.substr(scan.tokens[i - 1].end, scan.tokens[i].begin - scan.tokens[i - 1].end);
    };
    const std::string_view last = gap(token);
    if (last.size() > 3 || last.empty() || (last[0] != ')' && last[0] != ']') || last == ")=(") return token;
    const std::string_view before = scan.text.substr(0, scan.tokens[token - 1].end + 1);
    if (last[0] == ']' && without_remark(before).size() == before.size()) return token;  // the tag of a log
    const char open = last[0] == ')' ? '(' : '[';
    for (size_t first = token - 1; first > 0 && token - first <= kMostWords; --first)
        if (gap(first).ends_with(open)) return first;
    return token;
}

// Whether what is between a name and its number parts them as fields, lines, brackets and emphasis do, and no
// more; behind a line's end the number stands alone.
bool separates_fields(const Scan& scan, size_t token, std::string_view gap) {
    constexpr size_t kLongest = 16;
    if (gap.size() > kLongest || gap == ";") return gap == ";";
    std::array<char, kLongest> kept;
    size_t size = 0;
    for (const char c : gap)
        if (c != ' ' && c != '\t' && c != '\r') kept[size++] = c;
    const std::string_view marks(kept.data(), size);
    constexpr std::string_view kOfFields[] = {"|",  "\"|\"", "\";\"", "]=",  "]=>", "]=\"", "]='", "\\|",
                                              "]:", "**:",   ":**",   "*:*", "**|", "*:",   ":*"};
    // "cvv → 123", "cvv • 123", which are folded.
    constexpr size_t kLongestArrow = 6;
    if (!marks.empty() && marks.size() <= kLongestArrow &&
        marks.find_first_not_of(":=->~*.|") == std::string_view::npos)
        return true;
    if (std::find(std::begin(kOfFields), std::end(kOfFields), marks) != std::end(kOfFields)) return true;
    const char behind = scan.at(scan.tokens[token].end);
    // "cvv: |" and "cvv:" with a list below are YAML's.
    constexpr std::string_view kOfLines[] = {"\n",    ":\n",  ":|\n", ":>\n", ":|-\n",
                                             ":>-\n", ":\n-", "=\n",  "->\n", "=>\n"};
    return std::find(std::begin(kOfLines), std::end(kOfLines), marks) != std::end(kOfLines) &&
           (behind == '\0' || behind == '\n' || behind == '\r');
}

// Whether some phrase among the words in front of the token may be one that names a kind; false is sure.
bool may_be_named(const Scan& scan, size_t token, size_t most_words) {
    for (size_t back = 1; back <= std::min(most_words, token); ++back) {
        const size_t first = token - back;
        const Token& t = scan.tokens[first];
        if (t.all_digits() || t.end <= scan.done) return false;
        if (!may_begin_naming(scan.word(first))) continue;
        WordHash phrase;
        size_t size = 0, hashed = first;
        for (size_t k = first; k < std::min(token, first + kLongestPhrase); ++k) {
            if ((size += scan.tokens[k].size()) > kLongestWord) break;
            if (!may_end_naming(scan.word(k))) continue;
            for (; hashed <= k; ++hashed)
                for (char c : scan.word(hashed)) phrase.add(to_lower(c));
            if (may_name_number(phrase.value())) return true;
        }
    }
    return false;
}

// Seconds or milliseconds since 1970, of the years 2015 to 2034.
bool is_epoch(std::string_view digits) {
    constexpr int kFirst = 1420, kLast = 2050;  // in millions
    if (digits.size() != 10 && digits.size() != 13) return false;
    const int millions = number_of(digits.substr(0, 4));
    return millions >= kFirst && millions < kLast;
}

// What a form asks for one of, and nobody counts.
bool is_never_counted(Detector detector) {
    return info(detector).only_remove || detector == Detector::kSsn || detector == Detector::kItin;
}

// "cvv=123", "cvv: 123"
bool is_assigned(const Scan& scan, size_t token) {
    constexpr uint32_t kLongestGap = 3;
    const uint32_t begin = scan.tokens[token].begin;
    uint32_t at = begin;
    while (begin - at < kLongestGap &&
           std::string_view(" \"'").find(scan.before(at)) != std::string_view::npos)
        --at;
    return scan.before(at) == '=' || scan.before(at) == ':';
}

// "call 3000000 times", "call took 1234567 ns", "called at 1763790677": whether a word between the one that
// names a kind and the number, from tokens[first] on, or directly behind the number says that it counts or
// measures something.
bool is_measure(const Scan& scan, Detector detector, size_t first, size_t token) {
    static constexpr std::string_view kVerbs[] = {"took", "takes", "lasted", "returned", "returns", "costs"};
    static constexpr std::string_view kUnits[] = {
        "times",   "ns",      "us",      "ms",       "sec",         "secs",     "seconds",  "minutes",
        "hours",   "days",    "bytes",   "kb",       "mb",          "gb",       "calls",    "rows",
        "items",   "events",  "records", "requests", "connections", "sessions", "messages", "users",
        "retries", "packets", "entries", "lines",    "chars",       "tokens",   "tests",    "characters"};
    static constexpr std::string_view kOfTime[] = {"at",     "on",      "since",   "until",     "created",
                                                   "closed", "updated", "expired", "timestamp", "time"};
    if (!scan.tokens[token].all_digits()) return false;
    const bool epoch = is_epoch(scan.word(token));
    // "CVV check returned 100", but "CVV returned: 123"
    const auto of_something_else = [&](size_t verb) {
        if (!info(detector).only_remove) return true;
        const Word* noun = verb > first ? find_word(core::to_lower(scan.word(verb - 1))) : nullptr;
        return noun != nullptr && noun->detector == Detector::kNone && (noun->flags & kQualifier) != 0;
    };
    for (size_t i = first; i < token; ++i)
        if ((is_one_of(scan.word(i), kVerbs) && of_something_else(i)) ||
            (epoch && is_one_of(scan.word(i), kOfTime)))
            return true;
    if (token + 1 >= scan.tokens.size() || scan.tokens[token + 1].digits > 0) return false;
    const uint32_t end = scan.tokens[token].end;
    const char behind_unit = scan.at(scan.tokens[token + 1].end);
    return scan.tokens[token + 1].begin == end + 1 && scan.text[end] == ' ' && behind_unit != '=' &&
           behind_unit != ':' && !(is_never_counted(detector) && is_assigned(scan, token)) &&
           is_one_of(scan.word(token + 1), kUnits);
}

// "cvv.js:123", "File \"/app/pin.py\", line 1234": whether the word is the name of a file of source code, and
// the number a line in it.
bool is_source_line(const Scan& scan, size_t word, size_t number) {
    static constexpr std::string_view kSources[] = {
        "c",    "cc", "cpp",   "cs",  "cxx", "dart",   "ex",    "erl", "go",  "groovy", "h",  "hpp", "hs",
        "java", "jl", "js",    "jsx", "kt",  "lua",    "mjs",   "cjs", "ml",  "php",    "pl", "pm",  "py",
        "rb",   "rs", "scala", "sh",  "sql", "svelte", "swift", "ts",  "tsx", "vb",     "vue"};
    const uint32_t dot = scan.tokens[word].end;
    if (word + 2 > number || scan.at(dot) != '.' || scan.tokens[word + 1].begin != dot + 1 ||
        !is_one_of(scan.word(word + 1), kSources))
        return false;
    const uint32_t behind = scan.tokens[word + 1].end;
    if (word + 2 < number) return word + 3 == number && is_one_of(scan.word(word + 2), {"line", "l", "ln"});
    const std::string_view gap = scan.text.substr(behind, scan.tokens[number].begin - behind);
    return gap == ":" || gap == "(" || gap == "#";
}

// "GPIO pin 17", "map pin 1234": of hardware and maps.
bool is_of_things(const Scan& scan, Detector detector, size_t word) {
    return detector == Detector::kPin && word > 0 && equals_ignoring_case(scan.word(word), "pin") &&
           is_one_of(scan.word(word - 1),
                     {"gpio", "map", "header", "connector", "arduino", "jumper", "i2c", "usb", "bowling"});
}

}  // namespace

// Reads backwards from the token, a few words: the nearest phrase that names a kind decides. Another number,
// a line's end or something cut out earlier ends the search, so that a word stands for one number only.
DetectorSet Scan::make_hint(size_t token) const {
    constexpr size_t kMostWords = 5, kMostBytes = 64;
    const size_t number = token;
    token = before_remark(*this, token);
    if (!may_be_named(*this, token, kMostWords)) return {};
    constexpr uint32_t kOther = kVersion | kOrder | kIdentifier | kReference | kHash;
    bool other_sentence = false, in_brackets = false;
    for (size_t i = token; i-- > 0 && token - i <= kMostWords;) {
        const std::string_view gap = text.substr(tokens[i].end, tokens[i + 1].begin - tokens[i].end);
        if (tokens[number].begin - tokens[i].begin > kMostBytes || tokens[i].all_digits() ||
            tokens[i].end <= done)
            break;
        if (gap.find_first_of("\n;|]*\x1A") != std::string_view::npos &&
            !(i + 1 == number && separates_fields(*this, number, gap)))
            break;
        // What is in front of "[retry]: 5552345" says nothing of the number.
        if (in_brackets && gap.find('[') != std::string_view::npos) break;
        in_brackets |= i + 1 == number && gap[0] == ']';
        other_sentence |= i + 1 < token && gap.find(". ") != std::string_view::npos;
        const Word* found = find_whole_phrase(*this, i, token);
        const bool near = !other_sentence && token - i <= kLongestPhrase;
        if (found != nullptr && found->detector == Detector::kNone && near && (found->flags & kOther) != 0)
            return {};
        if (found == nullptr || found->detector == Detector::kNone) continue;
        // "cvv code of the card: 123"
        if (found->detector == Detector::kPan && tokens[number].size() == 3 && is_assigned(*this, number))
            continue;
        if (is_source_line(*this, i, number) || is_of_things(*this, found->detector, i)) return {};
        return is_measure(*this, found->detector, i + 1, token) ? DetectorSet()
                                                                : DetectorSet(found->detector);
    }
    return {};
}

const Word* Scan::word_before(size_t token) const {
    constexpr size_t kLongestGap = 3;
    if (token == 0 || tokens[token - 1].all_digits()) return nullptr;
    const std::string_view gap =
        text.substr(tokens[token - 1].end, tokens[token].begin - tokens[token - 1].end);
    if (gap.size() > kLongestGap || gap.find_first_of("\n\r;|],\x1A") != std::string_view::npos)
        return nullptr;
    for (size_t first = token - std::min(kLongestPhrase, token); first < token; ++first) {
        // A phrase has nothing but blanks and the like between its words, and ends at the token.
        bool joined = true;
        size_t size = 0;
        WordHash hash;
        for (size_t i = first; i < token; ++i) {
            joined &= i == first || tokens[i].begin - tokens[i - 1].end == 1;
            size += tokens[i].size();
            if (!joined || size > kLongestWord) break;
            for (char c : word(i)) hash.add(to_lower(c));
        }
        if (!joined || size > kLongestWord) continue;
        char phrase[kLongestWord];
        size = 0;
        for (size_t i = first; i < token; ++i)
            for (char c : word(i)) phrase[size++] = to_lower(c);
        const Word* found = find_word({phrase, size}, hash.value());
        if (found != nullptr && (found->flags & kNameOnly) == 0) return found;
    }
    return nullptr;
}

const Word* Scan::noun_before(size_t token) const {
    const Word* found = word_before(token);
    const bool suffix = found != nullptr && (found->flags & kSuffix) != 0;
    return suffix && token >= 2 ? word_before(token - 1) : found;
}

bool Scan::spared(uint32_t flags, size_t token, uint32_t begin, uint32_t end) const {
    constexpr size_t kMostWords = 2;  // "order no. 123"
    if (!context.named.empty() || begin != tokens[token].begin || end != tokens[token].end ||
        end != text.size() || token > kMostWords)
        return false;
    if (begin == 0) return (context.flags & flags) != 0;
    const Word* noun = noun_before(token);
    return noun != nullptr && (noun->flags & flags) != 0;
}

bool Scan::article(size_t token, uint32_t begin, uint32_t end) const {
    if (!context.named.empty()) return false;
    if (begin == 0 && end == text.size()) return (context.flags & kArticle) != 0;
    const Word* noun = noun_before(token);
    return noun != nullptr && (noun->flags & kArticle) != 0;
}

bool Scan::document(size_t token, const DigitGroups& g, size_t count) const {
    const bool joined = std::all_of(g.separators + 1, g.separators + count,
                                    [](char separator) { return separator == '-' || separator == '/'; });
    if (!context.named.empty() || !joined) return false;
    if (g.begins[0] == 0 && g.ends[count - 1] == text.size()) return (context.flags & kDocument) != 0;
    if (count != 2 || g.sizes[0] != 4 || (g.sizes[1] != 5 && g.sizes[1] != 6)) return false;
    const Word* noun = noun_before(token);
    return noun != nullptr && (noun->flags & kDocument) != 0;
}

}  // namespace gpsync::core::pii
