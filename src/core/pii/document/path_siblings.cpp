// What a value is because of what stands beside it: labels of values, parts of addresses and persons.
#include <algorithm>
#include <array>

#include "core/pii/document/path_context.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/names/name_qualified.hpp"
#include "core/pii/names/regions.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kLongestLabel = 40, kLongestRead = 80;
constexpr uint32_t kOtherNumber =
    kOrder | kArticle | kDocument | kReference | kHash | kVersion | kTime | kIdentifier;

}  // namespace

// "TC001", of a code, "evt_BiFhUwCjfgwG7LTtEI2F" and "R_8qMUc4a7Gn3UlBX": so many parts of two or three
// letters are no words.
bool PathContext::is_opaque(std::string_view text) {
    constexpr size_t kMostLettersOfCode = 3, kFewestDigitsOfCode = 3;
    const size_t letters = std::min(text.find_first_of("0123456789"), text.size());
    if (letters <= kMostLettersOfCode && text.size() >= letters + kFewestDigitsOfCode &&
        text.find_first_not_of("0123456789", letters) == std::string_view::npos)
        return true;
    constexpr size_t kShortest = 16, kLongestPart = 3, kShortestOfShortParts = 10, kLongestShortPart = 2;
    size_t size = 0, parts = 0;
    uint8_t last = 0;
    for (const char c : text) {
        const uint8_t kind = class_of(c) & (kDigit | kUpper | kLower);
        if (kind == 0) {
            size = parts = 0;
        } else {
            ++size;
            parts += kind != last && !(last == kUpper && kind == kLower);
        }
        if (size >= kShortest && size < kLongestPart * parts) return true;
        if (size >= kShortestOfShortParts && size < kLongestShortPart * parts) return true;
        last = kind;
    }
    return false;
}

bool PathContext::like_a_label(std::string_view text) {
    constexpr size_t kMostDigits = 4;  // more are an identifier's
    static constexpr auto kNoLabel = [] {
        std::array<bool, 256> bytes{};
        for (const unsigned char c : {'[', '*', '@', ':', '{', '"', '='}) bytes[c] = true;
        return bytes;
    }();
    if (text.back() == ':') text.remove_suffix(1);
    size_t digits = 0;
    for (const char c : text) {
        if (kNoLabel[static_cast<unsigned char>(c)]) return false;
        digits += is_digit(c);
    }
    return digits <= kMostDigits && !is_opaque(text);
}

namespace {

// "http://hl7.org/fhir/sid/us-ssn", "urn:oid:2.5.4.42": what is behind the last separator, or what a number
// stands for.
std::string_view without_uri(std::string_view text) {
    const std::string_view attribute = attribute_of_oid(text);
    return attribute.empty() ? last_part_of_uri(text) : attribute;
}

bool is_identifier(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || c == '_' || c == '-' || c == '.';
    });
}

// "custom:ssn": what is behind the prefix. Not of an outcome ("error:password").
std::string_view without_prefix(std::string_view text) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) return text;
    if (colon + 1 == text.size()) return text.substr(0, colon);  // "CVV:"
    const std::string_view prefix = text.substr(0, colon);
    return is_identifier(prefix) && !classify_name(prefix, {}).has(kQualifier) ? text.substr(colon + 1)
                                                                               : text;
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

// Of FHIR: "Patient/123", "https://…/Practitioner/f005".
bool refers_to_person(std::string_view text) {
    const size_t id = text.rfind('/');
    if (id == std::string_view::npos) return false;
    const std::string_view type = text.substr(0, id);
    const size_t begin = type.rfind('/') + 1;
    return is_one_of(type.substr(begin), {"patient", "person", "practitioner", "relatedperson"});
}

// What recognisers of entities call a person: {"entity_group": "PER", "word": …}.
bool is_recognised_person(std::string_view text) {
    if (text.starts_with("B-") || text.starts_with("I-")) text.remove_prefix(2);
    return text == "PER" || text == "PERSON" || text == "PERSON_NAME";
}

// "https://….vault.azure.net/secrets/name/version", "projects/p/secrets/name"
bool is_address_of_secret(std::string_view text) {
    const size_t at = text.find("/secrets/");
    return at != std::string_view::npos && text.size() > at + std::string_view("/secrets/").size();
}

// "#cvv", ":pin", "input[name=cvv]", "//input[@id='password']": the field of a form, the parameter of a
// statement.
std::string_view of_selector(std::string_view text) {
    if (text.size() > 1 && std::string_view("#.:$@").find(text[0]) != std::string_view::npos)
        return text.substr(1);
    const size_t open = text.find('['), equals = text.find('=', open);
    if (open == std::string_view::npos || equals == std::string_view::npos || text.back() != ']') return text;
    std::string_view value = text.substr(equals + 1, text.size() - equals - 2);
    if (value.size() > 2 && (value[0] == '\'' || value[0] == '"') && value.back() == value[0])
        value = value.substr(1, value.size() - 2);
    return is_identifier(value) ? value : text;
}

// "Please enter your PIN:", what a form or a voice asks for.
std::string_view without_request(std::string_view text) {
    static constexpr std::string_view kRequests[] = {
        "bitte", "choose", "confirm", "enter",  "geben",   "ihre",   "ihren",   "ingrese",  "input",
        "key",   "la",     "le",      "please", "provide", "repeat", "reenter", "re-enter", "saisissez",
        "set",   "sie",    "specify", "su",     "the",     "type",   "votre",   "your"};
    bool request = false;
    for (size_t blank; (blank = text.find(' ')) != std::string_view::npos; request = true) {
        const std::string_view word = text.substr(0, blank);
        const auto same = [&](std::string_view other) { return equals_ignoring_case(word, other); };
        if (std::none_of(std::begin(kRequests), std::end(kRequests), same)) break;
        text.remove_prefix(blank + 1);
    }
    if (request && text.size() > 1 && (text.back() == ':' || text.back() == '.')) text.remove_suffix(1);
    return text;
}

}  // namespace

// What it names is looked up when there is a sibling to which it matters.
void PathContext::note_label(std::string_view text) {
    constexpr uint16_t kMostLabels = 8;
    Frame& frame = frames_.back();
    const bool tag_label = frame.field.is(PaymentField::Kind::kTagLabel);
    constexpr size_t kLongTag = 4;  // "9F26" names an element also under "id" or "name"
    if (tag_label || frame.chip_data || text.size() == kLongTag) {
        const EmvTag* tag = emv_tag_of_name(text);
        const bool sure = tag_label || frame.chip_data ||
                          (tag != nullptr && tag->tag > 0xFF && info(tag->detector).only_remove);
        if (!sure) tag = nullptr;
        if (tag != nullptr) frame.label_field = {PaymentField::Kind::kTag, static_cast<uint16_t>(tag->tag)};
        if (tag_label || tag != nullptr) return;
    }
    if (text.size() > kLongestRead) text = without_uri(text);
    if (text.empty() || text.size() > kLongestRead || frame.labels == kMostLabels) return;
    labels_.emplace_back(text);
    ++frame.labels;
}

// Without it the value beside it would be judged by what is said of both: {"address": {"name": "dateOfBirth",
// "value": …}}. One word with a capital is rather a name itself.
bool PathContext::stays_as_label(std::string_view text) {
    constexpr int kMostDigits = 2;
    if (text.empty() || text.size() > kLongestLabel) return false;
    if (const size_t slash = text.rfind('/'); slash != std::string_view::npos) text.remove_prefix(slash + 1);
    text = without_prefix(text);
    int digits = 0;
    bool parts = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool mark = text[i] == '_' || text[i] == '-' || text[i] == '.';
        if (!mark && !is_word(text[i])) return false;
        digits += is_digit(text[i]);
        parts |=
            mark || (i > 0 && (class_of(text[i]) & kUpper) != 0 && (class_of(text[i - 1]) & kLower) != 0);
    }
    if (text.empty() || digits > kMostDigits || (!parts && (class_of(text[0]) & kUpper) != 0)) return false;
    const NameInfo& info = look_up(text);
    if (info.field.is(PaymentField::Kind::kChipData) || info.field.is_header()) return true;
    const Frame& frame = frames_.back();
    const bool thing = info.name_class.has(kThing | kOrganisation) && !frame.person &&
                       frame.subject != Detector::kNone && frame.subject != Detector::kPersonName;
    if (info.name_class.subject == Detector::kNone && info.custom < 0 && !thing) return false;
    if (text.starts_with("X-") || text.starts_with("x-")) text.remove_prefix(2);
    return is_made_of_known_words(text);
}

// The last that names anything counts.
void PathContext::read_labels() {
    Frame& frame = frames_.back();
    frame.labels = 0;
    for (; labels_.size() > frame.labels_begin; labels_.pop_back()) {
        if (!take_label(labels_.back())) continue;
        labels_.resize(frame.labels_begin);
        note_labelled_element(frame);
        return update();
    }
}

namespace {

// Of a label as of a name: what is around it or asks for it is left out.
std::string_view plain_label(std::string_view text, std::string& buffer) {
    text = without_request(of_selector(without_prefix(without_uri(text))));
    if (text.ends_with(']')) text = buffer = without_brackets(text);
    return text;
}

}  // namespace

// [{"label": "street", …}, {"label": "city", …}], [{"label": "Name", …}, {"label": "Surname", …}]
Detector PathContext::subject_by_elements(const NameClass& label) {
    if (frames_.size() < 2 || !label.has(kPlace | kBareName | kNamePart) || label.has(kThing | kOrganisation))
        return Detector::kNone;
    Frame& frame = frames_.back();
    const uint16_t beside = frames_[frames_.size() - 2].beside_elements;
    if (label.has(kPlace) && !label.has(kOrder) && is_home(beside)) return Detector::kAddress;
    const bool name = (beside & kBesideName) != 0;
    if (!label.has(kPlace) && (name || ((beside & kBesidePerson) != 0 && label.has(kBareName)))) {
        frame.label_doubt = name ? Doubt::kSome : Doubt::kMuch;
        return Detector::kPersonName;
    }
    frame.label_depends = true;
    return Detector::kNone;
}

bool PathContext::element_name(std::string_view name) {
    return look_up(name).name_class.has(kLabel | kIdentifier);
}

// The label in a text, or nothing where it is none. buffer holds what is no part of the text.
std::string_view PathContext::label_of(std::string_view text, std::string& buffer) {
    const bool short_one = Labels::takes(text);
    if (short_one && bare_labels_.has(text)) return text;
    const std::string_view label = plain_label(text, buffer);
    if (label.empty() || !like_a_label(label)) return {};
    if (short_one && label.size() == text.size()) bare_labels_.add(text);
    return label;
}

void PathContext::element_label(std::string_view text) {
    std::string buffer;
    text = label_of(text, buffer);
    if (text.empty() || text.size() > kLongestRead) return;
    frames_[frames_.size() - 2].beside_elements |= beside_of(look_up(text).name_class);
}

void PathContext::elements_end() {
    frames_[frames_.size() - 2].elements_read = true;
    frames_.back().siblings_read = false;
}

bool PathContext::take_label(std::string_view text) {
    if (Frame& frame = frames_.back(); frame.below_message) {
        const auto element = static_cast<uint16_t>(element_of_label(text));
        if (element != 0) frame.label_field = {PaymentField::Kind::kElement, element};
        if (element != 0) return true;
    }
    if (is_address_of_secret(text)) {
        frames_.back().label = Detector::kApiSecret;
        return true;
    }
    std::string buffer;
    text = label_of(text, buffer);
    if (text.empty()) return false;
    const NameInfo& info = look_up(text);
    // That of chip data has no class.
    Detector subject = info.field.is(PaymentField::Kind::kNone) ? info.name_class.subject
                                                                : classify_name(text, object_class()).subject;
    if (subject == Detector::kNone) subject = subject_by_elements(info.name_class);
    // {"customer": [{"op": "add", "path": "/name", "value": …}]}
    if (subject == Detector::kNone && (names_a_person(info.name_class) || is_recognised_person(text)))
        subject = Detector::kPersonName;
    // JSON Patch: "/holder/internalNote"
    const size_t slash = text.rfind('/');
    const bool step = info.custom < 0 && slash != std::string_view::npos;
    const int custom = step ? policy_.find_key(text.substr(slash + 1)) : info.custom;
    Frame& frame = frames_.back();
    if (subject != Detector::kNone) frame.label = subject;
    frame.label_may_name_person |= info.name_class.may_name_person;
    const bool of_object =
        info.name_class.compound != nullptr || info.name_class.has(kPerson | kOrganisation | kThing);
    if (subject != Detector::kNone || of_object) frame.labelled = info.name_class;
    if (custom >= 0) frame.label_custom = custom;
    if (info.field.is_header()) frame.label_field = info.field;
    // {"k": "sku", "v": …}: spares as the name would.
    if (subject == Detector::kNone) frame.label_flags |= info.name_class.flags & kOtherNumber;
    return subject != Detector::kNone || custom >= 0 || info.field.is_header() || frame.label_may_name_person;
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

namespace {

bool begins_like_a_name(std::string_view text) {
    const auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    return !text.empty() && ((class_of(text[0]) & kUpper) != 0 || text.find(' ') != std::string_view::npos ||
                             std::any_of(text.begin(), text.end(), high));
}

}  // namespace

bool PathContext::needs_siblings(const Frame& frame, std::string_view text) const {
    const NameClass& member = frame.member;
    if (member.has(kValue))
        return !frame.siblings_read && frame.label == Detector::kNone && frame.label_custom < 0;
    if (is_display(member)) return !frame.siblings_read && begins_like_a_name(text);
    if (member.subject == Detector::kNationalId)
        return !frame.siblings_read && frame.label == Detector::kNone && !text.empty();
    if (frame.beside_known) return false;
    if (member.subject == Detector::kExpiry) {
        constexpr size_t kShortestDate = 8;
        return !member.has(kFunding) && (text.size() >= kShortestDate || text.empty());
    }
    if (frame.field.is_element()) {  // "7", "de7", of a message or of a list
        constexpr size_t kShortest = 7;
        const bool number = text.size() >= kShortest && std::all_of(text.begin(), text.end(), is_digit);
        return !frame.message && (number || frame.field.is(PaymentField::Kind::kNamedElement));
    }
    if (text.empty()) return member.has(kPlace | kBareName | kNamePart);
    if (member.has(kPlace) && member.has(kAmbiguous)) return is_region(text);
    return member.has(kPlace) || begins_like_a_name(text);
}

bool PathContext::is_home(uint16_t beside) {
    return (beside & kBesideAddress) != 0 || has_parts_of_address(beside) ||
           (beside & (kBesideName | kBesideOrganisation)) == kBesideName;
}

// What the current member is because of what stands beside it. The name of a thing is not a person's.
Detector PathContext::subject_by_siblings(const Frame& frame) const {
    if (frame.array && !frame.row) return Detector::kNone;
    const NameClass& member = frame.member;
    // Coordinates, which are kOrder, too, may be of anything but in an object that is an address and no more.
    const bool home = member.has(kOrder) ? frame.beside == kBesideAddress : is_home(frame.beside);
    if (member.has(kPlace) && home) return Detector::kAddress;
    const bool parts = has_parts_of_name(frame.beside);  // {"given": "Ann", "family": "Lee"}
    if ((frame.beside & kBesidePerson) == 0 && !parts) return Detector::kNone;
    const NameClass& object = object_class();
    const bool thing = object.has(kOrganisation) || (object.has(kThing) && object.compound == nullptr);
    // {"first": "Ann", "surname": …}, {"first": "Ann", "last": "Lee", "email": …}
    const bool part = member.has(kNamePart) || (parts && is_part_of_name(member.name_part));
    if ((frame.beside & kBesidePerson) == 0 && !part) return Detector::kNone;
    const bool name = member.has(kBareName) || part || (member.has(kValue) && object.has(kBareName));
    return name && !thing ? Detector::kPersonName : Detector::kNone;
}

Doubt PathContext::doubt_by_siblings(const Frame& frame, Detector subject) {
    if (frame.member.has(kNamePart) || is_part_of_name(frame.member.name_part)) return Doubt::kSome;
    const bool name = subject == Detector::kPersonName;  // "nome" beside "cognome" is one word
    return name && (frame.beside & kBesideName) == 0 ? Doubt::kMuch : Doubt::kSome;
}

// The value that comes next, also where a label beside it is the name that says so.
bool PathContext::may_name_a_person(const Frame& frame) const {
    const NameClass& member = frame.member;
    const bool labelled = frame.label_may_name_person && member.has(kValue);
    if (!member.may_name_person && !labelled) return false;
    const bool beside_a_place = member.has(kBareName) && (frame.beside & kBesidePlace) != 0;
    const NameClass& object = object_class();
    const bool account = object.compound != nullptr && object.has(kCompound);  // "bank_account", of anybody
    return (!frame.organisation || account) && !beside_a_place && !names_a_thing(member);
}

// Not of a message: {"email": {"name": "Order confirmation"}}.
bool PathContext::is_name_beside_email(const Frame& frame) {
    return frame.subject == Detector::kEmail && !frame.array && frame.member.has(kBareName) &&
           (frame.beside & (kBesideAddress | kBesidePerson)) != 0;
}

bool PathContext::holds_a_name(const NameClass& member) const {
    const NameClass& object = object_class();
    return member.has(kValue) && object.subject == Detector::kPersonName && object.has(kDirect);
}

// "product": {"names": [ … ]}
bool PathContext::names_a_thing(const NameClass& member) const {
    size_t object = frames_.size() - 1;
    const auto leave_arrays = [&] {
        while (object > 0 && frames_[object].array) --object;
    };
    leave_arrays();
    // "product": {"name": {"text": …}}
    const bool of_a_name = object > 0 && member.has(kValue) && frames_[object - 1].member.has(kBareName);
    if (of_a_name) {
        --object;
        leave_arrays();
    }
    const bool name = of_a_name || member.has(kBareName);
    if (!name || object == 0) return false;
    const NameClass& owner = frames_[object - 1].member;
    const bool account = owner.compound != nullptr && owner.has(kCompound);  // "bank_account": {"name": …}
    return owner.has(kThing | kOrganisation) && !account;
}

bool PathContext::sibling(std::string_view name) {
    const NameInfo& info = look_up(name);
    const NameClass named = info.name_class;
    frames_.back().shown.add(info.field);
    frames_.back().beside |= beside_of(named);
    return may_be_label(named, name);
}

void PathContext::sibling_label(std::string_view text) {
    if (Frame& frame = frames_.back(); is_display(frame.member)) {
        if (refers_to_person(text)) frame.beside |= kBesidePerson | kBesideName;
        return;
    }
    if (text.size() > kLongestRead) text = without_uri(text);
    if (!text.empty() && text.size() <= kLongestRead) (void)take_label(text);
}

void PathContext::siblings_end() {
    frames_.back().beside_known = true;
    frames_.back().siblings_read |= frames_.back().member.has(kValue) || is_display(frames_.back().member) ||
                                    frames_.back().member.subject == Detector::kNationalId;
    if (Frame& frame = frames_.back(); !frame.message && frame.shown.is_message()) {
        frame.take_message(frame.shown);
        if (frame.field.is_element()) note_element(frame);
    }
    note_labelled_element(frames_.back());
    update();
}

}  // namespace gpsync::core::pii
