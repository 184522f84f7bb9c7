// The names of an object, looked up once for all objects that have the same: documents repeat themselves. A
// member of a known shape costs the test of a bit.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/names/name_class.hpp"
#include "core/pii/names/payment_fields.hpp"

namespace gpsync::core::pii {

struct NameInfo {
    NameClass name_class;
    int custom = -1;    // index into Policy::keys()
    bool clean = true;  // nothing in the name itself can be PII
    PaymentField field{};
    bool lists_values = false;  // "columnvalues": beside a list of names

    bool operator==(const NameInfo&) const = default;
};

// The names of one object as its owner has them: equal cuts and bytes mean equal names.
struct NameBlock {
    std::string_view cuts;   // where a name ends, in the owner's own form
    std::string_view bytes;  // the names, one after the other
    uint32_t count = 0;
    uint64_t parent = 0;  // set by PathContext: what the object's own name says to its members

    bool small_enough() const {
        constexpr size_t kMostNames = 256, kMostBytes = 8192;
        return count > 0 && count <= kMostNames && bytes.size() <= kMostBytes;
    }
};

// What the names of siblings say of a member, as bits.
enum Beside : uint16_t {
    kBesideAddress = 1,       // "zip": a "city" is one's own
    kBesidePerson = 2,        // "dateOfBirth", "email": a "name" may be a person's
    kBesideName = 4,          // of these, what only a person's record has: a "city" may be where they live
    kBesideOrganisation = 8,  // "merchantName": the city may as well be its own
    kBesidePlace = 16,        // "iata", "isbn": so may be the name that of a place or of goods
    kBesideCard = 32,         // "cardNumber": a date of expiry is its own
    kBesideGiven = 64,        // "given" and "family", which together are parts of a name
    kBesideFamily = 128,
    kBesideStreet = 256,  // "via" and "cap" or "comune", which together are parts of an address
    kBesideTown = 512,
};
constexpr bool has_parts_of_name(uint16_t beside) {
    return (beside & kBesideGiven) != 0 && (beside & kBesideFamily) != 0;
}
constexpr bool has_parts_of_address(uint16_t beside) {
    return (beside & kBesideStreet) != 0 && (beside & kBesideTown) != 0;
}
uint16_t beside_of(Detector subject);
uint16_t beside_of(const NameClass& member);

// What the position of a value in a document says of it, where the path to it is neutral otherwise.
struct MemberContext {
    bool by_itself = false;  // a scalar, or an array's scalars, are PII only if their own form is
    bool neutral = false;    // besides, nothing in an object becomes PII by its position
    uint64_t parent = 0;     // for the NameBlock of such an object
    bool by_words = false;   // but for a text that may be a person's name, see may_be_persons_name()
};

// The names of an object's members as JSON writes them: ,"name":
class MemberLabels {
  public:
    void add(std::string_view name);
    // The first has no comma.
    std::string_view label(size_t i) const {
        const size_t begin = i == 0 ? 1 : ends_[i - 1];
        return std::string_view(text_).substr(begin, ends_[i] - begin);
    }
    size_t bytes() const { return text_.size() + ends_.size() * sizeof(uint32_t); }

  private:
    std::string text_;
    std::vector<uint32_t> ends_;
};

class Shape {
  public:
    Shape() = default;
    explicit Shape(const std::vector<NameInfo>& members) {
        for (const NameInfo& m : members) add(m);
        judge();
    }

    const NameInfo& member(size_t i) const { return members_[i]; }
    // Only one that is kept for other documents has labels.
    bool has_labels() const { return labels_.bytes() > 0; }
    std::string_view label(size_t i) const { return labels_.label(i); }
    // As a JSON string.
    std::string_view name(size_t i) const {
        const std::string_view label = labels_.label(i);
        return label.substr(i > 0, label.size() - 1 - (i > 0));
    }
    const MemberContext& context(size_t i) const { return contexts_[i]; }
    bool all_by_itself() const { return all_by_itself_; }
    // The names together, which may be those of a payment message.
    const ElementCount& elements() const { return elements_; }
    uint16_t beside() const { return beside_; }

    // To be filled anew: clear(), add() for each member, judge().
    void clear() { members_.clear(); }
    void add(const NameInfo& member) { members_.push_back(member); }
    void judge();

  private:
    friend class ShapeCache;
    bool all_by_itself_ = true;
    ElementCount elements_;
    uint16_t beside_ = 0;
    std::vector<NameInfo> members_;
    std::vector<MemberContext> contexts_;
    MemberLabels labels_;
};

// What the name of an object says to the object's members.
inline uint64_t parent_of(const NameClass& object) {
    const bool organisation = object.has(kOrganisation) && !object.has(kPerson);
    return reinterpret_cast<uintptr_t>(object.compound) ^ (object.has(kBareName) ? 1 : 0) ^
           (organisation ? 2 : 0);
}

// Whether what is below an object under such a name is judged as if the name were not there.
inline bool hands_nothing_down(const NameInfo& info) {
    return info.custom < 0 && info.name_class.subject == Detector::kNone &&
           info.field.is(PaymentField::Kind::kNone) &&
           !info.name_class.has(kPerson | kToken | kFunding | kVersion | kOrganisation);
}

// "display": a person's where a "reference" beside it says so, see refers_to_person().
inline bool is_display(const NameClass& member) {
    constexpr uint32_t kDisplay = kSuffix | kLabel | kBareName | kAmbiguous;
    return (member.flags & kDisplay) == kDisplay && member.subject == Detector::kNone;
}

// "customer", "author": its value, too, is a person's name if it has the form of one.
inline bool may_be_a_person(const NameClass& member) {
    return member.has(kPerson) && member.subject == Detector::kNone &&
           (!member.has(kAmbiguous) || member.has(kDirect)) &&
           !member.has(kThing | kOrganisation | kQualifier | kIdentifier | kHash | kOrder | kLabel);
}

// "author", "verifierName": a value is judged by its own words, also where nothing in it has a form.
inline bool judges_text(const NameClass& member) {
    return may_be_a_person(member) || member.may_name_person;
}

// Whether a text under such a name may be a person's; false is sure. It has two words at least, with a blank
// (of any kind), a comma, on a ticket a slash, or in a log-in another mark between them, and is not long.
inline bool may_be_persons_name(std::string_view text) {
    constexpr size_t kLongest = 320;  // eighty characters
    if (text.size() > kLongest) return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ' ' || c == ',' || c == '/' || static_cast<unsigned char>(c) >= 0x80) return true;
        if ((c == '.' || c == '_' || c == '-') && i > 0 && is_letter(text[i - 1])) return true;
    }
    return false;
}

// Whether the name makes nothing PII that would be none without it: that of a merchant or a version takes
// suspicions away, that of a token says which kind of card.
inline bool raises_no_suspicion(const NameInfo& info) {
    return info.custom < 0 && info.name_class.subject == Detector::kNone &&
           info.field.is(PaymentField::Kind::kNone) && !info.name_class.has(kPerson) &&
           !info.name_class.may_name_person;
}

// The shapes of open objects that no ShapeCache has, one for each, outermost first. Their memory is used
// again.
class OwnShapes {
  public:
    // Where the next one is to be made; nullptr: there are enough.
    Shape* next() {
        constexpr size_t kMost = 64;
        if (taken_ == kMost) return nullptr;
        if (taken_ == shapes_.size()) shapes_.push_back(std::make_unique<Shape>());
        return shapes_[taken_].get();
    }
    // It is that of the object just entered.
    void take() { ++taken_; }
    // The object that has the last one is left.
    void leave() { --taken_; }
    void begin_document() {
        constexpr size_t kKept = 16;
        taken_ = 0;
        if (shapes_.size() > kKept) shapes_.resize(kKept);
    }

  private:
    std::vector<std::unique_ptr<Shape>> shapes_;
    size_t taken_ = 0;
};

// Shapes stay where they are until begin_document(), which drops all when there are too many.
class ShapeCache {
  public:
    void begin_document() {
        if (full()) clear();
    }
    const Shape* find(const NameBlock& names);
    // Whether to add the names that find() has just not found: when they come for the second time, so that
    // names that never come again cost little.
    bool wanted();
    // REQUIRES: as wanted().
    const Shape* add(const NameBlock& names, const Shape& shape, MemberLabels labels);

  private:
    static constexpr size_t kSlots = 256, kMostShapes = 256, kMostBytes = 512 * 1024;
    bool full() const { return shapes_.size() >= kMostShapes || bytes_ >= kMostBytes; }
    void clear();
    static uint32_t hash_of(const NameBlock& names);
    struct Kept {
        Shape shape;
        std::string cuts, bytes;
        uint64_t parent;
        uint32_t hash;
        Kept* chained;         // of the same slot
        Kept* next = nullptr;  // the one that came after it the last time: most likely the next one again
    };
    static bool same(const Kept& kept, const NameBlock& names);
    const Shape* follow(Kept* kept);

    std::vector<std::unique_ptr<Kept>> shapes_;
    std::array<Kept*, kSlots> slots_{};
    // Hashes of what was not found, in each row the latest first: shapes that take turns must not keep each
    // other from being seen twice.
    static constexpr size_t kSeenRows = 128, kSeenInRow = 4;
    std::array<std::array<uint32_t, kSeenInRow>, kSeenRows> seen_{};
    size_t bytes_ = 0;
    Kept* last_ = nullptr;
    uint32_t missed_ = 0;  // the hash of what find() has just not found
};

}  // namespace gpsync::core::pii
