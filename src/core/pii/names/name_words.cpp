#include "core/pii/names/name_words.hpp"

#include <algorithm>
#include <array>

#include "core/pii/names/vocabulary_context.hpp"
#include "core/pii/names/vocabulary_ids.hpp"
#include "core/pii/names/vocabulary_pii.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kSlots = 32768;
constexpr size_t kMostEntries = 8192;

// Most look-ups are of words that are no entries: a bit for each hash decides, from eight kilobytes that stay
// in the processor's cache.
constexpr size_t kHashBits = 65536;

struct Table {
    std::array<Word, kMostEntries> words{};
    std::array<uint32_t, kMostEntries> hashes{};
    std::array<uint16_t, kSlots> slots{};  // position in words, from 1; 0 for none
    std::array<uint64_t, kHashBits / 64> present{}, naming{};
    std::array<bool, kMostInEntry + 1> numbers{};  // that entries end in
    size_t count = 0;
    bool small_numbers = true;
    bool unique = true, short_enough = true;
};

constexpr uint32_t hash_of(std::string_view text) {
    WordHash hash;
    for (char c : text) hash.add(c);
    return hash.value();
}

constexpr void note_number(Table& table, std::string_view word) {
    size_t begin = word.size();
    while (begin > 0 && is_digit(word[begin - 1])) --begin;
    const std::string_view number = word.substr(begin);
    if (number.empty()) return;
    const bool small = number.size() <= 3 && number[0] != '0';
    table.small_numbers &= small;
    if (small) table.numbers[static_cast<size_t>(number_of(number))] = true;
}

// Whether the word says in front of a number in a text what kind of PII the number is.
constexpr bool names_number(const Word& word) {
    return word.detector != Detector::kNone && (word.flags & kNameOnly) == 0;
}

// The words of rows, split and hashed. A compiler gives each constant so many steps and no more (Clang a
// million), so the three parts of the vocabulary are constants of their own.
struct Entries {
    std::array<Word, kMostEntries> words{};
    std::array<uint32_t, kMostEntries> hashes{};
    size_t count = 0;
};

template <size_t N>
constexpr Entries split(const vocabulary::Row (&rows)[N]) {
    Entries entries;
    for (const vocabulary::Row& row : rows) {
        for (size_t begin = 0, end = 0; begin < row.words.size(); begin = end + 1) {
            WordHash hash;
            for (end = begin; end < row.words.size() && row.words[end] != ' '; ++end)
                hash.add(row.words[end]);
            entries.hashes[entries.count] = hash.value();
            entries.words[entries.count++] = {row.words.substr(begin, end - begin), row.detector, row.flags};
        }
    }
    return entries;
}

constexpr Entries kPiiEntries = split(vocabulary::kPii), kIdEntries = split(vocabulary::kIdNames),
                  kContextEntries = split(vocabulary::kContext);

constexpr void insert(Table& table, const Word& word, uint32_t hash) {
    size_t at = hash % kSlots;
    for (; table.slots[at] != 0; at = (at + 1) % kSlots)
        if (table.hashes[table.slots[at] - 1u] == hash && table.words[table.slots[at] - 1u].text == word.text)
            table.unique = false;
    table.present[hash % kHashBits / 64] |= uint64_t{1} << hash % 64;
    if (names_number(word)) table.naming[hash % kHashBits / 64] |= uint64_t{1} << hash % 64;
    table.short_enough &= word.text.size() <= kLongestWord;
    note_number(table, word.text);
    table.hashes[table.count] = hash;
    table.words[table.count++] = word;
    table.slots[at] = static_cast<uint16_t>(table.count);
}

constexpr Table make_table() {
    Table table;
    for (const Entries* entries : {&kPiiEntries, &kIdEntries, &kContextEntries})
        for (size_t i = 0; i < entries->count; ++i) insert(table, entries->words[i], entries->hashes[i]);
    return table;
}

constexpr Table kTable = make_table();
static_assert(kTable.unique, "a word is in two rows");
static_assert(kTable.short_enough, "raise kLongestWord");
static_assert(kTable.small_numbers, "an entry ends in a number greater than kMostInEntry");
static_assert(kTable.count < kSlots / 4, "the table gets slow");

// Three letters, or a word of fewer, as a number. A digit counts as some letter.
constexpr size_t kPart = 3;
constexpr size_t part_of(char c) {
    return static_cast<unsigned char>(c) & 31u;
}
size_t part_index(std::string_view letters) {
    size_t index = letters.size();
    for (char c : letters) index = index << 5 | part_of(c);
    return index << 5 * (kPart - letters.size());
}
struct PartSet {
    std::array<uint64_t, ((kPart + 1) << 5 * kPart) / 64> bits{};
    constexpr void add(size_t part) { bits[part / 64] |= uint64_t{1} << part % 64; }
    bool has(size_t part) const { return (bits[part / 64] >> part % 64 & 1) != 0; }
};
struct Parts {
    PartSet beginnings, endings;
};

// Of the entries that name a number. An evaluation of its own: compilers limit each.
constexpr Parts make_parts() {
    Parts parts;
    for (size_t i = 0; i < kTable.count; ++i) {
        const Word& word = kTable.words[i];
        if (!names_number(word)) continue;
        const char* text = word.text.data();
        const size_t n = word.text.size();
        size_t beginning = 0, ending = 0;
        for (size_t size = 1; size <= kPart && size <= n; ++size) {
            const size_t unused = 5 * (kPart - size), shift = 5 * (size - 1);
            beginning = beginning << 5 | part_of(text[size - 1]);
            ending |= part_of(text[n - size]) << shift;
            parts.beginnings.add((size << 5 * kPart) | beginning << unused);
            parts.endings.add((size << 5 * kPart) | ending << unused);
        }
    }
    return parts;
}
constexpr Parts kParts = make_parts();

}  // namespace

bool may_be_word(uint32_t hash) {
    return (kTable.present[hash % kHashBits / 64] >> hash % 64 & 1) != 0;
}

bool may_begin_naming(std::string_view word) {
    return kParts.beginnings.has(part_index(word.substr(0, std::min(word.size(), kPart))));
}

bool may_end_naming(std::string_view word) {
    return kParts.endings.has(part_index(word.substr(word.size() - std::min(word.size(), kPart))));
}

bool may_name_number(uint32_t hash) {
    if ((kTable.naming[hash % kHashBits / 64] >> hash % 64 & 1) == 0) return false;
    for (size_t at = hash % kSlots; kTable.slots[at] != 0; at = (at + 1) % kSlots)
        if (kTable.hashes[kTable.slots[at] - 1u] == hash)
            return names_number(kTable.words[kTable.slots[at] - 1u]);
    return false;
}

const Word* find_word(std::string_view lower, uint32_t hash) {
    if (!may_be_word(hash)) return nullptr;
    for (size_t at = hash % kSlots; kTable.slots[at] != 0; at = (at + 1) % kSlots)
        if (const Word& word = kTable.words[kTable.slots[at] - 1u]; word.text == lower) return &word;
    return nullptr;
}

bool ends_an_entry(unsigned number) {
    return number <= kMostInEntry && kTable.numbers[number];
}

const Word* find_word(std::string_view lower) {
    return lower.empty() || lower.size() > kLongestWord ? nullptr : find_word(lower, hash_of(lower));
}

}  // namespace gpsync::core::pii
