// What the words of a name, or words in front of a number in a text, say about the value.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

enum WordFlag : uint32_t {
    // whose or what kind of thing
    kPerson = 1u << 0,        // "customer": a bare "name" beside or under it is a person's
    kThing = 1u << 1,         // "product", "file": a bare "name" is not; ends what a parent said of a person
    kOrganisation = 1u << 2,  // "merchant": neither its name nor its address is a person's
    kPassThrough = 1u << 3,   // "details", "data": neutral, leaves what the parent said in force
    // what the value is, if it is no PII
    kVersion = 1u << 4,
    kTime = 1u << 5,
    kOrder = 1u << 6,       // numbers of orders, parts, parcels, amounts …
    kIdentifier = 1u << 7,  // "id", "uuid": may be anybody's, so only strong evidence counts
    kHash = 1u << 8,
    kReference = 1u << 9,  // token unique reference, payment account reference …: never PII
    // how the word stands to a phrase
    kSuffix = 1u << 10,  // may follow a phrase without changing it: "number", "value", "1"
    kQualifier =
        1u << 11,  // as the last word: the value is about the PII, it is not the PII ("status", "verified")
    kNegator = 1u << 12,  // before a phrase: the value is not the PII itself ("masked", "has")
    kBareName = 1u << 13,
    kNamePart = 1u << 14,  // "first", "given": under "name"
    kCompound = 1u << 15,  // with a child of class kSuffix or kExtension it makes a phrase: "card" + "number"
    kLabel = 1u << 16,     // its string value names what a sibling holds: {"name": "email", "value": …}
    kValue = 1u << 17,     // … and this is the sibling
    kToken = 1u << 18,     // a PAN here is a device PAN
    kFunding = 1u << 19,   // a PAN here is the card's own, whatever else the path says
    // where it counts
    kLoose = 1u << 20,     // also as the end of a name written without any word boundary
    kTextOnly = 1u << 21,  // in front of a number in a text, not as a name
    kNameOnly = 1u << 22,  // as a name, not in a text
    kBlock = 1u << 23,     // a word that ends in a phrase but is none ("smartphone")
    kDirect = 1u << 24,    // the phrase is about a scalar, not about what is below an object
    kLegible = 1u << 25,   // under an address: may stay ("country")
};

struct Word {
    std::string_view text;
    Detector detector = Detector::kNone;
    uint32_t flags = 0;
};

// No entry is longer.
inline constexpr size_t kLongestWord = 48;

// A polynomial over the bytes of a word, so that a phrase's hash is made of those of its words.
class WordHash {
  public:
    constexpr void add(char c) { state_ = state_ * kBase + static_cast<unsigned char>(c); }
    // As if the bytes of the other word, of so many, had been added. REQUIRES: size <= kLongestWord.
    constexpr void add(WordHash word, size_t size) { state_ = state_ * kPowers[size] + word.state_; }
    constexpr uint32_t value() const { return static_cast<uint32_t>(state_ * 0x9E3779B97F4A7C15u >> 32); }

  private:
    static constexpr uint64_t kBase = 0x100000001B3u;
    static constexpr std::array<uint64_t, kLongestWord + 1> kPowers = [] {
        std::array<uint64_t, kLongestWord + 1> powers{1};
        for (size_t i = 1; i <= kLongestWord; ++i) powers[i] = powers[i - 1] * kBase;
        return powers;
    }();
    uint64_t state_ = 0;
};

// The entry of a lower-case word, or of several run together ("dateofbirth"); nullptr when there is none.
const Word* find_word(std::string_view lower);
// Whether there may be an entry with this hash; false is sure.
bool may_be_word(uint32_t hash);
// Whether there may be one that says, in front of a number in a text, what kind of PII the number is.
bool may_name_number(uint32_t hash);
// The same as the first where the hash is known.
const Word* find_word(std::string_view lower, uint32_t hash);

}  // namespace gpsync::core::pii
