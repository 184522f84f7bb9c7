#include "core/pii/names/name_words.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/pii/names/vocabulary_apis.hpp"
#include "core/pii/names/vocabulary_columns.hpp"
#include "core/pii/names/vocabulary_columns_more.hpp"
#include "core/pii/names/vocabulary_context.hpp"
#include "core/pii/names/vocabulary_ids.hpp"
#include "core/pii/names/vocabulary_languages.hpp"
#include "core/pii/names/vocabulary_pii.hpp"
#include "core/pii/names/vocabulary_roles.hpp"
#include "core/pii/names/vocabulary_roles_latin.hpp"
#include "core/pii/names/vocabulary_roles_scripts.hpp"
#include "core/pii/names/vocabulary_romanised.hpp"
#include "core/pii/names/vocabulary_scripts.hpp"
#include "core/pii/names/vocabulary_sectors.hpp"
#include "core/pii/names/vocabulary_things.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kSlots = 131072;
constexpr size_t kMostEntries = 32768;

// Most look-ups are of words that are no entries: a bit for each hash decides, from 32 kilobytes that stay
// in the processor's cache.
constexpr size_t kHashBits = 262144, kNamingBits = 65536;  // of those that name numbers there are fewer

struct Table {
    std::array<Word, kMostEntries> words{};
    std::array<uint32_t, kMostEntries> hashes{};
    std::array<uint16_t, kSlots> slots{};  // position in words, from 1; 0 for none
    std::array<uint64_t, kHashBits / 64> present{};
    std::array<uint64_t, kNamingBits / 64> naming{};
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

// The words of all rows, part by part.
template <size_t... N>
constexpr auto texts_of(const vocabulary::Row (&... parts)[N]) {
    std::array<std::string_view, (N + ...)> texts;
    size_t count = 0;
    const auto add = [&](const auto& rows) {
        for (const vocabulary::Row& row : rows) texts[count++] = row.words;
    };
    (add(parts), ...);
    return texts;
}
constexpr auto kTexts =
    texts_of(vocabulary::kPii, vocabulary::kIdNames, vocabulary::kContext, vocabulary::kLanguages,
             vocabulary::kScripts, vocabulary::kRoles, vocabulary::kRolesLatin, vocabulary::kRolesScripts,
             vocabulary::kSectors, vocabulary::kRomanised, vocabulary::kApis, vocabulary::kThings,
             vocabulary::kColumns, vocabulary::kMoreColumns);

constexpr std::string_view text_of(const Word& word) {
    return {kTexts[word.row].data() + word.at, word.size};
}

// The words of rows, the first of which is this one of kTexts, split and hashed. A compiler gives each
// constant so many steps and no more (Clang a million), so the parts of the vocabulary are constants of their
// own.
struct Entries {
    static constexpr size_t kMost = 8192;
    std::array<Word, kMost> words{};
    std::array<uint32_t, kMost> hashes{};
    size_t count = 0;
    size_t next_row = 0;  // of kTexts: that of the next part
    bool short_enough = true;
};

template <size_t N>
constexpr Entries split(const vocabulary::Row (&rows)[N], size_t number = 0) {
    Entries entries;
    entries.next_row = number + N;
    for (const vocabulary::Row& row : rows) {
        entries.short_enough &= row.words.size() <= UINT16_MAX;
        const char* const end = row.words.data() + row.words.size();
        for (const char* begin = row.words.data(); begin != end;) {
            WordHash hash;
            const char* at = begin;
            for (; at != end && *at != ' '; ++at) hash.add(*at);
            entries.hashes[entries.count] = hash.value();
            entries.short_enough &= at - begin <= static_cast<std::ptrdiff_t>(kLongestWord);
            entries.words[entries.count++] = {row.flags, static_cast<uint16_t>(number),
                                              static_cast<uint16_t>(begin - row.words.data()),
                                              static_cast<uint8_t>(at - begin), row.detector};
            begin = at == end ? end : at + 1;
        }
        ++number;
    }
    return entries;
}

// In the order of kTexts.
constexpr Entries kPiiEntries = split(vocabulary::kPii);
constexpr Entries kIdEntries = split(vocabulary::kIdNames, kPiiEntries.next_row);
constexpr Entries kContextEntries = split(vocabulary::kContext, kIdEntries.next_row);
constexpr Entries kLanguageEntries = split(vocabulary::kLanguages, kContextEntries.next_row);
constexpr Entries kScriptEntries = split(vocabulary::kScripts, kLanguageEntries.next_row);
constexpr Entries kRoleEntries = split(vocabulary::kRoles, kScriptEntries.next_row);
constexpr Entries kLatinRoleEntries = split(vocabulary::kRolesLatin, kRoleEntries.next_row);
constexpr Entries kScriptRoleEntries = split(vocabulary::kRolesScripts, kLatinRoleEntries.next_row);
constexpr Entries kSectorEntries = split(vocabulary::kSectors, kScriptRoleEntries.next_row);
constexpr Entries kRomanisedEntries = split(vocabulary::kRomanised, kSectorEntries.next_row);
constexpr Entries kApiEntries = split(vocabulary::kApis, kRomanisedEntries.next_row);
constexpr Entries kThingEntries = split(vocabulary::kThings, kApiEntries.next_row);
constexpr Entries kColumnEntries = split(vocabulary::kColumns, kThingEntries.next_row);
constexpr Entries kMoreColumnEntries = split(vocabulary::kMoreColumns, kColumnEntries.next_row);

constexpr void insert(Table& table, const Word& word, uint32_t hash) {
    size_t at = hash % kSlots;
    for (; table.slots[at] != 0; at = (at + 1) % kSlots)
        if (table.hashes[table.slots[at] - 1u] == hash &&
            text_of(table.words[table.slots[at] - 1u]) == text_of(word))
            table.unique = false;
    table.present[hash % kHashBits / 64] |= uint64_t{1} << hash % 64;
    if (names_number(word)) table.naming[hash % kNamingBits / 64] |= uint64_t{1} << hash % 64;
    note_number(table, text_of(word));
    table.hashes[table.count] = hash;
    table.words[table.count++] = word;
    table.slots[at] = static_cast<uint16_t>(table.count);
}

// The table with the words of these parts, too. A constant for every few of them, as above.
constexpr Table extended(Table table, std::initializer_list<const Entries*> parts) {
    for (const Entries* entries : parts) {
        table.short_enough &= entries->short_enough;
        for (size_t i = 0; i < entries->count; ++i) insert(table, entries->words[i], entries->hashes[i]);
    }
    return table;
}

constexpr Table kFirst = extended({}, {&kPiiEntries, &kIdEntries, &kContextEntries});
constexpr Table kSecond = extended(kFirst, {&kLanguageEntries, &kScriptEntries});
constexpr Table kThird = extended(kSecond, {&kRoleEntries, &kLatinRoleEntries});
constexpr Table kFourth = extended(kThird, {&kScriptRoleEntries, &kSectorEntries});
constexpr Table kFifth = extended(kFourth, {&kRomanisedEntries, &kApiEntries});
constexpr Table kTable = extended(kFifth, {&kThingEntries, &kColumnEntries, &kMoreColumnEntries});
static_assert(kTable.unique, "a word is in two rows");
static_assert(kTable.short_enough, "raise kLongestWord, or part a row");
static_assert(kTable.small_numbers, "an entry ends in a number greater than kMostInEntry");
static_assert(kTable.count < kSlots / 4, "the table gets slow");

// Three letters, or a word of fewer, as a number. A digit counts as some letter.
constexpr size_t kPart = 3;
constexpr size_t part_of(char c) {
    return static_cast<unsigned char>(c) & 31u;
}
size_t part_index(std::string_view letters) {
    if (letters.size() == kPart)
        return (kPart << 5 * kPart) | part_of(letters[0]) << 10 | part_of(letters[1]) << 5 |
               part_of(letters[2]);
    size_t index = letters.size();
    for (char c : letters) index = index << 5 | part_of(c);
    return index << 5 * (kPart - letters.size());
}
struct PartSet {
    std::array<uint64_t, ((kPart + 1) << 5 * kPart) / 64> bits{};
    constexpr void add(size_t part) { bits[part / 64] |= uint64_t{1} << part % 64; }
    bool has(size_t part) const { return (bits[part / 64] >> part % 64 & 1) != 0; }
};
// With what the entries that name a number begin. An evaluation of its own: compilers limit each.
constexpr PartSet kBeginnings = [] {
    PartSet beginnings;
    for (size_t i = 0; i < kTable.count; ++i) {
        const Word& word = kTable.words[i];
        if (!names_number(word)) continue;
        const char* text = text_of(word).data();
        size_t beginning = 0;
        for (size_t size = 1; size <= kPart && size <= word.size; ++size) {
            beginning = beginning << 5 | part_of(text[size - 1]);
            beginnings.add((size << 5 * kPart) | beginning << 5 * (kPart - size));
        }
    }
    return beginnings;
}();
// ... and end.
constexpr NamingEnds kNamingEnds = [] {
    NamingEnds ends;
    for (size_t i = 0; i < kTable.count; ++i)
        if (names_number(kTable.words[i])) ends.add(text_of(kTable.words[i]));
    return ends;
}();

}  // namespace

constinit const NamingEnds naming_ends = kNamingEnds;

std::string_view Word::text() const {
    return text_of(*this);
}

bool may_be_word(uint32_t hash) {
    return (kTable.present[hash % kHashBits / 64] >> hash % 64 & 1) != 0;
}

bool may_begin_naming(std::string_view word) {
    return kBeginnings.has(part_index(word.substr(0, std::min(word.size(), kPart))));
}

bool may_name_number(uint32_t hash) {
    if ((kTable.naming[hash % kNamingBits / 64] >> hash % 64 & 1) == 0) return false;
    for (size_t at = hash % kSlots; kTable.slots[at] != 0; at = (at + 1) % kSlots)
        if (kTable.hashes[kTable.slots[at] - 1u] == hash)
            return names_number(kTable.words[kTable.slots[at] - 1u]);
    return false;
}

const Word* find_word(std::string_view lower, uint32_t hash) {
    if (!may_be_word(hash)) return nullptr;
    for (size_t at = hash % kSlots; kTable.slots[at] != 0; at = (at + 1) % kSlots)
        if (const Word& word = kTable.words[kTable.slots[at] - 1u]; text_of(word) == lower) return &word;
    return nullptr;
}

bool ends_an_entry(unsigned number) {
    return number <= kMostInEntry && kTable.numbers[number];
}

const Word* find_word(std::string_view lower) {
    return lower.empty() || lower.size() > kLongestWord ? nullptr : find_word(lower, hash_of(lower));
}

}  // namespace gpsync::core::pii
