#include "core/pii/document/shape.hpp"

#include <algorithm>
#include <cstring>

namespace gpsync::core::pii {

namespace {

bool has_value_beside_label(const std::vector<KeyInfo>& members) {
    const auto any = [&](uint32_t flag) {
        return std::any_of(members.begin(), members.end(),
                           [flag](const KeyInfo& m) { return m.key_class.has(flag); });
    };
    return any(kLabel) && any(kValue);
}

uint64_t eight_bytes(const char* from, size_t size) {
    uint64_t word = 0;
    std::memcpy(&word, from, std::min<size_t>(size, sizeof word));
    return word;
}

}  // namespace

Shape::Shape(const KeyBlock& keys, std::vector<KeyInfo> members)
    : cuts_(keys.cuts), bytes_(keys.bytes), parent_(keys.parent), members_(std::move(members)) {
    const bool labelled = has_value_beside_label(members_);
    for (const KeyInfo& m : members_) {
        Place place;
        place.by_itself = m.key_class.subject == Detector::kNone && m.custom < 0 &&
                          !(labelled && m.key_class.has(kLabel | kValue));
        place.neutral = place.by_itself && raises_no_suspicion(m);
        place.parent = parent_of(m.key_class);
        all_by_itself_ &= place.by_itself;
        places_.push_back(place);
    }
}

void ShapeCache::clear() {
    shapes_.clear();
    slots_.fill(nullptr);
    seen_.fill({});
    bytes_ = 0;
    last_ = nullptr;
}

// Of the cuts, which differ between most shapes, and both ends of the keys: a chain is short all the same.
uint32_t ShapeCache::hash_of(const KeyBlock& keys) {
    uint64_t hash = keys.parent ^ keys.count;
    const auto add = [&hash](uint64_t word) {
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    };
    for (size_t at = 0; at < keys.cuts.size(); at += 8)
        add(eight_bytes(keys.cuts.data() + at, keys.cuts.size() - at));
    add(eight_bytes(keys.bytes.data(), keys.bytes.size()));
    if (keys.bytes.size() > 8) add(eight_bytes(keys.bytes.data() + keys.bytes.size() - 8, 8));
    return static_cast<uint32_t>(hash >> 32) | 1;  // 0 is no hash
}

bool ShapeCache::same(const Shape& shape, const KeyBlock& keys) {
    return shape.parent_ == keys.parent && shape.members_.size() == keys.count &&
           shape.bytes_ == keys.bytes && shape.cuts_ == keys.cuts;
}

const Shape* ShapeCache::follow(Shape* shape) {
    if (last_ != nullptr) last_->next_ = shape;
    return last_ = shape;
}

const Shape* ShapeCache::find(const KeyBlock& keys) {
    if (last_ != nullptr) {
        if (last_->next_ != nullptr && same(*last_->next_, keys)) return last_ = last_->next_;
        if (same(*last_, keys)) return last_;  // the elements of an array
    }
    const uint32_t hash = hash_of(keys);
    for (Shape* shape = slots_[hash % kSlots]; shape != nullptr; shape = shape->chained_)
        if (shape->hash_ == hash && same(*shape, keys)) return follow(shape);
    return nullptr;
}

bool ShapeCache::wanted(const KeyBlock& keys) {
    const uint32_t hash = hash_of(keys);
    auto& row = seen_[hash / kSlots % kSeenRows];
    if (std::find(row.begin(), row.end(), hash) != row.end()) return !full();
    std::shift_right(row.begin(), row.end(), 1);
    row[0] = hash;
    return false;
}

const Shape* ShapeCache::add(const KeyBlock& keys, std::vector<KeyInfo> members) {
    auto shape = std::make_unique<Shape>(keys, std::move(members));
    const uint32_t hash = hash_of(keys);
    shape->hash_ = hash;
    shape->chained_ = slots_[hash % kSlots];
    slots_[hash % kSlots] = shape.get();
    bytes_ += keys.bytes.size() + keys.cuts.size() + keys.count * (sizeof(KeyInfo) + sizeof(Place));
    shapes_.push_back(std::move(shape));
    return follow(shapes_.back().get());
}

}  // namespace gpsync::core::pii
