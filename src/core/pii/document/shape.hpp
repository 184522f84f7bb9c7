// The names of an object, looked up once for all objects that have the same: documents repeat themselves. A
// member of a known shape costs the test of a bit.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/names/name_class.hpp"
#include "core/pii/names/payment_fields.hpp"

namespace gpsync::core::pii {

// Which names are clean that differ only in the number behind them, by its digits.
class CleanNumbers {
  public:
    template <class Test>
    void set(size_t digits, const Test& is_clean) {
        if ((known_ >> digits & 1) != 0) return;
        known_ |= static_cast<uint8_t>(1u << digits);
        if (is_clean()) clean_ |= static_cast<uint8_t>(1u << digits);
    }
    bool get(size_t digits) const { return (clean_ >> digits & 1) != 0; }

  private:
    uint8_t known_ = 0, clean_ = 0;
};

struct NameInfo {
    NameClass name_class;
    int custom = -1;    // index into Policy::keys()
    bool clean = true;  // nothing in the name itself can be PII
    PaymentField field{};
    CleanNumbers clean_numbers{};
    bool lists_values = false;  // "columnvalues": beside a list of names
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
enum Beside : uint8_t {
    kBesideAddress = 1,       // "zip": a "city" is one's own
    kBesidePerson = 2,        // "dateOfBirth", "email": a "name" may be a person's
    kBesideName = 4,          // of these, what only a person's record has: a "city" may be where they live
    kBesideOrganisation = 8,  // "merchantName": the city may as well be its own
};
uint8_t beside_of(Detector subject);
uint8_t beside_of(const NameClass& member);

// What the position of a value in a document says of it, where the path to it is neutral otherwise.
struct MemberContext {
    bool by_itself = false;  // a scalar, or an array's scalars, are PII only if their own form is
    bool neutral = false;    // besides, nothing in an object becomes PII by its position
    uint64_t parent = 0;     // for the NameBlock of such an object
};

class Shape {
  public:
    Shape(const NameBlock& names, std::vector<NameInfo> members);

    const NameInfo& member(size_t i) const { return members_[i]; }
    const MemberContext& context(size_t i) const { return contexts_[i]; }
    bool all_by_itself() const { return all_by_itself_; }
    // Whether the names together are those of a payment message.
    bool is_message() const { return message_; }
    uint8_t beside() const { return beside_; }

  private:
    friend class ShapeCache;
    std::string cuts_, bytes_;
    uint64_t parent_;
    uint32_t hash_ = 0;
    bool all_by_itself_ = true, message_ = false;
    uint8_t beside_ = 0;
    std::vector<NameInfo> members_;
    std::vector<MemberContext> contexts_;
    Shape* next_ = nullptr;     // the shape that came after it the last time: most likely the next one again
    Shape* chained_ = nullptr;  // of the same slot
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

// "customer", "author": its value, too, is a person's name if it has the form of one.
inline bool may_be_a_person(const NameClass& member) {
    return member.has(kPerson) && member.subject == Detector::kNone &&
           (!member.has(kAmbiguous) || member.has(kDirect)) &&
           !member.has(kThing | kOrganisation | kQualifier | kIdentifier | kHash | kOrder | kLabel);
}

// Whether the name makes nothing PII that would be none without it: that of a merchant or a version takes
// suspicions away, that of a token says which kind of card.
inline bool raises_no_suspicion(const NameInfo& info) {
    return info.custom < 0 && info.name_class.subject == Detector::kNone &&
           info.field.is(PaymentField::Kind::kNone) && !info.name_class.has(kPerson);
}

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
    const Shape* add(const NameBlock& names, std::vector<NameInfo> members);

  private:
    static constexpr size_t kSlots = 256, kMostShapes = 256, kMostBytes = 512 * 1024;
    bool full() const { return shapes_.size() >= kMostShapes || bytes_ >= kMostBytes; }
    void clear();
    static uint32_t hash_of(const NameBlock& names);
    static bool same(const Shape& shape, const NameBlock& names);
    const Shape* follow(Shape* shape);

    std::vector<std::unique_ptr<Shape>> shapes_;
    std::array<Shape*, kSlots> slots_{};
    // Hashes of what was not found, in each row the latest first: shapes that take turns must not keep each
    // other from being seen twice.
    static constexpr size_t kSeenRows = 128, kSeenInRow = 4;
    std::array<std::array<uint32_t, kSeenInRow>, kSeenRows> seen_{};
    size_t bytes_ = 0;
    Shape* last_ = nullptr;
    uint32_t missed_ = 0;  // the hash of what find() has just not found
};

}  // namespace gpsync::core::pii
