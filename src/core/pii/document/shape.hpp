// The keys of an object, looked up once for all objects that have the same: documents repeat themselves. What
// is told of a shape's members costs a look at a bit each.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/names/key_class.hpp"

namespace gpsync::core::pii {

struct KeyInfo {
    KeyClass key_class;
    int custom = -1;    // index into Policy::keys()
    bool clean = true;  // nothing in the key itself can be PII
};

// The keys of one object as its owner has them: equal cuts and bytes mean equal keys.
struct KeyBlock {
    std::string_view cuts;   // where a key ends, in the owner's own form
    std::string_view bytes;  // the keys, one after the other
    uint32_t count = 0;
    uint64_t parent = 0;  // set by PathContext: what the object's own key says to its members

    bool small_enough() const {
        constexpr size_t kMostKeys = 64, kMostBytes = 2048;
        return count > 0 && count <= kMostKeys && bytes.size() <= kMostBytes;
    }
};

// What a place in a document says of a value, where the path to it says nothing else.
struct Place {
    bool by_itself = false;  // a scalar, or an array's scalars, are PII only if their own form is
    bool neutral = false;    // besides, nothing becomes PII in an object because of where it is
    uint64_t parent = 0;     // for the KeyBlock of such an object
};

class Shape {
  public:
    Shape(const KeyBlock& keys, std::vector<KeyInfo> members);

    const KeyInfo& member(size_t i) const { return members_[i]; }
    const Place& place(size_t i) const { return places_[i]; }
    bool all_by_itself() const { return all_by_itself_; }

  private:
    friend class ShapeCache;
    std::string cuts_, bytes_;
    uint64_t parent_;
    uint32_t hash_ = 0;
    bool all_by_itself_ = true;
    std::vector<KeyInfo> members_;
    std::vector<Place> places_;
    Shape* next_ = nullptr;     // the shape that came after it the last time: most likely the next one again
    Shape* chained_ = nullptr;  // of the same slot
};

// What the key of an object says to the object's members.
inline uint64_t parent_of(const KeyClass& object) {
    return reinterpret_cast<uintptr_t>(object.compound) ^ (object.has(kBareName) ? 1 : 0);
}

// Whether what is below an object under such a key is judged as if the key were not there.
inline bool hands_nothing_down(const KeyInfo& info) {
    return info.custom < 0 && info.key_class.subject == Detector::kNone &&
           !info.key_class.has(kPerson | kToken | kFunding | kVersion | kOrganisation);
}

// Whether the key makes nothing PII that would be none without it: that of a merchant or a version takes
// suspicions away, that of a token says which kind of card.
inline bool raises_no_suspicion(const KeyInfo& info) {
    return info.custom < 0 && info.key_class.subject == Detector::kNone && !info.key_class.has(kPerson);
}

// Shapes stay where they are until begin_document(), which drops all when there are too many.
class ShapeCache {
  public:
    void begin_document() {
        if (full()) clear();
    }
    const Shape* find(const KeyBlock& keys);
    // Whether to add the keys that find() has just not found: when they come for the second time, so that
    // keys that never come again cost little.
    bool wanted(const KeyBlock& keys);
    const Shape* add(const KeyBlock& keys, std::vector<KeyInfo> members);

  private:
    static constexpr size_t kSlots = 256, kMostShapes = 256, kMostBytes = 256 * 1024;
    bool full() const { return shapes_.size() >= kMostShapes || bytes_ >= kMostBytes; }
    void clear();
    static uint32_t hash_of(const KeyBlock& keys);
    static bool same(const Shape& shape, const KeyBlock& keys);
    const Shape* follow(Shape* shape);

    std::vector<std::unique_ptr<Shape>> shapes_;
    std::array<Shape*, kSlots> slots_{};
    // Hashes of what was not found, in each row the latest first: shapes that take turns must not keep each
    // other from being seen twice.
    static constexpr size_t kSeenRows = 128, kSeenInRow = 4;
    std::array<std::array<uint32_t, kSeenInRow>, kSeenRows> seen_{};
    size_t bytes_ = 0;
    Shape* last_ = nullptr;
};

}  // namespace gpsync::core::pii
