#include "core/pii/document/path_context.hpp"

#include <algorithm>

#include "core/pii/detect/plain_text.hpp"
#include "core/pii/names/name_qualified.hpp"
#include "core/pii/names/name_remarks.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/protect/envelope.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// Whether an object under this name is a shop, a bank or the like, or an address or other part of one: then
// an address in it is nobody's home.
bool of_organisation(const NameClass& member, bool above) {
    if (member.has(kPerson) || member.subject == Detector::kPersonName) return false;
    const bool part =
        member.subject == Detector::kAddress || (member.has(kPassThrough | kThing) && !member.has(kCompound));
    return member.has(kOrganisation) || (above && part);
}

// "Date of birth (MM-DD-YYYY)": by what is in front of the remark, unless that takes its meaning away ("SSN
// (hash)").
NameClass class_without_remark(std::string_view name, const NameClass& object) {
    const NameClass whole = classify_name(name, object);
    const size_t open = name.rfind('(');
    if (whole.subject != Detector::kNone || !name.ends_with(')') || open == std::string_view::npos)
        return whole;
    constexpr uint32_t kOther = kNegator | kHash | kToken | kReference | kVersion | kOrganisation | kThing;
    const NameClass front = classify_name(trim(name.substr(0, open)), object),
                    remark = classify_name(name.substr(open + 1, name.size() - open - 2), {});
    return front.subject != Detector::kNone && !remark.has(kOther) ? front : whole;
}

// The letters of an envelope in a name are neutral.
NameClass class_of_name(std::string_view name, const NameClass& object) {
    if (name.find(kEnvelopeStart) == std::string_view::npos) return class_without_remark(name, object);
    std::string rest(name);
    for (size_t at = rest.find(kEnvelopeStart); at != std::string::npos;
         at = rest.find(kEnvelopeStart, at + 1)) {
        const auto envelope = parse_envelope(std::string_view(rest).substr(at));
        if (envelope) rest.replace(at, envelope->size, envelope->size, ' ');
    }
    return classify_name(rest, object);
}

bool is_token_pan(const NameClass& member) {
    return member.has(kToken) && !member.has(kFunding);
}

void append_step(std::string& path, std::string_view name) {
    const bool plain = !name.empty() && !is_digit(name[0]) &&
                       std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '_'; });
    path.push_back('.');
    if (plain) {
        path += name;
        return;
    }
    path.push_back('"');
    for (char c : name) {
        if (c == '"' || c == '\\') path.push_back('\\');
        path.push_back(c);
    }
    path.push_back('"');
}

}  // namespace

PathContext::PathContext(const Policy& policy, bool keep_path)
    : policy_(policy),
      keep_path_(keep_path),
      counts_(keep_path || policy.has_paths()),
      rules_anywhere_(policy.has_patterns() || policy.has_paths()) {
    for (const Rule& rule : policy.rules())
        for (const PathPattern& pattern : rule.paths) patterns_.push_back({&rule, &pattern});
    reset();
}

void PathContext::reset() {
    constexpr size_t kKept = 256;  // a very deep document does not leave its stack behind
    if (frames_.capacity() > kKept) frames_ = {};
    frames_.clear();
    frames_.emplace_back();
    active_names_.clear();
    replaced_names_.clear();
    labels_.clear();
    columns_.clear();
    coming_ = {};
    shapes_.begin_document();
    own_shapes_.begin_document();
    names_.begin_document();
    embedded_ = 0;
    form_member_ = -1;
    if (keep_path_) {
        path_ = "$";
        member_path_.clear();
    }
    if (!patterns_.empty()) start_paths();
    update();
}

// Of the open object's own name; of an array, the array's.
const NameClass& PathContext::object_class() const {
    static constexpr NameClass kNothing;
    return frames_.size() > 1 ? frames_[frames_.size() - 2].member : kNothing;
}

const NameInfo& PathContext::look_up(std::string_view name) {
    return look_up(name, object_class());
}

const NameClass& PathContext::look_up_alone(std::string_view name) {
    static constexpr NameClass kNothing;
    return look_up(name, kNothing).name_class;
}

namespace {

// How many digits a name ends with ("item_17": 2), if names that differ from it only in these digits say the
// same of their values, those of fields and with an envelope in them apart: a separator before the number, so
// that it is a word of its own, and no entry of the vocabulary that ends in it. With as many digits, such
// names are also equally clean: without a 0 in front four digits are too few to matter by their values. 0
// otherwise. (PiiNames, ANumberBehindANameSaysNothing compares them.)
size_t digits_of_numbered(std::string_view name) {
    constexpr size_t kMostDigits = 4;
    size_t begin = name.size();
    while (begin > 0 && is_digit(name[begin - 1])) --begin;
    const std::string_view number = name.substr(begin);
    if (number.empty() || number.size() > kMostDigits || number[0] == '0' || begin < 2) return 0;
    const char separator = name[begin - 1];
    if (separator != '_' && separator != '-' && separator != '.' && separator != ' ') return 0;
    return ends_an_entry(static_cast<unsigned>(number_of(number))) ? 0 : number.size();
}

// Of the entry for all names with a number behind them.
uint64_t parent_of_numbered(uint64_t parent) {
    return parent ^ uint64_t { 1 } << 63;
}

}  // namespace

PathContext::NameKey PathContext::key_of(std::string_view name, uint64_t parent) const {
    const size_t digits = policy_.keys().empty() ? digits_of_numbered(name) : 0;
    return {{name.substr(0, name.size() - digits), digits > 0 ? parent_of_numbered(parent) : parent}, digits};
}

void PathContext::expect(std::string_view name) const {
    names_.expect(key_of(name, parent_of(object_class())).entry);
}

const NameInfo& PathContext::look_up(std::string_view name, const NameClass& object) {
    return look_up(name, object, key_of(name, parent_of(object)));
}

const NameInfo& PathContext::look_up(std::string_view name, const NameClass& object, const NameKey& key) {
    if (NameCache::Entry* known = names_.find(key.entry)) {
        if (key.digits == 0) return known->info();
        known->clean_numbers.set(key.digits, [&] { return is_clean(name); });
        return known->info(known->clean_numbers.get(key.digits));
    }
    return look_up_new(name, object, key);
}

const NameInfo& PathContext::look_up_new(std::string_view name, const NameClass& object, const NameKey& key) {
    const NameCache::Key alone(name, parent_of(object));
    if (key.digits > 0)
        if (const NameCache::Entry* known = names_.find(alone)) return known->info();
    NameInfo info = classify(name, object);
    if (name.size() > NameCache::kLongest) return uncached_ = info;
    const std::string_view stem = key.entry.name;
    if (key.digits == 0 || may_be_numbered_field(stem) || stem.find(':') != std::string_view::npos)
        return names_.add(alone, info).info();
    NameCache::Entry& added = names_.add(key.entry, info);
    added.clean_numbers.set(key.digits, [&] { return info.clean; });
    return added.info();
}

void PathContext::note_clean(std::string_view name) {
    if (NameCache::Entry* known = names_.find({name, parent_of(object_class())})) known->set_clean();
}

bool PathContext::is_clean(std::string_view name) const {
    name = without_annotation(name);
    return !policy_.has_patterns() && (!may_hold_pii(name) || is_plain_text(name)) &&
           !may_be_replacement(name);
}

NameInfo PathContext::classify(std::string_view name, const NameClass& object) const {
    NameInfo result;
    result.name_class = class_of_name(name, object);
    result.clean = is_clean(name);
    result.lists_values = lists_values(name);
    result.custom = policy_.find_key(name);
    result.field = payment_field(name);
    using Kind = PaymentField::Kind;
    if (result.field.is(Kind::kTagLabel)) result.name_class.flags |= kLabel;
    // "DE52", "bit 52": a block in hex is a PIN's also where no message is around it.
    constexpr unsigned kPinElement = 52;
    const bool sure_word =
        !name.empty() && std::string_view("dDbBpP").find(name[0]) != std::string_view::npos;
    if (result.field.is(Kind::kNamedElement) && result.field.number == kPinElement && sure_word &&
        result.name_class.subject == Detector::kNone) {
        result.name_class.subject = Detector::kCryptogram;
        result.name_class.flags |= kAmbiguous;
    }
    // Chip data is judged by its elements.
    if (result.field.is(Kind::kChipData)) result.name_class = NameClass();
    if (result.field.is(Kind::kNamedElement) && result.field.number == kChipDataElement)
        result.name_class = NameClass();
    return result;
}

void PathContext::set_member_in_context(std::string_view name, std::string_view shown) {
    if (keep_path_ && embedded_ == 0) {
        member_path_.clear();
        append_step(member_path_, shown);
    }
    if (policy_.has_paths()) step_paths(name, false, 0);
    update();
}

void PathContext::next_element() {
    Frame& frame = frames_.back();
    if (keep_path_ && embedded_ == 0) {
        member_path_ = '[';
        member_path_ += std::to_string(frame.index);
        member_path_ += ']';
    }
    if (policy_.has_paths()) {
        step_paths({}, true, frame.index);
        update();
    }
    if (frame.row) take_column(frame);
    ++frame.index;
    if (frame.behind_card != frame.next_behind_card) [[unlikely]]
        step_behind_card();
}

// Whether what a parent said holds for a member: not when its own name says that it is something else.
bool PathContext::inherits(const NameClass& member) const {
    constexpr uint32_t kOther =
        kQualifier | kTime | kOrder | kVersion | kHash | kReference | kIdentifier | kLegible | kLabel;
    if (member.subject != Detector::kNone) return false;
    // {"dob": {"$date": …}}
    if (frames_.back().subject == Detector::kBirthDate && member.has(kTime) && member.has(kValue))
        return true;
    // {"secret": {"name": …, "namespace": …}}: what it is called; its value may be under any other name. In a
    // coded text all is the secret.
    const bool secret =
        frames_.back().subject == Detector::kApiSecret || frames_.back().subject == Detector::kPassword;
    if (secret && embedded_ == 0 && member.has(kBareName | kThing)) return false;
    // {"address": {"geo": {"lat": …}}}
    if (frames_.back().subject == Detector::kAddress && member.has(kPlace)) return true;
    // {"caller_id": {"display_value": …}}
    if (frames_.back().subject == Detector::kPhone && member.has(kBareName) && !member.has(kSuffix))
        return false;
    if (member.has(kOfVerification) && may_be_under(frames_.back().subject, member)) return true;
    // A bare "code" or "type" labels; a name part and a bare name go with a person's name.
    return (member.flags & kOther & ~(member.has(kBareName | kSuffix | kValue) ? kLabel : 0u)) == 0;
}

// Into a container of whose members nothing is said, from one of which nothing is: what most are.
void PathContext::enter_plain(bool array) {
    Frame frame;
    const Frame& from = frames_.back();
    frame.array = array;
    frame.plain = true;
    frame.device = from.device;
    frame.organisation = array ? from.organisation : of_organisation(from.member, from.organisation);
    frame.flags = from.flags;
    if (from.member.has(kValue)) frame.flags |= from.label_flags & kVersion;
    if (array) frame.member = from.member;
    frame.may_name_person = array && from.may_name_person;
    frame.label_may_name_person = array && from.label_may_name_person;
    frame.labels_begin = static_cast<uint32_t>(labels_.size());
    frame.columns_end = static_cast<uint32_t>(columns_.size());
    frames_.push_back(frame);
}

// {"path": "/customer", "value": {"name": …}}: the label is the name of the object, unless that has one that
// says whose it is, or that of prose ({"type": "card", "content": …}).
void PathContext::take_labels_name() {
    Frame& from = frames_.back();
    if (!from.member.has(kValue) || from.member.has(kPerson | kAmbiguous) ||
        from.member.subject != Detector::kNone)
        return;
    if (from.labelled.compound == nullptr && !from.labelled.has(kPerson | kOrganisation | kThing)) return;
    from.member = from.labelled;
    update();
}

void PathContext::enter(bool array) {
    take_labels_name();
    const Frame& from = frames_.back();
    const NameClass& member = from.member;
    if (from.plain && !from.suspicious && !from.chip_data && !from.cookies && !begins_message(from) &&
        !coming_.says_something() && hands_nothing_down({member, from.custom, true, from.field}))
        return enter_plain(array);
    Frame frame;
    frame.array = array;
    const bool inherit = inherits(member) || from.array;
    if (array) {
        frame.member = member;
        frame.person = from.person;
        frame.subject = from.subject;
        frame.named = from.named;
        frame.device = from.device;
        frame.organisation = from.organisation;
        frame.flags = from.flags;
        frame.custom = -1;
        frame.label = from.label;
        frame.label_may_name_person = from.label_may_name_person;
        frame.doubtful_person = from.doubtful_person;
        frame.doubt = from.doubt;
        frame.label_custom = from.label_custom;
        frame.label_flags = from.label_flags;
        frame.field = from.field;
        frame.by_field = from.by_field;
        frame.coded = from.coded;
        frame.label_field = from.label_field;
        // {"givenName": ["Ann"], "sn": ["Lee"]}
        if (from.depends && frame.subject == Detector::kNone) {
            frame.subject = subject_by_siblings(from);
            frame.doubt = doubt_by_siblings(from, frame.subject);
        }
    } else {
        const bool compound = member.compound != nullptr && member.has(kCompound) &&
                              (member.subject != Detector::kNone || !member.has(kThing));
        frame.organisation = of_organisation(member, from.organisation);
        const bool theirs = frame.organisation && member.subject == Detector::kAddress;
        const bool own = member.subject != Detector::kNone && !compound && !member.has(kDirect) && !theirs;
        frame.subject = own ? member.subject : inherit && !compound ? from.subject : Detector::kNone;
        frame.named = own ? DetectorSet(member.subject) : inherit && !compound ? from.named : DetectorSet();
        if (frame.subject == Detector::kNone && member.has(kValue) && !member.has(kPerson))
            frame.subject = from.label;
        if (frame.subject == Detector::kNone && member.has(kPlace) && from.depends)
            frame.subject = subject_by_siblings(from);
        // {"name": {"stringValue": …}, "email": …}
        if (member.has(kBareName) && from.depends) frame.beside = from.beside & (kBesidePerson | kBesideName);
        // {"customer": {"name": {"text": …}}}
        if (member.has(kBareName) && from.person) frame.beside |= kBesidePerson;
        frame.beside_from_above = frame.beside != 0;
        // "customer": {"loyalty": {"name": …}}: perhaps somebody's.
        const bool unknown = member.flags == 0 && member.subject == Detector::kNone;
        const bool neutral = member.flags == 0 || member.has(kPassThrough | kSuffix | kBareName);
        if (own && member.subject != Detector::kExpiry)
            frame.doubt = member.doubt();
        else if (!own && inherit && !compound)
            frame.doubt = from.doubt;
        frame.person = member.has(kPerson) || member.subject == Detector::kPersonName ||
                       (from.person && neutral && frames_.size() > 1);
        frame.doubtful_person = member.has(kPerson) ? member.has(kAmbiguous) || compound
                                                    : frame.person && (from.doubtful_person || unknown);
        frame.device = (from.device && !member.has(kFunding)) || is_token_pan(member);
        frame.flags = member.subject != Detector::kNone ? 0 : from.flags | (member.flags & kVersion);
        if (member.has(kValue)) frame.flags |= from.label_flags & kVersion;
    }
    frame.chip_data = from.chip_data || is_chip_data(from);
    frame.below_message = begins_message(from);
    frame.cookies = from.cookies || (!array && from.field.is(PaymentField::Kind::kCookies));
    frame.path_size = static_cast<uint32_t>(path_.size());
    frame.names_size = static_cast<uint32_t>(active_names_.size());
    frame.labels_begin = static_cast<uint32_t>(labels_.size());
    if (from.custom >= 0) active_names_.push_back(static_cast<uint16_t>(from.custom));
    if (from.label_custom >= 0 && member.has(kValue))
        active_names_.push_back(static_cast<uint16_t>(from.label_custom));
    if (keep_path_ && embedded_ == 0) {
        path_ += member_path_;
        member_path_.clear();
    }
    frame.states_begin = static_cast<uint32_t>(states_.size());
    states_.insert(states_.end(), next_states_.begin(), next_states_.end());
    frame.states_end = static_cast<uint32_t>(states_.size());
    frame.columns_end = static_cast<uint32_t>(columns_.size());
    if (array) enter_with_preview(frame, from);
    frames_.push_back(frame);
    update();
}

void PathContext::leave() {
    const Frame& frame = frames_.back();
    if (frame.label != Detector::kNone && frames_.size() > 1 && !frame.array)
        frames_[frames_.size() - 2].beside_elements |= beside_of(frame.label);
    if (keep_path_ && embedded_ == 0) {
        member_path_ = path_.substr(frame.path_size);
        path_.resize(frame.path_size);
    }
    if (labels_.size() > frame.labels_begin) labels_.resize(frame.labels_begin);
    if (columns_.size() > frame.columns_end) columns_.resize(frame.columns_end);
    if (!frame.plain) {
        active_names_.resize(frame.names_size);
        states_.resize(frame.states_begin);
    }
    if (!replaced_names_.empty())
        replaced_names_.erase(replaced_names_.lower_bound({frames_.size(), {}}), replaced_names_.end());
    if (frame.own_shape) own_shapes_.leave();
    frames_.pop_back();
}

// Keeps frame.suspicious up to date: each value asks for it.
void PathContext::update() {
    Frame& frame = frames_.back();
    if (policy_.passes_everything()) {
        frame.plain = frame.suspicious = frame.may_name_person = false;
        return;
    }
    frame.may_name_person = may_name_a_person(frame);
    if (!rules_anywhere_ && active_names_.empty() && frame.subject == Detector::kNone &&
        frame.named.empty() && frame.label == Detector::kNone && frame.label_custom < 0 && !frame.person &&
        !frame.chip_data && !frame.cookies && !frame.below_message && !frame.says_of_elements()) {
        frame.plain = !counts_ && !frame.beside_from_above;
        frame.suspicious = frame.member.subject != Detector::kNone || frame.custom >= 0 ||
                           may_be_a_person(frame.member) || frame.field.is(PaymentField::Kind::kChipData) ||
                           header() != SecretName::kNone ||
                           (frame.depends && subject_by_siblings(frame) != Detector::kNone);
        return;
    }
    frame.plain = false;
    const NameClass& member = frame.member;
    const bool rules = rules_anywhere_ || frame.custom >= 0 || !active_names_.empty();
    const bool inherited =
        (frame.subject != Detector::kNone || !frame.named.empty()) && (frame.array || inherits(member));
    const bool labelled = (frame.label != Detector::kNone || frame.label_custom >= 0) && member.has(kValue);
    const bool bare_name = (frame.person && member.has(kBareName | kNamePart | kPlace)) ||
                           holds_a_name(member) || is_name_beside_email(frame) || is_name_beside_phone(frame);
    const bool by_siblings = frame.depends && subject_by_siblings(frame) != Detector::kNone;
    frame.suspicious = rules || member.subject != Detector::kNone || inherited || labelled || bare_name ||
                       by_siblings || frame.chip_data || frame.says_of_elements() ||
                       may_be_a_person(member) || header() != SecretName::kNone;
}

SecretName PathContext::header() const {
    using Kind = PaymentField::Kind;
    const Frame& frame = frames_.back();
    const bool labelled = frame.member.has(kValue) && frame.label_field.is_header();
    const PaymentField field = labelled ? frame.label_field : frame.field;
    if (field.is(Kind::kAuthorization)) return SecretName::kAuthorization;
    return field.is(Kind::kCookies) || frame.cookies ? SecretName::kCookies : SecretName::kNone;
}

namespace {

// "state" is a place, too.
Doubt place_doubt(const NameClass& member) {
    return member.has(kAmbiguous) ? Doubt::kMuch : Doubt::kSome;
}

}  // namespace

ValueContext PathContext::resolve() const {
    const Frame& frame = frames_.back();
    const NameClass& member = frame.member;
    ValueContext result;
    const bool inherit = inherits(member);
    result.subject = member.subject;
    result.part = member.part;
    const bool same = result.subject != Detector::kNone && result.subject == frame.subject;
    result.doubt = same ? std::min(frame.doubt, member.doubt()) : member.doubt();  // "zip" in an address
    // {"emailAddress": {"name": …, "address": …}}
    if (result.subject == Detector::kNone && is_name_beside_email(frame)) {
        result.subject = Detector::kPersonName;
        result.doubt = Doubt::kMuch;
    }
    // "MAIL_ADDR": {"ADDR1": …, "CITY": …}
    const bool of_post =
        frame.subject == Detector::kEmail && member.has(kPlace) && (frame.beside & kBesideAddress) != 0;
    if (result.subject == Detector::kNone && of_post) {
        result.subject = Detector::kAddress;
        result.doubt = place_doubt(member);
    }
    if (result.subject == Detector::kNone && inherit) {
        result.subject = frame.subject;
        result.doubt = frame.doubt;
        result.part = true;
        if (member.has(kOfVerification))
            result.doubt = std::max(result.doubt, doubt_of_remark(frame.subject, member));
    }
    if (result.subject == Detector::kNone && member.has(kValue) && frame.label != Detector::kNone &&
        (!member.has(kTime) || frame.label == Detector::kBirthDate || frame.label == Detector::kExpiry)) {
        result.subject = frame.label;
        result.doubt = std::max(member.doubt(), frame.label_doubt);
    }
    // {"identityDocument": {"type": "passport", "number": …}}
    const bool document = frame.label == Detector::kPassport || frame.label == Detector::kDrivingLicence;
    if (result.subject == Detector::kNationalId && document) result.subject = frame.label;
    // {"caller_id": {"display_value": "Ann Lee"}}
    if (result.subject == Detector::kNone && is_name_beside_phone(frame)) {
        result.subject = Detector::kPersonName;
        result.doubt = Doubt::kMuch;
    }
    // {"cardholder": {"value": …}}
    if (result.subject == Detector::kNone && holds_a_name(member)) {
        result.subject = Detector::kPersonName;
        result.doubt = Doubt::kSome;
    }
    if (result.subject == Detector::kNone && frame.person) {
        if (member.has(kBareName | kNamePart)) result.subject = Detector::kPersonName;
        if (member.has(kPlace) && !frame.doubtful_person) result.subject = Detector::kAddress;
        if (member.has(kBareName))
            result.doubt = frame.doubtful_person ? doubt_by_siblings(frame, result.subject) : Doubt::kLittle;
        if (member.has(kNamePart) && frame.doubtful_person) result.doubt = Doubt::kSome;
        // {"to": {"iata": "OPO", "name": "Porto"}}
        const bool place = frame.doubtful_person && (frame.beside & kBesidePlace) != 0;
        if (place && member.has(kBareName)) result.subject = Detector::kNone;
        if (member.has(kPlace)) result.doubt = place_doubt(member);
    }
    if (result.subject == Detector::kNone && frame.depends) {
        result.subject = subject_by_siblings(frame);
        if (result.subject != Detector::kNone) result.doubt = doubt_by_siblings(frame, result.subject);
        if (result.subject == Detector::kAddress) result.doubt = place_doubt(member);
    }
    if (result.subject == Detector::kNone && may_be_a_person(member) && !names_a_thing(member)) {
        result.subject = Detector::kPersonName;
        result.doubt = Doubt::kMuch;
    }
    const NameClass& object = object_class();
    // {"phone_number": {"country_code": …, "national_number": …}}
    if (result.subject == Detector::kNationalId && object.subject == Detector::kPhone)
        result.subject = Detector::kPhone;
    const bool of_goods = object.has(kArticle) && (frame.beside & kBesidePerson) == 0;
    if (member.subject == Detector::kExpiry && (frame.beside & kBesideCard) != 0)
        result.doubt = Doubt::kCertain;
    const bool token_expiry = result.subject == Detector::kExpiry && (frame.device || of_goods);
    const bool shop = result.subject == Detector::kAddress && frame.organisation && !member.has(kPerson);
    if (token_expiry || shop) result.subject = Detector::kNone;
    if (result.subject != Detector::kNone)
        result.scan.named |= DetectorSet(result.subject);
    else if (inherit)
        result.scan.named |= frame.named;
    if (result.subject == Detector::kNone) {
        result.scan.flags = member.flags | frame.flags;
        if (member.has(kValue)) result.scan.flags |= frame.label_flags;
        // "binRange"
        if (object.has(kReference) && object.has(kQualifier)) result.scan.flags |= kReference;
    }
    result.counted = object.measures && !info(result.subject).only_remove;
    result.countable = member.countable && result.subject == member.subject;
    result.field = frame.by_field && result.subject == member.subject;
    result.coded = frame.coded;
    result.chip_data = is_chip_data(frame);
    if (result.chip_data) result.subject = Detector::kCryptogram;
    // Outside of a message, too, the element may be that of the chip.
    result.may_be_chip_data = frame.field.is_numbered() && frame.field.number == kChipDataElement;
    result.scan.device = (frame.device && !member.has(kFunding)) || is_token_pan(member);
    result.scan.funding = member.has(kFunding);
    result.scan.doubtful = result.doubt > Doubt::kLittle;
    constexpr uint32_t kParty = kPerson | kAmbiguous | kValue;
    result.scan.party = result.subject == Detector::kNone && (member.flags & kParty) == kParty;
    result.scan.header = header();
    result.scan.token_bins = policy_.token_bins();
    if (result.subject == Detector::kNone && may_name_a_person(frame)) {
        result.subject = Detector::kPersonName;
        result.doubt = Doubt::kUnknown;
    }
    return result;
}

std::string PathContext::path() const {
    return path_ + member_path_;
}

void PathContext::keep_apart(std::string& replaced_name) {
    const size_t depth = frames_.size();
    const auto [first, fresh] = replaced_names_.try_emplace({depth, replaced_name}, 2);
    if (fresh) return;
    first->second = std::max<size_t>(first->second, 2);
    const std::string text = replaced_name;
    do replaced_name = text + '~' + std::to_string(first->second++);
    while (!replaced_names_.try_emplace({depth, replaced_name}, 2).second);
}

bool PathContext::may_be_replacement(std::string_view name) {
    return name.find('*') != std::string_view::npos || name.starts_with(kRemovedMark) ||
           name.starts_with(kEnvelopeStart);
}

bool PathContext::keep_apart_original(std::string_view name, std::string& renamed) {
    const auto [known, fresh] = replaced_names_.try_emplace({frames_.size(), std::string(name)}, 0);
    if (fresh || known->second == 0) return false;
    renamed = name;
    keep_apart(renamed);
    return true;
}

}  // namespace gpsync::core::pii
