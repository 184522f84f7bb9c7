#include "core/pii/names/name_split.hpp"

namespace gpsync::core::pii {

namespace {

// In a name, words of texts say nothing; but "v", of which there is one, is also the sibling of a label.
const Word* usable(const Word* word) {
    if (word == nullptr || (word->flags & kTextOnly) == 0) return word;
    if ((word->flags & kValue) == 0) return nullptr;
    static const Word kValueOnly = [word] {
        Word value = *word;
        value.flags = kSuffix | kNameOnly | kValue;
        return value;
    }();
    return &kValueOnly;
}

// Whether a word ends between name[i - 1] and name[i], both letters or digits.
bool boundary(std::string_view name, size_t i) {
    const uint8_t before = class_of(name[i - 1]), here = class_of(name[i]);
    if ((before & kDigit) != (here & kDigit)) return true;
    if ((here & kUpper) == 0) return false;
    if ((before & kUpper) == 0) return true;
    return i + 1 < name.size() && (class_of(name[i + 1]) & kLower) != 0;  // "IPAddress": before the second A
}

// Languages, systems and the like: two or three letters, which other words end in, too.
bool only_between_separators(const Word& word) {
    constexpr uint32_t kTag = kSuffix | kNameOnly;
    return (word.flags & kTag) == kTag && word.size <= 3;
}

// Cuts a word into known ones, from its end on, the longest first: "customername" is read as "customerName"
// is. cuts gets where they begin, the last first; the answer is how many there are, 0 when something is left
// over.
template <size_t kMost>
size_t cut_known(std::string_view word, std::array<uint8_t, kMost>& cuts, size_t count = 0) {
    if (word.empty()) return count;
    if (count == kMost) return 0;
    const size_t shortest = count == 0 ? 2 : 3;
    for (size_t begin = 0; begin + shortest <= word.size(); ++begin) {
        if (begin > 0 && begin < 3) continue;
        const Word* known = find_name_word(word.substr(begin));
        if (known == nullptr || only_between_separators(*known)) continue;
        cuts[count] = static_cast<uint8_t>(begin);
        if (const size_t all = cut_known(word.substr(0, begin), cuts, count + 1); all != 0) return all;
    }
    return 0;
}

// Of more words the last ones count: "a.b.c.d.e.f.g.h.i.j.k.l.ssn".
size_t begin_of_last_words(std::string_view name) {
    size_t words = 0;
    for (size_t i = name.size(); i-- > 0;) {
        if (!is_word(name[i])) continue;
        if (i == 0 || !is_word(name[i - 1]) || boundary(name, i))
            if (++words == NameWords::kMostWords) return i;
    }
    return 0;
}

// "fecha_de_nacimiento", "numéro de téléphone": between two words they say nothing.
bool is_particle(std::string_view word) {
    for (std::string_view particle : {"de", "del", "da", "do", "di", "du", "des", "la"})
        if (word == particle) return true;
    return false;
}

}  // namespace

const Word* find_name_word(std::string_view lower) {
    return usable(find_word(lower));
}

NameWords::NameWords(std::string_view name) {
    split(name);
    if (count_ == 0) return;
    hash_words();
    find_entries();
    cut_joined();
}

void NameWords::split(std::string_view name) {
    count_ = 0;
    if (name.size() > kMostBytes) name.remove_prefix(name.size() - kMostBytes);
    bool open = false;
    size_t size = 0;
    for (size_t i = 0; i < name.size(); ++i) {
        if (!is_word(name[i])) {
            open = false;
            continue;
        }
        if (!open || boundary(name, i)) {
            begins_[count_] = static_cast<uint8_t>(size);
            if (count_ > 1 && is_particle(range(count_ - 1, count_))) size = begins_[--count_];
            if (count_ == kMostWords) return split(name.substr(begin_of_last_words(name)));
            begins_[count_++] = static_cast<uint8_t>(size);
            open = true;
        }
        bytes_[size++] = to_lower(name[i]);
    }
    begins_[count_] = static_cast<uint8_t>(size);
}

void NameWords::hash_words() {
    WordHash hash;
    for (size_t i = 0; i < count_; ++i) {
        hashes_[i] = hash;
        for (char c : range(i, i + 1)) hash.add(c);
    }
    hashes_[count_] = hash;
}

const Word* NameWords::find_phrase(size_t from, size_t to) const {
    const std::string_view text = range(from, to);
    if (text.size() > kLongestWord) return nullptr;
    if (const Word* word = usable(find_word(text, hashes_[to].behind(hashes_[from], text.size()).value())))
        return word;
    return find_plural(text);
}

namespace {

struct Plural {
    std::string_view ending, singular;
    uint32_t shortest;  // word of this kind
    bool loose;         // only of words that mean nothing else
};
// English and Romance, German and Dutch, Italian.
constexpr Plural kPlurals[] = {{"s", "", 4, false},     {"es", "", 6, false},    {"ies", "y", 6, false},
                               {"n", "", 7, true},      {"en", "", 8, true},     {"i", "o", 7, true},
                               {"i", "e", 7, true},     {"ns", "m", 5, true},    {"oes", "ao", 7, true},
                               {"ini", "ine", 7, true}, {"amen", "aam", 7, true}};

}  // namespace

const Word* find_plural(std::string_view lower) {
    constexpr uint32_t kNouns = kPerson | kThing | kOrganisation | kBareName | kBlock;
    for (const Plural& plural : kPlurals) {
        if (lower.size() < plural.shortest || !lower.ends_with(plural.ending)) continue;
        const std::string_view stem = lower.substr(0, lower.size() - plural.ending.size());
        std::array<char, kLongestWord> singular;
        plural.singular.copy(singular.data() + stem.copy(singular.data(), singular.size()),
                             plural.singular.size());
        const Word* word = find_name_word({singular.data(), stem.size() + plural.singular.size()});
        if (word == nullptr || (plural.loose && (word->flags & kLoose) == 0)) continue;
        if (word->detector != Detector::kNone || (word->flags & kNouns) != 0) return word;
    }
    return nullptr;
}

void NameWords::find_entries() {
    for (size_t i = 0; i < count_; ++i) ending_[i] = find_phrase(i, count_);
    for (size_t i = 0; i + 1 < count_; ++i) entries_[i] = find_phrase(i, i + 1);
    entries_[count_ - 1] = ending_[count_ - 1];
}

// A name in one case without separators: its only word, which the table does not know, is cut into those it
// knows.
void NameWords::cut_joined() {
    size_t letters = count_;
    while (letters > 1 && number(letters - 1)) --letters;
    if (letters != 1 || entries_[0] != nullptr || number(0)) return;
    std::array<uint8_t, kMostPieces> cuts;
    const size_t pieces = cut_known(range(0, 1), cuts);
    if (pieces < 2 || count_ + pieces - 1 > kMostWords) return;
    for (size_t i = count_; i > 0; --i)
        begins_[i + pieces - 1] = begins_[i];  // the numbers behind, and the end
    count_ += pieces - 1;
    for (size_t i = 0; i < pieces; ++i) begins_[i] = cuts[pieces - 1 - i];
    hash_words();
    find_entries();
}

void cut_version(NameWords& words) {
    const size_t count = words.count();
    if (count < 3 || !words.number(count - 1) || words.range(count - 2, count - 1) != "v") return;
    for (size_t from = 0; from + 2 < count; ++from)
        if (words.phrase(from, count) != nullptr) return;
    words.cut(count - 2);
}

void cut_charge(NameWords& words) {
    const size_t count = words.count();
    if (count > 2 && words.range(count - 1, count) == "charge" && words.range(count - 2, count - 1) == "in")
        words.cut(count - 2);
}

}  // namespace gpsync::core::pii
