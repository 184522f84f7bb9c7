// What a value is because of what stands beside it: labels of values, parts of addresses and persons.
#include <algorithm>

#include "core/pii/document/path_context.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kOtherNumber =
    kOrder | kArticle | kDocument | kReference | kHash | kVersion | kTime | kIdentifier;

}  // namespace

bool PathContext::like_a_label(std::string_view text) {
    constexpr auto kMostDigits = 4;  // more are an identifier's
    if (text.back() == ':') text.remove_suffix(1);
    if (std::count_if(text.begin(), text.end(), is_digit) > kMostDigits) return false;
    return std::none_of(text.begin(), text.end(), [](char c) {
        return c == '[' || c == '*' || c == '@' || c == ':' || c == '{' || c == '"';
    });
}

// What it names is looked up when there is a sibling to which it matters.
void PathContext::note_label(std::string_view text) {
    constexpr size_t kLongestLabel = 40;
    constexpr uint16_t kMostLabels = 8;
    Frame& frame = frames_.back();
    const bool tag_label = frame.field.is(PaymentField::Kind::kTagLabel);
    if (tag_label || frame.chip_data) {
        const EmvTag* tag = emv_tag_of_name(text);
        if (tag != nullptr) frame.label_field = {PaymentField::Kind::kTag, static_cast<uint16_t>(tag->tag)};
        if (tag_label || tag != nullptr) return;
    }
    if (text.empty() || text.size() > kLongestLabel || frame.labels == kMostLabels) return;
    labels_.emplace_back(text);
    ++frame.labels;
}

// The last that names anything counts.
void PathContext::read_labels() {
    Frame& frame = frames_.back();
    frame.labels = 0;
    for (; labels_.size() > frame.labels_begin; labels_.pop_back()) {
        if (!take_label(labels_.back())) continue;
        labels_.resize(frame.labels_begin);
        return update();
    }
}

// "http://hl7.org/fhir/sid/us-ssn", "urn:oid:…": what is behind the last separator names it.
bool PathContext::take_label(std::string_view text) {
    if (text.starts_with("http") || text.starts_with("urn:"))
        text.remove_prefix(text.find_last_of("/:#") + 1);
    if (text.empty() || !like_a_label(text)) return false;
    const NameInfo& info = look_up(text);
    // That of chip data has no class.
    Detector subject = info.field.is(PaymentField::Kind::kNone) ? info.name_class.subject
                                                                : classify_name(text, object_class()).subject;
    // [{"label": "street", …}, {"label": "city", …}]
    if (subject == Detector::kNone && info.name_class.has(kPlace) && !info.name_class.has(kOrder) &&
        frames_.size() > 1 && is_home(frames_[frames_.size() - 2].beside_elements))
        subject = Detector::kAddress;
    // JSON Patch: "/holder/internalNote"
    const size_t slash = text.rfind('/');
    const bool step = info.custom < 0 && slash != std::string_view::npos;
    const int custom = step ? policy_.find_key(text.substr(slash + 1)) : info.custom;
    Frame& frame = frames_.back();
    if (subject != Detector::kNone) frame.label = subject;
    if (custom >= 0) frame.label_custom = custom;
    if (info.field.is_header()) frame.label_field = info.field;
    // {"k": "sku", "v": …}: spares as the name would.
    if (subject == Detector::kNone) frame.label_flags |= info.name_class.flags & kOtherNumber;
    return subject != Detector::kNone || custom >= 0 || info.field.is_header();
}

bool PathContext::needs_siblings(const Frame& frame, std::string_view text) const {
    const NameClass& member = frame.member;
    if (member.has(kValue))
        return !frame.siblings_read && frame.label == Detector::kNone && frame.label_custom < 0;
    if (frame.beside_known) return false;
    if (frame.field.is(PaymentField::Kind::kElement)) {  // "7", of a message or of a list
        constexpr size_t kShortest = 7;
        return !frame.message && text.size() >= kShortest && std::all_of(text.begin(), text.end(), is_digit);
    }
    if (text.empty()) return member.has(kPlace | kBareName);
    const auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    return member.has(kPlace) || text.find(' ') != std::string_view::npos ||
           (class_of(text[0]) & kUpper) != 0 || std::any_of(text.begin(), text.end(), high);
}

bool PathContext::is_home(uint8_t beside) {
    return (beside & kBesideAddress) != 0 || (beside & (kBesideName | kBesideOrganisation)) == kBesideName;
}

// What the current member is because of what stands beside it. The name of a thing is not a person's.
Detector PathContext::subject_by_siblings(const Frame& frame) const {
    if (frame.array && !frame.row) return Detector::kNone;
    const NameClass& member = frame.member;
    // Coordinates, which are kOrder, too, may be of anything but in an object that is an address and no more.
    const bool home = member.has(kOrder) ? frame.beside == kBesideAddress : is_home(frame.beside);
    if (member.has(kPlace) && home) return Detector::kAddress;
    if ((frame.beside & kBesidePerson) == 0) return Detector::kNone;
    const NameClass& object = object_class();
    const bool thing = object.has(kOrganisation) || (object.has(kThing) && object.compound == nullptr);
    const bool name = member.has(kBareName) || (member.has(kValue) && object.has(kBareName));
    return name && !thing ? Detector::kPersonName : Detector::kNone;
}

bool PathContext::sibling(std::string_view name) {
    const NameInfo& info = look_up(name);
    const NameClass named = info.name_class;
    frames_.back().shown.add(info.field);
    frames_.back().beside |= beside_of(named);
    return frames_.back().member.has(kValue) && named.has(kLabel | kIdentifier);
}

void PathContext::sibling_label(std::string_view text) {
    constexpr size_t kLongest = 80;
    if (!text.empty() && text.size() <= kLongest) (void)take_label(text);
}

void PathContext::siblings_end() {
    frames_.back().beside_known = true;
    frames_.back().siblings_read |= frames_.back().member.has(kValue);
    if (Frame& frame = frames_.back(); !frame.message && frame.shown.is_message()) {
        frame.message = true;
        if (frame.field.is(PaymentField::Kind::kElement)) note_element(frame);
    }
    update();
}

}  // namespace gpsync::core::pii
