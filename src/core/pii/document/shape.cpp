#include "core/pii/document/shape.hpp"

#include <algorithm>
#include <cstring>

#include "core/json_writer.hpp"

namespace gpsync::core::pii {

namespace {

uint64_t eight_bytes(const char* from, size_t size) {
    uint64_t word = 0;
    std::memcpy(&word, from, std::min<size_t>(size, sizeof word));
    return word;
}

}  // namespace

uint16_t beside_of(Detector subject) {
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
        case Detector::kNhs:
        case Detector::kSin:
        case Detector::kAadhaar:
        case Detector::kPesel:
        case Detector::kMedicalRecord:
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

namespace {

uint16_t beside_of(NamePart part) {
    switch (part) {
        case NamePart::kGiven:
            return kBesideGiven;
        case NamePart::kFamily:
            return kBesideFamily;
        case NamePart::kStreet:
            return kBesideStreet;
        case NamePart::kTown:
            return kBesideTown;
        default:
            return 0;
    }
}

}  // namespace

uint16_t beside_of(const NameClass& member) {
    // {"object": "card", "exp_month": …, "name": …}, {"type": "card", "last4": …, "name": …}; an "expDate"
    // may be that of goods.
    const bool card = (member.subject == Detector::kExpiry || member.has(kReference)) && member.has(kFunding);
    // "bank-acct-nbr" goes itself: what stays is judged as if it were not there.
    const bool organisation = member.has(kOrganisation) && member.subject == Detector::kNone;
    const bool place = (organisation && member.has(kThing) && member.has(kOrder)) ||          // "iata"
                       (member.has(kArticle) && member.has(kLegible) && member.has(kOrder));  // "isbn"
    const uint16_t sure = member.has(kAmbiguous) ? kBesidePerson | kBesideAddress : 0xFFFF;   // "aliases"
    const bool pan = member.subject == Detector::kPan || member.subject == Detector::kCvv;
    const bool number =
        pan ? !member.has(kToken) : member.has(kReference) && member.has(kFunding);  // "last4"
    const uint16_t part = beside_of(member.name_part);
    return part | (member.of_person ? kBesidePerson : 0) | (beside_of(member.subject) & sure) |
           (card ? kBesidePerson : 0) | (number ? kBesideCard : 0) |
           (organisation ? kBesideOrganisation : 0) | (place ? kBesidePlace : 0);
}

void MemberLabels::add(std::string_view name) {
    HeapBuffer json;
    json.append(',');
    append_json_string(json, name);
    json.append(':');
    text_.append(json.view());
    ends_.push_back(static_cast<uint32_t>(text_.size()));
}

void Shape::judge() {
    uint32_t flags = 0;
    elements_ = {};
    beside_ = 0;
    for (const NameInfo& m : members_) {
        flags |= m.name_class.flags;
        elements_.add(m.field);
        beside_ |= beside_of(m.name_class);
    }
    const bool labelled = (flags & (kLabel | kIdentifier)) != 0 && (flags & kValue) != 0;
    const uint32_t by_siblings =
        (labelled ? kLabel | kValue : 0u) |
        ((beside_ & (kBesideAddress | kBesideName)) != 0 || has_parts_of_address(beside_) ? kPlace : 0u) |
        ((beside_ & kBesidePerson) != 0 ? kBareName | kNamePart | kValue : 0u) |
        (has_parts_of_name(beside_) ? kNamePart | kBareName : 0u);
    all_by_itself_ = true;
    contexts_.clear();
    for (const NameInfo& m : members_) {
        MemberContext context;
        context.by_itself = m.name_class.subject == Detector::kNone && m.custom < 0 && !m.lists_values &&
                            m.field.is(PaymentField::Kind::kNone) && !m.name_class.has(by_siblings) &&
                            !((flags & kOrder) != 0 && is_display(m.name_class));
        context.by_words = judges_text(m.name_class);
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

bool ShapeCache::same(const Kept& kept, const NameBlock& names) {
    return kept.parent == names.parent && kept.shape.members_.size() == names.count &&
           kept.bytes == names.bytes && kept.cuts == names.cuts;
}

const Shape* ShapeCache::follow(Kept* kept) {
    if (last_ != nullptr) last_->next = kept;
    last_ = kept;
    return &kept->shape;
}

const Shape* ShapeCache::find(const NameBlock& names) {
    if (last_ != nullptr) {
        if (last_->next != nullptr && same(*last_->next, names)) return &(last_ = last_->next)->shape;
        if (same(*last_, names)) return &last_->shape;  // the elements of an array
    }
    const uint32_t hash = hash_of(names);
    for (Kept* kept = slots_[hash % kSlots]; kept != nullptr; kept = kept->chained)
        if (kept->hash == hash && same(*kept, names)) return follow(kept);
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

const Shape* ShapeCache::add(const NameBlock& names, const Shape& shape, MemberLabels labels) {
    Kept*& slot = slots_[missed_ % kSlots];
    shapes_.push_back(std::make_unique<Kept>(
        Kept{shape, std::string(names.cuts), std::string(names.bytes), names.parent, missed_, slot}));
    slot = shapes_.back().get();
    bytes_ += names.bytes.size() + names.cuts.size() + labels.bytes() +
              names.count * (sizeof(NameInfo) + sizeof(MemberContext));
    slot->shape.labels_ = std::move(labels);
    return follow(slot);
}

}  // namespace gpsync::core::pii
