#include "core/pii/document/shape.hpp"

#include <algorithm>
#include <cstring>

namespace gpsync::core::pii {

namespace {

bool has_value_beside_label(const std::vector<NameInfo>& members) {
    const auto any = [&](uint32_t flag) {
        return std::any_of(members.begin(), members.end(),
                           [flag](const NameInfo& m) { return m.name_class.has(flag); });
    };
    return any(kLabel | kIdentifier) && any(kValue);
}

uint64_t eight_bytes(const char* from, size_t size) {
    uint64_t word = 0;
    std::memcpy(&word, from, std::min<size_t>(size, sizeof word));
    return word;
}

}  // namespace

uint8_t beside_of(Detector subject) {
    switch (subject) {
        case Detector::kAddress:
            return kBesideAddress;
        case Detector::kPersonName:
        case Detector::kBirthDate:
            return kBesidePerson | kBesideName;
        case Detector::kEmail:
        case Detector::kSsn:
        case Detector::kItin:
        case Detector::kNino:
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
        case Detector::kPan:
        case Detector::kCvv:
        case Detector::kIban:
            return kBesidePerson;
        default:
            return 0;
    }
}

uint8_t beside_of(const NameClass& member) {
    // {"object": "card", "exp_month": …, "name": …}, {"type": "card", "last4": …, "name": …}; an "expDate"
    // may be that of goods.
    const bool card = (member.subject == Detector::kExpiry || member.has(kReference)) && member.has(kFunding);
    return beside_of(member.subject) | (card ? kBesidePerson : 0) |
           (member.has(kOrganisation) ? kBesideOrganisation : 0);
}

Shape::Shape(const NameBlock& names, std::vector<NameInfo> members)
    : cuts_(names.cuts), bytes_(names.bytes), parent_(names.parent), members_(std::move(members)) {
    const bool labelled = has_value_beside_label(members_);
    ElementCount elements;
    for (const NameInfo& m : members_) {
        elements.add(m.field);
        beside_ |= beside_of(m.name_class);
    }
    message_ = elements.is_message();
    const uint32_t by_siblings = (labelled ? kLabel | kValue : 0u) |
                                 ((beside_ & (kBesideAddress | kBesideName)) != 0 ? kPlace : 0u) |
                                 ((beside_ & kBesidePerson) != 0 ? kBareName | kValue : 0u);
    for (const NameInfo& m : members_) {
        MemberContext context;
        context.by_itself = m.name_class.subject == Detector::kNone && m.custom < 0 &&
                            m.field.is(PaymentField::Kind::kNone) && !m.name_class.has(by_siblings);
        context.neutral = context.by_itself && raises_no_suspicion(m);
        context.parent = parent_of(m.name_class);
        all_by_itself_ &= context.by_itself;
        contexts_.push_back(context);
    }
}

void ShapeCache::clear() {
    shapes_.clear();
    slots_.fill(nullptr);
    seen_.fill({});
    bytes_ = 0;
    last_ = nullptr;
}

// Of the cuts, which differ between most shapes, and both ends of the names: a chain is short all the same.
uint32_t ShapeCache::hash_of(const NameBlock& names) {
    uint64_t hash = names.parent ^ names.count;
    const auto add = [&hash](uint64_t word) {
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    };
    for (size_t at = 0; at < names.cuts.size(); at += 8)
        add(eight_bytes(names.cuts.data() + at, names.cuts.size() - at));
    add(eight_bytes(names.bytes.data(), names.bytes.size()));
    if (names.bytes.size() > 8) add(eight_bytes(names.bytes.data() + names.bytes.size() - 8, 8));
    return static_cast<uint32_t>(hash >> 32) | 1;  // 0 is no hash
}

bool ShapeCache::same(const Shape& shape, const NameBlock& names) {
    return shape.parent_ == names.parent && shape.members_.size() == names.count &&
           shape.bytes_ == names.bytes && shape.cuts_ == names.cuts;
}

const Shape* ShapeCache::follow(Shape* shape) {
    if (last_ != nullptr) last_->next_ = shape;
    return last_ = shape;
}

const Shape* ShapeCache::find(const NameBlock& names) {
    if (last_ != nullptr) {
        if (last_->next_ != nullptr && same(*last_->next_, names)) return last_ = last_->next_;
        if (same(*last_, names)) return last_;  // the elements of an array
    }
    const uint32_t hash = hash_of(names);
    for (Shape* shape = slots_[hash % kSlots]; shape != nullptr; shape = shape->chained_)
        if (shape->hash_ == hash && same(*shape, names)) return follow(shape);
    missed_ = hash;
    return nullptr;
}

bool ShapeCache::wanted() {
    auto& row = seen_[missed_ / kSlots % kSeenRows];
    if (std::find(row.begin(), row.end(), missed_) != row.end()) return !full();
    std::shift_right(row.begin(), row.end(), 1);
    row[0] = missed_;
    return false;
}

const Shape* ShapeCache::add(const NameBlock& names, std::vector<NameInfo> members) {
    auto shape = std::make_unique<Shape>(names, std::move(members));
    shape->hash_ = missed_;
    shape->chained_ = slots_[missed_ % kSlots];
    slots_[missed_ % kSlots] = shape.get();
    bytes_ +=
        names.bytes.size() + names.cuts.size() + names.count * (sizeof(NameInfo) + sizeof(MemberContext));
    shapes_.push_back(std::move(shape));
    return follow(shapes_.back().get());
}

}  // namespace gpsync::core::pii
