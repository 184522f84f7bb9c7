// Where in a document a scrubber is, and what the names on the way say about the value that comes next.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/pii/detect/scan.hpp"
#include "core/pii/document/array_preview.hpp"
#include "core/pii/document/name_cache.hpp"
#include "core/pii/document/recent_texts.hpp"
#include "core/pii/document/shape.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/policy/policy.hpp"

namespace gpsync::core::pii {

// What is known of a value before it is scanned.
struct ValueContext {
    Detector subject = Detector::kNone;  // what a value that fits is
    Doubt doubt = Doubt::kNone;
    bool part = false;              // because of the object's name: it may be a part of what that says
    bool counted = false;           // a number is how many of these there are
    bool countable = false;         // a small number is
    bool field = false;             // because of a payment field's name: it fits by fits_field()
    bool chip_data = false;         // it may be TLV
    bool may_be_chip_data = false;  // it is, if it has the form of EMV's
    uint8_t coded = 0;              // it fits if it is coded, in so many characters
    ScanContext scan;
};

class PathContext {
  public:
    PathContext(const Policy& policy, bool keep_path);

    void reset();
    size_t depth() const { return frames_.size() - 1; }

    // Of the class of a name in the object that is open; remembered.
    const NameInfo& look_up(std::string_view name);
    // The name will be looked up soon.
    void expect(std::string_view name) const;
    // Of the class that a name has by itself, whatever the object; remembered.
    const NameClass& look_up_alone(std::string_view name);
    // It was scanned: nothing in it can be PII, whatever its position.
    void note_clean(std::string_view name);
    // The next value is the one under this name. shown goes into the path: the name without what is PII in
    // it.
    void set_member(const NameInfo& info, std::string_view name, std::string_view shown) {
        set_member(info);
        if (!frames_.back().plain) set_member_in_context(name, shown);
    }
    // The shape of the object that has just been entered. nullptr: its names have to be looked up one by one.
    // cut(i) is name i; asked in turn, from a copy of it. Valid until leave().
    template <class Cut>
    const Shape* shape(NameBlock names, const Cut& cut) {
        if (counts_ || embedded_ > 0 || !names.small_enough()) return nullptr;
        names.parent = parent_of(object_class());
        if (const Shape* known = shapes_.find(names)) {
            frames_.back().take_message(known->elements());
            return known;
        }
        frames_.back().take_message(elements_of(names, cut));
        const bool kept = shapes_.wanted();
        Shape* own = own_shapes_.next();
        if (own == nullptr || !read_members(*own, names.count, cut)) return nullptr;
        if (kept) return shapes_.add(names, *own, labels_of(names.count, cut));
        own_shapes_.take();
        frames_.back().own_shape = true;
        return own;
    }
    // The shape of an object that is not entered, at a position of which the path says nothing; nullptr when
    // it is not known.
    const Shape* known_shape(NameBlock names, const MemberContext& context) {
        names.parent = context.parent;
        return names.small_enough() ? shapes_.find(names) : nullptr;
    }
    // Of the elements of the open array.
    MemberContext element_context() const {
        const Frame& frame = frames_.back();
        return {is_neutral(),
                is_neutral() && frame.plain &&
                    raises_no_suspicion({frame.member, frame.custom, true, frame.field}),
                parent_of(frame.member)};
    }
    // The next value is that of member i.
    void set_member(const Shape& shape, size_t i) {
        Frame& frame = frames_.back();
        frame.beside |= shape.beside();
        frame.beside_known = true;
        set_member(shape.member(i));
        if (!frame.plain) set_member_in_context({}, {});
    }
    // Of a member of the open object with this name, whatever its other members say. labels_matter: one of
    // them may be what a text of this one names.
    MemberContext member_context(const NameInfo& info, bool labels_matter = true) const {
        const NameClass& name = info.name_class;
        const bool label = name.has(kLabel) && (labels_matter || name.has(kBareName) || beside_of(name) != 0);
        const bool by_itself = !rules_anywhere_ && !policy_.passes_everything() && info.custom < 0 &&
                               name.subject == Detector::kNone && !info.lists_values &&
                               info.field.is(PaymentField::Kind::kNone) && !label &&
                               !name.has(kValue | kPlace | kNamePart) && !judges_text(name);
        return {by_itself, by_itself && plain() && raises_no_suspicion(info), parent_of(info.name_class)};
    }
    // Whether members of the open object are judged as their shape says.
    bool plain() const { return frames_.back().plain; }
    // Before a value of any kind: in an array it is the next one.
    void next_value() {
        if (frames_.back().array) next_element();
    }
    void enter(bool array);
    void leave();

    // In a string's embedded document the path stands still.
    void enter_embedded() { ++embedded_; }
    void leave_embedded() { --embedded_; }

    // In the value of a form's member, whose name is this one of Policy::keys(). Returns what leave takes.
    int enter_form_member(int custom) { return std::exchange(form_member_, custom); }
    void leave_form_member(int outer) { form_member_ = outer; }

    // Whether the path says anything that could make an ordinary-looking value PII.
    bool is_suspicious() const { return frames_.back().suspicious; }
    // Whether it says no more than that a text of several words may be a person's name.
    bool may_name_person() const { return frames_.back().may_name_person; }
    // Nothing has to be counted or remembered for the next value either.
    bool is_neutral() const {
        return !frames_.back().suspicious && !frames_.back().may_name_person && !counts_;
    }
    ValueContext resolve() const;
    // The member's string value names what its siblings hold.
    bool member_is_label() const { return frames_.back().member.has(kLabel) && !frames_.back().array; }
    void note_label(std::string_view text);
    // Of such a text: it is no more than a name of PII, and stays whatever the path says of it.
    bool stays_as_label(std::string_view text);
    // What siblings, also later ones, say of the value that comes next, a string with this text or another
    // value, is still to be read: each of them has to be shown.
    bool wants_siblings(std::string_view text) const {
        const Frame& frame = frames_.back();
        return frame.depends && !frame.array && needs_siblings(frame, text);
    }
    // The same of an object or array; "data" and other wrappers are no label's value.
    bool container_wants_siblings() const {
        const Frame& frame = frames_.back();
        return frame.depends && !frame.array && !frame.member.has(kPassThrough) && needs_siblings(frame, {});
    }
    // True: its text may be a label, and is to be shown to sibling_label(); also those of an object in its
    // place.
    bool sibling(std::string_view name);
    // What else the members say has been taken from the shape.
    bool sibling(const Shape& shape, size_t i, std::string_view name) const {
        return may_be_label(shape.member(i).name_class, name);
    }
    void sibling_label(std::string_view text);
    // Numbers are to be shown as well as texts.
    bool labels_may_be_numbers() const { return frames_.back().below_message; }
    void siblings_end();
    // The label of the value that comes next says what that is only beside others: {"label": "Name", …} where
    // another element of the list has {"label": "Surname", …}. Each member of each of them has to be shown,
    // by element_name() its name, and, where that is true, by element_label() its text; then elements_end(),
    // and the siblings again.
    bool wants_elements() const {
        return frames_.back().label_depends && frames_.size() > 1 && frames_[frames_.size() - 2].array &&
               !frames_[frames_.size() - 2].elements_read;
    }
    bool element_name(std::string_view name);
    void element_label(std::string_view text);
    void elements_end();

    // Of the array that is entered next: its first elements, to be filled before take_preview(). Where
    // wants_headers(), the members of the open object are shown before: to begin_header() their names, and of
    // those for which it is true the elements of the array, by header_column(), and the texts in each by
    // header_text().
    ArrayPreview& preview() {
        const Frame& frame = frames_.back();
        preview_.expect_row(frame.lists_values && !frame.array);
        preview_.expect_digits(frame.suspicious && !frame.array && is_given_in_digits(named_subject(frame)));
        return preview_;
    }
    bool wants_headers() const {
        const Frame& frame = frames_.back();
        return (preview_.table() || preview_.may_be_row()) && !frame.array && !frame.headers_read;
    }
    // An object under this name may have the list of names in it.
    static bool holds_header(std::string_view name) noexcept;
    bool begin_header(std::string_view name);
    void header_column();
    // The array holds arrays: it is a table and no header.
    void drop_header();
    void header_text(std::string_view text);
    void headers_end();
    void take_preview();
    // The array is not entered.
    void drop_preview() { coming_ = {}; }
    // The element of the open array that has just been judged is a card's number: its expiry and code may
    // follow.
    void note_card();
    // Whether the element that comes next may be one of them.
    bool next_may_be_of_card() const { return frames_.back().next_behind_card != BehindCard::kNone; }
    // What an element is by standing behind a card's number, or kNone.
    Detector judge_behind_card(std::string_view text, bool number);
    // The open array is a number in groups, or kNone.
    Detector groups() const { return frames_.back().groups; }

    bool applies(const Rule& rule) const;
    std::string path() const;

    // Replaced names of the open object have to stay apart: a number behind the second one of the same text.
    void keep_apart(std::string& replaced_name);
    // A name that stays, and from which those that are replaced have to stay apart, too. True when one of
    // them came before: renamed is what it has to be called.
    bool keep_apart_original(std::string_view name, std::string& renamed);
    // Whether a name looks like what one is replaced by.
    static bool may_be_replacement(std::string_view name);

  private:
    // What stands in front of an element of an array: a card's number, also with names behind it, the month
    // of its expiry, all of the expiry.
    enum class BehindCard : uint8_t { kNone, kCard, kMonth, kExpiry };
    struct Frame {
        bool array = false;
        bool person = false, device = false;
        bool organisation = false;           // an address here is a shop's, unless it says whose it is
        bool plain = false;                  // nothing but what the member itself says can make it suspicious
        bool suspicious = false;             // see is_suspicious(), of the current member
        bool may_name_person = false;        // see may_name_person(), of the current member
        bool doubtful_person = false;        // "agent"
        bool depends = false;                // the current member is judged by its siblings
        bool beside_known = false;           // all siblings' names are in beside
        bool siblings_read = false;          // their texts, too
        uint16_t beside = 0;                 // Beside: what siblings are
        bool beside_from_above = false;      // some of it is said of the object's own name
        uint16_t beside_elements = 0;        // of an array: what labels in its elements said, up to now or
        bool elements_read = false;          // in all of them
        bool label_depends = false;          // what a sibling said counts beside labels of other elements
        Doubt label_doubt = Doubt::kNone;    // of what it said by these
        Doubt doubt = Doubt::kNone;          // of subject
        Detector subject = Detector::kNone;  // of everything below
        Detector label = Detector::kNone;    // what a sibling said of the value
        bool label_may_name_person = false;  // the same, where only a given name makes it one
        int label_custom = -1;               // the same, as an index into Policy::keys()
        NameClass labelled;                  // the same, where the value is an object: the class of its name
        uint32_t label_flags = 0;            // the same, where it names no PII: what else the value may be
        PaymentField field{};                // of the current member
        PaymentField label_field{};          // the same, as a sibling said
        ElementCount elements;               // among the members up to now
        ElementCount shown;                  // among all members, once siblings have been shown
        bool message = false;                // all members together are a message
        bool stays_message = false;          // also without those that go
        bool below_message = false;          // or the object of a message that has lists of its elements
        uint8_t tags = 0;                    // members up to now
        uint8_t coded = 0;                   // of the current member, see ValueContext
        bool chip_data = false;              // an object of tags, or below one
        bool by_field = false;               // the current member's subject is that of its field
        bool cookies = false;                // an object of cookies, or below one
        uint16_t labels = 0;                 // siblings that may say it, in labels_, not read yet
        int custom = -1;                     // of the current member
        uint32_t flags = 0;                  // kVersion from above
        uint32_t index = 0;                  // in an array, of the current element, from 1
        BehindCard behind_card = BehindCard::kNone;       // in an array, of the current element
        BehindCard next_behind_card = BehindCard::kNone;  // of the next one
        DetectorSet named;                                // for everything below
        NameClass member;                   // class of the current member; of an array, of the array itself
        bool lists_values = false;          // the current member: NameInfo
        bool headers_read = false;          // of an object: the columns that members of it list are known
        bool table = false;                 // an array of rows
        bool header_row = false;            // the first of them has the columns' names
        bool row = false;                   // an array of cells
        Detector groups = Detector::kNone;  // all elements together are this
        uint32_t columns_begin = 0, columns = 0;  // in columns_
        uint32_t columns_end = 0;                 // what columns_ had before this frame's
        uint32_t path_size = 0, names_size = 0, labels_begin = 0, states_begin = 0, states_end = 0;

        bool own_shape = false;  // the last one of own_shapes_ is that of the object

        void take_message(const ElementCount& all) {
            message = all.is_message();
            stays_message = all.stays_message();
        }
        bool says_of_elements() const { return table || row || groups != Detector::kNone; }
    };
    void set_member(const NameInfo& info) {
        Frame& frame = frames_.back();
        frame.member = info.name_class;
        frame.custom = info.custom;
        frame.lists_values = info.lists_values;
        frame.suspicious = info.name_class.subject != Detector::kNone || info.custom >= 0;
        frame.depends = frame.suspicious ? info.name_class.subject == Detector::kExpiry ||
                                               info.name_class.subject == Detector::kNationalId
                                         : info.name_class.has(kValue | kPlace | kBareName | kNamePart);
        frame.suspicious |= may_be_a_person(info.name_class);
        frame.may_name_person = info.name_class.may_name_person;
        frame.beside |= beside_of(info.name_class);
        if (info.name_class.subject == Detector::kNone && frame.depends && frame.beside != 0)
            frame.suspicious |= subject_by_siblings(frame) != Detector::kNone;
        frame.field = info.field;
        frame.by_field = false;
        frame.coded = 0;
        if (!info.field.is(PaymentField::Kind::kNone) || frame.chip_data ||
            !frame.label_field.is(PaymentField::Kind::kNone)) [[unlikely]] {
            note_field();
            frame.suspicious |= header() != SecretName::kNone;
        }
        if (frame.labels > 0 && info.name_class.has(kValue)) [[unlikely]]
            read_labels();
    }
    // payment_record.cpp: fields of payment messages, by their numbers and tags
    void note_field();
    void note_element(Frame& frame);
    void note_labelled_element(Frame& frame);
    // What is below the current member is the elements of a message.
    static bool begins_message(const Frame& frame) {
        return frame.below_message || frame.field.is(PaymentField::Kind::kMessage) ||
               frame.elements.has_message_type();
    }
    template <class Cut>
    ElementCount elements_of(const NameBlock& names, Cut cut) {
        const auto numbered = [](std::string_view name) {
            return may_be_numbered(name) && payment_field(name).is_numbered();
        };
        ElementCount elements;
        if (!numbered(cut(0)) && !numbered(cut(names.count - 1))) return elements;
        for (uint32_t i = 0; i < names.count; ++i) elements.add(payment_field(cut(i)));
        return elements;
    }
    // False when a name has to be visited, since it may hold PII itself.
    template <class Cut>
    bool read_members(Shape& shape, uint32_t count, Cut cut) {
        Cut ahead = cut;
        constexpr uint32_t kAhead = 16;  // what is known of the next names may be far away in memory
        const NameClass& object = object_class();
        const uint64_t parent = parent_of(object);
        std::array<NameKey, kAhead> keys;
        shape.clear();
        for (uint32_t i = 0; i < count; ++i) {
            if (i % kAhead == 0)
                for (uint32_t next = i; next < std::min(count, i + kAhead); ++next) {
                    keys[next % kAhead] = key_of(ahead(next), parent);
                    names_.expect(keys[next % kAhead].entry);
                }
            const NameInfo& info = look_up(cut(i), object, keys[i % kAhead]);
            if (!info.clean) return false;
            shape.add(info);
        }
        shape.judge();
        return true;
    }
    template <class Cut>
    static MemberLabels labels_of(uint32_t count, Cut cut) {
        MemberLabels labels;
        for (uint32_t i = 0; i < count; ++i) labels.add(cut(i));
        return labels;
    }
    void take_field(Frame& frame, Detector detector);
    // The current member's value is TLV, an object of tags or an array of these.
    static bool is_chip_data(const Frame& frame) {
        const bool element =
            frame.by_field && frame.field.is_numbered() && frame.field.number == kChipDataElement;
        return element || frame.field.is(PaymentField::Kind::kChipData);
    }
    // The header that the current member's value is.
    SecretName header() const;
    void read_labels();
    bool take_label(std::string_view text);
    Detector subject_by_elements(const NameClass& label);
    bool names_a_person(const NameClass& label) const;
    // Not what held PII, nor what is left of it: the answer is the same for a text and for that text
    // scrubbed. REQUIRES: it is not empty.
    std::string_view label_of(std::string_view text, std::string& buffer);
    static bool like_a_label(std::string_view text);
    static bool is_opaque(std::string_view text);
    // Whether a city is somebody's, by what stands beside it.
    static bool is_home(uint16_t beside);
    bool needs_siblings(const Frame& frame, std::string_view text) const;
    // Whether the text of a sibling of the current member may say what that is. Names of columns are those of
    // one value each: {"header": ["id", "cvv"], "values": [7, "123"]}.
    bool may_be_label(const NameClass& sibling, std::string_view name) const {
        const Frame& frame = frames_.back();
        if (is_display(frame.member)) return name == "reference";
        if (frame.member.subject == Detector::kNationalId) return sibling.has(kLabel);
        if (!frame.member.has(kValue)) return false;
        if (frame.below_message && !sibling.has(kValue) && names_element(name)) return true;
        return sibling.has(kLabel | kIdentifier) && !(frame.lists_values && lists_names(name));
    }
    Detector subject_by_siblings(const Frame& frame) const;
    static Doubt doubt_by_siblings(const Frame& frame, Detector subject);
    void take_labels_name();
    const NameClass& object_class() const;
    bool names_a_thing(const NameClass& member) const;
    bool holds_a_name(const NameClass& member) const;
    static bool is_name_beside_email(const Frame& frame);
    static bool is_name_beside_phone(const Frame& frame) {
        return frame.subject == Detector::kPhone && !frame.array && frame.member.has(kBareName) &&
               !frame.member.has(kSuffix);
    }
    bool may_name_a_person(const Frame& frame) const;
    // What a name is remembered by.
    struct NameKey {
        NameCache::Key entry;
        size_t digits = 0;  // of the number behind it that is left out
    };
    NameKey key_of(std::string_view name, uint64_t parent) const;
    const NameInfo& look_up(std::string_view name, const NameClass& object);
    const NameInfo& look_up(std::string_view name, const NameClass& object, const NameKey& key);
    // REQUIRES: there is no entry for the key.
    const NameInfo& look_up_new(std::string_view name, const NameClass& object, const NameKey& key);
    void enter_plain(bool array);
    void set_member_in_context(std::string_view name, std::string_view shown);
    void next_element();
    void step_behind_card();
    void expect_behind_card(BehindCard next);
    void update();
    bool inherits(const NameClass& member) const;
    bool is_clean(std::string_view name) const;
    NameInfo classify(std::string_view name, const NameClass& object) const;
    // path_arrays.cpp
    struct Coming {
        bool table = false, row = false, header_row = false;
        bool code = false;  // the second of two elements is a security code, if it has the form of one
        Detector groups = Detector::kNone;
        uint32_t columns_begin = 0, columns = 0, columns_end = 0;

        bool says_something() const { return table || row || code || groups != Detector::kNone; }
    };
    // What the current member is by its name, or by that of its object.
    Detector named_subject(const Frame& frame) const {
        if (frame.member.subject != Detector::kNone) return frame.member.subject;
        return inherits(frame.member) ? frame.subject : Detector::kNone;
    }
    static bool is_given_in_digits(Detector subject);
    bool is_code_behind_name(const std::vector<std::string>& texts);
    static bool lists_values(std::string_view name);
    static bool lists_names(std::string_view name);
    static bool may_be_name(std::string_view text);
    static bool says_something(const NameInfo& info);
    bool names_pii(uint32_t begin, uint32_t count) const;
    void take_table(const Frame& object);
    void take_row(const Frame& object);
    bool take_flat_pairs();
    bool take_property(const std::vector<std::string>& texts);
    void take_pair(const Frame& list);
    bool is_pair(const std::vector<std::string>& texts);
    bool is_bare_pair(const std::vector<std::string>& texts);
    bool names_something(const std::string& text);
    void enter_with_preview(Frame& frame, const Frame& from);
    void take_column(Frame& frame);
    void step_paths(std::string_view name, bool array, uint32_t index);
    void add_state(uint32_t state);
    void start_paths();

    const Policy& policy_;
    const bool keep_path_;
    const bool counts_;
    const bool rules_anywhere_;  // some of the policy's apply whatever the name
    int embedded_ = 0;
    int form_member_ = -1;
    std::vector<Frame> frames_;
    NameCache names_;
    NameInfo uncached_;  // of the last name that is too long for names_
    ShapeCache shapes_;
    OwnShapes own_shapes_;
    ArrayPreview preview_;
    Coming coming_;                    // what preview_ said of the array that is entered next
    std::vector<NameInfo> columns_;    // of the open tables, rows and pairs, one after the other
    std::vector<std::string> labels_;  // texts of label members, of all frames, one after the other
    using Labels = RecentTexts<6>;
    Labels bare_labels_;                  // that have nothing around them
    std::string path_;                    // up to the open object or array
    std::string member_path_;             // the step behind it
    std::vector<uint16_t> active_names_;  // custom names on the path
    // Path patterns: a state is a pattern and how many of its steps have matched.
    struct Pattern {
        const Rule* rule;
        const PathPattern* steps;
    };
    std::vector<Pattern> patterns_;
    std::vector<uint32_t> states_;       // of all frames, one after the other
    std::vector<uint32_t> next_states_;  // of the current value
    // What names of the open objects became, by the depth of their object, and the number that the next of
    // the same text gets; 0 for one that was called so from the beginning.
    std::map<std::pair<size_t, std::string>, size_t> replaced_names_;
};

}  // namespace gpsync::core::pii
