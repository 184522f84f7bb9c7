#include "core/pii/names/name_class.hpp"

#include <array>
#include <string>

#include "core/pii/mapped_text.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kMostWords = 12;
constexpr size_t kMostBytes = 96;  // of a longer name its end decides

// A name's words in lower case, run together, with the position where each begins.
struct NameWords {
    std::array<char, kMostBytes> bytes;
    std::array<uint8_t, kMostWords + 1> begins{};
    std::array<const Word*, kMostWords> entries{};
    size_t count = 0, size = 0;

    std::string_view range(size_t from, size_t to) const {
        return {bytes.data() + begins[from], static_cast<size_t>(begins[to] - begins[from])};
    }
    bool number(size_t i) const { return is_digit(bytes[begins[i]]); }
    uint32_t flags(size_t i) const {
        return entries[i] == nullptr || (entries[i]->flags & kTextOnly) != 0 ? 0 : entries[i]->flags;
    }
};

// Whether a word ends between name[i - 1] and name[i], both letters or digits.
bool boundary(std::string_view name, size_t i) {
    const uint8_t before = class_of(name[i - 1]), here = class_of(name[i]);
    if ((before & kDigit) != (here & kDigit)) return true;
    if ((here & kUpper) == 0) return false;
    if ((before & kUpper) == 0) return true;
    return i + 1 < name.size() && (class_of(name[i + 1]) & kLower) != 0;  // "IPAddress": before the second A
}

constexpr size_t kMostPieces = 4;

// Cuts a word into known ones, from its end on, the longest first: "customername" is read as "customerName"
// is. cuts gets where they begin, the last first; the answer is how many there are, 0 when something is left
// over.
size_t cut_known(std::string_view word, std::array<uint8_t, kMostPieces>& cuts, size_t count = 0) {
    if (word.empty()) return count;
    if (count == kMostPieces) return 0;
    const size_t shortest = count == 0 ? 2 : 3;
    for (size_t begin = 0; begin + shortest <= word.size(); ++begin) {
        if (begin > 0 && begin < 3) continue;
        const Word* known = find_word(word.substr(begin));
        if (known == nullptr || (known->flags & kTextOnly) != 0) continue;
        cuts[count] = static_cast<uint8_t>(begin);
        if (const size_t all = cut_known(word.substr(0, begin), cuts, count + 1); all != 0) return all;
    }
    return 0;
}

// A name in one case without separators: its only word, which the table does not know, is cut into those it
// knows.
void cut_joined(NameWords& words) {
    size_t letters = words.count;
    while (letters > 1 && words.number(letters - 1)) --letters;
    if (letters != 1 || words.entries[0] != nullptr || words.number(0)) return;
    std::array<uint8_t, kMostPieces> cuts;
    const size_t pieces = cut_known(words.range(0, 1), cuts);
    if (pieces < 2 || words.count + pieces - 1 > kMostWords) return;
    for (size_t i = words.count; i > 0; --i) {  // the numbers behind, and the end
        words.begins[i + pieces - 1] = words.begins[i];
        if (i < words.count) words.entries[i + pieces - 1] = words.entries[i];
    }
    words.count += pieces - 1;
    for (size_t i = 0; i < pieces; ++i) words.begins[i] = cuts[pieces - 1 - i];
    for (size_t i = 0; i < pieces; ++i) words.entries[i] = find_word(words.range(i, i + 1));
}

void split(std::string_view name, NameWords& words) {
    if (name.size() > kMostBytes) name.remove_prefix(name.size() - kMostBytes);
    bool open = false;
    for (size_t i = 0; i < name.size(); ++i) {
        if (!is_word(name[i])) {
            open = false;
            continue;
        }
        if (!open || boundary(name, i)) {
            if (words.count == kMostWords) break;
            words.begins[words.count++] = static_cast<uint8_t>(words.size);
            open = true;
        }
        words.bytes[words.size++] = to_lower(name[i]);
    }
    words.begins[words.count] = static_cast<uint8_t>(words.size);
    for (size_t i = 0; i < words.count; ++i) words.entries[i] = find_word(words.range(i, i + 1));
    cut_joined(words);
}

bool usable(const Word* word) {
    return word != nullptr && (word->flags & kTextOnly) == 0;
}

struct Hit {
    const Word* word = nullptr;
    size_t from = 0, to = 0;
};

// The longest phrase that ends the name, words that change nothing behind it left out.
Hit find_phrase(const NameWords& words) {
    for (size_t to = words.count; to > 0; --to) {
        for (size_t from = 0; from < to; ++from) {
            const Word* word = find_word(words.range(from, to));
            if (usable(word) &&
                (word->detector != Detector::kNone || (word->flags & (kReference | kBlock)) != 0))
                return {word, from, to};
        }
        const bool neutral = words.number(to - 1) || (words.flags(to - 1) & (kSuffix | kPassThrough)) != 0;
        if (!neutral) break;
    }
    return {};
}

// "customeremail": a name in one case without separators that ends in a phrase.
Hit find_loose_end(const NameWords& words) {
    size_t count = words.count;
    while (count > 1 && words.number(count - 1)) --count;
    constexpr size_t kShortestPhrase = 3;
    if (count != 1 || words.entries[0] != nullptr) return {};
    const std::string_view all = words.range(0, 1);
    for (size_t cut = 2; cut + kShortestPhrase <= all.size(); ++cut) {
        const Word* word = find_word(all.substr(cut));
        // Three or four letters also end ordinary words: then what is before must be a word of its own.
        const bool sure = all.size() - cut > 4 || find_word(all.substr(0, cut)) != nullptr;
        if (usable(word) && (word->flags & kLoose) != 0 && sure) return {word, 0, 1};
    }
    return {};
}

bool names_a_card(std::string_view word) {
    for (std::string_view known : {"card", "pan", "fpan", "account", "cc", "funding", "payment", "instrument",
                                   "credit", "debit", "application", "plastic", "primary"})
        if (word == known) return true;
    return false;
}

// Whether the words before a phrase take its meaning away: "masked" pan, "merchant" address, "offer" expiry.
bool denied(const NameWords& words, const Hit& hit) {
    const Detector d = hit.word->detector;
    if (info(d).only_remove) return false;
    for (size_t i = 0; i < hit.from; ++i) {
        if ((words.flags(i) & (kNegator | kHash)) != 0) return true;
        if (d == Detector::kExpiry && !names_a_card(words.range(i, i + 1))) return true;
        if ((d == Detector::kAddress || d == Detector::kPersonName) && (words.flags(i) & kOrganisation) != 0)
            return true;
    }
    const uint32_t before = hit.from > 0 ? words.flags(hit.from - 1) : 0;
    return (d == Detector::kAddress || d == Detector::kPersonName) && (before & kThing) != 0 &&
           (before & kCompound) == 0;
}

// What the name's noun is: the last word that is no number, "data", "value" and so on.
size_t head_of(const NameWords& words) {
    size_t head = words.count;
    while (head > 1 && (words.number(head - 1) || (words.flags(head - 1) & (kSuffix | kPassThrough)) != 0))
        --head;
    return head;
}

uint32_t flags_of(const NameWords& words) {
    constexpr uint32_t kOfAnyWord = kVersion | kOrder | kHash | kOrganisation | kToken | kReference;
    constexpr uint32_t kOfHead = kPerson | kThing | kPassThrough;
    constexpr uint32_t kOfLast =
        kQualifier | kTime | kIdentifier | kSuffix | kValue | kLabel | kBareName | kNamePart | kLegible;
    uint32_t flags = 0;
    for (size_t i = 0; i < words.count; ++i) flags |= words.flags(i) & kOfAnyWord;
    const size_t head = head_of(words);
    flags |= words.flags(head - 1) & kOfHead;
    size_t last = words.count;
    while (last > 1 && words.number(last - 1)) --last;
    flags |= words.flags(last - 1) & kOfLast;
    if (const Word* whole = find_word(words.range(0, words.count)); usable(whole))
        flags |= whole->flags & ~kSuffix;
    return flags;
}

const Word* compound_of(const NameWords& words) {
    const Word* head = words.entries[head_of(words) - 1];
    return usable(head) && (head->flags & kCompound) != 0 ? head : nullptr;
}

// "card": {"number": …}. Tries the parent's word with the whole name behind it.
const Word* compound_phrase(const NameWords& words, const NameClass& parent) {
    if (parent.compound == nullptr || words.size + parent.compound->text.size() > kMostBytes) return nullptr;
    std::string_view stem = parent.compound->text;
    if (stem.size() > 4 && stem.back() == 's') stem.remove_suffix(1);
    std::string phrase(stem);
    phrase += words.range(0, words.count);
    const Word* word = find_word(phrase);
    return usable(word) ? word : nullptr;
}

void take(NameClass& result, const Word& word) {
    result.subject = word.detector;
    result.flags |= word.flags;
    if (word.detector != Detector::kNone)
        result.flags &= ~(kVersion | kOrder | kTime | kHash | kIdentifier | kQualifier | kBareName);
}

}  // namespace

NameClass classify_name(std::string_view name, const NameClass& parent) {
    MappedText folded;
    if (fold_unicode(name, {}, folded)) name = folded.text;
    NameWords words;
    split(name, words);
    NameClass result;
    if (words.count == 0) return result;
    result.flags = flags_of(words);
    result.compound = compound_of(words);

    Hit hit = find_phrase(words);
    if (hit.word == nullptr) hit = find_loose_end(words);
    if (hit.word != nullptr && !denied(words, hit)) take(result, *hit.word);
    if (result.subject == Detector::kNone) {
        if (const Word* word = compound_phrase(words, parent)) take(result, *word);
    }
    if (result.subject == Detector::kNone && result.has(kBareName) && words.count > 1) {
        // "customerName", but not "customerProductName"
        const uint32_t before = words.flags(words.count - 2);
        if ((before & kPerson) != 0 && (before & kThing) == 0) result.subject = Detector::kPersonName;
        result.flags &= ~kBareName;
    }
    if (result.subject == Detector::kNone && result.has(kNamePart) && parent.has(kBareName))
        result.subject = Detector::kPersonName;
    return result;
}

std::string normalized_name(std::string_view name) {
    MappedText folded;
    if (fold_unicode(name, {}, folded)) name = folded.text;
    std::string result;
    for (char c : name)
        if (c != '_' && c != '-' && c != '.' && !is_space(c)) result.push_back(to_lower(c));
    return result;
}

}  // namespace gpsync::core::pii
