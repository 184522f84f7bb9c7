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

namespace {

bool is_identifier(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || c == '_' || c == '-' || c == '.';
    });
}

// "custom:ssn": what is behind the prefix. Not of an outcome ("error:password").
std::string_view without_prefix(std::string_view text) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) return text;
    const std::string_view prefix = text.substr(0, colon);
    const NameClass named = classify_name(prefix, {});
    return is_identifier(prefix) && !named.has(kQualifier) ? text.substr(colon + 1) : text;
}

// "customer[address][zip]", as forms name their fields: what the brackets are around, and the name in front.
std::string without_brackets(std::string_view text) {
    std::string name;
    for (size_t at = 0; at < text.size();) {
        const size_t open = text.find('[', at), close = text.find(']', open);
        if (open == std::string_view::npos || close == std::string_view::npos || (at > 0 && open != at))
            return {};
        const std::string_view front = text.substr(at, open - at),
                               inside = text.substr(open + 1, close - open - 1);
        if ((at == 0 && !is_identifier(front)) || !is_identifier(inside) || inside == "removed") return {};
        name.append(front).append(" ").append(inside);
        at = close + 1;
    }
    return name;
}

}  // namespace

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
    text = without_prefix(text);
    std::string plain;
    if (text.ends_with(']')) text = plain = without_brackets(text);
    if (text.empty() || !like_a_label(text)) return false;
    const NameInfo& info = look_up(text);
    // That of chip data has no class.
    Detector subject = info.field.is(PaymentField::Kind::kNone) ? info.name_class.subject
                                                                : classify_name(text, object_class()).subject;
    // [{"label": "street", …}, {"label": "city", …}]
    if (subject == Detector::kNone && info.name_class.has(kPlace) && !info.name_class.has(kOrder) &&
        frames_.size() > 1 && is_home(frames_[frames_.size() - 2].beside_elements))
        subject = Detector::kAddress;
    // {"customer": [{"op": "add", "path": "/name", "value": …}]}
    if (subject == Detector::kNone && names_a_person(info.name_class)) subject = Detector::kPersonName;
    // JSON Patch: "/holder/internalNote"
    const size_t slash = text.rfind('/');
    const bool step = info.custom < 0 && slash != std::string_view::npos;
    const int custom = step ? policy_.find_key(text.substr(slash + 1)) : info.custom;
    Frame& frame = frames_.back();
    if (subject != Detector::kNone) frame.label = subject;
    const bool of_object =
        info.name_class.compound != nullptr || info.name_class.has(kPerson | kOrganisation);
    if (subject != Detector::kNone || of_object) frame.labelled = info.name_class;
    if (custom >= 0) frame.label_custom = custom;
    if (info.field.is_header()) frame.label_field = info.field;
    // {"k": "sku", "v": …}: spares as the name would.
    if (subject == Detector::kNone) frame.label_flags |= info.name_class.flags & kOtherNumber;
    return subject != Detector::kNone || custom >= 0 || info.field.is_header();
}

// A label that says no more than "name" or "given", in an object below a person's or, as JSContact has it
// ("name": {"components": [{"kind": "given", …}]}), below a name.
bool PathContext::names_a_person(const NameClass& label) const {
    if (!label.has(kBareName | kNamePart)) return false;
    if (label.has(kBareName) && frames_.back().person && !frames_.back().doubtful_person) return true;
    constexpr size_t kMostSteps = 3;  // the object, its array, what that is in
    for (size_t up = 2; label.has(kNamePart) && up <= kMostSteps + 1 && up <= frames_.size(); ++up)
        if (frames_[frames_.size() - up].member.has(kBareName)) return true;
    return false;
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

Doubt PathContext::doubt_by_siblings(const Frame& frame, Detector subject) {
    const bool name = subject == Detector::kPersonName;  // "nome" beside "cognome" is one word
    return name && (frame.beside & kBesideName) == 0 ? Doubt::kMuch : Doubt::kSome;
}

bool PathContext::sibling(std::string_view name) {
    const NameInfo& info = look_up(name);
    const NameClass named = info.name_class;
    frames_.back().shown.add(info.field);
    frames_.back().beside |= beside_of(named);
    // {"header": ["id", "cvv"], "values": [7, "123"]}: names of columns are those of one value each.
    const bool columns = frames_.back().lists_values && lists_names(name);
    return frames_.back().member.has(kValue) && named.has(kLabel | kIdentifier) && !columns;
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
