// Where in a document a scrubber is, and what the keys on the way say about the value that comes next.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/detect/scan.hpp"
#include "core/pii/document/shape.hpp"
#include "core/pii/names/key_class.hpp"
#include "core/pii/policy/policy.hpp"

namespace gpsync::core::pii {

// What is known of a value before it is looked at.
struct ValueContext {
    Detector subject = Detector::kNone;  // what a value that fits is
    ScanContext scan;
};

class PathContext {
  public:
    PathContext(const Policy& policy, bool keep_path);

    void reset();
    size_t depth() const { return frames_.size() - 1; }

    // Of the class of a key in the object that is open; remembered.
    const KeyInfo& look_up(std::string_view key);
    // It was looked through: nothing in it can be PII, wherever it stands.
    void note_clean(std::string_view key);
    // The next value is the one under this key. shown goes into the path: the key without what is PII in it.
    void set_member(const KeyInfo& info, std::string_view key, std::string_view shown) {
        set_member(info);
        if (!frames_.back().plain) set_telling_member(key, shown);
    }
    // The shape of the object that has just been entered. nullptr: its keys have to be looked up one by one.
    // cut(i) is key i.
    template <class Cut>
    const Shape* shape(KeyBlock keys, const Cut& cut) {
        if (counts_ || embedded_ > 0 || !keys.small_enough()) return nullptr;
        keys.parent = parent_of(object_class());
        if (const Shape* known = shapes_.find(keys)) return known;
        if (!shapes_.wanted(keys)) return nullptr;
        std::vector<KeyInfo> members;
        for (uint32_t i = 0; i < keys.count; ++i) {
            members.push_back(look_up(cut(i)));
            if (!members.back().clean) return nullptr;
        }
        return shapes_.add(keys, std::move(members));
    }
    // The shape of an object that is not entered, in a place of which the path says nothing; nullptr when it
    // is not known.
    const Shape* known_shape(KeyBlock keys, const Place& place) {
        keys.parent = place.parent;
        return keys.small_enough() ? shapes_.find(keys) : nullptr;
    }
    // Of the elements of the open array.
    Place element_place() const {
        const Frame& frame = frames_.back();
        return {quiet(), quiet() && frame.plain && raises_no_suspicion({frame.member, frame.custom}),
                parent_of(frame.member)};
    }
    // The next value is that of member i.
    void set_member(const Shape& shape, size_t i) {
        set_member(shape.member(i));
        if (!frames_.back().plain) set_telling_member({}, {});
    }
    // Of a member of the row with this key, whatever its other members say.
    Place member_place(const KeyInfo& info) const {
        const bool by_itself = !rules_anywhere_ && !policy_.passes_everything() && info.custom < 0 &&
                               info.key_class.subject == Detector::kNone &&
                               !info.key_class.has(kLabel | kValue);
        return {by_itself, by_itself && plain() && raises_no_suspicion(info), parent_of(info.key_class)};
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

    // Whether the path says anything that could make an ordinary-looking value PII.
    bool speaks() const { return frames_.back().speaks; }
    // Nothing has to be counted or remembered for the next value either.
    bool quiet() const { return !frames_.back().speaks && !counts_; }
    ValueContext resolve() const;
    // The member's string value names what its siblings hold.
    bool member_is_label() const { return frames_.back().member.has(kLabel) && !frames_.back().array; }
    void note_label(std::string_view text);

    bool applies(const Rule& rule) const;
    std::string path() const;

    // Replaced keys of the open object have to stay apart: a number behind the second one of the same text.
    void keep_apart(std::string& replaced_key);
    // A key that stays, and from which those that are replaced have to stay apart, too. True when one of them
    // came before: renamed is what it has to be called.
    bool keep_apart_original(std::string_view key, std::string& renamed);
    // Whether a key looks like what one is replaced by.
    static bool may_be_replacement(std::string_view key);

  private:
    struct Frame {
        bool array = false;
        bool person = false, device = false;
        bool organisation = false;           // an address here is a shop's, unless it says whose it is
        bool plain = false;                  // nothing but what the member itself says can make it speak
        bool speaks = false;                 // see speaks(), of the current member
        Detector subject = Detector::kNone;  // of everything below
        Detector label = Detector::kNone;    // what a sibling said of the value
        uint16_t labels = 0;                 // siblings that may say it, in labels_, not looked at yet
        int custom = -1;                     // of the current member
        uint32_t flags = 0;                  // kVersion from above
        uint32_t index = 0;                  // in an array, of the current element, from 1
        DetectorSet named;                   // for everything below
        KeyClass member;                     // class of the current member; of an array, of the array itself
        uint32_t path_size = 0, keys_size = 0, labels_begin = 0, states_begin = 0, states_end = 0;
    };
    struct CachedKey {
        static constexpr size_t kLongest = 47;
        uint64_t parent = 0;
        CachedKey* next =
            nullptr;  // the key that came after it the last time: most likely the next one again
        uint8_t size = 0;
        bool used = false;
        std::array<char, kLongest> bytes;
        KeyInfo info;
    };

    void set_member(const KeyInfo& info) {
        Frame& frame = frames_.back();
        frame.member = info.key_class;
        frame.custom = info.custom;
        frame.speaks = info.key_class.subject != Detector::kNone || info.custom >= 0;
        if (frame.labels > 0 && info.key_class.has(kValue)) [[unlikely]]
            read_labels();
    }
    void read_labels();
    const KeyClass& object_class() const;
    void enter_plain(bool array);
    bool matches(const CachedKey& slot, std::string_view key, uint64_t parent) const;
    CachedKey& find_or_add(std::string_view key, uint64_t parent, const KeyClass& object);
    void set_telling_member(std::string_view key, std::string_view shown);
    void next_element();
    void update();
    bool inherits(const KeyClass& member) const;
    KeyInfo classify(std::string_view key, const KeyClass& object) const;
    void step_paths(std::string_view name, bool array, uint32_t index);
    void add_state(uint32_t state);
    void start_paths();

    const Policy& policy_;
    const bool keep_path_;
    const bool counts_;
    const bool rules_anywhere_;  // some of the policy's apply whatever the key
    int embedded_ = 0;
    std::vector<Frame> frames_;
    std::vector<CachedKey> cache_;
    CachedKey* last_key_ = nullptr;
    KeyInfo uncached_;
    ShapeCache shapes_;
    std::vector<std::string> labels_;    // texts of label members, of all frames, one after the other
    std::string path_;                   // up to the open object or array
    std::string member_path_;            // the step behind it
    std::vector<uint16_t> active_keys_;  // custom keys on the path
    // Path patterns: a state is a pattern and how many of its steps have matched.
    struct Pattern {
        const Rule* rule;
        const PathPattern* steps;
    };
    std::vector<Pattern> patterns_;
    std::vector<uint32_t> states_;       // of all frames, one after the other
    std::vector<uint32_t> next_states_;  // of the current value
    // What keys of the open objects became, by the depth of their object, and the number that the next of the
    // same text gets; 0 for one that was called so from the beginning.
    std::map<std::pair<size_t, std::string>, size_t> replaced_keys_;
};

}  // namespace gpsync::core::pii
